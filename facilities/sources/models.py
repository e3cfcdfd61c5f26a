"""A public source that pages cite."""

import re
from collections.abc import Iterator
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import Truncator
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import RevisionMixin
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from facilities.widgets import CountInput, DayInput

ABBREVIATION = re.compile(r"\(([A-Z]{2,8})\)")
LABEL_LENGTH = 48  # characters


class SourceQuerySet(models.QuerySet):
    def with_link_due(self, before: datetime) -> "SourceQuerySet":
        """Those whose link nobody has looked at since then; with a link that changed meanwhile, too."""
        fresh = Q(link_check__checked_at__gte=before, link_check__url=F("url"))
        return self.exclude(url="").exclude(fresh)


class Source(RevisionMixin, index.Indexed, models.Model):
    """One public document that supports a claim. Pages number it by its first mention and list it at the end."""

    class Kind(models.TextChoices):
        WEB_PAGE = "web_page", "Web page"
        ARTICLE = "article", "Journal article"
        REPORT = "report", "Report"
        GUIDELINE = "guideline", "Guideline"
        BOOK = "book", "Book"
        LAW = "law", "Law or rule"
        DATA = "data", "Data set"

    kind = models.CharField(max_length=20, choices=Kind, default=Kind.WEB_PAGE)
    authors = models.CharField(
        max_length=300, blank=True, help_text="As the document names them. Leave empty if it names only the publisher."
    )
    publisher = models.CharField(max_length=160, help_text="The agency, journal or house that published it.")
    title = models.CharField(max_length=300)
    year = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1800)],
        help_text="Leave empty if the document shows none.",
    )
    url = models.URLField(max_length=500, verbose_name="link", blank=True, help_text="A book may have none.")
    accessed_on = models.DateField(help_text="When somebody first read it there.")
    checked_on = models.DateField(
        blank=True,
        help_text="When somebody last read it and found that it still says so. Empty means: on the day above.",
    )
    superseded_by = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The newer source that replaces it. Pages that cite this one should then cite that.",
    )
    note = models.TextField(blank=True, help_text="For staff: what it was cited for, and how that was checked.")

    objects = SourceQuerySet.as_manager()

    panels = [
        FieldPanel("title"),
        FieldPanel("authors"),
        FieldRowPanel([FieldPanel("publisher"), FieldPanel("kind")]),
        FieldPanel("year", widget=CountInput),
        FieldPanel("url"),
        FieldRowPanel([FieldPanel("accessed_on", widget=DayInput), FieldPanel("checked_on", widget=DayInput)]),
        FieldPanel("superseded_by"),
        FieldPanel("note"),
    ]
    search_fields = [
        index.SearchField("title"),
        index.SearchField("publisher"),
        index.SearchField("authors"),
        index.AutocompleteField("title"),
        index.AutocompleteField("publisher"),
        index.AutocompleteField("authors"),
        index.FilterField("superseded_by"),
    ]

    class Meta:
        ordering = ["publisher", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["url"],
                condition=~Q(url=""),
                name="source_has_a_link_of_its_own",
                violation_error_message="There is a source with this link already. Cite that one.",
            ),
            models.CheckConstraint(
                condition=Q(checked_on__gte=F("accessed_on")),
                name="source_is_checked_after_it_was_read",
                violation_error_message="It cannot have been checked before it was first read.",
            ),
            models.CheckConstraint(
                condition=~Q(superseded_by=F("id")),
                name="source_does_not_supersede_itself",
                violation_error_message="A source cannot replace itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}"

    @property
    def label(self) -> str:
        """How the editor shows a citation within a sentence: "CDC 2024: Treatment for Opioid Use Disorder…"."""
        abbreviation = ABBREVIATION.search(self.publisher)
        who = abbreviation[1] if abbreviation else Truncator(self.authors or self.publisher).chars(20)
        return Truncator(f"{who}{f' {self.year}' if self.year else ''}: {self.title}").chars(LABEL_LENGTH)

    def clean(self) -> None:
        self.checked_on = self.checked_on or self.accessed_on
        today = timezone.localdate()
        if self.year and self.year > today.year:
            raise ValidationError({"year": "This year is still to come."})
        for name in ("accessed_on", "checked_on"):
            if (day := getattr(self, name)) and day > today:
                raise ValidationError({name: "This day is still to come."})
        if self in self.newer():
            raise ValidationError({"superseded_by": "That source is itself replaced by this one, directly or not."})

    def newer(self) -> "Iterator[Source]":
        """What replaces it, then what replaces that, and so on; each once, also where they go in a circle."""
        seen: set[int] = set()
        source = self.superseded_by
        while source and source.pk not in seen:
            yield source
            seen.add(source.pk)
            source = source.superseded_by


class LinkCheck(models.Model):
    """What the last look at the link of a source found. One row for each source that has a link."""

    class State(models.TextChoices):
        NOT_FOUND = "not_found", "Not found"
        NO_ANSWER = "no_answer", "No answer"
        NOT_ASKED = "not_asked", "Not a public address"
        MOVED = "moved", "Moved for good"
        REFUSES = "refuses", "Wants no machine: look yourself"
        ANSWERS = "answers", "Answers"

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="link_check")
    url = models.URLField(max_length=500, verbose_name="link")
    state = models.CharField(max_length=20, choices=State)
    detail = models.CharField(max_length=500, blank=True, help_text="A status of HTTP, or where it moved to.")
    checked_at = models.DateTimeField()
    since = models.DateTimeField(help_text="How long each look has found the same.")

    wagtail_reference_index_ignore = True  # it is no use of the source

    def __str__(self) -> str:
        return f"{self.get_state_display()} ({self.checked_at:%Y-%m-%d})"

    @property
    def needs_a_look(self) -> bool:
        return self.state in (self.State.NOT_FOUND, self.State.NO_ANSWER, self.State.NOT_ASKED, self.State.MOVED)


register_snippet("facilities.sources.snippets.SourceViewSet")
