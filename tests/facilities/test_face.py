"""The face of the public pages: the drawings come from their script, and type and style stay light."""

import gzip

import pytest

from facilities.demo.willow import STATIC, branch, mark, sprig

LIMITS = {"type/bricolage.woff2": 25_000, "style": 14 * 1024, "branch": 14 * 1024, "sprig": 14 * 1024}  # bytes


@pytest.mark.parametrize(("name", "draw"), [("branch", branch), ("sprig", sprig), ("icon", mark)])
def test_drawing_is_what_its_script_draws(name, draw):
    assert (STATIC / f"{name}.svg").read_text(encoding="utf-8") == draw()


def test_type_style_and_drawings_stay_light():
    style = (STATIC / "tokens.css").read_bytes() + (STATIC / "site.css").read_bytes()
    sizes = {
        "type/bricolage.woff2": (STATIC / "type" / "bricolage.woff2").stat().st_size,
        "style": len(gzip.compress(style)),
        "branch": len(gzip.compress((STATIC / "branch.svg").read_bytes())),
        "sprig": len(gzip.compress((STATIC / "sprig.svg").read_bytes())),
    }

    assert {name: size for name, size in sizes.items() if size > LIMITS[name]} == {}


def test_licence_of_the_display_face_is_kept_beside_it():
    assert "SIL Open Font License" in (STATIC / "type" / "LICENSE.txt").read_text(encoding="utf-8")
