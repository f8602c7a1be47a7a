"""import_indicators: load what the portal ships: instruments of scorecards, and indices.

Prints a line per instrument and one for the indices; run twice, it adds nothing.
"""

from __future__ import annotations

from django.core.management.base import BaseCommand

from indicators.services.indices import load_indices
from indicators.services.instruments import load_instruments


class Command(BaseCommand):
    help = "Load the instruments of scorecards and the gender indices that the portal ships."

    def handle(self, **options):
        for line in load_instruments():
            self.stdout.write(line)
        loaded = load_indices()
        self.stdout.write(f"indices: {loaded.releases} releases, {loaded.values} values loaded")
