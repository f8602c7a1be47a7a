"""What cannot be said of women's seats, in words at the field: women_…, all of one year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from core.errors import Problem

from .models import ProposalStage, Seat
from .seat_terms import SeatsSaid, seats_in, stages_in

FIRST_YEAR = 2000


def problems_of(village, year: int, said: SeatsSaid, today: date) -> list[Problem]:
    """Everything that stands in the way of storing it; [] when nothing does.

    Fields: `<seat>_women`, `<seat>_total`, `<stage>_number`, `<stage>_amount` and the row's own.
    """
    if not FIRST_YEAR <= year <= today.year:
        words = _("Choose a year from 2000 to this year.")
        return [Problem("year", "out_of_range", words)]
    return [
        *_absent(village, said),
        *(one for seat, pair in said.seats.items() for one in _seat(seat, *pair)),
        *_funnel(said),
        *_meeting(year, said, today),
    ]


def hints_of(village, said: SeatsSaid) -> list[str]:
    """What deserves a second look and stands in nobody's way."""
    total = said.seats.get(Seat.BPD, (None, None))[1]
    if total is None or (5 <= total <= 9 and total % 2):
        return []
    words = _("A BPD has 5 to 9 members, an odd number (Permendagri 110/2016). You wrote %(n)s.")
    return [words % {"n": total}]


def says_nothing(said: SeatsSaid) -> bool:
    """Nothing is known: there is nothing to send in."""
    pairs = (*said.seats.values(), *said.proposals.values())
    known = said.head_sex or said.women_meeting is not None
    return not known and all(pair == (None, None) for pair in pairs)


def _absent(village, said: SeatsSaid) -> Iterator[Problem]:
    """What a kelurahan does not have."""
    words = _("A kelurahan has none. Leave it empty.")
    here: tuple[str, ...] = (*seats_in(village), *stages_in(village))
    told = [(seat, pair, "total") for seat, pair in said.seats.items()]
    told += [(stage, pair, "number") for stage, pair in said.proposals.items()]
    for name, pair, part in told:
        if name not in here and pair != (None, None):
            yield Problem(f"{name}_{part}", "no_apbdes", words)


def _seat(seat: str, women: int | None, total: int | None) -> Iterator[Problem]:
    if women is None and total is None:
        return
    if women is None:
        yield Problem(
            f"{seat}_women", "half_a_pair", _("Fill in the women too; 0 if there is none.")
        )
    elif total is None:
        yield Problem(f"{seat}_total", "half_a_pair", _("Fill in all people too, women included."))
    elif total == 0:
        words = _("Nobody is in it? Leave both empty.")
        yield Problem(f"{seat}_total", "out_of_range", words)
    elif women > total:
        words = _("%(women)s women of %(total)s people cannot be. Correct one of the numbers.")
        detail = words % {"women": women, "total": total}
        yield Problem(f"{seat}_women", "more_than_all", detail)


def _funnel(said: SeatsSaid) -> Iterator[Problem]:
    """No stage holds more proposals or money than a stage before it that is known."""
    for place, part in enumerate(("number", "amount")):
        known: tuple[ProposalStage, int] | None = None
        for stage in ProposalStage:
            value = said.proposals.get(stage, (None, None))[place]
            if value is None:
                continue
            if known and value > known[1]:
                words = _("More than the stage before (%(stage)s). Correct one of the two.")
                detail = words % {"stage": known[0].label}
                yield Problem(f"{stage}_{part}", "more_than_before", detail)
            known = (stage, value)
    for stage, (number, amount) in said.proposals.items():
        if number is None and amount is not None:
            words = _("Fill in how many proposals this money belongs to.")
            yield Problem(f"{stage}_number", "half_a_pair", words)
        if number == 0 and amount:
            words = _("There is money but no proposal. Correct one of the two.")
            yield Problem(f"{stage}_amount", "half_a_pair", words)


def _meeting(year: int, said: SeatsSaid, today: date) -> Iterator[Problem]:
    held_on = said.women_meeting_on
    if said.women_meeting is not True and (held_on or said.women_meeting_minutes):
        words = _("You gave a date or a number of minutes. Was the meeting held?")
        yield Problem("women_meeting", "half_a_pair", words)
    if held_on and held_on > today:
        yield Problem("women_meeting_on", "future", _("This day has not come yet. Check the date."))
    elif held_on and held_on.year != year:
        words = _("The day is not in %(year)s. Check the date.") % {"year": year}
        yield Problem("women_meeting_on", "outside_year", words)
