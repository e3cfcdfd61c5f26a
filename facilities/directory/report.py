"""The report on claims, under Reports in the editor: what has expired comes first, then what expires next."""

from django.db.models import QuerySet
from django.urls import path, reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from facilities.directory.claims import Claim

NAME = "claims"


class Claims(ReportView):
    page_title = "Claims"
    header_icon = "calendar-check"
    index_url_name = NAME
    index_results_url_name = f"{NAME}_results"
    permission_policy = ModelPermissionPolicy(Claim)
    any_permission_required = ["add", "change", "view"]
    is_searchable = False
    columns = [
        TitleColumn("wording", label="Claim", get_url=lambda claim: edit_address(claim)),
        Column("kind", label="About", accessor="get_kind_display"),
        Column("state", label="State"),
        Column("expires_on", label="Expires on"),  # DateColumn says "just now" of days to come
        Column("owner", label="Answers for it"),
    ]
    list_export = ["wording", "kind", "state", "expires_on", "owner", "evidence"]

    def get_queryset(self) -> QuerySet[Claim]:
        return Claim.objects.select_related("owner").order_by("expires_on", "pk")


def edit_address(claim: Claim) -> str:
    return reverse(claim.snippet_viewset.get_url_name("edit"), args=[claim.pk])


class ClaimsMenuItem(MenuItem):
    def is_shown(self, request: object) -> bool:
        return Claims.permission_policy.user_has_any_permission(request.user, Claims.any_permission_required)


def menu_item() -> ClaimsMenuItem:
    return ClaimsMenuItem("Claims", reverse(NAME), name=NAME, icon_name="calendar-check", order=710)


urlpatterns = [
    path("reports/claims/", Claims.as_view(), name=NAME),
    path("reports/claims/results/", Claims.as_view(results_only=True), name=f"{NAME}_results"),
]
