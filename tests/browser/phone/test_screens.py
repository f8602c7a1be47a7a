"""Recording: five screens and a check, drafts, the receipt; the same without scripts."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from programs.models import Activity
from tests import make

from .screens import PHONE, heads, onward, opened, rows, to_check, what


# -- Recording ----------------------------------------------------------------------------------
def test_five_screens_then_check_then_receipt(hand, program, tmp_path, sound):
    opened(hand)
    taps = "() => { window.taps = 0; addEventListener('click', () => window.taps++, true); }"
    hand.evaluate(taps)
    sound(hand, "step-1")
    expect(hand.get_by_text("Langkah 1 dari 5")).to_be_visible()
    what(hand)
    assert hand.title().startswith("Langkah 2 dari 5: Siapa yang hadir? – ")
    expect(hand.get_by_role("heading", name="Siapa yang hadir?")).to_be_focused()
    sound(hand, "step-2")
    heads(hand)
    sound(hand, "step-3")
    onward(hand)
    sound(hand, "step-4")
    hand.get_by_role("button", name="Tanpa anggaran").click()
    sound(hand, "step-5")
    picture = tmp_path / "foto.jpg"
    picture.write_bytes(make.image(size=(1600, 1200)))
    hand.locator("[data-photo-input]").last.set_input_files(picture)
    shrunk = hand.get_by_role("button", name="Hapus foto 1")
    expect(shrunk).to_be_visible(timeout=20_000)
    assert [photo["state"] for photo in rows(hand, "photos")] == ["draft"]
    sound(hand, "step-5-photo")
    onward(hand)
    expect(hand.get_by_text("19 perempuan, 24 laki-laki (44,2 %)")).to_be_visible()
    sound(hand, "check")
    hand.get_by_role("button", name="Kirim", exact=True).click()
    expect(hand.get_by_role("heading", level=1)).to_have_text("Sudah diterima")

    activity = Activity.objects.get()
    expect(hand.locator("[data-number]")).to_have_text(activity.receipt.number)
    expect(hand.locator("[data-receipt] [data-state]")).to_have_text("Sudah diterima")
    assert "/desa/bukti/?uid=" + str(activity.pk) in hand.url
    assert (activity.women_participants, activity.budget_spent) == (19, 0)
    assert activity.photos.count() == 1
    assert hand.evaluate("() => window.taps") <= 25
    sound(hand, "receipt")
    with hand.expect_download() as kept:
        hand.get_by_role("button", name="Simpan sebagai gambar").click()
    assert kept.value.suggested_filename == f"bukti-{activity.receipt.number}.png"


def test_a_screen_is_left_only_when_its_answers_can_be_read(hand, axe, shot):
    opened(hand)
    onward(hand)

    summary = hand.get_by_role("alert").filter(has_text="Ada yang perlu diperbaiki")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(
        ["Isi nama kegiatan.", "Pilih jenis kegiatan."]
    )
    assert hand.title().startswith("Ada kesalahan: ")
    summary.get_by_role("link", name="Isi nama kegiatan.").click()
    expect(hand.get_by_label("Nama kegiatan")).to_be_focused()
    axe(hand)
    shot(hand, "step-1-problems")
    what(hand)
    heads(hand, women="sembilan")
    expect(hand.get_by_role("alert")).to_contain_text("Periksa jumlah perempuan yang hadir")
    heads(hand, women="3", men="40")
    expect(hand.get_by_label(re.compile("Mengapa perempuan sedikit"))).not_to_be_visible()


def test_back_button_of_the_browser_goes_back_a_step(hand):
    opened(hand)
    to_check(hand)

    hand.go_back()
    expect(hand.get_by_role("heading", name="Foto", level=2)).to_be_visible()
    hand.get_by_role("button", name="Kembali").click()
    expect(hand.get_by_role("heading", name="Anggaran")).to_be_visible()
    hand.go_forward()
    hand.go_forward()
    hand.get_by_role("button", name="Ubah: Siapa yang hadir?").click()
    heads(hand, women="30")
    expect(hand.get_by_role("heading", name="Periksa", level=2)).to_be_visible()
    expect(hand.get_by_text("30 perempuan, 24 laki-laki")).to_be_visible()


def test_draft_keeps_itself_and_is_found_again(hand, sound):
    opened(hand)
    what(hand)
    hand.get_by_role("group", name="Jumlah yang hadir").get_by_label("Perempuan").fill("7")
    hand.wait_for_timeout(1000)  # what is allowed to be lost is one second
    hand.goto("/desa/")
    sound(hand, "home-draft")
    hand.get_by_role("link", name=re.compile("Lanjutkan draf")).click()

    expect(hand.get_by_role("heading", name="Siapa yang hadir?")).to_be_visible()
    expect(hand.locator("[name=women_participants]")).to_have_value("7")
    assert Activity.objects.count() == 0
    [draft] = rows(hand, "drafts")
    assert draft["values"]["title"] == "Kelas ibu hamil Dusun 2"


def test_kirim_without_signal_shows_the_receipt_within_300_ms(hand, sound):
    opened(hand)
    to_check(hand)
    hand.context.set_offline(True)
    took = hand.evaluate(
        """() => new Promise((done) => {
          const began = performance.now();
          const receipt = document.querySelector("[data-receipt]");
          new MutationObserver(() => receipt.hidden || done(performance.now() - began))
            .observe(receipt, {attributes: true});
          document.querySelector("[data-send]").click();
        })"""
    )
    assert took <= 300
    expect(hand.get_by_role("heading", level=1)).to_have_text("Tersimpan")
    expect(hand.locator("[data-says]")).to_have_text(
        "Aman di HP ini. Akan dikirim saat ada sinyal."
    )
    expect(hand.locator("[data-receipt] [data-state]")).to_have_text("Menunggu sinyal")
    sound(hand, "receipt-waiting")
    assert Activity.objects.count() == 0
    hand.context.set_offline(False)
    expect(hand.get_by_role("heading", level=1)).to_have_text("Sudah diterima", timeout=30_000)
    assert Activity.objects.count() == 1


def test_double_press_keeps_one_record(hand):
    opened(hand)
    to_check(hand)
    hand.evaluate(
        "() => { const b = document.querySelector('[data-send]'); b.click(); b.click(); }"
    )
    expect(hand.get_by_role("heading", level=1)).to_have_text("Sudah diterima")
    assert Activity.objects.count() == 1


def test_similar_record_and_few_women_are_pointed_out_never_forbidden(hand, head, program):
    today = timezone.localdate()
    make.activity(program, author=head, title="Kelas pagi", held_on=today - timedelta(days=1))
    opened(hand)
    what(hand)
    heads(hand, women="3", men="40")
    onward(hand)
    hand.get_by_role("button", name="Tanpa anggaran").click()
    onward(hand)

    expect(hand.get_by_text(re.compile("Mirip dengan catatan .*: Kelas pagi"))).to_be_visible()
    expect(hand.get_by_text("sebabnya belum diisi")).to_be_visible()
    hand.get_by_role("button", name="Kirim", exact=True).click()
    expect(hand.get_by_role("heading", level=1)).to_have_text("Sudah diterima")


def test_facilitator_of_several_villages_chooses_one_first(page_as, janju, program, sound):
    other = make.village("64.01.04.2003", "Tepian Batang")
    make.program(other, title="Posyandu Mawar")
    guide = make.person("facilitator", district=janju.district)
    page = page_as(guide, size=PHONE)
    page.goto("/desa/catat/")
    sound(page, "pick-village")
    page.get_by_role("link", name="Desa Tepian Batang").click()

    expect(page.locator("body")).to_have_attribute("data-ready", "record")
    expect(page.get_by_label("Program", exact=True)).to_contain_text("Posyandu Mawar")
    to_check(page)
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sudah diterima")
    assert Activity.objects.get().village == other


def test_many_programs_are_searched(page_as, head, janju):
    for n in range(9):
        make.program(janju, title=f"Program {'Posyandu' if n == 4 else 'Jalan'} {n}")
    page = page_as(head, size=PHONE)
    opened(page)
    page.get_by_role("searchbox", name="Cari program").fill("posyandu")
    expect(page.get_by_label("Program", exact=True).locator("option:checked")).to_contain_text(
        "Program Posyandu 4"
    )


# -- Without scripts, without a store -------------------------------------------------------------
def test_whole_flow_without_scripts(page_as, head, program, fits, shot):
    page = page_as(head, size=PHONE, javascript=False)
    page.goto("/desa/")
    page.get_by_role("link", name="Catat kegiatan").first.click()
    page.get_by_label("Nama kegiatan").fill("Kursus menjahit")
    page.get_by_label("Jenis kegiatan").select_option("training")
    page.locator("[name=women_participants]").fill("3")
    page.locator("[name=men_participants]").fill("40")
    page.get_by_role("button", name="Periksa").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa")
    expect(page.get_by_text("sebabnya belum diisi")).to_be_visible()
    fits(page)
    shot(page, "plain-check")
    page.get_by_role("button", name=re.compile("^Ubah")).nth(1).click()
    assert page.url.endswith("#step-2")
    page.locator("[name=women_participants]").fill("33")
    page.get_by_role("button", name="Periksa").click()
    assert Activity.objects.count() == 0
    page.get_by_role("button", name="Kirim").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sudah diterima")
    assert Activity.objects.get().women_participants == 33
    page.get_by_role("link", name="Kegiatan saya").first.click()
    expect(page.get_by_role("link", name=re.compile("Kursus menjahit"))).to_be_visible()


def test_what_the_rules_refuse_comes_back_before_the_check(page_as, head, program):
    page = page_as(head, size=PHONE, javascript=False)
    page.goto("/desa/catat/")
    page.get_by_label("Tanggal kegiatan").fill("1-1-2090")
    page.get_by_label("Nama kegiatan").fill("Kursus menjahit")
    page.get_by_label("Jenis kegiatan").select_option("training")
    page.get_by_role("button", name="Periksa").click()
    expect(page.get_by_role("alert")).to_contain_text("belum terjadi")
    assert Activity.objects.count() == 0


def test_phone_that_cannot_keep_anything_posts_the_form(page_as, head, program):
    page = page_as(head, size=PHONE)
    page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
    page.goto("/desa/catat/")
    page.get_by_label("Nama kegiatan").fill("Kursus menjahit")
    page.get_by_label("Jenis kegiatan").select_option("training")
    page.get_by_role("button", name="Periksa").click()
    page.get_by_role("button", name="Kirim").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sudah diterima")
