"""remind_plans [--day 2026-03-17] [--dry-run]: write to those who have something to do before a
deadline of the planning calendar.

One line for each letter; whoever was written to is left in peace, so it may run as often as one
likes. Exits 1 when a letter could not be sent.
"""

from __future__ import annotations

import sys
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from planning.services.reminders import letters_on, send_letter


class Command(BaseCommand):
    help = "Write to those who have something to do before a deadline of the planning calendar."

    def add_arguments(self, parser):
        parser.add_argument("--day", default="", help="as if it were this day, like 2026-03-17")
        parser.add_argument("--dry-run", action="store_true", help="say what would be sent")

    def handle(self, *, day, dry_run, **options):
        today = _day(day)
        sent = failed = 0
        for letter in letters_on(today):
            about = f"{letter.due.entry.key} {letter.due.day}: {letter.to.email}"
            if dry_run:
                self.stdout.write(f"{about} would be written to")
                continue
            try:
                done = send_letter(letter, today)
            except OSError as error:
                failed += 1
                self.stderr.write(f"{about} NOT SENT: {error}")
                continue
            sent += done
            self.stdout.write(f"{about} {'written to' if done else 'left to another run'}")
        self.stdout.write(f"{sent} letters sent")
        if failed:
            sys.exit(1)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError as error:
        raise CommandError(f"--day must be like 2026-03-17, not {text!r}.") from error
