"""The report on the links of sources, under Reports in the editor: what needs a look comes first."""

import django_filters
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.urls import path, reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from facilities.sources.models import LinkCheck, Source

NAME = "links_of_sources"
STATES = dict(LinkCheck.State.choices)
WORST_FIRST = [When(link_check__state=state, then=Value(place)) for place, state in enumerate(LinkCheck.State.values)]


class LinkFilter(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        field_name="link_check__state", label="What was found", choices=LinkCheck.State.choices
    )

    class Meta:
        model = Source
        fields = ["state"]


class LinksOfSources(ReportView):
    page_title = "Links of sources"
    header_icon = "link"
    index_url_name = NAME
    index_results_url_name = f"{NAME}_results"
    permission_policy = ModelPermissionPolicy(Source)
    any_permission_required = ["add", "change", "view"]
    filterset_class = LinkFilter
    is_searchable = False
    columns = [
        TitleColumn("title", label="Source", get_url=lambda source: edit_address(source)),
        Column("state", label="Found", accessor=lambda source: STATES.get(source.state, "Not looked at yet")),
        Column("detail", label="More"),
        DateColumn("since", label="Since"),
        DateColumn("looked_at", label="Looked at"),
        DateColumn("checked_on", label="Read by a person"),
        Column("superseded_by", label="Replaced by"),
    ]
    list_export = ["title", "url", "state", "detail", "since", "looked_at", "checked_on"]

    def get_queryset(self) -> QuerySet[Source]:
        place = Case(*WORST_FIRST, default=Value(-1), output_field=IntegerField())
        found = {name: F(f"link_check__{name}") for name in ("state", "detail", "since")}
        sources = Source.objects.exclude(url="").select_related("superseded_by")
        sources = sources.annotate(**found, looked_at=F("link_check__checked_at"), place=place)
        return sources.order_by("place", "since", "title")


def edit_address(source: Source) -> str:
    return reverse(source.snippet_viewset.get_url_name("edit"), args=[source.pk])


class LinksMenuItem(MenuItem):
    def is_shown(self, request: object) -> bool:
        return LinksOfSources.permission_policy.user_has_any_permission(
            request.user, LinksOfSources.any_permission_required
        )


def menu_item() -> LinksMenuItem:
    return LinksMenuItem("Links of sources", reverse(NAME), name=NAME, icon_name="link", order=700)


urlpatterns = [
    path("reports/links/", LinksOfSources.as_view(), name=NAME),
    path("reports/links/results/", LinksOfSources.as_view(results_only=True), name=f"{NAME}_results"),
]
