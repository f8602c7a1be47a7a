"""Days, money and counts as people in Indonesia write them: text in, text out.

Reading never guesses: what can be meant in two ways is refused, saying how to write it. Reading
takes Indonesian forms in either language; showing follows the language of the page.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.formats import date_format, get_format, number_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

NOTHING = "–"
LONGEST = 40  # characters; nobody writes a longer day or amount

_MONTHS = (
    "januari jan january|februari feb pebruari peb february|maret mar march|april apr|mei may|"
    "juni jun june|juli jul july|agustus agu agt ags aug august|september sep sept|"
    "oktober okt oct october|november nov nopember nop|desember des dec december"
)
MONTHS = {
    name: number
    for number, names in enumerate(_MONTHS.split("|"), start=1)
    for name in names.split()
}
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}

_ISO_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_NUMBER_DAY = re.compile(
    r"(?P<day>[0-9]{1,2})(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<year>[0-9]{4}|[0-9]{2})"
)
_WORD_DAY = re.compile(
    r"(?:[a-z']+,? +)?(?P<day>[0-9]{1,2})[ -](?P<month>[a-z]+)\.?[ -](?P<year>[0-9]{4}|[0-9]{2})"
)
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+")
_MONEY = re.compile(
    r"(?P<whole>[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,(?P<part>[0-9]+|-))?"
    r"(?: *(?P<unit>ribu|rb|juta|jt|miliar|milyar))?"
)
_UNITS = {"ribu": 10**3, "rb": 10**3, "juta": 10**6, "jt": 10**6, "miliar": 10**9, "milyar": 10**9}


class Unreadable(ValueError):
    """A text that is no day, amount or count. `code` is stable, `detail` says how to write it."""

    def __init__(self, code: str, detail):
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")


def storable(text: str) -> str:
    """Without NUL and lone surrogates, which PostgreSQL refuses and no answer can carry."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def one_line(text: object) -> str:
    """A text of one line as it is kept: storable, single spaces, nothing before or after."""
    return " ".join(storable(str(text or "")).split())


# -- Reading -------------------------------------------------------------------


def parse_day(text: str, today: date) -> date:
    """The day meant by "5-11-2026", "5/11/2026", "5.11.2026", "5 nov 2026" or "2026-11-05".

    The day comes before the month, always. A year of two figures is taken only from 20 until
    next year. Raises Unreadable: bad_day, no_such_day, short_year.
    """
    parts = _day_parts(_plain(text))
    try:
        return date(_full_year(parts["year"], today), _month(parts["month"]), int(parts["day"]))
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable(
            "no_such_day", _("This day is not on the calendar. Check the day and the month.")
        ) from error


def _plain(text: str) -> str:
    """Lower case, single spaces; refuses what is far too long to be meant."""
    plain = " ".join(str(text).lower().split())
    return plain if len(plain) <= LONGEST else ""


def _day_parts(plain: str) -> dict[str, str]:
    for pattern in (_ISO_DAY, _NUMBER_DAY, _WORD_DAY):
        match = pattern.fullmatch(plain)
        if match and (match["month"].isdigit() or match["month"] in MONTHS):
            return match.groupdict()
    raise Unreadable("bad_day", _("Write the date as day, month, year, for example 5-11-2026."))


def _month(text: str) -> int:
    return int(text) if text.isdigit() else MONTHS[text]


def _full_year(text: str, today: date) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    if not 20 <= year <= today.year + 1 - 2000:
        raise Unreadable("short_year", _("Write the year in four figures, for example 2026."))
    return 2000 + year


def parse_count(text: str) -> int:
    """Whole things from "1500", "1.500" or "1 500".

    Raises Unreadable: negative, not_whole, not_a_number.
    """
    plain = _plain(text).replace(" ", "")
    if _WHOLE.fullmatch(plain):
        return int(plain.replace(".", ""))
    if re.fullmatch(r"[-−][0-9.,]+", plain):
        raise Unreadable("negative", _("Write 0 or more, without a minus sign."))
    if re.fullmatch(r"[0-9]+(?:[.,][0-9]+)+", plain):
        raise Unreadable("not_whole", _("Write whole figures without a comma, for example 1500."))
    raise Unreadable("not_a_number", _("Write figures only, for example 19."))


def parse_rupiah(text: str) -> int:
    """Whole rupiah from "12500000", "12.500.000", "Rp 12.500.000,00" or "12,5 juta".

    A dot only ever parts thousands, a comma only ever starts the decimals.
    Raises Unreadable: negative, bad_amount, cents.
    """
    plain = re.sub(r"^(rp\.?|idr) *", "", _plain(text))
    plain = re.sub(r"(?<=[0-9]) (?=[0-9])", "", plain)
    if plain.startswith(("-", "−", "(")):
        raise Unreadable("negative", _("Write 0 or more, without a minus sign."))
    match = _MONEY.fullmatch(plain)
    if not match:
        raise Unreadable(
            "bad_amount",
            _("Write the amount with dots between thousands, for example 12.500.000 or 12,5 juta."),
        )
    part = (match["part"] or "").replace("-", "") or "0"
    amount = Decimal(f"{match['whole'].replace('.', '')}.{part}") * _UNITS.get(match["unit"], 1)
    if amount != amount.to_integral_value():
        raise Unreadable("cents", _("Write whole rupiah, for example 12.500.000."))
    return int(amount)


# -- Showing -------------------------------------------------------------------


def day_long(value: date | None) -> str:
    """5 November 2026; of a moment the day it is here."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, "j F Y") if value else NOTHING


def day_short(value: date | None) -> str:
    """05-11-2026; of a moment the day it is here."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, "d-m-Y") if value else NOTHING


def moment(value: datetime | None) -> str:
    """5 November 2026 pukul 14.05 WITA, from an aware instant, in the zone in force."""
    if not value:
        return NOTHING
    local = timezone.localtime(value)
    zone = ZONES.get(timezone.get_current_timezone_name(), local.tzname() or "")
    return gettext("%(day)s at %(time)s %(zone)s") % {
        "day": date_format(local, "j F Y"),
        "time": date_format(local, "TIME_FORMAT"),
        "zone": zone,
    }


def count(value: int | None) -> str:
    """12.500; an unknown count is a dash, never 0."""
    return NOTHING if value is None else number_format(value, force_grouping=True)


def rupiah(value: int | None) -> str:
    """Rp12.500.000, without a space and without cents."""
    if value is None:
        return NOTHING
    return f"-Rp{count(-value)}" if value < 0 else f"Rp{count(value)}"


def rupiah_short(value: int | None) -> str:
    """Rp12,5 miliar, for a large figure that is read, not reckoned with; half up."""
    if value is None or abs(value) < 10**6:
        return rupiah(value)
    if abs(value) < 10**9:
        return gettext("%(amount)s million") % {"amount": _one_place(value, 10**6)}
    return gettext("%(amount)s billion") % {"amount": _one_place(value, 10**9)}


def _one_place(value: int, unit: int) -> str:
    """Rp12,5 of a unit; a whole amount has no decimal."""
    tenths = (20 * value + unit) // (2 * unit)
    decimals = f"{get_format('DECIMAL_SEPARATOR')}{tenths % 10}" if tenths % 10 else ""
    return f"{rupiah(tenths // 10)}{decimals}"


def percent(share: tuple[int | None, int | None] | float | None) -> str:
    """44,2 % from (n, m) or from a share of 1; a dash for nothing out of nothing."""
    tenths = _tenths(share)
    if tenths is None:
        return NOTHING
    sign = "%" if get_language() == "en" else " %"
    return f"{tenths // 10}{get_format('DECIMAL_SEPARATOR')}{tenths % 10}{sign}"


def _tenths(share) -> int | None:
    """Tenths of a percent, half up, without binary fractions where n and m are known."""
    if share is None:
        return None
    if isinstance(share, tuple | list):
        n, m = share
        return (2000 * n + m) // (2 * m) if n is not None and m else None
    return int((Decimal(str(share)) * 1000).quantize(Decimal(1), ROUND_HALF_UP))
