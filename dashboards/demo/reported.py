"""What public pages report of Paser: 14 real rows, entered as they stand there.

Every row becomes one program of the office named as organiser (an organiser that is no office of
Paser is named in the goal, and DP2KBP3A keeps the row), completed, as its year has passed. Where
the row names villages and a full day, each village gets one activity of that day, tied together
by `joint_event`; the day is the first one when it lasted longer. Rows without a village or a full
day stay a program without activities: nothing is guessed. Counts only as printed, a total only
when one village is named.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from django.core.validators import URLValidator
from django.forms import ValidationError

from programs.models import Origin, Program
from programs.services import Target
from villages.models import Opd, Village

from .people import READER
from .plans import Plan, identifier, record

LEAD_OFFICE = "DP2KBP3A"
#: Words of the title → kind of activity; the first that fits.
KINDS = {
    "Bimtek": "training",
    "Pelatihan": "training",
    "Peningkatan kapasitas": "training",
    "Pembinaan": "service",
    "Salam Berdesa": "service",
    "Sosialisasi": "meeting",
    "Peluncuran": "meeting",
}


def plans(file: Path, offices: Mapping[str, Opd], today: date) -> Iterator[Plan]:
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            codes = row["village_codes"].split()
            villages = list(Village.objects.filter(code__in=codes).order_by("code"))
            yield _plan(row, villages, offices, today)


def _plan(row: dict[str, str], villages: list[Village], offices, today: date) -> Plan:
    year = int(row["year"])
    made = Program(
        uid=identifier("reported", row["year"], row["activity"]),
        title=row["activity"],
        goal=_said(row),
        owner_opd=_office(row, offices),
        year_from=year,
        year_to=year,
        state="active" if villages else "completed",
        origin=Origin.REPORTED,
        source_url=source_url(row),
    )
    plan = Plan(made, "officer", [Target(village) for village in villages])
    day = _full_day(row)
    if day:
        counts = _counts(row) if len(villages) == 1 else {}
        plan.records += [
            record(
                made,
                village,
                day,
                READER,
                today,
                "verified",
                title=row["activity"],
                kind=next((kind for word, kind in KINDS.items() if word in made.title), "other"),
                joint_event=made.uid if len(villages) > 1 else None,
                note=made.goal,
                count_source="other_system",
                **counts,
            )
            for village in villages
        ]
    return plan


def _said(row: dict[str, str]) -> str:
    """Organiser, remark and source, as the row has them."""
    parts = {
        "Penyelenggara": row["organiser"],
        "Catatan": row["note"],
        "Sumber": row["source_url"],
    }
    return "\n".join(f"{what}: {text}" for what, text in parts.items() if text)


def _office(row: dict[str, str], offices: Mapping[str, Opd]) -> Opd:
    named = row["organiser"].split(";")[0].removesuffix(" Paser").strip()
    return offices.get(named) or offices[LEAD_OFFICE]


def _full_day(row: dict[str, str]) -> date | None:
    """Only a day is a day: "2024-01" and nothing are not."""
    return date.fromisoformat(row["date"]) if len(row["date"]) == len("2024-01-31") else None


def _counts(row: dict[str, str]) -> dict[str, int]:
    named = {"participants": "total_participants", "participants_female": "women_participants"}
    return {field: int(row[column]) for column, field in named.items() if row[column]}


def source_url(row: dict[str, str]) -> str:
    """The row's address; empty when the source has none (it is named in the goal)."""
    try:
        URLValidator()(row["source_url"])
    except ValidationError:
        return ""
    return row["source_url"]
