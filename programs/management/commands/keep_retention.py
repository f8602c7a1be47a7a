"""keep_retention [--dry-run]: let go of what has been kept long enough (docs/privacy.md).

For every night; safe to run twice. A line for each rule: what was due, what was done. Exits 1 when
something due is left, as photos on a disk that cannot be written.
"""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand
from django.utils import timezone, translation

from programs.privacy.retention import due_now, keep


class Command(BaseCommand):
    help = "Let go of what has been kept long enough."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say what is due, do nothing")

    def handle(self, *, dry_run, **options):
        now = timezone.now()
        with translation.override("en"):
            results = due_now(now) if dry_run else keep(now)
            for one in results:
                did = "told only" if one.rule.act is None else f"done {one.done}"
                said = "would do" if dry_run and one.rule.act else did
                line = f"{one.rule.key:<12} due {one.due:>6}  {said}"
                self.stdout.write(f"{line:<40} {one.rule.what} ({one.rule.span})")
        if not dry_run and any(one.left > 0 for one in results):
            self.stderr.write("Something due is left: see above.")
            sys.exit(1)
