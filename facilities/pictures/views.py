"""Serves the sizes of pictures that pages show."""

from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

KINDS = {".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif"}
KEPT_FOR = 24 * 60 * 60  # seconds in which a browser does not ask again


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """One size, as it was made. The files that were uploaded are not served: they may say where they were taken."""
    kind = KINDS.get(PurePosixPath(name).suffix.lower())
    if not kind:
        raise Http404
    try:
        with default_storage.open(f"images/{name}") as file:
            response = HttpResponse(file.read(), content_type=kind)
    except OSError as error:
        raise Http404 from error
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    return response
