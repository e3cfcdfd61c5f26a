"""What machines ask: is the process up, and is it ready to work?"""

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string

from config.edge.headers import UNLISTED
from config.edge.schema import migrations_ahead, migrations_waiting


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    checks = {"database": _database_answers()}
    checks["migrations"] = checks["database"] and not (migrations_waiting() or migrations_ahead())
    for name, check in settings.READINESS_CHECKS.items():
        checks[name] = checks["migrations"] and _answer_of(check)
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {prefix}" for prefix in UNLISTED)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _answer_of(check: str) -> bool:
    try:
        return import_string(check)()
    except (Error, OSError):
        return False
