"""The containers are the server once more: the same roles, commands, settings, packages, hours."""

import copy
import importlib.util
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.conf import settings

from pug_portal.env import names_known

from .test_files import DEPLOY, LIB, bash, rows

pytestmark = pytest.mark.once

COMPOSE = DEPLOY / "compose"
TEXT = (COMPOSE / "compose.yaml").read_text()
DOCKERFILE = (COMPOSE / "Dockerfile").read_text()
START, SETUP = (COMPOSE / "start.sh").read_text(), (COMPOSE / "setup.sh").read_text()
PLACE = {"MEMORY", "HTTP", "HTTPS"}  # of the container, not of the portal
SECRETS = {f"{name}_FILE" for name in ("PUG_SECRET_KEY", "PUG_SECRET_KEY_FALLBACKS")}
SECRETS |= {"PUG_EMAIL_URL_FILE"}

_spec = importlib.util.spec_from_file_location("clock", COMPOSE / "clock.py")
clock = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(clock)


def unit(name: str) -> dict[str, str]:
    lines = (DEPLOY / "systemd" / f"pug-{name}.service").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"\w+=", line))


def role(url: str) -> str:
    return urlsplit(url).username or ""


def server() -> set[tuple[str, str, str]]:
    """What runs on a server: kind, system user, database role."""
    found = {("clock", user, role) for _name, _when, user, role, _command in rows()}
    for name in ("web", "worker", "tend"):
        said = unit(name)
        found.add((name, said["User"], role(said["Environment"].removeprefix("DATABASE_URL="))))
    done_by = re.findall(r"manage (pug-\w+) ", bash(f"{LIB} declare -f prepare").stdout)
    return found | {("prepare", user, user.replace("-", "_")) for user in done_by}


def faults(compose: dict) -> list[str]:
    """What is not as on the server, or not as closed."""
    services = compose["services"]
    found = [fault for name, one in services.items() for fault in _faults(name, one)]
    runs = {
        (one["command"][0], one["user"], role(one["environment"]["DATABASE_URL"]))
        for one in services.values()
        if "DATABASE_URL" in one.get("environment", {}) and "profiles" not in one
    }
    found += [f"runs on one side alone: {one}" for one in runs ^ server()]
    if [name for name, one in services.items() if "ports" in one] != ["front"]:
        found.append("not the front alone is published")
    if services["database"]["network_mode"] != "none":
        found.append("the database has a network")
    return found


def _faults(name: str, one: dict) -> list[str]:
    by_hand = "profiles" in one
    wanted = {
        "a file system that can be written": one.get("read_only") is True,
        "capabilities": one.get("cap_drop") == ["ALL"] and ("cap_add" not in one or by_hand),
        "new privileges": one.get("security_opt") == ["no-new-privileges:true"],
        "root": one.get("user", "root") != "root" or by_hand,
        "no limit": {"mem_limit", "pids_limit"} <= one.keys(),
        "does not come back": one.get("restart") in ("unless-stopped", "no"),
    }
    given = one.get("environment", {})
    wanted["an unknown setting"] = given.keys() <= names_known() | PLACE
    wanted["a password"] = urlsplit(given.get("DATABASE_URL", "")).password is None
    if "DATABASE_URL" in given:
        kept = {given[key] for key in SECRETS & given.keys()}
        wanted["secrets"] = kept == {f"/run/secrets/{key}" for key in one["secrets"]} != set()
    return [f"{name}: {fault}" for fault, holds in wanted.items() if not holds]


def test_containers_are_the_server():
    assert faults(yaml.safe_load(TEXT)) == []


@pytest.mark.parametrize(
    ("service", "damage", "said"),
    [
        ("web", {"ports": ["8000:8000"]}, "not the front alone"),
        ("database", {"network_mode": "bridge"}, "the database has a network"),
        ("web", {"user": "root"}, "web: root"),
        ("web", {"user": "pug-duty"}, "runs on one side alone"),
        ("backup", {"user": "pug-duty"}, "runs on one side alone"),
        ("worker", {"read_only": False}, "worker: a file system"),
        ("front", {"cap_add": ["NET_ADMIN"]}, "front: capabilities"),
        ("tend", {"environment": {"DATABASE_URL": "postgresql://pug_duty:x@/pug"}}, "a password"),
        ("tend", {"environment": {"PUG_SECRET": "x"}}, "tend: an unknown setting"),
        ("clock", {"secrets": ["secret_key"]}, "clock: secrets"),
    ],
)
def test_damage_would_be_told(service, damage, said):
    compose = copy.deepcopy(yaml.safe_load(TEXT))
    compose["services"][service] |= damage
    assert said in "\n".join(faults(compose))


def test_refused_before_anybody_is_let_in():
    """The checks are those of the units: their very lines are run, word by word."""
    for name in ("web", "worker", "tend"):
        said = unit(name)
        assert "check --deploy --database default --tag start" in said["ExecStartPre"]
        assert not re.search(r"[\"'$%\\;]", said["ExecStartPre"] + said["ExecStart"])
    assert "--tag web" in unit("web")["ExecStartPre"]
    assert 'check --deploy "${of_the_database[@]}" --tag start' in START
    services = yaml.safe_load(TEXT)["services"]
    for name in ("web", "worker", "tend", "clock", "backup"):
        awaited = services[name]["depends_on"]["reference"]
        assert awaited == {"condition": "service_completed_successfully"}


def test_settings_are_those_of_the_server():
    """But for what is told about the restart, line by line."""
    pattern = re.compile(r"^PUG_[A-Z_]+=.*|^GRANIAN.*", re.MULTILINE)
    assert pattern.findall(SETUP) == pattern.findall((DEPLOY / "install.sh").read_text())


def test_nothing_secret_goes_into_the_image():
    assert not re.search(r"(?i)(password|secret|token|_key)\S*=", DOCKERFILE)
    ignored = (COMPOSE / "Dockerfile.dockerignore").read_text().split()
    assert {".git", "var", ".venv", "deploy/compose/.env"} <= set(ignored)
    assert "deploy/compose/.env" in (settings.BASE_DIR / ".gitignore").read_text().split()


def test_image_is_built_of_what_is_here():
    copied = re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE)
    assert "deploy/packages.txt" in copied
    assert all((settings.BASE_DIR / one).exists() for one in copied)
    assert "packages.txt" in (DEPLOY / "install.sh").read_text()
    numbers = dict(re.findall(r"-u (\d+) .* (\S+)$", DOCKERFILE.replace(" \\", ""), re.MULTILINE))
    said = dict(re.findall(r"\b(PUG|BACKUP|POSTGRES)=(\d+)", SETUP))
    assert {numbers[one] for one in said.values()} == {"pug", "pug-backup", "postgres"}
    log = bash(f"{LIB} echo $LOG").stdout.strip()
    assert f"mkdir {log}" in DOCKERFILE


@pytest.mark.parametrize("script", sorted(COMPOSE.glob("*.sh")), ids=lambda path: path.name)
def test_scripts_are_bash(script):
    assert bash(f"bash -n {script}").returncode == 0


WITA = ZoneInfo("Asia/Makassar")


@pytest.mark.parametrize("when", sorted({row[1] for row in rows()}))
def test_clock_strikes_when_systemd_does(when):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    monday = datetime(2026, 11, 23, 12, tzinfo=WITA)
    command = ["systemd-analyze", "calendar", "--iterations=14", "--base-time=2026-11-23 04:00 UTC"]
    said = subprocess.run(
        [*command, f"{when} Asia/Makassar"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TZ": "UTC", "LC_ALL": "C"},
    )
    struck = re.findall(r"(\d{4}-\d\d-\d\d \d\d:\d\d):00 UTC", said.stdout)
    times = [datetime.fromisoformat(one).replace(tzinfo=UTC) for one in struck]
    assert len(times) == 14
    moment = clock.moment(when)
    for before, at in zip(times, times[1:], strict=False):
        assert moment.last(at.astimezone(WITA)) == at
        assert moment.last((at - (at - before) / 2).astimezone(WITA)) == before
    assert moment.last(monday) < monday


@pytest.mark.parametrize(
    "text", ["hourly", "*-*-01 02:00", "Fri..Mon *-*-* 02:00", "*-*-* 25:00", "*-*-* 2:00", ""]
)
def test_clock_refuses_what_it_would_misread(text):
    with pytest.raises(ValueError, match="clock does not|begins on Monday"):
        clock.moment(text)


def test_clock_makes_up_for_what_was_missed_and_begins_gently(tmp_path: Path):
    table = (DEPLOY / "systemd" / "tasks.table").read_text()
    (backup,) = [one for one in clock.tasks(table, "pug-backup") if one.name == "backup"]
    assert backup.command == ["backup"]
    now, stamp = datetime.now(clock.zone()), tmp_path / "backup"
    assert not clock.is_due(backup, stamp, now)
    before = backup.moment.last(now).timestamp() - 60
    os.utime(stamp, (before, before))
    assert clock.is_due(backup, stamp, now)
    os.utime(stamp, (before + 61, before + 61))
    assert not clock.is_due(backup, stamp, now)
