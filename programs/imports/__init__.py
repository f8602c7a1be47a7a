"""Sheets of activities: CSV or XLSX → items → the same judging as every other door.

A row's uid is made from the person and the row's content (uuid5), so the same sheet imported
twice changes nothing, and a corrected sheet adds only what was refused before.
"""

from .judging import PIECE, Result, import_activities, judge_piece
from .reading import COLUMNS, MOST_ROWS, Row, Sheet, check_header, open_sheet, shown
from .rows import Drafter

__all__ = [
    "COLUMNS",
    "MOST_ROWS",
    "PIECE",
    "Drafter",
    "Result",
    "Row",
    "Sheet",
    "check_header",
    "import_activities",
    "judge_piece",
    "open_sheet",
    "shown",
]
