"""Narrowing the queue to some leads, and keeping such a filter under a name. Crisis words pass every filter."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.db.models import Q

from intake.callbacks.answers import About, Language
from intake.leads.lists import LeadQuerySet
from intake.leads.models import ABOUT_WHOM


class SavedFilter(models.Model):
    """What one member of staff narrows the queue to, under a name of theirs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=40)
    language = models.CharField(max_length=10, choices=Language, blank=True)
    about = models.CharField(max_length=20, choices=About, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="savedfilter_name_once")]

    def __str__(self) -> str:
        return f"Filter {self.pk}"

    @property
    def query(self) -> dict[str, str]:
        """As the address of the queue carries it."""
        return {name: value for name in ("language", "about") if (value := getattr(self, name))}


class FilterForm(forms.ModelForm):
    """Neither answer is needed. An answer that is none of the choices narrows nothing."""

    class Meta:
        model = SavedFilter
        fields = ("language", "about")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", "Any"), *Language.choices]
        about = [(value, words.capitalize()) for value, words in ABOUT_WHOM.items() if value]  # as the rows say it
        self.fields["about"].choices = [("", "Anybody"), *about]

    @property
    def query(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}

    @property
    def in_words(self) -> str:
        return ", ".join(str(dict(self.fields[name].choices)[value]) for name, value in self.query.items())

    def narrow(self, leads: LeadQuerySet) -> LeadQuerySet:
        return leads.filter(Q(**self.query) | Q(is_crisis=True)) if self.query else leads


class SaveForm(FilterForm):
    """A filter with its name."""

    class Meta(FilterForm.Meta):
        fields = ("name", "language", "about")
