"""An area that got another code keeps its row, and with it everything that was recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone

from core.errors import Problem, Refused

from ..imports.areas import AreaRow, CodeChange
from ..models import ABOVE, AreaBase, AreaChange, AreaShape, Level, Population
from .retirement import remove_unused


def carry_codes(
    model: type[AreaBase],
    level: Level,
    parent: str | None,
    moves: Sequence[CodeChange],
    listed: Mapping[str, AreaRow],
    regency: str | None,
) -> set[str]:
    """Give the moved areas of one level their new codes; the new codes of those that moved.

    A change whose old code is not stored is passed over: it was made before, or never needed.
    Refuses a new code that is not listed or that another used area bears.
    """
    stored = set(model.objects.values_list("code", flat=True)) if moves else set()
    waiting = [
        move for move in moves
        if move.level == level and move.old_code in stored and _concerns(move, regency)
    ]  # fmt: skip
    _refuse_unlisted(waiting, listed)
    carried: set[str] = set()
    while waiting:
        move = _next(waiting, stored) or _make_room(model, waiting)
        _carry(model, parent, listed[move.new_code], move)
        waiting.remove(move)
        stored = (stored - {move.old_code}) | {move.new_code}
        carried.add(move.new_code)
    return carried


def _concerns(move: CodeChange, regency: str | None) -> bool:
    return not regency or any(
        code == regency or code.startswith(f"{regency}.") for code in (move.old_code, move.new_code)
    )


def _refuse_unlisted(moves: Sequence[CodeChange], listed: Mapping[str, AreaRow]) -> None:
    for move in moves:
        if move.new_code not in listed:
            words = f"new code {move.new_code} is not in the list of areas."
            raise Refused(Problem(move.place, "unknown_code", words))


def _next(waiting: Sequence[CodeChange], stored: set[str]) -> CodeChange | None:
    """A move whose new code is free, so that a chain A→B→C is walked from its end."""
    return next((move for move in waiting if move.new_code not in stored), None)


def _make_room(model: type[AreaBase], waiting: Sequence[CodeChange]) -> CodeChange:
    """Drop the unused area that an import without the changes made under the new code."""
    leaving = {move.old_code for move in waiting}
    move = next((one for one in waiting if one.new_code not in leaving), waiting[0])
    taken = model.objects.filter(code=move.new_code)
    if move.new_code in leaving or remove_unused(model, taken.values_list("pk", flat=True)):
        words = f"{move.new_code} is already the code of another {move.level.value} in use."
        raise Refused(Problem(move.place, "code_taken", words))
    return move


def _carry(model: type[AreaBase], parent: str | None, row: AreaRow, move: CodeChange) -> None:
    old, new = move.old_code, move.new_code
    area = model.objects.get(code=old)
    values: dict = {"code": new}
    if parent:
        values[parent] = _parent(parent, row, move)
    model.objects.filter(pk=area.pk).update(**values)
    AreaChange.objects.filter(level=move.level, code=old).update(code=new)
    AreaChange.objects.bulk_create(
        [AreaChange(level=move.level, code=new, old_code=old, old_name=area.name, until=move.on)],
        ignore_conflicts=True,
    )
    AreaShape.objects.filter(area_code=new).delete()
    AreaShape.objects.filter(area_code=old).update(area_code=new, made_at=timezone.now())
    Population.objects.filter(area_code=old).update(area_code=new)


def _parent(parent: str, row: AreaRow, move: CodeChange) -> AreaBase:
    found = ABOVE[parent].objects.filter(code=row.parent_code).first()
    if found is None:
        words = f"{parent} {row.parent_code} is not loaded; import its regency first."
        raise Refused(Problem(move.place, "unknown_parent", words))
    return found
