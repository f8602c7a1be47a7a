"""Pictures from outside, opened where they can do no harm: bytes in, a plain JPEG out.

Run as a program this file is the child that opens the picture: limited in time and memory, and
without Django. A picture made to break its reader breaks the child alone. What comes out was drawn
anew: no place, no date, no maker's note, nothing hidden behind the last pixel.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

MOST_BYTES = 5_000_000
MOST_PIXELS = 40_000_000
LONGEST_EDGE = 1600
THUMBNAIL_EDGE = 320
QUALITY = 80

SECONDS_OF_WORK = 5  # of the child's processor
SECONDS_OF_WAITING = 25  # of ours, for a machine that is busy
MOST_MEMORY = 1_000_000_000  # bytes of address space: 40 M pixels of four bytes, and to spare
AT_ONCE = 2  # children of one server process

_MAGIC = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF....WEBP", re.DOTALL)
_REFUSED = 3  # exit code of the child: the picture's fault, not ours
_seats = BoundedSemaphore(AT_ONCE)


class NotAPicture(ValueError):
    """No JPEG, PNG or WebP that can be opened within the limits."""


class TooBusy(Exception):
    """The picture was not judged: the machine had no time. The same bytes may be sent again."""


@dataclass(frozen=True)
class Picture:
    """A JPEG without a word beside its pixels, longest edge 1600; its thumbnail, longest 320."""

    jpeg: bytes
    width: int
    height: int
    thumbnail: bytes


def clean(data: bytes) -> Picture:
    """The picture in `data`, upright, shrunk, drawn anew. NotAPicture, or TooBusy."""
    if len(data) > MOST_BYTES or not _MAGIC.match(data):
        raise NotAPicture
    if not _seats.acquire(timeout=SECONDS_OF_WAITING):
        raise TooBusy
    try:
        return _read(_ask_child(data))
    finally:
        _seats.release()


def _ask_child(data: bytes) -> bytes:
    command = [sys.executable, "-I", "-B", str(Path(__file__).resolve())]
    try:
        done = subprocess.run(  # noqa: S603 - our own file; the picture comes by stdin
            command, input=data, capture_output=True, timeout=SECONDS_OF_WAITING, check=False
        )
    except (subprocess.TimeoutExpired, OSError) as trouble:
        raise TooBusy from trouble
    if done.returncode == _REFUSED or done.returncode < 0:  # below 0: killed at a limit
        raise NotAPicture
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-1000:])
    return done.stdout


def _read(answer: bytes) -> Picture:
    head, _line, body = answer.partition(b"\n")
    facts = json.loads(head)
    size = facts["size"]
    return Picture(body[:size], facts["width"], facts["height"], body[size:])


# -- The child -------------------------------------------------------------------


def _limit() -> None:
    """No more than this for the process that opens the picture; no file is written."""
    import resource as limits

    limits.setrlimit(limits.RLIMIT_CPU, (SECONDS_OF_WORK, SECONDS_OF_WORK))
    limits.setrlimit(limits.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    limits.setrlimit(limits.RLIMIT_FSIZE, (0, 0))
    limits.setrlimit(limits.RLIMIT_CORE, (0, 0))


def _draw(data: bytes) -> bytes:
    """One line of JSON, the JPEG, the thumbnail. Raises whatever Pillow raises."""
    import warnings
    from io import BytesIO

    from PIL import Image

    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    formats = ("JPEG", "PNG", "WEBP")
    with Image.open(BytesIO(data), formats=formats) as image:
        image.verify()
    with Image.open(BytesIO(data), formats=formats) as image:
        full = _plain(image)
    small = full.copy()
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
    jpeg, thumbnail = _jpeg(full), _jpeg(small)
    facts = {"width": full.width, "height": full.height, "size": len(jpeg)}
    return json.dumps(facts).encode() + b"\n" + jpeg + thumbnail


def _plain(image):
    """Its pixels alone, upright, on white where it was clear, within LONGEST_EDGE."""
    from PIL import Image, ImageOps

    image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a large JPEG is read at half size or less
    image.load()
    clear = image.has_transparency_data
    if image.mode not in {"RGB", "RGBA"}:
        turned = image.convert("RGBA" if clear else "RGB")
        turned.info, image = image.info, turned
    image.thumbnail((LONGEST_EDGE, LONGEST_EDGE), reducing_gap=2.0)
    image = ImageOps.exif_transpose(image)
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return canvas


def _jpeg(image) -> bytes:
    from io import BytesIO

    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _main() -> int:
    _limit()
    import PIL.Image
    import PIL.ImageOps  # noqa: F401 - a missing Pillow is our fault: found out before the picture

    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        answer = _draw(data)
    except Exception:  # Pillow raises many kinds; each means that this cannot be opened
        return _REFUSED
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
