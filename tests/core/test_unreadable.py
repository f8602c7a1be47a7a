"""Addresses no database can keep: refused at the door with a page, never a fault of ours."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db

PAGES = [
    "/kegiatan/?district=%00",
    "/kegiatan/?village=64.01.04%00",
    "/kegiatan/catat/?search=%00",
    "/program/?%00=1",
    "/program/?district=%00",
    "/program/desa/baru/?village=%00",
    "/periksa/?village=%00",
    "/wilayah/64.01.04.20%00%00/",
    "/kelola/?search=a%00b",
]
TOOLS = [
    "/api/v1/villages/?search=%00",
    "/api/v1/villages.geojson?district=%00",
    "/api/v1/programs/?village=%00",
    "/api/v1/involvement/summary/?area=%00%00%00%00%00",
    "/api/v1/involvement/villages/?district=%00%00%00%00%00%00%00%00",
    "/api/v1/submissions/%00/",
]


@pytest.fixture
def officer(client):
    client.raise_request_exception = False
    client.force_login(make.officer())
    return client


@pytest.mark.asvs("1.1.1", "1.3.3")
@pytest.mark.parametrize("address", PAGES)
def test_page_with_nul_in_its_address_is_400(officer, address):
    answer = officer.get(address)

    assert answer.status_code == 400
    assert "tidak terbaca" in answer.content.decode()
    assert answer["X-Request-ID"]


@pytest.mark.parametrize("address", TOOLS)
def test_api_with_nul_in_its_address_is_a_problem(officer, address):
    answer = officer.get(address)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == "bad_request"


def test_cookie_with_nul_is_400(client):
    """Browsers write odd signs in cookies as octal figures, and so can anybody."""
    client.raise_request_exception = False
    for name in ("sessionid", "csrftoken", "other"):
        answer = client.get("/masuk/", headers={"cookie": rf'{name}="\000abcdefghijkl"'})
        assert answer.status_code == 400, name


@pytest.mark.asvs("1.1.1")
@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "utf-16", "iso-8859-1"])
def test_only_utf8_is_read(officer, charset):
    answer = officer.get("/kegiatan/?search=a", headers={"content-type": f"a/b; charset={charset}"})
    assert answer.status_code == 400


def test_utf8_is_read_whatever_it_says(officer):
    kind = "text/html; charset=UTF8"
    assert (
        officer.get("/kegiatan/?search=%C3%A9", headers={"content-type": kind}).status_code == 200
    )
    assert officer.get("/kegiatan/?search=%ED%A0%80").status_code == 200  # no character: shown as �


def test_refusal_asks_nothing_of_the_database(officer, django_assert_num_queries):
    with django_assert_num_queries(0):
        officer.get("/kegiatan/?search=%00")
