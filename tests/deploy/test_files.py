"""What deploy/ holds is understood by those who read it: bash, nginx, systemd."""

import re
import shutil
import subprocess

import pytest
from django.conf import settings
from django.core.management import get_commands

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
    assert len(units) == 5 + 2 * len(rows())
    checked = ["systemd-analyze", "verify", "--man=no", *map(str, units)]
    said = subprocess.run(checked, capture_output=True, text=True, check=False)
    ours = [line for line in said.stderr.splitlines() if "pug" in line]
    assert ours == []
    (mine / "pug-web.service").write_text("[Service]\nExecStart=/bin/true\nRestrat=always\n")
    said = subprocess.run(checked, capture_output=True, text=True, check=False)
    assert "Restrat" in said.stderr  # it would have been told
