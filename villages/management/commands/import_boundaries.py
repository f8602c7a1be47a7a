"""manage.py import_boundaries FILE: official outlines for whichever areas the file has."""

from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from villages.imports import FileProblem, read_boundaries
from villages.imports.boundaries import named
from villages.models import LEVELS, AreaShape, Village, level_of
from villages.services import store_shapes


class Command(BaseCommand):
    help = "Import outlines keyed by Kemendagri code from GeoJSON or TopoJSON. Safe to run twice."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="who drew the lines; shown by the map")
        parser.add_argument("--dry-run", action="store_true", help="judge and count, store nothing")

    def handle(self, *args, **options):
        path = options["file"]
        try:
            outlines = read_boundaries(path)
            _refuse_unknown(path, outlines)
        except FileProblem as problem:
            raise CommandError(f"{problem} Nothing was stored.") from problem
        with transaction.atomic():
            stored = store_shapes(
                AreaShape.Kind.OFFICIAL,
                outlines,
                actor=None,
                source=options["source"][:300] or path.name,
            )
            for level, count in Counter(level_of(code) for code in outlines).items():
                self.stdout.write(f"{level.value}: {count} outlines")
            self.stdout.write(f"{stored.written} written, {stored.unchanged} unchanged")
            self._name_missing(outlines)
            transaction.set_rollback(options["dry_run"])
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was stored.")

    def _name_missing(self, outlines) -> None:
        """A regency's map turns official only when no village of it is missing."""
        regencies = {code[:5] for code in outlines if len(code) == 13}
        for regency in sorted(regencies):
            villages = Village.objects.live().under(regency)
            official = AreaShape.objects.of_villages(villages).filter(kind=AreaShape.Kind.OFFICIAL)
            missing = villages.exclude(code__in=official.values("area_code"))
            for village in missing:
                self.stdout.write(f"  no outline: {village} ({village.code})")
            if missing:
                self.stdout.write(
                    f"{regency}: {len(missing)} of {villages.count()} villages have no official"
                    " outline. Official and schematic outlines are not drawn together: a complete"
                    " schematic map stays in use until they are there."
                )


def _refuse_unknown(path: Path, outlines) -> None:
    known: set[str] = set()
    for _level, model, _parent in LEVELS:
        known.update(model.objects.values_list("code", flat=True))
    unknown = [code for code in outlines if code not in known]
    if unknown:
        words = f"{len(unknown)} unknown area codes: {named(unknown)}."
        raise FileProblem(path, 0, words)
