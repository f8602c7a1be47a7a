"""Nothing to report: zero is not missing. Declared, taken back, outweighed by a later record."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Refused
from core.models import AuditEntry
from programs.models import NothingToReport
from programs.phone.months import last_months, months_of
from programs.services import (
    declare_nothing,
    return_activity,
    void_activity,
    withdraw_nothing,
)
from tests import make, typed

pytestmark = pytest.mark.django_db
PATH = "/desa/nihil/"
NOW = datetime(2026, 6, 10, 12, tzinfo=ZoneInfo("Asia/Makassar"))


@pytest.fixture
def head(client):
    person = make.village_head()
    client.force_login(person)
    return person


def declare(actor, month=3, year=2026, **values):
    return declare_nothing(make.village(), year=year, month=month, actor=actor, now=NOW, **values)


def in_force() -> list[tuple[int, int]]:
    return list(NothingToReport.objects.in_force().values_list("year", "month"))


# -- The services --------------------------------------------------------------


def test_declared_twice_is_once_and_on_the_trail(head):
    assert declare(head).pk == declare(head).pk
    [entry] = AuditEntry.objects.filter(action="nothing.declared")
    assert (entry.actor, entry.changes) == (head, {"village": "64.01.04.2002", "month": "2026-03"})


def test_taken_back_and_declared_anew(head):
    withdraw_nothing(declare(head), actor=head)
    assert in_force() == []
    declare(head)
    assert in_force() == [(2026, 3)]
    assert NothingToReport.objects.count() == 2
    assert AuditEntry.objects.filter(action="nothing.withdrawn").count() == 1


@pytest.mark.parametrize(
    ("year", "month", "code"),
    [
        (2026, 7, "future"),
        (2027, 1, "future"),
        (2026, 13, "unknown_month"),
        (2026, 0, "unknown_month"),
        (1999, 12, "unknown_month"),
    ],
)
def test_months_to_come_or_off_the_calendar_are_refused(head, year, month, code):
    with pytest.raises(Refused) as refused:
        declare(head, month, year)
    assert refused.value.code == code
    assert not NothingToReport.objects.exists()


def test_the_present_month_may_be_declared(head):
    declare(head, 6)
    assert in_force() == [(2026, 6)]


def test_a_month_with_a_record_is_refused_until_the_record_is_voided(head):
    activity = make.activity(make.program(), author=head)
    return_activity(activity, actor=make.officer(), version=1, reason="Lengkapi")
    with pytest.raises(Refused) as refused:
        declare(head)
    assert refused.value.code == "has_records"
    void_activity(activity, actor=head, version=2, reason="Keliru")
    declare(head)
    assert in_force() == [(2026, 3)]


def test_a_later_record_outweighs_it(head):
    declare(head)
    make.activity(make.program(), author=head)
    assert in_force() == []


def test_only_who_records_there_may_say_so(head):
    village = make.village()
    for stranger in (
        make.village_head(make.village("64.01.04.2003", "Tetangga")),
        make.person("district_officer", district=make.district()),
        make.person(),
    ):
        with pytest.raises(Refused) as refused:
            declare_nothing(village, year=2026, month=3, actor=stranger, now=NOW)
        assert refused.value.code == "not_permitted"
    declared = declare(head)
    with pytest.raises(Refused):
        withdraw_nothing(declared, actor=make.person())
    assert in_force() == [(2026, 3)]


def test_the_table_refuses_a_second_declaration_in_force(head):
    declared = declare(head)
    with pytest.raises(IntegrityError), transaction.atomic():
        NothingToReport.objects.create(
            village=declared.village,
            year=2026,
            month=3,
            declared_by=head,
            declared_at=NOW,
        )


# -- The months ----------------------------------------------------------------


def test_twelve_months_cross_the_year():
    months = last_months(date(2026, 2, 28))
    assert (months[0], months[-1], len(months)) == (date(2025, 3, 1), date(2026, 2, 1), 12)


def test_zero_is_not_missing(head):
    make.activity(make.program(), author=head)
    declare(head, 4)
    months = {one.key: one for one in months_of(make.village(), NOW.date())}
    assert months["2026-03"].records == 1
    assert months["2026-04"].declared is not None
    assert not months["2026-06"].missing, "this month is not over"
    assert [key for key, one in months.items() if one.missing] == [
        "2025-07",
        "2025-08",
        "2025-09",
        "2025-10",
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
        "2026-05",
    ]


# -- The page ------------------------------------------------------------------


def last_month() -> str:
    return f"{last_months(timezone.localdate())[-2]:%Y-%m}"


def test_declared_and_taken_back_on_the_page(client, head):
    page = client.post(PATH, {"month": last_month()}, follow=True)
    assert page.redirect_chain[0][1] == 302
    declared = NothingToReport.objects.get()
    assert f'value="{declared.pk}"' in page.content.decode()
    assert head.name in typed.text(page)
    client.post(PATH, {"withdraw": str(declared.pk)})
    assert in_force() == []


@pytest.mark.parametrize("text", ["2999-01", "2026-13", "x", "", "2026-3", "0000-00"])
def test_what_cannot_be_declared_is_422_in_words(client, head, text):
    answer = client.post(PATH, {"month": text})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not NothingToReport.objects.exists()


def test_a_month_with_records_offers_no_button(client, head):
    first = last_months(timezone.localdate())[-2]
    make.activity(make.program(), author=head, held_on=first)
    page = client.get(PATH).content.decode()
    assert f'value="{first:%Y-%m}"' not in page
    assert client.post(PATH, {"month": f"{first:%Y-%m}"}).status_code == 422


def test_another_villages_declaration_is_not_there(client, head):
    other = make.village("64.01.04.2003", "Tetangga")
    theirs = declare_nothing(other, year=2026, month=3, actor=make.village_head(other), now=NOW)
    assert client.post(PATH, {"withdraw": str(theirs.pk)}).status_code == 404
    assert client.get(f"{PATH}?village={other.code}").status_code == 404
    assert client.post(PATH, {"withdraw": "x"}).status_code == 404


def test_a_facilitator_chooses_the_village_first(client):
    make.village(), make.village("64.01.04.2003", "Tetangga")
    client.force_login(make.person("facilitator", district=make.district()))
    assert "?village=64.01.04.2003" in client.get(PATH).content.decode()
    client.post(f"{PATH}?village=64.01.04.2003", {"month": last_month()})
    assert NothingToReport.objects.get().village.name == "Tetangga"


def test_home_tells_missing_months_from_declared_ones(client, head):
    months = last_months(timezone.localdate())
    make.activity(make.program(), author=head, held_on=months[4])
    assert client.get("/desa/").context["missing"] == 10
    declare_nothing(make.village(), year=months[5].year, month=months[5].month, actor=head)
    context = client.get("/desa/").context
    assert (context["missing"], context["declared"]) == (9, False)
    declare_nothing(make.village(), year=months[-1].year, month=months[-1].month, actor=head)
    assert client.get("/desa/").context["declared"]


def test_who_records_nowhere_is_403(client):
    client.force_login(make.person("leader", regency=make.regency()))
    make.village()
    assert client.get(PATH).status_code == 403


def test_the_page_costs_the_same_with_many_declarations(client, head):
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(PATH).status_code == 200
        return len(seen)

    statements()
    few = statements()
    for first in last_months(timezone.localdate()):
        declare_nothing(make.village(), year=first.year, month=first.month, actor=head)
    assert statements() == few
