"""Recompute the read models by key: never increment (docs/decisions/0004-rollups.md).

The service that changed a fact hands over the touched keys; inside the same transaction their
villages are locked, the facts counted anew and the rows written. Voids, corrections and imports
make the same call, so no count can drift.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from core import bulk
from core.asking import as_portal
from core.compiled import Compiled
from villages.models import Village

from .involvement import HEADLINE, JUDGED, Level, Plan, Sums, level
from .models import (
    Activity,
    Basis,
    CountSource,
    EventStatus,
    ProgramVillage,
    ProgramVillageMonth,
    State,
    TargetGroup,
    VillagePeriod,
)
from .models.rollup import Heads

#: (program, village, year, month)
Key = tuple[UUID, int, int, int]
#: Column → the keys meant: "program", "village", "year", "month".
Scope = Mapping[str, Collection[Any]]

_SUMS = "sums are of all facts, whoever of them she sees that changed one"
HEADS = [field.name for field in Heads._meta.get_fields()]
LEVEL_COLUMNS = {
    Level.NO_DATA: "no_data",
    Level.NONE: "level_0",
    Level.PRESENT: "level_1",
    Level.MEANINGFUL: "level_2",
    Level.DECIDING: "level_3",
    Level.EQUAL_RESULTS: "level_4",
    Level.MEN_WITH_GENDER_GOAL: "men_with_gender_goal",
}
PERIOD_COUNTS = [*LEVEL_COLUMNS.values(), "women_target_judged", "women_target_involved"]
#: Which stored states count on which basis.
BASES: dict[str, tuple[Basis, ...]] = {
    State.SUBMITTED: (Basis.REPORTED,),
    State.VERIFIED: (Basis.REPORTED, Basis.VERIFIED),
}

_HELD = Q(event_status=EventStatus.HELD)
_PRESENT = _HELD & Q(women_participants__isnull=False, men_participants__isnull=False)
_SERVED = _HELD & Q(women_beneficiaries__isnull=False, men_beneficiaries__isnull=False)
_RAN = _HELD & Q(women_deciders__isnull=False, men_deciders__isnull=False)
#: Held, and at least one pair of women and men known.
COUNTED = _PRESENT | _SERVED | _RAN
#: Of those: with at least one woman.
WITH_WOMEN = (
    (_PRESENT & Q(women_participants__gte=1))
    | (_SERVED & Q(women_beneficiaries__gte=1))
    | (_RAN & Q(women_deciders__gte=1))
)
_ESTIMATE = Q(count_source=CountSource.ESTIMATE)


def _sum(field: str, when: Q) -> Coalesce:
    return Coalesce(Sum(field, filter=when), 0)


#: How the facts of one key add up; the names are those of `Heads`.
AGGREGATES: dict[str, Any] = {
    "activities": Count("pk", filter=_HELD),
    "counted": Count("pk", filter=COUNTED),
    "with_women": Count("pk", filter=WITH_WOMEN),
    "called_off": Count("pk", filter=~_HELD),
    "women_participants": _sum("women_participants", _PRESENT),
    "men_participants": _sum("men_participants", _PRESENT),
    "women_beneficiaries": _sum("women_beneficiaries", _SERVED & ~_ESTIMATE),
    "men_beneficiaries": _sum("men_beneficiaries", _SERVED & ~_ESTIMATE),
    "women_estimated": _sum("women_beneficiaries", _SERVED & _ESTIMATE),
    "men_estimated": _sum("men_beneficiaries", _SERVED & _ESTIMATE),
    "women_deciders": _sum("women_deciders", _RAN),
    "men_deciders": _sum("men_deciders", _RAN),
    "women_proposals_accepted": _sum("women_proposals_accepted", _HELD),
    "children": _sum("children", _HELD),
    "budget_spent": _sum("budget_spent", _HELD),
}


def refresh(keys: Iterable[Key], *, held: bool = False) -> None:
    """Bring the rows of these keys, and the periods of their villages, up to the facts.

    Call inside the transaction that changed the facts. The number of statements does not grow
    with the number of keys. `held`: the caller holds these villages already (`lock`).
    """
    touched = set(keys)
    if not touched:
        return
    programs, villages, years, months = (set(column) for column in zip(*touched, strict=True))
    if not held:
        lock(villages)
    with as_portal(_SUMS):
        _write_months({"program": programs, "village": villages, "year": years, "month": months})
        _write_periods({"village": villages, "year": years})


def refresh_program(program_id: UUID) -> None:
    """A program's plan changed: judge anew every period it has a part in."""
    lock_program(program_id)
    rows = ProgramVillageMonth.objects.filter(program=program_id).values_list("village", "year")
    with as_portal(_SUMS):
        touched = set(rows)
        if touched:
            villages, years = (set(column) for column in zip(*touched, strict=True))
            _write_periods({"village": villages, "year": years})


def lock(villages: Iterable[int]) -> None:
    """Hold these villages until commit, in the order every writer takes them.

    NO KEY UPDATE: facts that point at the village may still be inserted beside it.
    """
    held = Village.objects.select_for_update(no_key=True).filter(pk__in=villages).order_by("pk")
    list(held.values_list("pk"))


def lock_program(program_id: UUID) -> None:
    """Hold the villages where a program runs: nothing comes in under it until commit."""
    targets = ProgramVillage.objects.filter(program=program_id)
    lock(set(targets.values_list("village", flat=True)))


def rebuild(villages: list[int]) -> None:
    """Write everything of these villages anew from the facts."""
    lock(villages)
    _write_months({"village": villages})
    _write_periods({"village": villages})


def differences(villages: list[int]) -> Iterator[str]:
    """What stands in the read models of these villages that a recount does not find."""
    scope: Scope = {"village": villages}
    for count, model, what in (
        (_count_months, ProgramVillageMonth, "month"),
        (_count_periods, VillagePeriod, "period"),
    ):
        yield from _compare(count(scope), _stored(model, scope), what)


def _compare(expected: dict, stored: dict, what: str) -> Iterator[str]:
    for key in sorted(expected.keys() | stored.keys(), key=str):
        wanted, found = expected.get(key), stored.get(key)
        if wanted != found:
            yield f"{what} {' '.join(map(str, key))}: facts {wanted}, stored {found}"


_KEYS = {
    ProgramVillageMonth: ("program_id", "village_id", "year", "month", "basis"),
    VillagePeriod: ("village_id", "year", "semester", "basis"),
}


_COLUMNS = {ProgramVillageMonth: HEADS, VillagePeriod: [*HEADS, *PERIOD_COUNTS]}


def _where(scope: Mapping[str, Any]) -> Q:
    return Q(**{f"{name}__in": keys for name, keys in scope.items()})


def _rows_of(model: Any) -> Compiled:
    return Compiled(
        lambda **scope: model.objects.filter(_where(scope)).values(*_KEYS[model], *_COLUMNS[model])
    )


_asked = {model: _rows_of(model) for model in _KEYS}


def _stored(model: Any, scope: Scope) -> dict[tuple, dict[str, int]]:
    keys, columns = _KEYS[model], _COLUMNS[model]
    rows = _asked[model](**scope)
    return {tuple(row[k] for k in keys): {c: row[c] for c in columns} for row in rows}


def _write_months(scope: Scope) -> None:
    _write(ProgramVillageMonth, scope, _count_months(scope))


def _write_periods(scope: Scope) -> None:
    _write(VillagePeriod, scope, _count_periods(scope))


def _write(model: Any, scope: Scope, fresh: dict[tuple, dict[str, int]]) -> None:
    """Make the rows of `scope` say what `fresh` says, touching only those that differ."""
    keys = _KEYS[model]
    stored = _stored(model, scope)
    gone = stored.keys() - fresh.keys()
    if gone:
        model.objects.filter(
            _where(scope), _any(dict(zip(keys, key, strict=True)) for key in gone)
        ).delete()
    changed = {key: values for key, values in fresh.items() if stored.get(key) != values}
    bulk.insert(
        (
            model(**dict(zip(keys, key, strict=True)), **values)
            for key, values in sorted(changed.items(), key=lambda item: tuple(map(str, item[0])))
        ),
        key=keys,
        renewing=_COLUMNS[model],
    )


def _any(conditions: Iterable[dict[str, Any]]) -> Q:
    found = Q(pk__in=[])
    for condition in conditions:
        found |= Q(**condition)
    return found


def _facts(**scope: Any) -> QuerySet[Any, Any]:
    weighed = Activity.objects.filter(_where(scope)).weighed()
    return add_up(weighed, "program_id", "village_id", "year", "month", "state")


_added_up = Compiled(_facts)


def _count_months(scope: Scope) -> dict[tuple, dict[str, int]]:
    """Facts → {(program, village, year, month, basis): heads}."""
    found: dict[tuple, dict[str, int]] = defaultdict(lambda: dict.fromkeys(HEADS, 0))
    for row in _added_up(**scope):
        for basis in BASES[row["state"]]:
            key = (row["program_id"], row["village_id"], row["year"], row["month"], basis.value)
            heads = found[key]
            for name in HEADS:
                heads[name] += row["sum_" + name]
    return dict(found)


def add_up(activities: QuerySet[Activity], *keys: str) -> QuerySet[Any, Any]:
    """The heads of these records by `keys`, as `sum_<Heads field>`."""
    sums = {"sum_" + name: what for name, what in AGGREGATES.items()}
    return activities.order_by().values(*keys).annotate(**sums)


def by_program(
    months: QuerySet[ProgramVillageMonth], *keys: str, sums: Iterable[str] = HEADS
) -> QuerySet[Any, Any]:
    """Sum months per program and village (and `keys`), with what `involvement` needs beside:
    `sum_<Heads field>` and `plan_<Plan field>`. `sums`: which heads, when not all."""
    reached = ProgramVillage.objects.filter(
        program=OuterRef("program"), village=OuterRef("village"), outcome_reached_on__isnull=False
    )
    return (
        months.order_by()
        .annotate(
            plan_men_only=yes(Q(program__target_group=TargetGroup.MEN)),
            plan_women_only=yes(Q(program__target_group=TargetGroup.WOMEN)),
            plan_gender_marker=F("program__gender_marker"),
            plan_gap_approved=yes(Q(program__gap_approved_on__isnull=False)),
            plan_benefit_target_percent=F("program__benefit_target_percent"),
            plan_outcome_reached=yes(Exists(reached)),
        )
        .values(
            "program_id",
            "village_id",
            *keys,
            *(f"plan_{name}" for name in (*Plan.__dataclass_fields__, "women_only")),
        )
        .annotate(**{"sum_" + name: Sum(name) for name in sums})
    )


def yes(condition: Any) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def plan_of(row: dict[str, Any]) -> Plan:
    """The plan part of a row of `by_program`."""
    return Plan(
        men_only=bool(row["plan_men_only"]),
        gender_marker=row["plan_gender_marker"],
        gap_approved=bool(row["plan_gap_approved"]),
        benefit_target_percent=row["plan_benefit_target_percent"],
        outcome_reached=bool(row["plan_outcome_reached"]),
    )


def _halves(**scope: Any) -> QuerySet[Any, Any]:
    half = Case(When(month__lte=6, then=Value(1)), default=Value(2), output_field=IntegerField())
    months = ProgramVillageMonth.objects.filter(_where(scope)).annotate(half=half)
    return by_program(months, "year", "basis", "half")


_by_half = Compiled(_halves)


def _count_periods(scope: Scope) -> dict[tuple, dict[str, int]]:
    """Months → {(village, year, semester, basis): heads and programs by level}."""
    parts: dict[tuple, list[tuple[Any, dict[str, int]]]] = defaultdict(list)
    for row in _by_half(**scope):
        heads = {name: row["sum_" + name] for name in HEADS}
        for semester in (row["half"], 0):
            period = (row["village_id"], row["year"], semester, row["basis"])
            parts[(*period, row["program_id"])].append((row, heads))
    found: dict[tuple, dict[str, int]] = {}
    for (*of, _program), halves in parts.items():
        values = found.setdefault(tuple(of), dict.fromkeys([*HEADS, *PERIOD_COUNTS], 0))
        sums = {name: sum(heads[name] for _, heads in halves) for name in HEADS}
        for name in HEADS:
            values[name] += sums[name]
        _count_program(values, sums, halves[0][0])
    return found


def _count_program(values: dict[str, int], sums: dict[str, int], row: dict[str, Any]) -> None:
    reached = level(Sums.of(sums), plan_of(row))
    if reached in LEVEL_COLUMNS:
        values[LEVEL_COLUMNS[reached]] += 1
    if row["plan_women_only"] and reached in JUDGED:
        values["women_target_judged"] += 1
        values["women_target_involved"] += reached >= HEADLINE
