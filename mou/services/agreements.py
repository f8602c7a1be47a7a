"""Agreements on file: drafts that may lack what nobody knows yet, and what stays changeable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit, versions
from core.errors import Problem, Refused, Stale

from .. import rights
from ..drafts import Area, PartySaid
from ..models import Agreement, FileKind
from .decisions import (
    add_addendum,
    add_evaluation,
    cancel_agreement,
    confirm_agreement,
    missing_of,
    renew_agreement,
    terminate_agreement,
)
from .files import add_file, remove_file
from .parties import (
    problems_of_areas,
    problems_of_parties,
    said_of,
    tidied,
    write_areas,
    write_parties,
)
from .texts import tidy

__all__ = [
    "add_addendum",
    "add_agreement",
    "add_evaluation",
    "add_file",
    "cancel_agreement",
    "change_agreement",
    "confirm_agreement",
    "missing_of",
    "remove_file",
    "renew_agreement",
    "terminate_agreement",
]

#: What is no part of the signed text: changed at any time.
ALWAYS = frozenset({"lead_id", "source"})
#: Decided once and for all when it is put in force, empty or not.
NEVER = frozenset({"regency_id", "form", "ends_on", "open_ended", "renews_id"})
#: A longer chain of agreements under one another is a ring.
DEEPEST = 50
_EMPTY = (None, "")


def add_agreement(
    agreement: Agreement, *, actor, parties: Sequence[PartySaid], areas: Sequence[Area] = ()
) -> Agreement:
    """The unsaved agreement is on file as a draft; it may lack whatever is not known.

    Sent again from the same page it stays one; Stale where its uid names another.
    Refused: not_permitted, and what `_problems` finds.
    """
    rights.require(actor, agreement.regency)
    tidy(agreement)
    parties = tidied(parties)
    _refuse(_problems(agreement, parties, areas))
    agreement.created_by = actor
    try:
        with transaction.atomic():
            agreement.save(force_insert=True)
            write_parties(agreement, parties)
            write_areas(agreement, areas)
            audit.record(actor, "agreement.created", agreement, title=agreement.title)
    except IntegrityError:
        return _known(agreement, actor)
    return agreement


@transaction.atomic
def change_agreement(
    agreement: Agreement,
    *,
    actor,
    version: int,
    parties: Sequence[PartySaid] | None = None,
    areas: Sequence[Area] | None = None,
) -> Agreement:
    """What the changed instance says is stored; parties and areas where they are given.

    Of a draft everything can be changed. Of a confirmed one what was left empty, the office in
    charge and the source: Refused (fixed) for the rest. A cancelled one stays as it is.
    """
    held = Agreement.objects.select_for_update().get(pk=agreement.pk)
    rights.require(actor, held.regency)
    if held.version != version:
        raise versions.stale()
    if held.cancelled_at:
        words = _("This agreement is cancelled. It stays as it is.")
        raise Refused(Problem("", "fixed", words))
    tidy(held)
    tidy(agreement)
    parties = None if parties is None else tidied(parties)
    _refuse(_problems(agreement, parties or (), areas or ()))
    if held.confirmed_at:
        _refuse(_fixed(held, agreement, parties, areas))
    changes = versions.keep(agreement, version)
    parted = parties is not None and write_parties(agreement, parties)
    moved = areas is not None and write_areas(agreement, areas)
    if not changes and (parted or moved):
        versions.swap(agreement, version)
    if changes or parted or moved:
        also = {"parties": True} if parted else {}
        also |= {"areas": True} if moved else {}
        audit.record(actor, "agreement.changed", agreement, **changes, **also)
    return agreement


def _refuse(problems: Iterator[Problem]) -> None:
    if found := list(problems):
        raise Refused(*found)


def _problems(
    agreement: Agreement, parties: Sequence[PartySaid], areas: Sequence[Area]
) -> Iterator[Problem]:
    """days_in_order, order, required (source), outside, repeated, unknown_value."""
    if agreement.ends_on:
        yield from _problems_of_end(agreement)
    if _dated(agreement) and not agreement.source and not _has_signed_file(agreement):
        words = _("Say where numbers and dates are taken from, or leave them empty for now.")
        yield Problem("source", "required", words)
    yield from _problems_of_kin(agreement)
    yield from problems_of_parties(agreement, parties)
    yield from problems_of_areas(agreement, areas)


def _problems_of_end(agreement: Agreement) -> Iterator[Problem]:
    if agreement.open_ended:
        words = _("Either it has a last day or it has none. Leave one of the two empty.")
        yield Problem("ends_on", "not_allowed", words)
    elif agreement.starts_on and agreement.ends_on < agreement.starts_on:  # type: ignore[operator]
        words = _("It ends before it begins. Check both days.")
        yield Problem("ends_on", "days_in_order", words)


def _dated(agreement: Agreement) -> bool:
    days = (agreement.signed_on, agreement.starts_on, agreement.ends_on)
    return any((*days, agreement.number_first, agreement.number_second))


def _has_signed_file(agreement: Agreement) -> bool:
    return agreement.files.filter(kind=FileKind.AGREEMENT, removed_at=None).exists()


def _problems_of_kin(agreement: Agreement) -> Iterator[Problem]:
    """What it is made under, or renews, is another agreement of the same regency."""
    above = agreement.parent_id
    if agreement.parent and agreement.parent.regency_id != agreement.regency_id:
        words = _("Choose an agreement of this regency.")
        yield Problem("parent", "outside", words)
    for _step in range(DEEPEST):
        if above is None:
            return
        if above == agreement.pk:
            break
        above = Agreement.objects.values_list("parent", flat=True).get(pk=above)
    words = _("An agreement cannot be made under itself, nor under one that is made under it.")
    yield Problem("parent", "not_allowed", words)


def _fixed(
    held: Agreement,
    said: Agreement,
    parties: Sequence[PartySaid] | None,
    areas: Sequence[Area] | None,
) -> Iterator[Problem]:
    """What of a confirmed agreement somebody tried to overwrite."""
    for field in Agreement._meta.concrete_fields:
        name = field.attname
        before, after = getattr(held, name), getattr(said, name)
        filled = before in _EMPTY and name not in NEVER
        if before != after and not filled and name not in (*ALWAYS, "version", "updated_at"):
            yield Problem(field.name, "fixed", _stands())
    if parties is not None and not _only_filled(tidied(said_of(held.parties.all())), parties):
        yield Problem("parties", "fixed", _stands())
    if areas is not None:
        before_ = {(one.district_id, one.village_id) for one in held.areas.all()}
        after_ = {(one.pk, type(one).__name__) for one in areas}
        named = {(d, "District") if d else (v, "Village") for d, v in before_}
        if named != after_:
            yield Problem("areas", "fixed", _stands())


def _only_filled(before: Sequence[PartySaid], after: Sequence[PartySaid]) -> bool:
    """The same parties in the same order; what was empty may be known now."""
    return len(before) == len(after) and all(
        old.organisation == new.organisation
        and all(value in ("", new.signature()[name]) for name, value in old.signature().items())
        for old, new in zip(before, after, strict=True)
    )


def _stands() -> str:
    return _("This was agreed and stands. Dates, parties and area change by a renewal.")


def _known(agreement: Agreement, actor) -> Agreement:
    """What this uid named before, when it is the same agreement of the same person."""
    same = {"regency": agreement.regency, "title": agreement.title, "created_by": actor}
    if known := Agreement.objects.filter(pk=agreement.pk, **same).first():
        return known
    words = _("Something else was sent from this page before. Open the page anew.")
    raise Stale(Problem("", "conflict", words))
