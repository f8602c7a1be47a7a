"""Files in, checked rows out. What is wrong is said with the file and the line."""

from .areas import AreaLists, AreaRow, CodeChange, read_area_lists, read_code_changes
from .boundaries import Outlines, read_boundaries
from .offices import OpdRow, PopulationRow, read_opds, read_population
from .tables import FileProblem

__all__ = [
    "AreaLists",
    "AreaRow",
    "CodeChange",
    "FileProblem",
    "OpdRow",
    "Outlines",
    "PopulationRow",
    "read_area_lists",
    "read_boundaries",
    "read_code_changes",
    "read_opds",
    "read_population",
]
