"""The groups of addresses that the roles are put together from."""

from typing import Any

from allauth.account import views as account
from django.conf.urls.i18n import i18n_patterns
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, include, path, re_path
from django.views.decorators.gzip import gzip_page
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.urls import serve_pattern
from wagtail.views import serve

from config.accounts import signin
from config.edge import health
from config.edge.addresses import ACCOUNTS, CMS, HEALTHZ, READYZ, SIGN_IN, SPANISH, route
from facilities.pages import urls as leaving_urls
from facilities.pictures import views as pictures
from intake.callbacks import urls as callbacks_urls

error_handlers = (
    "config.edge.errors.bad_request",
    "config.edge.errors.permission_denied",
    "config.edge.errors.not_found",
    "config.edge.errors.server_error",
    "config.edge.errors.too_many",  # asked by allauth, whose own says "429 Too Many Requests" on white
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
    # Written out: allauth's own table also has sign-up, a mail for a lost password, and more that nobody here needs.
    path(route(SIGN_IN), account.login, name="account_login"),
    path(route(f"{ACCOUNTS}logout/"), account.logout, name="account_logout"),
    path(route(f"{ACCOUNTS}inactive/"), account.account_inactive, name="account_inactive"),
    path(route(f"{ACCOUNTS}reauthenticate/"), account.reauthenticate, name="account_reauthenticate"),
    path(route(f"{ACCOUNTS}password/change/"), account.password_change, name="account_change_password"),
    path(route(f"{ACCOUNTS}2fa/"), include("allauth.mfa.urls")),
]

cms = [
    # Wagtail's own sign-in knows no second factor and no limit on guessing.
    path(route(f"{CMS}login/"), RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path(route(CMS), include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]


def in_each_language(urls: Any) -> list[URLPattern]:
    """Addresses of visitors: as they stand in English, under /es/ in Spanish."""
    return i18n_patterns(path("", include(urls)), prefix_default_language=False)


callbacks = [
    # Until there are articles in Spanish.
    path(route(SPANISH), RedirectView.as_view(pattern_name="intake:request_callback"), name="spanish"),
    *in_each_language(callbacks_urls),
]

# A preview of a page links to the form, which the role `cms` does not serve.
named_callbacks = [URLPattern(each.pattern, not_served, name=each.name) for each in callbacks_urls.urlpatterns]
callbacks_elsewhere = in_each_language((named_callbacks, callbacks_urls.app_name))

pages = [
    *in_each_language(leaving_urls),
    path("", include("facilities.urls")),
    re_path(r"^media/images/(?P<name>[\w.-]{1,200})$", pictures.picture, name="picture"),
    # Last: it takes every address that is left. Wagtail's own table also has a sign-in without limit and second factor.
    # Compressed: no page of the tree holds a secret, and an article goes over the air as 10 KB instead of 52.
    re_path(serve_pattern, gzip_page(serve), name="wagtail_serve"),
]
