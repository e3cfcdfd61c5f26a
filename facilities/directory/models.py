"""Facts that pages and the desk both rely on: each is one row, kept by staff, shown wherever it is needed."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from phonenumber_field.modelfields import PhoneNumberField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.snippets.models import register_snippet

from facilities.directory import zones
from facilities.directory.care import SAID_FOR, Language, Level, Medicine, labels
from facilities.directory.fact import Fact
from facilities.directory.forms import FacilityForm, PhoneLineForm
from facilities.directory.opening import Opening, opening_in_words, read_opening, stretch
from facilities.directory.panels import GuardedPanel
from facilities.directory.states import STATES
from facilities.languages import in_language_of_page
from facilities.widgets import ClockInput, CountInput, DayInput
from facilities.wording import check_fields

Week = tuple[tuple[int, time, time, timedelta], ...]  # day it opens, opens, closes, and how much later than that day

check_dialled = RegexValidator(r"^\+?\d[\d-]*$", "Write digits and dashes only, as people dial it.")
check_postal_code = RegexValidator(r"^\d{5}(-\d{4})?$", "Write five digits, or nine as in 89101-1234.")
holds_no_number = RegexValidator(
    r"\d(?:\D{0,3}\d){6}", "Write who answers, without a number: it stands in a field of its own.", inverse_match=True
)
PLAIN_TEXT = ["bold", "italic", "link", "ol", "ul", "h3"]


class PhoneLine(Fact, ClusterableModel):
    """One phone number, with what a caller has a right to know: who answers, when, and in which languages."""

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        SPANISH = "es", "Spanish"

    label = models.CharField(max_length=60, help_text="For staff, such as “Admissions”.")
    number = PhoneNumberField(help_text="In the notation that people here use, such as (702) 555-0142.")
    answered_by = models.CharField(
        max_length=120, help_text="Ends the sentence “Answered by …”. Say who employs the people who pick up."
    )
    answered_by_es = models.CharField(
        max_length=120, blank=True, verbose_name="answered by, in Spanish", help_text="Ends “Contesta …”."
    )
    caller_id = models.CharField(max_length=80, blank=True, help_text="What a phone shows when we call from here.")
    caller_id_es = models.CharField(max_length=80, blank=True, verbose_name="caller ID, in Spanish")
    time_zone = models.CharField(max_length=40, choices=zones.CHOICES, default="America/Los_Angeles")
    languages = ArrayField(models.CharField(max_length=5, choices=Language), default=list, blank=True)

    panels = [
        FieldPanel("label"),
        GuardedPanel("number", permission="facilities.add_phoneline"),
        FieldPanel("answered_by"),
        FieldPanel("answered_by_es"),
        GuardedPanel("caller_id", permission="facilities.add_phoneline"),
        GuardedPanel("caller_id_es", permission="facilities.add_phoneline"),
        MultiFieldPanel([FieldPanel("time_zone"), InlinePanel("hours", label="Hours")], heading="When it is answered"),
        FieldPanel("languages"),
    ]
    base_form_class = PhoneLineForm

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        check_fields(self, "answered_by", "answered_by_es")
        for name in ("answered_by", "answered_by_es"):  # shown beside the number, and open to editors
            try:
                holds_no_number(getattr(self, name))
            except ValidationError as error:
                raise ValidationError({name: error}) from error

    @property
    def link(self) -> str:
        return self.number.as_rfc3966

    @property
    def answered_by_in_words(self) -> str:
        return in_language_of_page(self.answered_by, self.answered_by_es)

    @property
    def caller_id_in_words(self) -> str:
        return in_language_of_page(self.caller_id, self.caller_id_es)

    @property
    def languages_in_words(self) -> str:
        names = {"en": gettext("English"), "es": gettext("Spanish")}
        return pgettext("between two languages", " and ").join(names[language] for language in self.languages)

    @property
    def opening(self) -> Opening:
        return self.opening_at(timezone.now())

    @property
    def opening_in_words(self) -> str:
        return self.opening_in_words_at(timezone.now())

    @property
    def state_in_words(self) -> str:
        """Only whether it is open, where there is no room for more; nothing for a line without hours."""
        opening = self.opening
        if opening.is_open:
            return gettext("Open now")
        return gettext("Closed now") if opening.changes_at else ""

    @cached_property
    def week(self) -> Week:
        """Its hours as plain values, read once and kept on the instance."""
        return tuple((row.weekday, row.opens, row.closes, row.until_next_day) for row in self.hours.all())

    def opening_in_words_at(self, now: datetime) -> str:
        return opening_in_words(self.opening_at(now), now, zone=zones.zone_in_words(self.time_zone))

    def opening_at(self, now: datetime) -> Opening:
        """`now` is aware; `changes_at` is on the line's own clock."""
        rows = [stretch(row.weekday, row.opens, row.closes) for row in self.hours.all()]
        return read_opening(rows, now.astimezone(ZoneInfo(self.time_zone)))


class PhoneHours(models.Model):
    """One stretch of hours on one day of the week in which a line is answered."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "Monday"
        TUESDAY = 1, "Tuesday"
        WEDNESDAY = 2, "Wednesday"
        THURSDAY = 3, "Thursday"
        FRIDAY = 4, "Friday"
        SATURDAY = 5, "Saturday"
        SUNDAY = 6, "Sunday"

    line = ParentalKey(PhoneLine, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.TimeField()
    closes = models.TimeField(
        help_text="12:00 AM is the midnight after it opens. For open through the night, make two rows that meet there."
    )

    panels = [
        FieldPanel("weekday"),
        FieldPanel("opens", widget=ClockInput),
        FieldPanel("closes", widget=ClockInput),
    ]

    class Meta:
        ordering = ["weekday", "opens"]
        verbose_name_plural = "phone hours"
        constraints = [
            models.CheckConstraint(
                name="phonehours_close_after_opening",
                condition=models.Q(closes__gt=models.F("opens")) | models.Q(closes=time.min),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M} to {self.closes:%H:%M}"

    @property
    def until_next_day(self) -> timedelta:
        """A day for a row that closes at the midnight after it opens, else nothing."""
        return timedelta(days=self.closes == time.min)

    def clean(self) -> None:
        if None not in (self.opens, self.closes) and time.min < self.closes <= self.opens:
            raise ValidationError({"closes": "This is not later than it opens. For a night, make two rows."})


class CrisisLine(Fact):
    """One number for an emergency or a crisis, shown on every page, with the day on which somebody last checked it."""

    label = models.CharField(max_length=80)
    label_es = models.CharField(max_length=80, blank=True, verbose_name="label, in Spanish")
    number = models.CharField(
        max_length=30, validators=[check_dialled], help_text="As people dial it: 911, 988, 1-800-662-4357."
    )
    text_number = models.CharField(
        max_length=30,
        blank=True,
        validators=[check_dialled],
        help_text="The number for text messages, if there is one.",
    )
    text_word_es = models.CharField(
        max_length=20,
        blank=True,
        verbose_name="word to text, for Spanish",
        help_text="What to write to that number to be answered in Spanish, such as AYUDA.",
    )
    when = models.CharField(max_length=160, help_text="When to call it, in a few words.")
    when_es = models.CharField(max_length=160, blank=True, verbose_name="when, in Spanish")
    url = models.URLField(blank=True)
    in_strip = models.BooleanField(default=False, help_text="Shown in the line at the top of every page.")
    strip_words = models.CharField(
        max_length=60, blank=True, help_text="Its words there, such as “Emergency? Call 911.”"
    )
    strip_words_es = models.CharField(max_length=60, blank=True, verbose_name="strip words, in Spanish")
    checked_on = models.DateField()
    sort_order = models.PositiveSmallIntegerField(default=0)

    panels = [
        FieldPanel("label"),
        FieldPanel("label_es"),
        FieldPanel("number"),
        FieldPanel("text_number"),
        FieldPanel("text_word_es"),
        FieldPanel("when"),
        FieldPanel("when_es"),
        FieldPanel("url"),
        FieldPanel("in_strip"),
        FieldPanel("strip_words"),
        FieldPanel("strip_words_es"),
        FieldPanel("checked_on", widget=DayInput),
        FieldPanel("sort_order", widget=CountInput),
    ]

    class Meta:
        ordering = ["sort_order", "label"]

    def __str__(self) -> str:
        return self.label

    @property
    def label_in_words(self) -> str:
        return in_language_of_page(self.label, self.label_es)

    @property
    def when_in_words(self) -> str:
        """A sentence."""
        return in_language_of_page(capfirst(self.when), capfirst(self.when_es))

    @property
    def strip_in_words(self) -> str:
        return in_language_of_page(self.strip_words, self.strip_words_es)

    def clean(self) -> None:
        if self.in_strip and not self.strip_words.strip():
            raise ValidationError({"strip_words": "Write the words that stand at the top of every page."})
        if not self.in_strip and not CrisisLine.objects.live().filter(in_strip=True).exclude(pk=self.pk).exists():
            raise ValidationError({"in_strip": "At least one crisis line stays at the top of every page."})


class Facility(Fact):
    """One place of treatment: where it is, who licensed it, who owns it. What we write of it is its page."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    street = models.CharField(max_length=120)
    city = models.CharField(max_length=80)
    state = models.CharField(max_length=2, choices=STATES)
    postal_code = models.CharField(max_length=10, validators=[check_postal_code], verbose_name="ZIP code")
    time_zone = models.CharField(max_length=40, choices=zones.CHOICES, default="America/Los_Angeles")
    phone_line = models.ForeignKey(
        PhoneLine, null=True, blank=True, on_delete=models.PROTECT, related_name="facilities"
    )
    licence = models.CharField(max_length=200, help_text="Who licensed it, and the number.")
    owner = models.CharField(max_length=300, help_text="Who owns it, in one sentence.")
    getting_here = RichTextField(features=PLAIN_TEXT, blank=True)
    levels = ArrayField(
        models.CharField(max_length=20, choices=Level), default=list, blank=True, verbose_name="levels of care"
    )
    medicines = ArrayField(
        models.CharField(max_length=20, choices=Medicine),
        default=list,
        blank=True,
        verbose_name="medicines for opioid use disorder",
    )
    languages = ArrayField(models.CharField(max_length=5, choices=Language), default=list, blank=True)
    takes_new_patients = models.BooleanField(null=True, blank=True)
    asked_on = models.DateField(
        null=True,
        blank=True,
        verbose_name="as of",
        help_text=f"When somebody last asked there. After {SAID_FOR.days} days, pages no longer say it.",
    )
    is_demo = models.BooleanField(default=False, help_text="Says on the page that the place is made up.")

    # Only those who may add a facility may change its licence and owner.
    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("street", "city", "state", "postal_code", "time_zone")], heading="Address"
        ),
        GuardedPanel("phone_line", permission="facilities.add_facility"),
        GuardedPanel("licence", permission="facilities.add_facility"),
        GuardedPanel("owner", permission="facilities.add_facility"),
        MultiFieldPanel([FieldPanel(name) for name in ("levels", "medicines", "languages")], heading="Care"),
        MultiFieldPanel(
            [FieldPanel("takes_new_patients"), FieldPanel("asked_on", widget=DayInput)], heading="New patients"
        ),
        FieldPanel("getting_here"),
        GuardedPanel("is_demo", permission="facilities.add_facility"),
    ]
    base_form_class = FacilityForm

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "facilities"
        constraints = [
            models.CheckConstraint(
                name="new_patients_are_dated",
                condition=models.Q(takes_new_patients=None, asked_on=None)
                | models.Q(takes_new_patients__isnull=False, asked_on__isnull=False),
                violation_error_message="Say whether it takes new patients, and when somebody asked: both, or none.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("facilities:facility", args=[self.slug])

    @property
    def levels_in_words(self) -> list[str]:
        return labels(Level, self.levels)

    @property
    def medicines_in_words(self) -> list[str]:
        return labels(Medicine, self.medicines)

    @property
    def languages_in_words(self) -> list[str]:
        return labels(Language, self.languages)

    @property
    def says_new_patients(self) -> bool:
        """Whether somebody asked lately enough to say anything."""
        return bool(self.asked_on) and self.asked_on >= timezone.localdate() - SAID_FOR

    def clean(self) -> None:
        check_fields(self, "name", "getting_here")
        if self.asked_on and self.asked_on > timezone.localdate():
            raise ValidationError({"asked_on": "This day is still to come."})


for viewset in ("PhoneLineViewSet", "CrisisLineViewSet", "FacilityViewSet"):
    register_snippet(f"facilities.directory.snippets.{viewset}")
