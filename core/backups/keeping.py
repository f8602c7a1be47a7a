"""What is kept, and a second place for it. Nothing old goes before something new stands."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from . import clients, places
from .places import Place
from .trouble import Trouble

DAYS, MONTHS = 35, 12
#: Of so many days everything is kept: who backs up after a mishap must not lose what was before.
ALL_OF = 7


def superfluous(names: Iterable[Path], now: datetime) -> list[Path]:
    """Sets that go: all of a week, the newest of each of 35 days, of each of 12 months stay."""
    zone = ZoneInfo(settings.TIME_ZONE)
    today = now.astimezone(zone).date()
    days: dict[date, Path] = {}
    months: dict[tuple[int, int], Path] = {}
    every = sorted(names)
    for one in every:
        day = places.moment_of(one).astimezone(zone).date()
        days[day], months[day.year, day.month] = one, one
    kept = {one for day, one in days.items() if (today - day).days < DAYS}
    kept |= {months[month] for month in sorted(months)[-MONTHS - 1 :] if _is_recent(month, today)}
    kept |= {one for one in every if now - places.moment_of(one) < timedelta(days=ALL_OF)}
    return [one for one in every if one not in kept]


def _is_recent(month: tuple[int, int], today: date) -> bool:
    return (today.year - month[0]) * 12 + today.month - month[1] <= MONTHS


def superfluous_bases(names: Iterable[Path], now: datetime) -> list[Path]:
    """Copies of the cluster that go: all but those of 35 days, and the one before these, from
    which the first of those days is reached."""
    every = sorted(names)
    old = [one for one in every if now - places.moment_of(one) > timedelta(days=DAYS)]
    return old[:-1]


def prune(place: Place, now: datetime) -> int:
    """Remove what is no longer kept; how many sets and copies. Media and WAL go with the last
    that needs them."""
    gone = [
        *superfluous(places.listed(place.sets), now),
        *superfluous_bases(places.listed(place.bases), now),
    ]
    for one in gone:
        shutil.rmtree(one)
    _prune_media(place)
    _prune_wal(place)
    return len(gone)


def _prune_media(place: Place) -> None:
    needed: set[str] = set()
    for one in places.listed(place.sets):
        try:
            needed.update((one / places.MEDIA_LIST).read_text(encoding="utf-8").splitlines())
        except OSError:  # nobody can tell what that set needs: everything stays
            return
    for sealed in place.media.glob("*/*/*.age"):
        if sealed.relative_to(place.media).as_posix() not in needed:
            sealed.unlink()


def _prune_wal(place: Place) -> None:
    """Segments before the oldest kept copy of the cluster; the timeline is no matter."""
    starts = []
    for one in places.listed(place.bases):
        try:
            starts.append((one / places.START_WAL).read_text(encoding="utf-8").strip()[8:24])
        except OSError:
            return
    if not starts:
        return
    for file in place.wal.glob("[0-9A-F]*"):
        if not file.name[8:].startswith(".") and file.name[8:24] < min(starts):
            file.unlink(missing_ok=True)


def copy_to(place: Place, target: str) -> None:
    """All of the place, and nothing else, lies in a second one: a folder, or what rsync knows."""
    if ":" in target:
        command = [shutil.which("rsync") or "rsync", "-a", "--delete", "--exclude=.*"]
        try:
            clients.run([*command, f"{place.root}/", target], stdin=None)
        except FileNotFoundError as reason:
            raise Trouble("rsync is not installed. Type: apt-get install -y rsync") from reason
        return
    folder = Path(target)
    if not folder.is_dir():
        raise Trouble(f"The second place is not there: {target}. Is it mounted?")
    if folder.resolve() == place.root.resolve():
        raise Trouble("The second place is the first")
    _mirror(place.root, folder)
    for one in places.listed(place.sets)[-1:] + places.listed(place.bases)[-1:]:
        places.check_sums(folder / one.relative_to(place.root))


def _mirror(source: Path, target: Path) -> None:
    """New files first, then the end of those that are gone."""
    for folder, names, files in os.walk(source):
        names[:] = [name for name in names if not name.startswith(".")]
        there = target / Path(folder).relative_to(source)
        there.mkdir(exist_ok=True)
        for name in files:
            if not name.startswith("."):
                _copy(Path(folder, name), there / name)
    for folder, _names, files in os.walk(target, topdown=False):
        here = source / Path(folder).relative_to(target)
        for name in files:
            if not (here / name).exists():
                Path(folder, name).unlink()
        if not here.exists():
            shutil.rmtree(folder)


def _copy(path: Path, target: Path) -> None:
    """Whole or not at all; what stands there already as it is stays."""
    try:
        new = path.stat()
    except FileNotFoundError:  # a segment of WAL that another run has pruned
        return
    if target.exists():
        old = target.stat()
        if (old.st_size, int(old.st_mtime)) == (new.st_size, int(new.st_mtime)):
            return
    part = target.with_name(f".{target.name}.part")
    shutil.copy2(path, part)
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)
