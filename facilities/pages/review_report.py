"""The report on reviews, under Reports in the editor: what no clinician has read comes first, then what is due next."""

from datetime import timedelta
from typing import Any

from django.db.models import DateField, Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.urls import path, reverse
from django.utils import timezone
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from facilities.pages.advice import is_hard, reading_of
from facilities.review.forced import ForcedPublishing
from facilities.review.pages import Signed

NAME, FORCED = "reviews", "forced_publishings"
SOON, LATER = timedelta(days=30), timedelta(days=90)


def state_of(page: Any) -> str:
    """For staff. The page has `is_forced`, as the report reads it."""
    if page.is_forced:
        return "Published without a review"
    if not page.last_reviewed_on:
        return "Never reviewed"
    if page.is_changed_since_review:
        return "Changed since its review"
    return _due(page.next_review_on)


def _due(day: Any) -> str:
    left = day - timezone.localdate() if day else None
    if left is None or left > LATER:
        return "In order"
    if left < timedelta(0):
        return "Overdue"
    return f"Due within {(SOON if left <= SOON else LATER).days} days"


def reading_level(page: Any) -> str:
    reading = reading_of(page)
    if not reading:
        return "No words yet"
    hard = ": hard to read" if is_hard(reading) else ""
    return f"Grade {reading.grade:.1f}, LIX {reading.lix:.0f}{hard}"


class Reviews(ReportView):
    page_title = "Reviews"
    header_icon = "check"
    index_url_name = NAME
    index_results_url_name = f"{NAME}_results"
    permission_policy = PagePermissionPolicy()
    any_permission_required = ["add", "change"]
    is_searchable = False
    columns = [
        TitleColumn("title", label="Page", get_url=lambda page: reverse("wagtailadmin_pages:edit", args=[page.pk])),
        Column("state", label="State", accessor=state_of),
        Column("next_review_on", label="Next review"),
        Column("last_reviewed_on", label="Last review"),
        Column("reviewed_by", label="By"),
        Column("reading", label="Reading level", accessor=reading_level),
    ]
    list_export = ["title", "next_review_on", "last_reviewed_on", "reviewed_by"]

    def get_queryset(self) -> QuerySet[Page]:
        """Whoever signs wants first what readers see unsigned."""
        forced = Exists(ForcedPublishing.objects.open().filter(page=OuterRef("pk")))
        days = [F(f"{model._meta.model_name}__next_review_on") for model in signed_models()]
        due = Coalesce(*days, None, output_field=DateField())
        pages = Page.objects.live().type(*signed_models()).annotate(is_forced=forced, due=due)
        return pages.order_by("-is_forced", F("due").asc(nulls_first=True), "title").specific()


def signed_models() -> list[type[Page]]:
    return [model for model in Signed.__subclasses__() if issubclass(model, Page)]


class Forced(ReportView):
    page_title = "Published without a review"
    header_icon = "warning"
    index_url_name = FORCED
    index_results_url_name = f"{FORCED}_results"
    permission_policy = PagePermissionPolicy()
    any_permission_required = ["change"]
    is_searchable = False
    columns = [
        TitleColumn("page", label="Page", get_url=lambda row: reverse("wagtailadmin_pages:edit", args=[row.page_id])),
        Column("reason", label="Why"),
        Column("forced_by", label="By"),
        DateColumn("forced_at", label="Published"),
        Column("approved_by", label="Approved by"),
        DateColumn("approved_at", label="Approved"),
    ]
    list_export = ["page", "reason", "forced_by", "forced_at", "approved_by", "approved_at"]

    def get_queryset(self) -> QuerySet[ForcedPublishing]:
        rows = ForcedPublishing.objects.select_related("page", "forced_by", "approved_by")
        return rows.order_by(F("approved_at").asc(nulls_first=True), "-forced_at")


class PagesMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return PagePermissionPolicy().user_has_any_permission(request.user, ["change"])


def reviews_item() -> PagesMenuItem:
    return PagesMenuItem("Reviews", reverse(NAME), name=NAME, icon_name="check", order=690)


def forced_item() -> PagesMenuItem:
    return PagesMenuItem("Published without a review", reverse(FORCED), name=FORCED, icon_name="warning", order=695)


urlpatterns = [
    path("reports/reviews/", Reviews.as_view(), name=NAME),
    path("reports/reviews/results/", Reviews.as_view(results_only=True), name=f"{NAME}_results"),
    path("reports/published-without-review/", Forced.as_view(), name=FORCED),
    path("reports/published-without-review/results/", Forced.as_view(results_only=True), name=f"{FORCED}_results"),
]
