"""A sheet from choosing it to its activities, with and without scripts, at every width."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from programs.models import Activity, ImportJob
from programs.services import importing
from tests import make
from tests.sheets import sheet

from .conftest import DESK

NARROW = {"width": 320, "height": 640}


@pytest.fixture
def program():
    return make.program(title="Pelatihan Perikanan")


def chosen(page, program, rows=8, wrong=4) -> ImportJob:
    """The page of a sheet that she has just sent."""
    page.goto("/impor/")
    file = {
        "name": "maret.csv",
        "mimeType": "text/csv",
        "buffer": sheet(program, rows, wrong=wrong),
    }
    page.get_by_label("Berkas lembar").set_input_files(file)
    page.get_by_role("button", name="Coba dulu").click()
    page.wait_for_url(re.compile(r"/impor/[0-9a-f-]{36}/"))
    return ImportJob.objects.latest("created_at")


@pytest.mark.parametrize("size", [DESK, NARROW], ids=lambda size: str(size["width"]))
def test_from_the_sheet_to_the_activities(page_as, axe, fits, shot, program, size):
    page = page_as(make.person("facilitator", village=make.village()), size=size)
    page.goto("/impor/")
    axe(page)
    fits(page)
    shot(page, f"import-empty-{size['width']}")
    job = chosen(page, program)

    ImportJob.objects.filter(pk=job.pk).update(
        state="running", rows=8, judged=2, beat_at=timezone.now()
    )
    expect(page.get_by_role("status")).to_contain_text("2 dari 8 baris")
    axe(page)
    fits(page)
    shot(page, f"import-progress-{size['width']}")

    fresh = {"state": "waiting", "rows": None, "judged": 0, "beat_at": None}
    ImportJob.objects.filter(pk=job.pk).update(**fresh)
    importing.work(job.pk)
    expect(page.get_by_role("link", name="Terapkan 6 baris")).to_be_visible()
    expect(page.get_by_role("cell", name="banyak").first).to_be_visible()
    axe(page)
    fits(page)
    shot(page, f"import-tried-{size['width']}")

    page.get_by_role("link", name="Terapkan 6 baris").click()
    axe(page)
    fits(page)
    shot(page, f"import-apply-{size['width']}")
    page.get_by_role("button", name="Terapkan 6 baris").click()
    page.wait_for_url(re.compile(rf"/impor/(?!{job.pk})[0-9a-f-]+/$"))
    importing.work(ImportJob.objects.get(dry_run=False).pk)
    expect(page.get_by_role("link", name="Lihat kegiatan")).to_be_visible()
    axe(page)
    fits(page)
    shot(page, f"import-done-{size['width']}")
    assert Activity.objects.count() == 6
    page.goto("/impor/")
    fits(page)
    shot(page, f"import-list-{size['width']}")


def test_all_of_it_without_scripts(open_page, page_as, program):
    head = make.person("facilitator", village=make.village())
    signed_in = page_as(head).context.storage_state()
    page = open_page(javascript=False)
    page.context.add_cookies(signed_in["cookies"])
    job = chosen(page, program)
    importing.work(job.pk)
    page.get_by_role("link", name="Lihat keadaan sekarang").click()
    page.get_by_role("link", name="Terapkan 6 baris").click()
    page.get_by_role("button", name="Terapkan 6 baris").click()
    importing.work(ImportJob.objects.get(dry_run=False).pk)
    page.get_by_role("link", name="Lihat keadaan sekarang").click()
    expect(page.get_by_role("link", name="Lihat kegiatan")).to_be_visible()
    assert Activity.objects.count() == 6
