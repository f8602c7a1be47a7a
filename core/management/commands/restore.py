"""restore --from DIR --identity FILE [--to-time WHEN] [--into URL_OR_DIR] [--media DIR]: a backup
becomes a portal again, or nothing at all has changed. docs/backup.md, step by step."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone

from core.backups import aiming, ending, restoring, rewinding, rewound
from core.backups.places import NAME, Place
from core.backups.trouble import Trouble


class Command(BaseCommand):
    help = "Restore a backup after verifying it; prints every table, and the seconds."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--from", dest="source", required=True, help="backup folder, or one set"
        )
        parser.add_argument(
            "--identity", action="append", required=True, help="secret key file; may be repeated"
        )
        parser.add_argument("--to-time", help='"2026-11-22 14:05:00+08:00", or latest (PostgreSQL)')
        parser.add_argument(
            "--into", default="", help="another database (URL); folder of a cluster"
        )
        parser.add_argument("--media", help="folder for the files; default: the portal's own")
        parser.add_argument(
            "--replace", action="store_true", help="asks for the name to be replaced"
        )

    def handle(self, *, source, identity, to_time, **options):
        began = monotonic()
        keys = [Path(one).resolve() for one in identity]
        if unread := [one for one in keys if not one.is_file()]:
            raise CommandError(f"There is no identity at {unread[0]}")
        try:
            work = self._rewind if to_time else self._restore
            with ending.tidily():
                work(Path(source).resolve(), keys, to_time, options)
        except (Trouble, OSError, Error) as trouble:
            line = " ".join(str(trouble).split())
            raise CommandError(f"Not restored, nothing was changed: {line}") from trouble
        self.stdout.write(f"restored in {monotonic() - began:.1f} s")

    def _restore(self, source: Path, keys: list[Path], _to: None, options: dict) -> None:
        own = not options["into"] and not options["media"]
        media = Path(settings.MEDIA_ROOT) if own else None
        order = restoring.Order(
            folder=restoring.set_of(source),
            identities=keys,
            database=aiming.database_of(options["into"]),
            media_root=Path(options["media"]) if options["media"] else media,
            stamp=timezone.now().strftime(NAME).lower(),
            may_replace=lambda name: options["replace"] and self._confirmed(name),
            say=self._say,
        )
        if before := restoring.restore(order):
            self._say(f"what was there before is kept as {before}")

    def _rewind(self, source: Path, keys: list[Path], to: str, options: dict) -> None:
        if not options["into"]:
            raise Trouble("--to-time makes a new cluster: name its folder with --into")
        wish = rewinding.Wish(
            place=Place(source),
            identities=keys,
            to=None if to == "latest" else _moment(to),
            into=Path(options["into"]).resolve(),
        )
        rewound.restore(wish, Path(options["media"]) if options["media"] else None, self._say)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _confirmed(self, name: str) -> bool:
        """Whether the person types the name of what is to be replaced."""
        self.stdout.write(f"{name} is not empty. Type its name to replace it: ", ending="")
        self.stdout.flush()
        return sys.stdin.readline().strip() == name


def _moment(said: str) -> datetime:
    try:
        found = datetime.fromisoformat(said)
    except ValueError as reason:
        raise Trouble(f"No time: {said}. Write it like 2026-11-22 14:05:00+08:00") from reason
    return found if found.tzinfo else timezone.make_aware(found)
