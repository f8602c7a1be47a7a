"""How a backup folder is laid out, and what in it is whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from . import sealing
from .trouble import Trouble

NAME = "%Y%m%dT%H%M%SZ"
SUMS = "SHA256SUMS"
MANIFEST = "manifest.json.age"
MEDIA_LIST = "media.txt"
START_WAL = "start-wal"


class Place(NamedTuple):
    """A folder of backups: sets of database and media, copies of the cluster, WAL."""

    root: Path

    @property
    def sets(self) -> Path:
        return self.root / "sets"

    @property
    def bases(self) -> Path:
        return self.root / "bases"

    @property
    def media(self) -> Path:
        return self.root / "media"

    @property
    def wal(self) -> Path:
        return self.root / "wal"


def moment_of(folder: Path) -> datetime:
    """When a set was begun: its name."""
    return datetime.strptime(folder.name, NAME).replace(tzinfo=UTC)


def listed(folder: Path) -> list[Path]:
    """The finished backups in `sets` or `bases`, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(one for one in folder.iterdir() if one.is_dir() and _is_named(one.name))


def _is_named(name: str) -> bool:
    try:
        datetime.strptime(name, NAME).replace(tzinfo=UTC)
    except ValueError:
        return False
    return True


@contextmanager
def begun(folder: Path, now: datetime) -> Iterator[Path]:
    """A folder to fill; it gets its name when all of it is on disk, and is gone after a trouble."""
    whole = folder / now.astimezone(UTC).strftime(NAME)
    if whole.exists():
        raise Trouble(f"A backup of this second stands already: {whole.name}")
    part = folder / f".{whole.name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        yield part
        settle(part)
        part.replace(whole)
        settle(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def settle(folder: Path) -> None:
    """The names in the folder are on disk for good."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_down(path: Path, text: str) -> str:
    """A small plain file, on disk for good; its sum."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return sealing.sum_of(path)


def write_sums(folder: Path, sums: Mapping[str, str]) -> None:
    """As `sha256sum -c` reads them."""
    write_down(folder / SUMS, "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)))


def check_sums(folder: Path) -> dict[str, str]:
    """Each file of a set has the sum written down with it: {name: sum}. Trouble names the file."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as reason:
        raise Trouble(f"{folder} is no backup: {SUMS} cannot be read") from reason
    sums = {name: sum_ for sum_, _two, name in (line.partition("  ") for line in lines)}
    if MANIFEST not in sums or any("/" in name or name.startswith(".") for name in sums):
        raise Trouble(f"{folder} is no backup: {SUMS} is damaged")
    for name, wanted in sums.items():
        path = folder / name
        if not path.is_file():
            raise Trouble(f"{name} is missing in {folder}")
        if sealing.sum_of(path) != wanted:
            raise Trouble(f"{name} in {folder} is not what was written (its sum differs)")
    return sums
