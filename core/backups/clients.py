"""PostgreSQL's own programs, run without a secret among their arguments."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from . import sealing
from .trouble import Trouble

_FOLDERS = Path("/usr/lib/postgresql")
#: What the programs read from the environment, by Django's name of it.
_NAMES = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
_TLS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}


def program(name: str, major: int = 0) -> str:
    """The program of this version where Debian keeps it, else the newest, else that of PATH."""
    exact = _FOLDERS / str(major) / "bin" / name
    if exact.exists():
        return str(exact)
    installed = sorted(_FOLDERS.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(installed[-1]) if installed else shutil.which(name)
    if not found:
        raise Trouble(f"{name} is not installed. Type: apt-get install -y postgresql-client")
    return found


def environment(database: Mapping[str, Any]) -> dict[str, str]:
    """How the programs reach the database of these Django settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    said = {env: str(database[name]) for name, env in _NAMES.items() if database.get(name)}
    options = database.get("OPTIONS", {})
    said |= {env: str(options[name]) for name, env in _TLS.items() if name in options}
    return {**kept, **said, "PGDATABASE": str(database["NAME"]), "PGAPPNAME": "pug-backup"}


def output(command: Sequence[str], env: Mapping[str, str], **options: Any) -> Iterator[bytes]:
    """What the program writes, block by block. Trouble at the end where it failed."""
    with subprocess.Popen(  # noqa: S603 - a list, of our own words
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    ) as child:
        out, err = cast(BinaryIO, child.stdout), cast(BinaryIO, child.stderr)
        try:
            while block := out.read(sealing.BLOCK):
                yield block
        except GeneratorExit:
            child.kill()
            raise
        said = err.read()
        if child.wait():
            raise failed(command[0], said)


def run(command: Sequence[str], env: Mapping[str, str] | None = None, **options: Any) -> str:
    """What the program said, both ways. Trouble where it failed."""
    options = {"capture_output": True, "stdin": subprocess.DEVNULL, **options}
    done = subprocess.run(command, env=env, check=False, **options)  # noqa: S603 - as above
    if done.returncode:
        raise failed(command[0], done.stderr or done.stdout or b"")
    return ((done.stdout or b"") + (done.stderr or b"")).decode(errors="replace")


def failed(name: str, said: bytes) -> Trouble:
    """Its last lines tell best what went wrong, in one."""
    lines = [line for line in said.decode(errors="replace").strip().splitlines() if line.strip()]
    return Trouble(f"{Path(name).name} failed: {' / '.join(lines[:2]) or 'no reason given'}")
