"""rebuild_rollups [--check [--later]]: count every village anew, or compare and exit 1 on a
difference; `--later` leaves the comparison to the background worker."""

import sys

from django.core.management.base import BaseCommand
from django.db import transaction

from core.models import HealthMark
from programs import rollups
from programs.tasks import check_rollups
from villages.models import Village

CHUNK = 500


class Command(BaseCommand):
    help = "Recount the read models from the facts."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="only compare; exit 1 if different"
        )

        parser.add_argument("--later", action="store_true", help="compare in the background")

    def handle(self, *, check, later=False, **options):
        if later:
            check_rollups.enqueue()
            self.stdout.write("the background worker will compare")
            return
        villages = list(Village.objects.order_by("pk").values_list("pk", flat=True))
        found = 0
        for start in range(0, len(villages), CHUNK):
            found += self._chunk(villages[start : start + CHUNK], check)
            if sys.stdout.isatty():
                self.stdout.write(
                    f"{min(start + CHUNK, len(villages))}/{len(villages)}", ending="\r"
                )
        HealthMark.objects.update_or_create(
            name="rollups", defaults={"ok": not found, "detail": f"{found} differences"}
        )
        word = "compared" if check else "recounted"
        self.stdout.write(f"{len(villages)} villages {word}, {found} differences")
        if found:
            sys.exit(1)

    @transaction.atomic
    def _chunk(self, villages: list[int], check: bool) -> int:
        if not check:
            rollups.rebuild(villages)
            return 0
        found = 0
        for line in rollups.differences(villages):
            self.stderr.write(line)
            found += 1
        return found
