"""Releases of indices and population figures: who reads them and who keeps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.identifiers import uuid7
from indicators.models import IndexCode
from tests import make as made
from tests.indicators import made_indices
from villages.models import Population
from villages.services import keep_population

from .bodies import Sent, as_json
from .calls import Row, named, row, sees, signed_in, step
from .people import FOREIGN_VILLAGE, OTHER_REGENCY, REGENCY, VILLAGE, VILLAGES, Thing

if TYPE_CHECKING:
    from .world import World

READ, WRITE = "indicators:read", "indicators:write"
KEEP = "manage_indicators"
_BOTH = {"GET": READ, "POST": WRITE}
_ITEM = {"GET": READ, "PATCH": WRITE}

ROWS: dict[str, Row] = {
    "indices": row(
        "",
        _BOTH,
        GET=signed_in(200),
        POST=named(KEEP, 201, of="regency of indices", sends="new_release"),
    ),
    "index": row("release", _ITEM, GET=sees(200), PATCH=step(KEEP, "release_method")),
    "population": row(
        "",
        _BOTH,
        GET=signed_in(200),
        POST=named(KEEP, 201, of="area of population", sends="new_figure"),
    ),
}
#: Their rows are values: what they must not tell is looked for by the words in them.
LISTS: dict[str, tuple[tuple[str, ...], str]] = {}
FILES: tuple[str, ...] = ()


# -- What is sent ------------------------------------------------------------------


def new_release(_world: World, thing: Thing) -> Sent:
    cell = {"area_code": thing.keys[0], "year": 2024, "value": 72.35}
    facts = {"title": "BPS, BRS 2025", "publisher": "BPS", "source": "BRS, hal. 4"}
    return as_json({"regency": thing.keys[0], "index": IndexCode.IPG, **facts, "values": [cell]})


def release_method(_world: World, _thing: Thing) -> Sent:
    return as_json({"method": "LF SP2020"})


def new_figure(_world: World, thing: Thing) -> Sent:
    facts = {"year": 2021, "series": "census", "total": 2491, "source": "BPS"}
    return as_json({"area_code": thing.keys[0], **facts})


BODIES = (new_release, release_method, new_figure)


# -- Things ------------------------------------------------------------------------


def make(world: World, word: Callable[[], str]) -> None:
    world.add(Thing("nothing", "release", (uuid7(),), exists=False))
    for code in (REGENCY, OTHER_REGENCY):
        world.add(Thing(code, "regency of indices", (code,), owner=code))
        _release(world, code, word())
    unknown = Thing("nothing", "regency of indices", ("64.99",), exists=False)
    world.add(unknown)
    for code in (VILLAGE, FOREIGN_VILLAGE):
        _figure(world, code, word())
    unknown = Thing("nowhere", "area of population", ("64.99.99.2999",), exists=False)
    world.add(unknown)


def _release(world: World, code: str, word: str) -> None:
    texts: dict[str, Any] = {"title": f"BPS {word}", "source": word, "method": word}
    release = made_indices.release((code, 2023, "71"), regency=made.regency(code), **texts)
    near = tuple(one for one in VILLAGES if one.startswith(code))
    facts = {"owner": code, "villages": near, "word": word}
    world.add(Thing(f"of {code}", "release", (release.pk,), **facts))


def _figure(world: World, code: str, word: str) -> None:
    """A village's figure is read by who sees the village."""
    one = Population(area_code=code, year=2020, period="Sensus", total=2400, source=word, note=word)
    keep_population(one, actor=None)
    world.add(Thing(code, "area of population", (code,), village=code, word=word))
