"""Who relies on a row: nothing that a page, the header or the desk uses is deleted under it."""

from collections.abc import Iterator

from django.db import models
from wagtail.fields import StreamField
from wagtail.models import Page, ReferenceIndex

from facilities.directory.models import CrisisLine


def uses_of(instance: models.Model) -> list[str]:
    """What uses this row, in words for staff. Records of the desk are counted by kind, never named."""
    strip = (
        ["the line at the top of every page"]
        if isinstance(instance, CrisisLine) and instance.in_strip and instance.live
        else []
    )
    return list(dict.fromkeys([*strip, *_mentions(instance), *_drafts(instance), *_relations(instance)]))


def _mentions(instance: models.Model) -> Iterator[str]:
    """The pages whose blocks name the row."""
    for user, _ in ReferenceIndex.get_grouped_references_to(instance):
        if isinstance(user, Page):
            yield f"the page “{user.get_admin_display_title()}”"


def _drafts(instance: models.Model) -> Iterator[str]:
    """The pages that name the row only once their latest draft is published: Wagtail's index knows none of those."""
    for page in Page.objects.filter(has_unpublished_changes=True).select_related("latest_revision"):
        draft = page.get_latest_revision_as_object()
        named = {(model, key) for model, key, *_ in _extracted(draft)}
        if (type(instance), str(instance.pk)) in named:
            yield f"the draft of the page “{draft.title}”"


def _extracted(draft: Page) -> Iterator[tuple]:
    for field in draft._meta.fields:
        if isinstance(field, StreamField):
            yield from field.extract_references(field.value_from_object(draft))


def _relations(instance: models.Model) -> Iterator[str]:
    for relation in instance._meta.get_fields(include_hidden=True):
        is_use = relation.auto_created and getattr(relation, "on_delete", None) is not models.CASCADE
        if is_use and not relation.concrete:
            users = relation.related_model._base_manager.filter(**{relation.field.name: instance})
            yield from _in_words(users)


def _in_words(users: models.QuerySet) -> Iterator[str]:
    meta = users.model._meta
    if meta.app_label == "intake":
        if users.exists():
            yield f"the desk ({meta.verbose_name_plural})"
    elif issubclass(users.model, Page):
        yield from (f"the page “{page.get_admin_display_title()}”" for page in users)
    elif meta.model_name == "sitesettings":
        yield from ("the site settings" for _ in users)
    else:
        yield from (f"the {meta.verbose_name} “{user}”" for user in users)
