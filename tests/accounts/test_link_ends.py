"""One-time links that are over: used, withdrawn, too old, or by a maker who may no more."""

import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.models import EnrolmentLink, Grant, User
from core.errors import Stale
from core.models import AuditEntry
from tests import make

from .linking import (
    DOUBLE,
    OWN,
    come_in,
    facilitator_here,
    head_here,
    link_in_form,
    page_of,
    path,
    shown_link,
    signed_in,
)

pytestmark = pytest.mark.django_db


def use_it(link):
    services.use_link(link, OWN)


def let_it_expire(link):
    EnrolmentLink.objects.filter(pk=link.pk).update(expires_at=timezone.now())


def withdraw_it(link):
    services.revoke_link(link, actor=None)


def close_the_account(link):
    services.disable_person(link.person, actor=None)


def close_the_account_and_open_it_again(link):
    services.disable_person(link.person, actor=None)
    services.enable_person(link.person, actor=None)


def choose_a_password(link):
    services.change_password(link.person, "sesuatu-yang-baru-99")


def reset_the_password(link):
    services.reset_password(link.person, actor=None)


def end_the_makers_task(link):
    link.made_by.grants.update(valid_until="2021-01-01")


def close_the_maker(link):
    services.disable_person(link.made_by, actor=None)


def make_her_an_officer(link):
    Grant.objects.create(
        user=link.person, role="officer", regency=make.regency(), valid_from="2020-01-01"
    )


ENDS = [
    use_it,
    let_it_expire,
    withdraw_it,
    close_the_account,
    close_the_account_and_open_it_again,
    choose_a_password,
    reset_the_password,
    end_the_makers_task,
    close_the_maker,
    make_her_an_officer,
]


@pytest.mark.parametrize("end", ENDS)
def test_link_that_is_over_opens_nothing(client, end):
    head = head_here()
    made = make.link(head, by=facilitator_here())
    client.get(path(made.secret))
    words = DOUBLE | {"link": link_in_form(client)}  # the page was already open
    end(EnrolmentLink.objects.get(pk=made.link.pk))
    before = User.objects.get(pk=head.pk)

    answers = [
        Client().get(path(made.secret)),
        client.get("/masuk/tautan/"),
        client.post("/masuk/tautan/", words),
        Client().get(path("A" * 43)),  # one that never was
        Client().get("/masuk/tautan/"),
    ]

    assert [answer.status_code for answer in answers] == [410] * 5
    assert len({answer.content.partition(b"<main")[2] for answer in answers}) == 1
    after = User.objects.get(pk=head.pk)
    assert after.password == before.password
    assert "_auth_user_id" not in client.session
    with pytest.raises(Stale):
        services.use_link(EnrolmentLink.objects.get(pk=made.link.pk), "another-long-word-9")


@pytest.mark.parametrize("act", ["change_password", "reset_password", "disable_person"])
def test_open_link_is_withdrawn_by_whoever_acts_and_the_trail_says_so(act):
    head, officer = head_here(), make.officer()
    made = make.link(head)
    other = make.link(make.village_head(make.village("64.01.04.2003", "Tetangga")))
    actor = head if act == "change_password" else officer
    if act == "change_password":
        services.change_password(head, "sesuatu-yang-baru-99")
    else:
        getattr(services, act)(head, actor=officer)

    entry = AuditEntry.objects.get(action="link.revoke")
    assert (entry.actor, entry.object_id) == (actor, str(made.link.pk))
    assert entry.changes == {"person": str(head.uid)}
    assert Client().get(path(made.secret)).status_code == 410
    assert Client().get(path(other.secret)).status_code == 200


@pytest.mark.asvs("6.4.1")
def test_link_lives_72_hours():
    made = make.link(head_here())

    assert abs(made.link.expires_at - timezone.now() - timedelta(hours=72)) < timedelta(minutes=1)


def test_somebody_else_on_this_phone_is_told_and_logged_out(client):
    before, head = make.village_head(make.village("64.01.04.2003", "Tetangga")), head_here()
    client.post("/masuk/", {"username": before.username, "password": make.PASSWORD})
    made = make.link(head)

    page = client.get(path(made.secret)).content.decode()
    come_in(client, made.secret)

    assert before.name in page
    assert int(client.session["_auth_user_id"]) == head.pk
    assert not before.devices.live().exists()


def test_person_in_the_middle_of_another_step_can_open_a_link(client):
    made = services.add_person(
        username="kades.lama",
        name="Lama",
        grants=[services.GrantDraft("village_head", make.village(), timezone.localdate())],
        actor=None,
    )
    client.post("/masuk/", {"username": "kades.lama", "password": made.start_password})

    assert client.get(path(make.link(head_here()).secret)).status_code == 200


def test_withdrawn_by_the_one_who_made_it():
    facilitator, head = facilitator_here(), head_here()
    client = signed_in(facilitator)
    link = shown_link(client.post(page_of(head)))
    [row] = EnrolmentLink.objects.all()

    answer = client.post(f"/kelola/tautan/{row.pk}/cabut/")

    assert (answer.status_code, answer.url) == (302, page_of(head))
    assert Client().get(link).status_code == 410


@pytest.mark.asvs("16.2.5", "14.2.1")
def test_secret_never_reaches_the_log(client, caplog):
    made = make.link(head_here())
    services.revoke_link(made.link, actor=None)
    out = logging.getLogger()
    console = next(handler for handler in out.handlers if type(handler) is logging.StreamHandler)
    lines = []
    console.addFilter(lambda record: lines.append(console.format(record)) or True)
    try:
        client.get(path(made.secret))
        client.post(path(made.secret))
    finally:
        console.filters.pop()

    assert any("/masuk/tautan/\\u2026" in line for line in lines)
    assert made.secret not in "".join(lines)
