"""The page on paying for treatment: which payers we can prove that we work with, and what happens when one calls."""

from typing import Any

from django.http import HttpRequest
from wagtail.models import Page

from facilities.directory.claims import Claim
from facilities.pages.menu import MENU_PANEL, SEARCH_PANEL, InMenu
from facilities.pages.models import REVIEW_PANEL, WrittenPage
from facilities.review.pages import Signed


class InsurancePage(InMenu, WrittenPage, Signed):
    """What plans pay, how we find out, and the payers of current claims. What is not proved is not listed."""

    content_panels = [*WrittenPage.content_panels, REVIEW_PANEL]
    promote_panels = [SEARCH_PANEL, MENU_PANEL]
    template = "facilities/insurance_page.html"
    parent_page_types = ["facilities.HomePage"]
    subpage_types: list[type[Page]] = []
    max_count_per_parent = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        claims = Claim.objects.current().filter(kind=Claim.Kind.IN_NETWORK).exclude(payer=None)
        found = {"in_network": claims.select_related("payer", "facility").order_by("payer__name")}
        return super().get_context(request, *args, **kwargs) | found
