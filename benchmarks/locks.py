"""P15: what the second lock costs (decision 0017): the same call as pug_app, whose rows PostgreSQL
keeps to those of who asks, beside the same call as a role that it does not bind."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Grant, User
from villages.models import Regency, Village

from . import api
from .measure import Case
from .writes import rolled_back

ROLES = Path(__file__).parent.parent / "deploy/database/roles.sql"
#: More than this is a fault. A page of somebody bound to an area asks once more for her villages;
#: that the role is changed for each call makes the database plan its functions anew besides.
MOST = 1.6


def cases(reader: User, regency: str) -> list[Case]:
    """For who sees everything, for an officer of a regency, and for the head of one village."""
    secure()
    area = Regency.objects.get(code=regency)
    officer = _person("bound", "officer", regency=area)
    village = Village.objects.filter(targets__program__state="active").order_by("pk")[0]
    head = _person("head", "village_head", village=village)
    board = f"{reverse('dashboards:area', args=[regency])}?view=table"
    calls = [
        ("list of 50 by key, everything", _get(reader, api.LIST)),
        ("list of 50 by key, one regency", _get(officer, api.LIST)),
        ("list of 50 by key, one village", _get(head, api.LIST)),
        ("list page, one regency", _page(officer, reverse("programs:activity-list"))),
        ("board of the regency", _page(officer, board)),
        ("a batch of 50 by key", rolled_back(_send(reader))),
    ]
    return [
        Case(f"P15{letter}", f"{what} | without", as_app(call), call, MOST)
        for letter, (what, call) in zip("abcdef", calls, strict=True)
    ]


def secure() -> None:
    """Roles of the cluster, rights and guards of this database."""
    place = ["-h", connection.settings_dict["HOST"], "-U", connection.settings_dict["USER"]]
    named = ["-v", f"database={connection.settings_dict['NAME']}", "-v", "ON_ERROR_STOP=1"]
    command = ["psql", "-X", "-q", *place, *named, "-f", str(ROLES), "postgres"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    call_command("secure_database", stdout=StringIO())


def as_app(call: Callable[[], object]) -> Callable[[], None]:
    def run():
        with connection.cursor() as cursor:
            cursor.execute("set role pug_app")
        try:
            call()
        finally:
            with connection.cursor() as cursor:
                cursor.execute("reset role")

    return run


def _person(name: str, role: str, **area) -> User:
    made = User.objects.create_user(name, name=name)
    Grant.objects.create(user=made, role=role, valid_from="2020-01-01", **area)
    return made


def _get(person: User, address: str) -> Callable[[], None]:
    client = Client(headers={"Authorization": f"Bearer {api.key_of(person)}"})
    return _asked(client, address)


def _page(person: User, address: str) -> Callable[[], None]:
    client = Client()
    client.force_login(person)
    return _asked(client, address)


def _asked(client: Client, address: str) -> Callable[[], None]:
    def ask():
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    return ask


def _send(person: User) -> Callable[[], None]:
    client = Client(headers={"Authorization": f"Bearer {api.key_of(person)}"})

    def send():
        answer = client.post(api.SEND, api.items(50), content_type="application/json")
        assert answer.json()["summary"]["accepted"] == 50

    return send
