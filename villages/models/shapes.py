"""The drawn outlines of areas."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from .areas import VillageQuerySet
from .public import PublicQuerySet

#: Degrees, about 220 m: what a phone under trees and a simplified line are wrong by together.
NEAR_ENOUGH = 0.002


class ShapeSet(NamedTuple):
    """Which outlines stand for some villages: the kind, how many, and when last made."""

    kind: str
    number: int
    newest: datetime


class AreaShapeQuerySet(PublicQuerySet):
    def of_villages(self, villages: VillageQuerySet):
        return self.filter(area_code__in=villages.order_by().values("code"))

    def official_of(self, code: str) -> AreaShape | None:
        """The imported outline of one area; a schematic one says nothing about its border."""
        return self.filter(area_code=code, kind=AreaShape.Kind.OFFICIAL).first()

    def sets_of(self, codes: QuerySet) -> list[ShapeSet]:
        """The kinds to draw these areas with, official lines first (one query).

        A kind that another one outdoes in number is left out: it is not complete. Two kinds are
        never drawn together: their lines do not meet.
        """
        sets = self.filter(area_code__in=codes).values_list("kind").order_by()
        found = [ShapeSet(*row) for row in sets.annotate(Count("pk"), Max("made_at"))]
        most = max((one.number for one in found), default=0)
        return sorted(one for one in found if one.number == most)

    def best_set(self, villages: VillageQuerySet) -> ShapeSet | None:
        """The one kind to draw these villages with; None when there is no outline."""
        return next(iter(self.sets_of(villages.order_by().values("code"))), None)


class AreaShape(models.Model):
    """The drawn outline of one area, schematic (from centre points) or official (imported).

    `rings` holds polygons as lists of rings of [longitude, latitude], WGS84, outer ring first
    (the coordinates of a GeoJSON MultiPolygon).
    """

    class Kind(models.TextChoices):
        SCHEMATIC = "schematic", _("Schematic map, not official boundaries")
        OFFICIAL = "official", _("Imported boundaries")

    area_code = models.CharField(max_length=13)
    kind = models.CharField(max_length=9, choices=Kind)
    rings = models.JSONField()
    source = models.CharField(max_length=300)
    made_at = models.DateTimeField(auto_now=True)

    objects = AreaShapeQuerySet.as_manager()

    class Meta:
        ordering = ["area_code"]
        verbose_name = _("area outline")
        verbose_name_plural = _("area outlines")
        constraints = [
            models.UniqueConstraint(fields=["area_code", "kind"], name="shape_once_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.area_code} ({self.kind})"

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether the point lies inside, or so near that a phone may be mistaken."""
        import shapely

        from villages.schematic import shape_of

        point = shapely.Point(longitude, latitude)
        return bool(shapely.dwithin(shape_of(self.rings), point, NEAR_ENOUGH))
