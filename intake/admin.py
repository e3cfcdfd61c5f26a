"""Collects the desk pages of the rooms."""

from intake.desk import desk_site
from intake.insurance.admin import CoverageAdmin
from intake.leads.admin import LeadAdmin

__all__ = ["CoverageAdmin", "LeadAdmin", "desk_site"]
