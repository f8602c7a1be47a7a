"""export_package DIR_OR_ZIP: the exit guarantee. Everything that is no secret as open CSV with a
description, so that another system can take it over without us. docs/backup.md, "Leaving"."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from core.leaving import package
from core.leaving.package import NotEmpty


class Command(BaseCommand):
    help = "Write all data that is not secret as CSV with datapackage.json; a folder or a .zip."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("target", metavar="DIR_OR_ZIP", help="must not exist yet")

    def handle(self, *, target, **options):
        began = monotonic()
        try:
            tables, rows = package.write(Path(target))
        except (NotEmpty, OSError, Error) as trouble:
            raise CommandError(f"No package: {trouble}") from trouble
        self.stdout.write(f"{target}: {tables} tables, {rows} rows; {monotonic() - began:.1f} s")
