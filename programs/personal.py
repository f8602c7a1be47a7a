"""Numbers of persons in free text: they have no business in records that count people.

A NIK is refused wherever a record is judged; so is the number of a family card, which is built
alike. A phone number is only remarked on: an office's own may stand in a note.
"""

from __future__ import annotations

import re
from datetime import date

#: Fields of a record that a person writes in her own words. `reference` is a tool's own number.
FREE_TEXTS = ("title", "place", "note")

#: First two figures of a NIK: the provinces, including those of 2022.
_PROVINCES = frozenset(
    [*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77)]
    + [*range(81, 83), *range(91, 98)]
)
#: As it is written: in one, or in groups kept apart by a space, a dot or a dash.
_WRITTEN = re.compile(
    r"(?<![0-9])(?<![0-9][.,/-])(?:"
    r"[0-9]{16}"
    r"|[0-9]{6}[ .-][0-9]{6}[ .-][0-9]{4}"
    r"|[0-9]{4}(?:[ .-][0-9]{4}){3}"
    r"|[0-9]{6}[ .-][0-9]{10}"
    r"|[0-9]{2}(?:[ .-][0-9]{2}){2}[ .-][0-9]{6}[ .-][0-9]{4}"
    r")(?![0-9])(?![.,/-][0-9])"
)
_PHONE = re.compile(r"(?<![0-9])(?:\+?62|0)[ .-]?8[0-9](?:[ .-]?[0-9]){7,10}(?![0-9])")


def identity_numbers(text: str) -> list[str]:
    """What in `text` is a NIK, or the number of a family card, as written there."""
    return [one for one in _WRITTEN.findall(text) if _is_identity(re.sub(r"[^0-9]", "", one))]


def phone_numbers(text: str) -> list[str]:
    """What in `text` looks like a mobile phone's number."""
    return _PHONE.findall(text)


def _is_identity(figures: str) -> bool:
    """Province, regency, district, a day (women: plus 40), a serial number that is not 0000."""
    if int(figures[:2]) not in _PROVINCES or "00" in (figures[2:4], figures[4:6]):
        return False
    return figures[12:] != "0000" and _is_day(figures[6:12])


def _is_day(figures: str) -> bool:
    day, month, year = (int(figures[at : at + 2]) for at in (0, 2, 4))
    try:
        date(2000 + year, month, day - 40 if day > 40 else day)
    except ValueError:  # 29 February is a day in 2000 and in 1900 + any leap year alike
        return False
    return True
