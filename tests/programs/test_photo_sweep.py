"""Files without a row go after a day; nothing that a photo names, or that was just sent, does."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from core import stored
from programs.services import photo_file, sweep_photos
from tests import make

pytestmark = pytest.mark.django_db

DAYS = 86_400


@pytest.fixture
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "photos"


def lay(digest: str, age: float) -> Path:
    path = photo_file(digest)
    stored.keep(path, b"picture")
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_old_file_without_a_row_goes(media):
    old, young = lay("ab" * 32, 2 * DAYS), lay("ac" * 32, DAYS / 2)
    part = old.parent / "tmpx.part"
    part.write_bytes(b"half")
    os.utime(part, (time.time() - 2 * DAYS,) * 2)
    assert sweep_photos() == 2
    assert (old.exists(), part.exists(), young.exists()) == (False, False, True)


def test_file_that_a_photo_names_stays(media):
    activity = make.activity(make.program())
    photo = make.photo(activity, author=activity.author)
    files = [photo_file(photo.sha256), photo_file(photo.sha256, small=True)]
    for path in files:
        os.utime(path, (time.time() - 9 * DAYS,) * 2)
    assert sweep_photos() == 0
    assert all(path.exists() for path in files)


def test_what_is_sent_again_is_young_again(media):
    path = lay("ab" * 32, 2 * DAYS)
    stored.keep(path, b"picture")
    assert sweep_photos() == 0
    assert path.exists()


def test_sent_again_between_the_look_and_the_hand(media, monkeypatch):
    """The sweep has seen it old and nameless; before it takes it, the same picture comes in."""
    from programs.services import photo_sweep

    path = lay("ab" * 32, 2 * DAYS)

    def named(digests):
        stored.keep(path, b"picture")
        return set()

    monkeypatch.setattr(photo_sweep, "_named", named)
    assert sweep_photos() == 0
    assert path.exists()


def test_nothing_kept_yet(media):
    assert sweep_photos() == 0
