"""remind [--month 2026-10] [--district 64.01.04] [--dry-run]: write to those who owe a month,
and to those whose API key ends soon (each key once; not when a district is named).

Sends letters to heads and facilitators who have an address; whoever was reminded within a week is
left in peace, so it may run as often as one likes. One line for each village; exits 1 when a
letter could not be sent.
"""

from __future__ import annotations

import sys
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import key_ends
from accounts.services import warn_of_end
from programs.forms.reporting import MonthField
from programs.letters import Letter, Sorting, letters_for
from programs.reporting import last_due_month
from programs.services import send_letter
from villages.models import District, Village


class Command(BaseCommand):
    help = "Write to those whose villages did not report, and to those whose API key ends soon."

    def add_arguments(self, parser):
        parser.add_argument("--month", default="", help="as 2026-10; the newest due one")
        parser.add_argument("--district", default="", help="only this one, by its code")
        parser.add_argument("--dry-run", action="store_true", help="say what would be sent")

    def handle(self, *, month, district, dry_run, **options):
        now = timezone.now()
        asked = _month(month, timezone.localdate(now))
        found = letters_for(_villages(district), asked, now)
        failed = self._send(found.letters, asked, now, dry_run)
        self._tell(found, failed, dry_run)
        unsent = 0 if district else self._warn_of_keys(dry_run)
        if failed or unsent:
            sys.exit(1)

    def _send(self, letters: list[Letter], month: date, now, dry_run: bool) -> set[int]:
        """The people to whom nothing could be sent."""
        failed = set()
        for letter in letters:
            if dry_run:
                continue
            try:
                send_letter(letter, month=month, address=f"{settings.SITE_ADDRESS}/", now=now)
            except OSError as error:  # smtplib's errors are among them
                failed.add(letter.to.pk)
                self.stderr.write(f"{letter.to.email}: {error}")
        return failed

    def _warn_of_keys(self, dry_run: bool) -> int:
        """How many owners of keys could not be written to."""
        unsent = 0
        for token in key_ends.to_be_warned():
            subject, text = key_ends.letter_about(token)
            try:
                if not (dry_run or warn_of_end(token, subject=subject, text=text)):
                    continue  # another run was faster
            except OSError as error:
                unsent += 1
                self.stderr.write(f"{token.user.email}: {error}")
                continue
            word = "would write" if dry_run else "wrote"
            self.stdout.write(
                f"key {token.lookup} ends {token.expires_on}: {word} to {token.user.email}"
            )
        return unsent

    def _tell(self, found: Sorting, failed: set[int], dry_run: bool) -> None:
        for line in found.lines:
            self.stdout.write(f"{line.code} {line.title}: {line.words(failed, dry_run)}")
        sent = sum(letter.to.pk not in failed for letter in found.letters)
        word = "to send" if dry_run else "sent"
        self.stdout.write(f"{len(found.lines)} villages, {sent} letters {word}")


def _month(text: str, today: date) -> date:
    due = last_due_month(today)
    try:
        month = MonthField(required=False).clean(text) or due
    except ValidationError as error:
        raise CommandError(f"--month must be like 2026-10, not {text!r}.") from error
    if month > due:
        raise CommandError(f"{text} is not due yet; the newest that is: {due:%Y-%m}.")
    return month


def _villages(district: str):
    villages = Village.objects.live()
    if not district:
        return villages.under(settings.PUG_REGENCY)
    if not District.objects.filter(code=district).exists():
        raise CommandError(f"There is no district {district!r}.")
    return villages.under(district)
