"""Colours keep their contrast (WCAG 1.4.3, 1.4.11) and the sheets stay light."""

import gzip
import re

import pytest
from django.conf import settings

from core import packing
from tests.architecture import tree

pytestmark = pytest.mark.tree
CSS = tree.ROOT / "static" / "css"
JS = tree.ROOT / "static" / "js"
#: Sheets of PDFs and of pages inside an archive: drawn where the tokens are not.
ON_PAPER = re.compile(r"paper|archive")
TOKENS = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", (CSS / "tokens.css").read_text()))

TEXT = [
    *[(ink, ground) for ink in ("ink", "muted", "accent", "accent-deep", "amber", "brick")
      for ground in ("paper", "sheet")],
    *[("ink", soft) for soft in ("accent-soft", "amber-soft", "brick-soft")],
    ("accent-deep", "accent-soft"),
    ("muted", "accent-soft"),
    ("brick", "brick-soft"),
    ("brick-deep", "brick-soft"),
    ("sheet", "accent"),
    ("sheet", "accent-deep"),
    ("sheet", "brick"),
    *[("ink", f"level-{step}") for step in (0, 1, 2)],
    *[("sheet", f"level-{step}") for step in (3, 4)],
]  # fmt: skip
PARTS = [("edge", "paper"), ("edge", "sheet"), ("focus", "paper"), ("focus", "accent-soft"),
         ("amber-edge", "sheet"), ("brick", "sheet"), ("no-data-line", "no-data")]  # fmt: skip


def brightness(colour: str) -> float:
    """Relative luminance, WCAG 2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((brightness(TOKENS[one]), brightness(TOKENS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(ink, ground):
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(("part", "ground"), PARTS)
def test_parts_can_be_seen(part, ground):
    assert contrast(part, ground) >= 3


def test_each_level_is_darker_than_the_one_before():
    """So that the ladder is read on grey paper too."""
    steps = [brightness(TOKENS[f"level-{step}"]) for step in range(5)]
    for lighter, darker in zip(steps, steps[1:], strict=False):
        assert (lighter + 0.05) / (darker + 0.05) >= 1.25


def test_colours_stand_in_the_tokens_only():
    strays = {
        path.name: found
        for path in CSS.glob("*.css")
        if path.name not in {"tokens.css", "print.css"}
        and not ON_PAPER.search(path.name)
        and (found := re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s])", path.read_text()))
    }
    assert strays == {}


def test_sheets_stay_light():
    """Bytes after gzip of all sheets, joined as they travel."""
    joined = packing.sheet(settings.PACKED["css/portal.css"])
    assert len(gzip.compress(joined.encode())) <= 11_000


def test_scripts_of_the_desk_stay_light():
    """Bytes after gzip, each file by itself, as they travel; the phone's have a budget apart."""
    assert sum(len(gzip.compress(path.read_bytes())) for path in JS.glob("*.js")) <= 4_000
