"""What in a record deserves a second look: said in words, never a block."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from villages.models import AreaShape

from .involvement import WOMEN_PERCENT
from .models import Activity, CountSource, EventStatus
from .personal import FREE_TEXTS, phone_numbers

#: More people than this at one event are more often a zero too many than a crowd.
CROWD = 2_000


def flags(activity: Activity) -> list[str]:
    """The remarks that fit `activity`, most weighty first. One statement, when it has a point."""
    if activity.event_status != EventStatus.HELD:
        return []
    return [str(words) for fits, words in _FLAGS if fits(activity)]


def _nothing_counted(one: Activity) -> bool:
    pairs = (
        (one.women_participants, one.men_participants),
        (one.women_deciders, one.men_deciders),
        (one.women_beneficiaries, one.men_beneficiaries),
    )
    return all(None in pair for pair in pairs)


def _more_deciders(one: Activity) -> bool:
    pairs = (
        (one.women_deciders, one.women_participants),
        (one.men_deciders, one.men_participants),
        (_deciders(one), one.people_present),
    )
    return any(_above(part, whole) for part, whole in pairs)


def _deciders(one: Activity) -> int | None:
    known = [part for part in (one.women_deciders, one.men_deciders) if part is not None]
    return sum(known) if known else None


def _crowd(one: Activity) -> bool:
    parts = (one.women_participants, one.men_participants, one.people_present, _deciders(one))
    return any(_above(part, CROWD) for part in parts)


def _more_children(one: Activity) -> bool:
    return _above(one.children, one.people_present)


def _above(part: int | None, whole: int | None) -> bool:
    return part is not None and whole is not None and part > whole


def _few_women_unexplained(one: Activity) -> bool:
    share = one.women_share
    if not share or not share[1] or one.low_women_reason:
        return False
    women, everyone = share
    return 100 * women < WOMEN_PERCENT * everyone


def _outside_its_village(one: Activity) -> bool:
    """Only an official outline can say so: the schematic one is drawn round a single point."""
    if one.latitude is None or one.longitude is None:
        return False
    outline = AreaShape.objects.official_of(one.village.code)
    return outline is not None and not outline.holds(one.longitude, one.latitude)


def _program_closed(one: Activity) -> bool:
    """It came in after its program was closed: from a phone without signal, or too late."""
    closed = one.program.closed_at
    return closed is not None and (one._state.adding or one.receipt.received_at > closed)


def _phone_in_text(one: Activity) -> bool:
    return any(phone_numbers(getattr(one, name)) for name in FREE_TEXTS)


def _money_without_source(one: Activity) -> bool:
    return bool(one.budget_spent) and not one.fund_source


_FLAGS: tuple[tuple[Callable[[Activity], bool], object], ...] = (
    (_crowd, _("The number of people is very large. Check its zeros.")),
    (
        _nothing_counted,
        _("Women and men were not counted apart, so this record shows no involvement yet."),
    ),
    (
        _more_deciders,
        _("More people decided than were present. That can be right: check it once more."),
    ),
    (_more_children, _("There are more children than people present. Check the numbers.")),
    (
        _few_women_unexplained,
        _("Fewer than 30 of 100 people present were women, and no reason is given."),
    ),
    (
        _outside_its_village,
        _("The point on the map lies outside the village. That can be right: check it once more."),
    ),
    (
        _program_closed,
        _("The program was closed before this record came in. Check the day of the activity."),
    ),
    (
        _phone_in_text,
        _("A phone number stands in the text. Take it out when it is a participant's."),
    ),
    (_money_without_source, _("Money was spent, but the fund source is not named.")),
    (
        lambda one: one.count_source == CountSource.ESTIMATE,
        _("The numbers are an estimate."),
    ),
)
