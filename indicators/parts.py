"""What a scorecard is made of, apart from any database: files, forms and scoring speak of these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from core.formats import one_line

from .models import Direction, Instrument, ItemKind

#: Answered with a figure, and not only with a word.
FIGURES = (ItemKind.PERCENT, ItemKind.NUMBER, ItemKind.RUPIAH, ItemKind.SCORE)


@dataclass(frozen=True)
class PillarSaid:
    """One part of a scored instrument; `weight` of 100."""

    code: str
    title: str
    weight: int


@dataclass(frozen=True)
class ItemSaid:
    """One thing that is asked. `pillar`: code, "" where the instrument has none."""

    code: str
    title: str
    kind: str
    pillar: str = ""
    help: str = ""
    target: Decimal | None = None
    direction: str = Direction.AT_LEAST
    computed: str = ""
    restricted: bool = False

    @property
    def aim(self) -> Decimal | None:
        """What a figure is measured against; a score is measured against 100."""
        return Decimal(100) if self.kind == ItemKind.SCORE else self.target

    @property
    def counts_cases(self) -> bool:
        """Good when there are none: a zero has to be somebody's word."""
        return self.restricted and self.direction == Direction.AT_MOST


@dataclass(frozen=True)
class LevelSaid:
    """One level and the least score for it."""

    code: str
    label: str
    least: int


@dataclass(frozen=True)
class GateSaid:
    """No level above `cap` as long as `item` does not reach `least`. Codes."""

    item: str
    least: Decimal
    cap: str
    words: str


@dataclass(frozen=True)
class Parts:
    """Everything that decides a result, each list in its order; levels from the lowest. `whole`:
    what the weights sum to; `kept_out`: restricted items that were left out."""

    scored: bool
    items: tuple[ItemSaid, ...]
    pillars: tuple[PillarSaid, ...] = ()
    levels: tuple[LevelSaid, ...] = ()
    gates: tuple[GateSaid, ...] = ()
    whole: int = 100
    kept_out: int = 0

    def unrestricted(self) -> Parts:
        """Without what is for reviewers only, so that no result tells of it: its items, the gates
        on them, and pillars of nothing else. The weights that are left are the whole."""
        shut = [one for one in self.items if one.restricted]
        codes, items = {one.code for one in shut}, [one for one in self.items if not one.restricted]
        empty = {one.pillar for one in shut} - {one.pillar for one in items}
        pillars = [one for one in self.pillars if one.code not in empty]
        return replace(
            self,
            items=tuple(items),
            pillars=tuple(pillars),
            gates=tuple(one for one in self.gates if one.item not in codes),
            whole=self.whole - sum(one.weight for one in self.pillars if one.code in empty),
            kept_out=len(shut),
        )

    def item(self, code: str) -> ItemSaid | None:
        return next((one for one in self.items if one.code == code), None)

    def of_pillar(self, code: str) -> tuple[ItemSaid, ...]:
        return tuple(one for one in self.items if one.pillar == code)

    def groups(self) -> Iterator[tuple[PillarSaid | None, tuple[ItemSaid, ...]]]:
        """The items under their pillars; all of them under None where there are no pillars."""
        for pillar in self.pillars:
            yield pillar, self.of_pillar(pillar.code)
        if rest := self.of_pillar(""):
            yield None, rest


@dataclass(frozen=True)
class InstrumentSaid:
    """One version of an instrument as a file or the office says it."""

    title: str
    scored: bool
    first_year: int
    parts: Parts
    basis: str = ""
    source: str = ""
    note: str = ""
    last_year: int | None = None

    def with_parts(self, **lists: Any) -> InstrumentSaid:
        return replace(self, parts=replace(self.parts, **lists))

    def in_lines(self) -> InstrumentSaid:
        """Without line breaks in what stands in one line on a page or in a list."""
        names = ("pillars", "items", "levels", "gates")
        lists = {name: tuple(map(_in_lines, getattr(self.parts, name))) for name in names}
        return _in_lines(self.with_parts(**lists))


def _in_lines(one: Any) -> Any:
    lines = ("title", "basis", "source", "label", "words")
    texts = {name: one_line(text) for name, text in vars(one).items() if name in lines}
    return replace(one, **texts)


def parts_of(instrument: Instrument) -> Parts:
    """What the stored instrument is made of; four queries unless its parts were fetched ahead."""
    pillars = {one.pk: one for one in instrument.pillars.all()}
    items = {one.pk: one for one in instrument.items.all()}
    levels = {one.pk: one for one in instrument.levels.all()}
    return Parts(
        instrument.scored,
        tuple(_item(one, pillars) for one in items.values()),
        tuple(PillarSaid(one.code, one.title, one.weight) for one in pillars.values()),
        tuple(LevelSaid(one.code, one.label, one.least) for one in levels.values()),
        tuple(
            GateSaid(items[one.item_id].code, one.least, levels[one.cap_id].code, one.words)
            for one in instrument.gates.all()
        ),
    )


def _item(one, pillars: dict[int, Any]) -> ItemSaid:
    return ItemSaid(
        one.code,
        one.title,
        one.kind,
        pillars[one.pillar_id].code if one.pillar_id else "",
        one.help,
        one.target,
        one.direction,
        one.computed,
        one.restricted,
    )


def said_of(instrument: Instrument) -> InstrumentSaid:
    """The stored instrument as it would be said again."""
    names = ("title", "scored", "first_year", "basis", "source", "note", "last_year")
    return InstrumentSaid(
        parts=parts_of(instrument), **{name: getattr(instrument, name) for name in names}
    )
