"""What the scripts of the editor ask: the advice on a draft, and whether somebody is still signed in."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from wagtail.models import Page

from facilities.pages.advice import advise
from facilities.pages.models import WrittenPage


def advice(request: HttpRequest, page_id: int) -> HttpResponse:
    page = get_object_or_404(Page, pk=page_id).specific
    if not isinstance(page, WrittenPage):
        raise Http404
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return render(request, "facilities/review/_advice.html", {"advised": advise(page.get_latest_revision_as_object())})


def still_signed_in(request: HttpRequest) -> JsonResponse:
    """With a token for the form that is about to be sent: who signed in anew has another."""
    return JsonResponse({"token": get_token(request)})


def scripts() -> str:
    return format_html(
        '<script src="{}"></script><script src="{}" data-session="{}"></script>',
        static("advice.js"),
        static("session.js"),
        reverse("still_signed_in"),
    )


urlpatterns = [
    path("pages/<int:page_id>/advice/", advice, name="advice"),
    path("still-signed-in/", still_signed_in, name="still_signed_in"),
]
