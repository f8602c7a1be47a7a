"""The planning story, as its four people live it: the focal point writes a GAP over the figures of
verified records, the office returns it once and approves, GBS and KAK are signed and printed, the
gender budget of the regency changes, and months later the village logs move the indicator."""

import re

from tests import make

YEAR = 2026


def group(page, name):
    return page.get_by_role("group", name=re.compile(f"^{name}"))


def on(page):
    page.get_by_role("button", name="Simpan dan lanjut").click()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def text_of(page) -> str:
    return " ".join(page.locator("main").inner_text().split())


def write_gap(page) -> None:
    """Steps 1 to 9; the data of step 2 are there already."""
    page.get_by_label("Kode", exact=True).fill("1.02.02.2.02")
    page.get_by_label("Tujuan").fill("Ibu hamil sehat")
    on(page)
    assert "19" in group(page, "Data 1").inner_text()
    on(page)
    for aspect in ("Kesenjangan 4", "Kesenjangan 3", "Kesenjangan 2"):
        group(page, aspect).get_by_role("button", name="Hapus baris ini").click()
    gap = group(page, "Kesenjangan 1")
    gap.get_by_label("Terlihat pada").select_option(index=1)
    gap.get_by_label("Kesenjangan", exact=True).fill("Perempuan yang hadir masih sedikit")
    on(page)
    for cause in ("Undangan hanya ke ketua kelompok", "Norma bepergian malam"):
        page.get_by_label("Sebab", exact=True).fill(cause)
        page.get_by_label("Menyebabkan").select_option(index=1)
        on(page)
    page.get_by_label("Tujuan baru").fill("Ibu dan ayah merawat kehamilan bersama")
    on(page)
    action = group(page, "Aksi 1")
    action.get_by_label("Aksi", exact=True).fill("Kelas siang hari di balai desa")
    for box in action.get_by_role("checkbox").all():
        box.check()
    on(page)
    baseline = group(page, "Data dasar 1")
    baseline.get_by_label("Yang diukur").fill("Peserta perempuan")
    baseline.get_by_label("Diambil dari").select_option(index=1)
    on(page)
    press(page, "Tambah baris")
    for number, kind in ((1, "output"), (2, "outcome")):
        write_indicator(group(page, f"Indikator {number}"), kind)
    press(page, "Simpan dan selesai")


def write_indicator(row, kind: str) -> None:
    row.get_by_label("Indikator", exact=True).fill("Peserta perempuan")
    row.get_by_label("Keluaran atau hasil").select_option(kind)
    row.get_by_label("Yang dihitung").select_option("women")
    row.get_by_label("Berangkat dari").select_option(index=1)
    row.get_by_label("Target").fill("60")
    row.get_by_label("Satuan").fill("%")
    row.get_by_label("Tercapai paling lambat").fill(f"31-12-{YEAR}")
    row.get_by_label("Dihitung sendiri oleh portal").select_option("participants")


def test_from_the_figures_of_the_villages_to_the_budget_and_back(page_as, axe):
    office, officer = make.opd(), make.officer()
    program = make.program(title="Kelas ibu hamil")
    make.activity(program, verified_by=officer)  # 19 women, 24 men
    focal = page_as(make.person("opd_focal_point", opd=office))
    reviewer = page_as(make.officer())
    head = page_as(make.person("opd_head", opd=office))

    gap = begin_gap(focal, program, axe)
    write_gap(focal)
    send(focal, gap)
    review(reviewer, focal, gap, axe)

    gbs = make_gbs(focal, gap)
    axe(focal)
    press_move(focal, gbs, "kirim", "Kirim")
    press_move(reviewer, gbs, "setujui", "Setujui")
    reviewer.goto(f"/perencanaan/arg/?year={YEAR}")
    assert "12.000.000" in text_of(reviewer)
    axe(reviewer)
    sign(head, gbs)

    kak = make_kak(focal, gbs)
    press_move(focal, kak, "kirim", "Kirim")
    press_move(reviewer, kak, "setujui", "Setujui")
    sign(head, kak)
    for paper in (gap, gbs, kak):
        for ending in ("pdf", "docx", "xlsx"):
            file = head.request.get(f"{paper}cetak/{ending}/")
            assert file.ok
            assert len(file.body()) > 4000

    head.goto(gbs)
    assert "44,2 %" in text_of(head)
    make.activity(program, verified_by=officer, women_participants=50, men_participants=0)
    head.reload()
    assert "Terpenuhi" in text_of(head)
    assert "74,2 %" in text_of(head)


def begin_gap(page, program, axe) -> str:
    page.goto("/perencanaan/")
    page.get_by_role("link", name="Mulai GAP").first.click()
    page.get_by_label("Program", exact=True).select_option(str(program.pk))
    page.get_by_label("Tahun anggaran").fill(str(YEAR))
    press(page, "Mulai GAP")
    gap = page.url
    page.get_by_role("link", name="Lanjutkan mengisi").click()
    axe(page)
    return gap


def review(reviewer, focal, gap, axe) -> None:
    """Sent back with a remark on one cell, put right there, and approved."""
    reviewer.goto(gap + "tinjau/")
    axe(reviewer)
    reviewer.get_by_text("Beri catatan Aksi 1").click()
    reviewer.get_by_label("Catatan untuk “Aksi 1”").fill("Sebutkan jamnya")
    press(reviewer, "Kembalikan")
    focal.goto(gap)
    assert "Sebutkan jamnya" in text_of(focal)
    focal.goto(gap + "langkah/actions/")
    assert "Sebutkan jamnya" in text_of(focal)
    group(focal, "Aksi 1").get_by_label("Aksi", exact=True).fill("Kelas pukul 10 di balai desa")
    on(focal)
    send(focal, gap)
    reviewer.goto(gap + "tinjau/")
    assert "Kelas pukul 10 di balai desa" in text_of(reviewer)
    press(reviewer, "Setujui")
    assert "Disetujui" in text_of(reviewer)


def sign(page, paper) -> None:
    page.goto(paper + "tandatangani/")
    press(page, "Tandatangani")


def make_kak(page, gbs) -> str:
    """Terms with what the analysis does not know: the law, where, when and by whom."""
    page.goto(gbs + "kak/")
    press(page, "Buat KAK")
    said = {
        "legal_basis": "Perda Kabupaten Paser Nomor 5 Tahun 2019",
        "beneficiaries": "40 ibu hamil dan 20 suami",
        "location": "Balai desa",
        "starts_on": f"1-3-{YEAR}",
        "ends_on": f"31-5-{YEAR}",
        "months": "3",
        "performer": "Bidang Kesehatan Masyarakat",
        "responsible": "Kepala Bidang",
        "cost": "20.000.000",
    }
    for name, text in said.items():
        page.locator(f"[name={name}]").fill(text)
    if not page.get_by_label("Tahap 1", exact=False).first.input_value():
        page.get_by_label("Tahap 1", exact=False).first.fill("Persiapan")
    press(page, "Simpan")
    return page.url


def make_gbs(page, gap) -> str:
    """A GBS with its money, one line of it gender budget, and who will sign."""
    page.goto(gap + "gbs/")
    press(page, "Buat GBS")
    gbs = page.url
    page.goto(gbs + "ubah/")
    said = {"Jumlah anggaran": "50.000.000", "Tempat": "Tana Paser", "Jabatan": "Kepala Dinas"}
    for label, text in (said | {"Nama": "dr. Contoh", "NIP": "198001012005012001"}).items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)
    press(page, "Simpan")
    page.get_by_role("link", name="Tambah baris anggaran Aksi 1").click()
    line = {"Kode": "1.02.02", "Uraian": "Belanja kelas ibu hamil", "Pagu": "20.000.000"}
    for label, text in (line | {"ARG dalam pagu": "12.000.000"}).items():
        page.get_by_label(re.compile(f"^{label}")).first.fill(text)
    page.get_by_label("Kategori ARG").select_option("2")
    press(page, "Simpan")
    page.goto(gbs)
    assert "Rp12.000.000" in text_of(page)
    return gbs


def press_move(page, paper, address, button) -> None:
    page.goto(paper + address + "/")
    press(page, button)


def send(page, gap) -> None:
    page.goto(gap + "kirim/")
    press(page, "Kirim untuk ditinjau")
