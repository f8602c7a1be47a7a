"""Bodies set up by decree, the people in them, and the trainings they came to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused, Stale
from core.versions import keep, stale, swap

from ..models import Body, BodyKind, BodyMember, Sex, Training
from ..rights import require
from .texts import tidy

_MEMBER = ("name", "sex", "position", "title", "opd_id", "left_on")
#: What a row has of itself, and nobody says.
_ITS_OWN = frozenset({"version", "created_at", "updated_at"})


# -- Sent again --------------------------------------------------------------------


def _known(row: Any, members: Iterable[BodyMember]) -> Any:
    """What the uid of the unsaved row named before, when it says the same; None where nothing.

    Stale (conflict) where it says something else, or is another regency's: not told which.
    """
    known = type(row)._base_manager.filter(pk=row.pk).first()
    if known is None:
        return None
    columns = [one for one in row._meta.concrete_fields if not one.primary_key]
    names = [one.attname for one in columns if one.name not in _ITS_OWN]
    differs = any(getattr(known, name) != getattr(row, name) for name in names)
    if differs or _said(known.members.all()) != _said(members):
        raise _conflict()
    return known


def _said(members: Iterable[BodyMember]) -> list[tuple[str, ...]]:
    return sorted(tuple(str(getattr(one, name)) for name in _MEMBER) for one in members)


def _conflict() -> Stale:
    words = _("Something else was sent from this page before. Open the page anew.")
    return Stale(Problem("", "conflict", words))


# -- Bodies ------------------------------------------------------------------------


@transaction.atomic
def add_body(body: Body, *, actor, members: Sequence[BodyMember] = ()) -> Body:
    """The body is on file with its members.

    Refused: not_permitted, required (whose body it is), days_in_order. Sent again under the same
    uid, it is there once; Stale (conflict) where the uid names something else.
    """
    require(actor, body.regency)
    tidy(body, *members)
    if known := _known(body, members):
        return known
    _refuse(*_problems_of(body), *_problems_of_members(body, members))
    try:
        with transaction.atomic():
            body.save(force_insert=True)
            _add_members(body, members)
    except IntegrityError as twice:  # at the same moment
        if known := _known(body, members):
            return known
        raise _conflict() from twice
    audit.record(actor, "body.add", body, kind=body.kind, members=len(members))
    return body


@transaction.atomic
def change_body(
    body: Body,
    *,
    actor,
    version: int,
    members: Sequence[BodyMember] | None = None,
    gone: Iterable[BodyMember] = (),
) -> Body:
    """The body says what `body` says. `members`: the new and the changed; `gone`: those entered
    by mistake, of whom nothing is kept.

    Refused: not_permitted, required, days_in_order, in_use (gone, but came to a training).
    """
    require(actor, Body.objects.get(pk=body.pk).regency)
    said = list(members or ())
    tidy(body, *said)
    _refuse(*_problems_of(body), *_problems_of_members(body, said))
    changes = keep(body, version)
    people = _change_members(body, said) | _take_out(gone)
    if people and not changes:
        swap(body, version)
    if changes or people:
        audit.record(actor, "body.change", body, **changes, **people)
    return body


@transaction.atomic
def replace_body(
    body: Body, *, actor, replaces: Body, version: int, members: Sequence[BodyMember] = ()
) -> Body:
    """The new decree is on file; the old body was in force until the day before.

    Refused: not_permitted, required (the first day), days_in_order, already_there (another decree
    has replaced the old one).
    """
    require(actor, replaces.regency)
    body.regency, body.kind = replaces.regency, replaces.kind
    body.opd, body.district, body.replaces = replaces.opd, replaces.district, replaces
    tidy(body, *members)
    if known := _known(body, members):
        return known
    if replaces.successors.filter(ended_at=None).exists():
        words = _("A newer decree has replaced this one already.")
        raise Refused(Problem("", "already_there", words))
    begins = body.valid_from
    if begins is None:
        raise Refused(Problem("valid_from", "required", _("Fill in from when it is in force.")))
    if replaces.valid_from and begins <= replaces.valid_from:
        words = _("The new decree begins after the old one. Check the day.")
        raise Refused(Problem("valid_from", "days_in_order", words))
    last = begins - timedelta(days=1)
    if replaces.valid_until is None or replaces.valid_until > last:
        swap(replaces, version, valid_until=last)
    elif replaces.version != version:
        raise stale()
    audit.record(actor, "body.replaced", replaces, by=str(body.pk), valid_until=str(last))
    return add_body(body, actor=actor, members=members)


@transaction.atomic
def end_body(body: Body, *, actor, version: int, last_day: date | None) -> Body:
    """Its last day is `last_day`; None: it was entered by mistake and counts nowhere.

    Refused: not_permitted, days_in_order.
    """
    require(actor, body.regency)
    if last_day is None:
        swap(body, version, ended_at=timezone.now())
    else:
        if body.valid_from and last_day < body.valid_from:
            raise Refused(Problem("last_day", "days_in_order", _ends_first()))
        swap(body, version, valid_until=last_day)
    audit.record(actor, "body.end", body, last_day=str(last_day) if last_day else None)
    return body


def _problems_of(body: Body) -> list[Problem]:
    found = []
    if body.kind == BodyKind.FOCAL_POINT and body.opd is None:
        found.append(Problem("opd", "required", _("Choose the office of this focal point.")))
    if body.kind == BodyKind.DISTRICT and body.district is None:
        found.append(Problem("district", "required", _("Choose the district of this contact.")))
    for name, place in (("opd", body.opd), ("district", body.district)):
        if place and place.regency_id != body.regency_id:
            words = _("Choose one of the same regency.")
            found.append(Problem(name, "unknown_value", words))
    if body.valid_from and body.valid_until and body.valid_until < body.valid_from:
        found.append(Problem("valid_until", "days_in_order", _ends_first()))
    return found


def _ends_first() -> str:
    return _("The last day lies before the first one. Check both days.")


def _refuse(*problems: Problem) -> None:
    if problems:
        raise Refused(*problems)


# -- Members -----------------------------------------------------------------------


def _problems_of_members(body: Body, members: Iterable[BodyMember]) -> list[Problem]:
    problems = []
    for place, one in enumerate(members):
        if one.left_on and body.valid_from and one.left_on < body.valid_from:
            words = _("%(name)s cannot leave before the body begins.") % {"name": one.name}
            problems.append(Problem(f"members.{place}.left_on", "days_in_order", words))
        if one.opd and one.opd.regency_id != body.regency_id:
            words = _("Choose one of the same regency.")
            problems.append(Problem(f"members.{place}.opd", "unknown_value", words))
    return problems


def _add_members(body: Body, members: Sequence[BodyMember]) -> None:
    keys = {one.pk for one in members}
    if len(keys) < len(members) or BodyMember.objects.filter(pk__in=keys).exists():
        words = _("These members were sent from this page before. Open the page anew.")
        raise Stale(Problem("", "conflict", words))
    for one in members:
        one.body = body
        one.save(force_insert=True)


def _change_members(body: Body, said: Iterable[BodyMember]) -> dict[str, Any]:
    """New ones are added, those of this body say what is said; what differs, by name."""
    known = {one.pk: one for one in BodyMember.objects.filter(body=body)}  # as stored
    changes: dict[str, Any] = {}
    for one in said:
        held = known.get(one.pk)
        if held is None:
            _add_members(body, [one])
            changes[f"member {one.name}"] = [None, one.get_position_display()]
            continue
        before, after = ({name: getattr(row, name) for name in _MEMBER} for row in (held, one))
        if differs := audit.difference(before, after):
            one.body = body
            one.save(update_fields=[*differs])
            changes[f"member {held.name}"] = differs
    return changes


def _take_out(gone: Iterable[BodyMember]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for one in gone:
        if one.trainings.filter(removed_at=None).exists():
            words = _("%(name)s came to a training. Say on which day she or he left instead.")
            raise Refused(Problem("members", "in_use", words % {"name": one.name}))
        one.delete()
        changes[f"member {one.name}"] = [one.get_position_display(), None]
    return changes


# -- Trainings ---------------------------------------------------------------------


@transaction.atomic
def add_training(training: Training, *, actor, members: Sequence[BodyMember] = ()) -> Training:
    """The training is on file. Refused: not_permitted, empty, future, too_many, already_there;
    Stale (conflict) where its uid names something else."""
    require(actor, training.regency)
    tidy(training)
    if known := _known(training, members):
        return known
    _refuse(*_problems_of_training(training, members))
    try:
        with transaction.atomic():
            training.save(force_insert=True)
            training.members.set(members)
    except IntegrityError as twice:  # at the same moment
        if known := _known(training, members):
            return known
        raise _conflict() from twice
    facts = {"women": training.women, "men": training.men, "members": len(members)}
    audit.record(actor, "training.add", training, **facts)
    return training


@transaction.atomic
def change_training(
    training: Training, *, actor, version: int, members: Sequence[BodyMember] | None = None
) -> Training:
    """It says what `training` says; `members` None: they stay. Refused as `add_training`."""
    require(actor, Training.objects.get(pk=training.pk).regency)
    tidy(training)
    before = list(training.members.all())
    said = before if members is None else list(members)
    _refuse(*_problems_of_training(training, said))
    changes: dict[str, Any] = dict(keep(training, version))
    if {one.pk for one in before} != {one.pk for one in said}:
        if not changes:
            swap(training, version)
        training.members.set(said)
        changes["members"] = [len(before), len(said)]
    if changes:
        audit.record(actor, "training.change", training, **changes)
    return training


@transaction.atomic
def remove_training(training: Training, *, actor, version: int) -> None:
    """Nobody sees it any more; its row and the audit trail stay."""
    require(actor, training.regency)
    swap(training, version, removed_at=timezone.now())
    audit.record(actor, "training.remove", training)


def _problems_of_training(training: Training, members: Sequence[BodyMember]) -> list[Problem]:
    found = []
    if training.held_on > timezone.localdate():
        words = _("This day has not come yet. Enter the training when it was held.")
        found.append(Problem("held_on", "future", words))
    if training.women + training.men == 0:
        words = _("Fill in how many women and men came.")
        found.append(Problem("women", "empty", words))
    for name, sex in (("women", Sex.FEMALE), ("men", Sex.MALE)):
        named = sum(1 for one in members if one.sex == sex)
        if named > getattr(training, name):
            words = _("%(named)s of those you named are counted here. Fill in at least so many.")
            found.append(Problem(name, "too_many", words % {"named": named}))
    if any(one.body.regency_id != training.regency_id for one in members):
        words = _("Choose members of bodies of the same regency.")
        found.append(Problem("members", "unknown_value", words))
    if _is_there(training):
        words = _("A training with this title on this day is on file already.")
        found.append(Problem("title", "already_there", words))
    return found


def _is_there(training: Training) -> bool:
    same = {"title__iexact": training.title, "held_on": training.held_on}
    rows = Training.objects.filter(regency=training.regency, removed_at=None, **same)
    return rows.exclude(pk=training.pk).exists()
