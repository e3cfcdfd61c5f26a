"""Filters of the pages of the desk."""
