"""Panels on a lead's page: a room above this one registers what it has to show, so that leads need not know it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib.auth.models import User

from intake.leads.models import Lead


class Panel(NamedTuple):
    """A template for those who have the permission, and what it shows of a lead."""

    template: str
    permission: str
    read: Callable[[Lead, User], dict[str, Any]]


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    _panels.append(panel)


def panels_for(lead: Lead, user: User) -> list[dict[str, Any]]:
    """What each panel that `user` may see shows, with its `template`."""
    return [
        {"template": panel.template, **panel.read(lead, user)} for panel in _panels if user.has_perm(panel.permission)
    ]
