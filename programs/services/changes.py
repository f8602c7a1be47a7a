"""The feed of changes: each service that writes a fact adds a line, in its own transaction."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Min, Q

from core import bulk

from ..models import Activity, Change, ChangeKind, ChangeOp, Program, ReviewStep, State, Webhook


def note_activities(activities: Iterable[Activity], step: str) -> None:
    """These records took `step` ("": none of the review) and stand at their present versions.

    One statement.
    """
    bulk.insert(
        Change(
            kind=ChangeKind.ACTIVITY,
            uid=one.pk,
            village_id=one.village_id,
            version=one.version,
            op=_op(one, step),
            step=step,
        )
        for one in activities
    )


def _op(activity: Activity, step: str) -> ChangeOp:
    """What was struck out stays so, whatever else is noted of it."""
    if activity.state == State.VOIDED:
        return ChangeOp.DELETED
    return ChangeOp.CREATED if step == ReviewStep.SUBMITTED else ChangeOp.CHANGED


def note_program(program: UUID, *, created: bool = False, left: Collection[int] = ()) -> None:
    """The program is new or another one now. `left`: pks of villages it no longer runs in."""
    version = Program.objects.values_list("version", flat=True).get(pk=program)
    line = Change(
        kind=ChangeKind.PROGRAM,
        uid=program,
        version=version,
        op=ChangeOp.CREATED if created else ChangeOp.CHANGED,
    )
    gone = (
        Change(
            kind=ChangeKind.PROGRAM,
            uid=program,
            village_id=village,
            version=version,
            op=ChangeOp.DELETED,
        )
        for village in dict.fromkeys(left)
    )
    Change.objects.bulk_create([line, *gone])


@transaction.atomic
def renumber() -> int:
    """The feed of a database that was restored can be read again; how many lines it has.

    Transactions are numbered by the machine, not by the data: restored lines would seem to be
    still under way, or new ones older than what was read. All lines become older than any
    transaction, in the order in which they were written, under a number that no cursor given
    before knows, so that clients begin anew. Webhooks go on where they stood: what was told
    stands in their deliveries and is not told again.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("lock table programs_change in exclusive mode")
    number = -(time.time_ns() // 1000)
    newest = Change.objects.aggregate(newest=Max("id"))["newest"] or 0
    for webhook in Webhook.objects.select_for_update().order_by("pk"):
        at, line = webhook.read_xid, webhook.read_id
        unread = Change.objects.filter(Q(xid__gt=at) | Q(xid=at, id__gt=line))
        first = unread.aggregate(first=Min("id"))["first"]
        Webhook.objects.filter(pk=webhook.pk).update(
            read_xid=number, read_id=newest if first is None else first - 1
        )
    return Change.objects.update(xid=number)


def is_restored() -> bool:
    """Lines carry numbers that this database has not given out yet: it came from elsewhere."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce((select max(xid) from programs_change)"
            " >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint, false)"
        )
        return cursor.fetchone()[0]
