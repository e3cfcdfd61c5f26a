"""The contact point: one phone number with its extension, and what we owe to whoever answers there.

It is found by an HMAC of the number, and holds nothing else of it, so it survives the erasure of every person who used
it. A switchboard is many people: each extension is a point of its own.
"""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from intake.leads.budget import Budget
from intake.privacy import lookup

# The leads of a stopped point are closed, or wait for somebody to decide whether they are a person's. Two triggers
# hold that from both sides; the first takes the row of the point, so that a stop at the same moment waits for it.
OPEN_LEAD_NEEDS_A_POINT_THAT_IS_NOT_STOPPED = """
PERFORM 1 FROM intake_contactpoint
WHERE id = NEW.contact_point_id AND (stopped_at IS NULL OR lifted_at IS NOT NULL) FOR SHARE;
IF NOT FOUND THEN
    RAISE EXCEPTION 'the contact point of this lead asked not to be contacted' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
STOPPED_POINT_HAS_NO_OPEN_LEAD = """
IF EXISTS (
    SELECT FROM intake_lead WHERE contact_point_id = NEW.id AND closed_at IS NULL AND NOT is_quarantined
) THEN
    RAISE EXCEPTION 'a lead of this contact point is still open' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class ContactPoint(models.Model):
    """One number with its extension: whether the person there asked us to stop, whether they asked again since, and
    how often we tried to reach them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.BinaryField(unique=True, help_text="HMAC of the number with its extension.")
    stopped_at = models.DateTimeField(null=True, blank=True, help_text="When they last asked not to be contacted.")
    lifted_at = models.DateTimeField(null=True, blank=True, help_text="When a new request of theirs lifted that.")
    # Derived (intake/leads/derived.py).
    tried_at = ArrayField(
        models.DateTimeField(),
        default=list,
        db_default=[],
        editable=False,
        help_text="Our tries since the person last asked for a call or spoke with us, newest first.",
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="contactpoint_lifted_after_a_stop",
                condition=Q(lifted_at=None) | Q(stopped_at__isnull=False, lifted_at__gt=F("stopped_at")),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="stop_closes_all",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Insert,
                condition=pgtrigger.Q(new__stopped_at__isnull=False, new__lifted_at__isnull=True),
                func=STOPPED_POINT_HAS_NO_OPEN_LEAD,
            )
        ]

    def __str__(self) -> str:
        return f"Contact point {self.pk}"

    @property
    def is_stopped(self) -> bool:
        """Whether nobody may call, text or write to it, whatever leads there are."""
        return self.stopped_at is not None and self.lifted_at is None

    @property
    def budget(self) -> Budget:
        return Budget(self.tried_at)

    def stop(self, at: datetime, lifted_at: datetime | None = None) -> None:
        """The leads of a point are closed before it is stopped, in the same transaction.

        `lifted_at` is when a request was sent that came here before this stop, and was sent after it.
        """
        self.stopped_at, self.lifted_at = at, lifted_at
        self.save(update_fields=["stopped_at", "lifted_at"])

    def lift(self, at: datetime) -> None:
        """A request that was sent `at`, after the stop, asks for a call again."""
        self.lifted_at = at
        self.save(update_fields=["lifted_at"])


def open_leads_need_a_point() -> pgtrigger.Trigger:
    """The trigger of the lead that belongs to the one above."""
    return pgtrigger.Trigger(
        name="needs_open_point",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("contact_point_id", "closed_at", "is_quarantined"),
        condition=pgtrigger.Q(new__closed_at__isnull=True, new__is_quarantined=False),
        func=OPEN_LEAD_NEEDS_A_POINT_THAT_IS_NOT_STOPPED,
    )


def token_of(phone: str) -> bytes:
    """`phone` as it is kept: E.164, with ;ext= where there is an extension."""
    return lookup.token("phone", phone)


def locked_points(phones: Iterable[str], and_those: Collection[uuid.UUID] = ()) -> dict[str, ContactPoint]:
    """The points of kept numbers, made where there are none, and for nobody else to change until the transaction ends.

    They are locked in one order, `and_those` with these keys among them, so that two who need the same ones never wait
    for each other.
    """
    tokens = {phone: token_of(phone) for phone in phones}
    ContactPoint.objects.bulk_create(
        [ContactPoint(token=each) for each in sorted(tokens.values())], ignore_conflicts=True
    )
    either = Q(token__in=tokens.values()) | Q(pk__in=and_those)
    points = ContactPoint.objects.select_for_update().filter(either).order_by("token")
    found = {bytes(point.token): point for point in points}
    return {phone: found[token] for phone, token in tokens.items()}


def locked_point(pk: uuid.UUID) -> ContactPoint:
    """Taken before its leads are, by everyone who needs both."""
    return ContactPoint.objects.select_for_update().get(pk=pk)
