"""Reporting discipline: the states of a month, what reading them costs, and their page."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.identifiers import uuid7
from programs import heat, reporting
from programs.models import Activity, Nudge, Submission
from programs.reporting import MonthState
from programs.services import declare_nothing, void_activity, withdraw_nothing
from tests import make
from villages.models import Village

pytestmark = pytest.mark.django_db
WITA = ZoneInfo("Asia/Makassar")
TODAY = date(2026, 11, 22)
MARCH = date(2026, 3, 1)
OCTOBER = date(2026, 10, 1)
PATH = "/pelaporan/"


@pytest.fixture
def program():
    return make.program(make.village(), make.village("64.01.04.2003", "Tapis"))


@pytest.fixture
def start(program):
    """The portal's first record: December 2025, by a village that plays no other part."""
    first = make.village("64.01.05.2001", "Pasir Mayang")
    old = make.program(first)
    return record(old, date(2025, 12, 5), first, "2025-12-06 09:00")


def record(program, held_on: date, village=None, received: str = "", **values) -> Activity:
    """A record that came in at this moment (WITA), by default on the day itself."""
    made = make.activity(program, village, held_on=held_on, **values)
    moment = datetime.fromisoformat(received or f"{held_on} 20:00").replace(tzinfo=WITA)
    Submission.objects.filter(pk=made.pk).update(received_at=moment)
    return made


def read(months=None, today=TODAY) -> reporting.Discipline:
    months = months or reporting.last_months(today)
    return reporting.discipline_of(Village.objects.live(), months, today)


def state(month: date, today=TODAY, code="64.01.04.2002") -> str:
    [row] = [one for one in read(today=today).rows if one.code == code]
    return read(today=today).state_in(row, month)


def declare(month: date, village=None, actor=None):
    village = village or make.village()
    actor = actor or make.village_head(village)
    return declare_nothing(
        village,
        year=month.year,
        month=month.month,
        actor=actor,
        now=datetime(2026, 11, 22, tzinfo=WITA),
    )


# -- The states ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-10-20 09:00", "reported"),
        ("2026-11-10 23:59", "reported"),  # the due day is still in time
        ("2026-11-11 00:00", "late"),
    ],
)
def test_a_month_is_late_when_its_first_record_came_after_the_due_day(
    start, program, received, expected
):
    record(program, date(2026, 10, 20), received=received)
    assert state(OCTOBER) == expected


def test_the_first_record_of_a_month_decides(start, program):
    record(program, date(2026, 10, 20), received="2026-11-15 09:00")
    record(program, date(2026, 10, 2), received="2026-10-02 09:00", title="Rapat")
    assert state(OCTOBER) == "reported"


def test_nothing_said_is_missing_after_the_due_day_and_not_before(start):
    make.village()
    assert state(OCTOBER, date(2026, 11, 10)) == "running"
    assert state(OCTOBER, date(2026, 11, 11)) == "missing"
    assert state(date(2026, 11, 1)) == "running"


def test_the_due_day_is_a_setting(start, settings):
    make.village()
    settings.REPORT_DAY = 25
    assert state(OCTOBER) == "running"
    assert reporting.last_due_month(TODAY) == date(2026, 9, 1)


def test_declared_empty_is_neither_missing_nor_reported(start):
    declared = declare(OCTOBER)
    assert state(OCTOBER) == "nihil"
    withdraw_nothing(declared, actor=declared.declared_by)
    assert state(OCTOBER) == "missing"


def test_a_record_outweighs_the_declaration_and_a_voided_one_says_nothing(start, program):
    declare(OCTOBER)
    made = record(program, date(2026, 10, 20))
    assert state(OCTOBER) == "reported"
    void_activity(made, actor=made.author, version=made.version, reason="Salah desa")
    assert state(OCTOBER) == "nihil"


def test_nobody_owes_a_month_before_the_portal_took_its_first_record(program):
    assert state(MARCH) == "before"
    record(program, date(2026, 4, 2))
    assert state(MARCH) == "before"
    assert state(date(2026, 5, 1)) == "missing"


def test_what_was_copied_from_public_reports_starts_nothing(program):
    made = record(program, date(2026, 4, 2))
    Activity.objects.filter(pk=made.pk).update(origin="reported")
    assert state(date(2026, 5, 1)) == "before"
    assert state(date(2026, 4, 1)) == "reported"


def test_a_village_owes_nothing_after_it_left_the_list(start):
    ended = make.village()
    Village.objects.filter(pk=ended.pk).update(ended_on=date(2026, 6, 30))
    found = reporting.discipline_of(Village.objects.filter(pk=ended.pk), [date(2026, 6, 1)], TODAY)
    assert found.rows[0].states == (MonthState.BEFORE,)
    found = reporting.discipline_of(Village.objects.filter(pk=ended.pk), [date(2026, 5, 1)], TODAY)
    assert found.rows[0].states == (MonthState.MISSING,)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 22), OCTOBER),
        (date(2026, 11, 11), OCTOBER),
        (date(2026, 11, 10), date(2026, 9, 1)),
        (date(2026, 1, 11), date(2025, 12, 1)),
        (date(2026, 1, 10), date(2025, 11, 1)),
    ],
)
def test_the_newest_month_that_is_due(today, expected):
    assert reporting.last_due_month(today) == expected


# -- The whole -----------------------------------------------------------------


def test_most_missing_stand_first_then_the_longest_silence(start, program):
    record(program, date(2026, 10, 5))
    record(program, date(2026, 9, 5), make.village("64.01.04.2003"))
    make.village("64.01.04.2004", "Diam")
    found = read()
    assert [row.code for row in found.rows][:3] == [
        "64.01.04.2004",  # nothing ever
        "64.01.05.2001",  # the oldest last word of those with ten missing months
        "64.01.04.2003",
    ]
    assert [(row.missing, row.last_on) for row in found.rows][:2] == [
        (11, None),
        (10, date(2025, 12, 5)),
    ]


def test_the_counts_of_a_month_add_up_to_all_villages(start, program):
    record(program, date(2026, 10, 5))
    declare(OCTOBER, make.village("64.01.04.2003"))
    found = read()
    for month, counted in zip(found.months, found.counts, strict=True):
        assert sum(counted.values()) == len(found.rows) == 3, month
    assert [found.count(OCTOBER, one) for one in ("missing", "reported", "nihil")] == [1, 1, 1]


def test_silence_is_counted_from_its_first_unbroken_month(start, program):
    record(program, date(2026, 7, 5))
    found = read()
    [row] = [one for one in found.rows if one.code == "64.01.04.2002"]
    assert found.silent_from(row, OCTOBER) == date(2026, 8, 1)
    assert found.days_late(row, OCTOBER) == (TODAY - date(2026, 9, 10)).days


def test_the_short_question_agrees_with_the_long_one(start, program):
    record(program, date(2026, 10, 5))
    declare(OCTOBER, make.village("64.01.04.2003"))
    make.village("64.01.04.2004", "Diam")
    found = read()
    for month in found.months[:-1]:
        short = reporting.missing_villages(Village.objects.live(), month)
        assert {one.code for one in short} == {one.code for one in found.missing_in(month)}


def test_the_discipline_costs_four_statements_whatever_the_number(start):
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            read()
        return len(asked)

    few = statements()
    for number in range(1, 31):
        village = make.village(f"64.01.06.20{number:02d}", f"Desa {number}")
        record(make.program(village), date(2026, 1 + number % 10, 3), village)
    assert statements() == few <= 4


# -- The page ------------------------------------------------------------------


@pytest.fixture
def october(monkeypatch):
    """The day is 22 November 2026."""
    monkeypatch.setattr(timezone, "localdate", lambda *_args: TODAY)
    return TODAY


@pytest.fixture
def officer(client):
    person = make.officer()
    client.force_login(person)
    return person


def test_the_page_says_who_did_not_report_and_links_records(
    client, officer, start, program, october
):
    record(program, date(2026, 10, 5))
    page = client.get(PATH)
    assert "2 dari 3 desa belum melapor Oktober 2026" in page.text
    assert "Oktober 2026: Belum melapor" in page.text
    link = "?village=64.01.04.2002&amp;held_on_after=2026-10-01&amp;held_on_before=2026-10-31"
    assert f"{reverse('programs:activity-list')}{link}" in page.text
    found = client.get(reverse("programs:activity-list") + link.replace("&amp;", "&"))
    assert "Pelatihan pembibitan" in found.text


def test_the_numbers_of_a_month_lead_to_their_villages(client, officer, start, program, october):
    record(program, date(2026, 10, 5))
    page = client.get(PATH, {"state": "missing"})
    assert [line.row.code for line in page.context["rows"]] == ["64.01.04.2003", "64.01.05.2001"]
    page = client.get(PATH, {"state": "reported", "month": "2026-10"})
    assert [line.row.code for line in page.context["rows"]] == ["64.01.04.2002"]
    assert "state=reported&amp;month=2026-10" in page.text


def test_a_year_shows_the_months_that_have_begun(client, officer, start, october):
    assert len(client.get(PATH, {"year": "2026"}).context["heads"]) == 11
    assert len(client.get(PATH, {"year": "2025"}).context["heads"]) == 12


def test_a_district_narrows_the_counts_too(client, officer, start, program, october):
    page = client.get(PATH, {"district": "64.01.05"})
    assert page.context["all"] == 1
    assert "1 dari 1 desa belum melapor Oktober 2026" in page.text


@pytest.mark.parametrize(
    "asked",
    [
        {"year": "1999"},
        {"state": "asleep"},
        {"order": "colour"},
        {"district": "99.99.99"},
        {"month": "2019-01"},
        {"month": "<script>"},
    ],
)
def test_an_unknown_choice_is_named_and_nothing_is_shown(client, officer, start, october, asked):
    page = client.get(PATH, asked)
    assert page.status_code == 422
    assert "rows" not in page.context
    assert "<script>" not in page.text.replace("<script type", "")


def test_each_sees_her_own_villages_only(client, start, program, october):
    client.force_login(make.village_head())
    page = client.get(PATH)
    assert [line.row.code for line in page.context["rows"]] == ["64.01.04.2002"]
    assert "Tapis" not in page.text
    assert reverse("programs:reporting-calls") not in page.text

    client.force_login(make.person("facilitator", district=make.district()))
    codes = {line.row.code for line in client.get(PATH).context["rows"]}
    assert codes == {"64.01.04.2002", "64.01.04.2003"}


def test_of_several_regencies_one_is_shown_at_a_time(client, start, october):
    make.village("64.02.01.2001", "Jauh")
    client.force_login(make.person("auditor"))
    assert {line.row.code[:5] for line in client.get(PATH).context["rows"]} == {"64.01"}
    page = client.get(PATH, {"regency": "64.02"})
    assert {line.row.code for line in page.context["rows"]} == {"64.02.01.2001"}


def test_the_page_costs_the_same_for_one_village_and_for_thirty(client, officer, start, october):
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(PATH)
        return len(asked)

    statements()
    make.village("64.01.06.2000", "Satu")
    few = statements()
    for number in range(1, 31):
        make.village(f"64.01.06.20{number:02d}", f"Desa {number}")
    assert statements() == few


def test_the_file_holds_what_the_page_shows(client, officer, start, program, october):
    record(program, date(2026, 10, 5))
    answer = client.get(PATH, {"format": "csv", "state": "missing"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "64.01.04.2003" in text
    assert "64.01.04.2002" not in text
    assert "Belum melapor" in text
    assert client.get(PATH, {"format": "exe"}).status_code == 400


def test_a_year_without_months_due_says_so(start):
    found = read([date(2026, 11, 1)])
    assert heat.finding(found, None)


def test_nudges_never_change_what_is_known(start, officer):
    village = make.village()
    Nudge.objects.create(
        pk=uuid7(), village=village, year=2026, month=10, channel="visit", at=timezone.now()
    )
    assert state(OCTOBER) == "missing"
