"""Nobody publishes a page alone. Taking one down is no publishing: it must be quick, and one person may do it."""

import hashlib
import json
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from wagtail.models import Page
from wagtail.models.pages import PagePermissionTester

from facilities.review.sentences import CitedSentence

TAKES_DOWN = "lock"  # who may hold a page as it is may also take it down; Wagtail asks for the right to publish


class TakesTwo:
    """For a page type, before Page."""

    def permissions_for_user(self, user: User) -> PagePermissionTester:
        return TakesTwoTester(user, self)

    def cited_sentences(self) -> list[CitedSentence]:
        """What the clinician ticks, beside its sources, before the page is approved."""
        return []


class TakesTwoTester(PagePermissionTester):
    page: Page

    def can_unpublish(self) -> bool:
        is_there = self.page.live and not self.page_is_root and not self.page_locked()
        return self.user.is_active and is_there and self._may_take_down()

    def can_unschedule(self) -> bool:
        return self.user.is_active and not self.page_is_root and self._may_take_down()

    def can_reorder_children(self) -> bool:
        """The order of the menu."""
        return self.user.is_active and self._may_take_down()

    def _may_take_down(self) -> bool:
        return self.user.is_superuser or TAKES_DOWN in self.permissions


class Signed(models.Model):
    """For a page type that a clinician signs, before Page. The clinical review fills these fields, and nobody else."""

    reviewed_by = models.CharField(max_length=120, blank=True, help_text="The clinician, with credentials.")
    last_reviewed_on = models.DateField(null=True, blank=True)
    next_review_on = models.DateField(null=True, blank=True)
    signed_digest = models.CharField(max_length=64, blank=True, editable=False)  # of what was approved last

    class Meta:
        abstract = True

    def what_is_signed(self) -> Any:
        """Every word that the page shows, and what its sources and facts say: in lists, dicts and strings."""
        raise NotImplementedError

    def digest(self) -> str:
        """SHA-256 of what a clinician would sign now, in hex."""
        told = json.dumps(self.what_is_signed(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def is_changed_since_review(self) -> bool:
        """Whether a clinician signed other words, sources or facts than these.

        A page that was signed before digests were kept (0032) has none to compare with, and counts as unchanged.
        """
        return bool(self.last_reviewed_on and self.signed_digest) and self.signed_digest != self.digest()
