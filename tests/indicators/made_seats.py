"""Women's seats for tests: made through the services."""

from __future__ import annotations

from indicators.models import Representation
from indicators.seats import SeatsSaid
from indicators.services import review
from indicators.services.representation import save_representation
from tests import make

YEAR = 2025


def said(**values) -> SeatsSaid:
    """A BPD of 2 women among 7, unless said otherwise."""
    return SeatsSaid(**{"seats": {"bpd": (2, 7)}, **values})


def seats(
    village=None, *, by=None, verified_by=None, year=YEAR, send=True, **values
) -> Representation:
    """One village-year on file, sent in, and (by `verified_by`) verified."""
    village = village or make.village()
    author = by or make.village_head(village)
    row = save_representation(village, year, said(**values), actor=author, submit=send)
    if verified_by:
        review.verify(row, actor=verified_by, version=row.version)
    return row
