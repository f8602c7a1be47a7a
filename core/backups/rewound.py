"""Cluster and files of a given second together."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from . import manifest, media, places, restoring, rewinding
from .manifest import Filed
from .rewinding import Wish
from .trouble import Trouble

Say = Callable[[str], None]


def restore(wish: Wish, media_root: Path | None, say: Say) -> None:
    """The cluster of that second, looked through; the files that were known around it, if wanted.

    Files are sealed each night: of those that came after the last set before a loss there is none.
    """
    filed = _files_of(wish)
    media.require_all(filed, wish.place)
    if media_root is not None and media_root.exists():
        raise Trouble(f"{media_root} stands already: name a folder that does not")
    part = media_root.with_name(f".{media_root.name}.restoring") if media_root else None
    try:
        if part is not None:
            part.mkdir(parents=True)
            number, size = media.unpack(filed, wish.place, wish.identities, part)
            say(f"media: {number} files, {size} bytes, every sum the same")
        rewinding.rewind(wish, lambda: _look(say), say)
        if part is not None and media_root is not None:
            part.rename(media_root)
    except BaseException:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
        raise


def _look(say: Say) -> None:
    for name, one in sorted(restoring.digests_here().items()):
        say(f"  {name:<42}{one.rows:>10}  {one.sha256[:16]}")
    restoring.finish(say)


def _files_of(wish: Wish) -> list[Filed]:
    """Of the last set before that second and the first after it: one of them knows each file."""
    sets = places.listed(wish.place.sets)
    to = wish.to or datetime.now(UTC)
    around = [one for one in sets if places.moment_of(one) <= to][-1:]
    around += [one for one in sets if places.moment_of(one) > to][:1]
    found: dict[str, Filed] = {}
    for one in around:
        places.check_sums(one)
        found |= {file.path: file for file in manifest.read(one, wish.identities).media}
    return sorted(found.values(), key=lambda file: file.path)
