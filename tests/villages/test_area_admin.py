"""Reference data in the admin: offices by hand, areas only to look at."""

import pytest
from django.contrib.admin.sites import site
from django.urls import reverse

from accounts.models import User
from villages import models
from villages.models import Opd, Regency

BY_COMMAND = [
    models.Province,
    models.Regency,
    models.District,
    models.Village,
    models.AreaChange,
    models.AreaShape,
]


@pytest.fixture
def staff_request(rf, db):
    request = rf.get("/admin/")
    request.user = User.objects.create_superuser("induk", password="x", name="Induk")
    return request


@pytest.mark.parametrize("model", BY_COMMAND)
def test_areas_are_written_by_commands_only(staff_request, model):
    admin = site._registry[model]

    assert admin.has_view_permission(staff_request)
    assert not admin.has_add_permission(staff_request)
    assert not admin.has_change_permission(staff_request)
    assert not admin.has_delete_permission(staff_request)


def test_list_pages_open(load, run, staff_request):
    load()
    run("build_schematic_map")
    for model in [*BY_COMMAND, Opd, models.Population]:
        page = site._registry[model].changelist_view(staff_request)
        assert page.render().status_code == 200


def test_office_can_be_added_with_a_source_in_words(load, staff_request, rf):
    load()
    regency = Regency.objects.get(code="64.01")
    admin = site._registry[Opd]
    form = admin.get_form(staff_request)(
        {"name": "Dinas Baru", "kind": "dinas", "regency": regency.pk, "source": "Perda 14/2016"}
    )

    assert form.is_valid(), form.errors
    assert form.save().source == "Perda 14/2016"
    assert reverse("admin:villages_opd_add")
