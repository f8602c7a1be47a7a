"""Days, money and counts: what people write is read, what can be misread is refused."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core import formats

TODAY = date(2026, 11, 22)


@pytest.fixture(params=["id", "en"])
def language(request):
    with translation.override(request.param):
        yield request.param


# -- Days ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5-11-2026", date(2026, 11, 5)),
        ("05/11/2026", date(2026, 11, 5)),
        (" 5.11.2026 ", date(2026, 11, 5)),
        ("5-11-26", date(2026, 11, 5)),
        ("5 nov 2026", date(2026, 11, 5)),
        ("5 Nopember 2026", date(2026, 11, 5)),
        ("5-Nov-2026", date(2026, 11, 5)),
        ("Kamis, 5 November 2026", date(2026, 11, 5)),
        ("Jum'at, 6 November 2026", date(2026, 11, 6)),
        ("17 agt 2026", date(2026, 8, 17)),
        ("17 august 2026", date(2026, 8, 17)),
        ("1 Mei 2026", date(2026, 5, 1)),
        ("29 februari 2024", date(2024, 2, 29)),
        ("2026-11-05", date(2026, 11, 5)),
        ("3-4-2026", date(2026, 4, 3)),
        ("1-1-27", date(2027, 1, 1)),
        ("1-1-20", date(2020, 1, 1)),
    ],
)
def test_day_is_read_day_first(text, day, language):
    assert formats.parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("11/13/2026", "no_such_day"),
        ("29-2-2026", "no_such_day"),
        ("31 april 2026", "no_such_day"),
        ("0-1-2026", "no_such_day"),
        ("1-1-0000", "no_such_day"),
        ("1-1-19", "short_year"),
        ("1-1-28", "short_year"),
        ("5 11 2026", "bad_day"),
        ("5/11-2026", "bad_day"),
        ("5 fructidor 2026", "bad_day"),
        ("kemarin", "bad_day"),
        ("5-11", "bad_day"),
        ("", "bad_day"),
        ("٥-١١-٢٠٢٦", "bad_day"),
        ("5-11-2026" + " 0" * 40, "bad_day"),
    ],
)
def test_day_that_can_be_misread_is_refused(text, code):
    with pytest.raises(formats.Unreadable) as refusal:
        formats.parse_day(text, TODAY)
    assert refusal.value.code == code
    assert str(refusal.value.detail)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_day_shown_is_read_back(day):
    for language in ("id", "en"):
        with translation.override(language):
            assert formats.parse_day(formats.day_long(day), TODAY) == day
            assert formats.parse_day(formats.day_short(day), TODAY) == day


def test_days_are_shown_in_the_words_of_the_page():
    assert formats.day_long(date(2026, 8, 5)) == "5 Agustus 2026"
    assert formats.day_short(date(2026, 8, 5)) == "05-08-2026"
    with translation.override("en"):
        assert formats.day_long(date(2026, 8, 5)) == "5 August 2026"
    night = datetime(2026, 8, 5, 17, 30, tzinfo=UTC)  # half past one of the next day here
    assert formats.day_long(night) == "6 Agustus 2026"
    assert formats.day_short(night) == "06-08-2026"
    assert formats.day_long(None) == formats.day_short(None) == formats.moment(None) == "–"


def test_moment_is_told_in_local_time():
    """22.30 UTC is the next morning in Paser."""
    instant = datetime(2026, 11, 4, 22, 30, tzinfo=UTC)
    assert formats.moment(instant) == "5 November 2026 pukul 06.30 WITA"
    with translation.override("en"):
        assert formats.moment(instant) == "5 November 2026 at 06:30 WITA"


# -- Money ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [
        ("12500000", 12_500_000),
        ("12.500.000", 12_500_000),
        ("12 500 000", 12_500_000),
        ("Rp 12.500.000", 12_500_000),
        ("rp12.500.000,00", 12_500_000),
        ("Rp. 12.500.000,-", 12_500_000),
        ("12,5 juta", 12_500_000),
        ("Rp12,5jt", 12_500_000),
        ("750 ribu", 750_000),
        ("1,25 miliar", 1_250_000_000),
        ("1.500 juta", 1_500_000_000),
        ("0", 0),
    ],
)
def test_rupiah_is_read(text, rupiah, language):
    assert formats.parse_rupiah(text) == rupiah


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12.50", "bad_amount"),
        ("12,500,000", "bad_amount"),
        ("1.5 juta", "bad_amount"),
        ("12.500.00", "bad_amount"),
        ("dua juta", "bad_amount"),
        ("Rp", "bad_amount"),
        ("", "bad_amount"),
        ("1e6", "bad_amount"),
        ("12.500.000,50", "cents"),
        ("0,0000001 juta", "cents"),
        ("-5000", "negative"),
        ("Rp -5000", "negative"),
        ("(5000)", "negative"),
        ("9" * 5000, "bad_amount"),
    ],
)
def test_amount_that_can_be_misread_is_refused(text, code):
    with pytest.raises(formats.Unreadable) as refusal:
        formats.parse_rupiah(text)
    assert refusal.value.code == code


def test_refused_amount_says_how_to_write_it():
    with pytest.raises(formats.Unreadable) as refusal:
        formats.parse_rupiah("12.50")
    assert "12.500.000" in str(refusal.value.detail)


@given(st.integers(0, 10**13))
def test_rupiah_shown_is_read_back(amount):
    with translation.override("id"):
        assert formats.parse_rupiah(formats.rupiah(amount)) == amount


@pytest.mark.parametrize(
    ("amount", "short"),
    [
        (12_500_000_000, "Rp12,5 miliar"),
        (250_000_000, "Rp250 juta"),
        (1_250_000, "Rp1,3 juta"),
        (999_999, "Rp999.999"),
        (0, "Rp0"),
        (None, "–"),
    ],
)
def test_large_amount_is_told_short(amount, short):
    assert formats.rupiah_short(amount) == short


# -- Counts --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [("19", 19), (" 1 500 ", 1500), ("1.500", 1500), ("1.234.567", 1_234_567), ("007", 7)],
)
def test_count_is_read(text, count, language):
    assert formats.parse_count(text) == count


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-3", "negative"),
        ("−3", "negative"),
        ("1,5", "not_whole"),
        ("1.5", "not_whole"),
        ("1.50", "not_whole"),
        ("1,500", "not_whole"),
        ("dua belas", "not_a_number"),
        ("19 orang", "not_a_number"),
        ("½", "not_a_number"),
        ("", "not_a_number"),
        ("1" * 5000, "not_a_number"),
    ],
)
def test_text_that_is_no_count_is_refused(text, code):
    with pytest.raises(formats.Unreadable) as refusal:
        formats.parse_count(text)
    assert refusal.value.code == code


@given(st.integers(0, 10**9))
def test_count_shown_is_read_back(number):
    with translation.override("id"):
        assert formats.parse_count(formats.count(number)) == number


def test_unknown_count_is_a_dash_and_never_zero(language):
    assert formats.count(None) == formats.rupiah(None) == "–"
    assert formats.count(0) == "0"


# -- Shares --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "indonesian", "english"),
    [
        ((19, 43), "44,2 %", "44.2%"),
        ((1, 3), "33,3 %", "33.3%"),
        ((3, 3), "100,0 %", "100.0%"),
        ((0, 7), "0,0 %", "0.0%"),
        ((1, 2000), "0,1 %", "0.1%"),  # half a tenth goes up
        ((0, 0), "–", "–"),
        ((None, 5), "–", "–"),
        (0.4419, "44,2 %", "44.2%"),
        (1, "100,0 %", "100.0%"),
        (None, "–", "–"),
    ],
)
def test_percent_follows_the_language(share, indonesian, english):
    assert formats.percent(share) == indonesian
    with translation.override("en"):
        assert formats.percent(share) == english
