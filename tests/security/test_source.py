"""What the code must not contain, each with the few places that may and a check that can fail."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatchcase
from functools import cache

import pytest

from tests.architecture import tree

pytestmark = pytest.mark.tree
NOT_SERVED = ("tests/", "benchmarks/", "drills/", "deploy/", "examples/", "scripts/")

#: SQL of our own: what the ORM cannot say. Values travel as parameters, names come from our code.
SQL = (
    *("accounts/row_security.py", "accounts/management/commands/secure_database.py"),
    *("core/append_only.py", "core/backups/*.py", "core/bulk.py", "core/chain*.py"),
    *("core/checks.py", "core/compiled.py", "core/copying.py", "core/database_roles.py"),
    *("core/health.py", "core/moment.py", "core/patience.py", "core/postgresql/*.py"),
    *("core/leaving/*.py", "core/probing.py", "core/schema.py"),
    *("dashboards/standings.py", "programs/feed.py", "programs/loading.py"),
    *("programs/services/changes.py", "programs/services/submissions.py"),
    *("villages/services/areas.py",),
)
#: Other programs, each called with a list of words and never through a shell.
PROGRAMS = (
    *("core/backups/*.py", "core/management/commands/*.py", "core/opened.py"),
    "programs/pictures.py",
)
#: Patterns put together from our own constants, or through re.escape.
PATTERNS = (
    *(
        "accounts/devices.py",
        "accounts/passwords.py",
        "core/packing.py",
        "core/tables.py",
        "dashboards/public/guarded.py",
    ),
    *("programs/clients.py", "programs/phone/shell.py", "pug_portal/schema_examples.py"),
)
#: Connections that do not go through Django: webhooks, the scanner, the supervisor's own question.
CALLERS = (
    *("programs/webhooks/*.py", "core/scanning.py", "core/management/commands/*.py"),
    *("core/backups/*.py", "core/probing.py"),
)
#: Shuffled demonstrations and waits; nothing that must not be guessed.
DICE = ("dashboards/demo/*.py", "programs/webhooks/sending.py", "core/patience.py")


@cache
def modules() -> list[tuple[str, ast.Module]]:
    served = (p for p in tree.written(".py") if not tree.name(p).startswith(NOT_SERVED))
    return [(tree.name(path), ast.parse(path.read_text())) for path in served]


@cache
def calls(module: ast.Module) -> list[tuple[str, ast.Call]]:
    found = (node for node in ast.walk(module) if isinstance(node, ast.Call))
    return [(ast.unparse(node.func), node) for node in found]


def imports(module: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def is_sql(name: str, node: ast.Call) -> bool:
    return name.split(".")[-1] in {"execute", "executemany", "raw", "RawSQL", "extra"}


def is_program(name: str, node: ast.Call) -> bool:
    return name.startswith(("subprocess.", "os.exec", "os.spawn")) or name in {
        "os.system",
        "os.popen",
    }


def is_made_pattern(name: str, node: ast.Call) -> bool:
    known = {"compile", "search", "match", "sub", "split", "fullmatch", "findall", "finditer"}
    is_re = name.startswith("re.") and name[3:] in known
    return is_re and bool(node.args) and not isinstance(node.args[0], ast.Constant)


def is_text_run(name: str, node: ast.Call) -> bool:
    made = {"eval", "exec", "compile", "__import__"}
    return name in made or name.split(".")[-1] in {"from_string", "Template"}


def is_weak_hash(name: str, node: ast.Call) -> bool:
    weak = name.split(".")[-1] in {"md5", "sha1"}
    by_name = name == "hashlib.new" or any(
        isinstance(value, ast.Constant) and value.value in ("md5", "sha1")
        for value in (*node.args, *(word.value for word in node.keywords))
    )
    return weak or by_name


GATES = [
    pytest.param(is_sql, SQL, marks=pytest.mark.asvs("1.2.4"), id="sql"),
    pytest.param(is_program, PROGRAMS, marks=pytest.mark.asvs("1.2.5"), id="programs"),
    pytest.param(is_made_pattern, PATTERNS, marks=pytest.mark.asvs("1.2.9"), id="patterns"),
    pytest.param(is_text_run, (), marks=pytest.mark.asvs("1.3.2"), id="text that runs"),
    pytest.param(is_weak_hash, (), marks=pytest.mark.asvs("11.4.1"), id="hashes"),
]


@pytest.mark.asvs("1.2.4", "1.2.5", "1.2.9", "1.3.2", "1.3.7", "11.4.1", "11.4.3")
@pytest.mark.parametrize(("is_found", "allowed"), GATES)
def test_only_the_listed_places_do_it(is_found, allowed):
    places = {
        name
        for name, module in modules()
        if any(is_found(called, node) for called, node in calls(module))
    }
    assert sorted(one for one in places if not any(fnmatchcase(one, a) for a in allowed)) == []


@pytest.mark.asvs("1.2.5")
def test_programs_are_called_with_lists_and_no_shell():
    wrong = []
    for name, module in modules():
        for called, node in calls(module):
            shell = any(word.arg == "shell" for word in node.keywords)
            text = node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
            if called.startswith("subprocess.") and (shell or text):
                wrong.append(f"{name}:{node.lineno}")
    assert wrong == []


FORBIDDEN = {
    "1.5.2": {"pickle", "marshal", "shelve", "dill", "jsonpickle"},
    "11.2.1": {"Crypto", "cryptography", "nacl", "rsa"},
    "1.2.7": {"lxml", "xml"},
}


@pytest.mark.asvs("1.5.1", "1.5.2", "11.2.1")
def test_no_module_reads_xml_unpickles_or_brings_its_own_cryptography():
    banned = set().union(*FORBIDDEN.values())
    found = {
        name: bad
        for name, module in modules()
        if (bad := {one for one in imports(module) if one.split(".")[0] in banned})
    }
    assert found == {}


@pytest.mark.asvs("11.5.1", "6.5.3")
def test_dice_are_thrown_only_where_nothing_must_not_be_guessed():
    places = {name for name, module in modules() if "random" in imports(module)}
    assert [one for one in places if not any(fnmatchcase(one, dice) for dice in DICE)] == []


@pytest.mark.asvs("13.2.4", "13.1.1")
def test_the_portal_calls_out_from_a_few_places():
    nets = {"socket", "http.client", "urllib.request", "requests", "httpx", "ftplib", "smtplib"}
    places = {name for name, module in modules() if imports(module) & nets}
    assert [one for one in places if not any(fnmatchcase(one, may) for may in CALLERS)] == []


@pytest.mark.asvs("1.3.10")
def test_a_text_is_filled_in_only_where_our_own_constant_holds_the_places():
    """`x.format(…)` on a value would let its sender name attributes of our objects."""
    odd = []
    for name, module in modules():
        for called, node in calls(module):
            if not called.endswith(".format") or not isinstance(node.func, ast.Attribute):
                continue
            owner = ast.unparse(node.func.value)
            if not re.match(r"""^['"(]|^_?[A-Z_]+\b|^f?['"]""", owner):
                odd.append(f"{name}:{owner}")
    allowed = {
        "dashboards/demo/plans.py:title",  # titles of the demonstration
        "indicators/card_page.py:query",  # a picture of an address, made two lines above
        "programs/loading.py:statement",  # its own SQL by database
    }
    assert set(odd) - allowed == set()


@pytest.mark.asvs("15.3.1", "15.3.3", "8.1.2")
def test_no_serializer_or_form_takes_all_fields_or_all_but_some():
    wrong = []
    for name, module in modules():
        for node in ast.walk(module):
            if not isinstance(node, ast.ClassDef) or node.name != "Meta":
                continue
            for row in node.body:
                told = ast.unparse(row)
                if re.match(r"(fields|exclude)\s*=.*__all__|exclude\s*=", told):
                    wrong.append(f"{name}:{row.lineno} {told}")
    assert wrong == []


@pytest.mark.asvs("3.2.2", "1.2.3")
@pytest.mark.parametrize(
    ("word", "allowed"),
    [
        (r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment", ()),
        (r"\beval\(|new Function|setTimeout\(\s*[\"']", ()),
        (r"__proto__|Object\.setPrototypeOf|\.prototype\[", ()),
        (r"localStorage|sessionStorage", ("static/js/*.js",)),
    ],
)
def test_scripts_put_text_on_pages_as_text(word, allowed):
    places = [
        tree.name(path)
        for path in tree.written(".js")
        if not tree.name(path).startswith((*NOT_SERVED, "static/vendor/"))
        and re.search(word, path.read_text())
    ]
    assert [one for one in places if not any(fnmatchcase(one, may) for may in allowed)] == []


@pytest.mark.asvs("15.3.6", "15.3.5")
def test_scripts_compare_strictly_and_merge_no_foreign_objects():
    """`==` guesses types; Object.assign of parsed text would carry a foreign prototype along."""
    wrong = []
    for path in tree.written(".js"):
        if tree.name(path).startswith((*NOT_SERVED, "static/vendor/")):
            continue
        code = re.sub(r"//[^\n]*|/\*.*?\*/|\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`", "", path.read_text())
        found = re.findall(r"[^=!<>]==[^=]|[^=!]!=[^=]|Object\.assign\([^)]*JSON\.parse", code)
        wrong += [f"{tree.name(path)}: {one}" for one in found]
    assert wrong == []


@pytest.mark.asvs("3.5.5")
def test_messages_are_heard_from_the_portals_own_worker_and_pages_only():
    """A page of another site can send to a window, never to a service worker or a channel."""
    for path in tree.written(".js"):
        if tree.name(path).startswith(NOT_SERVED):
            continue
        text = path.read_text()
        assert not re.search(
            r"(?:window|globalThis)\.(?:addEventListener\([\"']message|onmessage)", text
        )
        for owner in re.findall(r"([\w.?]+)\??\.addEventListener\(\s*[\"']message", text):
            assert owner.strip("?") in ("navigator.serviceWorker", "channel", "self"), tree.name(
                path
            )


@pytest.mark.asvs("13.4.1")
def test_a_release_carries_no_history_and_static_files_come_from_their_folders_only():
    from django.conf import settings

    assert [str(one) for one in settings.STATICFILES_DIRS] == [str(tree.ROOT / "static")]
    hidden = [tree.name(p) for p in tree.files() if tree.name(p).startswith("static/.")]
    assert hidden == []


@pytest.mark.parametrize(
    ("line", "gate", "is_bad"),
    [
        ("cursor.execute('select 1')", is_sql, True),
        ("subprocess.run(['age'])", is_program, True),
        ("os.system(x)", is_program, True),
        ("eval(x)", is_text_run, True),
        ("engines['django'].from_string(x)", is_text_run, True),
        ("hashlib.md5(b'')", is_weak_hash, True),
        ("hashlib.new(name)", is_weak_hash, True),
        ("hashlib.sha256(b'')", is_weak_hash, False),
        ("re.compile(r'a+')", is_made_pattern, False),
        ("re.compile(f'{x}+')", is_made_pattern, True),
    ],
)
def test_the_gates_can_close(line, gate, is_bad):
    [(name, node), *_] = calls(ast.parse(line))
    assert gate(name, node) is is_bad
