"""A public source that pages cite."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import RevisionMixin
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from facilities.widgets import DayInput


@register_snippet
class Source(RevisionMixin, index.Indexed, models.Model):
    """One public document that supports a claim. Pages number it by its first mention and list it at the end."""

    publisher = models.CharField(max_length=160)
    title = models.CharField(max_length=300)
    year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Leave empty if the document shows none.")
    url = models.URLField(max_length=500, verbose_name="address", unique=True)
    accessed_on = models.DateField(help_text="When somebody last read it and found the claim there.")
    note = models.TextField(blank=True, help_text="For staff: what it was cited for, and how that was checked.")

    panels = [
        FieldPanel("publisher"),
        FieldPanel("title"),
        FieldPanel("year"),
        FieldPanel("url"),
        FieldPanel("accessed_on", widget=DayInput),
        FieldPanel("note"),
    ]
    search_fields = [index.SearchField("title"), index.SearchField("publisher"), index.AutocompleteField("title")]

    class Meta:
        ordering = ["publisher", "title"]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}"
