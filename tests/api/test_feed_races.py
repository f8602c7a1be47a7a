"""Writers that commit late: the feed misses nothing, and consumers by a column miss lines."""

from __future__ import annotations

import os
import random
import time
from datetime import date
from threading import Event, Thread

import pytest
from django.db import connection, connections, transaction

from programs.models import Change
from programs.services import submit_activities
from tests import make
from tests.browser.phone import book

from .following import Naive, Settled

pytestmark = [pytest.mark.alone, pytest.mark.django_db(transaction=True)]
postgres = pytest.mark.postgres


@pytest.fixture
def places():
    """Villages of eight regencies, each with a head: writers of one would wait for each other's
    receipt numbers, and nobody could commit late."""
    found = []
    for number in range(1, 9):
        village = make.village(f"64.{number:02}.01.2001", f"Desa {number}")
        owned = make.program(village, owner_village=village)
        found.append((village, owned, make.village_head(village)))
    return found


@pytest.fixture
def readers(places):
    """One who sees everything, and one whose villages are asked for one by one."""
    some = make.person("facilitator", village=places[0][0])
    for village, _program, _head in places[1:]:
        some.grants.create(role="facilitator", village=village, valid_from=date(2020, 1, 1))
    return [Settled(make.person("auditor")), Settled(some)]


def write(place, number: int, pause: float = 0.0, hold=None, held=None) -> None:
    """Records of one transaction, which commits `pause` seconds later, or when `hold` is set."""
    village, program, head = place
    with transaction.atomic():
        drafts = [make.draft(program, village) for _ in range(number)]
        submit_activities(drafts, actor=head, source="browser")
        time.sleep(pause)
        if held:
            held.set()
            assert hold.wait(30)


def beside(job, *arguments) -> Thread:
    def run():
        try:
            job(*arguments)
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    return thread


def missed(consumer) -> int:
    everything = set(Change.objects.values_list("pk", flat=True))
    assert len(consumer.seen) == len(set(consumer.seen)), "a line came twice"
    return len(everything - set(consumer.seen))


@postgres
def test_line_of_a_slow_writer_is_not_missed(places, readers):
    """Deterministic: one writer holds its lines while 149 others are committed and read."""
    followers = [*readers, Naive("id"), Naive("at")]
    hold, held = Event(), Event()
    slow = beside(write, places[0], 1, 0.0, hold, held)
    assert held.wait(30)
    for turn in range(149):
        if turn % 50 == 0:
            write(places[1 + turn % 7], 50 if turn < 100 else 49)
    for one in followers:
        one.poll()
    assert followers[0].seen == sorted(followers[0].seen)
    hold.set()
    slow.join(30)
    for one in followers:
        one.poll()
    assert Change.objects.filter(kind="activity").count() == 150
    assert [missed(one) for one in followers] == [0, 0, 1, 1]


@postgres
def test_two_readings_beside_late_writers_agree(places, readers):
    """Whoever reads the feed from the start afterwards gets it in the order the first one did."""
    reader = readers[1]
    writers = [beside(write, places[n], 2, 0.02 * n) for n in range(8)]
    while any(one.is_alive() for one in writers):
        reader.poll()
        time.sleep(0.01)
    reader.poll()
    again = Settled(reader.user)
    again.poll()
    assert again.seen == reader.seen
    assert missed(reader) == 0


def test_polling_beside_writers_misses_nothing(places, readers):
    """On either database: SQLite has one writer at a time, and ids in the order of commits."""
    reader = readers[0]
    writers = [beside(write, place, 5) for place in places[:4]]
    while any(one.is_alive() for one in writers):
        reader.poll()
        time.sleep(0.02)
    reader.poll()
    assert missed(reader) == 0
    assert len(reader.seen) == 8 + 4 * 5  # programs and records


@postgres
@pytest.mark.drill
@pytest.mark.skipif("DRILL" not in os.environ, reason="full number: make drill")
def test_feed_at_full_number(places, readers):
    """8 writers, 2,000 records, commits delayed at random; a drill that sees no loss at all in
    the naive consumers is blind, and says so."""
    begun = time.monotonic()
    followers = [*readers, Naive("id"), Naive("at")]
    writers = [beside(_writer, place, seed) for seed, place in enumerate(places)]
    while any(one.is_alive() for one in writers):
        for one in followers:
            one.poll()
        time.sleep(0.02)
    for one in followers:
        one.poll()
    lost = [missed(one) for one in followers]
    records = Change.objects.filter(kind="activity").count()
    received = len(set(followers[0].seen))
    book.write(
        {
            "id": f"feed {connection.vendor}",
            "sent": Change.objects.count(),
            "received": received,
            "lost": lost[0] + lost[1],
            "double": len(followers[0].seen) - received,
            "seconds": round(time.monotonic() - begun, 1),
            "words": [],
            "missed by id": lost[2],
            "missed by at": lost[3],
        }
    )
    assert records == 2000
    assert lost[:2] == [0, 0]
    assert lost[2] > 0 < lost[3], f"the drill is blind: naive consumers missed {lost[2:]}"


def _writer(place, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  not for secrets
    for _ in range(250):
        write(place, 1, rng.uniform(0, 0.02))
