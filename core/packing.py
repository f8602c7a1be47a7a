"""One file out of many: the portal's ES modules joined to one script, its sheets to one sheet.

On a weak line forty small files cost forty waits. Sources stay as written and run so while
developing; `collectstatic` joins them (core.staticfiles, settings.PACKED).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from pathlib import Path

from django.contrib.staticfiles import finders

_FROM = r"""["'](?P<address>\.[^"']+)["'];?"""
_IMPORT = re.compile(
    rf"^import\s+(?:\{{(?P<names>[^}}]*)\}}\s*from\s*|\*\s*as\s+(?P<all>\w+)\s+from\s*)?{_FROM}",
    re.M,
)
_PASSED_ON = re.compile(r"^export\s+\{(?P<names>[^}]*)\}\s*from\s*" + _FROM, re.M)
_LISTED = re.compile(r"^export\s+\{(?P<names>[^}]*)\};?", re.M)
_DECLARED = re.compile(
    r"^export\s+(?P<rest>(?:(?:async\s+)?function\*?|class|const)\s+(?P<name>\w+))", re.M
)
_LATER = re.compile(r"""\bimport\(\s*["'](?P<address>\.[^"']+)["']\s*\)""")
_COMMENT = re.compile(r"^[ \t]*//[^\n]*\n|^[ \t]*/\*\*.*?\*/[ \t]*\n", re.M | re.S)


_ALL = """const made = [];
const use = (n) => (made[n] ??= modules[n]());
const modules = [
%s,
];
use(0);
"""


def source(name: str) -> str:
    """The text of a static file as written; FileNotFoundError when there is none."""
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(name)
    return Path(path).read_text(encoding="utf-8")


def imported(name: str) -> list[str]:
    """The modules that `name` itself imports, at once or on demand."""
    text = source(name)
    rules = (_IMPORT, _PASSED_ON, _LATER)
    found = [one["address"] for rule in rules for one in rule.finditer(text)]
    return [_beside(name, address) for address in found]


def needed(entry: str) -> list[str]:
    """`entry` and every module it imports, nearest first."""
    found, waiting = [], [entry]
    while waiting:
        module = waiting.pop(0)
        if module not in found:
            found.append(module)
            waiting += imported(module)
    return found


def script(entry: str) -> str:
    """`entry` and all its modules as one module without imports.

    Each module is a function that runs once, when it is first asked for, and returns what it
    exports: what is loaded on demand still runs on demand. A module may not `export let`, have a
    default export, wait at its outermost level or import in a circle; ValueError says which does.
    """
    numbers = {name: number for number, name in enumerate(needed(entry))}
    modules = ",\n".join(_module(name, numbers) for name in numbers)
    return _ALL % modules


def sheet(names: Iterable[str]) -> str:
    """Style sheets one after the other, as the page would name them."""
    return "".join(source(name) for name in names)


def _beside(name: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(name, "..", address))


def _module(name: str, numbers: dict[str, int]) -> str:
    """One module as a function."""
    exports: list[str] = []

    def number(found: re.Match) -> int:
        return numbers[_beside(name, found["address"])]

    def take(found: re.Match) -> str:
        if found["all"]:
            return f"const {found['all']} = use({number(found)});"
        names = (found["names"] or "").replace(" as ", ": ")
        return f"const {{{names}}} = use({number(found)});" if names else f"use({number(found)});"

    def pass_on(found: re.Match) -> str:
        for inner, outer in _pairs(found["names"]):
            exports.append(f"{outer}: use({number(found)}).{inner}")
        return ""

    def declare(found: re.Match) -> str:
        exports.append(found["name"])
        return found["rest"]

    def name_them(found: re.Match) -> str:
        exports.extend(f"{outer}: {inner}" for inner, outer in _pairs(found["names"]))
        return ""

    text = _COMMENT.sub("", source(name))
    text = _IMPORT.sub(take, text)
    text = _PASSED_ON.sub(pass_on, text)
    text = _LISTED.sub(name_them, text)
    text = _DECLARED.sub(declare, text)
    text = _LATER.sub(lambda found: f"Promise.resolve().then(() => use({number(found)}))", text)
    if re.search(r"^(?:export|import)\b", text, re.M):
        raise ValueError(f"{name}: an import or export that cannot be packed")
    return f"() => {{\n{text.strip()}\nreturn {{ {', '.join(exports)} }};\n}}"


def _pairs(names: str) -> list[tuple[str, str]]:
    """(name inside, name outside) of an export list."""
    found = [one.split(" as ") for one in re.split(r"\s*,\s*", names.strip()) if one]
    return [(one[0].strip(), one[-1].strip()) for one in found]
