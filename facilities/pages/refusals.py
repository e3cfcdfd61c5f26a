"""What the editor can do elsewhere and must not do here."""

import traceback
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import (
    BadRequest,
    FieldError,
    ObjectDoesNotExist,
    PermissionDenied,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Page, get_page_models

from facilities.pages.models import ArticleIndexPage, HomePage
from facilities.pages.wording import WordingRefused
from facilities.review.models import NotTheSecond
from facilities.review.ticks import Unticked
from facilities.review.views import SENTENCES

# A page behind a password needs a cookie, which we promise not to set. An error made on purpose would hide real ones.
# A number behind a link in a text does not say who answers it.
UNREACHABLE = {
    *("wagtailadmin_error_test", "wagtailadmin_pages:set_privacy", "wagtailadmin_collections:set_privacy"),
    "wagtailadmin_choose_page_phone_link",
}
# No block shows a document, and nothing serves one.
UNREACHABLE_NAMESPACES = {"wagtaildocs", "wagtaildocs_chooser"}
ADD_PAGE = "wagtailadmin_pages:add"
ANSWERED = (Http404, PermissionDenied, SuspiciousOperation)  # Django has a page for these
UNREAD = (
    *(LookupError, ValueError, TypeError, AttributeError),
    *(ValidationError, FieldError, NoReverseMatch, ObjectDoesNotExist),
)
ROOMS = tuple(f"{settings.BASE_DIR / room}/" for room in ("config", "facilities", "intake"))


class UnreachableViews:
    """Answers 404 for what Wagtail has and Quietline has not, whoever asks, and 400 for what it cannot read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match.view_name in UNREACHABLE or not UNREACHABLE_NAMESPACES.isdisjoint(match.namespaces):
            raise Http404
        return _say_there_is_one_already(request, *match.kwargs.values()) if match.view_name == ADD_PAGE else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Says why a page is not published. Wagtail takes it for granted that it is sent what its page put there."""
        if isinstance(exception, WordingRefused):
            return _say_what_was_refused(request, exception)
        if isinstance(exception, NotTheSecond):
            messages.error(request, str(exception))
            address = AdminURLFinder(request.user).get_edit_url(exception.instance)
            return _lead_to(request, address or reverse("wagtailadmin_home"))
        if isinstance(exception, Unticked):
            messages.error(request, str(exception))
            return _lead_to(request, reverse(SENTENCES, args=[exception.instance.pk]))
        is_wagtails = (request.resolver_match.view_name or "").startswith("wagtail")
        is_unread = _is_empty(request) or ((request.GET or request.POST) and _is_unread(exception))
        if is_wagtails and not isinstance(exception, ANSWERED) and is_unread:
            raise BadRequest from exception
        return None


def _say_there_is_one_already(request: HttpRequest, app: str, name: str, parent: int) -> HttpResponse | None:
    """Wagtail offers to add a page of each type, also where there can be no other, and then speaks of permissions."""
    below = Page.objects.filter(pk=parent).first() if request.user.is_authenticated else None
    kind = next((each for each in get_page_models() if each._meta.label_lower == f"{app}.{name}"), None)
    if not below or not kind or kind.can_create_at(below.specific):
        return None
    words = (
        f"No other {kind._meta.verbose_name} can be added there. Change the one that is there, or choose another kind."
    )
    messages.warning(request, words)
    return redirect("wagtailadmin_explore", below.pk)


def _say_what_was_refused(request: HttpRequest, refused: WordingRefused) -> HttpResponse:
    messages.error(request, f"“{refused.page}” was not published. {' '.join(refused.complaints)}")
    return _lead_to(request, reverse("wagtailadmin_pages:edit", args=[refused.page.pk]))


def _lead_to(request: HttpRequest, address: str) -> HttpResponse:
    """In the dialog in which Wagtail asks for a comment, its script follows the address."""
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        return JsonResponse({"step": "success", "redirect": address})
    return redirect(address)


def _is_empty(request: HttpRequest) -> bool:
    return request.method == "POST" and not request.FILES and not request.POST.keys() - {"csrfmiddlewaretoken"}


def _is_unread(exception: Exception) -> bool:
    """Whether Wagtail failed at what it was sent, and no code of ours had to do with it: that would be our fault."""
    frames = (frame.f_code.co_filename for frame, _ in traceback.walk_tb(exception.__traceback__))
    return isinstance(exception, UNREAD) and not any(name.startswith(ROOMS) for name in frames)


def refuse_to_take_away(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    """The home page and the index of articles are in the menu of every page."""
    kept = [page for page in pages if issubclass(page.specific_class, (HomePage, ArticleIndexPage))]
    for page in kept:
        messages.error(request, f"“{page}” stays: every page of the site leads there. Nothing was changed.")
    return redirect("wagtailadmin_pages:edit", kept[0].pk) if kept else None
