"""The desk: the stock Django admin with our own pages in it, for staff of the intake side only."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse


class DeskSite(admin.AdminSite):
    site_title = "Quietline desk"
    site_header = "Quietline desk"
    index_title = "Desk"
    enable_nav_sidebar = False
    pages: Sequence[URLPattern] = ()  # ours, which intake.admin mounts: they need this site themselves

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [*self.pages, *super().get_urls()]

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign-in is allauth's, second factor included. Whoever is signed in and lands here lacks the role."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("desk:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_logout")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.has_perm("intake.view_lead"):
            return redirect("desk:queue")
        return super().index(request, extra_context)

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> HttpResponse:
        return redirect("desk:index")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_change_password")


desk_site = DeskSite(name="desk")
desk_site.register(User, UserAdmin)
desk_site.register(Group, GroupAdmin)


def page_context(request: HttpRequest, *, title: str, **context: Any) -> dict[str, Any]:
    """What the admin's base template needs, with the page's own values.

    `window` tells what is typed on this page from what the same person types on another.
    """
    return {**desk_site.each_context(request), "title": title, "window": secrets.token_hex(8), **context}
