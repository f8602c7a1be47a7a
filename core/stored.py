"""Files named by what they hold: written once and whole, also when the power goes."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

#: The address under which nginx finds what is kept; from outside nobody reaches it.
ACCEL_UNDER = "/-/kept/"
#: nginx reads it as a member of the portal's group, like the worker and the backup.
_MODE = 0o640


def keep(path: Path, content: bytes) -> None:
    """`content` lies at `path`, all of it or nothing: file, then name, then folder.

    Two who keep the same at once both succeed, and a sweep of the folder leaves it alone for as
    long as if it were new. OSError where the disk has no room.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if _renewed(path):
        return
    handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), _MODE)
            os.fsync(file.fileno())
        Path(part).replace(path)
    except OSError:
        Path(part).unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent):
        _settle(folder)


@contextmanager
def held(folder: Path, how: int) -> Iterator[None]:
    """The folder is locked (fcntl.LOCK_SH, LOCK_EX) among the portal's own processes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def _renewed(path: Path) -> bool:
    """Whether it lies there already; it is as young as a new one then."""
    with held(path.parent, fcntl.LOCK_SH):
        with suppress(PermissionError):  # another of the portal's users wrote it
            try:
                os.utime(path)
            except FileNotFoundError:
                return False
        return True


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sent(path: Path, *, name: str, media_type: str, attachment: bool) -> HttpResponseBase:
    """A kept file as an answer that no browser takes for anything else, nor keeps for others.

    The caller has checked the rights. With settings.ACCEL nginx sends the bytes, told by a header
    that no client ever sees; else this process does. Http404 when the file is not there.
    """
    if not path.is_file():
        raise Http404
    response: HttpResponseBase
    if settings.ACCEL:
        response = HttpResponse(content_type=media_type)
        disposition = content_disposition_header(attachment, name)
        if disposition:
            response["Content-Disposition"] = disposition
        inside = path.relative_to(settings.MEDIA_ROOT).as_posix()
        response["X-Accel-Redirect"] = ACCEL_UNDER + quote(inside)
    else:
        response = FileResponse(
            path.open("rb"), as_attachment=attachment, filename=name, content_type=media_type
        )
    return harmless(response)


def harmless(response: HttpResponseBase) -> HttpResponseBase:
    """A file that runs nowhere in the portal, is never packed again, and is asked for anew each
    time, so that rights count.
    """
    response["Cache-Control"] = "private, no-cache"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Encoding"] = "identity"
    return response
