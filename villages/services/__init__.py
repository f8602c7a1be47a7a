"""Every write to areas, offices, population figures and outlines."""

from .areas import Tally, import_areas
from .offices import import_opds, import_population
from .shapes import Stored, store_shapes

__all__ = [
    "Stored",
    "Tally",
    "import_areas",
    "import_opds",
    "import_population",
    "store_shapes",
]
