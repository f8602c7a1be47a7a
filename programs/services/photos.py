"""Photos of a record: received once, stored by what they hold, removed but never forgotten."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, stored
from core.asking import as_portal
from core.errors import Problem, Refused, Stale

from .. import pictures
from ..models import MOST_PHOTOS, Activity, Photo, PhotoState, State
from .records import holds, not_permitted


class Received(NamedTuple):
    photo: Photo
    is_new: bool


def may_add_photo(activity: Activity, user) -> bool:
    """Whoever records in the village, as long as the record stands and has room."""
    room = activity.photos.live().count() < MOST_PHOTOS
    return room and activity.state != State.VOIDED and holds(user, "log", activity)


def may_remove_photo(activity: Activity, user) -> bool:
    """Whoever records there while the record is not verified; a reviewer always."""
    if activity.state != State.VERIFIED and holds(user, "log", activity):
        return True
    return holds(user, "verify", activity)


def add_photo(
    activity: Activity,
    data: bytes,
    *,
    uid: UUID,
    actor,
    is_public: bool = False,
    now: datetime | None = None,
) -> Received:
    """The picture in `data` belongs to the record, cleaned of everything but its pixels.

    Sending a uid again is safe: the same bytes are answered as before (also when the photo was
    removed since), other bytes are Stale. Refused: not permitted, a voided record, a fourth
    photo, what is no picture. The file is on disk before the row exists, so that no row lacks
    its file; a file without a row harms nobody. The picture is opened outside the transaction:
    nobody waits for it.
    """
    if not holds(actor, "log", activity):
        raise not_permitted()
    digest = sha256(data).hexdigest()
    if known := _seen(uid, activity, digest):
        return Received(known, is_new=False)
    _require_room(activity)
    picture = _cleaned(data)
    photo = Photo(
        uid=uid,
        activity=activity,
        sent_sha256=digest,
        sha256=_kept(picture),
        size=len(picture.jpeg),
        width=picture.width,
        height=picture.height,
        is_public=is_public,
        author=actor,
        received_at=now or timezone.now(),
    )
    return _settled(photo)


@transaction.atomic
def remove_photo(photo: Photo, *, actor) -> None:
    """Nobody sees the photo any more; its row and its place in the audit trail stay.

    Its files go with the next keeping of retention.
    """
    if not may_remove_photo(photo.activity, actor):
        raise not_permitted()
    removed = Photo.objects.live().filter(pk=photo.pk)
    removed = removed.update(state=PhotoState.REMOVED, published_at=None, published_by=None)
    if removed:
        audit.record(actor, "photo.remove", photo, activity=str(photo.activity_id))


def photo_file(digest: str, *, small: bool = False) -> Path:
    """Where the JPEG with this SHA-256, or its thumbnail, lies: outside everything served."""
    name = f"{digest}-{pictures.THUMBNAIL_EDGE}.jpg" if small else f"{digest}.jpg"
    return Path(settings.MEDIA_ROOT) / "photos" / digest[:2] / name


def _settled(photo: Photo) -> Received:
    """The row, under the lock of its record; whoever sent the same meanwhile was first."""
    try:
        with transaction.atomic():
            rows = Activity.objects.select_for_update(no_key=True)
            held = rows.get(pk=photo.activity_id)
            if known := _seen(photo.uid, held, photo.sent_sha256):
                return Received(known, is_new=False)
            _require_room(held)
            photo.save(force_insert=True)
            audit.record(
                photo.author,
                "photo.add",
                photo,
                activity=str(held.pk),
                sha256=photo.sha256,
                is_public=photo.is_public,
            )
    except IntegrityError as taken:  # the same uid, for another record, at the same moment
        raise _other_content() from taken
    return Received(photo, is_new=True)


def _seen(uid: UUID, activity: Activity, digest: str) -> Photo | None:
    with as_portal("a uid that another record's photo has is a conflict; nothing of it is told"):
        known = Photo.objects.filter(pk=uid).first()
    if known and (known.activity_id, known.sent_sha256) != (activity.pk, digest):
        raise _other_content()
    return known


def _require_room(activity: Activity) -> None:
    if activity.state == State.VOIDED:
        raise Refused(Problem("", "voided", _("This record is struck out.")))
    if activity.photos.live().count() >= MOST_PHOTOS:
        words = _("The record has %(most)s photos already. Remove one first.")
        raise Refused(Problem("photo", "too_many", words % {"most": MOST_PHOTOS}))


def _cleaned(data: bytes) -> pictures.Picture:
    try:
        return pictures.clean(data)
    except pictures.NotAPicture as trouble:
        words = _("This photo cannot be opened, choose another one.")
        raise Refused(Problem("photo", "unreadable_photo", words)) from trouble
    except pictures.TooBusy as trouble:
        raise _busy() from trouble


def _kept(picture: pictures.Picture) -> str:
    """Both files are on disk, for good, the same only once; the SHA-256 that names them."""
    digest = sha256(picture.jpeg).hexdigest()
    try:
        stored.keep(photo_file(digest, small=True), picture.thumbnail)
        stored.keep(photo_file(digest), picture.jpeg)
    except OSError as trouble:  # a full disk, most likely
        raise _busy() from trouble
    return digest


def _other_content() -> Stale:
    words = _("Another photo was sent under this number before.")
    return Stale(Problem("photo", "conflict", words))


def _busy() -> Refused:
    words = _("The photo could not be kept just now. Try again in a minute.")
    return Refused(Problem("photo", "busy", words))
