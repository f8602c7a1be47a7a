"""Pages carry no inline script or style and escape every value (the CSP forbids the former)."""

import re

import pytest

from . import tree

pytestmark = pytest.mark.tree

FORBIDDEN = {
    "unescaped value": r"\|\s*safe(seq)?\b|{%\s*autoescape\s+off",
    "inline style": r"<style\b|\sstyle\s*=",
    "inline script": r"<script(?![^>]*\ssrc\s*=)[^>]*>|<script[^>]*>\s*[^\s<]",
    "event attribute": r"\son[a-z]+\s*=\s*[\"']",
    "script address": r"javascript:",
    "another host": r"""(?:src|href)\s*=\s*["'](?:https?:)?//(?!{{)[^"']*\.(?:js|css|woff2?)""",
}
#: Scripts with data, which no browser runs, made by Django's json_script.
PYTHON_UNSAFE = re.compile(r"\b(?:mark_safe|SafeString|SafeText)\b")


def troubles(text: str) -> list[str]:
    return [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text, re.I)]


#: The front's own pages are one file each and leave without the portal's policy.
WRITTEN = [path for path in tree.written(".html") if "deploy" not in path.parts]


@pytest.mark.asvs("1.2.1", "1.2.3", "3.7.1")
@pytest.mark.parametrize("path", WRITTEN, ids=tree.name)
def test_template_is_safe(path):
    assert troubles(path.read_text()) == []


@pytest.mark.asvs("1.2.1")
def test_no_python_vouches_for_markup():
    """`format_html` escapes; `mark_safe` believes."""
    found = [
        tree.name(path)
        for path in tree.written(".py")
        if path.parent.name != "architecture" and PYTHON_UNSAFE.search(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("{{ note|safe }}", "unescaped value"),
        ('<p style="color: red">', "inline style"),
        ("<script>alert(1)</script>", "inline script"),
        ('<a onclick="go()">', "event attribute"),
        ('<script src="{% static "js/x.js" %}" defer></script>', None),
        ('<img alt="tidak ada" src="x.png">', None),
    ],
)
def test_troubles_are_seen(text, trouble):
    assert troubles(text) == ([trouble] if trouble else [])
