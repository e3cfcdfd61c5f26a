"""The advice on the latest draft of a page, for the panel "Checks" of the editor."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import path
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


def script() -> str:
    return format_html('<script src="{}"></script>', static("advice.js"))


urlpatterns = [path("pages/<int:page_id>/advice/", advice, name="advice")]
