"""What stands beside the number: agreements, facilitators, seats, scorecards, indices."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from dashboards.areas import find_area
from dashboards.wider import area_wider, village_wider
from tests import make
from tests.indicators import made_seats
from tests.mou import made_agreements
from villages.models import Village

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def officer():
    return make.officer()


def test_an_area_says_how_many_villages_are_covered_and_who_sits_where(officer):
    janju = make.village()
    far = make.village("64.01.05.2002", "Lolo")
    made_agreements.agreement(made_agreements.partner(), by=officer, areas=[janju.district])
    make.person("facilitator", village=janju)
    make.person("facilitator", district=far.district)  # a whole district is nobody's own
    made_seats.seats(janju, year=2026, seats={"bpd": (2, 7)}, verified_by=officer)
    made_seats.seats(far, year=2026, seats={"bpd": (0, 5)}, verified_by=officer)
    area = find_area(officer, "64.01")
    shown = area_wider(area, Village.objects.visible_to(officer), 2026, "verified", TODAY)
    assert shown.covered == (1, 2)
    assert shown.accompanied == (1, 2)
    [(_label, bpd)] = shown.bodies
    assert (bpd.pair, bpd.without) == ((2, 12), 1)


def test_the_regency_shows_its_indices_with_their_sources(client, officer):
    make.village()
    call_command("import_indicators", stdout=StringIO())
    client.force_login(officer)
    page = client.get("/wilayah/64.01/").content.decode()
    assert "71,98" in page
    assert "dkp3a.kaltimprov.go.id" in page
    assert "Belum ada angka untuk kabupaten ini." in page  # IKG


def test_a_village_shows_its_seats_cards_and_companions(client, officer):
    janju, year = make.village(), timezone.localdate().year
    call_command("import_indicators", stdout=StringIO())
    made_seats.seats(janju, year=year, seats={"bpd": (1, 7)}, verified_by=officer)
    made_agreements.agreement(
        made_agreements.partner(), by=officer, title="Pendampingan", open_ended=True, ends_on=None
    )
    pld = make.person("facilitator", village=janju)
    shown = village_wider(janju, year, "verified", timezone.localdate())
    assert shown.seats.bpd.now == (1, 7)
    assert {card.instrument.key for card in shown.cards} == {"drppa", "sdgs5", "drg"}
    client.force_login(officer)
    page = client.get(f"/wilayah/{janju.code}/?year={year}").content.decode()
    for words in ("Pendampingan", pld.name, "Syarat hukum", "Belum diisi"):
        assert words in page
