"""Filters that the templates of pages use. It may touch directory and pages."""
