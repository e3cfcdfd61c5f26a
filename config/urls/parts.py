"""The groups of addresses that the roles are put together from."""

from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config import health, signin

error_handlers = (
    "config.errors.bad_request",
    "config.errors.permission_denied",
    "config.errors.not_found",
    "config.errors.server_error",
)

machines = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("robots.txt", health.robots),
]

staff_sign_in = [
    path("accounts/signed-in/", signin.signed_in, name="signed_in"),
    path("accounts/", include("allauth.urls")),
]

cms = [
    # Wagtail's own sign-in knows no second factor and no limit on guessing.
    path("cms/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]

callbacks = [path("", include("intake.callbacks.urls"))]

pages = [
    path("", include("facilities.urls")),
    path("", include(wagtail_urls)),  # last: it takes every address that is left
]
