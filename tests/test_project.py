"""Guards of the whole: the arrows between rooms, the sizes, the map of the rooms, and what every staff page demands."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR)

# docs: the design's "Layout". `intake` alone is the app's own wiring: its models.py, admin.py, apps.py and desk.py.
INTAKE_ROOMS = {
    "phone": set(),
    "privacy": set(),
    "callbacks": {"phone", "privacy"},
    "alerts": {"privacy"},
    "leads": {"callbacks", "alerts", "phone", "privacy"},
    "insurance": {"leads", "callbacks", "alerts", "phone", "privacy"},
    "reports": {"leads", "insurance", "callbacks"},
}
WIRING = {"models", "admin", "apps", "management", "migrations"}


def imports_of(source: str) -> set[str]:
    """Every module that a source imports, wherever in the file, as "package.module.name"."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide arrows"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def forbidden_arrows(path: str, source: str) -> list[str]:
    """The imports of a file that the design does not allow."""
    parts = path.removesuffix(".py").split("/")
    return sorted(name for name in imports_of(source) if not is_allowed(parts, name.split(".")))


def is_allowed(parts: list[str], target: list[str]) -> bool:
    app, room = parts[0], parts[1] if len(parts) > 1 else ""
    if target[0] not in ("config", "facilities", "intake") or app == "config":
        return True
    if app == "facilities":
        return target[0] == "facilities"
    if target[0] == "facilities":
        return True
    if target[0] == "config":
        return False
    if room in WIRING or target[1] == room or (target[1] == "desk" and parts[-1] in ("admin", "views")):
        return True
    return target[1] in INTAKE_ROOMS.get(room, set())


def python_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_imports_follow_the_arrows_of_the_design():
    files = python_files("config", "facilities", "intake")

    wrong = {
        str(path.relative_to(ROOT)): forbidden_arrows(str(path.relative_to(ROOT)), path.read_text()) for path in files
    }

    assert {path: arrows for path, arrows in wrong.items() if arrows} == {}


@pytest.mark.parametrize(
    ("path", "planted"),
    [
        ("facilities/pages/models.py", "from intake.leads.models import Lead"),
        ("intake/privacy/keys.py", "from intake.callbacks import models"),
        ("intake/callbacks/views.py", "import intake.leads.models"),
        ("intake/leads/views.py", "def late():\n    from intake.insurance.models import Coverage"),
        ("intake/leads/models.py", "from config.settings import DEBUG"),
        ("intake/callbacks/models.py", "from intake.desk import desk_site"),
    ],
)
def test_a_planted_forbidden_import_is_found(path, planted):
    assert forbidden_arrows(path, planted) != []


def test_every_room_says_in_one_sentence_what_it_is_for():
    rooms = [path for app in ("facilities", "intake") for path in (ROOT / app).glob("*/__init__.py")]
    rooms = [path for path in rooms if path.parent.name not in WIRING]

    assert [path for path in rooms if not ast.get_docstring(ast.parse(path.read_text()))] == []
    assert {path.parent.name for path in rooms if path.parent.parent.name == "intake"} <= set(INTAKE_ROOMS)


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
        "request-a-call/",
        r"^request/(?P<token>[\w-]{1,64})/$",
        "facilities/",
        "facilities/<slug:slug>/",
        "leave",
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        "_util/login/",
        r"^((?:[\w\-]+/)*)$",
    ]


def test_templates_hold_no_inline_style_script_or_handler():
    templates = sorted((ROOT / "templates").rglob("*.html"))
    handlers = (" style=", "<style", " onclick", " onload", " onsubmit", "javascript:")

    guilty = {str(path.relative_to(ROOT)): word for path in templates for word in handlers if word in path.read_text()}

    assert guilty == {}
    inline = [path for path in templates if "<script>" in path.read_text()]
    assert inline == []
