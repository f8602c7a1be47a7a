"""Files of photos whose row never came, because the portal died between the two, are cleared away.

A file is written before its row (`photos.add_photo`), so a crash leaves at worst a file that
nobody knows of. It harms nobody, but a disk fills with such.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from core.asking import as_portal
from core.stored import held

from ..models import Photo

#: No photo takes longer from its file to its row: the database ends a transaction in 30 seconds.
SAFE_AGE = 24 * 3600.0  # seconds since it was last sent
EVERY = 6 * 3600.0  # seconds between two sweeps
_DIGEST = 64  # letters of a SHA-256


def sweep_orphans() -> float:
    """A duty: files older than a day that no photo names are gone; seconds until the next look."""
    sweep_photos()
    return EVERY


def sweep_photos() -> int:
    """How many files were cleared away. What is sent again meanwhile is young again and stays."""
    folders = sorted((Path(settings.MEDIA_ROOT) / "photos").glob("??"))
    return sum(_swept(folder) for folder in folders)


def _swept(folder: Path) -> int:
    old = [path for path in folder.iterdir() if _is_old(path)]
    known = _named({path.name[:_DIGEST] for path in old})
    return sum(_gone(path) for path in old if path.name[:_DIGEST] not in known)


def _named(digests: Iterable[str]) -> set[str]:
    """Those that a photo names, removed ones included: their files go by the rules of retention."""
    with as_portal("a photo in any village keeps its file; nothing of it gets out"):
        return set(Photo.objects.filter(sha256__in=digests).values_list("sha256", flat=True))


def _gone(path: Path) -> bool:
    """Asked for its age once more, with the folder held: `core.stored.keep` may have renewed it."""
    with held(path.parent, fcntl.LOCK_EX):
        if not _is_old(path):
            return False
        path.unlink(missing_ok=True)
    return True


def _is_old(path: Path) -> bool:
    try:
        return path.stat().st_mtime < time.time() - SAFE_AGE
    except FileNotFoundError:
        return False
