"""`/` leads each role to where its work begins."""

import pytest
from django.urls import reverse

from tests import make


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "area", "home"),
    [
        ("officer", {"regency": make.regency}, ("dashboards:start",)),
        ("leader", {"regency": make.regency}, ("dashboards:one-page",)),
        ("auditor", {}, ("dashboards:start",)),
        ("opd_focal_point", {"opd": make.opd}, ("dashboards:start",)),
        ("opd_head", {"opd": make.opd}, ("planning:home",)),
        ("planner", {"regency": make.regency}, ("dashboards:start",)),
        ("district_officer", {"district": make.district}, ("dashboards:area", "64.01.04")),
        ("village_head", {"village": make.village}, ("programs:phone-home",)),
        ("facilitator", {"village": make.village}, ("programs:facilitator-home",)),
    ],
)
def test_home_sends_each_role_to_its_own(client, settings, role, area, home):
    settings.SECOND_FACTOR_ASKED = False
    client.force_login(make.person(role, **{level: place() for level, place in area.items()}))

    response = client.get("/")

    assert response.status_code == 302
    assert response["Location"] == reverse(home[0], args=home[1:])


@pytest.mark.django_db
def test_home_of_a_person_without_grants_says_whom_to_ask(client):
    client.force_login(make.person())
    response = client.get("/")
    assert response.status_code == 200
    assert "Hubungi DP2KBP3A" in response.content.decode()
