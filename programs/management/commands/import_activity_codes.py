"""import_activity_codes: load the annex of Permendagri 20/2018 from data/."""

import csv

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from programs.models import ActivityCode


class Command(BaseCommand):
    help = "Load the village activity codes of Permendagri 20/2018; safe to run twice."

    @transaction.atomic
    def handle(self, **options):
        path = settings.DATA_DIR / "permendagri20_2018" / "permendagri20_2018_kegiatan.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = sorted(csv.DictReader(file), key=lambda row: row["code"].count("."))
        for depth in range(3):
            self._load([row for row in rows if row["code"].count(".") == depth])
        self.stdout.write(f"{ActivityCode.objects.count()} activity codes")

    def _load(self, rows: list[dict[str, str]]) -> None:
        parents = dict(ActivityCode.objects.values_list("code", "pk"))
        ActivityCode.objects.bulk_create(
            (
                ActivityCode(
                    code=row["code"],
                    name=row["name"],
                    level=row["level"],
                    parent_id=parents.get(row["parent_code"]),
                    women_relevance=row["women_relevance"],
                )
                for row in rows
            ),
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "level", "parent", "women_relevance"],
        )
