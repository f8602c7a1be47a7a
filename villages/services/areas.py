"""Bring the stored areas in line with the ministry's list, set by set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.db import connection, models, transaction

from core.audit import record
from core.errors import Problem, Refused

from ..imports.areas import AreaLists, AreaRow, CodeChange
from ..models import ABOVE, LEVELS, AreaBase, AreaChange, Level, Province, Regency, Village
from .moves import carry_codes
from .retirement import retire

BATCH = 5_000
Progress = Callable[[Level, int, int], None]


@dataclass
class Tally:
    """What became of the areas of one level."""

    created: int = 0
    renamed: int = 0
    moved: int = 0
    ended: int = 0
    unchanged: int = 0
    updated: int = 0
    revived: int = 0
    deleted: int = 0

    @property
    def changed(self) -> int:
        return sum(getattr(self, field.name) for field in fields(self)) - self.unchanged


@transaction.atomic
def import_areas(
    lists: AreaLists,
    *,
    actor,
    on: date,
    regency: str | None = None,
    moves: Sequence[CodeChange] = (),
    many_may_end: bool = False,
    progress: Progress = lambda level, done, total: None,
) -> dict[Level, Tally]:
    """Every listed area is stored as listed; with `regency`, only that one and its parents.

    An area keeps its row through a change of name or of code (`moves`); the old one stays on
    record with its last day. One that left the list is deleted when nothing points at it, else
    kept with `ended_on`; when it is listed again it lives again. Refuses when more than a tenth
    of a level would end (a cut-off file), unless `many_may_end`. Writes nothing when all agrees.
    """
    if regency and regency not in lists[Level.REGENCY]:
        raise Refused(Problem("", "unknown_regency", f"Regency {regency} is not in the list."))
    _take_time()
    tallies: dict[Level, Tally] = {}
    for level, model, parent in LEVELS:
        tallies[level] = _bring_level(lists, level, model, parent, on, regency, moves, progress)
    for level, model, _parent in reversed(LEVELS):
        listed = _listed(lists, level, regency)
        gone = _gone(model, level, listed, regency)
        _refuse_mass_end(level, len(gone), len(listed), many_may_end)
        tallies[level].deleted, tallies[level].ended = retire(model, gone, on)
    _note(actor, regency, tallies)
    return tallies


def _take_time() -> None:
    """PostgreSQL checks 90,000 foreign keys in one go at the end, beyond a request's limit."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")


def _bring_level(lists, level, model, parent, on, regency, moves, progress) -> Tally:
    """Codes first, then names, parents and points, all in a few statements."""
    moved = carry_codes(model, level, parent, moves, lists[level], regency)
    listed = _listed(lists, level, regency)
    parents = _parent_keys(parent)
    before = {one.code: one for one in model.objects.filter(_scope(level, regency))}
    tally, changed, renames = Tally(moved=len(moved)), [], []
    for row in listed.values():
        old = before.get(row.code)
        new = _instance(model, row, parent, parents, old)
        if old and _facts(old, parent) == _facts(new, parent):
            tally.unchanged += row.code not in moved
            continue
        changed.append(new)
        _count(tally, old, new, moved)
        if old and old.name != new.name and row.code not in moved:
            renames.append(AreaChange(level=level, code=row.code, old_code=row.code,
                                      old_name=old.name, until=on))  # fmt: skip
    _upsert(model, parent, changed, lambda done: progress(level, done, len(changed)))
    AreaChange.objects.bulk_create(renames, batch_size=BATCH, ignore_conflicts=True)
    return tally


def _count(tally: Tally, old: AreaBase | None, new: AreaBase, moved: set[str]) -> None:
    if old is None:
        tally.created += 1
    elif old.ended_on:
        tally.revived += 1
    elif old.name != new.name:
        tally.renamed += 1
    elif new.code not in moved:
        tally.updated += 1


def _instance(model, row: AreaRow, parent: str | None, parents: dict, old) -> AreaBase:
    """The row as it should stand. A list without points leaves the stored point alone."""
    values: dict = {"code": row.code, "name": row.name}
    if parent:
        values[f"{parent}_id"] = parents[row.parent_code]
    if model is Village:
        keep = row.longitude is None and old is not None
        values["kind"] = row.kind
        values["longitude"] = old.longitude if keep else row.longitude
        values["latitude"] = old.latitude if keep else row.latitude
    return model(**values)


def _fact_fields(model: type[AreaBase], parent: str | None) -> list[str]:
    own = ["kind", "longitude", "latitude"] if model is Village else []
    return ["name", "ended_on", *([parent] if parent else []), *own]


def _facts(area: AreaBase, parent: str | None) -> tuple:
    names = (f"{name}_id" if name == parent else name for name in _fact_fields(type(area), parent))
    return tuple(getattr(area, name) for name in names)


def _upsert(model, parent: str | None, areas: list[AreaBase], progress) -> None:
    for start in range(0, len(areas), BATCH):
        model.objects.bulk_create(
            areas[start : start + BATCH],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=_fact_fields(model, parent),
        )
        progress(min(start + BATCH, len(areas)))


def _scope(level: Level, regency: str | None) -> models.Q:
    if not regency:
        return models.Q()
    if level == Level.PROVINCE:
        return models.Q(code=regency[:2])
    return models.Q(code=regency) if level == Level.REGENCY else models.Q(
        code__startswith=f"{regency}."
    )  # fmt: skip


def _listed(lists: AreaLists, level: Level, regency: str | None) -> dict[str, AreaRow]:
    if not regency:
        return lists[level]
    if level in (Level.PROVINCE, Level.REGENCY):
        code = regency[:2] if level == Level.PROVINCE else regency
        return {code: lists[level][code]}
    return {code: row for code, row in lists[level].items() if code.startswith(f"{regency}.")}


def _parent_keys(parent: str | None) -> dict[str, int]:
    return dict(ABOVE[parent].objects.values_list("code", "pk")) if parent else {}


def _gone(model, level: Level, listed: Iterable[str], regency: str | None) -> list[AreaBase]:
    live = model.objects.filter(_scope(level, regency), ended_on=None)
    present = set(listed)
    keys = [pk for pk, code in live.values_list("pk", "code") if code not in present]
    return list(model.objects.filter(pk__in=keys)) if keys else []


def _refuse_mass_end(level: Level, gone: int, listed: int, allowed: bool) -> None:
    if allowed or gone <= max(20, listed // 10):
        return
    words = f"{gone:,} of {gone + listed:,} areas of level {level.value} are not in the list."
    raise Refused(Problem("", "too_many_end", f"{words} Is the file cut off?"))


def _note(actor, regency: str | None, tallies: dict[Level, Tally]) -> None:
    """One audit entry per import that changed something; object 0 stands for the nation."""
    if not any(tally.changed for tally in tallies.values()):
        return
    place = Regency.objects.get(code=regency) if regency else Province(pk=0)
    changes = {
        level.value: {field.name: getattr(tally, field.name) for field in fields(tally)}
        for level, tally in tallies.items()
    }
    record(actor, "areas_imported", place, **changes)
