"""Hostile texts through the doors people write by, looked for wherever the portal shows them."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.test import Client

from accounts.services import create_token
from core.identifiers import uuid7
from core.sheets import read_cells
from core.tables import Column, Table
from programs.models import Activity, Program
from tests import make

pytestmark = [pytest.mark.once, pytest.mark.django_db]
EVIL_TAG = "zz-evil"
XSS = [
    f"<script>{EVIL_TAG}()</script>",
    f'"><img src=x onerror={EVIL_TAG}()>',
    f"'><svg/onload={EVIL_TAG}()>",
    f"javascript:{EVIL_TAG}()",
    f"</title></textarea></script><script>{EVIL_TAG}()</script>",
    f"{{{{ {EVIL_TAG} }}}}{{% include '/etc/passwd' %}}",
    f'<a href="data:text/html,{EVIL_TAG}">x</a>',
    f"\u2028<iframe srcdoc='{EVIL_TAG}'>",
]
#: What spreadsheets run: 30 beginnings and tricks.
FORMULAS = [
    *("=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://e")'),
    *("\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "＝1+1", "＋1", "－1", "＠SUM(1)", '="a"&"b"'),
    *('=IMPORTXML("http://e","//a")', '=WEBSERVICE("http://e")', '=DDE("cmd","/C")'),
    *("-2+3+cmd|' /C calc'!A0", "+A1", "=A1:A9", "@A1", "=1;2", "=1,2", "==1", "=-1", "=+1"),
    *("'=1+1", "\x00=1+1", "\x7f=1+1"),
]
BEGINS = re.compile(r"[=+\-@\t\r＝＋－＠]")


class Seen(HTMLParser):
    """Elements and attributes of a page that a hostile text has made, were there any."""

    def __init__(self):
        super().__init__()
        self.bad: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            runs = name.startswith("on") or name == "srcdoc"
            leads = name in ("href", "src", "action") and re.match(
                r"\s*(javascript|data):", value or "", re.I
            )
            if EVIL_TAG in (value or "") and (runs or leads):
                self.bad.append(f"<{tag} {name}={value}>")
        if tag in ("iframe", "object", "embed"):
            self.bad.append(f"<{tag}>")

    def handle_data(self, data):
        if self.lasttag == "script" and EVIL_TAG in data and "application/json" not in data:
            self.texts.append(data)


def troubles(page: str) -> list[str]:
    seen = Seen()
    seen.feed(page)
    bare = re.findall(rf"<script>{EVIL_TAG}|<img src=x|<svg/onload|<iframe|<a href=\"data:", page)
    return [*seen.bad, *bare]


def world():
    """One of each hostile text in every text field that a village and an office fill in."""
    village, officer = make.village(), make.officer()
    writer = make.village_head(village)
    program = make.program(village, title=XSS[0], owner_village=village)
    texts = [text.replace("\u2028", " ") for text in XSS]
    made = [make.activity(program, village, author=writer, title=text[:150]) for text in texts]
    for text in texts:
        create_token(writer, name=text[:80], scopes=["data:read"], days=5, actor=writer)
    return village, officer, writer, program, made


def pages_of(program, made) -> list[str]:
    one = [f"/kegiatan/{row.pk}/" for row in made]
    one += [f"/kegiatan/{row.pk}/tanda-terima/" for row in made[:2]]
    return [
        *("/kegiatan/", "/program/", "/kunci/", "/kegiatan/baru/", "/kegiatan/?search=" + XSS[1]),
        *(f"/program/{program.pk}/", "/masuk/?next=" + XSS[1], "/kegiatan/?village=" + XSS[2]),
        *one,
    ]


@pytest.mark.asvs("1.2.1", "1.2.3", "1.1.2", "1.3.7", "1.2.2")
def test_hostile_texts_are_shown_as_texts_and_nothing_else():
    _village, officer, writer, program, made = world()
    shown = 0
    for person in (writer, officer):
        client = Client(raise_request_exception=False)
        client.force_login(person)
        for address in pages_of(program, made):
            answer = client.get(address)
            assert answer.status_code < 500, address
            page = answer.content.decode()
            assert troubles(page) == [], address
            shown += page.count(EVIL_TAG)
    assert shown > 40  # they were on the pages


def test_the_search_for_them_can_fail():
    for text in (XSS[0], XSS[1], XSS[2], XSS[6], XSS[7]):
        assert troubles(f"<p>{text}</p>"), text
    assert troubles(f'<a href="javascript:{EVIL_TAG}()">x</a>')


@pytest.mark.asvs("1.2.1", "4.1.1")
def test_the_api_gives_them_as_json_that_no_browser_takes_for_a_page():
    _village, _officer, writer, _program, made = world()
    client = Client()
    client.force_login(writer)
    answer = client.get("/api/v1/activities/?limit=50")
    assert answer["Content-Type"].startswith("application/json")
    assert answer["X-Content-Type-Options"] == "nosniff"
    told = json.dumps(answer.json(), ensure_ascii=False)
    assert [row.title for row in made if json.dumps(row.title)[1:-1] not in told] == []


# -- Formulas out ------------------------------------------------------------------


def storable(text: str) -> str:
    return text.replace("\x00", "").strip()


@pytest.fixture
def filled():
    """The head of a village whose records carry every formula in title and place."""
    assert len(FORMULAS) == 30
    village = make.village()
    writer, program = make.village_head(village), make.program(village)
    for text in FORMULAS:
        if storable(text):
            make.activity(program, village, author=writer, title=f"{storable(text)}", place="=1+1")
    client = Client()
    client.force_login(writer)
    return client


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


EXPORTS = ["/kegiatan/?format=", "/program/?format=", "/api/v1/activities/?format="]


@pytest.mark.asvs("1.2.10")
@pytest.mark.parametrize("address", EXPORTS)
def test_no_cell_of_a_csv_begins_as_a_formula(filled, address):
    rows = list(csv.reader(io.StringIO(body(filled.get(f"{address}csv")).decode("utf-8-sig"))))
    assert len(rows) > 1
    risky = [cell for row in rows for cell in row if BEGINS.match(cell) and not _is_number(cell)]
    assert risky == []


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None


@pytest.mark.asvs("1.2.10")
def test_no_cell_of_a_workbook_is_a_formula(filled):
    import zipfile

    content = body(filled.get("/kegiatan/?format=xlsx"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if "worksheets/" in name]
        texts = [archive.read(name).decode() for name in sheets]
    assert not any(re.search(r"<f[ >/]|t=\"str\"", text) for text in texts)
    assert sum(text.count('t="inlineStr"') for text in texts) > 30
    assert list(read_cells(content).rows())


@pytest.mark.asvs("1.2.10")
@pytest.mark.parametrize("text", FORMULAS)
def test_each_formula_of_the_corpus_is_made_harmless(text):
    from core.csvs import Counted, csv_blocks

    table = Table("x", "X", [Column("a", "A")], [(text,)])
    made = b"".join(csv_blocks(table, Counted())).decode("utf-8-sig")
    [_head, [cell, *_notes]] = list(csv.reader(io.StringIO(made)))
    assert not BEGINS.match(cell)


# -- File names out ----------------------------------------------------------------


@pytest.mark.asvs("5.4.2", "5.4.1")
@pytest.mark.parametrize(
    "name",
    [
        *(
            'a"; filename="evil.exe',
            "a\r\nSet-Cookie: x=1.pdf",
            "../../etc/passwd",
            "..\\..\\a.pdf",
        ),
        *("Laporan é ñ 日本.pdf", "/etc/passwd\x00.pdf", "." * 300, "con.pdf.exe", "a%0d%0ab.pdf"),
    ],
)
def test_names_of_files_go_out_as_one_name(settings, tmp_path, name):
    from programs import files
    from programs.views.shared import kept_file

    settings.MEDIA_ROOT = tmp_path
    digest = files.kept(b"%PDF-1.4 %%EOF")
    answer = kept_file(digest, files.file_name_of(name, files.PDF), files.PDF)
    told = answer["Content-Disposition"]
    answer.close()
    assert told.startswith("attachment; filename")
    assert not re.search(r"[\r\n\x00/\\]|\.\.|\.exe(?!\.)\b\"?$", told)
    assert len(re.findall(r"filename\*?=", told)) == 1
    assert told.rstrip('"').endswith(".pdf")


# -- Letters, logs and addresses ------------------------------------------------------


@pytest.mark.asvs("1.3.11")
def test_no_header_of_a_letter_can_be_written_by_a_name():
    from django.core.mail import BadHeaderError, EmailMessage

    with pytest.raises(BadHeaderError):
        EmailMessage("x\nBcc: all@evil.example", "a", None, ["a@b.example"]).send()
    assert mail.outbox == []


@pytest.fixture
def written(monkeypatch):
    """What the log's own handler writes, formatted and filtered as in service."""
    [handler] = [h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler]
    out = io.StringIO()
    monkeypatch.setattr(handler, "stream", out)
    return out


@pytest.mark.asvs("16.2.5", "14.2.1", "16.4.1", "16.2.2", "16.2.4", "16.2.3")
def test_no_secret_and_no_forged_line_reaches_the_log(written):
    head, officer = make.village_head(), make.officer()
    link = make.link(head)
    key = create_token(head, name="x", scopes=["data:read"], days=5, actor=head).key
    secrets = [link.secret, key, "wrong-pass-4711", make.PASSWORD]
    client = Client(raise_request_exception=False)
    client.get(f"/masuk/tautan/{link.secret}/")
    client.get(f"/masuk/tautan/{link.secret[:-1]}x/")
    client.post("/masuk/", {"username": head.username, "password": "wrong-pass-4711"})
    client.post("/masuk/", {"username": "wrong-pass-4711", "password": make.PASSWORD})
    client.post("/masuk/", {"username": head.username, "password": make.PASSWORD})
    secrets.append(client.session.session_key)
    for way in ({"authorization": f"Bearer {key}"}, {"authorization": f"Bearer {key[:-1]}"}):
        Client().get("/api/v1/session/", headers=way)
        Client().get(f"/api/v1/activities/?token={key}", headers=way)
    client.get("/nothing/%0a2026-01-01T00:00:00Z%20ERROR%20forged%0d")
    client.get("/kegiatan/?search=Siti+Rahasia")
    officers = Client()
    officers.force_login(officer)
    officers.get(f"/kelola/pengguna/{uuid7()}/")
    lines = written.getvalue()
    assert lines.count("\n") >= 2
    assert [secret for secret in secrets if secret in lines] == []
    assert "Siti" not in lines
    assert not re.search(r"^2026-01-01T00:00:00Z ERROR forged", lines, re.M)
    for line in lines.splitlines():
        assert re.match(r"\{|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ", line), line


@pytest.mark.asvs("14.2.1")
def test_addresses_carry_no_secret_that_a_key_in_them_would_open():
    head = make.village_head()
    key = create_token(head, name="x", scopes=["activities:read"], days=5, actor=head).key
    for way in ("token", "key", "api_key", "access_token"):
        assert Client().get(f"/api/v1/activities/?{way}={key}").status_code == 401


@pytest.mark.asvs("1.2.4", "2.2.1")
@pytest.mark.parametrize(
    "text", ["' OR 1=1 --", '"; DROP TABLE x; --', "%' AND 1=0 UNION SELECT", "\\", "%", "_", "1)("]
)
def test_texts_of_sql_are_texts(text):
    village = make.village()
    head, program = make.village_head(village), make.program(village)
    make.activity(program, village, author=head, title="Pelatihan")
    client = Client(raise_request_exception=False)
    client.force_login(head)
    before = (Activity.objects.count(), Program.objects.count())
    for address in ("/kegiatan/", "/program/", "/api/v1/activities/", "/api/v1/programs/"):
        answer = client.get(address, {"search": text})
        assert answer.status_code in (200, 400), address
        if address == "/api/v1/activities/":
            assert json.loads(answer.content)["results"] == []
    assert before == (Activity.objects.count(), Program.objects.count())
