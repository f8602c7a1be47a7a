"""Kept views: a page with its filter under a name."""

import pytest

from core.errors import Refused
from core.models import AuditEntry
from dashboards.models import SavedView
from dashboards.saved import MOST, save_view
from tests import make

pytestmark = pytest.mark.django_db

LIST = "/simpanan/"


@pytest.fixture
def officer(client):
    person = make.officer()
    make.activity(make.program(make.village()), verified_by=person)
    client.force_login(person)
    return person


def keep(
    client, name="Kecamatan saya", path="/ringkasan/", query="year=2026&basis=reported", **more
):
    return client.post(LIST, {"name": name, "path": path, "query": query, **more})


def test_keeps_a_page_with_its_filter_and_opens_it(client, officer):
    assert keep(client).url == "/ringkasan/?year=2026&basis=reported"

    page = client.get(LIST).content.decode()
    assert 'href="/ringkasan/?year=2026&amp;basis=reported"' in page
    assert "1 dari 1 program melibatkan perempuan" in page


def test_the_board_offers_to_keep_what_it_shows(client, officer):
    page = client.get("/ringkasan/?year=2026&basis=reported").content.decode()
    assert 'name="path" value="/ringkasan/"' in page
    assert 'name="query" value="year=2026&amp;basis=reported"' in page


def test_the_same_name_replaces(client, officer):
    keep(client)
    keep(client, query="year=2025")
    assert SavedView.objects.get().query == "year=2025"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "n" * 81}, "name"),
        ({"path": "/kelola/"}, "path"),
        ({"path": "https://elsewhere.example/ringkasan/"}, "path"),
        ({"path": "//elsewhere.example/"}, "path"),
        ({"query": "village=" + "x" * 700}, "query"),
    ],
)
def test_refuses_and_keeps_what_was_written(client, officer, change, field):
    answer = keep(client, **change)
    assert answer.status_code == 422
    assert [problem.field for problem in answer.context["problems"]] == [field]
    assert not SavedView.objects.exists()


def test_there_is_an_end(officer):
    for number in range(MOST):
        save_view(actor=officer, name=str(number), path="/ringkasan/", query="")
    with pytest.raises(Refused):
        save_view(actor=officer, name="one more", path="/ringkasan/", query="")
    save_view(actor=officer, name="0", path="/peta/", query="")


def test_what_belongs_to_one_visit_is_left_out(officer):
    kept = save_view(
        actor=officer, name="x", path="/capaian/", query="page=3&level=judged&format=csv"
    )
    assert kept.query == "level=judged"


def test_a_shared_link_opens_for_colleagues_and_nobody_else(client, officer):
    kept = save_view(actor=officer, name="x", path="/ringkasan/", query="year=2026")
    colleague = make.officer()
    client.force_login(colleague)
    assert client.get(f"/simpanan/{kept.pk}/").status_code == 404
    SavedView.objects.update(shared=True)
    assert client.get(f"/simpanan/{kept.pk}/").url == "/ringkasan/?year=2026"
    assert client.get(LIST).context["views"] == []
    assert client.post(f"/simpanan/{kept.pk}/hapus/").status_code == 404
    client.logout()
    assert "/masuk/" in client.get(f"/simpanan/{kept.pk}/").url


def test_her_work_begins_with_the_one_she_chose(client, officer):
    assert client.get("/mulai/").url == "/ringkasan/"
    one, two = (save_view(actor=officer, name=n, path="/peta/", query=n) for n in ("a=1", "b=2"))
    for kept in (one, two):
        client.post(f"/simpanan/{kept.pk}/ubah/", {"is_default": "on"})
    assert client.get("/mulai/").url == "/peta/?b=2"
    assert SavedView.objects.filter(is_default=True).count() == 1


def test_one_that_cannot_be_opened_says_so(client, officer):
    save_view(actor=officer, name="gone", path="/wilayah/64.01.99/", query="")
    save_view(actor=officer, name="bad", path="/ringkasan/", query="year=nonsense")
    listed = client.get(LIST).context["views"]
    assert [one.page for one in listed] == ["", ""]


def test_deleting_asks_first(client, officer):
    kept = save_view(actor=officer, name="x", path="/ringkasan/", query="")
    assert client.get(f"/simpanan/{kept.pk}/hapus/").status_code == 200
    assert SavedView.objects.exists()
    client.post(f"/simpanan/{kept.pk}/hapus/")
    assert not SavedView.objects.exists()


def test_a_start_that_cannot_be_opened_is_left_for_the_overview(client, officer):
    kept = save_view(actor=officer, name="gone", path="/wilayah/99.99/", query="")
    client.post(f"/simpanan/{kept.pk}/ubah/", {"is_default": "on"})
    assert client.get("/mulai/").url == "/ringkasan/"


def test_a_name_the_database_cannot_hold_is_kept_without_it(client, officer):
    keep(client, name="Nama\x00 saya")
    assert SavedView.objects.get().name == "Nama saya"
    assert keep(client, name="x", path="/" + "x" * 200).status_code == 422


def test_a_list_of_records_is_kept_with_its_number(client, officer):
    """Also with an area, whose choices hang on the person."""
    keep(client, name="Semua", path="/kegiatan/", query="year=2026")
    keep(client, name="Kecamatan", path="/kegiatan/", query="area=64.01.04")
    answer = client.get(LIST)
    assert answer.status_code == 200
    assert answer.content.decode().count("1 kegiatan") == 2


def test_the_trail_tells_what_is_kept_only_of_a_view_that_is_shared(client, officer):
    """Nobody else opens a view that is hers alone; its filter may name whom she looks for."""
    keep(client, name="Rahasia", path="/kegiatan/", query="q=rahasia")
    keep(client, name="Bersama", query="year=2025", shared="on")
    for kept in SavedView.objects.all():
        client.post(f"/simpanan/{kept.pk}/hapus/")
    told = AuditEntry.objects.filter(object_type="savedview").order_by("pk")
    assert "rahasia" not in str(list(told.values_list("changes", flat=True))).lower()
    what = {"path": "/ringkasan/", "query": "year=2025"}
    assert [(one.action, one.changes) for one in told.filter(changes__path="/ringkasan/")] == [
        ("view.saved", {**what, "shared": True}),
        ("view.deleted", {**what, "name": "Bersama"}),
    ]
