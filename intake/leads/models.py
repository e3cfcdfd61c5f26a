"""A lead, what was done about it, and how it is found."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from facilities.directory.zones import CHOICES_WITH_TOWNS
from intake.callbacks.answers import About, IfOtherAnswers, Language, Suspicion, TextMessages, TimeOfDay, Voicemail
from intake.callbacks.calling_hours import persons_clock
from intake.callbacks.models import CallbackMessage
from intake.leads import budget
from intake.leads.activity import Activity, CallOutcome
from intake.leads.calls import Public
from intake.leads.contact_point import ContactPoint, open_leads_need_a_point
from intake.leads.contact_rules import Safety
from intake.leads.derived import answers_make_the_window, merged_answers_make_the_window, window_is_whole
from intake.leads.lists import LeadQuerySet
from intake.leads.one_person import OnePerson, one_lead_counts
from intake.leads.states import State
from intake.leads.tokens import LookupToken
from intake.phone import ending, zones_of
from intake.privacy.fields import EncryptedTextField

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ABOUT_WHOM = {
    About.UNSAID: "",
    About.SELF: "themselves",
    About.SOMEONE_ELSE: "someone close",
    About.PROFESSIONAL: "a client",
}


class Lead(OnePerson, models.Model):
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
        WITHDRAWN = "withdrawn", "Taken back by the person"
        MERGED = "merged", "Merged into another"

    # What the person does themselves on the receipt is closed by nobody on the staff, and staff cannot choose the
    # first; they can hear a stop, but they say so as the outcome of a call.
    BY_THE_PERSON = (CloseReason.WITHDRAWN, CloseReason.ASKED_TO_STOP)
    NOT_CHOSEN = (*BY_THE_PERSON, CloseReason.MERGED)

    # Whom we cannot admit is told who can: these need a referral, or that the person wants none.
    NEED_REFERRAL = (CloseReason.NOT_SUITABLE, CloseReason.PAYER_NOT_ACCEPTED, CloseReason.NO_BED)

    # What they wrote, and what was done about it: the last of these says whether a hand-over is owed. A merge says
    # whether it was on either side.
    TOLD_OF_DANGER = (
        Activity.Kind.HANDED_OVER,
        Activity.Kind.RECEIVED,
        Activity.Kind.SENT_AGAIN,
        Activity.Kind.CHANGED,
        Activity.Kind.MERGED,
    )

    PUNCTUAL_FOR = timedelta(minutes=1)  # who calls on the minute keeps the promise

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, db_index=True)
    received_at = models.DateTimeField()
    source = models.CharField(max_length=200, blank=True, help_text="The page that led to the form.")

    about = models.CharField(max_length=20, choices=About, blank=True)
    name = EncryptedTextField(label="intake_lead.name")
    phone = EncryptedTextField(label="intake_lead.phone", help_text="E.164, with ;ext= where there is an extension.")
    contact_point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, related_name="leads")
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
    suspicions = ArrayField(models.CharField(max_length=20, choices=Suspicion), default=list, db_default=[], blank=True)
    is_crisis = models.BooleanField(
        default=False, db_default=False, help_text="What they wrote may mean danger; it never waits in quarantine."
    )

    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="claimed_leads"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    claim_lapses_at = models.DateTimeField(null=True, blank=True)
    follow_up_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True, help_text="The person asked for no call before this.")

    # What follows is derived (intake/leads/derived.py).
    safe_from = models.DateTimeField(null=True, editable=False, help_text="The safe hours of now, or the next ones.")
    safe_until = models.DateTimeField(null=True, editable=False)
    looked_at = models.DateTimeField(null=True, editable=False, help_text="A look at the number without an outcome.")
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    last_call_at = models.DateTimeField(null=True, editable=False, help_text="If they have not asked again since.")
    last_outcome = models.CharField(
        max_length=20, choices=CallOutcome, blank=True, editable=False, default="", db_default=""
    )

    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="closed_leads"
    )
    close_reason = models.CharField(max_length=20, choices=CloseReason, blank=True)

    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_leads",
        db_index=False,
        help_text="The lead of the same person that counts in place of this one.",
    )
    merged_at = models.DateTimeField(null=True, blank=True, help_text="Since when this one counts no more.")
    answers_hold = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Of a merged lead: they were not asked since how to call, so its answers hold too.",
    )

    objects = LeadQuerySet.as_manager()
    subject = "pk"

    class Meta:
        permissions = [
            ("work_lead", "Can claim a lead, reveal its number and record calls"),
            ("clear_quarantine", "Can decide what is spam"),
            ("take_over_lead", "Can pass on a lead that somebody else has in hand"),
        ]
        default_permissions = ("view",)
        triggers = [
            open_leads_need_a_point(),
            answers_make_the_window(),
            merged_answers_make_the_window(),
            one_lead_counts(),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="lead_open", condition=Q(closed_at__isnull=True)),
            models.Index(fields=["safe_until"], name="lead_window", condition=Q(closed_at__isnull=True)),
            models.Index(fields=["-closed_at"], name="lead_closed", condition=Q(closed_at__isnull=False)),
            models.Index(fields=["claim_lapses_at"], name="lead_claimed", condition=Q(claim_lapses_at__isnull=False)),
            models.Index(fields=["answers_token", "received_at"], name="lead_same_answers"),
            models.Index(fields=["merged_into"], name="lead_merged", condition=Q(merged_into__isnull=False)),
        ]
        constraints = [
            window_is_whole(),
            models.CheckConstraint(
                name="lead_closed_all_or_nothing",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, close_reason="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(close_reason=""))
                | Q(closed_at__isnull=False, close_reason__in=("withdrawn", "asked_to_stop")),
            ),
            models.CheckConstraint(
                name="lead_claimed_all_or_nothing",
                condition=Q(claimed_by__isnull=True, claimed_at__isnull=True, claim_lapses_at__isnull=True)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False, claim_lapses_at__isnull=False),
            ),
            models.CheckConstraint(
                name="lead_in_crisis_is_never_quarantined", condition=Q(is_crisis=False) | Q(is_quarantined=False)
            ),
            models.CheckConstraint(
                name="lead_merged_all_or_nothing",
                condition=Q(merged_into__isnull=True, merged_at__isnull=True) & ~Q(close_reason="merged")
                | Q(merged_into__isnull=False, merged_at__isnull=False, closed_at__isnull=False),
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

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def safety(self) -> Safety:
        return self.safety_at(timezone.now())

    def safety_at(self, moment: datetime) -> Safety:
        return Safety.within(self.window_at(moment), moment)

    @property
    def is_paused(self) -> bool:
        """Whether the person asked for no call before a time that has not come yet."""
        return self.paused_until is not None and self.paused_until > timezone.now()

    @property
    def zones_of_number(self) -> list[str]:
        return zones_of(self.phone) if self.number_zones is None else self.number_zones

    @property
    def clock(self) -> str:
        """The name of the zone on whose clock the safe hours are said."""
        return persons_clock(self.time_zone, self.zones_of_number)

    @property
    def is_overdue(self) -> bool:
        """Due for PUNCTUAL_FOR or longer."""
        return self.is_due and self.follow_up_at <= timezone.now() - self.PUNCTUAL_FOR

    @property
    def is_due(self) -> bool:
        return not self.is_closed and self.follow_up_at is not None and self.follow_up_at <= timezone.now()

    @property
    def is_snoozed(self) -> bool:
        return self.follow_up_at is not None and self.follow_up_at > timezone.now()

    @property
    def state(self) -> State:
        """The one word for where it stands."""
        if self.merged_into_id:
            return State.MERGED
        if self.is_closed:
            return State.CLOSED
        if self.is_quarantined:
            return State.QUARANTINE
        if self.is_due:
            return State.OVERDUE if self.is_overdue else State.DUE
        if self.holder:
            return State.IN_HAND
        if self.is_snoozed:
            return State.SNOOZED
        return State.WAITING if self.safety.is_safe else State.NOT_YET

    @property
    def holder(self) -> "User | None":
        """Who has the lead in hand now; a lapsed claim is nobody's."""
        return self.claimed_by if self.claim_lapses_at and self.claim_lapses_at > timezone.now() else None

    @property
    def other_language(self) -> str:
        """The language to speak, in words, if it is not English."""
        return "" if self.language == Language.ENGLISH else self.get_language_display()

    @property
    def about_whom(self) -> str:
        """In a word or two, for a list."""
        return ABOUT_WHOM[About(self.about)]

    @property
    def spoken_language(self) -> str:
        """Its name in English, for a sentence to the consultant."""
        return Language(self.language).name.title()

    @property
    def closed_because(self) -> str:
        """Why it is closed, in words."""
        return f"Merged into {self.merged_into}" if self.merged_into_id else self.get_close_reason_display()

    @property
    def is_stopped(self) -> bool:
        """Closed because the person asked not to be contacted; only they can open it again."""
        return self.close_reason == self.CloseReason.ASKED_TO_STOP

    @property
    def is_erased(self) -> bool:
        return not self.phone

    def is_shown_to(self, user: "User") -> bool:
        """Whether `user` has the lead in hand, has seen the number since taking it, and may still be on the phone.

        A look at the number of a merged lead is one at this number only if they are the same.
        """
        if self.holder != user or not self.calls.is_going_on:
            return False
        look = self.calls.pending_look
        is_same = look.lead.contact_point_id == self.contact_point_id
        return is_same and look.by_id == user.pk and look.at >= self.claimed_at

    @property
    def public_status(self) -> CallbackMessage.PublicStatus:
        """What the receipt may truthfully say now: of a merged lead, what that of the other one says."""
        if self.merged_into_id:
            return self.merged_into.public_status
        last = self.calls.last
        if self.is_closed:
            return Public.STOPPED if self.is_stopped else Public.DONE
        if self.holder and (last is None or last.at < self.claimed_at):
            return Public.IN_HAND
        said = self.calls.public_status
        if said == Public.RECEIVED and not self.is_quarantined:
            return Public.WAITING
        if said == Public.TRIED and Lead.objects.filter(budget.is_spent(), pk=self.pk).exists():
            return Public.TRIED_OUT
        return Public.PROMISED if self.follow_up_at and said == Public.SPOKE else said

    @property
    def suspicions_in_words(self) -> list[str]:
        return [Suspicion(each).label for each in self.suspicions]

    @property
    def masked_phone(self) -> str:
        return f"•••• {ending(self.phone)}"

    def with_same_number(self) -> LeadQuerySet:
        """The other leads with this one's phone number."""
        of_phone = LookupToken.objects.filter(kind=LookupToken.Kind.PHONE)
        alike = of_phone.filter(token__in=of_phone.filter(lead=self).values("token"))
        return Lead.objects.filter(pk__in=alike.values("lead")).exclude(pk=self.pk)


class LeadMessage(models.Model):
    """Which messages a lead was made of: the first, and each that came again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="messages")
    message = models.OneToOneField(CallbackMessage, on_delete=models.PROTECT)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.lead_id} from {self.message_id}"
