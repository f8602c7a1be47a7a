"""Instruments and scorecards for tests."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from indicators.models import (
    Assessment,
    Instrument,
    Representation,
    ReviewState,
    SeatCount,
)
from indicators.parts import parts_of
from indicators.services.assessments import AnswerSaid, open_assessment, save_answers
from indicators.services.instruments import load_instruments

YEAR = timezone.localdate().year


def shipped(key: str = "drppa") -> Instrument:
    """One of the instruments that come with the portal."""
    list(load_instruments())
    return Instrument.objects.get(key=key, regency=None)


def card(village, *, actor, key: str = "drppa", year: int = YEAR) -> Assessment:
    """An open scorecard without answers."""
    return open_assessment(shipped(key), village, year, actor=actor)


def answered(village, *, actor, key: str = "drppa", **said) -> Assessment:
    """An open scorecard; `said`: item code (- as _) → a state, or a figure."""
    row = card(village, actor=actor, key=key)
    answers = [answer(code.replace("_", "-"), what) for code, what in said.items()]
    return save_answers(row, answers, actor=actor, version=row.version)


def answer(code: str, what, **more) -> AnswerSaid:
    if isinstance(what, str):
        return AnswerSaid(code, what, **more)
    return AnswerSaid(code, value=Decimal(what), **{"reporter": "Bidan Siti", **more})


def all_met(instrument: Instrument) -> list[AnswerSaid]:
    """The best answer to everything that people answer."""
    best = []
    for item in parts_of(instrument).items:
        if not item.computed:
            figure = item.kind != "state" and item.target is not None
            best.append(answer(item.code, item.target if figure else "met"))
    return best


def seats(village, year: int = YEAR, **counts) -> Representation:
    """Seats as sent in: bpd=(2, 7) …"""
    row = Representation.objects.create(village=village, year=year, state=ReviewState.SUBMITTED)
    for seat, (women, total) in counts.items():
        SeatCount.objects.create(representation=row, seat=seat, women=women, total=total)
    return row
