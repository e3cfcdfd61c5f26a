"""Reads what a file of ours knows of other rooms, also where no import says so.

A room is known by an import; by a string that names a module, a model, a permission or an address ("intake.Lead",
"desk:queue"); by a reverse name (`lead.coverages`, `filter(coverages__rank=1)`); and by what is looked up under a name
that is made at run time, which nobody can read: `getattr(views, act)`.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PUBLIC = {"facilities", "facilities.facts"}
MAY_KNOW = {
    "config.edge": {"facilities.facts"},
    "config.accounts": {"config.edge"},
    "facilities": PUBLIC,
    "facilities.facts": PUBLIC,
    "intake.phone": set(),
    "intake.privacy": set(),
    "intake.callbacks": {*PUBLIC, "intake.phone", "intake.privacy"},
    "intake.alerts": {*PUBLIC, "intake.privacy"},
    "intake.leads": {*PUBLIC, "intake.callbacks", "intake.alerts", "intake.phone", "intake.privacy"},
}
MAY_KNOW["intake.insurance"] = {*MAY_KNOW["intake.leads"], "intake.leads"}
MAY_KNOW["intake.reports"] = {*PUBLIC, "intake.leads", "intake.insurance", "intake.callbacks"}
MAY_KNOW["intake.desk"] = {*MAY_KNOW["intake.insurance"], "intake.insurance", "intake.reports"}
# These put the rooms together, and may know all: the top of config and of intake, its commands, and what starts it.
FREE = {"config", "config.launch", "config.urls", "config.management", "intake", "intake.management"}
SERVED_BY_NONE = "config.launch"  # nothing that answers a request knows how the server was started
# What these call is named in the settings, which know every room.
WIRED_BY_SETTINGS = {"config/edge/health.py", "config/accounts/passwords.py", "config/accounts/signin.py"}
OURS = ("config", "facilities", "intake")
ADDRESSES = {"desk": "intake.desk", "intake": "intake.callbacks", "facilities": "facilities", "leaving": "facilities"}
LOOKED_UP_LATE = {"import_module", "import_string", "get_model", "__import__"}


def room_of(dotted: str) -> str:
    """The room of a module, or of something in it: "intake.leads" of "intake.leads.models.Lead"."""
    app, _, rest = dotted.partition(".")
    name = rest.partition(".")[0]
    if app == "facilities":
        return "facilities.facts" if name == "facts" else "facilities"
    is_room = (ROOT / app / name).is_dir() or f"{app}.{name}" in MAY_KNOW
    return f"{app}.{name}" if name and is_room and name != "migrations" else app


def forbidden_arrows(path: str, source: str) -> list[str]:
    """What a file knows and may not, in its own words."""
    room = room_of(path.removesuffix(".py").replace("/", "."))
    found = {words for known, words in known_rooms(path, ast.parse(source)) if not is_allowed(room, known)}
    return sorted(found)


def is_allowed(room: str, known: str) -> bool:
    if known == SERVED_BY_NONE:
        return room in ("config.launch", "config.management", "config")
    return room in FREE or known in (room, *MAY_KNOW[room])


def known_rooms(path: str, tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each room that a file knows, with the words by which it does. "?" is one that cannot be read."""
    modules = {alias.asname or alias.name for node in ast.walk(tree) for alias in _ours(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((room_of(name), name) for name in _imported(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _named_in(node.value)
        elif isinstance(node, ast.Attribute):
            yield from _reverse_names(node.attr)
        elif isinstance(node, ast.keyword) and node.arg:
            yield from _reverse_names(node.arg)
        elif isinstance(node, ast.Call) and path not in WIRED_BY_SETTINGS:
            yield from _looked_up(node, modules)


def _ours(node: ast.AST) -> list[ast.alias]:
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(OURS):
        return node.names
    return [alias for alias in node.names if alias.name.startswith(OURS)] if isinstance(node, ast.Import) else []


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        assert node.level == 0, "relative imports hide arrows"
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    return [name for name in names if name.split(".")[0] in OURS]


def _named_in(text: str) -> Iterator[tuple[str, str]]:
    if match := re.fullmatch(r"(\w+):\w+", text):
        if match[1] in ADDRESSES:
            yield ADDRESSES[match[1]], text
    elif re.fullmatch(rf"({'|'.join(OURS)})(\.\w+)+", text):
        app, name = text.split(".")[:2]
        yield models_and_permissions().get(f"{app}.{name}".lower(), room_of(text)), text
    elif re.fullmatch(r"\w+", text) or "__" in text:
        yield from _reverse_names(text)


def _reverse_names(name: str) -> Iterator[tuple[str, str]]:
    for part in name.split("__"):
        if part in reverse_names():
            yield reverse_names()[part], name


def _looked_up(call: ast.Call, modules: set[str]) -> Iterator[tuple[str, str]]:
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    names = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    if function == "get_model" and len(names) == 2:
        yield from _named_in(".".join(names))
    elif (function in LOOKED_UP_LATE and not names) or (function == "getattr" and _is_late(call, modules)):
        yield "?", ast.unparse(call)


def _is_late(call: ast.Call, modules: set[str]) -> bool:
    """Whether something of a module of ours is taken by a name that is made at run time."""
    return getattr(call.args[0], "id", "") in modules and not isinstance(call.args[1], ast.Constant)


@cache
def models_and_permissions() -> dict[str, str]:
    """The room of each model and of each permission, by "intake.lead" and "intake.work_lead"."""
    rooms = {}
    for model in apps.get_models():
        meta, room = model._meta, room_of(model.__module__)
        if meta.app_label in OURS:
            codenames = [f"{act}_{meta.model_name}" for act in meta.default_permissions]
            codenames += [codename for codename, _ in meta.permissions]
            rooms |= dict.fromkeys([f"{meta.app_label}.{name}" for name in (meta.model_name, *codenames)], room)
    return rooms


@cache
def reverse_names() -> dict[str, str]:
    """The room that made each name under which a model of intake is reached from the other side."""
    return {
        name: room_of(model.__module__)
        for model in apps.get_app_config("intake").get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and (name := field.remote_field.get_accessor_name())
    }


def python_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
