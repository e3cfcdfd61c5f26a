"""Collects what the Django admin shows: the desk with its pages."""

from intake.desk.site import desk_site
from intake.desk.urls import urlpatterns

__all__ = ["desk_site"]

desk_site.pages = urlpatterns
