"""Small files, small functions: what outgrows these is split by noun."""

import ast

import pytest

from . import tree

pytestmark = pytest.mark.tree

MOST_LINES = 400
MOST_FUNCTION_LINES = 50


def test_files_are_short():
    lengths = {
        tree.name(path): len(path.read_text().splitlines())
        for path in tree.written(".py", ".js", ".html", ".css", ".sh")
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_functions_are_short():
    long = {}
    for path in tree.written(".py"):
        for node in ast.walk(tree.parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = node.end_lineno - node.lineno + 1
                if lines > MOST_FUNCTION_LINES:
                    long[f"{tree.name(path)}:{node.lineno} {node.name}"] = lines
    assert long == {}
