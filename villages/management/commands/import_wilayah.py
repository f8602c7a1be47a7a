"""manage.py import_wilayah: areas, offices and population from the shipped lists."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from villages import imports, services


class Command(BaseCommand):
    help = "Load the ministry's list of areas (one regency or the nation). Safe to run twice."

    def add_arguments(self, parser):
        parser.add_argument("--regency", help="only this regency and its parents, such as 64.01")
        parser.add_argument("--lists", type=Path, help="folder with the lists (default: data/)")
        parser.add_argument(
            "--code-changes", type=Path, help="CSV with level, old_code, new_code, on (2026-01-31)"
        )
        parser.add_argument(
            "--many-may-end", action="store_true", help="allow that over a tenth leaves the list"
        )
        parser.add_argument("--dry-run", action="store_true", help="judge and count, store nothing")

    def handle(self, *args, **options):
        folder = options["lists"] or settings.DATA_DIR
        try:
            with transaction.atomic():
                self._import(folder, options)
                transaction.set_rollback(options["dry_run"])
        except (imports.FileProblem, Refused) as refusal:
            raise CommandError(
                f"{str(refusal).removeprefix(': ')} Nothing was stored."
            ) from refusal
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was stored.")

    def _import(self, folder: Path, options) -> None:
        changes = options["code_changes"]
        tallies = services.import_areas(
            imports.read_area_lists(folder / "wilayah"),
            actor=None,
            on=timezone.localdate(),
            regency=options["regency"],
            moves=imports.read_code_changes(changes) if changes else [],
            many_may_end=options["many_may_end"],
            progress=self._progress,
        )
        written = sum(tally.changed for tally in tallies.values())
        for level, tally in tallies.items():
            self.stdout.write(f"{level.value}: {_sentence(tally)}")
        written += self._offices(folder, options["regency"])
        if not written:
            self.stdout.write("Nothing to change: all agrees with the lists.")

    def _offices(self, folder: Path, regency: str | None) -> int:
        written = 0
        for path in sorted(folder.glob("*/opd.csv")):
            laid = services.import_opds(imports.read_opds(path), regency=regency)
            self.stdout.write(f"offices ({path.parent.name}): {laid.created} created")
            for name in laid.kept:
                self.stdout.write(f"  not in the office's own list, left out: {name}")
            written += laid.created
        for path in sorted(folder.glob("*/population.csv")):
            laid = services.import_population(imports.read_population(path), regency=regency)
            self.stdout.write(f"population ({path.parent.name}): {laid.created} created")
            written += laid.created
        return written

    def _progress(self, level, done: int, total: int) -> None:
        if self.stderr.isatty() and total > 5_000:
            end = "\n" if done == total else ""
            self.stderr.write(f"\r{level.value}: {done:,} of {total:,}", ending=end)


def _sentence(tally: services.Tally) -> str:
    always = ("created", "renamed", "moved", "ended", "unchanged")
    numbers = {name: number for name, number in vars(tally).items() if number or name in always}
    return ", ".join(f"{number:,} {name}" for name, number in numbers.items())
