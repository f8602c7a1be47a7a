"""Recording, reviewing and running programs in a real browser, with and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from programs.models import Activity, ActivityCode, Program
from programs.services import return_activity
from tests import make

NARROW = {"width": 320, "height": 640}
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def janju():
    make.village("64.01.04.2003", "Tepian Batang")
    return make.village()


@pytest.fixture
def program(janju):
    return make.program(janju, title="Kelas ibu hamil dan gizi keluarga")


def record(page, **counts) -> None:
    """Fill in the form as on paper and send it."""
    page.goto("/kegiatan/catat/")
    page.get_by_label("Program").select_option(index=1)
    page.get_by_label("Nama kegiatan").fill("Pelatihan kader posyandu")
    page.get_by_label("Jenis kegiatan").select_option("training")
    for name, value in counts.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Kirim").click()


@pytest.mark.parametrize("javascript", [False, True], ids=["no scripts", "scripts"])
def test_village_head_records_and_officer_verifies(page_as, janju, program, javascript):
    phone = page_as(make.village_head(janju), size=PHONE, javascript=javascript)

    record(phone, women_participants="sembilan", men_participants="24", budget_spent="12,5 juta")
    expect(phone.get_by_role("alert")).to_contain_text("Periksa jumlah perempuan yang hadir")
    assert phone.title().startswith("Ada kesalahan: ")
    assert phone.locator("[name=men_participants]").input_value() == "24"
    phone.locator("[name=women_participants]").fill("19")
    phone.get_by_role("button", name="Kirim").dblclick()  # one record all the same
    expect(phone.get_by_role("heading", level=1)).to_have_text("Sudah diterima")

    activity = Activity.objects.get()
    assert (activity.women_participants, activity.budget_spent) == (19, 12_500_000)
    expect(phone.get_by_text(activity.receipt.number)).to_be_visible()
    phone.reload()
    expect(phone.get_by_text(activity.receipt.number)).to_be_visible()
    assert Activity.objects.count() == 1

    desk = page_as(make.officer(), javascript=javascript)
    desk.goto("/periksa/")
    desk.get_by_role("link", name="Mulai").click()
    desk.get_by_role("button", name="Terima").click()
    expect(desk.get_by_text("Diterima: Pelatihan kader posyandu")).to_be_visible()
    activity.refresh_from_db()
    assert activity.state == "verified"


def test_total_and_the_question_about_few_women_follow_the_typing(page_as, janju, program):
    page = page_as(make.village_head(janju), size=PHONE)
    page.goto("/kegiatan/catat/")
    question = page.get_by_label(re.compile("Mengapa perempuan sedikit"))

    expect(question).to_be_hidden()
    page.locator("[name=women_participants]").fill("3")
    page.locator("[name=men_participants]").fill("40")
    expect(page.get_by_text("Jumlah hadir: 43 orang, 3 perempuan (7,0 %)")).to_be_visible()
    expect(question).to_be_visible()
    page.locator("[name=women_participants]").fill("19")
    expect(page.get_by_text("Jumlah hadir: 59 orang, 19 perempuan (32,2 %)")).to_be_visible()
    expect(question).to_be_hidden()


def test_question_about_few_women_stands_there_without_scripts(page_as, janju, program):
    page = page_as(make.village_head(janju), size=PHONE, javascript=False)
    page.goto("/kegiatan/catat/")

    expect(page.get_by_label(re.compile("Mengapa perempuan sedikit"))).to_be_visible()
    expect(page.get_by_role("button", name="Kemarin")).to_be_hidden()


def test_yesterday_is_one_press(page_as, janju, program):
    page = page_as(make.village_head(janju), size=PHONE)
    page.goto("/kegiatan/catat/")
    today = page.get_by_label("Tanggal kegiatan").input_value()

    page.get_by_role("button", name="Kemarin").click()

    assert page.get_by_label("Tanggal kegiatan").input_value() != today


def test_keys_decide_and_can_be_switched_off(page_as, janju, program):
    first, second = make.activity(program, janju), make.activity(program, janju, title="Kedua")
    page = page_as(make.officer())
    page.goto(f"/periksa/{first.pk}/?queue=1")

    page.get_by_label(re.compile("Tombol cepat")).uncheck()
    page.keyboard.press("t")
    page.goto(f"/periksa/{first.pk}/?queue=1")
    expect(page.get_by_label(re.compile("Tombol cepat"))).not_to_be_checked()
    first.refresh_from_db()
    assert first.state == "submitted"

    page.get_by_label(re.compile("Tombol cepat")).check()
    page.keyboard.press("l")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kedua")
    page.keyboard.press("p")
    expect(page.get_by_role("heading", level=1)).to_have_text("Minta perbaikan")
    page.go_back()
    expect(page.get_by_role("button", name="Terima")).to_be_enabled()
    page.keyboard.press("t")
    expect(page.get_by_text("Diterima: Kedua")).to_be_visible()
    second.refresh_from_db()
    assert second.state == "verified"


def test_two_presses_in_a_row_accept_one_record(page_as, janju, program):
    first, second = make.activity(program, janju), make.activity(program, janju, title="Kedua")
    page = page_as(make.officer())
    page.goto(f"/periksa/{first.pk}/?queue=1")
    accept = page.get_by_role("button", name="Terima")
    expect(accept).to_be_enabled()
    accept.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kedua")

    page.keyboard.press("t")
    accept.click(force=True)
    expect(page.get_by_text("Kedua. 1 catatan menunggu")).to_have_count(1)
    assert page.title().startswith("Kedua · 1 catatan menunggu")
    second.refresh_from_db()
    assert second.state == "submitted"
    expect(accept).to_be_enabled()
    accept.click()
    expect(page.get_by_text("Diterima: Kedua")).to_be_visible()


def test_password_can_be_looked_at(open_page):
    page = open_page(size=NARROW)
    page.goto("/masuk/")
    box = page.locator("[name=password]")
    box.fill("rahasia")

    page.get_by_role("button", name="Lihat").click()
    assert box.get_attribute("type") == "text"
    page.get_by_role("button", name="Sembunyikan").click()
    assert box.get_attribute("type") == "password"


def test_pages_of_the_village_are_sound(page_as, janju, program, axe, fits, shot):
    head = make.village_head(janju)
    page = page_as(head, size=NARROW)

    def look(address: str, name: str) -> None:
        page.goto(address)
        assert page.locator("h1").count() == 1
        axe(page)
        fits(page)
        shot(page, f"village-{name}")

    look("/kegiatan/", "list-empty")
    look("/kegiatan/catat/", "form")
    page.locator("[name=women_participants]").fill("-3")
    page.locator("summary").last.click()
    page.get_by_role("button", name="Kirim").click()
    expect(page.get_by_role("alert")).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "village-form-problems")
    activity = make.activity(
        program, janju, author=head, women_participants=3, title="Perbaikan gorong-gorong Dusun 2"
    )
    look(f"/kegiatan/{activity.pk}/bukti/", "receipt")
    return_activity(activity, actor=make.officer(), version=1, reason="Periksa tanggal.")
    look(f"/kegiatan/{activity.pk}/", "detail-returned")
    look(f"/kegiatan/{activity.pk}/perbaiki/", "correct")
    look(f"/kegiatan/{activity.pk}/batalkan/", "void")
    look("/kegiatan/", "list")
    look("/kegiatan/?search=zzz", "list-filtered-empty")
    look("/program/", "programs")
    look(f"/program/{program.pk}/", "program")
    look("/program/desa/baru/", "register")


def test_pages_of_the_office_are_sound(page_as, janju, program, axe, fits, shot):
    ActivityCode.objects.create(code="2.2.02", name="Penyelenggaraan Posyandu", level="kegiatan")
    officer = make.officer()
    page = page_as(officer, size=PHONE)
    head = make.village_head(janju)

    def look(address: str, name: str) -> None:
        page.goto(address)
        axe(page)
        fits(page)
        shot(page, f"office-{name}")

    look("/periksa/", "queue-empty")
    uncounted = {"women_participants": None, "men_participants": None}
    one = make.activity(program, janju, author=head, **uncounted, total_participants=46)
    twin = make.activity(program, janju, **uncounted, total_participants=45)
    look("/periksa/", "queue")
    look("/periksa/?district=99", "queue-problem")
    look(f"/periksa/{twin.pk}/?queue=1", "review")
    look(f"/kegiatan/{one.pk}/minta-perbaikan/", "return")
    page.get_by_role("button", name="Kembalikan").click()
    expect(page.get_by_role("alert")).to_be_visible()
    axe(page)
    look(f"/kegiatan/{one.pk}/", "detail")
    look("/kegiatan/", "list")
    look("/kegiatan/?held_on_after=13/25/2026", "list-problem")
    look("/kegiatan/catat/", "village-pick")
    look("/program/", "programs")
    look(f"/program/{program.pk}/ubah/", "program-edit")
    look(f"/program/{program.pk}/desa/", "program-targets")
    look(f"/program/{program.pk}/status/completed/", "program-state")
    look("/program/baru/", "program-new")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("alert")).to_be_visible()
    axe(page)
    fits(page)


def test_village_registers_a_program_without_scripts(page_as, janju):
    ActivityCode.objects.create(code="2.2.02", name="Penyelenggaraan Posyandu", level="kegiatan")
    page = page_as(make.village_head(janju), size=PHONE, javascript=False)
    page.goto("/program/desa/baru/")

    page.locator("main summary").first.click()
    page.get_by_label("Nama program").fill("Posyandu Mawar")
    page.get_by_role("button", name="2.2.02 Penyelenggaraan Posyandu").click()
    page.get_by_role("button", name="Daftarkan dan mulai").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Posyandu Mawar")
    assert Program.objects.get().owner_village == janju
    page.get_by_role("link", name="Catat kegiatan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Catat kegiatan")
