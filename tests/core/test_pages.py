"""The frame of every page: language, menu, sample banner, and the plain pages of trouble."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import path

from core import trouble
from dashboards.context import Portal, regency_name
from pug_portal.urls import handler400, handler403, handler404, handler500  # noqa: F401
from pug_portal.urls import urlpatterns as ours
from tests import make


def refuse(request):
    raise PermissionDenied


def misread(request):
    raise SuspiciousOperation


def fall(request):
    raise RuntimeError("a fault of ours")


def page(request):
    text = "{% extends 'base.html' %}{% block title %}Kegiatan & rapat{% endblock %}"
    template = engines["django"].from_string(text)
    return HttpResponse(template.render({"form": getattr(request, "form", None)}, request))


urlpatterns = [
    *ours,
    path("uji/refuse/", refuse),
    path("uji/misread/", misread),
    path("uji/fall/", fall),
    path("uji/page/", page),
    path("api/uji/fall/", fall),
]


@pytest.fixture
def visitor():
    """A browser that gets the page of trouble instead of the exception."""
    return Client(raise_request_exception=False)


def heading(response) -> str:
    [text] = re.findall(r"<h1>(.*?)</h1>", response.content.decode(), re.S)
    return text.strip()


class Balance(HTMLParser):
    """Fails when elements are not closed in the order in which they were opened."""

    VOID = {"meta", "link", "input", "br", "hr", "img"}  # noqa: RUF012

    def __init__(self, html: str):
        super().__init__()
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


# -- Trouble -------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/uji/refuse/", 403, "Ini bukan bagian tugas Anda"),
        ("/uji/misread/", 400, "Kiriman ini tidak terbaca"),
        ("/uji/fall/", 500, "Ada gangguan di pihak kami"),
        ("/tidak/ada/", 404, "Halaman ini tidak ada"),
    ],
)
def test_trouble_is_told_in_plain_words(visitor, address, status, words):
    visitor.force_login(make.officer())
    response = visitor.get(address)
    html = response.content.decode()
    assert response.status_code == status
    assert heading(response) == words
    assert f"<title>{words} – Portal PUG" in html
    assert str(status) not in re.sub(r"<[^>]+>", " ", html)  # no code numbers for people
    Balance(html)


@pytest.mark.urls(__name__)
def test_stale_page_says_what_became_of_the_answers():
    visitor = Client(enforce_csrf_checks=True)
    response = visitor.post("/bahasa/", {"language": "en"})
    assert response.status_code == 403
    assert heading(response) == "Halaman ini terlalu lama terbuka"
    assert "isian masih ada" in response.content.decode()


def test_broken_page_needs_neither_database_nor_person():
    """pytest-django forbids the database here; the request has no user at all."""
    response = trouble.broken(RequestFactory().get("/ringkasan/"))
    assert response.status_code == 500
    assert "Ada gangguan di pihak kami" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_tools_get_a_problem_and_not_a_page(visitor):
    visitor.force_login(make.officer())
    response = visitor.get("/api/uji/fall/")
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["status"] == 500


# -- Language ------------------------------------------------------------------


@pytest.mark.urls(__name__)
def test_language_is_remembered(client):
    response = client.post("/bahasa/", {"language": "en", "next": "/tidak/ada/?a=1"})
    assert response.status_code == 302
    assert response["Location"] == "/tidak/ada/?a=1"
    cookie = response.cookies["django_language"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("en", "Lax", True)
    html = client.get("/tidak/ada/").content.decode()
    assert '<html lang="en">' in html
    assert "This page is not here" in html
    client.post("/bahasa/", {"language": "id"})
    assert '<html lang="id">' in client.get("/tidak/ada/").content.decode()


@pytest.mark.asvs("3.7.2")
@pytest.mark.parametrize(
    "elsewhere", ["https://jahat.example/", "//jahat.example/", "javascript:alert(1)", "\\\\x", ""]
)
def test_language_switch_leads_to_no_other_place(client, elsewhere):
    response = client.post("/bahasa/", {"language": "en", "next": elsewhere})
    assert response["Location"] == "/"


def test_unknown_language_is_not_kept(client):
    response = client.post("/bahasa/", {"language": "xx<script>", "next": "/"})
    assert response.status_code == 302
    assert "django_language" not in response.cookies


def test_language_is_changed_by_post_only(client):
    assert client.get("/bahasa/").status_code == 405


# -- The frame -----------------------------------------------------------------


@pytest.mark.asvs("1.1.2")
@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_heading_is_the_title_and_escaped_once(client):
    client.force_login(make.officer())
    response = client.get("/uji/page/")
    assert heading(response) == "Kegiatan & rapat"
    assert "Kegiatan & rapat – Portal PUG Paser" in response.content.decode()


def test_title_of_a_form_with_errors_says_so():
    text = "{% extends 'base.html' %}{% block title %}Catat{% endblock %}"
    html = engines["django"].from_string(text).render({"form": {"errors": {"a": ["b"]}}})
    assert "<title>Ada kesalahan: Catat – Portal PUG" in html


def menu(person, at: str = "/") -> list[tuple[str, bool]]:
    request = RequestFactory().get(at)
    request.user = person
    return [(link.label, link.current) for link in Portal(request).links]


OFFICE = "Program|Peta|Laporan|Perencanaan|Perjanjian|Indeks|Unduh"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "area", "words"),
    [
        ("village_head", "village", "Beranda|Catat|Kegiatan saya|Capaian|Bantuan"),
        ("facilitator", "village", "Desa dampingan|Catat|Kegiatan saya|Bantuan"),
        (
            "officer",
            "regency",
            f"Ringkasan|Desa|Kegiatan|Periksa|{OFFICE}|Kelola",
        ),
        (
            "district_officer",
            "district",
            f"Ringkasan|Desa|Kegiatan|Periksa|{OFFICE}",
        ),
        (
            "leader",
            "regency",
            f"Satu halaman|Ringkasan|Desa|Kegiatan|{OFFICE}",
        ),
        (None, "", ""),
    ],
)
def test_menu_holds_what_the_role_may_do(role, area, words):
    place = {area: getattr(make, area)()} if role else {}
    assert [label for label, _ in menu(make.person(role, **place))] == [
        word for word in words.split("|") if word
    ]


@pytest.mark.django_db
def test_menu_marks_the_nearest_entry():
    head = make.village_head()
    assert ("Catat", True) in menu(head, "/desa/catat/")
    assert ("Beranda", False) in menu(head, "/desa/catat/")
    assert ("Kegiatan saya", True) in menu(head, "/desa/kegiatan/")
    assert ("Capaian", True) in menu(head, "/desa/capaian/")
    assert ("Beranda", True) in menu(head, "/desa/")
    assert not any(current for _, current in menu(head, "/kata-sandi/"))


@pytest.mark.django_db
def test_frame_of_the_phone_for_nobody_says_no_name():
    request = RequestFactory().get("/desa/catat/")
    request.user = make.village_head()
    request.phone_shell = True
    portal = Portal(request)
    assert [link.label for link in portal.links if link.current] == ["Catat"]
    assert portal.user is None
    assert portal.grants == []


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_frame_asks_nothing_beyond_the_grants(django_assert_num_queries):
    person = make.officer()
    request = RequestFactory().get("/uji/page/")
    request.user, request.LANGUAGE_CODE = person, "id"
    request._messages = []
    with django_assert_num_queries(1):  # her grants
        assert "Kelola" in page(request).content.decode()


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("demo", [True, False])
def test_sample_banner_stands_on_a_demo_only(client, settings, demo):
    settings.PUG_DEMO = demo
    client.force_login(make.officer())
    assert ("Data contoh." in client.get("/uji/page/").content.decode()) is demo


def test_name_of_the_regency_comes_from_the_shipped_list():
    assert regency_name("64.01") == "Kabupaten Paser"
    assert regency_name("99.99") == ""


@pytest.mark.parametrize("odd", [")", "home", "core:home", "a b", "http://[", "a.b"])
def test_an_address_that_is_none_leads_somewhere_and_breaks_nothing(client, odd):
    answer = client.post("/bahasa/", {"language": "id", "next": odd})
    assert answer.status_code == 302
    assert "://" not in answer["Location"]
