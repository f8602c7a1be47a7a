"""A village has a new head: one page ends the old task and gives the new person hers."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.models import EnrolmentLink, Grant, User
from accounts.services import Newcomer
from core.errors import Refused, Stale
from core.models import AuditEntry
from programs.models import Activity
from tests import make

from .linking import come_in, shown_link

pytestmark = pytest.mark.django_db
NEW = {"name": "Siti Rahmah", "username": "siti.rahmah", "phone": "0812 345 678"}


@pytest.fixture
def head():
    return make.village_head()


@pytest.fixture
def held(head):
    return head.grants.get()


@pytest.fixture
def officer(client):
    person = make.officer()
    client.force_login(person)
    return person


def address(held) -> str:
    return f"/kelola/tugas/{held.pk}/ganti/"


def test_new_head_gets_task_and_link_and_the_old_one_stops(client, officer, head, held):
    old_phone = Client()
    old_phone.force_login(head)

    answer = client.post(address(held), NEW)

    new = User.objects.get(username="siti.rahmah")
    assert answer.status_code == 200
    assert new.grants.get().village == held.village
    assert new.grants.get().valid_from == timezone.localdate()
    assert User.objects.get(pk=head.pk).grants_today == []
    assert old_phone.get("/desa/")["Location"] == "/"  # where she is told that her task ended
    link = shown_link(answer)
    phone = Client()
    assert phone.get(link).status_code == 200
    assert come_in(phone, link.split("/")[-2]).status_code == 302
    assert phone.get("/desa/").status_code == 200


def test_records_stay_with_their_author(client, officer, head, held):
    village = held.village
    record = make.activity(make.program(village), village, author=head)

    client.post(address(held), NEW)

    new = User.objects.get(username="siti.rahmah")
    assert Activity.objects.visible_to(new).get() == record
    assert Activity.objects.get().author == head


def test_all_of_it_is_on_the_audit_trail(client, officer, held):
    client.post(address(held), NEW)

    trail = AuditEntry.objects.filter(actor=officer).order_by("pk")
    assert [entry.action for entry in trail] == [
        "grant.end",
        "person.add",
        "grant.add",
        "link.make",
    ]


@pytest.mark.parametrize(
    "wrong", [{"username": ""}, {"name": ""}, {"username": "X!"}, {"phone": "call me"}]
)
def test_incomplete_form_changes_nothing(client, officer, held, wrong):
    answer = client.post(address(held), NEW | wrong)

    assert answer.status_code == 422
    assert nothing_changed(held)


def test_taken_username_undoes_everything(client, officer, held):
    make.person(username="siti.rahmah")

    answer = client.post(address(held), NEW)

    assert answer.status_code == 422
    assert "Nama pengguna ini sudah dipakai" in answer.content.decode()
    assert nothing_changed(held)


def nothing_changed(held) -> bool:
    same = Grant.objects.get(pk=held.pk)
    return same.revoked_at is None and same.valid_until is None and not _links().exists()


def _links():
    return EnrolmentLink.objects.all()


def test_second_press_finds_the_village_handed_over(officer, held):
    services.hand_over(held, Newcomer("siti.rahmah", "Siti"), actor=officer)

    with pytest.raises(Stale):
        services.hand_over(held, Newcomer("siti.r", "Siti"), actor=officer)
    assert not User.objects.filter(username="siti.r").exists()


def test_refused_grant_undoes_the_person_and_the_end(officer, held, monkeypatch):
    def refuse(*_told, **_named):
        raise Refused()

    monkeypatch.setattr("accounts.services.heads.make_link", refuse)
    with pytest.raises(Refused):
        services.hand_over(held, Newcomer("siti.rahmah", "Siti"), actor=officer)

    assert nothing_changed(held)
    assert not User.objects.filter(username="siti.rahmah").exists()


@pytest.mark.parametrize(
    ("actor", "status"),
    [
        (make.person, 403),
        (lambda: make.person("facilitator", village=make.village()), 403),
        (lambda: make.person("district_officer", district=make.district()), 403),
        (lambda: make.officer(regency=make.regency("64.02", "Kutai Kartanegara")), 404),
    ],
)
def test_others_change_no_head(client, held, actor, status):
    client.force_login(actor())

    assert client.get(address(held)).status_code == status
    assert client.post(address(held), NEW).status_code == status
    assert nothing_changed(held)


def test_only_standing_tasks_of_heads_are_handed_over(client, officer):
    ended = make.person("village_head", village=make.village(), valid_until="2021-01-01")
    other = make.person("facilitator", village=make.village())

    for person in (ended, other):
        assert client.get(address(person.grants.get())).status_code == 404
