"""Collects what the Django admin shows: the desk."""

from intake.desk.site import desk_site

__all__ = ["desk_site"]
