"""manage.py take_snapshots: dated figures for the public pages, every night."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programs.closing import is_closed
from programs.periods import Period, PeriodKind
from programs.services import take_dated
from villages.models import Regency


def periods_on(today: date) -> Iterator[Period]:
    """This year, last year and the running semester."""
    yield Period(today.year)
    yield Period(today.year - 1)
    yield Period(today.year, PeriodKind.SEMESTER.value, 1 if today.month <= 6 else 2)


class Command(BaseCommand):
    help = (
        "Keep today's verified figures of this year, last year and the running semester, dated, "
        "for the public pages. Safe to run twice a day: the same figures are kept once. "
        "A closed period is published from its closing and left alone."
    )

    def add_arguments(self, parser):
        parser.add_argument("--regency", metavar="CODE", help="by default PUG_REGENCY")

    def handle(self, *, regency, **options):
        code = regency or settings.PUG_REGENCY
        found = Regency.objects.filter(code=code).first()
        if found is None:
            raise CommandError(f"Regency {code} is not on file. Run: manage.py import_wilayah")
        now = timezone.now()
        for period in periods_on(timezone.localdate(now)):
            taken = take_dated(found, period, now=now)
            if taken:
                said = f"{taken.rows.count()} rows, {taken.checksum[:12]}"
            else:
                said = "closed" if is_closed(found.code, period) else "unchanged"
            self.stdout.write(f"{found.code} {period.code}: {said}")
