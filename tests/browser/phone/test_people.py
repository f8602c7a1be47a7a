"""Who is on which phone: the hand-over by QR, two accounts on one phone (F20), and logging out
with something unsent (F27).
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts import qr
from accounts.models import EnrolmentLink
from programs.models import Activity, Submission
from tests import make

from ..conftest import PHONE
from .recording import Recorder, sign_in, until

OWN = "kopi-tubruk-di-beranda"
WORD = "durian-lai-cempedak"
LOGOUT = "Keluar dari HP ini"


def choose_password(page: Page) -> None:
    page.get_by_role("link", name="Ya, itu saya").click()
    page.locator("[name=new_password1]").fill(OWN)
    page.locator("[name=new_password2]").fill(OWN)
    page.get_by_role("button", name="Simpan dan masuk").click()


def link_on(page: Page) -> str:
    """The link that the page shows, which is the one in its QR picture."""
    link = page.locator("#link-address").input_value()
    drawn = page.get_by_alt_text("Gambar QR berisi tautan masuk").get_attribute("src")
    assert drawn == qr.picture(link)
    return link


def account_page(page: Page) -> None:
    page.goto("/desa/akun/")
    expect(page.locator("[data-copies]")).to_be_visible()


# -- Hand-over ------------------------------------------------------------------------------------


@pytest.mark.parametrize("javascript", [True, False])
def test_village_gets_a_new_head_by_qr(page_as, open_page, axe, fits, shot, javascript):
    janju = make.village()
    old = make.village_head(janju)
    make.activity(make.program(janju), janju, author=old, title="Kelas ibu hamil")
    office = page_as(make.officer(), javascript=javascript)
    old_phone = page_as(old, size=PHONE, javascript=javascript)

    office.goto(f"/kelola/pengguna/{old.uid}/")
    office.get_by_role("link", name=re.compile("^Ganti kepala desa")).click()
    office.get_by_label("Nama lengkap").fill("Siti Rahmah")
    office.get_by_label("Nama pengguna").fill("siti.rahmah")
    if javascript:
        axe(office)
        shot(office, "head-change")
    office.get_by_role("button", name="Ganti dan tampilkan QR").click()
    if not javascript:
        office.get_by_text("Orangnya jauh").click()
    link = link_on(office)
    if javascript:
        axe(office)
        shot(office, "link-shown")

    phone = open_page(size=PHONE, javascript=javascript)
    phone.goto(link)
    expect(phone.get_by_text("Siti Rahmah")).to_be_visible()
    if javascript:
        axe(phone)
        fits(phone)
        shot(phone, "link-open")
    choose_password(phone)
    expect(phone).to_have_url(re.compile(r"/desa/$"))
    phone.goto("/desa/kegiatan/")
    expect(phone.get_by_text("Kelas ibu hamil").first).to_be_visible()

    old_phone.goto("/desa/catat/")
    expect(old_phone.get_by_role("button", name="Kirim", exact=True)).to_have_count(0)
    old_phone.goto("/desa/")
    expect(old_phone.get_by_role("heading", level=1)).to_have_text("Tugas Bapak/Ibu sudah berakhir")
    assert Activity.objects.get().author == old
    again = open_page(size=PHONE)
    again.goto(link)
    expect(again.get_by_role("heading", name="Tautan ini tidak bisa dipakai lagi")).to_be_visible()


def test_facilitator_puts_a_head_on_a_new_phone(page_as, open_page, axe, fits, shot):
    janju = make.village()
    head = make.village_head(janju)
    facilitator = page_as(make.person("facilitator", village=janju), size=PHONE)
    old_phone = page_as(head, size=PHONE)

    facilitator.goto("/")
    expect(facilitator).to_have_url(re.compile("/pendamping/$"))
    axe(facilitator)
    fits(facilitator)
    shot(facilitator, "facilitator-home")
    facilitator.get_by_role("link", name=f"QR masuk untuk {head.name}").click()
    expect(facilitator.get_by_text("HP berikut dikeluarkan")).to_be_visible()
    axe(facilitator)
    fits(facilitator)
    shot(facilitator, "link-make")
    facilitator.get_by_role("button", name="Tampilkan QR").click()
    facilitator.get_by_text("Orangnya jauh").click()
    fits(facilitator)
    axe(facilitator)
    phone = open_page(size=PHONE)
    phone.goto(link_on(facilitator))
    choose_password(phone)

    expect(phone).to_have_url(re.compile(r"/desa/$"))
    assert old_phone.request.get("/api/v1/session/").status == 401
    [row] = head.devices.live()
    assert row.label == "Komputer Linux, Chrome"
    phone.goto("/desa/akun/")
    axe(phone)
    fits(phone)
    shot(phone, "account")


def test_link_withdrawn_on_the_page_is_dead_at_once(page_as, open_page):
    head = make.village_head()
    office = page_as(make.officer())
    office.goto(f"/kelola/pengguna/{head.uid}/tautan/")
    office.get_by_role("button", name="Tampilkan QR").click()
    office.get_by_text("Orangnya jauh").click()
    link = link_on(office)

    office.get_by_role("button", name="Cabut tautan").click()

    phone = open_page(size=PHONE)
    assert phone.goto(link).status == 410
    assert EnrolmentLink.objects.get().revoked_at


def test_address_bar_leads_on_without_the_secret(open_page):
    made = make.link(make.village_head())
    page = open_page(size=PHONE)
    asked = []
    page.on("request", lambda request: asked.append((request.url, request.headers)))

    page.goto(f"/masuk/tautan/{made.secret}/")
    choose_password(page)

    expect(page).to_have_url(re.compile(r"/desa/$"))
    told = [url for url, headers in asked if made.secret in headers.get("referer", "")]
    assert told == []
    assert sum(made.secret in url for url, _headers in asked) == 1


# -- F20: two accounts on one phone ---------------------------------------------------------------


def seen_by_her(page: Page) -> str:
    """Everything that her pages say, with what the phone adds to them."""
    texts = []
    for path in ("/desa/", "/desa/kegiatan/", "/desa/kotak-kirim/", "/desa/akun/"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(300)  # what the scripts add
        texts.append(page.locator("body").inner_text())
    return "\n".join(texts)


def test_f20_two_accounts_on_one_phone(phone, recorder, head, many):
    n = many(2, 5)
    other_village = make.village("64.01.04.2003", "Tetangga")
    other_program = make.program(other_village)
    other = make.village_head(other_village)
    recorder.ready()
    phone.context.set_offline(True)
    recorder.by_hand(title="Rahasia desa pertama")
    recorder.by_outbox(n - 1, title="Rahasia desa pertama")
    page = recorder.page

    phone.context.clear_cookies()  # her login ran out; the second one comes in on the same phone
    phone.context.set_offline(False)
    sign_in(page, other)
    second = Recorder(page, other_program, other_village)
    second.ready()
    shown = seen_by_her(page)
    second.by_outbox(n, title="Desa kedua")
    second.send_now()
    until(lambda: Submission.objects.count() == n, "the second one's are received", page=page)
    page.wait_for_timeout(500)  # whatever else might be sent

    assert "Rahasia desa pertama" not in shown
    assert set(Activity.objects.values_list("author", flat=True)) == {other.pk}
    mine = {row["uid"] for row in recorder.waiting() if row["account"] != other.username}
    assert mine == set(recorder.uids)

    phone.context.clear_cookies()
    sign_in(page, head)
    recorder.send_now()
    until(lambda: Submission.objects.count() == 2 * n, "the first one's are received", page=page)
    recorder.bar("Semua sudah diterima")
    by_first = Activity.objects.filter(author=head)
    assert {str(one.pk) for one in by_first} == set(recorder.uids)
    recorder.uids += second.uids
    recorder.close("F20", accounts=2)


# -- F27: logging out with something unsent -------------------------------------------------------


def test_f27_logging_out_waits_for_what_is_not_sent(phone, new_phone, recorder, head, many, axe):
    n = many(3, 3)
    recorder.ready()
    phone.context.set_offline(True)
    recorder.by_hand(title="Rapat dusun")
    recorder.by_outbox(n - 1)
    page = recorder.page
    page.route("**/api/v1/submissions/", lambda route: route.abort())  # signal, but not enough
    phone.context.set_offline(False)
    account_page(page)
    expect(page.locator("[data-unsent]")).to_have_text(f"{n} catatan di HP ini belum terkirim.")

    page.get_by_role("button", name=LOGOUT).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Masih ada {n} catatan belum terkirim. Kirim dulu, atau")
    axe(page)
    dialog.get_by_role("button", name="Tetap di sini").click()
    assert page.request.get("/api/v1/session/").status == 200

    saved = save_copy(page)
    page.get_by_role("button", name=LOGOUT).click()
    expect(dialog).to_contain_text("salinannya sudah disimpan")
    dialog.get_by_role("button", name="Keluar").click()
    expect(page).to_have_url(re.compile("/masuk/"))
    for store in ("queue", "drafts", "photos", "reference"):
        assert recorder.rows(store) == []
    assert page.request.get("/api/v1/session/").status == 401

    another = new_phone().open()
    sign_in(another, head)
    elsewhere = Recorder(another, recorder.program, recorder.village)
    elsewhere.uids, elsewhere.words = recorder.uids, ["Masih ada 3 catatan belum terkirim"]
    open_copy(another, saved, "salah-sekali")
    expect(another.locator("#copy-key-error")).to_have_text(
        "Kata rahasia ini tidak membuka salinan. Periksa lagi."
    )
    open_copy(another, saved, WORD)
    elsewhere.reads(f"{n} catatan sudah ada lagi di HP ini dan akan dikirim.")
    elsewhere.drained()
    open_copy(another, saved, WORD)
    elsewhere.reads("Semua isi salinan ini sudah ada di HP ini, atau sudah diterima.")
    assert elsewhere.waiting() == []
    elsewhere.close("F27")


def save_copy(page: Page):
    """Saves a copy; where the file went."""
    page.locator("#copy-word").fill("pendek")
    page.get_by_role("button", name="Simpan salinan").click()
    expect(page.locator("#copy-word-error")).to_contain_text("paling sedikit 8")
    page.locator("#copy-word").fill(WORD)
    with page.expect_download() as download:
        page.get_by_role("button", name="Simpan salinan").click()
    expect(page.locator("[data-told]")).to_contain_text("Salinan sudah disimpan")
    path = download.value.path()
    assert b"Rapat dusun" not in path.read_bytes()
    return path


def open_copy(page: Page, path, word: str) -> None:
    account_page(page)
    page.get_by_text("Buka salinan dari HP lain").click()
    page.locator("#copy-file").set_input_files(path)
    page.locator("#copy-key").fill(word)
    page.get_by_role("button", name="Buka salinan").click()


def test_copy_of_another_account_stays_closed(phone, new_phone, recorder):
    recorder.ready()
    phone.context.set_offline(True)
    recorder.by_outbox(1)
    page = recorder.page
    page.route("**/api/v1/submissions/", lambda route: route.abort())
    phone.context.set_offline(False)
    account_page(page)
    saved = save_copy(page)
    stranger = new_phone().open()
    sign_in(stranger, make.village_head(make.village("64.01.04.2003", "Tetangga")))

    open_copy(stranger, saved, WORD)

    expect(stranger.locator("#copy-key-error")).to_contain_text("milik akun lain")
    assert Recorder(stranger, None, None).waiting() == []


def test_logging_out_without_signal_takes_nothing_away(phone, recorder):
    recorder.ready()
    recorder.by_outbox(1)
    recorder.send_now()
    recorder.drained()
    page = recorder.page
    account_page(page)
    phone.context.set_offline(True)

    page.get_by_role("button", name=LOGOUT).click()

    expect(page.locator("[data-leaving]")).to_contain_text("Untuk keluar perlu sinyal")
    assert len(recorder.rows("receipts")) == 1


def test_logging_out_spares_what_came_in_meanwhile(phone, recorder):
    """Another tab records between the question and the answer."""
    recorder.ready()
    page = recorder.page
    account_page(page)
    page.route("**/keluar/", lambda route: (recorder.by_outbox(1), route.continue_()))
    page.route("**/api/v1/submissions/", lambda route: route.abort())

    page.get_by_role("button", name=LOGOUT).click()

    expect(page).to_have_url(re.compile("/masuk/"))
    assert {row["uid"] for row in recorder.waiting()} == set(recorder.uids) != set()


@pytest.mark.asvs("14.3.1")
def test_logging_out_takes_everything_of_hers_and_nothing_of_others(phone, recorder):
    recorder.ready()
    recorder.by_outbox(1)
    recorder.send_now()
    recorder.drained()
    page = recorder.page
    page.evaluate(
        """async () => {
          const store = await import("/static/js/phone/store.js");
          await store.put("queue", {uid: "theirs", account: "someone.else", state: "queued"});
        }"""
    )
    account_page(page)

    page.get_by_role("button", name=LOGOUT).click()

    expect(page).to_have_url(re.compile("/masuk/"))
    assert [row["uid"] for row in recorder.waiting()] == ["theirs"]
    assert recorder.rows("receipts") == recorder.rows("reference") == []
