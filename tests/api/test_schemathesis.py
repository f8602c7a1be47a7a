"""Calls made from the API's own description, good ones and broken ones: nothing breaks down, and
every answer is one that the description knows.

Here a short run with one role; `make drill` says more in SCHEMATHESIS_EXAMPLES, _ROLES and _PHASES.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.models import ApiToken
from accounts.services import create_token
from pug_portal.openapi import operations
from tests import make

CONFIG = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "1")
ROLES = os.environ.get("SCHEMATHESIS_ROLES", "officer").split()
#: `coverage`, which tries each boundary of each parameter, takes minutes.
PHASES = os.environ.get("SCHEMATHESIS_PHASES", "examples,fuzzing")

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world():
    """A village with a program, a record and a photo: something to find."""
    program = make.program()
    head = make.village_head()
    make.photo(make.activity(program, author=head), author=head)


def key_of(role: str) -> str:
    areas = {"opd": make.opd()} if role == "opd_focal_point" else {"village": make.village()}
    if role in ("officer", "leader", "auditor"):
        areas = {"regency": make.regency()}
    if role == "district_officer":
        areas = {"district": make.district()}
    person = make.person(role, **areas)
    scopes = list(ApiToken.Scope.values)
    return create_token(person, name="Calls", scopes=scopes, days=9, actor=person).key


@pytest.mark.asvs("4.1.1")
@pytest.mark.parametrize("role", ROLES)
def test_every_call_gets_an_answer_that_is_described(
    role, world, live_server, settings, tmp_path, described
):
    settings.API_CALLS_PER_MINUTE = 1_000_000
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG)),
            *("run", f"{live_server.url}/api/v1/schema/?format=json"),
            *("-H", f"Authorization: Bearer {key_of(role)}"),
            *("--checks", "all", "--phases", PHASES, "--max-examples", EXAMPLES),
            *("--no-color", "--seed", "5", "--workers", "1"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=3600,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr[-2000:]
    told = re.search(r"Tested: (\d+)", ran.stdout)
    assert told, ran.stdout[-5000:]
    assert int(told[1]) == len(list(operations(described)))
