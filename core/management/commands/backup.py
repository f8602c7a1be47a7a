"""backup [--to DIR] [--base] [--second-place TARGET]: an encrypted copy of everything, noted for
the health page. What is old goes only after a good new one. docs/backup.md."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone

from core.backups import cluster, ending, keeping, sealing, taking
from core.backups.places import Place
from core.backups.trouble import Trouble


class Command(BaseCommand):
    help = "Back up database, photos and documents, encrypted with age."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--to", metavar="DIR", help="default: PUG_BACKUP_DIR")
        parser.add_argument(
            "--base", action="store_true", help="copy the whole PostgreSQL cluster instead"
        )
        parser.add_argument(
            "--second-place", metavar="TARGET", help="a folder or rsync target; PUG_BACKUP_SECOND"
        )

    def handle(self, *, to, base, second_place, **options):
        name = "backup_base" if base else "backup"
        began = monotonic()
        place = Place(Path(to or settings.BACKUP_DIR or settings.VAR_DIR / "backups").resolve())
        try:
            with ending.tidily():
                said = self._take(place, base, second_place or settings.BACKUP_SECOND)
        except (Trouble, OSError, Error) as trouble:
            self._note(name, ok=False, detail=str(trouble).strip())
            raise CommandError(f"No backup: {trouble}") from trouble
        self._note(name, ok=True, detail=said)
        self.stdout.write(f"{said}; {monotonic() - began:.1f} s")

    def _take(self, place: Place, base: bool, second: str) -> str:
        keys, now = sealing.recipients(settings.BACKUP_RECIPIENTS), timezone.now()
        with taking.alone(place):
            if base:
                folder, found = cluster.take_base(place, keys, now)
                size = sum(part.bytes for part in found.parts.values())
                said = f"{folder.name}: copy of the cluster, verified, {size} bytes"
            else:
                said = str(taking.take(place, keys, now))
            gone = keeping.prune(place, now)
            if second:
                keeping.copy_to(place, second)
        if not base and (trouble := taking.archive_trouble(place, now)):
            raise Trouble(f"the set {said} is good, but {trouble}")
        return f"{said}{f'; {gone} old ones removed' if gone else ''}"

    def _note(self, name: str, *, ok: bool, detail: str) -> None:
        """A backup that nobody hears of counts as none; a trouble is told even so."""
        try:
            taking.note(name, ok=ok, detail=detail)
        except Error as trouble:
            if ok:
                raise CommandError(
                    f"{detail}: good, but it could not be noted: {trouble}"
                ) from trouble
