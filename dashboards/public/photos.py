"""Photos that anybody may see: by two keys, off guarded programs, gone the moment one key turns.

They are no figures of an edition, so nothing of them is kept in one: each is asked for anew.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from core.asking import as_portal
from core.stored import sent
from programs.models import Kept, Photo
from programs.services import photo_file

from .guarded import is_guarded

#: How many photos a village's page shows, the newest.
MOST = 6


def photos_of(village: str) -> list[Photo]:
    """The newest open photos of one village, by its code; one statement."""
    rows = _open().filter(activity__village__code=village).order_by("-activity__held_on", "-uid")
    with as_portal("what two keys opened is open to everybody, and nobody is signed in here"):
        return [one for one in rows[: 4 * MOST] if not _guarded(one)][:MOST]


def mark_of(photos: list[Photo]) -> str:
    """Changes when another photo is shown."""
    said = "".join(f"{one.pk}{one.kept}" for one in photos)
    return hashlib.sha256(said.encode()).hexdigest()[:12] if photos else ""


def _open():
    return Photo.objects.open_to_all().select_related("activity__program__activity_code")


def _guarded(photo: Photo) -> bool:
    """Pictures of a program whose people may need shelter are shown to nobody."""
    program = photo.activity.program
    code = program.activity_code
    return is_guarded(
        {
            "target_group": program.target_group,
            "program__activity_code__women_relevance": code.women_relevance if code else "",
            "program_title": f"{program.title} {photo.activity.title}",
        }
    )


@login_not_required
@require_safe
def photo(request, uid: UUID, small: bool = False):
    """The picture; 404 as soon as one of the two keys is turned back."""
    with as_portal("what two keys opened is open to everybody, and nobody is signed in here"):
        found = _open().filter(pk=uid).first()
    if found is None or _guarded(found):
        raise Http404
    small = small or found.kept != Kept.FULL
    etag = f'"{found.sha256}{"-s" if small else ""}"'
    name = f"foto-{str(uid)[-8:]}.jpg"
    path = photo_file(found.sha256, small=small)
    response = sent(path, name=name, media_type="image/jpeg", attachment=False)
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)
