"""What deploy/ holds is understood by those who read it: bash, nginx, systemd."""

import gzip
import json
import re
import shutil
import subprocess

import pytest
from django.conf import settings
from django.core.management import get_commands

from core import logs

pytestmark = pytest.mark.once

DEPLOY = settings.BASE_DIR / "deploy"
LIB = f". {DEPLOY}/lib.sh; "


def bash(text: str, **given) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["bash", "-c", text], capture_output=True, text=True, check=False, **given
    )


def rows() -> list[list[str]]:
    lines = (DEPLOY / "systemd" / "tasks.table").read_text().splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines if line[0] != "#"]


@pytest.mark.parametrize(
    "script", [*DEPLOY.glob("*.sh"), *(DEPLOY / "bin").iterdir()], ids=lambda path: path.name
)
def test_scripts_are_bash(script):
    assert bash(f"bash -n {script}").returncode == 0


def test_every_task_is_a_command_and_a_role():
    roles = (DEPLOY / "database" / "roles.sql").read_text()
    for _name, _when, user, role, command in rows():
        assert command.split()[0] in get_commands()
        assert f"'{role}'" in roles
        assert user.replace("-", "_") == role


def test_the_web_server_tells_its_own_lines_like_the_portal():
    told = json.loads((DEPLOY / "systemd" / "granian-log.json").read_text())
    assert told == logs.granian("json")
    assert (
        "--log-config deploy/systemd/granian-log.json"
        in (DEPLOY / "systemd" / "pug-web.service").read_text()
    )


def test_yesterdays_log_is_kept_sealed(tmp_path):
    """Of the services what journalctl tells, of nginx the lines of that day; the key opens both."""
    if not shutil.which("age-keygen"):
        pytest.skip("age is not installed")
    (tmp_path / "journalctl").write_text('#!/bin/sh\necho "asked: $*"\n')
    (tmp_path / "journalctl").chmod(0o755)
    days = [f'{{"time":"2026-11-{day}T10:00:00+08:00"}}\n' for day in (21, 22, 23)]
    (tmp_path / "pug-access.log").write_text("".join(days[1:]))
    (tmp_path / "pug-access.log.2.gz").write_bytes(gzip.compress("".join(days[:2]).encode()))
    done = bash(
        f"cd {tmp_path}; age-keygen -o key 2>/dev/null; age-keygen -y key >public;"
        f" PATH={tmp_path}:$PATH PUG_BACKUP_DIR={tmp_path} PUG_BACKUP_RECIPIENTS={tmp_path}/public"
        f" {DEPLOY}/bin/keep-log 2026-11-22 {tmp_path} || exit;"
        " for one in nginx services; do age -d -i key logs/2026-11-22-$one.gz.age | zcat; done"
    )
    assert done.returncode == 0, done.stderr
    *nginx, services = done.stdout.splitlines(keepends=True)
    assert nginx == [days[1], days[1]]
    assert "--since 2026-11-22 --until 2026-11-23" in services
    assert "time" not in (tmp_path / "logs/2026-11-22-nginx.gz.age").read_text("latin-1")


#: What a server does without.
NO_PART = {".ci", "benchmarks", "drills", "scripts", "tests"}


def released(folder) -> set[str]:
    done = bash(f"{LIB} cd {folder}; code")
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split("\0")[:-1])


@pytest.mark.tree
def test_a_release_holds_what_git_knows_of_each_part():
    """Nothing is forgotten: neither a file, nor an app that is new."""
    if not (settings.BASE_DIR / ".git").exists():
        pytest.skip("no checkout")
    known = bash(f"cd {settings.BASE_DIR}; git ls-files -z -co --exclude-standard").stdout
    wanted = {one for one in known.split("\0") if "/" in one}
    wanted = {one for one in wanted if one.split("/")[0] not in NO_PART}
    wanted = {one for one in wanted if (settings.BASE_DIR / one).is_file()}
    assert {one for one in released(settings.BASE_DIR) if "/" in one} == wanted


@pytest.mark.parametrize(
    "left",
    [
        ".env",
        ".git/config",
        ".venv/bin/python",
        "var/pug.sqlite3",
        "db.sqlite3",
        "htmlcov/index.html",
        "node_modules/a.js",
        "static/node_modules/a.js",
        "core/.env",
        "core/.a.swp",
        "core/__pycache__/a.cpython-311.pyc",
        "tests/test_a.py",
    ],
)
def test_a_release_holds_nothing_that_tools_left(tmp_path, left):
    for name in {one.split("/")[0] for one in released(settings.BASE_DIR)}:
        if (settings.BASE_DIR / name).is_dir():
            (tmp_path / name).mkdir()
        else:
            (tmp_path / name).touch()
    (tmp_path / "core/kept.py").touch()
    before = released(tmp_path)
    (tmp_path / left).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / left).touch()
    assert released(tmp_path) == before
    assert "core/kept.py" in before
    shutil.rmtree(tmp_path / "core")
    assert bash(f"set -o pipefail; {LIB} cd {tmp_path}; code | wc").returncode != 0


def test_of_old_releases_two_stay(tmp_path):
    for name in ("0.1-a", "0.2-b", "0.3-broken", "0.3-c"):
        (tmp_path / name / ".venv").mkdir(parents=True)

    said = bash(f'{LIB} RELEASES={tmp_path}; let_go "{tmp_path}/0.3-c" "{tmp_path}/0.2-b"')

    assert sorted(one.name for one in tmp_path.iterdir()) == ["0.2-b", "0.3-c"]
    assert said.stdout == "  + 0.1-a taken away\n  + 0.3-broken taken away\n"
    assert (said.returncode, said.stderr) == (0, "")


def test_settings_that_are_installed_are_known():
    from pug_portal.env import names_known

    text = "".join(path.read_text() for path in [DEPLOY / "install.sh", *DEPLOY.glob("systemd/*")])
    assert set(re.findall(r"\b(PUG_[A-Z_]+)=", text)) <= names_known()


def test_systemd_understands_every_unit(tmp_path):
    """/bin/true stands for the programs of the server; the rest is read as it will be."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    mine = tmp_path / "units"
    done = bash(
        f"{LIB} put() {{ mkdir -p $(dirname $1); changes=1;"
        " sed 's#/opt/pug/current/.venv/bin/[a-z]*#/bin/true#; /WorkingDirectory/d' >$1; }; "
        f"units {DEPLOY}/systemd {mine}"
    )
    assert done.returncode == 0, done.stderr
    units = sorted(path for path in mine.iterdir() if path.is_file())
    for name in ("web.service", "backup.timer"):
        assert f"pug-{name}" in (mine / "pug.target").read_text()
    assert len(units) == 5 + 2 * len(rows())
    checked = ["systemd-analyze", "verify", "--man=no", *map(str, units)]
    said = subprocess.run(checked, capture_output=True, text=True, check=False)
    ours = [line for line in said.stderr.splitlines() if "pug" in line]
    assert ours == []
    (mine / "pug-web.service").write_text("[Service]\nExecStart=/bin/true\nRestrat=always\n")
    said = subprocess.run(checked, capture_output=True, text=True, check=False)
    assert "Restrat" in said.stderr  # it would have been told
