"""Consent to a photo: shown to anybody by two keys, taken away at a word, its files with it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused

from ..models import Kept, Photo, PhotoState, PhotoWithdrawal, State, Wish
from ..personal import identity_numbers
from .photos import photo_file
from .records import holds, not_permitted

#: Who answers for what the regency publishes turns the second key.
PUBLISHING = "close_periods"


def may_publish(photo: Photo, user, *, own_too: bool = False) -> bool:
    """The second key is never in the hand that turned the first; `own_too`: whose photo it is
    does not matter, for taking it back needs one hand only.
    """
    return (own_too or photo.author_id != user.pk) and holds(user, PUBLISHING, photo.activity)


def may_withdraw(photo: Photo, user) -> bool:
    """Whoever reviews records of the village may enter what a person in the picture asked for."""
    return holds(user, "verify", photo.activity)


@transaction.atomic
def publish_photo(photo: Photo, *, actor, now: datetime | None = None) -> None:
    """Anybody may see the photo from now on. Doing it again changes nothing.

    Refused: not permitted, the author's own photo, one without the consent of its people, one of
    a record that is not verified.
    """
    if not may_publish(photo, actor):
        raise not_permitted()
    if not photo.is_public:
        words = _("Whoever took the photo did not say that it may be shown to the public.")
        raise Refused(Problem("", "no_consent", words))
    if photo.activity.state != State.VERIFIED:
        words = _("A photo is shown to the public once its record is verified.")
        raise Refused(Problem("", "not_verified", words))
    rows = Photo.objects.live().filter(pk=photo.pk, is_public=True, published_at=None)
    if rows.update(published_at=now or timezone.now(), published_by=actor):
        audit.record(actor, "photo.publish", photo, activity=str(photo.activity_id))


@transaction.atomic
def unpublish_photo(photo: Photo, *, actor) -> None:
    """Only who may see the record sees the photo, from now on."""
    if not may_publish(photo, actor, own_too=True):
        raise not_permitted()
    rows = Photo.objects.filter(pk=photo.pk, published_at__isnull=False)
    if rows.update(published_at=None, published_by=None):
        audit.record(actor, "photo.unpublish", photo, activity=str(photo.activity_id))


@transaction.atomic
def withdraw_photo(
    photo: Photo, wish: str, *, reference: str, actor, now: datetime | None = None
) -> PhotoWithdrawal:
    """What a person in the picture asked for is on file, and the photo out of sight at once.

    `erase`: nobody sees it any more, the duties delete its files within minutes; the row stays as
    the mark of where it was. `hide`: the public does not, nor can it be shown again. Refused: not
    permitted; a NIK in the reference.
    """
    if not may_withdraw(photo, actor):
        raise not_permitted()
    if identity_numbers(reference):
        words = _("Write the number of the letter, never a NIK.")
        raise Refused(Problem("reference", "identity_number", words))
    asked = PhotoWithdrawal.objects.create(
        photo=photo,
        wish=Wish(wish),
        reference=reference.strip(),
        asked_at=now or timezone.now(),
        entered_by=actor,
    )
    _hide([photo], asked.wish)
    audit.record(actor, "photo.withdraw", photo, wish=asked.wish, reference=asked.reference)
    return asked


def _hide(photos: Collection[Photo], wish: str) -> None:
    values: dict[str, Any] = {"is_public": False, "published_at": None, "published_by": None}
    if wish == Wish.ERASE:
        values["state"] = PhotoState.REMOVED
    Photo.objects.filter(pk__in=[one.pk for one in photos]).update(**values)


def settle(asked: PhotoWithdrawal, now: datetime | None = None) -> bool:
    """The request is done, also for other records with the very same picture, wherever they are.

    For a duty, which sees all villages. False when the disk did not let the files go.
    """
    same = list(Photo.objects.filter(sha256=asked.photo.sha256))
    _hide(same, asked.wish)
    if asked.wish == Wish.ERASE and not all(let_go(one, Kept.NOTHING) for one in same):
        return False
    PhotoWithdrawal.objects.filter(pk=asked.pk, done_at=None).update(done_at=now or timezone.now())
    return True


def settle_waiting() -> float:
    """A duty: what was asked for is done within minutes. Asks to be called again in a minute."""
    for asked in PhotoWithdrawal.objects.waiting().select_related("photo")[:100]:
        settle(asked)
    return 60.0


def let_go(photo: Photo, kept: Kept) -> bool:
    """Of the files of the photo only `kept` is left; False when the disk did not let them go.

    The same picture may belong to another photo: its files stay as long as that one needs them.
    Files first, then the row: after a kill between the two the photo is still due and is taken up
    again, while a file that no row speaks of would never be found.
    """
    with transaction.atomic():
        same = Photo.objects.select_for_update(no_key=True).filter(sha256=photo.sha256)
        needed = {one.kept for one in same.order_by("pk") if one.pk != photo.pk} | {kept}
        try:
            _delete(photo.sha256, needed)
        except OSError:
            return False
        Photo.objects.filter(pk=photo.pk).update(kept=kept)
    return True


def _delete(digest: str, needed: set[str]) -> None:
    if Kept.FULL not in needed:
        photo_file(digest).unlink(missing_ok=True)
    if not needed & {Kept.FULL, Kept.SMALL}:
        photo_file(digest, small=True).unlink(missing_ok=True)
