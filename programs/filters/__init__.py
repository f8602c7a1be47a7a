"""What lists may be narrowed by: the pages and the REST lists ask with the same names."""

from .activities import ActivityFilter, QueueFilter, not_by, returned_first
from .programs import ProgramFilter
from .sent import SentFilter
from .shared import MOST_LETTERS

__all__ = [
    "MOST_LETTERS",
    "ActivityFilter",
    "ProgramFilter",
    "QueueFilter",
    "SentFilter",
    "not_by",
    "returned_first",
]
