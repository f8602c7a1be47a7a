"""The way of a village-year: sent in by one hand, decided by another."""

import pytest

from core.errors import Refused, Stale
from indicators.services import review
from indicators.waiting import count_waiting
from tests import make

from .made_seats import seats

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
    assert [row.pk for _noun, row in queue.context["rows"]] == [first.pk, second.pk]
    address = f"/indeks/periksa/{first.pk}/"
    assert client.get(address).status_code == 200
    done = client.post(f"{address}terima/?queue=1", {"version": first.version})
    assert done.url.startswith(f"/indeks/periksa/{second.pk}/")
    back = f"/indeks/periksa/{second.pk}/kembalikan/"
    assert client.post(back, {"version": second.version, "note": ""}).status_code == 422
    client.post(back, {"version": second.version, "note": "Cek jumlah"})
    second.refresh_from_db()
    assert second.state == "returned"
    assert client.get("/indeks/periksa/?state=verified").context["rows"][0][1].pk == first.pk
