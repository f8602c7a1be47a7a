"""Periods of the calendar, and the pages on which they are closed, revised and read."""

from datetime import date

import pytest
from django.urls import reverse

from programs.closing import periods_with
from programs.models import CorrectionRequest, Snapshot, SnapshotRow
from programs.period_rows import periods_of
from programs.periods import Period
from programs.services import ask_correction, close_period, revise_period
from tests import make

YEAR = Period(2025)


# The calendar


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-S1", date(2024, 1, 1), date(2024, 6, 30)),
        ("2024-S2", date(2024, 7, 1), date(2024, 12, 31)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-02", date(2025, 2, 1), date(2025, 2, 28)),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_a_code_names_its_days(code, first, last):
    period = Period.from_code(code)
    assert (period.first_day, period.last_day, period.code) == (first, last, code)
    assert period.holds(first)
    assert period.holds(last)


@pytest.mark.parametrize(
    "code",
    ["", "24", "2024-S3", "2024-S0", "2024-Q5", "2024-13", "2024-00", "1999", "2101", "2024-X1"],
)
def test_what_is_no_period_is_refused(code):
    with pytest.raises(ValueError, match="no such period"):
        Period.from_code(code)


def test_all_periods_of_a_year_come_once_and_code_and_period_agree():
    found = list(periods_of(2025))
    assert len(found) == len(set(found)) == 1 + 2 + 4 + 12
    assert [Period.from_code(one.code) for one in found] == found


@pytest.mark.parametrize("month", range(1, 13))
def test_the_periods_around_a_day_are_those_that_hold_it(month):
    day = date(2025, month, 28)
    assert periods_with(day) == [one for one in periods_of(2025) if one.holds(day)]


def test_the_year_before_is_the_same_period_of_it():
    assert Period.from_code("2024-Q3").a_year_before == Period.from_code("2023-Q3")
    with pytest.raises(ValueError, match="no such period"):
        _ = Period(2000).a_year_before


# The pages


@pytest.fixture
def officer(db):
    return make.officer()


@pytest.fixture
def record(officer):
    program = make.program(make.village(), make.village("64.01.05.2001", "Kerang"))
    return make.activity(program, held_on=date(2025, 3, 4), verified_by=officer)


@pytest.fixture
def closed(officer, record):
    return close_period(make.regency(), YEAR, actor=officer)


def page(client, person, name, *args, **query):
    client.force_login(person)
    return client.get(reverse(f"programs:{name}", args=args), query)


def send(client, person, name, *args, **data):
    client.force_login(person)
    return client.post(reverse(f"programs:{name}", args=args), data, follow=True)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_an_officer_closes_a_year_from_the_list(client, officer, record):
    assert "Siap ditutup" in text(page(client, officer, "period-list", year=2025))
    asked = text(page(client, officer, "period-close", "2025"))
    assert "Catatan yang menyusul tetap diterima" in asked
    assert "Desa tanpa kabar" in asked

    done = text(send(client, officer, "period-close", "2025"))

    assert Snapshot.objects.get().period == YEAR
    assert "Sudah ditutup: tahun 2025." in done
    assert "1 dari 1" in done
    assert "Ditutup" in text(page(client, officer, "period-list", year=2025))


def test_what_is_missing_is_said_and_does_not_hinder(client, officer, record):
    make.activity(record.program, held_on=date(2025, 5, 5))
    shown = text(page(client, officer, "period-close", "2025"))
    assert "Masih ada yang kurang" in shown
    send(client, officer, "period-close", "2025")
    assert Snapshot.objects.count() == 1


def test_a_second_press_closes_once_and_says_so(client, officer, closed):
    again = text(send(client, officer, "period-close", "2025"))
    assert "Periode ini sudah ditutup." in again
    assert Snapshot.objects.count() == 1


def test_a_running_period_offers_no_closing(client, officer, record):
    year = date.today().year  # noqa: DTZ011 - the page asks the same clock
    shown = text(page(client, officer, "period-detail", str(year)))
    assert reverse("programs:period-close", args=[str(year)]) not in shown
    said = text(send(client, officer, "period-close", str(year)))
    assert "belum selesai" in said
    assert not Snapshot.objects.exists()


def test_then_stands_beside_now_and_both_revisions_stay_readable(client, officer, closed, record):
    make.activity(
        record.program, held_on=date(2025, 4, 4), women_participants=31, verified_by=officer
    )
    shown = text(page(client, officer, "period-detail", "2025"))
    assert "19 → 50" in shown
    assert "Pelatihan pembibitan" in shown

    done = send(client, officer, "period-revise", "2025", reason="Catatan menyusul")

    assert "Revisi 2 sudah dibuat" in text(done)
    assert "50 → 50" in text(done)
    assert "Catatan menyusul" in text(done)
    first = text(page(client, officer, "period-detail", "2025", revision="1"))
    assert "19 → 50" in first
    assert "Yang berlaku revisi 2" in first
    assert page(client, officer, "period-detail", "2025", revision="7").status_code == 404


def test_a_revision_without_a_change_comes_back_with_the_reason(client, officer, closed):
    answer = send(client, officer, "period-revise", "2025", reason="Perlu")
    assert answer.status_code == 422
    assert "tidak ada yang perlu direvisi" in text(answer)


def test_a_village_head_reads_her_villages_row_and_nothing_more(client, officer, closed, record):
    there = make.village("64.01.05.2001")
    make.activity(record.program, there, held_on=date(2025, 4, 4), verified_by=officer)
    revise_period(make.regency(), YEAR, actor=officer, reason="Menyusul")

    shown = text(page(client, make.village_head(), "period-detail", "2025"))

    assert "Desa Janju" in shown
    assert "Kerang" not in shown
    assert "19 → 19" in shown
    assert "Buat revisi" not in shown
    assert page(client, make.person(), "period-detail", "2025").status_code == 404


def test_tampering_is_told_on_demand(client, officer, closed):
    assert "Cocok:" in text(page(client, officer, "period-detail", "2025", check="1"))
    SnapshotRow.objects.update(women_participants=20)
    assert "Tidak cocok:" in text(page(client, officer, "period-detail", "2025", check="1"))


def test_the_records_pages_say_that_its_period_is_closed(client, officer, closed, record):
    head = record.author
    said = "Angka yang ditutup tidak berubah"
    detail = text(page(client, head, "activity-detail", record.pk))
    assert said in detail
    assert reverse("programs:period-ask", args=["2025"]) in detail

    waiting = make.activity(record.program, held_on=date(2025, 6, 1), author=head)
    assert said in text(page(client, officer, "review-record", waiting.pk))
    assert said in text(page(client, head, "activity-correct", waiting.pk))
    other = make.activity(record.program, held_on=date(2026, 6, 1), author=head)
    assert said not in text(page(client, head, "activity-detail", other.pk))


def test_a_village_asks_and_reads_the_answer(client, officer, closed, record):
    head = record.author
    asked = send(client, head, "period-ask", "2025", village=make.village().code, reason="Kurang 5")
    assert "Permintaan sudah dikirim" in text(asked)
    request = CorrectionRequest.objects.get()
    assert "1 permintaan menunggu jawaban" in text(page(client, officer, "period-list", year=2025))

    again = send(client, head, "period-ask", "2025", village=make.village().code, reason="Lagi")
    assert again.status_code == 422
    assert "Dinas belum menjawab" in text(again)

    send(
        client,
        officer,
        "period-request-answer",
        request.pk,
        verdict="decline",
        answer="Daftar hadir menyebut 19",
    )
    assert "Daftar hadir menyebut 19" in text(page(client, head, "period-detail", "2025"))


def test_accepting_makes_the_revision(client, officer, closed, record):
    request = ask_correction(closed, village=make.village(), actor=record.author, reason="Kurang")
    answer = {"verdict": "accept", "answer": "Benar, ada yang menyusul"}
    refused = send(client, officer, "period-request-answer", request.pk, **answer)
    assert refused.status_code == 422

    make.activity(record.program, held_on=date(2025, 4, 4), verified_by=officer)
    done = send(client, officer, "period-request-answer", request.pk, **answer)

    assert "Benar, ada yang menyusul" in text(done)
    assert Snapshot.objects.filter(closing=True).count() == 2
    late = send(client, officer, "period-request-answer", request.pk, **answer)
    assert "sudah dijawab" in text(late)


def test_who_asked_and_the_answer_are_the_askers_and_the_offices(client, officer, closed, record):
    request = ask_correction(closed, village=make.village(), actor=record.author, reason="Bu Siti")
    make.activity(record.program, held_on=date(2025, 4, 4), verified_by=officer)
    answer = {"verdict": "accept", "answer": "Bu Siti benar"}
    send(client, officer, "period-request-answer", request.pk, **answer)
    regency, village = make.regency(), make.village()
    others = [
        *(make.person(role, regency=regency) for role in ("leader", "auditor")),
        make.person("district_officer", district=make.district()),
        make.person("facilitator", village=village),
    ]
    for person in others:
        shown = text(page(client, person, "period-detail", "2025"))
        part = shown.split("Permintaan perbaikan")[1].split("</section>")[0]
        assert "Desa Janju" in part
        assert "revisi 2" in part
        for secret in ("Bu Siti", str(record.author), str(officer)):
            assert secret not in part, person
        assert "Bu Siti" not in shown
    for person in (record.author, officer):
        part = text(page(client, person, "period-detail", "2025")).split("Permintaan perbaikan")[1]
        assert "Bu Siti benar" in part
        assert str(record.author) in part
    assert "atas permintaan koreksi" in text(page(client, others[0], "period-detail", "2025"))


def test_form_of_a_revision_warns_that_everybody_reads_it(client, officer, closed):
    shown = text(page(client, officer, "period-revise", "2025"))
    assert "Jangan tulis nama orang" in shown


def test_a_village_that_is_not_hers_cannot_be_asked_for(client, closed, record):
    other = make.village("64.01.05.2001")
    answer = send(client, record.author, "period-ask", "2025", village=other.code, reason="x")
    assert answer.status_code == 422
    assert not CorrectionRequest.objects.exists()


@pytest.mark.parametrize("code", ["1999", "2025-Q5", "tahun"])
def test_an_unknown_period_is_not_found(client, officer, code):
    make.village()
    assert page(client, officer, "period-detail", code).status_code == 404


def test_nothing_is_asked_or_revised_of_an_open_period(client, officer, record):
    assert page(client, officer, "period-revise", "2025").status_code == 404
    assert page(client, record.author, "period-ask", "2025").status_code == 404
