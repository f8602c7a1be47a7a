"""Women's seats: what is refused, what is kept, what is added up."""

from datetime import date
from io import StringIO

import pytest

from core.errors import Refused, Stale
from indicators.intake_seats import SEATS
from indicators.models import Representation
from indicators.seats import representation_of, said_of, seats_of
from indicators.services import review
from indicators.services.representation import save_representation
from programs import intake
from tests import make
from villages.models import Village

from .made_seats import YEAR, said, seats

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"seats": {"bpd": (8, 7)}}, "bpd_women", "more_than_all"),
        ({"seats": {"bpd": (None, 7)}}, "bpd_women", "half_a_pair"),
        ({"seats": {"bpd": (0, 0)}}, "bpd_total", "out_of_range"),
        (
            {"proposals": {"raised": (4, None), "apbdes": (5, None)}},
            "apbdes_number",
            "more_than_before",
        ),
        (
            {"proposals": {"rkpdes": (4, 10), "executed": (4, 11)}},
            "executed_amount",
            "more_than_before",
        ),
        ({"women_meeting_on": date(YEAR, 5, 1)}, "women_meeting", "half_a_pair"),
        (
            {"women_meeting": True, "women_meeting_on": date(YEAR - 1, 5, 1)},
            "women_meeting_on",
            "outside_year",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(values, field, code):
    head = make.village_head()
    with pytest.raises(Refused) as refused:
        save_representation(make.village(), YEAR, said(**values), actor=head)
    assert [(one.field, one.code) for one in refused.value.problems] == [(field, code)]
    assert not Representation.objects.exists()


def test_a_kelurahan_has_no_bpd():
    kelurahan = make.village("64.01.04.1001", "Tanah Grogot")
    head = make.village_head(kelurahan)
    with pytest.raises(Refused) as refused:
        save_representation(kelurahan, YEAR, said(), actor=head)
    assert (refused.value.problems[0].field, refused.value.code) == ("bpd_total", "no_apbdes")
    assert seats_of(kelurahan, YEAR).bpd is None


def test_nothing_is_sent_in_and_nobody_writes_for_another_village():
    village = make.village()
    with pytest.raises(Refused) as refused:
        save_representation(village, YEAR, said(seats={}), actor=make.village_head(), submit=True)
    assert refused.value.code == "required"
    stranger = make.village_head(make.village("64.01.04.2003", "Pepara"))
    with pytest.raises(Refused) as refused:
        save_representation(village, YEAR, said(), actor=stranger)
    assert refused.value.code == "not_permitted"


def test_what_is_said_again_changes_nothing_and_an_old_page_writes_over_nobody():
    village, head = make.village(), make.village_head()
    row = save_representation(village, YEAR, said(), actor=head)
    again = save_representation(village, YEAR, said(), actor=head)
    assert (again.pk, again.version) == (row.pk, row.version)
    other = said(seats={"bpd": (3, 7), "pkk": (9, 9)}, proposals={"raised": (4, 5_000_000)})
    changed = save_representation(village, YEAR, other, actor=head, version=row.version)
    assert said_of(Representation.objects.get()) == other
    assert changed.version == row.version + 1
    for version in (None, row.version):
        with pytest.raises(Stale):
            save_representation(village, YEAR, said(), actor=head, version=version)


def test_verified_numbers_change_with_a_reason_and_wait_again():
    officer, head = make.officer(), make.village_head()
    row = seats(by=head, verified_by=officer)
    anew = said(seats={"bpd": (3, 7)})
    with pytest.raises(Refused) as refused:
        save_representation(row.village, YEAR, anew, actor=head, version=row.version, submit=True)
    assert (refused.value.problems[0].field, refused.value.code) == ("reason", "reason_missing")
    row.refresh_from_db()
    assert row.state == "verified"
    save_representation(
        row.village, YEAR, anew, actor=head, version=row.version, submit=True, reason="SK baru"
    )
    row.refresh_from_db()
    assert row.state == "submitted"
    kinds = [one.kind for one in review.steps_of(row)]
    assert kinds == ["saved", "submitted", "verified", "reopened", "saved"]


def test_the_two_tests_of_the_bpd_stand_apart():
    row = seats(seats={"bpd": (1, 7), "rkpdes_team": (0, 9)})
    shown = seats_of(row.village, YEAR)
    assert [one.met for one in shown.bpd.tests] == [True, False]
    assert [one.met for one in shown.body("rkpdes_team").tests] == [False]
    assert [one.met for one in shown.body("musdes").tests] == [None]
    row.seats.filter(seat="bpd").update(women=3, total=10)
    assert [one.met for one in seats_of(row.village, YEAR).bpd.tests] == [True, True]


def test_sums_add_women_and_seats_on_each_basis(django_assert_num_queries):
    officer = make.officer()
    one, two, three = (make.village(f"64.01.04.200{n}", f"Desa {n}") for n in (2, 3, 4))
    seats(
        one, verified_by=officer, seats={"bpd": (4, 5)}, proposals={"raised": (3, 9)}, head_sex="f"
    )
    seats(two, seats={"bpd": (0, 9)}, women_meeting=True)
    seats(three, send=False, seats={"bpd": (5, 5)})
    with django_assert_num_queries(2):
        verified = representation_of(Village.objects.all(), YEAR, "verified")
    assert (verified.bpd.women, verified.bpd.total, verified.bpd.without) == (4, 5, 0)
    assert (verified.villages, verified.told, verified.verified, verified.missing) == (3, 2, 1, 1)
    assert (verified.stages["raised"].number, verified.stages["raised"].amount) == (3, 9)
    reported = representation_of(Village.objects.all(), YEAR, "reported")
    assert (reported.bpd.women, reported.bpd.total) == (4, 14)
    assert (reported.bpd.without, reported.bpd.below) == (1, 1)
    assert (reported.meetings, reported.heads) == ((1, 1), (1, 1))
    assert representation_of(Village.objects.all(), YEAR - 1).bpd.pair is None


def _sheet(text: str, actor):
    kept = intake.take_in(SEATS, text.encode(), "kursi.csv", actor=actor)
    return intake.tried(SEATS, kept, actor=actor), kept


def test_a_sheet_is_taken_over_whole_or_not_at_all():
    officer, village = make.officer(), make.village()
    head = "village;year;bpd_women;bpd_total;women_meeting\n"
    trial, _kept = _sheet(
        f"{head}{village.code};{YEAR};9;7;ya\n99.99.99.9999;{YEAR};1;7;\n", officer
    )
    assert [one.number for one in trial.problems] == [2, 3]
    trial, kept = _sheet(f"{head}{village.code};{YEAR};2;7;yes\n", officer)
    assert trial.problems == ()
    assert not Representation.objects.exists()
    intake.take_over(SEATS, kept, actor=officer)
    row = Representation.objects.get()
    assert (row.state, row.women_meeting, said_of(row).seats) == (
        "submitted",
        True,
        {"bpd": (2, 7)},
    )


@pytest.mark.once
def test_a_head_fills_in_and_sends(client):
    village = make.village()
    seats(village, year=2024, seats={"bpd": (3, 7), "musrenbang": (20, 40)})
    client.force_login(make.village_head(village))
    address = f"/indeks/keterwakilan/{village.code}/{YEAR}/ubah/"
    begun = client.get(f"{address}?dari=2024").content.decode()
    assert 'name="bpd_women" value="3"' in begun
    assert 'name="musrenbang_women" value="20"' not in begun
    refused = client.post(address, {"bpd_women": "9", "bpd_total": "7", "send": "1"})
    assert refused.status_code == 422
    sent = client.post(address, {"bpd_women": "2", "bpd_total": "8", "send": "1"}, follow=True)
    assert Representation.objects.get(year=YEAR).state == "submitted"
    assert "Permendagri 110/2016" in sent.content.decode()


@pytest.mark.once
def test_the_overview_filters_and_goes_out_as_a_file(client):
    officer = make.officer()
    none, some = make.village(), make.village("64.01.04.2003", "Pepara")
    seats(none, verified_by=officer, seats={"bpd": (0, 7)})
    seats(some, verified_by=officer)
    client.force_login(officer)
    page = client.get(f"/indeks/keterwakilan/?year={YEAR}&bpd=none")
    assert [told.village for told in page.context["rows"]] == [none]
    page = client.get(f"/indeks/keterwakilan/?year={YEAR - 1}&state=missing")
    assert {told.village for told in page.context["rows"]} == {none, some}
    file = client.get(f"/indeks/keterwakilan/?year={YEAR}&format=csv")
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    lines = list(StringIO(text))
    assert len(lines) == 3
    assert "BPD (%)" in lines[0]


@pytest.mark.once
def test_a_changed_year_says_that_it_waits(client):
    officer, head = make.officer(), make.village_head()
    row = seats(by=head, verified_by=officer)
    address = f"/indeks/keterwakilan/{row.village.code}/{YEAR}/"
    client.force_login(head)
    assert "tidak dihitung sebagai terverifikasi" in client.get(f"{address}ubah/").content.decode()
    assert not seats_of(row.village, YEAR, basis="verified").waiting
    sent = {"version": row.version, "bpd_women": "3", "bpd_total": "7", "send": "1"}
    page = client.post(f"{address}ubah/", {**sent, "reason": "SK baru"}, follow=True)
    assert "Perubahan menunggu diperiksa" in page.content.decode()
    shown = seats_of(row.village, YEAR, basis="verified")
    assert (shown.row, shown.bpd.now, shown.waiting) == (None, None, True)
    assert not seats_of(row.village, YEAR, basis="reported").waiting


@pytest.mark.once
def test_the_lurah_is_asked_for_papers_that_a_kelurahan_has(client):
    kelurahan = make.village("64.01.04.1001", "Tanah Grogot")
    client.force_login(make.village_head(kelurahan))
    form = client.get(f"/indeks/keterwakilan/{kelurahan.code}/{YEAR}/ubah/").content.decode()
    assert "SK lurah" in form
    assert "SK BPD" not in form
    assert "Tanpa kepala desa" not in form
