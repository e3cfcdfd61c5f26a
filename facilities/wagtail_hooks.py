"""Trims the editor to what Quietline uses, and refuses what would break a page that the public reads."""

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.models import RevisionMixin

from facilities.directory.uses import uses_of


@hooks.register("construct_main_menu")
def hide_unused(request: HttpRequest, menu_items: list) -> None:
    menu_items[:] = [item for item in menu_items if item.name != "help"]


@hooks.register("before_delete_snippet")
def refuse_to_delete_what_is_used(request: HttpRequest, instances: list[models.Model]) -> HttpResponse | None:
    used = {instance: uses for instance in instances if (uses := uses_of(instance))}
    for instance, uses in used.items():
        messages.error(request, f"“{instance}” was not deleted. It is used by {', '.join(uses)}. Change that first.")
    return redirect(instances[0].snippet_viewset.get_url_name("list")) if used else None


@hooks.register("before_edit_snippet")
def keep_what_was_there(request: HttpRequest, instance: models.Model) -> None:
    """A row made outside the editor has no history yet: its first change there would leave no trace of before."""
    if request.method == "POST" and isinstance(instance, RevisionMixin) and instance.latest_revision_id is None:
        instance.save_revision(clean=False)
