"""Who changed something since it was last approved: they do not approve it themselves."""

import json
from typing import Any

from wagtail.models import Page, Revision, RevisionMixin

from facilities.review.forced import ForcedPublishing

# What saving itself changes: the same words saved again are no change.
KEPT_BY_WAGTAIL = {
    *("pk", "id", "latest_revision", "latest_revision_created_at", "live", "live_revision", "has_unpublished_changes"),
    *("first_published_at", "last_published_at", "go_live_at", "expire_at", "expired", "draft_title"),
    *("locked", "locked_at", "locked_by", "owner", "path", "depth", "numchild", "url_path", "wagtail_admin_comments"),
}


def editors_since_approval(instance: RevisionMixin) -> set[int]:
    """The keys of all users with a version that differs from the one before it, since the one that was approved."""
    approved = _approved_version(instance)
    versions = instance.revisions.order_by("created_at", "pk")
    since = [version for version in versions if approved is None or version.pk >= approved]
    found, before = set(), None
    for version in since:
        told = _told(version)
        if version.user_id and version.pk != approved and told != before:
            found.add(version.user_id)
        before = told
    return found


def _approved_version(instance: RevisionMixin) -> int | None:
    """The key of the version that is live, or that was before somebody published without a review."""
    forced = ForcedPublishing.objects.open().filter(page=instance.pk) if isinstance(instance, Page) else None
    first = forced.order_by("pk").first() if forced is not None else None
    return first.version_before_id if first else instance.live_revision_id


def _told(version: Revision) -> Any:
    """What a version says, without what Wagtail writes into it by itself."""
    return _without(version.content, KEPT_BY_WAGTAIL)


def _without(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(inner, names) for name, inner in value.items() if name not in names}
    if isinstance(value, list):
        return [_without(inner, names) for inner in value]
    if isinstance(value, str) and value.startswith(("[", "{")):  # a body is kept as text
        try:
            return _without(json.loads(value), names)
        except ValueError:
            return value
    return value
