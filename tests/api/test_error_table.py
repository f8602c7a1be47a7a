"""docs/errors.md names every code that the source can answer, and none that it cannot."""

import ast
import re

import pytest
from rest_framework import exceptions, fields

from core.problems import TITLES
from tests.architecture import tree

pytestmark = pytest.mark.tree

#: What the API's doors reach; the rest answers pages, which show words instead of codes.
SOURCES = (
    *("core", "programs/api", "programs/services", "programs/imports"),
    *("programs/models/activity.py", "programs/serializers.py", "programs/program_serializers.py"),
    *("programs/clients.py", "accounts/authentication.py", "accounts/api.py"),
    *("accounts/fresh.py", "accounts/limits.py", "accounts/middleware.py", "accounts/token_api.py"),
    *(
        "accounts/services/tokens.py",
        "dashboards/api.py",
        "dashboards/large.py",
        "dashboards/filters.py",
        "villages/api.py",
    ),
    *("planning/api", "planning/serializers.py", "planning/content_json.py", "planning/checks.py"),
    *("planning/line_rules.py", "planning/services/analyses.py", "planning/services/lines.py"),
    *("planning/services/moves.py", "planning/services/outcomes.py", "planning/services/rows.py"),
    *("planning/services/signing.py", "planning/services/statements.py"),
    "planning/services/terms.py",
    *("mou/api", "mou/serializers.py", "mou/services"),
    *("accounts/drafts.py", "accounts/services/grants.py"),
    *("indicators/api", "indicators/services", "indicators/seat_rules.py"),
)
#: Reached by pages or commands alone, though they stand among the sources.
OF_PAGES = {
    *("core/forms.py", "core/formats.py", "core/identifiers.py", "core/checks.py"),
    *("programs/services/closing.py", "programs/services/nudges.py"),
    *("programs/services/nothing.py", "programs/services/targets.py"),
    *("programs/services/photo_consent.py", "core/heads.py"),
    *("mou/services/files.py", "mou/services/newcomers.py"),
}
#: Calls that name a code, and where among what they are given.
CODE_NAMES = {"default_code", "code", "self.code"}
PLACES = {"Problem": 1, "problem_response": 2, "ErrorDetail": 1, "_refuse": 1, "fail": 0}
PLACES |= {"too_late": 3, "_conflict": 3}
#: The same by the whole name: findings of an analysis, of a step and of a row.
WHOLE = {"sheet.lacks": 2, "lacks": 1, "conflict": 2, "changing": 2}
#: Made of a word of the vocabulary: which kind of indicator is missing.
MADE = {"no_output", "no_outcome", "no_impact"}
#: Codes of the framework that our doors let through.
FRAMEWORK = (
    {
        *(
            "null",
            "blank",
            "min_length",
            "max_length",
            "min_value",
            "max_value",
            "required",
            "invalid",
        ),
        *("max_string_length", "invalid_choice", "not_a_list"),
    }
    & {name for one in vars(fields).values() for name in getattr(one, "default_error_messages", {})}
    | {
        one.default_code
        for one in vars(exceptions).values()
        if isinstance(one, type) and issubclass(one, exceptions.APIException)
    }
    - {"error", "authentication_failed"}
    | {"not_a_list"}
)


def text_of(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _branches(node: ast.AST) -> list[ast.AST]:
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]


def codes_of(module: ast.Module) -> set[str]:
    """Every code that a call or a class of this module names."""
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            place = WHOLE.get(name, PLACES.get(name.split(".")[-1]))
            if place is not None and len(node.args) > place:
                found.add(text_of(node.args[place]))
            found |= {text_of(one.value) for one in node.keywords if one.arg == "code"}
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in CODE_NAMES:
            found |= {text_of(one) for one in _branches(node.value)}
    return found - {None, ""}


def codes_in_source() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in tree.written(".py"):
        inside = path.relative_to(tree.ROOT).as_posix()
        if inside.startswith(SOURCES) and inside not in OF_PAGES:
            for code in codes_of(tree.parsed(path)):
                found.setdefault(code, set()).add(inside)
    return found


def rows() -> list[list[str]]:
    text = (tree.ROOT / "docs" / "errors.md").read_text()
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| `")]


@pytest.mark.asvs("2.1.1", "2.1.2")
def test_every_code_of_the_source_has_its_row():
    named = {row[0].strip("`") for row in rows()}
    missing = {code: places for code, places in codes_in_source().items() if code not in named}
    assert missing == {}, "say in docs/errors.md when it comes and what to do"


def test_every_row_has_its_code():
    named = {row[0].strip("`") for row in rows()}
    assert (
        sorted(
            named - codes_in_source().keys() - FRAMEWORK - MADE - {"bad_request", "server_error"}
        )
        == []
    )


def test_no_code_stands_twice_in_a_table():
    named = [(row[0], len(row)) for row in rows()]
    assert len(named) == len(set(named))


def test_every_status_has_a_title():
    statuses = {int(one) for row in rows() if len(row) == 4 for one in re.findall(r"\d+", row[1])}
    assert statuses - {410} <= TITLES.keys()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Problem('women', 'negative', 'x')", "negative"),
        ("problem_response(request, 412, 'stale')", "stale"),
        ("raise ParseError('x', code='no_photo')", "no_photo"),
        ("code = 'a_b' if late else None", "a_b"),
        ("class Old:\n    default_code = 'too_old'", "too_old"),
    ],
)
def test_codes_are_seen(line, code):
    assert codes_of(ast.parse(line)) == {code}
