"""/desa/bantuan/: whom to call, six how-tos, a report that is written already."""

from urllib.parse import parse_qs, urlsplit

import pytest

from programs.phone.contacts import Contact
from tests import make

pytestmark = pytest.mark.django_db
PATH = "/desa/bantuan/"


@pytest.fixture
def head(client):
    person = make.village_head()
    client.force_login(person)
    return person


def facilitator(phone: str = "0812-345 678"):
    person = make.person("facilitator", village=make.village())
    person.name, person.phone = "Sri Wahyuni", phone
    person.save(update_fields=["name", "phone"])


def links(page) -> list[str]:
    return [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]]


def test_the_facilitator_can_be_called_and_written_to(client, head):
    facilitator()
    page = client.get(PATH).content.decode()
    assert "Sri Wahyuni" in page
    assert {"tel:0812345678", "https://wa.me/62812345678"} <= set(links(page))


def test_the_report_names_her_and_her_village(client, head):
    facilitator()
    [report] = [one for one in links(client.get(PATH).content.decode()) if "?text=" in one]
    assert report.startswith("https://wa.me/62812345678")
    [text] = parse_qs(urlsplit(report).query)["text"]
    assert head.name in text
    assert "Desa Janju" in text


def test_without_any_number_it_says_where_to_ask(client, head):
    page = client.get(PATH).content.decode()
    assert "data-no-contacts>" in page
    assert "data-contacts hidden" in page


def test_six_how_tos_each_with_a_drawing(client, head):
    page = client.get(PATH).content.decode()
    assert page.count('<details class="how">') == 6
    assert page.count('class="drawing"') == 6


def test_it_says_what_the_village_plan_is_and_where(client, head):
    page = client.get(PATH).content.decode()
    assert "GAP Desa adalah satu halaman untuk satu kegiatan" in page
    assert "“Perencanaan desa (GAP)”" in page


def test_the_shell_of_it_names_nobody(client, head):
    facilitator()
    client.logout()
    page = client.get("/desa/cangkang/help/").content.decode()
    assert page.count('<details class="how">') == 6
    assert "Sri Wahyuni" not in page
    assert "62812345678" not in page


@pytest.mark.parametrize(
    ("phone", "dialled", "abroad"),
    [
        ("0812 345-678", "0812345678", "62812345678"),
        ("+62 812 345", "+62812345", "62812345"),
        ("(0543) 21.345", "054321345", "6254321345"),
        ("", "", ""),
    ],
)
def test_numbers_as_phones_and_whatsapp_want_them(phone, dialled, abroad):
    contact = Contact("Sri", phone, "facilitator", "Pendamping")
    assert (contact.dialled, contact.abroad) == (dialled, abroad)
