"""Boards and rows as the plain dicts of the API; the shapes stand in serializers.py."""

from __future__ import annotations

from typing import Any

from programs.involvement import JUDGED, Headline, Level, Sums, aspects
from programs.rollups import HEADS, LEVEL_COLUMNS, plan_of
from villages.models import Village

from .areas import district_title
from .boards import AreaBoard, AreaRow
from .counts import Heads, Levels, Share
from .filters import BoardFilter


def period(flt: BoardFilter, definition: int) -> dict[str, Any]:
    return {
        "definition_version": definition,
        "year": flt.year,
        "semester": flt.semester or None,
        "quarter": flt.quarter or None,
        "month": flt.month or None,
        "basis": flt.basis,
    }


def summary(board: AreaBoard) -> dict[str, Any]:
    total = board.total
    return {
        **period(board.flt, board.definition),
        "area": {
            "level": str(board.area.level),
            "code": board.area.code,
            "name": board.area.title,
        },
        "headline": _headline(board.headline),
        "enough_data": board.headline.enough_data,
        "distinct_programs": _headline(board.distinct) if board.distinct else None,
        "women_only": _headline(total.women_only),
        "programs": _levels(total.levels),
        "without_activity": board.not_counted,
        "activities": total.heads.activities,
        "called_off": total.heads.called_off,
        **_people(total.heads),
        "villages": {"reporting": total.villages_reporting, "total": total.villages},
        "waiting": board.waiting,
        "newest_record_at": board.newest,
    }


def village(row: AreaRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "district": row.code[:8],
        "district_name": row.district,
        "programs": _levels(row.levels),
        "headline": _headline(row.headline),
        "women_only": _headline(row.women_only),
        "activities": row.heads.activities,
        "activities_sent": row.sent,
        "called_off": row.heads.called_off,
        **_people(row.heads),
    }


def program(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `standings.program_rows`: the level comes from the database, the reasons from
    the same rule here."""
    level = Level(row["level"])
    found = aspects(Sums.of(row, "sum_"), plan_of(row))
    return {
        "program": row["program_id"],
        "title": row["program__title"],
        "owner": _owner(row),
        "village": row["village__code"],
        "village_name": row["village__name"],
        "level": level.code,
        "reasons": {
            name: getattr(found, name) for name in ("access", "participation", "control", "benefit")
        }
        if level in JUDGED
        else None,
        "small_group": found.small_group,
        "women_only": bool(row["plan_women_only"]),
        "gender_marker": row["plan_gender_marker"],
        "shares": _shares(Heads.of_row(row, "sum_")),
        "sums": {name: row["sum_" + name] for name in HEADS},
    }


def _owner(row: dict[str, Any]) -> dict[str, str]:
    if name := row["program__owner_opd__name"]:
        return {"kind": "opd", "name": name}
    if name := row["program__owner_district__name"]:
        return {"kind": "district", "name": district_title(name)}
    kind = Village.Kind(row["program__owner_village__kind"])
    return {"kind": "village", "name": f"{kind.label} {row['program__owner_village__name']}"}


def _headline(headline: Headline) -> dict[str, int]:
    return {
        "numerator": headline.involved,
        "denominator": headline.judged,
        "no_data": headline.no_data,
    }


def _levels(levels: Levels) -> dict[str, int]:
    return {level.code: levels.at(level) for level in LEVEL_COLUMNS}


def _people(heads: Heads) -> dict[str, Any]:
    covered = heads.coverage
    return {
        "coverage": {"with_women": covered[0], "counted": covered[1]} if covered else None,
        "shares": _shares(heads),
    }


def _shares(heads: Heads) -> dict[str, Any]:
    return {
        "participants": _share(heads.participants),
        "deciders": _share(heads.deciders),
        "beneficiaries": _share(heads.beneficiaries),
    }


def _share(share: Share) -> dict[str, int] | None:
    return {"women": share[0], "total": share[1]} if share else None
