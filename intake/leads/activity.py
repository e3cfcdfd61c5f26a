"""The timeline of a lead. Rows are only ever added; a trigger in the database holds to that."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from intake.leads.derived import timeline_tells_the_lead, timeline_tells_the_point
from intake.privacy.append_only import append_only
from intake.privacy.fields import EncryptedTextField

LAST_YEAR = 3000


class CallOutcome(models.TextChoices):
    REACHED = "reached", "Reached"
    NO_ANSWER = "no_answer", "No answer"
    LEFT_MESSAGE = "left_message", "Left a message"
    OTHER_ANSWERED = "other_answered", "Someone else answered"
    LINE_DEAD = "line_dead", "Line is dead"
    WRONG_NUMBER = "wrong_number", "Wrong number"
    ASKED_TO_STOP = "asked_to_stop", "Asked us to stop"
    NOT_CALLED = "not_called", "Did not call"  # the number was looked at, and that is all


class HandOver(models.TextChoices):
    """To whom somebody in danger was handed over."""

    EMERGENCY = "911", "911"
    CRISIS_LINE = "988", "988"
    CLINICIAN = "clinician", "A clinician of ours"
    WITH_THEM = "with_them", "Somebody who is with them"
    NO_DANGER = "no_danger", "Nobody: they are not in danger, as they told me"


class Doubt(models.TextChoices):
    """What spoke against a call when somebody looked at the number all the same, and said why."""

    HOURS = "hours", "outside the safe hours"
    DEAD_END = "dead_end", "after a dead line or a wrong number"
    JUST_CALLED = "just_called", "just after somebody else"
    COOL_DOWN = "cool_down", "before the number had rested"
    SPENT = "spent", "beyond the tries that we promised"


class ConsentOf(models.TextChoices):
    """Who agreed that we ask the insurer."""

    PATIENT = "patient", "the patient"
    PARENT = "parent", "a parent or guardian, of a minor"
    REPRESENTATIVE = "representative", "somebody who may sign for them"


class ConsentHow(models.TextChoices):
    SPOKEN = "spoken", "spoken"
    SIGNED = "signed", "signed"


class Note(models.Model):
    """What a member of staff wrote. Apart from the timeline, so that retention can erase it and keep the event."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.ForeignKey("intake.Lead", on_delete=models.CASCADE, related_name="notes")
    body = EncryptedTextField(label="intake_note.text")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    subject = "lead"

    class Meta:
        default_permissions = ()
        triggers = append_only(encrypted=["body"])

    def __str__(self) -> str:
        return f"Note {self.pk}"


class Activity(models.Model):
    """One thing that happened to a lead, and who did it. It holds choices, times and ids, never what a person said."""

    class Kind(models.TextChoices):
        RECEIVED = "received", "Received"
        SENT_AGAIN = "sent_again", "Sent again"
        CLAIMED = "claimed", "Claimed"
        RELEASED = "released", "Given back to the queue"
        REVEALED = "revealed", "Number revealed"
        CALLED = "called", "Called"
        NOTED = "noted", "Note"
        FOLLOW_UP = "follow_up", "Follow-up promised"
        COVERAGE = "coverage", "Coverage recorded"
        INSURED = "insured", "They sent their insurance"
        CARD_SENT = "card_sent", "They sent a photo of the insurance card"
        CARD_SEEN = "card_seen", "Photo of the insurance card looked at"
        VERIFIED = "verified", "Benefits verified"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Reopened"
        CLEARED = "cleared", "Cleared from quarantine"
        LAPSED = "lapsed", "Claim lapsed"
        PASSED_ON = "passed_on", "Passed on"
        ERASED = "erased", "Person erased"
        PAUSED = "paused", "They asked for no call before tomorrow"
        STOPPED = "stopped", "They stopped all contact"
        CHANGED = "changed", "They changed how to call"
        UNDONE = "undone", "Undone"
        HANDED_OVER = "handed_over", "Handed over"
        READ = "read", "Name and note read"
        CORRECTED = "corrected", "They were asked how to call"
        MERGED = "merged", "Merged"
        APART = "apart", "Not the same person"
        CONSENTED = "consented", "Consent to ask the insurer"
        DISCLOSED = "disclosed", "Told to the insurer"
        APPROVED = "approved", "Verification approved"
        DRAFT_PASSED = "draft_passed", "Call sheet passed on"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.ForeignKey("intake.Lead", on_delete=models.PROTECT, related_name="activities")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=20, choices=Kind)
    outcome = models.CharField(max_length=20, choices=CallOutcome, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    note = models.OneToOneField(Note, null=True, blank=True, on_delete=models.PROTECT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["-at"]
        verbose_name_plural = "activities"
        triggers = [*append_only(), timeline_tells_the_lead(), timeline_tells_the_point()]
        indexes = [
            models.Index(fields=["lead", "-at"], name="activity_of_lead"),
            models.Index(fields=["at"], name="activity_look", condition=models.Q(kind__in=("read", "claimed"))),
            models.Index(
                fields=["at"],
                name="activity_override",
                condition=models.Q(kind="revealed", detail__has_key="in_spite_of"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="activity_outcome_of_calls_only",
                condition=models.Q(kind="called") & ~models.Q(outcome="")
                | ~models.Q(kind="called") & models.Q(outcome=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def promised_for(self) -> datetime | None:
        """When to call again, of a follow-up. None for a year that no page can show: such rows were once let in."""
        if self.kind != self.Kind.FOLLOW_UP:
            return None
        at = datetime.fromisoformat(self.detail["at"])
        return at if at.year < LAST_YEAR else None

    @property
    def is_from_them(self) -> bool:
        """Whether the person called us: then no look at the number is settled by it."""
        return bool(self.detail.get("they_called"))

    @property
    def is_call(self) -> bool:
        return self.kind == self.Kind.CALLED and self.outcome != CallOutcome.NOT_CALLED

    @property
    def is_try(self) -> bool:
        """Whether we called them."""
        return self.is_call and not self.is_from_them

    @property
    def in_words(self) -> str:
        """What happened, and what came of it: "Called: No answer"."""
        called_us = "they called us" if self.is_from_them else ""
        more = (
            self.get_outcome_display(),
            self.close_reason,
            self.changes,
            self.undone_kind,
            self.handed_to,
            self.passed_to,
            self.other_lead,
            self.read_what,
            self.consent,
            self.told,
            called_us,
        )
        return ": ".join([self.get_kind_display(), *filter(None, more)])

    @property
    def read_what(self) -> str:
        """What else than name and note, of a look."""
        return self.detail.get("of", "") if self.kind == self.Kind.READ else ""

    @property
    def undone_kind(self) -> str:
        """What was undone, in words, of an undo."""
        return self.Kind(self.detail["kind"]).label if self.kind == self.Kind.UNDONE else ""

    @property
    def handed_to(self) -> str:
        """To whom, in words, of a hand-over."""
        return HandOver(self.detail["to"]).label if self.kind == self.Kind.HANDED_OVER else ""

    @property
    def passed_to(self) -> str:
        """From whom and to whom, by their sign-in names, of a lead that was passed on."""
        is_passed = self.kind in (self.Kind.PASSED_ON, self.Kind.DRAFT_PASSED)
        return f"from {self.detail['from']} to {self.detail['to']}" if is_passed else ""

    @property
    def consent(self) -> str:
        """Who gave it, how and when, of a consent; or that it was taken back."""
        if self.kind != self.Kind.CONSENTED:
            return ""
        if not self.detail["is_given"]:
            return "taken back"
        given = f"{ConsentHow(self.detail['how']).label} by {ConsentOf(self.detail['of']).label}"
        return f"{given}, on {self.detail['on']}"

    @property
    def told(self) -> str:
        """What an insurer was told when it was asked."""
        return ", ".join(self.detail["what"]) if self.kind == self.Kind.DISCLOSED else ""

    @property
    def other_lead(self) -> str:
        """Which other lead it tells of, of a merge and of one that was told apart."""
        if self.kind not in (self.Kind.MERGED, self.Kind.APART):
            return ""
        ways = {"into": "into {}", "from": "{} into this one", "other": "{}"}
        return next(words.format(self.detail["reference"]) for key, words in ways.items() if key in self.detail)

    @property
    def says_into(self) -> bool:
        """Whether it says of a merge that its own lead was merged; the timeline of the other says so too."""
        return self.kind == self.Kind.MERGED and "into" in self.detail

    @property
    def owes_hand_over(self) -> bool:
        """Whether a hand-over was owed after it, of words that may tell of danger, of a hand-over and of a merge."""
        if self.kind == self.Kind.MERGED:
            return bool(self.detail.get("owes_hand_over"))
        return self.kind != self.Kind.HANDED_OVER

    @property
    def in_spite_of(self) -> str:
        """What a look at the number was an override of, in words."""
        doubts = [Doubt(doubt) for doubt in self.detail.get("in_spite_of", [])]
        if not self.detail.get("is_safe", True) and Doubt.HOURS not in doubts:  # of before the others were written down
            doubts.insert(0, Doubt.HOURS)
        return ", ".join(doubt.label for doubt in doubts)

    @property
    def changes(self) -> str:
        """What happened to an answer or a coverage that was there before, in names of fields."""
        if self.detail.get("ended"):
            return "ended"
        changed = [name.replace("_", " ") for name in self.detail.get("changed", [])]
        return f"{', '.join(changed)} changed" if changed else ""

    @property
    def close_reason(self) -> str:
        """Why it was closed, in words, of a close."""
        if self.kind != self.Kind.CLOSED:
            return ""
        reason = self.lead.CloseReason(self.detail["reason"]).label
        on = f"on {self.detail['on']}" if "on" in self.detail else ""
        referral = f"referred to {self.detail['referred_to']}" if "referred_to" in self.detail else ""
        declined = "declined a referral" if "declined_referral" in self.detail else ""
        return ", ".join(filter(None, [reason, on, referral, declined]))
