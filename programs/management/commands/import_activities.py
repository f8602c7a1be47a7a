"""import_activities FILE --as USERNAME [--dry-run] [--errors FILE]"""

import csv
import sys
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from accounts.models import User
from core.sheets import Unusable, read_file
from programs.imports import Result, import_activities, open_sheet


class Command(BaseCommand):
    help = "Import activities from a CSV or XLSX sheet; safe to run twice."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", required=True, help="who records them")
        parser.add_argument("--dry-run", action="store_true", help="judge only, store nothing")
        parser.add_argument("--errors", type=Path, help="write refused rows to this CSV file")

    def handle(self, *, file, username, dry_run, errors, **options):
        actor = User.objects.filter(username=username, is_active=True).first()
        if actor is None:
            raise CommandError(f"There is no active person with the username {username!r}.")
        with override("id"):
            count, refused = self._run(file, actor, dry_run)
        if errors and refused:
            _write(errors, refused)
        line = ", ".join(
            f"{word} {count[word]}" for word in ("accepted", "duplicate", "conflict", "rejected")
        )
        self.stdout.write(f"{'dry run: ' if dry_run else ''}{line}")
        if refused:
            sys.exit(1)

    def _run(self, file: Path, actor, dry_run: bool) -> tuple[Counter, list[Result]]:
        count: Counter[str] = Counter()
        refused: list[Result] = []
        try:
            sheet = open_sheet(read_file(file))
            options = {"actor": actor, "name": file.name, "dry_run": dry_run}
            for results in import_activities(sheet, **options):
                count.update(result.outcome.word for result in results)
                bad = [result for result in results if not result.outcome.ok]
                refused += bad
                self._say(bad, sum(count.values()))
        except Unusable as error:
            raise CommandError(str(error)) from error
        return count, refused

    def _say(self, bad: list[Result], done: int) -> None:
        for result in bad:
            for problem in result.outcome.problems:
                self.stderr.write(
                    f"baris {result.number}, {problem.field or '–'}: {problem.detail}"
                )
        if sys.stdout.isatty():
            self.stdout.write(f"{done} …", ending="\r")


def _write(path: Path, refused: list[Result]) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(["baris", "kolom", "kode", "keterangan"])
        for result in refused:
            for one in result.outcome.problems:
                writer.writerow([result.number, one.field, one.code, one.detail])
