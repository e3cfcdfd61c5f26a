"""Puts the queue and the lead's page into the desk."""

from django.contrib import admin
from django.urls import URLPattern, path

from intake.desk import DeskRoom, desk_site
from intake.leads import views
from intake.leads.models import Lead

ACTS = ("claim", "release", "reveal", "record_call", "add_note", "follow_up", "close", "reopen", "clear_quarantine")


@admin.register(Lead, site=desk_site)
class LeadAdmin(DeskRoom):
    def desk_urls(self) -> list[URLPattern]:
        one = "<uuid:lead_id>/"
        return [
            path("", self.page(views.queue), name="intake_lead_changelist"),
            path("search/", self.page(views.search), name="search_leads"),
            path(f"{one}change/", self.page(views.lead), name="intake_lead_change"),
            *(path(f"{one}{act.replace('_', '-')}/", self.page(getattr(views, act)), name=act) for act in ACTS),
        ]
