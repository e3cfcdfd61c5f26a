"""What articles are about: the index of articles shows those of one topic."""

from django.db import models
from wagtail.snippets.models import register_snippet


class Topic(models.Model):
    """One thing that people look for, such as opioids or helping somebody else."""

    name = models.CharField(max_length=60, unique=True, help_text="One or two words, as people say it.")
    slug = models.SlugField(max_length=60, unique=True, help_text="The end of the address of its list.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


register_snippet("facilities.pages.snippets.TopicViewSet")
