"""Desa Janju, the village of the demo accounts `kades` and `pendamping`.

What to try. The program "Penguatan ketahanan pangan desa" stands just below the line: of the
people present this year 23 were women and 63 men, 26.7 %, so it is "Hadir" and not counted.
`kades` records one activity under it, 25 women and 10 men; when `kecamatan` or `officer` has
verified it, 48 women of 121 are 39.7 % and one more program of Desa Janju involves women.
(With 25 women and 10 men any day of this year will do; before 14 February the year is empty.)

There is also one record of `kades` waiting for review and one sent back to be put right; and one
of last December that came in late, after the office had closed the year (`office_closing`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from programs.models import Program
from villages.models import Village

from .patterns import Pattern
from .plans import SETTLED_DAYS, Record, Session, record
from .plans import records as usual

#: The codes of its programs; each stands in villages.toml.
CODES = ("2.2.02", "1.4.01", "3.4.03", "2.3.10", "4.4.01", "4.2.03", "5.3.00")
CLOSE_TO_THE_LINE, WAITING, SENT_BACK = "4.2.03", "2.2.02", "2.3.10"
LATE = "3.4.03"
#: month, day, title, women, men
LUMBUNG = (
    (2, 14, "Musyawarah kelompok lumbung pangan", 6, 22),
    (4, 20, "Pelatihan pengelolaan lumbung", 9, 21),
    (8, 11, "Panen bersama dan pengisian lumbung", 8, 20),
)


def records(
    pattern: Pattern, of: Program, village: Village, planned: Sequence[Session], today: date
) -> Iterator[Record]:
    if pattern.code == CLOSE_TO_THE_LINE:
        yield from _lumbung(of, village, today)
        return
    yield from usual(pattern, of, village, planned, today)
    day = today - timedelta(days=SETTLED_DAYS + 2)
    if day.year == today.year and pattern.code == WAITING:
        yield _waiting(of, village, day)
    if day.year == today.year and pattern.code == SENT_BACK:
        yield _sent_back(of, village, day)


def late(pattern: Pattern, of: Program, village: Village, today: date) -> Iterator[Record]:
    """Under a program of last year: one record that came in after the year was closed."""
    if pattern.code != LATE:
        return
    yield record(
        of,
        village,
        date(today.year - 1, 12, 28),
        "kades",
        date(today.year, 1, 12),
        "verified",
        title="Pertemuan PKK akhir tahun",
        place="Balai Desa",
        kind="meeting",
        women_participants=22,
        men_participants=3,
    )


def _lumbung(of: Program, village: Village, today: date) -> Iterator[Record]:
    for month, day, title, women, men in LUMBUNG:
        held_on = date(today.year, month, day)
        if held_on <= today - timedelta(days=SETTLED_DAYS):
            yield record(
                of,
                village,
                held_on,
                "kades",
                held_on + timedelta(days=1),
                "verified",
                title=title,
                place="Balai Desa",
                kind="meeting",
                women_participants=women,
                men_participants=men,
                low_women_reason="time",
                budget_spent=of.ceiling // 5,
                fund_source=of.fund_source,
            )


def _waiting(of: Program, village: Village, day: date) -> Record:
    return record(
        of,
        village,
        day,
        "kades",
        day + timedelta(days=1),
        "waiting",
        title="Posyandu balita dan kelas ibu hamil",
        place="Posyandu Melati",
        kind="service",
        women_participants=31,
        men_participants=4,
        children=27,
        budget_spent=1_500_000,
        fund_source=of.fund_source,
    )


def _sent_back(of: Program, village: Village, day: date) -> Record:
    return record(
        of,
        village,
        day,
        "kades",
        day + timedelta(days=1),
        "returned",
        title="Padat karya jalan RT 04",
        place="RT 04",
        kind="construction",
        total_participants=24,
        budget_spent=40_000_000,
        fund_source=of.fund_source,
    )
