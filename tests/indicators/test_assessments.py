"""Scorecards: opened by the village, filled in partly by the portal, frozen when sent."""

from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import Refused, Stale
from indicators.answers import answers_of, result_of, scores_of, shown
from indicators.cards import cards_of
from indicators.intake_cards import ASSESSMENTS
from indicators.models import Answer, AnswerState, Assessment, Instrument, SeatCount
from indicators.parts import parts_of, said_of
from indicators.services import review
from indicators.services.assessments import AnswerSaid, open_assessment, save_answers
from indicators.services.instruments import adopt_instrument, change_instrument, new_version
from programs import intake
from tests import make

from .made_cards import YEAR, all_met, answer, answered, card, seats, shipped

pytestmark = pytest.mark.django_db
MET, NO_DATA = AnswerState.MET, AnswerState.NO_DATA


@pytest.fixture
def village():
    return make.village()


@pytest.fixture
def head(village):
    return make.village_head(village)


def refused(row, *answers, actor, version=None) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        save_answers(row, answers, actor=actor, version=version or row.version)
    return [(one.field, one.code) for one in caught.value.problems]


def test_it_is_opened_once_by_whoever_logs_there(village, head):
    row = card(village, actor=head)
    assert card(village, actor=make.officer()) == row
    for person in (
        make.village_head(make.village("64.01.04.2003", "Rantau")),
        make.person("leader"),
    ):
        with pytest.raises(Refused) as caught:
            card(village, actor=person)
        assert caught.value.code == "not_permitted"
    with pytest.raises(Refused) as caught:
        open_assessment(shipped(), village, YEAR + 1, actor=head)
    assert caught.value.code == "future"


def test_what_is_wrong_is_said_by_item_and_nothing_is_kept(village, head):
    row = card(village, actor=head)
    assert refused(
        row,
        answer("DR01", MET),
        answer("DR05", 40),
        answer("DR06", 130, state=MET),
        answer("DR07", MET),
        answer("DR08", 0, reporter=" "),
        answer("XX", MET),
        AnswerSaid("DR04", value=Decimal(5)),
        actor=head,
    ) == [
        ("DR05", "by_portal"),
        ("DR06.value", "out_of_range"),
        ("DR07.value", "required"),
        ("DR08.reporter", "required"),
        ("XX", "unknown_value"),
        ("DR04.state", "required"),
    ]
    assert not Answer.objects.exists()


def test_the_zero_of_a_named_reporter_is_fulfilled(village, head):
    row = answered(village, actor=head, DR08=0, DR09=2, DR01="partly")
    found = answers_of(row)
    assert (found["DR08"].state, found["DR08"].reporter) == (MET, "Bidan Siti")
    assert found["DR09"].state == AnswerState.NOT_MET
    taken_back = AnswerSaid("DR08")
    save_answers(row, [taken_back], actor=head, version=row.version)
    assert "DR08" not in answers_of(row)


def test_two_who_answer_at_once(village, head):
    row = card(village, actor=head)
    seen = row.version
    save_answers(row, [answer("DR01", MET)], actor=head, version=seen)
    with pytest.raises(Stale):
        save_answers(row, [answer("DR01", "not_met")], actor=make.officer(), version=seen)


def test_the_portal_fills_in_what_it_knows_live_and_then_fast(village, head):
    program = make.program(village)
    officer = make.officer()
    day = timezone.localdate().replace(month=1, day=1)
    activity = {"author": head, "verified_by": officer, "held_on": day}
    make.activity(program, village, women_participants=10, men_participants=10, **activity)
    told = seats(village, bpd=(2, 7), officials=(3, 9), musdes=(10, 40), musrenbang=(20, 60))
    row = card(village, actor=head, key="drg")
    found = answers_of(row)
    assert {code: found[code].value for code in ("L3", "D2", "R2", "P1", "A1")} == {
        "L3": 2,
        "D2": 100,
        "R2": 30,  # 30 of 100
        "P1": 100,
        "A1": 0,
    }
    assert found["R1"].state == found["R3"].state == found["A2"].state == NO_DATA

    review.submit(row, actor=head, version=row.version)
    SeatCount.objects.filter(representation=told, seat="bpd").update(women=0)
    assert answers_of(row)["L3"].value == 2
    assert "2 perempuan dari 7 anggota" in answers_of(row)["L3"].evidence
    review.return_(row, actor=officer, version=row.version, note="Lengkapi")
    assert answers_of(row)["L3"].value == 0  # open again: as it is today


def test_nothing_answered_is_not_sent_and_what_is_sent_is_not_changed(village, head):
    row = card(village, actor=head)
    with pytest.raises(Refused) as caught:
        review.submit(row, actor=head, version=row.version)
    assert caught.value.code == "empty"
    row = Assessment.objects.get(pk=row.pk)
    save_answers(row, [answer("DR01", MET)], actor=head, version=row.version)
    review.submit(row, actor=head, version=row.version)
    assert refused(row, answer("DR01", MET), actor=head) == [("state", "not_allowed")]
    with pytest.raises(Refused) as caught:
        review.verify(row, actor=head, version=row.version)
    assert caught.value.code == "not_permitted"
    review.verify(row, actor=make.officer(), version=row.version)


def test_a_newer_version_leaves_the_old_result_alone(village, head):
    officer, regency = make.officer(), make.regency()
    drg = shipped("drg")
    row = card(village, actor=head, key="drg")
    save_answers(row, all_met(drg), actor=head, version=row.version)
    review.submit(row, actor=head, version=row.version)
    [before] = scores_of([row]).values()

    draft = new_version(drg, actor=officer, regency=regency)
    said = said_of(draft)
    few = tuple(one for one in said.parts.items if one.code not in ("K1", "K2"))
    change_instrument(draft, said.with_parts(items=few), actor=officer, version=draft.version)
    adopt_instrument(draft, actor=officer, version=draft.version)

    [after] = scores_of([Assessment.objects.get(pk=row.pk)]).values()
    assert after == before
    shown_card = {one.instrument.key: one for one in cards_of(village, YEAR)}["drg"]
    assert (shown_card.instrument.number, shown_card.newer) == (1, True)
    assert shown_card.score == before
    assert before.failed_gates
    assert before.level.code in ("belum", "pratama")


def test_cases_are_for_reviewers_and_the_village_alone(village, head):
    row = answered(village, actor=head, DR01="met", DR08=0, DR09=3, DR10=7)
    parts = parts_of(row.instrument)
    outside = {one.item.code: one for one in shown(parts, answers_of(row), everything=False)}
    assert {(outside[code].value, outside[code].state) for code in ("DR08", "DR09", "DR10")} == {
        ("", "")
    }
    assert outside["DR08"].reporter == ""
    assert outside["DR01"].state == MET
    assert result_of(parts, answers_of(row), everything=True).met == 2
    open_to_all = result_of(parts, answers_of(row))
    assert (open_to_all.met, open_to_all.items, open_to_all.kept_out) == (1, 7, 3)


def test_the_cards_of_a_village_cost_the_same_however_many(
    village, head, django_assert_max_num_queries
):
    list_of = [Instrument.objects.get(key=shipped().key), *Instrument.objects.exclude(key="drppa")]
    for one in list_of:
        row = open_assessment(one, village, YEAR, actor=head)
        save_answers(row, all_met(one), actor=head, version=row.version)
        review.submit(row, actor=head, version=row.version)
    village = type(village).objects.select_related("district__regency").get(pk=village.pk)
    with django_assert_max_num_queries(8):
        found = cards_of(village, YEAR)
    assert {one.instrument.key: one.score.met for one in found}[
        "drppa"
    ] == 6  # of 7 open ones; DR05: nobody knows


def test_answers_come_in_as_a_sheet(village, head):
    shipped()
    lines = [
        "Kode desa;Tahun;Instrumen (nama pendek);Kode butir;Keadaan;Nilai;Bukti;Pelapor",
        f"{village.code};{YEAR};drppa;DR03;Terpenuhi;;Perdes 4/2026;",
        f"{village.code};{YEAR};DRPPA;DR08;;0;;Bidan Siti",
        f"{village.code};{YEAR};drppa;DR05;Terpenuhi;;;",
        f"{village.code};{YEAR};rbi;DR01;Terpenuhi;;;",
    ]

    def come_in(*lines: str):
        sheet = "\n".join(lines).encode()
        return intake.take_in(ASSESSMENTS, sheet, "rapor.csv", actor=head)

    found = intake.tried(ASSESSMENTS, come_in(*lines), actor=head)
    assert [(one.number, one.title) for one in found.problems] == [
        (4, "Kode butir"),
        (5, "Instrumen (nama pendek)"),
    ]
    intake.take_over(ASSESSMENTS, come_in(*lines[:3]), actor=head)
    row = Assessment.objects.get()
    assert {one.item.code: one.state for one in row.answers.all()} == {"DR03": MET, "DR08": MET}


@pytest.mark.once
def test_the_pages_from_opening_to_the_list(client, village, head):
    shipped()
    client.force_login(head)
    begun = {"village": village.code, "year": YEAR, "instrument": "drppa"}
    answer_page = client.post("/indeks/rapor/baru/", begun).headers["Location"]
    row = Assessment.objects.get()
    assert answer_page == f"/indeks/rapor/{row.pk}/isi/"
    said = {
        "version": row.version,
        "DR01.state": "met",
        "DR08.value": "0",
        "DR04.value": "1,5 juta",
    }
    wrong = client.post(answer_page, said)
    assert wrong.status_code == 422
    assert "Tulis siapa yang melaporkan nol pada DR08" in wrong.content.decode()
    said |= {"DR08.reporter": "Bidan Siti", "DR04.state": "partly", "send": "1"}
    assert client.post(answer_page, said).headers["Location"] == f"/indeks/rapor/{row.pk}/kirim/"
    row.refresh_from_db()
    client.post(f"/indeks/rapor/{row.pk}/kirim/", {"version": row.version})
    mine = client.get(f"/indeks/rapor/{row.pk}/").content.decode()
    assert "Bidan Siti" in mine
    assert "Rp1.500.000" in mine

    client.force_login(make.person("leader", regency=make.regency()))
    theirs = client.get(f"/indeks/rapor/{row.pk}/").content.decode()
    assert "Bidan Siti" not in theirs
    assert "hanya untuk pemeriksa dan desa" in theirs
    file = client.get(f"/indeks/rapor/{row.pk}/?format=csv").getvalue().decode()
    assert "Bidan" not in file
    page = client.get(f"/indeks/rapor/?instrument=drppa&year={YEAR}&state=submitted")
    assert [one.village for one in page.context["rows"]] == [village]
    assert page.context["sums"].met == (1, 7)  # without the cases
    client.force_login(head)
    assert client.get(f"/indeks/rapor/?instrument=drppa&year={YEAR}").context["sums"].met == (2, 10)
    client.force_login(make.person("leader", regency=make.regency()))
    assert client.get(f"/indeks/rapor/{village.code}/{YEAR}/").status_code == 200
    assert client.get(f"/indeks/rapor/{row.pk}/isi/").status_code == 403
