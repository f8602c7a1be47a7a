"""Partners: one of each name, changed over the version that was seen, ended when nothing runs."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.identifiers import uuid7
from mou.intake_agreements import AGREEMENTS, PARTNERS
from mou.models import Agreement, Partner
from mou.services import partners
from programs.intake import take_in, take_over, tried
from tests import make
from tests.mou import made_agreements as made

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def office(client):
    client.force_login(make.officer())
    return client


def sheet(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def test_a_partner_is_entered_once_and_found_again(office):
    said = {"uid": str(uuid7()), "name": "PPDI Paser", "kind": "association"}
    said |= {"regency": "64.01", "acronym": "PPDI"}
    for _again in range(2):
        assert office.post(reverse("mou:partner-new"), said).status_code == 302
    twin = office.post(
        reverse("mou:partner-new"), {**said, "uid": str(uuid7()), "name": "ppdi paser"}
    )
    assert twin.status_code == 422
    assert "name" in twin.context["form"].errors
    assert "PPDI Paser" in office.get(reverse("mou:partner-list"), {"search": "ppdi"}).text
    assert "PPDI Paser" not in office.get(reverse("mou:partner-list"), {"kind": "media"}).text
    found = office.get(reverse("mou:partner-list"), {"format": "csv"})
    assert b"PPDI Paser" in b"".join(found.streaming_content)


def test_a_partner_is_changed_over_the_version_that_was_seen(office):
    tpp = made.partner()
    said = {"name": "TPP Paser", "kind": "facilitators", "version": 1}
    address = reverse("mou:partner-edit", args=[tpp.pk])
    assert office.post(address, said).status_code == 302
    assert office.post(address, {**said, "name": "Lain"}).status_code == 409
    tpp.refresh_from_db()
    assert (tpp.name, tpp.version) == ("TPP Paser", 2)


def test_a_partner_ends_when_no_agreement_with_it_runs():
    tpp, today = made.partner(), timezone.localdate()
    one = made.agreement(tpp, starts_on=today - timedelta(30), ends_on=today)
    for on, code in ((today + timedelta(1), "future"), (today, "in_use")):
        with pytest.raises(Refused) as refused:
            partners.end_partner(tpp, actor=None, version=1, on=on)
        assert refused.value.code == code
    Agreement.objects.filter(pk=one.pk).update(ends_on=today - timedelta(1))
    assert partners.end_partner(tpp, actor=None, version=1, on=today).ended_on == today


def test_everybody_of_the_regency_reads_partners_and_its_office_alone_keeps_them(client):
    tpp = made.partner()
    detail = reverse("mou:partner", args=[tpp.pk])
    client.force_login(make.village_head())
    assert client.get(detail).status_code == 200
    assert client.get(reverse("mou:partner-edit", args=[tpp.pk])).status_code == 403
    assert client.get(reverse("mou:partner-new")).status_code == 403
    client.force_login(make.village_head(make.village("64.02.01.2001", "Lain")))
    assert client.get(detail).status_code == 404


def test_partners_and_agreements_come_in_as_sheets():
    officer = make.officer()
    make.opd("DP2KBP3A")
    rows = sheet("name;acronym;kind", "Persatuan Perangkat Desa;PPDI;Perkumpulan")
    take_over(PARTNERS, take_in(PARTNERS, rows, "mitra.csv", actor=officer), actor=officer)
    assert Partner.objects.get().kind == "association"
    head = "title;form;first;second;second_name;signed_on;source"
    good = f"{head}\nPercepatan PUG;joint;DP2KBP3A;ppdi;M. Yunus;15-7-2022;Berita"
    kept = take_in(AGREEMENTS, sheet(good), "perjanjian.csv", actor=officer)
    assert tried(AGREEMENTS, kept, actor=officer).problems == ()
    assert not Agreement.objects.exists()
    take_over(AGREEMENTS, kept, actor=officer)
    one = Agreement.objects.get()
    assert (one.confirmed_at, one.signed_on) == (None, date(2022, 7, 15))
    assert [str(party) for party in one.parties.all()] == ["DP2KBP3A", "PPDI"]
    bad = f"{good}\nB;joint;Tidak Ada;PPDI;;;\nC;joint;DP2KBP3A;PPDI;;1-1-2022;"
    kept = take_in(AGREEMENTS, sheet(bad), "perjanjian.csv", actor=officer)
    found = tried(AGREEMENTS, kept, actor=officer).problems
    assert [(one.number, one.cell) for one in found] == [
        (2, "Percepatan PUG"),
        (3, "Tidak Ada"),
        (4, ""),
    ]
