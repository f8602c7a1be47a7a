"""The way of a village-year: sent in by one hand, decided by another."""

import pytest

from core.errors import Refused, Stale
from indicators.pending import pending_of
from indicators.services import review
from indicators.services.assessments import save_answers
from indicators.services.representation import save_representation
from indicators.waiting import count_waiting
from tests import make

from .made_cards import answer, answered
from .made_seats import YEAR, said, seats

pytestmark = pytest.mark.django_db


def test_nobody_verifies_what_she_entered_or_sent():
    officer = make.officer()
    hers = seats(by=officer)
    with pytest.raises(Refused) as refused:
        review.verify(hers, actor=officer, version=hers.version)
    assert refused.value.code == "own_record"
    assert count_waiting(officer) == 0
    colleague = make.officer()
    assert count_waiting(colleague) == 1
    review.verify(hers, actor=colleague, version=hers.version)
    assert hers.state == "verified"


def test_a_village_head_never_verifies_and_the_second_of_two_is_told():
    row = seats()
    head = make.village_head()
    with pytest.raises(Refused) as refused:
        review.verify(row, actor=head, version=row.version)
    assert refused.value.code == "not_permitted"
    one, two = make.officer(), make.officer()
    seen = row.version
    review.verify(row, actor=one, version=seen)
    row.refresh_from_db()
    with pytest.raises(Stale):
        review.return_(row, actor=two, version=seen, note="Cek lagi")


def test_returned_with_a_note_corrected_verified_and_opened_again():
    officer, head = make.officer(), make.village_head()
    row = seats(by=head)
    with pytest.raises(Refused) as refused:
        review.return_(row, actor=officer, version=row.version, note=" ")
    assert refused.value.problems[0].field == "note"
    review.return_(row, actor=officer, version=row.version, note="Jumlah BPD keliru")
    review.submit(row, actor=head, version=row.version)
    review.verify(row, actor=officer, version=row.version)
    with pytest.raises(Refused):
        review.submit(row, actor=head, version=row.version)
    review.reopen(row, actor=officer, version=row.version, note="SK baru")
    assert (row.state, row.is_open) == ("returned", True)
    review.submit(row, actor=head, version=row.version)
    review.verify(row, actor=officer, version=row.version)  # opening it made it not hers
    kinds = [one.kind for one in review.steps_of(row)]
    assert kinds == [
        *("saved", "submitted", "returned", "submitted", "verified"),
        *("reopened", "submitted", "verified"),
    ]


@pytest.mark.once
def test_the_queue_leads_from_one_to_the_next(client):
    officer = make.officer()
    first, second = seats(), seats(make.village("64.01.04.2003", "Pepara"))
    client.force_login(officer)
    queue = client.get("/indeks/periksa/")
    assert [one.row.pk for one in queue.context["rows"]] == [first.pk, second.pk]
    address = f"/indeks/periksa/{first.pk}/"
    assert client.get(address).status_code == 200
    done = client.post(f"{address}terima/?queue=1", {"version": first.version})
    assert done.url.startswith(f"/indeks/periksa/{second.pk}/")
    back = f"/indeks/periksa/{second.pk}/kembalikan/"
    assert client.post(back, {"version": second.version, "note": ""}).status_code == 422
    client.post(back, {"version": second.version, "note": "Cek jumlah"})
    second.refresh_from_db()
    assert second.state == "returned"
    assert client.get("/indeks/periksa/?state=verified").context["rows"][0].row.pk == first.pk


@pytest.mark.once
def test_what_was_returned_stands_on_the_first_page_and_on_the_form(client):
    officer, village = make.officer(), make.village()
    head = make.village_head(village)
    row = seats(by=head)
    card = answered(village, actor=head, DR01="met")
    for one in (row, review.submit(card, actor=head, version=card.version)):
        review.return_(one, actor=officer, version=one.version, note="Jumlah BPD keliru")
    form = f"/indeks/keterwakilan/{village.code}/{YEAR}/ubah/"
    client.force_login(head)
    page = client.get("/desa/")
    assert dict(page.context["tasks"]) == {
        f"Keterwakilan perempuan {YEAR}: perlu perbaikan": form,
        f"{card.instrument.title} {card.year}: perlu perbaikan": f"/indeks/rapor/{card.pk}/",
    }
    assert f'href="{form}"' in page.content.decode()
    assert "Jumlah BPD keliru" in client.get(form).content.decode()
    client.force_login(make.person("facilitator", village=village))
    assert len(client.get("/pendamping/").context["tasks"]) == 2
    client.force_login(make.village_head(make.village("64.01.04.2003", "Pepara")))
    assert client.get("/desa/").context["tasks"] == []


@pytest.mark.once
def test_a_reviewer_sees_what_changed_since_it_was_verified(client):
    officer, head = make.officer(), make.village_head()
    row = seats(by=head, verified_by=officer, head_sex="m")
    for women, note in ((3, "SK baru"), (4, "")):
        row = save_representation(
            row.village,
            YEAR,
            said(seats={"bpd": (women, 7)}, proposals={"raised": (4, 5_000_000)}, head_sex="m"),
            actor=head,
            version=row.version,
            submit=True,
            reason=note,
        )
    client.force_login(officer)
    queue = client.get("/indeks/periksa/")
    assert queue.context["rows"][0].changed_by == head
    assert "Diubah oleh" in queue.content.decode()
    page = client.get(f"/indeks/periksa/{row.pk}/")
    pending = page.context["pending"]
    assert pending.since == "verify"
    assert [(str(one.label), one.before, one.after) for one in pending.rows] == [
        ("BPD", "2 dari 7", "4 dari 7"),
        ("Usulan perempuan: Diusulkan", "–", "4 usulan, Rp5.000.000"),
    ]
    assert (pending.reason.note, pending.reason.actor) == ("SK baru", head)
    assert "SK baru" in page.content.decode()


def test_a_returned_row_is_compared_with_what_was_sent_before():
    officer, head, village = make.officer(), make.village_head(), make.village()
    row = seats(by=head)
    assert pending_of(row) is None
    review.return_(row, actor=officer, version=row.version, note="Cek BPD")
    row = save_representation(
        village,
        YEAR,
        said(seats={"bpd": (1, 7)}),
        actor=head,
        version=row.version,
        submit=True,
    )
    pending = pending_of(row)
    assert (pending.since, pending.asked.note) == ("return", "Cek BPD")
    assert [(one.before, one.after) for one in pending.rows] == [("2 dari 7", "1 dari 7")]
    card = answered(village, actor=head, DR01="met", DR02="partly")
    card = review.submit(card, actor=head, version=card.version)
    assert pending_of(card) is None
    review.return_(card, actor=officer, version=card.version, note="Cek lagi")
    save_answers(card, [answer("DR02", "not_met")], actor=head, version=card.version)
    pending = pending_of(review.submit(card, actor=head, version=card.version))
    assert [(one.before, one.after) for one in pending.rows] == [("Sebagian", "Belum")]
