"""The desk: the stock Django admin with our own templates, for staff of the intake side only."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, re_path


class DeskSite(admin.AdminSite):
    site_title = "Quietline desk"
    site_header = "Quietline desk"
    index_title = "Desk"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign-in is allauth's, second factor included. Who is signed in and lands here lacks the role."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect(f"/accounts/login/?next={request.GET.get('next', '/desk/')}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_logout")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.has_perm("intake.view_lead"):
            return redirect("desk:intake_lead_changelist")
        return super().index(request, extra_context)

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> HttpResponse:
        return redirect("desk:index")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_change_password")


desk_site = DeskSite(name="desk")
desk_site.register(User, UserAdmin)
desk_site.register(Group, GroupAdmin)


class DeskRoom(admin.ModelAdmin):
    """A room of the desk with pages of its own instead of the admin's list and form."""

    def desk_urls(self) -> list[URLPattern]:
        raise NotImplementedError

    def page(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return self.admin_site.admin_view(view)

    def get_urls(self) -> list[URLPattern]:
        # Only our own pages: the admin's generic ones would show ciphertext, and know nothing of claims.
        return [*self.desk_urls(), re_path(".*", self.page(_no_such_page))]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _no_such_page(request: HttpRequest) -> HttpResponse:
    raise Http404


def page_context(request: HttpRequest, *, title: str, **context: Any) -> dict[str, Any]:
    """What the admin's base template needs, with the page's own values."""
    return {**desk_site.each_context(request), "title": title, **context}
