"""breach_letter --accounts a,b --since 2026-11-20T08:00 --until 2026-11-20T17:00 [--pdf FILE]:
the letter that UU 27/2022 (Pasal 46) asks for within 3 × 24 hours, filled from the audit trail.

Moments are of the portal's own zone. `--found`: when it came to light (now). `--to`: `lembaga` or
`subjek`. `--blank`: nothing filled in. Prints text; exits 1 when the time has run out.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from core import paper
from programs.privacy.breach import RECIPIENTS, Breach, blank, letter


class Command(BaseCommand):
    help = "Write the letter about a breach, from the audit trail."

    def add_arguments(self, parser):
        parser.add_argument("--accounts", default="", help="usernames, with commas between")
        parser.add_argument("--since", type=_moment, help="as 2026-11-20T08:00")
        parser.add_argument("--until", type=_moment, help="as 2026-11-20T17:00")
        parser.add_argument("--found", type=_moment, help="when it came to light; now")
        parser.add_argument("--what", default="", help="what happened, in a sentence")
        parser.add_argument("--to", choices=sorted(RECIPIENTS), default="lembaga")
        parser.add_argument("--pdf", type=Path, help="write a PDF to this file")
        parser.add_argument("--blank", action="store_true", help="with nothing filled in")

    def handle(self, *, to, pdf, **options):
        now = timezone.now()
        of = None if options["blank"] else _breach(options, now)
        text = letter(of, to, now) if of else blank(to)
        if pdf:
            pdf.write_bytes(paper.pdf("programs/breach_letter_paper.html", {"letter": text}))
            self.stdout.write(f"Written to {pdf}.")
        else:
            self.stdout.write(text, ending="")
        if of and now > of.due:
            self.stderr.write(f"The 3 × 24 hours were over at {timezone.localtime(of.due)}.")
            sys.exit(1)


def _moment(text: str) -> datetime:
    found = parse_datetime(text)
    if found is None:
        raise ValueError
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _breach(options: dict, now: datetime) -> Breach:
    names = [one.strip().lower() for one in options["accounts"].split(",") if one.strip()]
    if not names or not options["since"] or not options["until"]:
        raise CommandError("Name --accounts, --since and --until, or ask for --blank.")
    if options["until"] < options["since"]:
        raise CommandError("--until lies before --since.")
    people = list(User.objects.filter(username__in=names).order_by("username"))
    if missing := sorted(set(names) - {one.username for one in people}):
        raise CommandError(f"No such account: {', '.join(missing)}")
    found = options["found"] or now
    return Breach(people, options["since"], options["until"], found, options["what"])
