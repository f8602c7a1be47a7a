"""What is kept and what goes; a second place; the archive of changes."""

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.backups import keeping, places
from core.backups.places import Place
from core.backups.trouble import Trouble

pytestmark = pytest.mark.once

NOW = datetime(2026, 11, 22, 18, 15, tzinfo=UTC)
BIN = Path(__file__).resolve().parents[2] / "deploy" / "bin"
SEGMENT = "00000001000000000000000A"


def nights(number):
    return [Path((NOW - timedelta(days=day)).strftime(places.NAME)) for day in range(number)]


def test_thirty_five_days_and_twelve_months_are_kept():
    every = nights(800)
    kept = set(every) - set(keeping.superfluous(every, NOW))
    ages = sorted((NOW - places.moment_of(one)).days for one in kept)
    assert ages[:35] == list(range(35))
    assert len(ages) - 35 in {11, 12}
    assert 365 - 31 <= ages[-1] <= 365 + 31


def test_of_the_last_week_everything_is_kept():
    twice = [*nights(3), Path((NOW - timedelta(hours=2)).strftime(places.NAME))]
    assert keeping.superfluous(twice, NOW) == []


def test_the_copy_before_the_oldest_day_stays():
    weekly = nights(80)[::7]
    gone = keeping.superfluous_bases(weekly, NOW)
    kept = sorted((NOW - places.moment_of(one)).days for one in set(weekly) - set(gone))
    assert kept == [0, 7, 14, 21, 28, 35, 42]


def a_place(root):
    """Two sets, of which one is old, with a photo each; a copy that begins at segment A."""
    place = Place(root)
    for name, photo in (("20261122T181500Z", "new"), ("20260601T181500Z", "old")):
        folder = place.sets / name
        folder.mkdir(parents=True)
        (folder / places.MANIFEST).write_bytes(b"sealed")
        (folder / places.MEDIA_LIST).write_text(f"k/aa/{photo}.age\n")
        sums = {one: keeping.places.sealing.sum_of(folder / one) for one in os.listdir(folder)}
        places.write_sums(folder, sums)
        (place.media / "k" / "aa").mkdir(parents=True, exist_ok=True)
        (place.media / "k" / "aa" / f"{photo}.age").write_bytes(b"photo")
    base = place.bases / "20261120T181500Z"
    base.mkdir(parents=True)
    (base / places.START_WAL).write_text(f"{SEGMENT}\n")
    (base / places.MANIFEST).write_bytes(b"sealed")
    places.write_sums(
        base, {places.MANIFEST: keeping.places.sealing.sum_of(base / places.MANIFEST)}
    )
    place.wal.mkdir()
    for name in ("000000010000000000000009", SEGMENT, "00000002.history"):
        (place.wal / f"{name}.gz.age").write_bytes(b"wal")
    return place


def test_what_nothing_needs_any_more_goes(tmp_path):
    place = a_place(tmp_path)
    shutil.copytree(place.sets / "20260601T181500Z", place.sets / "20260629T181500Z")
    (place.sets / "20260601T181500Z" / places.MEDIA_LIST).write_text("k/aa/gone.age\n")
    (place.media / "k" / "aa" / "gone.age").write_bytes(b"photo")

    assert keeping.prune(place, NOW) == 1

    assert {one.name for one in place.media.rglob("*.age")} == {"new.age", "old.age"}
    assert {one.name for one in place.wal.iterdir()} == {
        f"{SEGMENT}.gz.age",
        "00000002.history.gz.age",
    }


def test_the_second_place_is_the_same_and_must_be_there(tmp_path):
    place, second = a_place(tmp_path / "first"), tmp_path / "second"
    with pytest.raises(Trouble, match="Is it mounted"):
        keeping.copy_to(place, str(second))
    second.mkdir()
    keeping.copy_to(place, str(second))
    shutil.rmtree(place.sets / "20260601T181500Z")
    keeping.copy_to(place, str(second))

    def listing(root):
        return {one.relative_to(root).as_posix() for one in root.rglob("*")}

    assert listing(second) == listing(place.root)


@pytest.fixture
def archive(tmp_path):
    """Runs the script as PostgreSQL would."""
    made = subprocess.run(["age-keygen"], check=True, capture_output=True, text=True).stdout
    (tmp_path / "key").write_text(made)
    public = made.partition("public key: ")[2].partition("\n")[0]
    (tmp_path / "public").write_text(f"{public}\n")
    (tmp_path / "wal").mkdir()

    def run(content, keys="public"):
        path = tmp_path / "segment"
        path.write_bytes(content)
        words = [BIN / "archive-wal", path, SEGMENT, tmp_path / "wal", tmp_path / keys]
        return subprocess.run(words, capture_output=True, text=True, check=False)

    return run


def test_a_segment_is_sealed_once_and_never_replaced(archive, tmp_path):
    assert archive(b"changes" * 9).returncode == 0
    assert archive(b"changes" * 9).returncode == 0  # sent again after a crash
    other = archive(b"something else")
    assert (other.returncode, "something else" in other.stderr) == (1, True)
    sealed = tmp_path / "wal" / f"{SEGMENT}.gz.age"
    assert sealed.read_bytes().startswith(b"age-encryption.org")
    out, key = tmp_path / "out", tmp_path / "key"
    fetch = [BIN / "fetch-wal", SEGMENT, out, tmp_path / "wal", key, tmp_path / "trouble"]
    assert subprocess.run(fetch, check=False).returncode == 0
    assert out.read_bytes() == b"changes" * 9
    # Neither the end of the archive nor a damaged segment is taken for the other.
    sealed.write_bytes(sealed.read_bytes()[:-3])
    assert subprocess.run(fetch, check=False).returncode == 200
    sealed.unlink()
    assert subprocess.run(fetch, check=False).returncode == 1


def test_no_segment_is_kept_without_a_public_key(archive, tmp_path):
    (tmp_path / "none").write_text("")
    assert archive(b"changes", keys="none").returncode == 1
    assert not list((tmp_path / "wal").iterdir())
