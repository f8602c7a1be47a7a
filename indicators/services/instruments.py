"""Instruments: shipped ones loaded, versions of an office's own drafted, changed and adopted.

What was adopted never changes. A draft has no assessments, so its parts are written anew at each
change.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused
from core.versions import swap
from mou.rights import require
from villages.models import Regency

from ..instrument_rules import adoption_problems, draft_problems
from ..models import Gate, Instrument, InstrumentItem, Pillar, ScoreLevel
from ..parts import (
    GateSaid,
    InstrumentSaid,
    ItemSaid,
    LevelSaid,
    Parts,
    PillarSaid,
    said_of,
)

KEEP = "manage_indicators"
_HEAD = ("title", "basis", "source", "note", "scored", "first_year", "last_year")


def load_instruments(folder: Path | None = None) -> Iterator[str]:
    """The instruments of data/instruments are on file, adopted, for every regency. One line of
    text for each; one that is there stays as it is, since adopted ones never change."""
    folder = folder or settings.DATA_DIR / "instruments"
    for path in sorted(folder.glob("*.toml")):
        known = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        yield f"{known['key']} {known['number']}: {_load(known)}"


@transaction.atomic
def _load(known: dict[str, Any]) -> str:
    names = {"key": known["key"], "number": known["number"], "regency": None}
    if Instrument.objects.filter(**names).exists():
        return "there already"
    said = read(known)
    if problems := adoption_problems(said):
        raise Refused(*problems)
    made = Instrument.objects.create(**names, **_head(said), adopted_at=timezone.now())
    _write_parts(made, said.parts)
    audit.record(None, "instrument.load", made, key=made.key, number=made.number)
    return f"{len(said.parts.items)} items loaded"


def read(known: dict[str, Any]) -> InstrumentSaid:
    """An instrument from a file's tables."""
    parts = Parts(
        known["scored"],
        tuple(ItemSaid(**_figures(one, "target")) for one in known["items"]),
        tuple(PillarSaid(**one) for one in known.get("pillars", ())),
        tuple(LevelSaid(**one) for one in known.get("levels", ())),
        tuple(GateSaid(**_figures(one, "least")) for one in known.get("gates", ())),
    )
    head = {name: known[name] for name in _HEAD if name in known}
    return InstrumentSaid(parts=parts, **head)


def _figures(row: dict[str, Any], name: str) -> dict[str, Any]:
    return row | {name: Decimal(row[name])} if name in row else row


@transaction.atomic
def new_version(instrument: Instrument, *, actor, regency: Regency) -> Instrument:
    """A draft that says the same, for this regency, used from this year on once adopted.

    Refused: not_permitted; already_there while another draft of it is open.
    """
    require(actor, regency, KEEP)
    alike = Instrument.objects.filter(Q(regency=None) | Q(regency=regency), key=instrument.key)
    if alike.filter(regency=regency, adopted_at=None).exists():
        raise Refused(_draft_there())
    number = (alike.aggregate(most=Max("number"))["most"] or 0) + 1
    said = said_of(instrument)
    head = _head(said) | {"first_year": timezone.localdate().year, "last_year": None}
    try:
        with transaction.atomic():
            made = Instrument.objects.create(
                key=instrument.key, number=number, regency=regency, previous=instrument, **head
            )
    except IntegrityError as twice:
        raise Refused(_draft_there()) from twice
    _write_parts(made, said.parts)
    audit.record(actor, "instrument.new_version", made, key=made.key, number=number)
    return made


@transaction.atomic
def change_instrument(
    instrument: Instrument, said: InstrumentSaid, *, actor, version: int
) -> Instrument:
    """The draft says this, its parts in this order; key, number and kind stay.

    Refused: not_permitted; fixed once adopted; what draft_problems finds. Stale.
    """
    _require_draft(instrument, actor)
    said = said.in_lines()
    if problems := draft_problems(said):
        raise Refused(*problems)
    head = _head(said) | {"scored": instrument.scored}
    before = {name: getattr(instrument, name) for name in _HEAD}
    swap(instrument, version, **head)
    old = said_of(instrument).parts
    if old != said.parts:
        for rows in (instrument.gates, instrument.items, instrument.levels, instrument.pillars):
            rows.all().delete()
        _write_parts(instrument, said.parts)
    changes = audit.difference(before, head) | _counts(old, said.parts)
    audit.record(actor, "instrument.change", instrument, **changes)
    return instrument


@transaction.atomic
def adopt_instrument(instrument: Instrument, *, actor, version: int) -> Instrument:
    """It is in use from its first year on and never changes again; what was assessed by an older
    version stays as it is. Refused: not_permitted; fixed; what adoption_problems finds. Stale."""
    _require_draft(instrument, actor)
    if problems := adoption_problems(said_of(instrument)):
        raise Refused(*problems)
    swap(instrument, version, adopted_at=timezone.now(), adopted_by=actor)
    audit.record(actor, "instrument.adopt", instrument, number=instrument.number)
    return instrument


@transaction.atomic
def remove_draft(instrument: Instrument, *, actor, version: int) -> None:
    """A draft that nobody wants is gone. Refused: not_permitted; fixed once adopted. Stale."""
    _require_draft(instrument, actor)
    swap(instrument, version)
    facts = {"key": instrument.key, "number": instrument.number}
    audit.record(actor, "instrument.remove", instrument, **facts)
    instrument.delete()


def instruments_for(regency: Regency, year: int) -> list[Instrument]:
    """For each key the version that a village of this regency is assessed by in this year: the
    newest adopted one, the regency's own before the shipped one. One query."""
    rows = (
        Instrument.objects.adopted()
        .filter(Q(regency=None) | Q(regency=regency), first_year__lte=year)
        .filter(Q(last_year=None) | Q(last_year__gte=year))
        .order_by("key", F("regency").desc(nulls_last=True), "-number")
    )
    first: dict[str, Instrument] = {}
    for one in rows:
        first.setdefault(one.key, one)
    return list(first.values())


def instrument_for(key: str, regency: Regency, year: int) -> Instrument | None:
    return next((one for one in instruments_for(regency, year) if one.key == key), None)


def _require_draft(instrument: Instrument, actor) -> None:
    if instrument.regency is None:
        raise Refused(_fixed())
    require(actor, instrument.regency, KEEP)
    if Instrument.objects.filter(pk=instrument.pk, adopted_at__isnull=False).exists():
        raise Refused(_fixed())


def _fixed() -> Problem:
    words = _("This version is in use and does not change any more. Make a new version.")
    return Problem("", "fixed", words)


def _draft_there() -> Problem:
    words = _("A draft of the next version is open already. Change that one.")
    return Problem("", "already_there", words)


def _head(said: InstrumentSaid) -> dict[str, Any]:
    return {name: getattr(said, name) for name in _HEAD}


def _counts(old: Parts, new: Parts) -> dict[str, Sequence[str]]:
    """Which lists changed, and how long they were and are."""
    names = ("pillars", "items", "levels", "gates")
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in names)
    return {name: [str(len(a)), str(len(b))] for name, a, b in pairs if a != b}


def _write_parts(instrument: Instrument, parts: Parts) -> None:
    pillars = _made(Pillar, instrument, parts.pillars)
    levels = _made(ScoreLevel, instrument, parts.levels)
    for place, one in enumerate(parts.items):
        names = {name: value for name, value in vars(one).items() if name != "pillar"}
        InstrumentItem.objects.create(
            instrument=instrument, pillar=pillars.get(one.pillar), position=place, **names
        )
    items = {one.code: one for one in instrument.items.all()}
    Gate.objects.bulk_create(
        Gate(
            instrument=instrument,
            item=items[one.item],
            cap=levels[one.cap],
            least=one.least,
            words=one.words,
        )
        for one in parts.gates
    )


def _made(model: Any, instrument: Instrument, rows: Sequence[Any]) -> dict[str, Any]:
    """The rows by code; pillars keep their order by position, levels by their least score."""
    placed = model is Pillar
    return {
        one.code: model.objects.create(
            instrument=instrument, **vars(one), **({"position": place} if placed else {})
        )
        for place, one in enumerate(rows)
    }
