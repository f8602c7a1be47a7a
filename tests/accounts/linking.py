"""What the tests of one-time links share: who they are for, and how they are opened."""

import re

from django.test import Client

from tests import make

OWN = "kopi-tubruk-di-beranda"
DOUBLE = {"new_password1": OWN, "new_password2": OWN}


def page_of(person) -> str:
    return f"/kelola/pengguna/{person.uid}/tautan/"


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def shown_link(answer) -> str:
    """The path of the link on the page that shows it."""
    return re.search(r"/masuk/tautan/[\w-]{43}/", answer.content.decode())[0]


def path(secret: str) -> str:
    return f"/masuk/tautan/{secret}/"


def come_in(client, secret: str):
    """Open the link and choose a password; the answer to that."""
    client.get(path(secret))
    return client.post("/masuk/tautan/", DOUBLE | {"link": link_in_form(client)})


def link_in_form(client) -> str:
    """The id that the password page carries along."""
    page = client.get("/masuk/tautan/").content.decode()
    return re.search(r'name="link" value="([\w-]{36})"', page)[1]


def facilitator_here():
    return make.person("facilitator", village=make.village())


def head_here():
    return make.village_head(make.village())
