"""Instruments and their items as files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.tables import Column, Table

from .answers import KINDS, aim_of
from .computed import COMPUTED
from .models import Direction, Instrument, ItemKind
from .parts import ItemSaid, Parts, PillarSaid


@dataclass(frozen=True)
class ItemShown:
    """One item in words: how it is answered, its target, what the portal fills it in with."""

    item: ItemSaid
    kind: str
    aim: str
    computed: str


def item_groups(parts: Parts) -> list[tuple[PillarSaid | None, list[ItemShown]]]:
    return [(pillar, [_shown(one) for one in items]) for pillar, items in parts.groups()]


def _shown(item: ItemSaid) -> ItemShown:
    computed = str(COMPUTED[item.computed].label) if item.computed in COMPUTED else ""
    return ItemShown(item, str(KINDS[ItemKind(item.kind)]), aim_of(item), computed)


def instruments_table(rows: Iterable[Instrument], now: datetime) -> Table:
    columns = [
        Column("key", _("Short name"), "code"),
        Column("version", _("Version"), "count"),
        Column("title", _("Title")),
        Column("regency", _("Regency")),
        Column("state", _("State")),
        Column("first_year", _("Used from year"), "code"),
        Column("last_year", _("Used until year"), "code"),
        Column("basis", _("Basis"), paper=False),
        Column("source", _("Source"), paper=False),
    ]
    found = (
        [
            one.key,
            one.number,
            one.title,
            one.regency.name if one.regency else _("All regencies"),
            _("In use") if one.adopted_at else _("Draft"),
            str(one.first_year),
            str(one.last_year) if one.last_year else None,
            one.basis,
            one.source,
        ]
        for one in rows
    )
    return Table("instrumen", _("Instruments of scorecards"), columns, found, _notes(now))


def items_table(instrument: Instrument, parts: Parts, now: datetime) -> Table:
    columns = [
        Column("pillar", _("Pillar")),
        Column("weight", _("Weight"), "count", paper=False),
        Column("code", _("Code"), "code"),
        Column("title", _("What is asked")),
        Column("help", _("How it is measured"), paper=False),
        Column("kind", _("Kind of answer")),
        Column("direction", _("Better is"), paper=False),
        Column("target", _("Target"), "number"),
        Column("computed", _("Filled in by the portal")),
    ]
    pillars = {one.code: one for one in parts.pillars}
    rows = (
        [
            pillars[one.pillar].title if one.pillar else None,
            pillars[one.pillar].weight if one.pillar else None,
            one.code,
            one.title,
            one.help,
            str(KINDS[ItemKind(one.kind)]),
            str(Direction(one.direction).label) if one.target is not None else None,
            None if one.target is None else one.target.normalize() + 0,
            str(COMPUTED[one.computed].label) if one.computed in COMPUTED else None,
        ]
        for one in parts.items
    )
    notes = [
        (_("Version"), str(instrument.number)),
        (_("Basis"), instrument.basis),
        (_("Source"), instrument.source),
        *_notes(now),
    ]
    name = f"instrumen-{instrument.key}-{instrument.number}"
    return Table(name, instrument.title, columns, rows, notes)


def _notes(now: datetime) -> list[tuple[str, str]]:
    moment = timezone.localtime(now).isoformat(sep=" ", timespec="seconds")
    return [(_("Downloaded at"), moment)]
