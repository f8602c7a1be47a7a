"""Invented records by the million, to measure the portal with: made by the database itself.

Every program belongs to one village; its activities are spread over the years. The read models
are filled from the facts by the same aggregates and the same level as everywhere, only as
statements over the whole table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, Value

from villages.models import Village

from . import rollups
from .involvement import HEADLINE, JUDGED, level_expression
from .models import (
    Activity,
    Basis,
    Change,
    ProgramVillageMonth,
    Submission,
    VillagePeriod,
)

CHUNK = 250_000
#: Whole numbers first … last, and a text as a UUID, in the two databases.
_SERIES = {
    "postgresql": "select generate_series({first}, {last}) i",
    "sqlite": "with recursive s(i) as (select {first} union all"
    " select i + 1 from s where i < {last}) select i from s",
}
_UUID = {"postgresql": "md5({})::uuid", "sqlite": "md5({})"}
#: Each record a second older than the one before it, for pages by time to mean something.
_MOMENT = {
    "postgresql": "current_timestamp - i * interval '1 second'",
    "sqlite": "datetime('now', '-' || i || ' seconds')",
}
_DAY = {
    "postgresql": "make_date({year}, {month}, {day})",
    "sqlite": "printf('%%04d-%%02d-%%02d', {year}, {month}, {day})",
}


def load(
    villages: int,
    programs: int,
    activities: int,
    *,
    last_year: int,
    years: int,
    author: int,
    say: Callable[[str, int], None],
) -> None:
    """Fill an empty portal with so many records of so many villages. Refuses to add to others."""
    _take_time()
    with transaction.atomic():
        _number_villages(villages)
    facts = {"author": author, "year": last_year, "years": years, "programs": programs}
    facts["villages"] = min(villages, Village.objects.live().count())
    with _without_indexes((Submission, Activity, Change, ProgramVillageMonth)):
        for what, number, statements in _FACTS:
            for first in range(0, number(activities, programs), CHUNK):
                last = min(first + CHUNK, number(activities, programs)) - 1
                _run(statements, facts, first, last)
                say(what, last + 1)
        _fill_months()
        say("program months", ProgramVillageMonth.objects.count())
    _fill_periods()
    say("village periods", VillagePeriod.objects.count())
    _run(["analyze"], {}, 0, 0)


def _take_time() -> None:
    """Statements over the whole nation may last, and sort in memory (PostgreSQL)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("set statement_timeout = 0; set work_mem = '256MB'")


def _number_villages(most: int) -> None:
    """The villages that get records, numbered from 0, for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists load_village")
        cursor.execute(
            "create temporary table load_village as select row_number() over (order by code) - 1 n,"
            " id from villages_village where ended_on is null order by code limit %s",
            [most],
        )
        cursor.execute("create index load_village_n on load_village (n)")


#: How the i-th activity went: a mix of counted and uncounted, few and many women, two states.
_ACTIVITY = """
insert into programs_activity (uid, program_id, village_id, held_on, year, month, title, place,
  stage, kind, event_status, women_participants, men_participants, women_deciders, men_deciders,
  women_beneficiaries, men_beneficiaries, women_proposals_accepted, count_source,
  low_women_reason, budget_spent, fund_source, note, reference, state, version, author_id, origin,
  source_url, created_at, updated_at)
select {activity}, {program}, v.id, {day}, {y}, {m}, 'Kegiatan ' || i, 'Balai desa',
  'execution', case when i %% 7 = 0 then 'training' else 'meeting' end, 'held',
  case when i %% 11 = 0 then null else (i * 7) %% 30 end,
  case when i %% 11 = 0 then null else (i * 13) %% 40 end,
  case when i %% 3 = 0 then i %% 4 end, case when i %% 3 = 0 then 1 + i %% 3 end,
  case when i %% 5 = 0 then (i * 3) %% 20 end, case when i %% 5 = 0 then (i * 5) %% 20 end, 0,
  'attendance_list', '', (i %% 100) * 100000, 'dana_desa', '', '',
  case when i %% 4 = 0 then 'submitted' else 'verified' end, 1, %(author)s, 'sample', '',
  {moment}, {moment}
from ({series}) s join load_village v on v.n = (i %% %(programs)s) %% %(villages)s
"""
_RECEIPT = """
insert into programs_submission (uid, actor_id, source, client, state, number, digest,
  client_digest, payload, errors, received_at)
select {activity}, %(author)s, 'load', '', 'accepted', 'L-' || i, '', '', '{{}}', '[]',
  {moment}
from ({series}) s
"""
_PROGRAM = """
insert into programs_program (uid, title, goal, owner_village_id, year_from, year_to,
  target_group, fund_source, state, origin, source_url, version, created_by_id, created_at,
  updated_at)
select {program}, 'Program contoh ' || i, '', v.id, %(year)s - %(years)s + 1, %(year)s,
  'general', 'dana_desa', 'active', 'sample', '', 1, %(author)s, current_timestamp,
  current_timestamp
from ({series}) s join load_village v on v.n = i %% %(villages)s
"""
_TARGET = """
insert into programs_programvillage (program_id, village_id)
select {program}, v.id from ({series}) s join load_village v on v.n = i %% %(villages)s
"""
#: The feed as the migration begins it: a line for each, older than any transaction.
_PROGRAM_LINE = """
insert into programs_change (xid, kind, uid, village_id, version, op, step, at)
select 0, 'program', {program}, null, 1, 'created', '', current_timestamp from ({series}) s
"""
_ACTIVITY_LINE = """
insert into programs_change (xid, kind, uid, village_id, version, op, step, at)
select 0, 'activity', {activity}, v.id, 1, 'created',
  case when i %% 4 = 0 then 'submitted' else 'verified' end, current_timestamp
from ({series}) s join load_village v on v.n = (i %% %(programs)s) %% %(villages)s order by i
"""
_FACTS = (
    ("programs", lambda activities, programs: programs, (_PROGRAM, _TARGET, _PROGRAM_LINE)),
    (
        "activities",
        lambda activities, programs: activities,
        (_RECEIPT, _ACTIVITY, _ACTIVITY_LINE),
    ),
)


def _run(statements: Any, facts: dict[str, int], first: int, last: int) -> None:
    vendor = connection.vendor
    year = "(%(year)s - (i / %(programs)s) %% %(years)s)"
    # With each round of the programs a step on, so that none of them keeps to one month.
    month, day = (f"(1 + (i + i / %(programs)s) %% {most})" for most in (12, 27))
    words = {
        "series": _SERIES[vendor].format(first=first, last=last),
        "activity": _UUID[vendor].format("'a' || i"),
        "program": _UUID[vendor].format("'p' || (i %% %(programs)s)"),
        "moment": _MOMENT[vendor],
        "day": _DAY[vendor].format(year=year, month=month, day=day),
        "y": year,
        "m": month,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        if vendor == "postgresql":
            # Every row is made to fit; checking the keys of ten million would take longer.
            cursor.execute("set local session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement.format(**words) if facts else statement, facts or None)


@contextmanager
def _without_indexes(models: Any) -> Iterator[None]:
    """Large tables are filled faster first and indexed afterwards (PostgreSQL)."""
    found = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "select indexname, indexdef from pg_indexes i where tablename = any(%s) and not"
                " exists (select 1 from pg_constraint c where c.conname = i.indexname)",
                [[model._meta.db_table for model in models]],
            )
            found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f'drop index "{name}"')
        try:
            yield
        finally:
            for _name, definition in found:
                cursor.execute(definition)


def _fill_months() -> None:
    names = [*rollups.HEADS, "program_id", "village_id", "year", "month", "basis"]
    for basis in Basis.values:
        states = [state for state, bases in rollups.BASES.items() if basis in bases]
        facts = Activity.objects.weighed().filter(state__in=states)
        rows = rollups.add_up(facts, "program_id", "village_id", "year", "month")
        rows = rows.annotate(on=Value(basis, output_field=CharField()))
        sums = [f"sum_{name}" for name in rollups.HEADS]
        _insert(ProgramVillageMonth, names, rows.values_list(*sums, *names[-5:-1], "on"))


def _fill_periods() -> None:
    keys = ("village_id", "year", "basis")
    names = [*rollups.HEADS, *keys, "semester", *rollups.PERIOD_COUNTS]
    for semester, months in ((0, (1, 12)), (1, (1, 6)), (2, (7, 12))):
        rows = rollups.by_program(
            ProgramVillageMonth.objects.filter(month__range=months), "year", "basis"
        ).annotate(level=level_expression())
        wanted = [f"sum_{name}" for name in rollups.HEADS]
        inner, values = rows.values(
            *wanted, *keys, "level", "plan_women_only"
        ).query.sql_with_params()
        sums = [f"sum({name})" for name in wanted]
        query = f"select {', '.join([*sums, *keys, str(semester), *_COUNTS])} from ({inner}) p"  # noqa: S608
        _insert_sql(VillagePeriod, names, f"{query} group by {', '.join(keys)}", values)


def _levels(*levels: int, only: str = "") -> str:
    words = ", ".join(str(int(level)) for level in levels)
    return f"sum(case when level in ({words}){only} then 1 else 0 end)"


_WOMEN = " and plan_women_only = 1"
_COUNTS = (
    *(_levels(level) for level in rollups.LEVEL_COLUMNS),
    _levels(*JUDGED, only=_WOMEN),
    _levels(*(level for level in JUDGED if level >= HEADLINE), only=_WOMEN),
)


def _insert(model: Any, names: list[str], rows: Any) -> None:
    _insert_sql(model, names, *rows.query.sql_with_params())


def _insert_sql(model: Any, names: list[str], query: str, values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("set local session_replication_role = replica")
        columns = ", ".join(f'"{name}"' for name in names)
        cursor.execute(f"insert into {model._meta.db_table} ({columns}) {query}", values)  # noqa: S608
