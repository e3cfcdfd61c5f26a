"""Who relies on a row: nothing that a page, the header or the desk uses is deleted under it."""

from collections.abc import Iterator

from django.db import models
from wagtail.models import Page, ReferenceIndex

from facilities.directory.models import CrisisLine


def uses_of(instance: models.Model) -> list[str]:
    """What uses this row, in words for staff. Records of the desk are counted by kind, never named."""
    strip = ["the line at the top of every page"] if isinstance(instance, CrisisLine) and instance.in_strip else []
    return list(dict.fromkeys([*strip, *_mentions(instance), *_relations(instance)]))


def _mentions(instance: models.Model) -> Iterator[str]:
    """The pages whose blocks name the row."""
    for user, _ in ReferenceIndex.get_grouped_references_to(instance):
        if isinstance(user, Page):
            yield f"the page “{user.get_admin_display_title()}”"


def _relations(instance: models.Model) -> Iterator[str]:
    for relation in instance._meta.get_fields(include_hidden=True):
        if relation.one_to_many and relation.auto_created and relation.on_delete is not models.CASCADE:
            users = relation.related_model._base_manager.filter(**{relation.field.name: instance})
            yield from _in_words(users)


def _in_words(users: models.QuerySet) -> Iterator[str]:
    meta = users.model._meta
    if meta.app_label == "intake":
        if users.exists():
            yield f"the desk ({meta.verbose_name_plural})"
    elif meta.model_name == "sitesettings":
        yield from ("the site settings" for _ in users)
    else:
        yield from (f"the {meta.verbose_name} “{user}”" for user in users)
