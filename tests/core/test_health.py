"""The two addresses that a monitor asks."""

import shutil
from collections import namedtuple

import pytest
from django.db import OperationalError, connection

from core import health
from core.models import HealthMark

Disk = namedtuple("Disk", "total used free")
GIGABYTE = 10**9


def test_healthz_answers_without_a_database(client):
    """No database fixture: a query would fail the test."""
    response = client.get("/healthz/")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_is_well_before_the_first_check_of_rollups(client):
    response = client.get("/readyz/")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "disk": "ok", "rollups": "ok"}


@pytest.mark.django_db
@pytest.mark.parametrize(("ok", "status"), [(True, 200), (False, 503)])
def test_readyz_follows_the_mark_of_the_rollups(client, ok, status):
    HealthMark.objects.create(name="rollups", ok=ok, detail="3 rows differ in 64.01.04.2002")
    response = client.get("/readyz/")
    assert response.status_code == status
    assert b"64.01" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("total", "free", "said"),
    [
        (100 * GIGABYTE, 11 * GIGABYTE, "ok"),
        (100 * GIGABYTE, 9 * GIGABYTE, "nearly full"),
        (2 * GIGABYTE, GIGABYTE // 4, "nearly full"),
    ],
)
def test_readyz_looks_at_the_disk(client, monkeypatch, total, free, said):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Disk(total, total - free, free))
    response = client.get("/readyz/")
    assert response.json()["disk"] == said
    assert response.status_code == (200 if said == "ok" else 503)


@pytest.mark.django_db
def test_readyz_names_a_silent_database_and_no_more(client, monkeypatch):
    def broken(*args, **kwargs):
        raise OperationalError("could not connect as portal:hunter2@db.example")

    monkeypatch.setattr(connection, "cursor", broken)
    response = client.get("/readyz/")

    assert response.status_code == 503
    assert response.json()["database"] == "does not answer"
    assert b"hunter2" not in response.content


def test_every_part_is_named_for_people():
    assert set(health.PARTS) == {"database", "disk", "rollups"}
