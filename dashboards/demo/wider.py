"""Invented seats and scorecards of villages, marked as such; the indices are the real ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from random import Random

from accounts.models import User
from indicators.models import AnswerState, Assessment, ItemKind, ProposalStage, Representation, Seat
from indicators.seat_terms import seats_in, stages_in
from indicators.seats import SeatsSaid
from indicators.services import review
from indicators.services.assessments import AnswerSaid, open_assessment, save_answers
from indicators.services.instruments import instruments_for
from indicators.services.representation import save_representation
from villages.models import Regency, Village

from .manners import FACILITATED, SONGKA, clerk_of
from .patterns import dice

SOURCE = "Contoh, bukan data nyata"
#: In a hundred villages so many sent nothing in, and so many wait for a reviewer.
SILENT, WAITING = 12, 15
#: How many there are, and how many in a hundred of them are women.
USUAL: dict[Seat, tuple[range, range]] = {
    Seat.BPD: (range(5, 10, 2), range(0, 45)),
    Seat.OFFICIALS: (range(7, 13), range(10, 50)),
    Seat.RPJMDES_TEAM: (range(7, 12), range(10, 45)),
    Seat.RKPDES_TEAM: (range(7, 12), range(10, 45)),
    Seat.MUSDES: (range(35, 90), range(15, 48)),
    Seat.MUSRENBANG: (range(40, 110), range(15, 48)),
    Seat.PKK: (range(12, 25), range(96, 101)),
    Seat.KARANG_TARUNA: (range(9, 18), range(20, 50)),
    Seat.LPM: (range(7, 14), range(5, 40)),
    Seat.RT_HEADS: (range(4, 16), range(0, 30)),
    Seat.CUSTOMARY: (range(5, 12), range(0, 25)),
    Seat.BUMDES: (range(4, 8), range(10, 60)),
    Seat.TPK: (range(3, 6), range(0, 50)),
    Seat.KPMD: (range(2, 6), range(20, 80)),
}
#: Of the proposals that came so far, so many in a hundred go on.
GOES_ON = {
    ProposalStage.RKPDES: range(40, 85),
    ProposalStage.APBDES: range(40, 85),
    ProposalStage.EXECUTED: range(50, 101),
}
MILLION = 1_000_000


def put_on_file(regency: Regency, known: Mapping[str, User], today: date) -> str:
    """Whatever of it is missing; only villages of districts whose facilitator is known."""
    if Representation.objects.filter(is_example=True).exists():
        return "sudah ada"
    villages = Village.objects.live().filter(district__regency=regency).order_by("code")
    told = 0
    for village in villages.select_related("district__regency"):
        clerk = known.get(clerk_of(village.district))
        if clerk is not None:
            told += sum(
                _told(village, year, clerk, known["officer"]) for year in _years(village, today)
            )
    cards = sum(_cards(code, known, today.year) for code in (*FACILITATED, SONGKA))
    return f"{told} village-years of seats, {cards} scorecards"


def _years(village: Village, today: date) -> Iterator[int]:
    """The year before for the villages of the demonstration's own accounts, this year for all."""
    if village.code in (*FACILITATED, SONGKA):
        yield today.year - 1
    yield today.year


def _told(village: Village, year: int, clerk: User, officer: User) -> bool:
    throw = dice("seats", village.code, year)
    kind = throw.uniform(0, 100)
    if village.code in (*FACILITATED, SONGKA):
        kind = 100.0
    if kind < SILENT:
        return False
    row = save_representation(village, year, _said(village, year, throw), actor=clerk, submit=True)
    Representation.objects.filter(pk=row.pk).update(is_example=True)
    if kind >= SILENT + WAITING:
        review.verify(row, actor=officer, version=row.version)
    return True


def _said(village: Village, year: int, throw: Random) -> SeatsSaid:
    seats: dict[str, tuple[int | None, int | None]] = {}
    for seat in seats_in(village):
        sizes, shares = USUAL[seat]
        total = throw.choice(sizes)
        seats[seat] = round(total * throw.choice(shares) / 100), total
    met = throw.random() < 0.6
    return SeatsSaid(
        seats=seats,
        proposals=dict(_proposals(village, throw)),
        head_sex="f" if village.code == SONGKA or throw.random() < 0.06 else "m",
        women_meeting=met,
        women_meeting_on=date(year, throw.randint(1, 6), throw.randint(1, 28)) if met else None,
        women_meeting_minutes=f"BA contoh {throw.randint(1, 40)}/{year}" if met else "",
        source=SOURCE,
    )


def _proposals(village: Village, throw: Random) -> Iterator[tuple[str, tuple[int, int]]]:
    number, each = throw.randint(2, 12), throw.randint(8, 15) * MILLION
    for stage in stages_in(village):
        if stage in GOES_ON:
            number = number * throw.choice(GOES_ON[stage]) // 100
        yield stage, (number, number * each)


def _cards(code: str, known: Mapping[str, User], year: int) -> int:
    """The scorecards of one village: answers of every kind, some without data."""
    village = Village.objects.select_related("district__regency").filter(code=code).first()
    clerk = known.get(clerk_of(village.district)) if village else None
    if village is None or clerk is None:
        return 0
    made = 0
    for instrument in instruments_for(village.district.regency, year):
        row = open_assessment(instrument, village, year, actor=clerk)
        throw = dice("card", code, instrument.key, year)
        items = instrument.items.filter(computed="")
        answers = [one for item in items if (one := _answer(item, throw))]
        save_answers(row, answers, actor=clerk, version=row.version)
        review.submit(row, actor=clerk, version=row.version)
        if throw.random() < 0.7:
            review.verify(row, actor=known["officer"], version=row.version)
        Assessment.objects.filter(pk=row.pk).update(is_example=True)
        made += 1
    return made


def _answer(item, throw: Random) -> AnswerSaid | None:
    if throw.random() < 0.15:
        return None
    if item.restricted:
        return AnswerSaid(item.code, value=Decimal(0), evidence=SOURCE, reporter="Kader (contoh)")
    if item.kind == ItemKind.STATE:
        states = [AnswerState.MET, AnswerState.MET, AnswerState.PARTLY, AnswerState.NOT_MET]
        return AnswerSaid(item.code, state=throw.choice(states), evidence=SOURCE)
    value = Decimal(throw.randint(20, 95))
    if item.kind == ItemKind.RUPIAH:
        value *= MILLION
    if item.kind == ItemKind.NUMBER:
        value = Decimal(throw.randint(0, 6))
    state = "" if item.target is not None else AnswerState.PARTLY
    return AnswerSaid(item.code, state=state, value=value, evidence=SOURCE)
