"""/desa/capaian/: three shares, twelve months, what is missing, why few women came."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboards.charts import months_chart
from dashboards.results import village_results
from programs.causes import causes_of
from programs.models import Activity
from programs.services import declare_nothing, void_activity
from tests import make, typed

pytestmark = pytest.mark.django_db
PATH = "/desa/capaian/"
TODAY = date(2026, 6, 10)


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def program():
    return make.program(*(make.village(f"64.01.04.200{n}", f"Desa{n}") for n in range(2, 6)))


def record(program, women, men, month=3, at=None, **values):
    day = date(2026, month, 4)
    return make.activity(
        program, at, women_participants=women, men_participants=men, held_on=day, **values
    )


def read(today=TODAY):
    return village_results(make.village(), today)


def shares(results) -> dict:
    return {one.name: one.share for one in results.results}


# -- The numbers ---------------------------------------------------------------


def test_three_shares_are_sums_of_what_was_sent(program, officer):
    record(program, 19, 24, women_deciders=2, men_deciders=3, verified_by=officer)
    record(program, 1, 9, month=5, women_beneficiaries=4, men_beneficiaries=6)
    record(program, 50, 0, month=5, verified_by=officer, at=make.village("64.01.04.2003"))
    results = read()
    assert shares(results) == {
        "participants": (20, 53),
        "deciders": (2, 5),
        "beneficiaries": (4, 10),
    }
    assert (results.heads.activities, results.verified) == (2, 1)


def test_nobody_counted_is_no_share_and_never_zero(program):
    record(program, None, None, total_participants=40)
    results = read()
    assert shares(results) == dict.fromkeys(("participants", "deciders", "beneficiaries"))
    columns = months_chart(results.months).columns
    assert {one.css for one in columns} == {"no-data", "running"}


@pytest.mark.parametrize(
    ("women", "men", "css"),
    [(3, 7, "reached"), (29, 71, "below"), (2, 2, "few"), (0, 10, "below")],
)
def test_a_column_stands_as_high_as_its_share(program, women, men, css):
    record(program, women, men)
    chart = months_chart(read().months)
    column = chart.columns[8]
    assert (column.css, column.label) == (css, "M")
    assert column.height == pytest.approx(150 * women / (women + men), abs=0.1)
    assert column.y + column.height == pytest.approx(chart.floor)


def test_declared_months_are_not_missing(program):
    record(program, 3, 7)
    declare_nothing(make.village(), year=2026, month=4, actor=make.village_head())
    results = read()
    assert date(2026, 4, 1) not in results.missing
    assert date(2026, 5, 1) in results.missing
    assert [one.css for one in months_chart(results.months).columns[8:]] == [
        "reached",
        "nothing",
        "no-data",
        "running",
    ]


def test_months_before_and_after_the_twelve_are_left_out(program):
    record(program, 3, 7, month=1)
    assert read(date(2026, 12, 31)).heads.participants == (3, 10)
    assert read(date(2027, 1, 1)).heads.participants is None


def test_the_district_shows_once_three_villages_stand_behind_it(program):
    record(program, 3, 7)
    record(program, 9, 1, at=make.village("64.01.04.2003"))
    results = read()
    assert not results.compared
    assert results.results[0].district is None

    record(program, 0, 10, at=make.village("64.01.04.2004"))
    shown = read().results[0]
    assert shown.district == (12, 30)
    assert "di bawah" in shown.against.lower() or "below" in shown.against.lower()


# -- The causes ----------------------------------------------------------------


def test_reasons_count_where_few_women_came_and_only_there(program):
    record(program, 1, 9, low_women_reason="time")
    record(program, 2, 8, low_women_reason="time")
    record(program, 29, 71, low_women_reason="mens_work")
    record(program, 0, 5)
    record(program, 3, 7, low_women_reason="care")  # exactly 30 %
    record(program, None, None, total_participants=9, low_women_reason="care")
    gone = record(program, 0, 9, low_women_reason="custom")
    void_activity(gone, actor=make.village_head(), version=1, reason="Keliru")

    causes = causes_of(Activity.objects.all())

    assert (causes.counted, causes.few, causes.unexplained) == (5, 4, 1)
    assert [(one.reason, one.number, one.internal) for one in causes.given] == [
        ("time", 2, True),
        ("mens_work", 1, False),
    ]


def test_no_records_no_causes():
    causes = causes_of(Activity.objects.all())
    assert (causes.counted, causes.few, causes.given, causes.unexplained) == (0, 0, (), 0)


def test_the_program_board_counts_the_causes_on_its_basis(client, program, officer):
    record(program, 1, 9, low_women_reason="time", verified_by=officer)
    record(program, 1, 9, low_women_reason="care")
    client.force_login(officer)
    address = f"/capaian/program/{program.pk}/?year=2026"
    board = client.get(address).context["board"]
    assert [one.reason for one in board.causes.given] == ["time"]
    board = client.get(f"{address}&basis=reported").context["board"]
    assert sorted(one.reason for one in board.causes.given) == ["care", "time"]


# -- The page ------------------------------------------------------------------


def recent(program, **values):
    day = timezone.localdate() - timedelta(days=40)
    return make.activity(program, held_on=day, **values)


def test_the_page_says_numerator_denominator_period_and_age(client, program):
    client.force_login(make.village_head())
    activity = recent(program, low_women_reason="")
    page = client.get(PATH)
    text = typed.text(page)
    assert page.status_code == 200
    for said in ("19", "43", "44,2", str(timezone.localdate().year), "WITA"):
        assert said in text, said
    results = page.context["results"]
    assert results.newest == activity.updated_at
    # the chart and the table beneath say the same twelve months
    assert text.count('<th scope="row">') >= 12
    assert text.count("column-reached") == 1


def test_an_empty_year_says_what_to_do(client):
    client.force_login(make.village_head())
    page = client.get(PATH)
    assert page.status_code == 200
    assert "/desa/catat/" in page.content.decode()
    assert 'class="chart"' not in page.content.decode()


def test_a_facilitator_chooses_and_a_stranger_has_no_village(client, program):
    client.force_login(make.person("facilitator", district=make.district()))
    assert "?village=64.01.04.2003" in client.get(PATH).content.decode()
    assert client.get(f"{PATH}?village=64.01.04.2003").status_code == 200
    assert client.get(f"{PATH}?village=64.01.05.2001").status_code == 404
    client.force_login(make.person())
    assert client.get(PATH).status_code == 403


def test_the_page_costs_the_same_with_many_records(client, program):
    client.force_login(make.village_head())

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(PATH).status_code == 200
        return len(seen)

    recent(program)
    statements()
    few = statements()
    for number in range(2, 6):
        for _ in range(3):
            recent(program, at=make.village(f"64.01.04.200{number}"))
    assert statements() == few
    assert few <= 15
