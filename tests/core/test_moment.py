"""What a process keeps of the database is given out only while the database is the same."""

import threading

import pytest
from django.db import connection, transaction

from core.models import HealthMark
from core.moment import Kept, moment, tag

pytestmark = pytest.mark.django_db(transaction=True)


def names() -> list[str]:
    return sorted(HealthMark.objects.values_list("name", flat=True))


def elsewhere(act) -> None:
    """Run `act` on a connection of its own."""

    def run():
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def mark(name: str) -> HealthMark:
    return HealthMark.objects.create(name=name, ok=True)


def undisturbed(act):
    """What `act` returns while nobody wrote: PostgreSQL's stamp is one for all its databases,
    and other tests write in theirs."""
    for _try in range(500):
        before, result = moment(), act()
        if moment() == before:
            return result
    raise AssertionError("somebody wrote all the time")


def asked_for(*keys: str) -> list[str]:
    """Which of these keys had to be worked out, asked one after the other."""
    kept, asked = Kept(2), []
    for key in keys:
        kept.get(key, lambda key=key: asked.append(key))
    return asked


def test_kept_while_nothing_changes():
    assert undisturbed(lambda: asked_for("names", "names", "names")) == ["names"]


@pytest.mark.parametrize("by", [lambda act: act(), elsewhere], ids=["own", "another connection"])
def test_made_anew_after_any_change(by):
    kept = Kept(2)
    assert kept.get("names", names) == []
    by(lambda: mark("one"))
    assert kept.get("names", names) == ["one"]
    by(lambda: HealthMark.objects.all().delete())
    assert kept.get("names", names) == []


def test_a_change_under_way_is_not_seen_and_not_missed():
    """A transaction that began before the result was kept, and commits after."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("one connection at a time in memory")
    kept = Kept(2)
    begun, seen = threading.Event(), threading.Event()

    def writer():
        with transaction.atomic():
            mark("late")
            begun.set()
            seen.wait(10)
        connection.close()

    thread = threading.Thread(target=writer)
    thread.start()
    begun.wait(10)
    assert kept.get("names", names) == []
    seen.set()
    thread.join()
    assert kept.get("names", names) == ["late"]


def test_nothing_is_kept_inside_a_transaction():
    kept = Kept(2)
    with transaction.atomic():
        assert moment() is None
        assert kept.get("names", names) == []
        mark("own")
        assert kept.get("names", names) == ["own"]


def test_the_oldest_goes_first():
    asked = undisturbed(lambda: asked_for("a", "b", "c", "c", "b", "a"))
    assert asked == ["a", "b", "c", "a"]


def test_a_tag_changes_with_the_database_and_with_what_was_asked():
    first, again, other = undisturbed(lambda: (tag("a"), tag("a"), tag("b")))
    assert first == again != other
    mark("one")
    assert tag("a") != first
