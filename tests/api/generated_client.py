"""A client made by openapi-generator from a running portal's description, and what it can do.

`make drill` runs it by name. The generator (its jar is inside the package; Java comes from Debian)
and the client live in environments of their own, which are thrown away.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.services import create_token
from tests import make

GENERATOR = "openapi-generator-cli==7.26.0"
STORY = Path(__file__).with_name("client_story.py")
pytestmark = pytest.mark.django_db(transaction=True)


def run(*command: object, **more) -> str:
    ran = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        **more,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    return ran.stdout


def environment(at: Path, *packages: object) -> Path:
    """The folder of commands of a new environment with these packages."""
    run(sys.executable, "-m", "venv", at)
    run(at / "bin" / "python", "-m", "pip", "install", "--quiet", *packages)
    return at / "bin"


@pytest.fixture
def key() -> str:
    village = make.village()
    make.program(village)
    person = make.person("facilitator", village=village)
    scopes = ["activities:read", "activities:write"]
    return create_token(person, name="Story", scopes=scopes, days=9, actor=person).key


def test_the_generated_client_compiles_and_works(live_server, key, tmp_path):
    generator = environment(tmp_path / "generator", GENERATOR)
    schema = f"{live_server.url}/api/v1/schema/"
    options = ("-g", "python", "--package-name", "pug_client", "-o", tmp_path / "client")
    run(generator / "openapi-generator-cli", "generate", "-i", schema, *options, cwd=tmp_path)
    client = environment(tmp_path / "environment", tmp_path / "client")
    run(client / "python", "-m", "compileall", "-q", tmp_path / "client" / "pug_client")
    said = run(client / "python", STORY, live_server.url, env={**os.environ, "PORTAL_KEY": key})
    assert said == "well\n"
