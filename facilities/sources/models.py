"""A public source that pages cite."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.models import RevisionMixin
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from facilities.widgets import CountInput, DayInput


class Source(RevisionMixin, index.Indexed, models.Model):
    """One public document that supports a claim. Pages number it by its first mention and list it at the end."""

    publisher = models.CharField(max_length=160)
    title = models.CharField(max_length=300)
    year = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1800)],
        help_text="Leave empty if the document shows none.",
    )
    url = models.URLField(max_length=500, verbose_name="address", unique=True)
    accessed_on = models.DateField(help_text="When somebody last read it and found the claim there.")
    note = models.TextField(blank=True, help_text="For staff: what it was cited for, and how that was checked.")

    panels = [
        FieldPanel("publisher"),
        FieldPanel("title"),
        FieldPanel("year", widget=CountInput),
        FieldPanel("url"),
        FieldPanel("accessed_on", widget=DayInput),
        FieldPanel("note"),
    ]
    search_fields = [
        index.SearchField("title"),
        index.SearchField("publisher"),
        index.AutocompleteField("title"),
        index.AutocompleteField("publisher"),
    ]

    class Meta:
        ordering = ["publisher", "title"]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}"

    def clean(self) -> None:
        today = timezone.localdate()
        if self.year and self.year > today.year:
            raise ValidationError({"year": "This year is still to come."})
        if self.accessed_on and self.accessed_on > today:
            raise ValidationError({"accessed_on": "This day is still to come."})


register_snippet("facilities.sources.snippets.SourceViewSet")
