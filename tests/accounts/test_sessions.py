"""How long a login lasts: half an hour idle in an office, a month in the field."""

import time

import pytest

from accounts.capabilities import SECOND_FACTOR_ROLES, Role
from accounts.middleware import FIELD, OFFICE, limits_of
from tests import make

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = 60, 3600, 86_400


def lasts(client, person, **ages) -> bool:
    """Whether a login with these marks (seconds ago) still opens a page."""
    client.force_login(person)
    client.get("/kata-sandi/")
    session = client.session
    for mark, age in ages.items():
        session[mark] = time.time() - age
    session.save()
    return client.get("/kata-sandi/").status_code == 200


@pytest.mark.asvs("7.3.1", "7.3.2")
@pytest.mark.parametrize(
    ("make_person", "ages", "stays"),
    [
        (make.officer, {"seen_at": 29 * MINUTE}, True),
        (make.officer, {"seen_at": 31 * MINUTE}, False),
        (make.officer, {"began_at": 12 * HOUR - MINUTE}, True),
        (make.officer, {"began_at": 12 * HOUR + MINUTE}, False),
        (make.village_head, {"seen_at": 29 * DAY}, True),
        (make.village_head, {"seen_at": 31 * DAY}, False),
        (make.village_head, {"began_at": 179 * DAY}, True),
        (make.village_head, {"began_at": 181 * DAY}, False),
    ],
)
def test_login_lasts(client, make_person, ages, stays):
    assert lasts(client, make_person(), **ages) is stays


def test_ended_login_leaves_nothing_behind(client):
    assert not lasts(client, make.officer(), seen_at=HOUR)

    assert "_auth_user_id" not in client.session


def test_activity_is_noted_at_most_once_a_minute(client):
    client.force_login(make.village_head())
    client.get("/kata-sandi/")
    first = client.session["seen_at"]

    client.get("/kata-sandi/")
    assert client.session["seen_at"] == first

    session = client.session
    session["seen_at"] = first - 61
    session.save()
    client.get("/kata-sandi/")
    assert client.session["seen_at"] >= first


def test_cookie_lives_as_long_as_the_login_may(client):
    client.force_login(make.village_head())
    client.get("/kata-sandi/")

    left = client.cookies["sessionid"]["max-age"]
    assert 179 * DAY < left <= 180 * DAY


@pytest.mark.asvs("7.1.1")
def test_every_office_role_has_the_short_limits():
    areas = {
        "district_officer": {"district": make.district()},
        "opd_focal_point": {"opd": make.opd()},
        "opd_head": {"opd": make.opd()},
    }
    for role in Role.values:
        area = areas.get(role) or (
            {"village": make.village()}
            if role in {"village_head", "facilitator"}
            else {"regency": make.regency()}
        )
        expected = OFFICE if role in SECOND_FACTOR_ROLES else FIELD
        assert limits_of(make.person(role, **area)) == expected
