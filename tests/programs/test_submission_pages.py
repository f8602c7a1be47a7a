"""“Kiriman API”: one's own receipts of what tools, phones and sheets have sent."""

import pytest
from django.test import Client

from core.identifiers import uuid7
from programs.models import Submission
from programs.services import submit_activities
from tests import make

pytestmark = pytest.mark.django_db
SENT = "/kiriman/"


@pytest.fixture
def person():
    return make.person("facilitator", village=make.village())


@pytest.fixture
def client(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def program():
    return make.program(make.village())


def send(person, program, *, source="api", tool="skrip/1.0", **values) -> Submission:
    """One record through a door; with `women_participants=-5` it is refused."""
    one = make.draft(program, **values)
    submit_activities([one], actor=person, source=source, client=tool)
    return Submission.objects.get(pk=one.uid)


def by_api(person, program, **values):
    """Through the REST door itself, as a tool sends it. The receipt."""
    item = {
        "uid": str(uuid7()),
        "program": str(program.pk),
        "village": "64.01.04.2002",
        "held_on": "2026-03-04",
        "title": "Pelatihan pembibitan",
        "women_participants": 19,
        "men_participants": 24,
    } | values
    client = Client(headers={"x-client": "skrip-grogot/1.2"})
    client.force_login(person)
    answer = client.post("/api/v1/submissions/", {"items": [item]}, "application/json")
    assert answer.status_code == 200, answer.content
    return Submission.objects.get(pk=item["uid"])


def main_of(response) -> str:
    return response.content.decode().split("<main", 1)[1].split("</main>")[0]


def listed(client, query: str = "") -> str:
    return main_of(client.get(SENT + query))


def test_empty_page_leads_to_the_keys(client):
    page = listed(client)
    assert "Belum ada kiriman dari alat" in page
    assert 'href="/kunci/"' in page


def test_received_and_refused_are_told_apart(client, person, program):
    received = by_api(person, program)
    refused = by_api(person, program, title="Rapat dusun", women_participants=-5)
    assert (received.state, refused.state) == ("accepted", "rejected")

    page = listed(client)

    assert page.count('class="tag tag-completed"') == 1
    assert page.count('class="tag tag-returned"') == 1
    assert "Perempuan hadir: " in page
    assert "Desa Janju, Kec. Tanah Grogot" in page
    assert "1 kiriman perlu perbaikan" in page


def test_detail_of_a_refused_one_says_what_to_do(client, person, program):
    refused = by_api(person, program, title="Rapat dusun", women_participants=-5)

    page = main_of(client.get(f"{SENT}{refused.pk}/"))

    assert "Rapat dusun" in page
    assert "Desa Janju, Kec. Tanah Grogot" in page
    assert "women_participants" in page
    assert refused.errors[0]["detail"] in page
    assert "skrip-grogot/1.2" in page
    assert str(refused.pk) in page
    assert "<code>uid</code> yang sama" in page


def test_sent_again_with_the_same_uid_it_is_received(client, person, program):
    refused = by_api(person, program, women_participants=-5)
    again = by_api(person, program, uid=str(refused.pk))

    page = main_of(client.get(f"{SENT}{refused.pk}/"))

    assert again.state == "accepted"
    assert again.number in page
    assert f'href="/kegiatan/{refused.pk}/"' in page
    assert "Yang perlu diperbaiki" not in page
    assert Submission.objects.count() == 1


def test_newest_stands_first(client, person, program):
    for title in ("Pertama", "Kedua"):
        send(person, program, title=title)
    page = listed(client)
    assert page.index("Kedua") < page.index("Pertama")


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?state=accepted", {"Dari alat", "Dari HP", "Dari lembar"}),
        ("?state=rejected", {"Ditolak"}),
        ("?source=tool", {"Dari alat", "Ditolak"}),
        ("?source=phone", {"Dari HP"}),
        ("?source=sheet", {"Dari lembar"}),
        ("?search=dari+alat", {"Dari alat"}),
        ("?search=ditolak", {"Ditolak"}),
        ("?search=6401-", {"Dari alat", "Dari HP", "Dari lembar"}),
        ("?source=phone&state=rejected", set()),
    ],
)
def test_filters(client, person, program, query, kept):
    send(person, program, title="Dari alat")
    send(person, program, title="Dari HP", tool="pug-pwa/1.3")
    send(person, program, title="Dari lembar", source="sheet", tool="maret.xlsx")
    send(person, program, title="Dari borang", source="browser", tool="")
    by_api(person, program, title="Ditolak", women_participants=-5)

    page = listed(client, query).split("</form>", 1)[1]

    titles = {"Dari alat", "Dari HP", "Dari lembar", "Dari borang", "Ditolak"}
    assert {title for title in titles if f"<strong>{title}</strong>" in page} == kept


def test_a_receipt_is_found_by_its_uid(client, person, program):
    wanted = send(person, program, title="Dicari")
    send(person, program, title="Lainnya")
    page = listed(client, f"?search={wanted.pk}")
    assert "Dicari" in page
    assert "Lainnya" not in page


def test_unknown_choice_is_refused_in_words(client):
    answer = client.get(f"{SENT}?state=all")
    assert answer.status_code == 422


def test_nobody_sees_the_receipts_of_others(client, program):
    other = make.person("facilitator", village=make.village())
    theirs = send(other, program, title="Milik orang lain")

    assert "Milik orang lain" not in listed(client)
    assert client.get(f"{SENT}{theirs.pk}/").status_code == 404


def test_a_record_out_of_reach_is_not_linked(client, person, program):
    sent = send(person, program, title="Dulu")
    person.grants.all().delete()

    page = main_of(client.get(f"{SENT}{sent.pk}/"))

    assert sent.number in page
    assert f"/kegiatan/{sent.pk}/" not in page
    assert "di luar wilayah" in page


def test_broken_content_breaks_no_page(client, person, program):
    refused = by_api(person, program, title=["a"], village={"code": 1}, women_participants="abc")

    assert "Tanpa nama" in listed(client)
    page = main_of(client.get(f"{SENT}{refused.pk}/"))
    assert page.count("<dt>") >= 3


def test_statements_do_not_grow(client, person, program, django_assert_max_num_queries):
    for number in range(12):
        send(person, program, title=f"Rapat {number}")
    with django_assert_max_num_queries(12):
        assert client.get(SENT).status_code == 200
