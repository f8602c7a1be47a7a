"""Encryption by age (https://age-encryption.org): sealed for public keys, opened by an identity.

The server holds public keys only. Keys go by files, never by arguments or the environment.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol, cast

from .trouble import Trouble

BLOCK = 1 << 20
AGE = "age"
_OTHER_KEY = b"no identity matched"


class Sealed(NamedTuple):
    """A sealed file: its own bytes and sum, and those of what is inside."""

    bytes: int
    sha256: str
    plain_bytes: int
    plain_sha256: str


class Sink(Protocol):
    """Where opened bytes go."""

    def write(self, data: bytes, /) -> object: ...


def recipients(path: str | Path) -> Path:
    """The file of public keys, after a look into it. Trouble: none named, none inside, or worse."""
    if not str(path):
        raise Trouble(
            "PUG_BACKUP_RECIPIENTS is not set: without a public key nothing would be encrypted"
        )
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as reason:
        raise Trouble(f"The public keys cannot be read: {path}") from reason
    keys = [line for line in map(str.strip, lines) if line and not line.startswith("#")]
    if any(key.upper().startswith("AGE-SECRET-KEY") for key in keys):
        raise Trouble(f"{path} holds a secret key. It must not lie on this machine: take it away")
    if not keys:
        raise Trouble(f"There is no public key in {path}")
    return Path(path)


def fingerprint(path: Path) -> str:
    """Names a set of public keys: what was sealed for others is sealed anew."""
    lines = sorted(
        line.strip()
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    )
    return sha256("\n".join(lines).encode()).hexdigest()[:12]


def seal(source: Iterable[bytes], path: Path, keys: Path) -> Sealed:
    """Write the bytes of `source` encrypted to `path`, on disk for good. Trouble when it fails.

    `source` may raise at its end: nothing is left behind then.
    """
    part = path.with_name(f"{path.name}.part")
    plain, size = sha256(), 0
    try:
        with part.open("wb") as file, _age(["-R", str(keys)], stdout=file) as child:
            with suppress(BrokenPipeError):  # age ended early, and says why
                for block in source:
                    plain.update(block)
                    size += len(block)
                    cast(BinaryIO, child.stdin).write(block)
            _finish(child, path)
            os.fsync(file.fileno())
        sealed = Sealed(part.stat().st_size, sum_of(part), size, plain.hexdigest())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return sealed


def _age(options: Sequence[str], **pipes) -> subprocess.Popen[bytes]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, **pipes}
    try:
        return subprocess.Popen([AGE, *options], stderr=subprocess.PIPE, **pipes)  # noqa: S603
    except FileNotFoundError as reason:
        raise Trouble("age is not installed. Type: apt-get install -y age") from reason


def _finish(child: subprocess.Popen[bytes], path: Path) -> None:
    """The sealing is at its end. `communicate` closes the pipe and hears what was said."""
    _out, said = child.communicate()
    if child.returncode:
        raise Trouble(f"{path.name} could not be encrypted: {_line(said)}")


def opened(path: Path, identities: Sequence[Path]) -> Iterator[bytes]:
    """The bytes inside, block by block. Trouble at the end, or before, where age does not vouch.

    What was read before the trouble is authentic, but not all: use nothing of it then.
    """
    keys = [word for identity in identities for word in ("-i", str(identity))]
    with path.open("rb") as file, _age(["-d", *keys], stdin=file) as child:
        out, err = cast(BinaryIO, child.stdout), cast(BinaryIO, child.stderr)
        try:
            while block := out.read(BLOCK):
                yield block
        except GeneratorExit:
            child.kill()
            raise
        said = err.read()
        if child.wait():
            raise _refusal(path, said)


def _refusal(path: Path, said: bytes) -> Trouble:
    if _OTHER_KEY in said:
        return Trouble(f"The identity does not open this backup ({path.name}): another key made it")
    return Trouble(f"{path.name} is cut short or was changed: {_line(said)}")


def _line(said: bytes) -> str:
    """The first line that age said, without its name."""
    lines = said.decode(errors="replace").strip().splitlines() or ["no reason given"]
    return lines[0].removeprefix("age: ").removeprefix("error: ")


def unseal(path: Path, identities: Sequence[Path], sink: Sink | None = None) -> str:
    """Open `path` into `sink` (nowhere: only to see that it opens); SHA-256 of what is inside."""
    plain = sha256()
    for block in opened(path, identities):
        plain.update(block)
        if sink is not None:
            sink.write(block)
    return plain.hexdigest()


def sum_of(path: Path) -> str:
    """SHA-256 of a file as it lies on disk."""
    with path.open("rb") as file:
        return sum_read(file)


def sum_read(file: BinaryIO) -> str:
    found = sha256()
    while block := file.read(BLOCK):
        found.update(block)
    return found.hexdigest()
