"""Sheets of budget lines from other systems: which column holds what, and what each row says.

A sheet keeps its own headings. Somebody says once which heading is which of our fields; that is
kept under a name for the next sheet.
"""

from .reading import FIELDS, MOST_ROWS, NEEDED, Opened, guessed, open_sheet
from .rows import Reader, RowProblem, Said

__all__ = [
    "FIELDS",
    "MOST_ROWS",
    "NEEDED",
    "Opened",
    "Reader",
    "RowProblem",
    "Said",
    "guessed",
    "open_sheet",
]
