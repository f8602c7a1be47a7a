"""Every write to areas, offices, population figures and outlines."""

from .areas import Tally, import_areas
from .offices import import_opds, import_population
from .population import keep_population, mark_of, may_keep, remove_population
from .shapes import Stored, store_shapes

__all__ = [
    "Stored",
    "Tally",
    "import_areas",
    "import_opds",
    "import_population",
    "keep_population",
    "mark_of",
    "may_keep",
    "remove_population",
    "store_shapes",
]
