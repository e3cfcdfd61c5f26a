"""Publishing before a review: a manager says why in words, and it stays flagged until a clinician has approved it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from wagtail.models import Page, Revision

from facilities.review.pages import Signed

FEWEST_WORDS = 4
TOO_SHORT = "Say in a sentence why this cannot wait. Whoever reviews it afterwards reads it."


def check_reason(reason: str) -> None:
    """Raises ValidationError. One word is no reason."""
    if len(reason.split()) < FEWEST_WORDS:
        raise ValidationError(TOO_SHORT)


class ForcedPublishingQuerySet(models.QuerySet):
    def open(self) -> "ForcedPublishingQuerySet":
        """Those that nobody has approved since."""
        return self.filter(approved_at=None)


class ForcedPublishing(models.Model):
    """One publishing of a page that no clinician had read."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField(validators=[check_reason], help_text="Why it cannot wait for the review.")
    forced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    forced_at = models.DateTimeField(auto_now_add=True)
    version_before = models.ForeignKey(Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = ForcedPublishingQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # it is no use of the page

    class Meta:
        ordering = ["-forced_at"]
        verbose_name_plural = "forced publishings"
        constraints = [
            models.CheckConstraint(
                name="forced_publishing_is_approved_by_somebody",
                condition=models.Q(approved_by=None, approved_at=None)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"page {self.page_id}, {self.forced_at:%Y-%m-%d}"


@transaction.atomic
def force(page: Page, *, by: models.Model, reason: str) -> ForcedPublishing:
    """Publish the latest version, and send it to its review, which then decides on it. Raises ValidationError."""
    locked = Page.objects.select_for_update().get(pk=page.pk).specific
    before, version = locked.live_revision, locked.get_latest_revision() or locked.save_revision(user=by)
    if isinstance(locked, Signed) and locked.last_reviewed_on and not locked.signed_digest:
        version.content["signed_digest"] = locked.digest()  # of what was read until now, to compare with
        version.save(update_fields=["content"])
    forced = ForcedPublishing(page=locked, reason=reason, forced_by=by, version_before=before)
    forced.full_clean()
    forced.save()
    version.publish(user=by, skip_permission_checks=True)
    published = Page.objects.get(pk=page.pk).specific
    workflow = published.get_workflow()
    if workflow and not published.workflow_in_progress:
        published.save_revision(user=by)
        workflow.start(published, by)
    return forced


def is_forced(page: Page) -> bool:
    return ForcedPublishing.objects.open().filter(page=page.pk).exists()
