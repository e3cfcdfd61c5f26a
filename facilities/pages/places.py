"""The pages about the places of treatment. Their facts, and the ends of their addresses, are rows of the directory."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from facilities.directory.claims import signs_of
from facilities.directory.models import Facility
from facilities.pages.finding import FindForm
from facilities.pages.menu import FIXED_SEARCH_PANEL, MENU_PANEL, InMenu
from facilities.pages.models import SUMMARY_LENGTH, FixedAddress, WrittenPage
from facilities.pages.wording import RefusesWording
from facilities.review.pages import TakesTwo


class FacilityIndexPage(FixedAddress, InMenu, TakesTwo, RefusesWording, Page):
    """The list of places of treatment."""

    FIXED_SLUG = "facilities"

    summary = models.TextField(max_length=SUMMARY_LENGTH, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    promote_panels = [FIXED_SEARCH_PANEL, MENU_PANEL]
    template = "facilities/facility_index_page.html"
    parent_page_types = ["facilities.HomePage"]
    subpage_types = ["facilities.FacilityPage"]
    max_count_per_parent = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        places = FacilityPage.objects.child_of(self).live().filter(facility__live=True)
        form = FindForm(request.GET)
        places = form.narrow(places.select_related("facility").order_by("title"))
        return super().get_context(request, *args, **kwargs) | {
            "places": form.nearest_first(places),
            "form": form,
        }


class FacilityPage(WrittenPage):
    """What we write of one place of treatment. Address, license, owner and number come from its row."""

    facility = models.OneToOneField(Facility, on_delete=models.PROTECT, related_name="page")

    content_panels = [FieldPanel("facility"), *WrittenPage.content_panels]
    promote_panels = [FIXED_SEARCH_PANEL]
    template = "facilities/facility_page.html"
    parent_page_types = ["facilities.FacilityIndexPage"]
    subpage_types = []

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        if self.facility_id:
            self.slug = self.facility.slug
        super().full_clean(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {
            "facility": self.facility,
            **what_is_proved(self.facility),
        }


def what_is_proved(facility: Facility) -> dict[str, Any]:
    """For a page on one place of treatment: its claims by the question that each answers."""
    claims = list(facility.claims.current().select_related("payer"))
    in_network = [claim for claim in claims if claim.payer]
    signs = signs_of(claims)
    answers = [*in_network, *(claim for _, found in signs for claim in found)]
    return {"signs": signs, "in_network": in_network, "claims": [claim for claim in claims if claim not in answers]}
