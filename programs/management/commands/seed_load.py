"""Invented records by the million, for measuring."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from programs import loading, rollups
from programs.models import Activity
from villages.models import Village


class Command(BaseCommand):
    help = "Fill an empty portal with invented records, to measure it with. Never beside real ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--villages", type=int, default=144)
        parser.add_argument("--activities", type=int, default=100_000)
        parser.add_argument("--programs", type=int, help="default: one for ten activities")
        parser.add_argument("--years", type=int, default=10, help="spread over so many years")

    def handle(self, *args: Any, **options: Any) -> None:
        if Activity.objects.exists():
            raise CommandError("There are records already. Load data go into an empty portal only.")
        if not Village.objects.live().exists():
            raise CommandError("There are no villages yet. Run import_wilayah first.")
        author, _new = User.objects.get_or_create(
            username="load", defaults={"name": "Load", "is_active": False, "is_demo": True}
        )
        loading.load(
            options["villages"],
            options["programs"] or max(options["activities"] // 10, 1),
            options["activities"],
            last_year=timezone.localdate().year,
            years=options["years"],
            author=author.pk,
            say=lambda what, number: self.stdout.write(f"{what}: {number}"),
        )
        some = list(Village.objects.filter(periods__isnull=False).distinct()[:20])
        wrong = list(rollups.differences([village.pk for village in some]))
        if wrong:
            raise CommandError(f"The read models are not what a recount finds: {wrong[0]}")
        self.stdout.write(f"a recount of {len(some)} villages finds the same")
