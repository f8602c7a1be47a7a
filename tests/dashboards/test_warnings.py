"""Early warnings: found where something can be mended, and nowhere else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from dashboards.warnings import Where, warnings_of
from mou.models import Body
from mou.services.agreements import renew_agreement
from mou.services.institutions import add_body
from programs.services import declare_nothing
from tests import make
from tests.indicators import made_seats
from tests.mou import made_agreements
from villages.models import Village

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def officer():
    return make.officer()


def found(user, today=TODAY) -> dict[str, list]:
    return warnings_of(Where(user, Village.objects.visible_to(user), today))


def test_villages_whose_newest_word_has_no_woman_in_the_bpd(officer):
    janju, other = make.village(), make.village("64.01.04.2003", "Tepian Batang")
    made_seats.seats(janju, year=2025, seats={"bpd": (0, 7)})
    made_seats.seats(other, year=2024, seats={"bpd": (0, 5)})
    made_seats.seats(other, year=2025, seats={"bpd": (1, 5)})
    [one] = found(officer)["bpd"]
    assert (one.code, one.url) == (janju.code, f"/indeks/keterwakilan/{janju.code}/2025/")
    made_seats.seats(make.village("64.01.04.2004", "Draf"), seats={"bpd": (0, 7)}, send=False)
    assert len(found(officer)["bpd"]) == 1


def test_villages_silent_for_thirty_days_unless_they_said_none(officer):
    janju, old = make.village(), make.village("64.01.04.2003", "Tepian Batang")
    program = make.program(janju, old)
    make.activity(program, janju, held_on=TODAY - timedelta(days=30))
    make.activity(program, old, held_on=TODAY - timedelta(days=31))
    assert [one.code for one in found(officer)["silent"]] == [old.code]
    assert "22 Oktober 2026" in found(officer)["silent"][0].words
    now = datetime(2026, 11, 22, tzinfo=UTC)
    declare_nothing(old, year=2026, month=11, actor=make.village_head(old), now=now)
    assert found(officer)["silent"] == []


def test_agreements_and_decrees_that_end(officer):
    make.village()
    tpp = made_agreements.partner()
    ending = made_agreements.agreement(tpp, by=officer, ends_on=date(2026, 12, 31))
    made_agreements.agreement(tpp, by=officer, ends_on=date(2027, 6, 30))
    made_agreements.agreement(tpp, by=officer, confirmed=False)
    [one] = found(officer)["agreements"]
    assert one.url == f"/perjanjian/{ending.pk}/"
    assert "40 hari lagi" in one.words  # its last day counts
    lately = date(2027, 1, 10)
    assert "31 Desember 2026" in found(officer, lately)["agreements"][0].words
    renewal = renew_agreement(
        ending, actor=officer, starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    assert renewal.confirmed_at is None  # a draft renews nothing
    assert found(officer, lately)["agreements"]
    body = Body(
        regency=make.regency(), kind="driver", name="Tim driver", valid_until=date(2026, 12, 1)
    )
    add_body(body, actor=officer, members=[])
    assert [one.what for one in found(officer)["decrees"]] == ["Tim driver"]
    head = make.village_head()
    assert found(head)["decrees"] == []  # a matter of the regency


def test_programs_in_their_last_months_that_women_have_no_part_in(officer):
    janju, old = make.village(), make.village("64.01.04.2003", "Tepian Batang")
    ending = make.program(janju, old, title="Jalan", year_to=2026)
    mended = make.program(janju, title="Posyandu", year_to=2026)
    longer = make.program(janju, title="Pelatihan", year_to=2027)
    for program, at in ((ending, janju), (ending, old), (longer, janju)):
        make.activity(program, at, women_participants=0, men_participants=20)
    make.activity(mended, janju)
    [one] = found(officer)["programs"]
    assert (one.what, one.place) == ("Jalan", "2 desa")
    assert found(officer, date(2026, 6, 1))["programs"] == []  # time enough


def test_the_page_says_what_and_where_and_goes_out_as_a_file(client, officer):
    janju = make.village()
    made_seats.seats(janju, seats={"bpd": (0, 7)}, year=timezone.localdate().year)
    client.force_login(officer)
    page = client.get("/peringatan/").content.decode()
    assert "Tidak ada perempuan di BPD" in page
    assert "Desa Janju" in page
    file = client.get("/peringatan/?kind=bpd&format=csv")
    assert janju.code in b"".join(file.streaming_content).decode()
    assert "peringatan" in client.get("/ringkasan/").content.decode()


def test_nobody_is_warned_of_a_village_that_is_not_hers(client):
    made_seats.seats(make.village(), seats={"bpd": (0, 7)})
    stranger = make.village_head(make.village("64.01.04.2003", "Tepian Batang"))
    assert found(stranger)["bpd"] == []
    client.force_login(stranger)
    assert "Janju" not in client.get("/peringatan/").content.decode()


def test_queries_do_not_grow_with_the_villages(officer, django_assert_max_num_queries):
    for number in range(2002, 2008):
        made_seats.seats(
            make.village(f"64.01.04.{number}", f"Desa {number}"), seats={"bpd": (0, 7)}
        )
    with django_assert_max_num_queries(9):
        assert len(found(officer)["bpd"]) == 6
