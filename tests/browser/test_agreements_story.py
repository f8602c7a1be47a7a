"""The story of the agreements of 2022: registered with what is known, asked for what is missing,
put in force, its people sent to villages, its duty counted by what they log."""

from datetime import timedelta
from io import StringIO

from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from mou import duties
from mou.models import Agreement
from tests import make
from tests.indicators import made_cards, made_seats
from tests.mou.made_agreements import PDF
from villages.models import Village

NARROW = {"width": 320, "height": 700}


def say(page, **values) -> None:
    """Fill in these fields by their names."""
    for name, value in values.items():
        field = page.locator(f"main [name={name}]")
        if field.first.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def press(page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()


def text_of(page) -> str:
    return " ".join(page.locator("main").inner_text().split())


def day(value) -> str:
    return f"{value.day}-{value.month}-{value.year}"


def register(page, partner: str, kind: str, signatory: str, signed: str) -> str:
    """A partner and the draft of an agreement with it; its address."""
    page.goto("/perjanjian/mitra/baru/")
    say(page, name=partner, kind=kind)
    press(page, "Simpan")
    page.goto("/perjanjian/baru/")
    say(
        page,
        title=f"Percepatan PUG, {partner}",
        form="mou",
        signed_on=signed,
        source="Berita resmi",
    )
    first, second = (page.get_by_role("group", name=f"Pihak {one}") for one in ("pertama", "kedua"))
    first.get_by_role("combobox").select_option(label="DP2KBP3A")
    second.get_by_role("combobox").select_option(label=partner)
    second.get_by_label("Ditandatangani oleh").fill(signatory)
    second.get_by_label("Jabatan").fill("Ketua")
    page.get_by_label("Di kecamatan dan desa yang dicentang di bawah ini").check()
    page.get_by_label("Seluruh Kecamatan Tanah Grogot").check()
    press(page, "Simpan sebagai draf")
    return page.url


def fill_what_is_missing(page, address: str, starts, ends) -> None:
    page.goto(f"{address}ubah/")
    say(page, number_first="180/14", number_second="07/TPP")
    say(page, starts_on=day(starts), ends_on=day(ends))
    first = page.get_by_role("group", name="Pihak pertama")
    first.get_by_label("Ditandatangani oleh").fill("Kepala Dinas")
    first.get_by_label("Jabatan").fill("Kepala DP2KBP3A")
    press(page, "Simpan sebagai draf")
    page.goto(f"{address}kewajiban/baru/")
    say(page, text="Mencatat kegiatan desa", measure="activities", target="2")
    page.get_by_label("Pihak yang menanggung").select_option(label="TPP")
    press(page, "Tambahkan kewajiban")
    page.goto(f"{address}berkas/baru/")
    paper = {"name": "naskah.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.locator("main [name=file]").set_input_files(paper)
    say(page, kind="agreement", title="Naskah")
    press(page, "Simpan dokumen")


def test_an_agreement_from_what_is_known_to_what_it_came_to(page_as, axe):
    today = timezone.localdate()
    janju, next_to = make.village(), make.village("64.01.04.2003", "Tepian Batang")
    make.district("64.01.05", "Kuaro")
    far = make.village("64.01.05.2002", "Lolo")
    make.opd("DP2KBP3A", acronym="DP2KBP3A")
    officer = make.officer()
    officer.email = "petugas@contoh.go.id"
    officer.save(update_fields=["email"])
    page = page_as(officer)

    agreement = register(page, "TPP", "facilitators", "Rudi", "14-7-2022")
    ppdi = register(page, "PPDI", "association", "M. Yunus", "15-7-2022")
    page.goto(agreement)
    assert "belum diketahui" in text_of(page)
    axe(page)
    page.goto(f"{agreement}berlakukan/")
    for words in ("Nomor dari pihak pertama", "Hari mulai berlaku", "Naskah bertanda tangan"):
        assert words in text_of(page)
    ends = today + timedelta(days=80)
    fill_what_is_missing(page, agreement, today - timedelta(days=200), ends)
    page.goto(f"{agreement}berlakukan/")
    press(page, "Berlakukan")
    assert "Segera berakhir" in text_of(page)
    axe(page)

    rudi = make.person("facilitator", village=far)
    send(page, rudi, janju, today - timedelta(days=200), ends)

    # What she logs moves the duty; nobody ticks it.
    program = make.program(janju)
    make.activity(program, janju, author=rudi, verified_by=officer, held_on=today)
    page.goto(agreement)
    assert "1 dari 2" in text_of(page)
    reached(page, {janju, next_to}, axe)
    reminded(officer)
    assert Agreement.objects.get(pk=ppdi.rstrip("/").rsplit("/", 1)[1]).confirmed_at is None


def send(page, rudi, village, starts, ends) -> None:
    """Somebody is sent to a village, under a contract."""
    page.goto(f"/perjanjian/pendamping/{rudi.uid}/kontrak/")
    say(page, kind="pld", valid_from=day(starts), valid_until=day(ends))
    page.get_by_label("Mitra").select_option(label="TPP")
    page.locator("main form[method=post] button").last.click()
    page.goto(f"/perjanjian/pendamping/{rudi.uid}/tugaskan/?district={village.district.code}")
    page.get_by_label(village.title).check()
    page.locator("main form[method=post] button").last.click()
    assert rudi.grants.filter(village=village).exists()


def reached(page, villages: set, axe) -> None:
    """The map and the list say which villages are covered; a query says the same."""
    named = Village.objects.filter(district__agreementarea__agreement__confirmed_at__isnull=False)
    assert set(named) == villages
    page.goto("/perjanjian/cakupan/")
    assert f"{len(villages)} dari {Village.objects.count()} desa" in text_of(page)
    page.goto("/perjanjian/cakupan/?state=none")
    assert "Lolo" in page.get_by_role("table").inner_text()
    axe(page)


def reminded(officer) -> None:
    """80 days before the end the 90-day letter goes out, once."""
    now = timezone.localtime().replace(hour=9)
    duties.remind(now)
    duties.remind(now)
    assert len([one for one in mail.outbox if officer.email in one.to]) == 1


def test_what_stands_beside_the_number(page_as, axe, fits):
    year = timezone.localdate().year
    janju, officer = make.village(), make.officer()
    call_command("import_indicators", stdout=StringIO())
    made_seats.seats(janju, year=year, seats={"bpd": (0, 7)}, verified_by=officer)
    made_cards.card(janju, actor=make.village_head(janju), key="drppa", year=year)
    page = page_as(officer, size=NARROW)
    page.goto(f"/wilayah/{janju.code}/?year={year}")
    assert "0 / 7" in text_of(page)
    assert "DRPPA" in text_of(page)
    axe(page)
    fits(page)
    page.goto("/wilayah/64.01/")
    for words in ("71,98", "64,94", "Belum ada angka"):
        assert words in text_of(page)
    axe(page)
    fits(page)
    page.goto("/peringatan/")
    assert "Tidak ada perempuan di BPD" in text_of(page)
    axe(page)
    fits(page)
