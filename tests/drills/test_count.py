"""The count turns red for each way in which two sides can differ, and for nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from drills import book, ledger
from drills.ledger import Held
from drills.phones import Answer, Tally, receipts_in
from drills.records import NUMBERS

pytestmark = pytest.mark.tree

NAMES = ["a", "b", "c"]
SUMS = dict.fromkeys(NUMBERS, 7)
WELL = Held([(one, one) for one in NAMES], dict(SUMS), [*NAMES], [*NAMES], 3, {*NAMES, "program"})


def count(now=WELL, *, sent=NAMES, acked=NAMES, sums=SUMS):
    return ledger.close("R00", sent, acked, now, sums=sums, tries=3, faults={})


def without(name: str) -> Held:
    rest = [one for one in NAMES if one != name]
    return replace(WELL, rows=[(one, one) for one in rest], audits=rest, feed=rest, receipts=2)


def test_even_sides_pass():
    found = count()
    assert found.broken == []
    assert str(found).startswith(
        "R00 S=3 tries=3 A=3 T=3 lost=0 double=0 phantom=0 pending=0 faults={} seconds=0"
    )


@pytest.mark.parametrize(
    ("now", "what", "how_many"),
    [
        (without("b"), "lost", 1),
        (replace(WELL, rows=[*WELL.rows, ("a", "other uid")]), "double", 1),
        (replace(WELL, rows=[*WELL.rows, ("d", "d")]), "phantom", 1),
    ],
)
def test_records_that_differ(now, what, how_many):
    found = count(now)
    assert getattr(found, what) == how_many
    assert "the sides differ" in found.broken


def test_record_without_receipt_is_pending():
    found = count(acked=["a", "b"])
    assert found.pending == 1
    assert "the sides differ" in found.broken


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (replace(WELL, audits=["a", "b"]), "audit creates 2"),
        (replace(WELL, audits=["a", "b", "c", "c"]), "audit creates 4"),
        (replace(WELL, feed=["a", "b"]), "feed 2"),
        (replace(WELL, receipts=2), "receipt numbers 2"),
        (replace(WELL, followed={"a"}), "a consumer heard of 1"),
        (replace(WELL, sums=SUMS | {"elderly": 6}), "elderly 6 instead of 7"),
    ],
)
def test_what_belongs_to_a_record(now, said):
    assert count(now).broken == [said]


def test_nothing_sent_proves_nothing():
    empty = Held([], dict.fromkeys(NUMBERS, 0), [], [], 0)
    found = count(empty, sent=[], acked=[], sums=dict.fromkeys(NUMBERS, 0))
    assert found.broken == ["nothing was sent"]


def test_reader_who_is_hung_up_on_asks_for_the_same_page_again():
    pages = {
        "limit=200": {"results": [{"uid": "a", "op": "created"}], "cursor": "2", "more": True},
        "limit=200&cursor=2": {"results": [{"uid": "b", "op": "created"}], "cursor": "3"},
    }
    hung_up = []

    class Feed(BaseHTTPRequestHandler):
        def do_GET(self):
            query = self.path.partition("?")[2]
            if query not in hung_up:
                hung_up.append(query)
                return
            body = json.dumps({"more": False, **pages[query]}).encode()
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

        def log_message(self, *words):
            pass

    with HTTPServer(("127.0.0.1", 0), Feed) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        assert ledger.followed(f"http://127.0.0.1:{server.server_port}", "key") == {"a", "b"}
        server.shutdown()
    assert hung_up == [*pages]


def test_only_the_newest_lines_are_kept(tmp_path):
    file = tmp_path / "ledger.jsonl"
    for number in range(ledger.KEPT + 5):
        ledger.write(replace(count(), tries=number), file)
    ledger.write(replace(count(), id="K1"), file)
    lines = [json.loads(one) for one in file.read_text().splitlines()]
    assert [one["tries"] for one in lines[:-1]] == list(range(5, ledger.KEPT + 5))
    assert [one.split()[0] for one in book.newest(file.read_text())] == ["R00", "K1"]


PROBLEM = {"content-type": "application/problem+json"}


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (Answer(200, {}, b"{}"), None),
        (Answer(503, PROBLEM | {"retry-after": "5"}, b"{}"), None),
        (Answer(503, PROBLEM, b"{}"), "503 without Retry-After"),
        (Answer(502, {"content-type": "text/html"}, b""), "502 that is no problem document"),
        (Answer(500, PROBLEM, b"x"), "500: b'x'"),
    ],
)
def test_what_no_fault_excuses(answer, trouble):
    tally = Tally()
    tally.note(answer, 0.1)
    assert list(tally.troubles) == ([trouble] if trouble else [])


@pytest.mark.parametrize("body", [b"<html>Selamat datang!</html>", b"[]", b'{"results": 1}', b""])
def test_a_200_of_somebody_else_is_no_receipt(body):
    assert receipts_in(Answer(200, {}, body)) == {}
