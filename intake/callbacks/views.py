"""The visitor's pages: ask for a call, and read the receipt."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from intake.callbacks.forms import CallbackForm
from intake.callbacks.models import CallbackMessage
from intake.callbacks.receipts import find_receipt
from intake.callbacks.taking import Refused, take_request


@csrf_exempt  # there is no session to protect; is_own_origin() stands in, and needs no cookie
@require_http_methods(["GET", "HEAD", "POST"])
def request_callback(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, CallbackForm())
    form = CallbackForm(request.POST)
    try:
        address = take_request(request, form)
    except Refused as refusal:
        return _show(request, form, status=refusal.status)
    return HttpResponse(status=303, headers={"Location": address})


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    found = find_receipt(token)
    if found is None:
        raise Http404
    note, status = found
    context = {"receipt": note, "status": status, "statuses": CallbackMessage.PublicStatus}
    response = render(request, "intake/receipt.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _show(request: HttpRequest, form: CallbackForm, status: int = 200) -> HttpResponse:
    return render(request, "intake/request_callback.html", {"form": form}, status=status)
