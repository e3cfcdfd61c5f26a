"""The groups of addresses that the roles are put together from."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config.accounts import signin
from config.edge import health
from config.edge.addresses import ACCOUNTS, CMS, HEALTHZ, READYZ, route
from intake.callbacks import urls as callbacks_urls

error_handlers = (
    "config.edge.errors.bad_request",
    "config.edge.errors.permission_denied",
    "config.edge.errors.not_found",
    "config.edge.errors.server_error",
)


def not_served(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """For an address of another role that pages of this one link to."""
    raise Http404


machines = [
    path(route(HEALTHZ), health.healthz),
    path(route(READYZ), health.readyz),
    path("robots.txt", health.robots),
]

staff_sign_in = [
    path(route(f"{ACCOUNTS}signed-in/"), signin.signed_in, name="signed_in"),
    path(route(ACCOUNTS), include("allauth.urls")),
]

cms = [
    # Wagtail's own sign-in knows no second factor and no limit on guessing.
    path(route(f"{CMS}login/"), RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path(route(CMS), include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]

callbacks = [path("", include(callbacks_urls))]

# A preview of a page links to the form, which the role `cms` does not serve.
named_callbacks = [URLPattern(each.pattern, not_served, name=each.name) for each in callbacks_urls.urlpatterns]
callbacks_elsewhere = [path("", include((named_callbacks, callbacks_urls.app_name)))]

pages = [
    path("", include("facilities.urls")),
    path("", include(wagtail_urls)),  # last: it takes every address that is left
]
