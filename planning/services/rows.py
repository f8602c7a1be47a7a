"""A content put into its tables: rows added, changed and taken out by their keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.errors import Problem, Refused

from ..content import LINKS, LISTS, PLAIN, Content, Row, differences
from ..models import Action, GenderAnalysis


def plain_values(content: Content) -> dict[str, Any]:
    return {name: getattr(content, name) for name in PLAIN}


def summary(before: Content, after: Content) -> list[str]:
    """Which parts changed, for the trail: names of lists and fields, each once."""
    return list(dict.fromkeys(one.where or one.field for one in differences(before, after)))


def write(analysis: GenderAnalysis, content: Content, before: Content | None = None) -> None:
    """The rows of the analysis are those of `content`, in its order. Inside a transaction, after
    the analysis itself was changed (which holds everybody else off)."""
    for name, (_said, table) in LISTS.items():
        _write_list(analysis, table, getattr(content, name), getattr(before, name, ()))
    _write_causes(content)
    for name, (_said, table) in reversed(LISTS.items()):
        kept = [one.key for one in getattr(content, name)]
        table.objects.filter(analysis=analysis).exclude(pk__in=kept).delete()


def _write_list(
    analysis: GenderAnalysis, table: Any, said: Iterable[Row], before: Iterable[Row]
) -> None:
    known = {one.key for one in before}
    made = [_made(table, analysis, place, one) for place, one in enumerate(said)]
    changed = [one for one in made if one.pk in known]
    new = [one for one in made if one.pk not in known]
    if changed:
        table.objects.bulk_update(changed, [*_columns(table)])
    try:
        with transaction.atomic():
            table.objects.bulk_create(new)
    except IntegrityError as error:
        words = _("A row carries the key of another analysis' row. Give new rows new keys.")
        raise Refused(Problem(table._meta.model_name, "other_record", words)) from error


def _made(table: Any, analysis: GenderAnalysis, place: int, said: Row) -> Any:
    values = {
        f"{one.name}_id" if one.name in LINKS else one.name: getattr(said, one.name)
        for one in fields(said)
        if one.name not in ("key", "causes")
    }
    return table(uid=said.key, analysis=analysis, position=place, **values)


def _columns(table: Any) -> Iterable[str]:
    return (one.name for one in table._meta.concrete_fields if one.name not in ("uid", "analysis"))


def _write_causes(content: Content) -> None:
    """Which causes each action answers."""
    through = Action.causes.through
    wanted = {(one.key, cause) for one in content.actions for cause in one.causes}
    rows = through.objects.filter(action_id__in=[one.key for one in content.actions])
    there = {(one.action_id, one.cause_id): one.pk for one in rows}
    gone = [pk for pair, pk in there.items() if pair not in wanted]
    if gone:
        through.objects.filter(pk__in=gone).delete()
    through.objects.bulk_create(
        through(action_id=action, cause_id=cause) for action, cause in sorted(wanted - there.keys())
    )
