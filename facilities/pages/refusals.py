"""What the editor can do elsewhere and must not do here."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.datastructures import MultiValueDictKeyError
from wagtail.models import Page

from facilities.pages.models import ArticleIndexPage, HomePage
from facilities.pages.wording import WordingRefused

# A page behind a password needs a cookie, which we promise not to set. An error made on purpose would hide real ones.
UNREACHABLE = {"wagtailadmin_error_test", "wagtailadmin_pages:set_privacy", "wagtailadmin_collections:set_privacy"}
# No block shows a picture or a document yet, and nothing serves /media/.
UNREACHABLE_NAMESPACES = {"wagtailimages", "wagtaildocs"}


class UnreachableViews:
    """Answers 404 for what Wagtail has and Quietline has not, whoever asks, and 400 for a form without its fields."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> None:
        match = request.resolver_match
        if match.view_name in UNREACHABLE or not UNREACHABLE_NAMESPACES.isdisjoint(match.namespaces):
            raise Http404

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Says why a page is not published. And Wagtail takes it for granted that a form comes with its fields."""
        if isinstance(exception, WordingRefused):
            return _say_what_was_refused(request, exception)
        is_a_form_of_wagtails = request.method == "POST" and request.resolver_match.view_name.startswith("wagtail")
        if not is_a_form_of_wagtails or isinstance(exception, (Http404, PermissionDenied, SuspiciousOperation)):
            return None
        is_empty = not request.FILES and not request.POST.keys() - {"csrfmiddlewaretoken"}
        if is_empty or isinstance(exception, MultiValueDictKeyError):
            raise BadRequest from exception
        return None


def _say_what_was_refused(request: HttpRequest, refused: WordingRefused) -> HttpResponse:
    messages.error(request, f"“{refused.page}” was not published. {' '.join(refused.complaints)}")
    return redirect("wagtailadmin_pages:edit", refused.page.pk)


def refuse_to_take_away(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    """The home page and the index of articles are in the menu of every page."""
    kept = [page for page in pages if issubclass(page.specific_class, (HomePage, ArticleIndexPage))]
    for page in kept:
        messages.error(request, f"“{page}” stays: every page of the site leads there. Nothing was changed.")
    return redirect("wagtailadmin_pages:edit", kept[0].pk) if kept else None
