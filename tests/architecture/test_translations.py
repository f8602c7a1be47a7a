"""Every sentence on a screen has its Indonesian, in words a village head uses."""

import re
import shutil
import subprocess
import sys

import polib
import pytest

from . import tree

pytestmark = pytest.mark.tree

CATALOG = tree.ROOT / "locale" / "id" / "LC_MESSAGES" / "django.po"
#: Words of programmers, not of villages.
STOP_LIST = re.compile(
    r"\b(?:submit|sync|upload|server|cache|token|session|valid|invalid|error|null|field|user"
    r"|update|database|offline|dashboard)\b",
    re.I,
)
NOT_READ = re.compile(r"%\(\w+\)[sd]|{\w*}|<[^>]+>|https?://\S+|`[^`]*`|\S+\.\S+/\S*")
SOURCES = ("*.py", "*.html", "manage.py", "*.po")


def key(entry: polib.POEntry) -> tuple:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.fixture(scope="module")
def catalog():
    return [entry for entry in polib.pofile(str(CATALOG)) if not entry.obsolete]


def test_catalog_is_complete(catalog):
    missing = [entry.msgid for entry in catalog if not all(texts(entry))]
    assert missing == []
    assert [entry.msgid for entry in catalog if entry.fuzzy] == []


def test_catalog_holds_every_sentence_of_the_sources(catalog, tmp_path):
    """makemessages, run on a copy, finds nothing that the catalog lacks."""
    for path in tree.files():
        if path.suffix in {".py", ".html", ".po"} and "tests" not in path.parts:
            copy = tmp_path / path.relative_to(tree.ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    for apart in ("static", "tests"):
        (tmp_path / apart).mkdir()
    shutil.copy(tree.ROOT / "tests" / "settings.py", tmp_path / "tests" / "settings.py")
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "-l", "id", "--no-location", "-i", "tests"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    fresh = polib.pofile(str(tmp_path / CATALOG.relative_to(tree.ROOT)))
    needed = {key(entry): entry.msgid for entry in fresh if not entry.obsolete}
    assert [needed[k] for k in needed.keys() - {key(entry) for entry in catalog}] == []


def test_what_has_a_plural_is_asked_for_with_a_number(catalog):
    """Without one, Debian 12's Python 3.11.2 answers in English (later ones do not)."""
    plain = r'(?:(?<!\w)(?:_|gettext|gettext_lazy)\(|{%% *translate)\s*["\']%s["\']'
    sources = [path for path in tree.written(".py", ".html") if "tests" not in path.parts]
    written = {tree.name(path): path.read_text() for path in sources}
    counted = [re.compile(plain % re.escape(one.msgid)) for one in catalog if one.msgid_plural]
    found = [
        (name, hit[0])
        for name, text in written.items()
        for one in counted
        for hit in one.finditer(text)
    ]
    assert found == []


def test_compiled_catalog_is_the_written_one(catalog):
    """The .mo travels with the repository, so that serving needs no gettext."""
    compiled = {key(e): texts(e) for e in polib.mofile(str(CATALOG.with_suffix(".mo")))}
    assert compiled == {key(entry): texts(entry) for entry in catalog}


def test_words_are_those_of_villages(catalog):
    found = {
        text: STOP_LIST.findall(NOT_READ.sub(" ", text))
        for entry in catalog
        for text in texts(entry)
        if STOP_LIST.search(NOT_READ.sub(" ", text))
    }
    assert found == {}


def test_placeholders_survive_translation(catalog):
    """A name in braces or percent that the English has, the Indonesian keeps."""
    holes = re.compile(r"%\(\w+\)[sd]|{\w+}")
    broken = [
        entry.msgid
        for entry in catalog
        for text in texts(entry)
        if not set(holes.findall(text)) <= set(holes.findall(entry.msgid + entry.msgid_plural))
    ]
    assert broken == []
