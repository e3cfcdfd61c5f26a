"""Electronic checks: each is one question about a coverage, which the worker sends and which may be charged."""

import secrets
import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from intake.insurance.clearinghouse.place import Place
from intake.insurance.consent import checked_consent
from intake.insurance.models import Coverage, check_recordable
from intake.insurance.question import missing_of
from intake.insurance.verification import VerificationOfBenefits
from intake.insurance.x12.answer import Rejection
from intake.leads.acts.changes import NotAllowed

if TYPE_CHECKING:
    from django.contrib.auth.models import User

OF_PLAN = ("30",)
RETRY_AFTER = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))  # of what was never received
LOST_AFTER = timedelta(minutes=5)  # longer than a token and an answer may take together

NOT_SET_UP = "No clearinghouse is set up. Call the payer, with the call sheet."
RUNS_ALREADY = "This is being asked already. Nothing was sent a second time."
MAYBE_CHARGED = (
    "The last question may have been received and charged, though no answer came. Call the payer, or ask again knowing "
    "that it may be charged a second time."
)
INCOMPLETE = "Nothing was sent yet. The payer needs: {}."


class CheckQuerySet(models.QuerySet):
    def running(self) -> "CheckQuerySet":
        return self.filter(state__in=Check.RUNNING)

    def due(self) -> "CheckQuerySet":
        return self.filter(state=Check.State.WAITING, next_try_at__lte=timezone.now()).order_by("next_try_at")

    def asked(self) -> "CheckQuerySet":
        """Those that are on their way, as far as is known."""
        return self.filter(state=Check.State.ASKED)


def new_trace() -> str:
    return secrets.token_hex(8)


def new_control_number() -> int:
    return 1 + secrets.randbelow(999_999_999)


class Check(models.Model):
    """One question to a payer about a coverage. Of one question, no more than one is under way."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to be sent"
        ASKED = "asked", "Sent, waiting for the answer"
        ANSWERED = "answered", "Answered"
        REJECTED = "rejected", "Rejected"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "No answer came"

    class Came(models.TextChoices):
        """What came of it: of a reply, as the clearinghouse's client says it; else why nothing was sent or kept."""

        ANSWERED = "answered"
        REJECTED = "rejected"
        UNREADABLE = "unreadable"
        LOGIN_REFUSED = "login_refused"
        BUSY = "busy"
        UNREACHABLE = "unreachable"
        UNKNOWN = "unknown"
        LOST = "lost"  # who asked ended before an answer was written down
        OTHER_PERSON = "other_person"
        NO_CONSENT = "no_consent"
        INCOMPLETE = "incomplete"
        CLOSED = "closed"
        ENDED = "ended"
        ERASED = "erased"

    RUNNING = (State.WAITING, State.ASKED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="checks")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    on = models.DateField(help_text="The day of service that is asked about.")
    service_types = ArrayField(models.CharField(max_length=3), help_text="X12 codes; 30 is the plan as a whole.")
    trace = models.CharField(max_length=40, unique=True, default=new_trace, help_text="Ours, of this question.")
    control_number = models.PositiveIntegerField(default=new_control_number)

    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, help_text="When the last attempt began.")
    ended_at = models.DateTimeField(null=True)
    failures = ArrayField(
        models.DateTimeField(), default=list, help_text="When the payer could not be reached; the pause counts them."
    )
    came = models.CharField(max_length=20, choices=Came, blank=True)
    rejections = models.JSONField(default=list, help_text="Loop, code and follow-up of each reason for a rejection.")
    may_be_charged = models.BooleanField(default=False)
    is_test = models.BooleanField(default=False, help_text="Of a test key or a sandbox: its answer is made up.")
    verification = models.OneToOneField(
        VerificationOfBenefits, null=True, on_delete=models.PROTECT, related_name="check_that_asked"
    )

    objects = CheckQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["coverage", "on", "service_types"],
                condition=Q(state__in=("waiting", "asked")),
                name="check_runs_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "asked"), ended_at__isnull=True)
                | ~Q(state__in=("waiting", "asked")) & Q(ended_at__isnull=False),
                name="check_ends_when_it_runs_no_more",
            ),
        ]
        indexes = [models.Index(fields=["next_try_at"], name="check_due", condition=Q(state__in=("waiting", "asked")))]

    def __str__(self) -> str:
        return f"Check {self.pk}, {self.state}"

    @property
    def is_running(self) -> bool:
        return self.state in self.RUNNING

    @property
    def is_retried(self) -> bool:
        """Whether it could not be sent, and will be tried again."""
        return self.state == self.State.WAITING and self.attempts > 0

    @property
    def reasons(self) -> list[Rejection]:
        return [Rejection(loop, code, follow_up, None) for loop, code, follow_up in self.rejections]


@transaction.atomic
def ask(
    coverage: Coverage,
    *,
    by: "User",
    place: Place | None,
    service_types: Sequence[str] = OF_PLAN,
    on: date | None = None,
    knowingly: bool = False,
) -> Check:
    """Put the question in the queue of the worker; nothing is sent here.

    `knowingly`: although an earlier one may be charged. Raises NotAllowed with a sentence for the consultant, and
    Coverage.DoesNotExist if the coverage has ended meanwhile.
    """
    if place is None:
        raise NotAllowed(NOT_SET_UP)
    check_recordable(coverage.lead, None, by=by)
    checked_consent(coverage.lead)
    coverage = Coverage.objects.current().select_for_update(of=("self",)).get(pk=coverage.pk)
    if missing := missing_of(coverage, place):
        raise NotAllowed(INCOMPLETE.format("; ".join(missing)))
    about = {"on": on or timezone.localdate(), "service_types": sorted(set(service_types))}
    newest = coverage.checks.filter(**about).first()
    if newest and newest.state == Check.State.UNKNOWN and not knowingly:
        raise NotAllowed(MAYBE_CHARGED)
    try:
        with transaction.atomic():
            return coverage.checks.create(asked_by=by, is_test=place.is_test, **about)
    except IntegrityError:
        raise NotAllowed(RUNS_ALREADY) from None
