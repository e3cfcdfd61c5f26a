"""Guards of the whole: modules and packages that say what they are for, migrations, addresses, templates."""

import ast
import os

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

from tests.arrows import ROOT, python_files


def test_every_module_opens_with_what_it_is_for():
    files = [path for path in python_files("config", "facilities", "intake") if path.parent.name != "migrations"]

    silent = [
        path.relative_to(ROOT)
        for path in files
        if path.read_text() and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def test_every_pinned_package_says_why_it_is_there():
    lines = (ROOT / "requirements.txt").read_text().splitlines() + (
        ROOT / "requirements-dev.txt"
    ).read_text().splitlines()
    packages = [line for line in lines if line.strip() and not line.startswith(("#", "-r"))]

    assert [line for line in packages if "==" not in line or "#" not in line] == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def patterns(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        found += patterns(entry, address) if isinstance(entry, URLResolver) else [(address, entry)]
    return found


def test_only_the_listed_addresses_are_open_to_everybody():
    """A new public address must be added here, by somebody who thought about it."""
    staff_only = ("desk/", "cms/", "accounts/", "documents/")

    public = [address for address, _ in patterns(get_resolver()) if not address.startswith(staff_only)]

    assert public == [
        "healthz",
        "readyz",
        "robots.txt",
        "es/",
        "request-a-call/",
        "staying-safe-here/",
        r"^request/(?P<token>[\w-]{1,64})/$",
        r"^request/(?P<token>[\w-]{1,64})/change/$",
        r"^request/(?P<token>[\w-]{1,64})/insurance/$",
        r"^request/(?P<token>[\w-]{1,64})/insurance/(?P<side>front|back)/$",
        "leave",
        "facilities/",
        "facilities/<slug:slug>/",
        r"^media/images/(?P<name>[\w.-]{1,200})$",
        r"^((?:[\w\-]+/)*)$",
    ]


def test_only_addresses_of_visitors_stand_in_spanish_too():
    with override("es"):
        spanish = [address for address, _ in patterns(get_resolver()) if address.startswith("es/")]

    assert spanish == [
        "es/",
        "es/request-a-call/",
        "es/staying-safe-here/",
        r"es/^request/(?P<token>[\w-]{1,64})/$",
        r"es/^request/(?P<token>[\w-]{1,64})/change/$",
        r"es/^request/(?P<token>[\w-]{1,64})/insurance/$",
        r"es/^request/(?P<token>[\w-]{1,64})/insurance/(?P<side>front|back)/$",
        "es/leave",
    ]


def test_templates_hold_no_inline_style_script_or_handler():
    templates = sorted((ROOT / "templates").rglob("*.html"))
    handlers = (" style=", "<style", " onclick", " onload", " onsubmit", "javascript:")

    guilty = {str(path.relative_to(ROOT)): word for path in templates for word in handlers if word in path.read_text()}

    assert guilty == {}
    inline = [path for path in templates if "<script>" in path.read_text()]
    assert inline == []


def test_lines_of_templates_are_short_enough_to_be_read():
    templates = [path for path in (ROOT / "templates").rglob("*.html") if "allauth" not in path.parts]

    long = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in templates
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 120
    }

    assert long == set()


def test_tests_beside_a_browser_stay_with_one_worker(request):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("the tests run one after the other")
    assert request.node.nodeid.endswith("@unit")  # else two workers install Chromium at once, and one gives up
