"""Where a request comes from. There is no session to ride on, so the browser's own headers are enough."""

from urllib.parse import urlsplit

from django.http import HttpRequest

SAME_SITE = ("same-origin", "none")


def is_own_origin(request: HttpRequest) -> bool:
    """False if the browser says that another site sent this (Fetch Metadata, or Origin where that is missing).

    A client that sends neither header is no browser that a person is using; it is let through, like any
    form post from a text browser.
    """
    fetch_site = request.META.get("HTTP_SEC_FETCH_SITE")
    if fetch_site is not None and fetch_site not in SAME_SITE:
        return False
    origin = request.META.get("HTTP_ORIGIN")
    if origin is None or (origin == "null" and fetch_site == "same-origin"):
        return True
    try:
        return urlsplit(origin).netloc == request.get_host()
    except ValueError:  # not an address at all
        return False


def referring_page(request: HttpRequest) -> str:
    """The path of the page of ours that led here, or "". Browsers name it to us alone (our Referrer-Policy)."""
    try:
        referrer = urlsplit(request.META.get("HTTP_REFERER", ""))
    except ValueError:
        return ""
    return referrer.path if referrer.netloc == request.get_host() else ""
