"""The feed of changes: each service that writes a fact adds a line, in its own transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from ..models import Activity, Change, ChangeKind, ChangeOp, Program, ReviewStep

_OPS = {ReviewStep.SUBMITTED: ChangeOp.CREATED, ReviewStep.VOIDED: ChangeOp.DELETED}


def note_activities(activities: Iterable[Activity], step: str) -> None:
    """These records took `step` and stand at their present versions. One statement."""
    Change.objects.bulk_create(
        Change(
            kind=ChangeKind.ACTIVITY,
            uid=one.pk,
            village_id=one.village_id,
            version=one.version,
            op=_OPS.get(ReviewStep(step), ChangeOp.CHANGED),
            step=step,
        )
        for one in activities
    )


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
        for village in left
    )
    Change.objects.bulk_create([line, *gone])
