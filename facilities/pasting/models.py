"""A pasted text, kept until it is a page."""

from django.conf import settings
from django.db import models
from wagtail.models import Page

LONGEST = 2_000_000  # characters; a book of 300 pages, with the marks of Word


class PastedText(models.Model):
    """One text that somebody pasted, with what they have confirmed of it so far. It goes once its page is there."""

    parent = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")  # below which the page is made
    words = models.TextField(max_length=LONGEST)  # HTML or plain, as it was pasted
    answers = models.JSONField(default=dict, blank=True)  # lists of values by the name of their field
    pasted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    pasted_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True  # it is no use of the page

    class Meta:
        ordering = ["-pasted_at"]

    def __str__(self) -> str:
        return f"pasted on {self.pasted_at:%Y-%m-%d}"
