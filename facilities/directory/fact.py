"""What all facts share: a change waits for a second person, and its preview shows every page that it touches."""

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Page,
    PreviewableMixin,
    ReferenceIndex,
    RevisionMixin,
    WorkflowMixin,
)

MOST_PREVIEWED = 20  # pages


class FactQuerySet(models.QuerySet):
    def live(self) -> "FactQuerySet":
        """Those that were approved: what else there is, nobody reads yet."""
        return self.filter(live=True)


class Fact(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model):
    """A row that pages show as soon as it is live."""

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="%(class)s",
        for_concrete_model=False,
    )

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True

    @cached_property
    def preview_modes(self) -> list[tuple[str, str]]:
        """Where it shows, and then each of these pages with it."""
        pages = pages_that_show(self)[:MOST_PREVIEWED]
        return [("", "Where it shows"), *((str(page.pk), page.get_admin_display_title()) for page in pages)]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        request.draft_of_fact = self  # facilities.facts puts it in the place of what is live
        page = Page.objects.filter(pk=mode_name).specific().first() if (mode_name or "").isdecimal() else None
        return page.serve(request) if page else super().serve_preview(request, mode_name)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "facilities/fact_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return super().get_preview_context(request, mode_name) | {"pages": pages_that_show(self)}


def pages_that_show(fact: models.Model) -> list[Page]:
    """The home pages, whose head and foot are those of every page, and each published page that names the fact."""
    keys = set(Page.objects.filter(sites_rooted_here__isnull=False).values_list("pk", flat=True))
    named = [fact] if fact.pk else []
    while named:
        shown = named.pop()
        keys |= _pages_about(shown)
        for user, _ in ReferenceIndex.get_grouped_references_to(shown):
            if isinstance(user, Page):
                keys.add(user.pk)
            elif isinstance(user, Fact):  # a facility has a line, and a page shows the facility
                named.append(user)
    return list(Page.objects.live().filter(pk__in=keys).order_by("path"))


def _pages_about(fact: models.Model) -> set[int]:
    """The keys of pages that are about one row alone: Wagtail's index knows nothing of these."""
    models_of_pages = [each for each in fact._meta.related_objects if issubclass(each.related_model, Page)]
    return {
        key
        for each in models_of_pages
        for key in each.related_model.objects.filter(**{each.field.name: fact}).values_list("pk", flat=True)
    }
