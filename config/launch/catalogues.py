"""Catalogues of translations: the ones that people write, in locale/, become those that Django reads, in VAR_DIR.

`python -m config.launch.catalogues` writes new sentences of the code and the templates into locale/; it needs xgettext.
"""

import os
from io import BytesIO
from pathlib import Path

import django
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.core.management import call_command

from config.launch.check import PRODUCTION
from config.launch.keys import new_keys
from config.launch.processes import BASE_DIR

WRITTEN = BASE_DIR / "locale"


def make_catalogues(target: Path) -> int:
    """Returns how many had changed. Raises PoFileError for one that cannot be read.

    Each is put in place whole: another process may be reading it.
    """
    changed = 0
    for written in sorted(WRITTEN.rglob("*.po")):
        made = target / written.relative_to(WRITTEN).with_suffix(".mo")
        contents = compiled(written)
        if made.exists() and made.read_bytes() == contents:
            continue
        made.parent.mkdir(parents=True, exist_ok=True)
        draft = made.with_suffix(f".{os.getpid()}")
        draft.write_bytes(contents)
        draft.replace(made)
        changed += 1
    return changed


def compiled(written: Path) -> bytes:
    with written.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    made = BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def main() -> None:
    os.environ.update(PRODUCTION | new_keys(), VAR_DIR=str(BASE_DIR))  # so that LOCALE_PATHS is what people write
    django.setup()
    call_command(
        "makemessages", locale=["es"], ignore_patterns=["var", "tests", "benchmarks", "locale"],
        add_location="file", no_obsolete=True, no_wrap=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
