"""Django's admin is for reference data: what other packages bring along is not in it."""

import pytest
from django.contrib.admin.sites import site

from tests import make


def test_admin_knows_reference_data_only():
    assert {model._meta.app_label for model in site._registry} == {"villages", "programs"}


@pytest.mark.django_db
def test_whoever_may_not_enter_is_told_so_and_not_sent_round(client):
    client.force_login(make.officer())
    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.django_db
def test_a_stranger_signs_in_at_the_one_door_and_comes_back(client):
    answer = client.get("/admin/villages/opd/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/masuk/?next=/admin/")


@pytest.mark.django_db
def test_staff_enters(client):
    keeper = make.person("officer")
    keeper.is_staff = keeper.is_superuser = True
    keeper.save()
    client.force_login(keeper)
    assert client.get("/admin/login/", follow=True).status_code == 200
