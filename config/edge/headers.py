"""The headers of an answer that protect who reads it. They follow from its path and scheme alone."""

from functools import cache

from csp.utils import build_policy
from django.conf import settings

from config.edge.addresses import CMS, FORM, LEAVE, RECEIPTS, STAFF

UNLISTED = (*STAFF, *RECEIPTS)  # no search engine lists these
CONFIDENTIAL = (*STAFF, *FORM, *RECEIPTS, *LEAVE)  # no cache keeps these
WITHOUT_REFERRER = (*RECEIPTS, *LEAVE)


def headers(path: str, *, https: bool) -> dict[str, str]:
    """By name. Static files and pictures are left their own Cache-Control: their names change with what is in them."""
    is_cms = path.startswith(CMS)  # whose editor previews pages in a frame
    found = {
        "Content-Security-Policy": _content_security_policy(is_cms=is_cms),
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
        "Referrer-Policy": "no-referrer" if path.startswith(WITHOUT_REFERRER) else settings.SECURE_REFERRER_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN" if is_cms else settings.X_FRAME_OPTIONS,
    }
    if https and settings.SECURE_HSTS_SECONDS:
        preload = "; preload" if settings.SECURE_HSTS_PRELOAD else ""
        found["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains{preload}"
    if path.startswith(UNLISTED):
        found["X-Robots-Tag"] = "noindex, nofollow"
    if path.startswith(CONFIDENTIAL):
        found["Cache-Control"] = "no-store, private"
    elif not path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
        found["Cache-Control"] = "no-cache"
    return found


@cache
def _content_security_policy(*, is_cms: bool) -> str:
    return build_policy(config=settings.CMS_CONTENT_SECURITY_POLICY) if is_cms else build_policy()
