"""What the visitor's side stores: one sealed message per act, with a receipt that only its link can read."""

import uuid
from datetime import UTC, datetime

import pgtrigger
from django.db import InterfaceError, OperationalError, connection, models
from django.utils import timezone

SENT_COLUMNS = ("id", "kind", "received_at", "sealed", "token_hash", "receipt", "public_status", "from_crowd")
INSERT = f"""
INSERT INTO intake_callbackmessage ({", ".join(SENT_COLUMNS)})
VALUES ({", ".join(["%s"] * len(SENT_COLUMNS))}) ON CONFLICT DO NOTHING
"""  # noqa: S608 - the names above


class MessageQuerySet(models.QuerySet):
    def unopened(self) -> "MessageQuerySet":
        """What people sent. Test messages of ours go a way of their own (intake/callbacks/canary.py)."""
        return self.filter(opened_at=None).exclude(kind=CallbackMessage.Kind.CANARY)


class CallbackMessage(models.Model):
    """One sealed message from a visitor. The public process can insert it and cannot read it back.

    The public database role may SELECT only `token_hash`, `receipt` and `public_status`; every other
    column, and every UPDATE, is the desk's.
    """

    class Kind(models.TextChoices):
        REQUEST = "request", "Request for a call"
        CHANGE = "change", "Change of the number, the times or the rules"
        INSURANCE = "insurance", "What pays"
        CARD_FRONT = "card_front", "Photo of the front of the insurance card"
        CARD_BACK = "card_back", "Photo of the back of the insurance card"
        PAUSE = "pause", "No call before tomorrow"
        STOP = "stop", "Stop all contact"
        ERASE = "erase", "Erase everything"
        CANARY = "canary", "Test message of ours"

    PHOTOS = (Kind.CARD_FRONT, Kind.CARD_BACK)  # megabytes, where the others have some kilobytes

    class PublicStatus(models.TextChoices):
        """What the receipt page says, in words that give nothing away to who finds the table."""

        RECEIVED = "received", "We have your request"
        WAITING = "waiting", "Your request waits for the next free member of our team"
        IN_HAND = "in_hand", "Someone on our team has your request"
        TRIED = "tried", "We called and did not reach you"
        TRIED_OUT = "tried_out", "We called as often as we said, and did not reach you"
        SPOKE = "spoke", "We spoke with you"
        NUMBER_FAILED = "number_failed", "This number did not work"
        PROMISED = "promised", "We will call you again at the time we agreed"
        DONE = "done", "This request is finished"
        STOPPED = "stopped", "We have stopped: we do not call or text this number again"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    received_at = models.DateTimeField(default=timezone.now)
    sealed = models.BinaryField(help_text="The answers, sealed to the desk's public key.")
    token_hash = models.BinaryField(db_index=True, help_text="SHA-256 of the token in the receipt's address.")
    receipt = models.BinaryField(help_text="What the visitor may read back, encrypted with a key from the token.")
    public_status = models.CharField(max_length=20, choices=PublicStatus, default=PublicStatus.RECEIVED)
    from_crowd = models.BooleanField(
        db_default=False,
        default=False,
        help_text="Many messages came from its network within the hour: those of others are opened first.",
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    open_failed_at = models.DateTimeField(null=True, blank=True, help_text="When it was last tried in vain.")
    is_unreadable = models.BooleanField(
        db_default=False, default=False, help_text="It is shut, or not what we seal. Otherwise the fault is ours."
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["received_at"]
        indexes = [
            models.Index(
                fields=["from_crowd", "received_at"],
                name="callbackmessage_unopened",
                condition=models.Q(opened_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["token_hash"], name="callbackmessage_one_request_a_receipt", condition=models.Q(kind="request")
            ),
            # Whoever may INSERT sets the time too, and no page could show one at either end of the calendar.
            models.CheckConstraint(
                name="callbackmessage_received_in_our_age",
                condition=models.Q(
                    received_at__gte=datetime(1970, 1, 1, tzinfo=UTC), received_at__lt=datetime(3000, 1, 1, tzinfo=UTC)
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="keeps_messages",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.kind <> 'canary'"),
            )
        ]
        verbose_name = "sealed message"

    def __str__(self) -> str:
        return f"Message {self.pk}"

    @property
    def info(self) -> str:
        """What the sealed box is bound to: a box copied into another row does not open there."""
        return message_info(self.pk, self.kind)

    def send(self) -> None:
        """Store this new message; raises django.db.Error if it is not stored.

        The one INSERT that the public database role may do, in our own words: through the ORM it costs more
        than twice the processor time. A connection that the database has closed meanwhile is
        opened anew, once. Should the first try have been stored after all, the second changes nothing.
        """
        # Django would ask "SELECT 1" first; here the INSERT itself finds out.
        connection.health_check_done = True
        try:
            self._insert()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or connection.is_usable():
                raise
            connection.close()
            self._insert()

    def _insert(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [getattr(self, column) for column in SENT_COLUMNS])


def message_info(message_id: uuid.UUID, kind: str) -> str:
    return f"callbacks.message:{kind}:{message_id}"
