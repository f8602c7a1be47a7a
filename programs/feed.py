"""The feed of changes as one person reads it: what is settled, in order, nothing left out.

A place in the feed is (number of the writing transaction, number of the line). A page ends below
the oldest transaction still under way, so nothing can appear before a place once it was read
(decision 0011).
"""

from __future__ import annotations

import hashlib
from itertools import chain
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Func, Q, QuerySet, Value

from .models import Change, ChangeKind, ChangeOp, Program, ProgramVillage

_LAST = 2**63 - 1


class Mark(NamedTuple):
    """A place in the feed. What stands at it has been read, what is after it has not."""

    xid: int
    id: int


START = Mark(-(2**63), 0)


class Horizon(NamedTuple):
    """How far the feed is settled, and its first line, which tells a renumbered feed apart."""

    mark: Mark
    first: Mark | None


class Page(NamedTuple):
    """Lines in their order. `mark`: where to go on; `more`: whether some wait there already."""

    lines: list[Change]
    mark: Mark
    more: bool


class _Beyond(Func):
    """The line stands after (or, with "<=", not after) a place; one range of the index."""

    output_field = BooleanField()
    conditional = True
    template = "(xid, id) %(sign)s (%(expressions)s)"

    def __init__(self, sign: str, mark: Mark):
        super().__init__(Value(mark.xid), Value(mark.id), sign=sign)


#: One statement: what it says of the transactions and of the lines is of the same moment.
_SETTLED = {
    "postgresql": """
with oldest as (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xid)
select oldest.xid - 1, %(last)s, l.xid, l.id from oldest left join lateral (
  select c.xid, c.id from programs_change c where c.xid < oldest.xid order by c.xid, c.id limit 1
) l on true""",
    "sqlite": """
select 0, (select coalesce(max(id), 0) from programs_change), l.xid, l.id
from (select 1) left join (
  select xid, id from programs_change order by xid, id limit 1
) l on true""",
}
_LAST_LINE = {
    "postgresql": "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, xid, id, at"
    " from programs_change order by xid desc, id desc limit 1",
    "sqlite": "select 1, xid, id, at from programs_change order by xid desc, id desc limit 1",
}
#: The lines of each village by itself, then the first of them all: a few villages are found in a
#: nation's feed without reading past everybody else's lines. Compared and ordered with the village
#: in front, so that no other index looks as good to the planner, which cannot know how many lines
#: share one transaction.
_BY_VILLAGE = """
select l.* from ({villages}) v (id) cross join lateral (
  select * from programs_change c where (c.village_id, c.xid, c.id) > (v.id, %s, %s)
  and (c.village_id, c.xid, c.id) <= (v.id, %s, %s)
  order by c.village_id, c.xid, c.id limit %s
) l order by l.xid, l.id limit %s"""


def horizon() -> Horizon:
    """How far the feed can be read now without missing what is still under way."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED[connection.vendor], {"last": _LAST})
        xid, number, *first = cursor.fetchone()
    return Horizon(Mark(xid, number), None if first[0] is None else Mark(*first))


def newest() -> Mark:
    """The last settled line; START when there is none."""
    last = _between(START, horizon().mark).reverse().values_list("xid", "id").first()
    return Mark(*last) if last else START


def read(user, after: Mark, most: int, upto: Mark | None = None) -> Page:
    """At most `most` lines after a place that `user` may see today, up to what is settled.

    Activities of her villages, programs she sees, and for a program that has left one of her
    villages and that she sees no longer, a line that it is deleted.
    """
    upto = upto or horizon().mark
    if user.covers_everything_with("view"):
        found = _between(after, upto).filter(Q(kind=ChangeKind.ACTIVITY) | Q(village=None))
        lines = list(found[: most + 1])
    else:
        lines = _hers(user, after, upto, most + 1)
    if len(lines) <= most:
        return Page(_without_seen(user, lines), max(after, upto), more=False)
    page = lines[:most]
    return Page(_without_seen(user, page), Mark(page[-1].xid, page[-1].id), more=True)


def stamp() -> tuple | None:
    """What programs and activities are now, as far as the feed counts their changes: its last
    line. None while a line stands above a transaction under way, or in a transaction of one's own.

    Keys and sessions write as well, and change nothing here. Names of people and places are not
    counted: they may be as old as the last line, at most of this day (`unchanged_by`).
    """
    if connection.in_atomic_block:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_LAST_LINE[connection.vendor])
        under_way, xid, *rest = cursor.fetchone() or (1, 0)
    return None if xid >= under_way else (xid, *map(str, rest))


def reach(user) -> str:
    """A digest of what the person may see: another one, and what she read is not what she sees."""
    areas = ("village_id", "district_id", "regency_id", "opd_id")
    live = sorted(str([one.role, *(getattr(one, a) for a in areas)]) for one in user.grants_today)
    return hashlib.sha256("\n".join(live).encode()).hexdigest()[:16]


def _between(after: Mark, upto: Mark) -> QuerySet[Change]:
    return Change.objects.filter(_Beyond(">", after), _Beyond("<=", upto)).order_by("xid", "id")


def _hers(user, after: Mark, upto: Mark, most: int) -> list[Change]:
    """Lines of her villages first: where they fill the page, programs are read up to there only."""
    local = _of_villages(user, after, upto, most)
    if len(local) == most:
        upto = Mark(local[-1].xid, local[-1].id)
    programs = _between(after, upto).filter(_of_her_programs(user), village=None)
    programs = programs.order_by("village_id", "xid", "id")  # all none: the order of their index
    both = chain(local, programs[:most])
    return sorted(both, key=lambda line: (line.xid, line.id))[:most]


def _of_her_programs(user) -> Q:
    """As `Program.objects.visible_to`, but as two sets that are each found once and by an index:
    asked program by program, it would cost more than all the lines."""
    here = ProgramVillage.objects.filter(village__in=user.villages_with("view"))
    owned = Program.objects.permitting(user, "view")
    return Q(uid__in=here.values("program")) | Q(uid__in=owned.values("pk"))


def _of_villages(user, after: Mark, upto: Mark, most: int) -> list[Change]:
    villages = user.villages_with("view").order_by().values("pk")
    if connection.vendor != "postgresql":
        return list(_between(after, upto).filter(village__in=villages)[:most])
    try:
        inside, values = villages.query.sql_with_params()
    except EmptyResultSet:
        return []
    query = _BY_VILLAGE.format(villages=inside)
    return list(Change.objects.raw(query, [*values, *after, *upto, most, most]))


def _without_seen(user, lines: list[Change]) -> list[Change]:
    """Programs that left a village but that she still sees are not gone for her."""
    left = {one.uid for one in lines if one.kind == ChangeKind.PROGRAM and one.village_id}
    if not left:
        return lines
    seen = set(Program.objects.visible_to(user).filter(pk__in=left).values_list("pk", flat=True))
    return [one for one in lines if not (_is_gone(one) and one.uid in seen)]


def _is_gone(line: Change) -> bool:
    return line.kind == ChangeKind.PROGRAM and line.op == ChangeOp.DELETED
