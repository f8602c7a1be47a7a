"""A gender analysis in the browser: begun, found again, read by those who may."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.identifiers import uuid7
from planning.models import GenderAnalysis, Template
from planning.services.analyses import start_analysis
from planning.steps import STEPS
from tests import make
from tests.typed import text

from .sending import kept, send, step

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NEW = "/perencanaan/gap/baru/"
NINE = [one.key for one in STEPS[Template.NINE]]


# -- Begun -------------------------------------------------------------------------


def test_focal_point_begins_a_gap_with_the_figures_of_its_program(
    client, planner, program, counted
):
    client.force_login(planner)
    asked = client.get(NEW)
    sent = {"uid": str(uuid7()), "program": program.pk, "year": "2026", "template": "9L"}

    response = client.post(NEW, sent)

    made = GenderAnalysis.objects.get()
    assert "Kelas ibu hamil" in text(asked)
    assert response.url == reverse("planning:gap", args=[made.pk])
    shown = text(client.get(step(made, "data")))
    assert "44,2 %" in shown
    assert "Dari portal" in shown
    assert "Catatan terverifikasi" in shown


def test_second_gap_of_the_year_leads_to_the_first(client, planner, program, analysis):
    client.force_login(planner)
    sent = {"uid": str(uuid7()), "program": program.pk, "year": "2026", "template": "9L"}

    response = client.post(NEW, sent, follow=True)

    assert response.redirect_chain[0][0] == reverse("planning:gap", args=[analysis.pk])
    assert [str(one) for one in response.context["messages"]]
    assert GenderAnalysis.objects.count() == 1


def test_program_of_another_office_is_not_offered(client, planner):
    theirs = make.program(owner_opd=make.opd("Dinas Pertanian"), title="Sekolah lapang")
    client.force_login(planner)
    sent = {"uid": str(uuid7()), "program": theirs.pk, "year": "2026", "template": "9L"}

    response = client.post(NEW, sent)

    assert "Sekolah lapang" not in text(client.get(NEW))
    assert response.status_code == 422
    assert not GenderAnalysis.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [({"year": "26"}, "Tulis tahun dengan empat angka"), ({"program": ""}, "Pilih program")],
)
def test_gap_is_not_begun_without_program_and_year(client, planner, program, change, words):
    client.force_login(planner)
    sent = {"uid": str(uuid7()), "program": program.pk, "year": "2026", "template": "9L"}

    response = client.post(NEW, sent | change)

    assert response.status_code == 422
    assert words in text(response)


# -- Rights ------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["", "data"])
def test_another_office_does_not_find_the_gap(client, analysis, key):
    client.force_login(make.person("opd_focal_point", opd=make.opd("Dinas Pertanian")))
    address = step(analysis, key) if key else reverse("planning:gap", args=[analysis.pk])

    assert client.get(address).status_code == 404
    assert client.post(address, {"do": "save"}).status_code in (404, 405)


def test_head_of_the_office_reads_every_step_without_a_form(client, office, analysis):
    client.force_login(make.person("opd_head", opd=office))

    for key in NINE:
        response = client.get(step(analysis, key))
        assert response.status_code == 200
        assert response.context["form"] is None
        assert 'name="do"' not in response.content.decode()
    assert "Kelas ibu hamil" in text(client.get(step(analysis, "item")))
    assert "Catatan terverifikasi" in text(client.get(step(analysis, "data")))
    assert send(client, analysis, "item", {"title": "Lain"}).status_code == 403
    assert client.get(NEW).status_code == 403


@pytest.mark.parametrize("key", ["causes", "framework", "page", "x"])
def test_step_of_another_form_is_not_there(client, planner, analysis, key):
    client.force_login(planner)
    assert client.get(step(analysis, key)).status_code == 404


def test_submitted_gap_is_laid_out_and_not_written(client, planner, analysis):
    GenderAnalysis.objects.filter(pk=analysis.pk).update(state="submitted")
    client.force_login(planner)

    shown = client.get(step(analysis, "data"))
    refused = send(client, analysis, "item", {"level": "activity", "title": "Lain"})

    assert shown.context["form"] is None
    assert "tidak dapat diubah" in text(shown)
    assert refused.status_code == 422
    assert kept(analysis).title == "Kelas ibu hamil"


# -- The list ----------------------------------------------------------------------


def test_list_shows_what_one_may_see_and_narrows(client, planner, analysis, program):
    other = make.program(owner_opd=make.opd("Dinas Pertanian"), title="Sekolah lapang")
    start_analysis(other, actor=make.officer(), year=2026)
    client.force_login(planner)

    shown = text(client.get("/perencanaan/gap/"))
    none = text(client.get("/perencanaan/gap/?state=approved"))
    wrong = client.get("/perencanaan/gap/?year=x")

    assert "Kelas ibu hamil" in shown
    assert "Sekolah lapang" not in shown
    assert NEW in shown
    assert "Tidak ada yang cocok" in none
    assert wrong.status_code == 422


def test_list_tells_the_day_it_is_here(client, planner, analysis):
    late = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # four in the morning of the 23rd in Paser
    GenderAnalysis.objects.filter(pk=analysis.pk).update(updated_at=late)
    client.force_login(planner)

    assert "23-11-2026" in text(client.get("/perencanaan/gap/"))


def test_list_asks_no_more_for_many_rows(client, planner, program):
    client.force_login(planner)
    counts = []
    for year in (2024, 2025, 2026, 2027):
        start_analysis(program, actor=planner, year=year)
        with CaptureQueriesContext(connection) as queries:
            client.get("/perencanaan/gap/")
        counts.append(len(queries))
    assert len(set(counts[1:])) == 1
