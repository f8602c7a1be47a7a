"""The places of government, from province to village, and what belongs to a place."""

from .areas import (
    ABOVE,
    LEVELS,
    AreaBase,
    AreaChange,
    District,
    Level,
    Province,
    Regency,
    Village,
    VillageQuerySet,
    level_of,
)
from .offices import Opd, OpdQuerySet
from .population import Population
from .shapes import AreaShape, AreaShapeQuerySet

__all__ = [
    "ABOVE",
    "LEVELS",
    "AreaBase",
    "AreaChange",
    "AreaShape",
    "AreaShapeQuerySet",
    "District",
    "Level",
    "Opd",
    "OpdQuerySet",
    "Population",
    "Province",
    "Regency",
    "Village",
    "VillageQuerySet",
    "level_of",
]
