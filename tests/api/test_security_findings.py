"""What a security reading of the API's rooms found, each as the attack that it was."""

from __future__ import annotations

import base64
import io
import json
import socket
import time
import uuid
import zipfile
from contextlib import closing
from threading import Thread

import pytest
from django.utils import timezone

from accounts.services import create_token
from core import sheets
from core.downloads import XLSX_TYPE
from programs import webhooks
from programs.models import Delivery, ImportJob, Webhook
from programs.services import webhooks as acts
from programs.webhooks import posting, sending
from tests import make
from tests.sheets import sheet

pytestmark = [pytest.mark.alone, pytest.mark.django_db(transaction=True)]
HOOKS = "/api/v1/webhooks/"
IMPORTS = "/api/v1/imports/"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
ASKED = {"name": "a", "url": "http://127.0.0.1:9/", "events": ["activity.created"]}


def key(person, *scopes: str) -> dict[str, str]:
    made = create_token(person, name="Alat", scopes=scopes, days=5, actor=person)
    return {"HTTP_AUTHORIZATION": f"Bearer {made.key}"}


@pytest.fixture
def here(settings):
    settings.WEBHOOKS_TO_LOOPBACK = True


# -- Workbooks -------------------------------------------------------------------


def book(cells: str, shared: str = "") -> bytes:
    """The smallest workbook with this sheet and, as its shared texts, one text."""
    links = f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/s.xml"/>'
    links += f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1"'
        f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f"{links}</Relationships>",
        "xl/worksheets/s.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData>'
        "</worksheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>{shared}</t></si></sst>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0"?>{text}')
    return out.getvalue()


def far_cell() -> bytes:
    first = '<row r="1"><c r="A1"><v>1</v></c></row>'
    return book(f'{first}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def one_text_everywhere() -> bytes:
    """A text of a million letters in three thousand cells: three gigabytes out of 20 kB."""
    rows = (f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 3_001))
    return book("".join(rows), "x" * 1_000_000)


@pytest.mark.asvs("5.2.3", "1.4.1", "15.2.2")
@pytest.mark.parametrize("made", [far_cell, one_text_everywhere])
def test_a_workbook_that_asks_for_all_memory_breaks_nothing(client, made):
    data = made()
    assert len(data) < 100_000
    answer = client.post(
        IMPORTS, data, content_type=XLSX_TYPE, **key(make.village_head(), "activities:write")
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "unusable")
    with pytest.raises(sheets.Unusable):
        sheets.read_cells(data)


def test_a_plain_workbook_is_read_as_it_is():
    text = '<row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2"><v>19</v></c></row>'
    table = sheets.read_cells(book(text, "Désa"))
    rows = [["", "Désa", 19.0]]
    assert list(table.rows()) == list(table.rows()) == rows


def test_a_row_of_millions_of_columns_is_refused():
    with pytest.raises(sheets.Unusable):
        sheets.first_row(b"kode desa" + b";" * 1_000_000)


# -- Webhooks --------------------------------------------------------------------


def old_login(client) -> None:
    session = client.session
    session["began_at"] = time.time() - 3_600
    session.save()


def test_by_cookie_a_webhook_takes_a_fresh_login_as_on_the_pages(client, here):
    client.force_login(make.officer())
    made = client.post(HOOKS, ASKED, content_type="application/json")
    assert made.status_code == 201
    one = f"{HOOKS}{made.json()['uid']}/"
    old_login(client)
    calls = [
        client.post(HOOKS, ASKED, content_type="application/json"),
        client.patch(one, {"url": "http://127.0.0.1:10/"}, content_type="application/json"),
        client.post(f"{one}rotate/"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in calls] == [(403, "login_again")] * 3
    assert client.get(one).status_code == 200


def test_a_key_needs_its_scope_and_no_login(client, here):
    officer = make.officer()
    may = client.post(
        HOOKS, ASKED, content_type="application/json", **key(officer, "webhooks:manage")
    )
    may_not = client.post(
        HOOKS, ASKED, content_type="application/json", **key(officer, "data:read")
    )
    assert (may.status_code, may_not.status_code) == (201, 403)


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    found: list[str] = []

    def post(url, body, headers):
        found.append(json.loads(body)["type"])
        return posting.Answer(200, 0.1)

    monkeypatch.setattr(posting, "post", post)
    return found


def closed(officer):
    officer.is_active = False
    officer.save()


def without_task(officer):
    officer.grants.update(revoked_at=timezone.now())


@pytest.mark.parametrize("ended", [closed, without_task])
def test_what_waits_is_not_sent_once_its_owner_sees_it_no_more(here, sent, ended):
    officer = make.officer()
    acts.create_webhook(actor=officer, **ASKED)
    make.activity(make.program())
    webhooks.tell()
    ended(officer)
    webhooks.send()
    assert (Delivery.objects.count(), sent) == (1, [])


def test_what_waits_is_sent_to_who_still_sees_it(here, sent):
    acts.create_webhook(actor=make.officer(), **ASKED)
    make.activity(make.program())
    acts.send_example(Webhook.objects.get())
    webhooks.tell()
    while webhooks.send() == sending._SOON:
        pass
    assert sorted(sent) == ["activity.created", "webhook.test"]


def endless(listening: socket.socket, given: list[int]) -> None:
    """A receiver whose answer is one chunk of length -1, which never ends."""
    line, _address = listening.accept()
    with closing(line):
        line.recv(65_536)
        line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")
        try:
            while sum(given) < 50_000_000:
                given.append(line.send(b"x" * 65_536))
        except OSError:
            pass


def test_an_answer_without_end_is_not_read_to_its_end(here):
    given: list[int] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        Thread(target=endless, args=(listening, given), daemon=True).start()
        posting.post(f"http://127.0.0.1:{listening.getsockname()[1]}/", b"{}", {})
    assert sum(given) < 20_000_000  # what the network itself holds


# -- Lists and sheets ------------------------------------------------------------


def cursor(*mark) -> str:
    return base64.urlsafe_b64encode(json.dumps(mark).encode()).decode().rstrip("=")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
@pytest.mark.parametrize("way", ["n", "p"])
def test_a_cursor_at_the_end_of_time_breaks_nothing(client, way, moment):
    asked = {"cursor": cursor(way, moment, str(uuid.uuid4()))}
    answer = client.get(HOOKS, asked, **key(make.officer(), "webhooks:manage"))
    assert answer.status_code in (200, 400)


def test_a_cursor_beyond_all_numbers_is_refused(client):
    head = make.village_head()
    job = ImportJob.objects.create(actor=head, name="x", digest="", size=1)
    asked = {"cursor": cursor("n", 1, 10**30)}
    answer = client.get(f"{IMPORTS}{job.pk}/errors/", asked, **key(head, "activities:write"))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


def test_a_stopped_trial_is_not_kept(client):
    head = make.village_head()
    may = key(head, "activities:write")
    data = sheet(make.program(), 3)
    told = client.post(f"{IMPORTS}?dry_run=1", data, content_type="text/csv", **may).json()
    assert client.post(f"{IMPORTS}{told['uid']}/stop/", **may).status_code == 200
    assert ImportJob.objects.get().content is None


def test_a_body_of_unknown_names_is_not_answered_with_ten_times_its_size(client):
    body = {f"{n:x}": 1 for n in range(20_000)}
    may = key(make.officer(), "activities:write")
    record = make.activity(make.program())
    item = {"items": [{"uid": str(uuid.uuid4()), **body}]}
    calls = {
        "/api/v1/programs/": body,
        f"/api/v1/activities/{record.pk}/confirm/": body,
        "/api/v1/submissions/": item,
    }
    for path, sent in calls.items():
        answer = client.post(path, sent, content_type="application/json", **may)
        assert b"unknown_field" in answer.content, path
        assert len(answer.content) < 50_000, path
