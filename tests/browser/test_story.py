"""The main story, as three people live it; and the page on which a stranger meets the API."""

import re

from tests import make

STANDING = re.compile(r"(\d+) dari (\d+) program melibatkan perempuan")


def standing(page) -> tuple[str, str]:
    """n and m of Desa Janju as its page says them."""
    page.goto("/wilayah/64.01.04.2002/")
    return STANDING.search(page.locator("main").inner_text()).groups()


def test_what_the_village_records_and_the_office_verifies_moves_the_number(page_as, axe):
    village, officer = make.village(), make.officer()
    sewing, road = make.program(title="Kursus menjahit"), make.program(title="Jalan desa")
    make.activity(road, women_participants=0, men_participants=20, verified_by=officer)
    make.activity(sewing, women_participants=1, men_participants=20, verified_by=officer)

    office = page_as(officer)
    assert standing(office) == ("0", "2")

    head = page_as(make.village_head(village))
    head.goto("/kegiatan/catat/")
    head.get_by_label("Program", exact=True).select_option(str(sewing.pk))
    head.get_by_label("Nama kegiatan").fill("Kursus menjahit angkatan dua")
    head.get_by_label("Jenis kegiatan").select_option("training")
    present = head.get_by_role("group", name="Jumlah yang hadir")
    present.get_by_label("Perempuan").fill("25")
    present.get_by_label("Laki-laki").fill("10")
    head.get_by_role("button", name="Kirim").click()
    assert re.search(r"Nomor\s+6401-", head.locator("main").inner_text())
    axe(head)
    assert standing(office) == ("0", "2")

    office.goto("/periksa/")
    office.get_by_role("link", name="Kursus menjahit angkatan dua").click()
    office.wait_for_timeout(1100)  # a page just opened takes no decision for a second
    office.get_by_role("button", name="Terima").first.click()

    assert standing(office) == ("1", "2")
    assert standing(head) == ("1", "2")


def test_the_api_is_explained_without_another_host(page_as):
    page = page_as(make.officer())
    page.goto("/api/v1/docs/")
    page.locator(".opblock").first.wait_for(timeout=20_000)
    page.mouse.wheel(0, 1_500)  # so many operations are drawn only where they are looked at
    page.locator(".opblock").nth(10).wait_for(timeout=20_000)
