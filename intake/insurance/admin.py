"""Puts the insurance pages into the desk."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from intake.desk import DeskRoom, desk_site
from intake.insurance import views
from intake.insurance.models import Coverage


@admin.register(Coverage, site=desk_site)
class CoverageAdmin(DeskRoom):
    def desk_urls(self) -> list[URLPattern]:
        lead = "lead/<uuid:lead_id>/"
        return [
            path(lead, self.page(views.insurance), name="insurance"),
            path(f"{lead}add/", self.page(views.record_coverage), name="add_coverage"),
            path(f"{lead}<uuid:coverage_id>/", self.page(views.record_coverage), name="change_coverage"),
            path(f"{lead}<uuid:coverage_id>/end/", self.page(views.end_coverage), name="end_coverage"),
            path(f"{lead}<uuid:coverage_id>/verify/", self.page(views.record_verification), name="verify_benefits"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False
