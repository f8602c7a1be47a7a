"""A cell looked up means what the same cell means read anew, by the parts every door uses."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.formats import Unreadable, storable
from programs.drafts import ActivityDraft
from programs.imports.reading import COLUMNS
from programs.imports.rows import Cells, value_of
from programs.serializers import read_item

TODAY = date(2026, 11, 5)
UID = "0198c6b2-0000-7000-8000-000000000001"
FIELDS = sorted({*COLUMNS.values()} - {"program"})
WORDS = [
    "19",
    "007",
    "1.500",
    "-5",
    "19,5",
    " 24 ",
    "Rp 1.000",
    "12,5 juta",
    "4/3/2026",
    "2026-03-04",
]
WORDS += [
    "Pelaksanaan",
    "execution",
    "Dana Desa",
    "x" * 121,
    "x" * 201,
    "\x00",
    "\ud800",
    "'-1,5",
    "１９",
]
CELLS = st.one_of(
    st.sampled_from(WORDS),
    st.text(max_size=40),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda one: one != 0),
    st.dates(),
    st.datetimes(),
    st.booleans(),
)


def read_anew(name: str, cell):
    """(value, codes) through `value_of` and `read_item`, as it would be without any shortcut."""
    try:
        item = value_of(name, cell, TODAY)
    except Unreadable as error:
        return None, [error.code]
    if item in (None, ""):
        return None, []
    draft = read_item({"uid": UID, "village": None, name: item})
    assert isinstance(draft, ActivityDraft)
    return draft.content.get(name), [one.code for one in draft.problems if one.field == name]


@given(name=st.sampled_from(FIELDS), cell=CELLS)
def test_looked_up_is_read(name, cell):
    cells = Cells(TODAY)
    for _again in range(2):
        found = cells(name, cell)
        codes = [one.code for one in (*found.early, *found.late)]
        assert (found.value, codes) == read_anew(name, cell)
        assert found.text == storable(str(cell).strip())


@pytest.mark.parametrize(
    ("first", "second"),
    [(1, True), (1.0, 1), ("1", 1), (date(2026, 3, 4), datetime(2026, 3, 4))],  # noqa: DTZ001
)
def test_equal_cells_of_another_kind_are_not_taken_for_each_other(first, second):
    cells = Cells(TODAY)
    for name in FIELDS:
        for cell in (first, second):
            assert cells(name, cell) == Cells(TODAY)(name, cell)
