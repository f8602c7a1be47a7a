"""A door never reads a table past the rights: every `X.objects` in views and API is narrowed."""

import ast

import pytest

from . import tree

pytestmark = pytest.mark.tree

NARROWED = {"visible_to", "permitting", "none"}
FETCHERS = {"get_object_or_404", "get_list_or_404"}
#: Reference rows that every signed-in person may read: areas' names, the ministry's codes.
PUBLIC = {"Province", "Regency", "District", "ActivityCode"}


def doors():
    for app in tree.APPS:
        for path in tree.written(".py"):
            inside = path.relative_to(tree.ROOT)
            if inside.parts[0] == app and {"views", "api"} & {*inside.parts[1:-1], inside.stem}:
                yield path


def chain_of(node: ast.AST) -> set[str]:
    """The attribute names called after `node`: {"filter", "visible_to"} for X.objects.filter()…"""
    names = set()
    while isinstance(node.parent, ast.Attribute | ast.Call):
        if isinstance(node.parent, ast.Call) and node.parent.func is not node:
            break
        node = node.parent
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
    return names


def openings(module: ast.Module) -> list[tuple[int, str]]:
    """Lines where a table is read without asking who reads."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}:
            owner = ast.unparse(node.value)
            if owner not in PUBLIC and not chain_of(node) & NARROWED:
                found.append((node.lineno, ast.unparse(node)))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in FETCHERS:
            fetched = node.args[0]
            if isinstance(fetched, ast.Name) and fetched.id[0].isupper():
                found.append((node.lineno, ast.unparse(node)))
    return found


@pytest.mark.parametrize("path", list(doors()), ids=tree.name)
def test_door_narrows_what_it_reads(path):
    assert openings(tree.parsed(path)) == []


@pytest.mark.parametrize(
    ("line", "open_lines"),
    [
        ("Activity.objects.visible_to(user).get(pk=1)", 0),
        ("Activity.objects.filter(state='x').permitting(user, 'verify')", 0),
        ("Activity.objects.get(pk=1)", 1),
        ("shown(Activity.objects.all()).visible_to(user)", 1),
        ("get_object_or_404(Activity, pk=1)", 1),
        ("get_object_or_404(Activity.objects.visible_to(user), pk=1)", 0),
    ],
)
def test_openings_are_seen(line, open_lines, tmp_path):
    path = tmp_path / "views.py"
    path.write_text(line)
    assert len(openings(tree.parsed(path))) == open_lines
