"""Women's seats and scorecards of villages, and the instruments: who sees, enters and verifies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.identifiers import uuid7
from indicators.models import Instrument
from indicators.services import review
from indicators.services.assessments import AnswerSaid, save_answers
from tests import make as made
from tests.indicators import made_cards, made_seats

from .bodies import Sent, as_json
from .calls import Row, named, row, sees, signed_in, step
from .people import FAR_VILLAGE, FOREIGN_VILLAGE, NEXT_VILLAGE, VILLAGE, Thing

if TYPE_CHECKING:
    from .world import World

READ, WRITE = "indicators:read", "indicators:write"
_BOTH = {"GET": READ, "POST": WRITE}
_ITEM = {"GET": READ, "PATCH": WRITE}
#: In these states a step leads nowhere.
_SENT = {"submitted": 409, "verified": 409}
_NOT_WAITING = {"draft": 409, "verified": 409}
#: An item that people answer in words.
ITEM = "DR03"
#: Nothing is on file for it until the walk enters something.
FREE_YEAR = 2021


def _way(noun: str) -> dict[str, Row]:
    """Sent in by who enters there, decided by another's hand."""
    decides = {"by_hand": 403, **_NOT_WAITING}
    return {
        f"{noun}-submit": row(noun, WRITE, POST=step("log", **_SENT)),
        f"{noun}-verify": row(noun, WRITE, POST=step("verify", **decides)),
        f"{noun}-return": row(noun, WRITE, POST=step("verify", "note", **decides)),
    }


def _list(sends: str) -> Row:
    enters = named("log", 201, of="village to enter for", sends=sends)
    return row("", _BOTH, GET=signed_in(200), POST=enters)


ROWS: dict[str, Row] = {
    "representation-list": _list("new_seats"),
    "representation": row(
        "representation", _ITEM, GET=sees(200), PATCH=step("log", "seats_source", verified=422)
    ),
    **_way("representation"),
    "assessments": _list("new_card"),
    "assessment": row(
        "assessment", _ITEM, GET=sees(200), PATCH=step("log", "card_answers", **_SENT)
    ),
    **_way("assessment"),
    "instruments": row("", {"GET": READ}, GET=signed_in(200)),
    "instrument": row("instrument", {"GET": READ}, GET=sees(200)),
}
LISTS = {
    "representation": (("representation",), "uid"),
    "assessments": (("assessment",), "uid"),
    "instruments": (("instrument",), "uid"),
}
FILES = ("representation", "assessments", "instruments")


# -- What is sent ------------------------------------------------------------------


def new_seats(_world: World, thing: Thing) -> Sent:
    said = {"village": thing.keys[0], "year": FREE_YEAR}
    return as_json({**said, "seats": {"pkk": {"women": 5, "total": 5}}})


def seats_source(_world: World, _thing: Thing) -> Sent:
    return as_json({"source": "SK kepala desa"})


def new_card(_world: World, thing: Thing) -> Sent:
    instrument = Instrument.objects.get(key="drppa", regency=None)
    said = {"instrument": instrument.pk, "village": thing.keys[0], "year": made_cards.YEAR}
    return as_json(said)


def card_answers(_world: World, _thing: Thing) -> Sent:
    return as_json({"answers": [{"item": ITEM, "state": "partly"}]})


BODIES = (new_seats, seats_source, new_card, card_answers)


# -- Things ------------------------------------------------------------------------


def make(world: World, word: Callable[[], str]) -> None:
    made_cards.shipped()
    for one in Instrument.objects.filter(regency=None):
        world.add(Thing(one.key, "instrument", (one.pk,), version=one.version))
    for code in (VILLAGE, FAR_VILLAGE, FOREIGN_VILLAGE):
        world.add(Thing(code, "village to enter for", (code,), village=code))
    unknown = Thing("nowhere", "village to enter for", ("64.99.99.2999",), exists=False)
    world.add(unknown)
    for kind in ("representation", "assessment", "instrument"):
        world.add(Thing("nothing", kind, (uuid7(),), exists=False))
    for state, code, hand, year in (
        ("draft", VILLAGE, "head", 2025),
        ("submitted", VILLAGE, "officer", 2024),
        ("verified", VILLAGE, "head", 2023),
        ("submitted", NEXT_VILLAGE, "facilitator", 2025),
        ("submitted", FOREIGN_VILLAGE, "foreign", 2025),
    ):
        _seats(world, state, code, hand, year, word())
        _card(world, state, code, hand, year, word())


def _seats(world: World, state: str, code: str, hand: str, year: int, word: str) -> None:
    texts = {"source": word, "note": word}
    place, by = made.village(code), world.user(hand)
    made_row = made_seats.seats(place, by=by, year=year, send=state != "draft", **texts)
    if state == "verified":
        review.verify(made_row, actor=world.user("national"), version=made_row.version)
    _add(world, "representation", made_row, code, hand, word)


def _card(world: World, state: str, code: str, hand: str, year: int, word: str) -> None:
    place, by = made.village(code), world.user(hand)
    made_row = made_cards.card(place, actor=by, year=year)
    said = AnswerSaid(ITEM, "met", evidence=f"Perdes {word}")
    save_answers(made_row, [said], actor=by, version=made_row.version)
    if state != "draft":
        review.submit(made_row, actor=by, version=made_row.version)
    if state == "verified":
        review.verify(made_row, actor=world.user("national"), version=made_row.version)
    _add(world, "assessment", made_row, code, hand, word)


def _add(world: World, kind: str, made_row, code: str, hand: str, word: str) -> None:
    made_row.refresh_from_db()
    waiting = made_row.state == "submitted"
    facts = {"village": code, "state": made_row.state, "hand": hand if waiting else ""}
    name = f"{made_row.state} of {code} in {made_row.year}"
    world.add(Thing(name, kind, (made_row.pk,), **facts, version=made_row.version, word=word))
