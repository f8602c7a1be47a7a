"""Photos and documents: each sealed once under the sum of what it holds, named by many sets."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from . import sealing
from .manifest import Filed
from .places import Place, settle
from .trouble import Trouble

_UNFINISHED = ".part"


def store(root: Path, place: Place, keys: Path) -> tuple[list[Filed], int]:
    """Every file below `root` lies sealed in the place; the list, and how many were new.

    Taken after the database's moment: a file is on disk before the row that names it, so that
    each row finds its file. A file that vanishes meanwhile was removed on purpose.
    """
    folder = place.media / sealing.fingerprint(keys)
    filed, new = [], 0
    for path in _files(root):
        try:
            one = Filed(
                path.relative_to(root).as_posix(), sealing.sum_of(path), path.stat().st_size
            )
        except FileNotFoundError:
            continue
        filed.append(one)
        new += _sealed(path, _stored(folder, one.sha256), one, keys)
    return filed, new


def _files(root: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(root):
        names.sort()
        for name in sorted(files):
            path = Path(folder, name)
            if path.suffix != _UNFINISHED and not path.is_symlink():
                yield path


def _stored(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / f"{digest}.age"


def _sealed(path: Path, target: Path, one: Filed, keys: Path) -> bool:
    """Whether it had to be written. Trouble where the file changed while it was read."""
    if target.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with path.open("rb") as file:
        sealed = sealing.seal(iter(lambda: file.read(sealing.BLOCK), b""), target, keys)
    if sealed.plain_sha256 != one.sha256:
        target.unlink()
        raise Trouble(f"{one.path} changed while it was read; run the backup again")
    settle(target.parent)
    return True


def unpack(
    filed: Iterable[Filed], place: Place, identities: Sequence[Path], root: Path
) -> tuple[int, int]:
    """Every file of the list lies below `root` with the sum it had; how many, and bytes."""
    number, size = 0, 0
    for one in filed:
        target = root / one.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            found = sealing.unseal(_found(place, one), identities, file)
            file.flush()
            os.fsync(file.fileno())
        if found != one.sha256:
            raise Trouble(f"{one.path} is not what was backed up (its sum differs)")
        number, size = number + 1, size + one.size
    return number, size


def require_all(filed: Iterable[Filed], place: Place) -> None:
    """Trouble where a file of the list is not in the place."""
    for one in filed:
        _found(place, one)


def _found(place: Place, one: Filed) -> Path:
    """Sealed for whichever keys; the newest, which the present keepers can open."""
    copies = place.media.glob(f"*/{one.sha256[:2]}/{one.sha256}.age")
    newest = max(copies, key=lambda copy: copy.stat().st_mtime, default=None)
    if newest is None:
        raise Trouble(f"The backup of {one.path} is missing ({one.sha256})")
    return newest
