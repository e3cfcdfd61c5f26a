"""A lead, what was done about it, and how it is found."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property

from facilities.directory.zones import CHOICES_WITH_TOWNS
from intake.callbacks.answers import About, IfOtherAnswers, Language, TextMessages, TimeOfDay, Voicemail
from intake.callbacks.calling_hours import persons_clock
from intake.callbacks.models import CallbackMessage
from intake.leads import contact_rules
from intake.leads.activity import Activity, CallOutcome, Note
from intake.leads.calls import CALL_KINDS, CALL_LASTS, Calls, Public
from intake.leads.tokens import LookupToken
from intake.phone import ending, zones_of
from intake.privacy.fields import EncryptedTextField, UnreadableText

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CLAIM_LASTS = timedelta(minutes=15)
SHOW_CLOSED_FOR = timedelta(days=7)
FURTHEST_FOLLOW_UP = timedelta(days=90)
TOO_FAR = "That is more than three months away. Check the year."
STOPPED = "This person asked not to be contacted. Only a new request from them opens it again."


class NotAllowed(Exception):
    """An act that the state of the lead forbids. The message is a sentence for the consultant."""


class LeadQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "LeadQuerySet":
        return self if user.has_perm("intake.view_lead") else self.none()

    def open(self) -> "LeadQuerySet":
        return self.filter(closed_at=None, is_quarantined=False)

    def quarantined(self) -> "LeadQuerySet":
        return self.filter(closed_at=None, is_quarantined=True)

    def recently_closed(self) -> "LeadQuerySet":
        return self.filter(closed_at__gt=timezone.now() - SHOW_CLOSED_FOR).order_by("-closed_at")

    def claimable_by(self, user: "User", now: datetime) -> "LeadQuerySet":
        free = Q(claimed_by=None) | Q(claim_lapses_at__lte=now) | Q(claimed_by=user)
        return self.open().filter(free)

    def lapsed(self) -> "LeadQuerySet":
        return self.filter(claim_lapses_at__lte=timezone.now())

    def with_calls(self) -> "LeadQuerySet":
        """With the looks at the number and the calls of each, for `Lead.calls`."""
        calls = Activity.objects.filter(kind__in=CALL_KINDS).select_related("by")
        return self.prefetch_related(models.Prefetch("activities", calls, to_attr="call_rows"))

    def in_queue_order(self) -> "LeadQuerySet":
        """Promises that are due first, then who waits longest."""
        return self.order_by(models.F("follow_up_at").asc(nulls_last=True), "received_at")


class Lead(models.Model):
    """One person's request to be called, from the first word to the close."""

    class CloseReason(models.TextChoices):
        ADMITTED = "admitted", "Admitted"
        REFERRED = "referred", "Referred elsewhere"
        DECLINED = "declined", "Declined for now"
        NOT_SUITABLE = "not_suitable", "Not clinically suitable here"
        PAYER_NOT_ACCEPTED = "payer_not_accepted", "Payer not accepted"
        NO_BED = "no_bed", "No bed"
        CANNOT_AFFORD = "cannot_afford", "Cannot afford it"
        UNREACHABLE = "unreachable", "Could not be reached"
        ASKED_TO_STOP = "asked_to_stop", "Asked not to be contacted"
        WRONG_NUMBER = "wrong_number", "Wrong number"
        DUPLICATE = "duplicate", "Duplicate"
        SPAM = "spam", "Spam"
        EMERGENCY = "emergency", "Emergency, handed over to 911 or 988"
        OTHER_CARE = "other_care", "In hospital or in custody"
        DECEASED = "deceased", "Deceased"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, db_index=True)
    received_at = models.DateTimeField()
    source = models.CharField(max_length=200, blank=True, help_text="The page that led to the form.")

    about = models.CharField(max_length=20, choices=About)
    name = EncryptedTextField(label="intake_lead.name")
    phone = EncryptedTextField(label="intake_lead.phone", help_text="E.164, with ;ext= where there is an extension.")
    note = EncryptedTextField(label="intake_lead.note")
    language = models.CharField(max_length=10, choices=Language)
    consent_version = models.CharField(max_length=20)

    times = ArrayField(models.CharField(max_length=20, choices=TimeOfDay), default=list, blank=True)
    time_zone = models.CharField(
        max_length=40, choices=CHOICES_WITH_TOWNS, blank=True, help_text="Empty: as the number's."
    )
    # Kept apart from the number, so that the queue need not decrypt it. None: never looked up.
    number_zones = ArrayField(models.CharField(max_length=40), null=True, blank=True)
    voicemail = models.CharField(max_length=20, choices=Voicemail)
    text = models.CharField(max_length=20, choices=TextMessages)
    if_other_answers = models.CharField(max_length=20, choices=IfOtherAnswers)

    answers_token = models.BinaryField(help_text="HMAC of all answers: the same answers within a day are one lead.")
    is_quarantined = models.BooleanField(default=False)

    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="claimed_leads"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    claim_lapses_at = models.DateTimeField(null=True, blank=True)
    follow_up_at = models.DateTimeField(null=True, blank=True)

    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="closed_leads"
    )
    close_reason = models.CharField(max_length=20, choices=CloseReason, blank=True)

    objects = LeadQuerySet.as_manager()
    subject = "pk"

    class Meta:
        permissions = [
            ("work_lead", "Can claim a lead, reveal its number and record calls"),
            ("clear_quarantine", "Can decide what is spam"),
        ]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["received_at"], name="lead_open", condition=Q(closed_at__isnull=True)),
            models.Index(fields=["claim_lapses_at"], name="lead_claimed", condition=Q(claim_lapses_at__isnull=False)),
            models.Index(fields=["answers_token", "received_at"], name="lead_same_answers"),
        ]
        constraints = [
            models.CheckConstraint(
                name="lead_closed_all_or_nothing",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, close_reason="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(close_reason="")),
            ),
            models.CheckConstraint(
                name="lead_claimed_all_or_nothing",
                condition=Q(claimed_by__isnull=True, claimed_at__isnull=True, claim_lapses_at__isnull=True)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False, claim_lapses_at__isnull=False),
            ),
            # No page could show a promise at either end of the calendar.
            models.CheckConstraint(
                name="lead_follow_up_in_our_age",
                condition=Q(
                    follow_up_at__gte=datetime(1970, 1, 1, tzinfo=UTC),
                    follow_up_at__lt=datetime(3000, 1, 1, tzinfo=UTC),
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("desk:intake_lead_change", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def safety(self) -> contact_rules.Safety:
        return contact_rules.safety(self.times, self.time_zone, timezone.now(), self.zones_of_number)

    @property
    def zones_of_number(self) -> list[str]:
        return zones_of(self.phone) if self.number_zones is None else self.number_zones

    @property
    def clock(self) -> str:
        """The name of the zone on whose clock the safe hours are said."""
        return persons_clock(self.time_zone, self.zones_of_number)

    @property
    def is_overdue(self) -> bool:
        """Due for a minute or longer: who calls on the minute keeps the promise."""
        return self.is_due and self.follow_up_at <= timezone.now() - timedelta(minutes=1)

    @property
    def is_due(self) -> bool:
        return not self.is_closed and self.follow_up_at is not None and self.follow_up_at <= timezone.now()

    @property
    def is_snoozed(self) -> bool:
        return self.follow_up_at is not None and self.follow_up_at > timezone.now()

    @property
    def holder(self) -> "User | None":
        """Who has the lead in hand now; a lapsed claim is nobody's."""
        return self.claimed_by if self.claim_lapses_at and self.claim_lapses_at > timezone.now() else None

    @property
    def other_language(self) -> str:
        """The language to speak, in words, if it is not English."""
        return "" if self.language == Language.ENGLISH else self.get_language_display()

    @property
    def spoken_language(self) -> str:
        """Its name in English, for a sentence to the consultant."""
        return Language(self.language).name.title()

    @property
    def is_stopped(self) -> bool:
        """Closed because the person asked not to be contacted; only they can open it again."""
        return self.close_reason == self.CloseReason.ASKED_TO_STOP

    @cached_property
    def calls(self) -> Calls:
        rows = self.__dict__.get("call_rows")  # where `with_calls` read them
        return Calls(list(self.activities.filter(kind__in=CALL_KINDS).select_related("by")) if rows is None else rows)

    def is_shown_to(self, user: "User") -> bool:
        """Whether `user` has the lead in hand, has seen the number since taking it, and may still be on the phone."""
        look = self.calls.pending_look
        return self.holder == user and look is not None and look.by_id == user.pk and look.at >= self.claimed_at

    @property
    def public_status(self) -> CallbackMessage.PublicStatus:
        """What the receipt may truthfully say now."""
        last = self.calls.last
        if self.is_closed:
            return Public.DONE
        if self.holder and (last is None or last.at < self.claimed_at):
            return Public.IN_HAND
        said = self.calls.public_status
        return Public.PROMISED if self.follow_up_at and said == Public.SPOKE else said

    @property
    def masked_phone(self) -> str:
        return f"•••• {ending(self.phone)}"

    def with_same_number(self) -> LeadQuerySet:
        """The other leads with this one's phone number."""
        of_phone = LookupToken.objects.filter(kind=LookupToken.Kind.PHONE)
        alike = of_phone.filter(token__in=of_phone.filter(lead=self).values("token"))
        return Lead.objects.filter(pk__in=alike.values("lead")).exclude(pk=self.pk)

    def stopped_elsewhere_at(self) -> datetime | None:
        """When the person at this number and extension last asked to stop, on another lead.

        A number that cannot be read counts too: to call who asked us not to is the worse mistake.
        """
        stopped = self.with_same_number().filter(close_reason=self.CloseReason.ASKED_TO_STOP)
        alike = [lead for lead in stopped if lead.phone == self.phone or isinstance(lead.phone, UnreadableText)]
        return max((lead.closed_at for lead in alike), default=None)

    @transaction.atomic
    def claim(self, *, by: "User") -> None:
        """Take the lead in hand for CLAIM_LASTS. One conditional UPDATE, so that of two at once only one succeeds.

        Raises NotAllowed if somebody else has it, or it is closed or in quarantine.
        """
        if self._is_held_anew(by):
            return
        now = timezone.now()
        claimed = Lead.objects.filter(pk=self.pk).claimable_by(by, now)
        if not claimed.update(claimed_by=by, claimed_at=now, claim_lapses_at=now + CLAIM_LASTS):
            raise NotAllowed(self._why_not_claimed())
        self.refresh_from_db()
        self._record(Activity.Kind.CLAIMED, by=by)
        self.tell_visitor()

    @transaction.atomic
    def release(self, *, by: "User", note: str = "") -> None:
        self._lock()
        if self.claimed_by_id is None and self._was_last(Activity.Kind.RELEASED, by):
            return
        self._check_held(by)
        self._free()
        self._record(Activity.Kind.RELEASED, by=by, note=note)
        self.tell_visitor()

    @transaction.atomic
    def lapse(self) -> None:
        """Free a lead whose claim has run out, so that nobody seems to have it. It does nothing where it has not."""
        self._lock()
        if self.claimed_by_id is None or self.holder:
            return
        self._free()
        self._record(Activity.Kind.LAPSED, by=None)
        self.tell_visitor()

    @transaction.atomic
    def reveal(self, *, by: "User", reason: str = "") -> str:
        """The phone number, after the look has been recorded. Outside the safe hours, and after a dead end, it takes a
        reason. The claim then lasts as long as a call may.
        """
        self._lock_held(by, lasts=CALL_LASTS)
        is_safe = self.safety.is_safe
        if not is_safe and not reason.strip():
            raise NotAllowed("It is not a safe time to call. Say why you must call now, or wait.")
        if self.calls.is_dead_end and not reason.strip():
            raise NotAllowed("The last call found a dead line or a wrong number. Say why you call it again.")
        self._record(Activity.Kind.REVEALED, by=by, note=reason, detail={"is_safe": is_safe})
        return self.phone

    @transaction.atomic
    def record_call(self, *, by: "User", outcome: CallOutcome, note: str = "") -> None:
        """What came of a call; a promise that is due is settled by it. Who asked to stop is closed at once, in the same
        transaction, whoever holds the lead. Who saw the number may say what came of it also after losing the claim.
        """
        if outcome == CallOutcome.ASKED_TO_STOP:
            self._stop(by=by, note=note)
            return
        self._lock()
        if self.holder == by or not self.calls.owes_outcome(by):
            self._check_held(by)
        if outcome == CallOutcome.LEFT_MESSAGE and self.voicemail == Voicemail.NO:
            raise NotAllowed("This person asked for no message. If one was left by mistake, write it in a note.")
        self._record(Activity.Kind.CALLED, by=by, outcome=outcome, note=note)
        if self.is_due:
            self.follow_up_at = None
            self.save(update_fields=["follow_up_at"])
        self.tell_visitor()

    @transaction.atomic
    def add_note(self, *, by: "User", text: str) -> None:
        self._lock()
        if self.holder == by and not self.is_closed:
            self._hold_for(CALL_LASTS if self.calls.owes_outcome(by) else CLAIM_LASTS)
        self._record(Activity.Kind.NOTED, by=by, note=text)

    @transaction.atomic
    def follow_up(self, *, by: "User", at: datetime, is_asked_for: bool = False, note: str = "") -> None:
        """Promise the next call for `at` (aware, in the future) and give the lead back to the queue. Outside the safe
        hours only if the person asked for that time.
        """
        self._lock_held(by)
        if at <= timezone.now():
            raise NotAllowed("The follow-up time has passed already. Choose a later one.")
        if at > timezone.now() + FURTHEST_FOLLOW_UP:
            raise NotAllowed(TOO_FAR)
        safety = contact_rules.safety(self.times, self.time_zone, at, self.zones_of_number)
        if not safety.is_safe and not is_asked_for:
            safe_from = date_format(timezone.localtime(safety.changes_at), "D M j, H:i T")
            raise NotAllowed(
                f"That is not a safe time for them. Next safe time: {safe_from}. If they asked for yours, tick the box."
            )
        self._free(follow_up_at=at)
        self._record(Activity.Kind.FOLLOW_UP, by=by, note=note, detail={"at": at.isoformat()})
        self.tell_visitor()

    @transaction.atomic
    def close(self, *, by: "User", reason: "Lead.CloseReason", note: str = "") -> None:
        self._lock()
        if self.closed_by_id == by.pk and self.close_reason == reason:
            return  # the same button, pressed twice
        self._check_held(by)
        self._close(by=by, reason=reason, note=note)

    @transaction.atomic
    def reopen(self, *, by: "User") -> None:
        """Undo a close. The lead goes back to the queue with its old waiting time and its old promise."""
        self._lock()
        if not self.is_closed:
            raise NotAllowed("This lead is open already.")
        if self.is_stopped:
            raise NotAllowed(STOPPED)
        if self.stopped_elsewhere_at() is not None:
            raise NotAllowed("Somebody at this number asked not to be contacted. Only a new request opens it again.")
        closing = self.activities.filter(kind=Activity.Kind.CLOSED).first()
        promised = closing.detail.get("follow_up_at") if closing else None
        self.closed_at = self.closed_by = None
        self.close_reason = ""
        self.follow_up_at = datetime.fromisoformat(promised) if promised else None
        self.save(update_fields=["closed_at", "closed_by", "close_reason", "follow_up_at"])
        self._record(Activity.Kind.REOPENED, by=by)
        self.tell_visitor()

    @transaction.atomic
    def clear_quarantine(self, *, by: "User", is_spam: bool) -> None:
        """A person decides what a filled honeypot was: a request like any other, or spam."""
        self._lock()
        if not self.is_quarantined or self.is_closed:
            raise NotAllowed("Somebody has decided about this one already.")
        if is_spam:
            self._close(by=by, reason=Lead.CloseReason.SPAM)
            return
        self.is_quarantined = False
        self.save(update_fields=["is_quarantined"])
        self._record(Activity.Kind.CLEARED, by=by)

    def _lock(self) -> None:
        fresh = Lead.objects.select_for_update().get(pk=self.pk)
        self.__dict__.update({field.attname: fresh.__dict__[field.attname] for field in self._meta.concrete_fields})
        self._state.fields_cache.clear()
        self._forget_calls()

    def _lock_held(self, by: "User", lasts: timedelta = CLAIM_LASTS) -> None:
        """Lock the row and make sure that `by` has it in hand; working on it makes the claim last longer."""
        self._lock()
        self._check_held(by, lasts)

    def _check_held(self, by: "User", lasts: timedelta = CLAIM_LASTS) -> None:
        if self.is_closed:
            raise NotAllowed(STOPPED if self.is_stopped else "This lead is closed. Reopen it first.")
        if self.holder != by:
            raise NotAllowed("Your claim has lapsed or was taken over. Claim the lead again; nothing was changed.")
        self._hold_for(lasts)

    def _hold_for(self, lasts: timedelta) -> None:
        self.claim_lapses_at = max(self.claim_lapses_at, timezone.now() + lasts)
        self.save(update_fields=["claim_lapses_at"])

    def _is_held_anew(self, by: "User") -> bool:
        """Make the claim of who has the lead already last longer."""
        self._lock()
        if self.holder != by or self.is_closed:
            return False
        self._hold_for(CLAIM_LASTS)
        return True

    def _why_not_claimed(self) -> str:
        if self.is_closed:
            return STOPPED if self.is_stopped else "This lead has been closed meanwhile."
        if self.is_quarantined:
            return "This one is in quarantine. First somebody decides whether it is a person."
        return "Somebody else has just taken this one. Choose another from the queue."

    def _was_last(self, kind: Activity.Kind, by: "User") -> bool:
        """Whether the last that happened was this, by this person: the same button, pressed twice."""
        last = self.activities.first()
        return last is not None and (last.kind, last.by_id) == (kind, by.pk)

    def _free(self, **changes: Any) -> None:
        values = {"claimed_by": None, "claimed_at": None, "claim_lapses_at": None, **changes}
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))

    def _stop(self, *, by: "User", note: str) -> None:
        """Close every open lead of this number for good: who is stopped is a person, not a request."""
        open_alike = self.with_same_number().filter(closed_at=None)
        # All are locked in one order, so that two stops at once do not wait for each other.
        leads = list(
            Lead.objects.select_for_update().filter(Q(pk=self.pk) | Q(pk__in=open_alike.values("pk"))).order_by("pk")
        )
        self._lock()
        if self.is_stopped:
            return
        self._record(Activity.Kind.CALLED, by=by, outcome=CallOutcome.ASKED_TO_STOP, note=note)
        self._close(by=by, reason=Lead.CloseReason.ASKED_TO_STOP)
        for other in leads:
            # A switchboard is many people: only the same extension is the same person.
            if other.pk != self.pk and not other.is_closed and other.phone == self.phone:
                other._close(by=by, reason=Lead.CloseReason.ASKED_TO_STOP, on=self.reference)

    def tell_visitor(self) -> None:
        """Let every receipt of this lead say what is true now."""
        CallbackMessage.objects.filter(leadmessage__lead=self).update(public_status=self.public_status)

    def _close(self, *, by: "User", reason: "Lead.CloseReason", note: str = "", **detail: str) -> None:
        if self.follow_up_at:
            detail["follow_up_at"] = self.follow_up_at.isoformat()
        self._free(closed_at=timezone.now(), closed_by=by, close_reason=reason, follow_up_at=None)
        self._record(Activity.Kind.CLOSED, by=by, note=note, detail={"reason": reason, **detail})
        self.tell_visitor()

    def _record(self, kind: Activity.Kind, *, by: "User | None", note: str = "", **values: Any) -> None:
        written = Note.objects.create(lead=self, text=note, written_by=by) if note.strip() else None
        Activity.objects.create(lead=self, kind=kind, by=by, note=written, **values)
        self._forget_calls()

    def _forget_calls(self) -> None:
        for name in ("calls", "call_rows"):
            self.__dict__.pop(name, None)


class LeadMessage(models.Model):
    """Which messages a lead was made of: the first, and each that came again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="messages")
    message = models.OneToOneField(CallbackMessage, on_delete=models.PROTECT)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.lead_id} from {self.message_id}"
