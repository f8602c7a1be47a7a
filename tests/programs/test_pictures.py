"""Pictures from outside: what is left of them, what is refused, and who dies of them."""

import struct
import time
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from programs import pictures
from tests import make


def located() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "Rahasia-Kamera"  # maker
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825).update({1: "S", 2: (1.0, 54.0, 33.0), 3: "E", 4: (116.0, 11.0, 45.0)})
    return exif


def png(width: int, height: int) -> bytes:
    """A small file that says it is large."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((width // 8 + 1) * min(height, 100)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


# -- What comes out -----------------------------------------------------------------


@pytest.mark.asvs("14.2.8")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_and_maker_are_taken_out(kind):
    sent = make.image(kind, (80, 40), exif=located())
    assert Image.open(BytesIO(sent)).getexif().get_ifd(0x8825), "the test's own photo has a place"

    picture = pictures.clean(sent)

    for kept in (picture.jpeg, picture.thumbnail):
        image = Image.open(BytesIO(kept))
        assert dict(image.getexif()) == {}
        assert image.format == "JPEG"
        assert not {"exif", "comment", "icc_profile", "xmp"} & image.info.keys()
        assert b"Rahasia" not in kept
        assert b"Exif" not in kept
    assert (picture.width, picture.height) == (40, 80), "turned upright"


@pytest.mark.asvs("5.2.2", "14.2.8")
def test_comment_and_what_hangs_behind_the_pixels_are_gone():
    sent = make.image(comment=b"Rahasia") + b"<script>alert(1)</script>"
    picture = pictures.clean(sent)
    assert b"Rahasia" not in picture.jpeg
    assert b"script" not in picture.jpeg


def test_large_photo_is_shrunk_and_small_one_is_not():
    picture = pictures.clean(make.image(size=(4000, 3000)))
    assert (picture.width, picture.height) == (1600, 1200)
    assert Image.open(BytesIO(picture.jpeg)).size == (1600, 1200)
    assert Image.open(BytesIO(picture.thumbnail)).size == (320, 240)
    assert pictures.clean(make.image(size=(20, 10))).width == 20


def test_clear_parts_become_white():
    out = BytesIO()
    Image.new("RGBA", (16, 16), (0, 0, 0, 0)).save(out, "PNG")
    picture = Image.open(BytesIO(pictures.clean(out.getvalue()).jpeg))
    assert picture.getpixel((8, 8)) == (255, 255, 255)


# -- What is refused ----------------------------------------------------------------

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200
REFUSED = {
    "svg": SVG,
    "gif_that_is_a_script": b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)",
    "heic": HEIC,
    "pdf": b"%PDF-1.7\n1 0 obj",
    "text": b"bukan foto",
    "magic_alone": b"\xff\xd8\xff\xe0",
    "svg_behind_magic": b"\x89PNG\r\n\x1a\n" + SVG,
}


@pytest.mark.asvs("5.2.2", "1.3.4")
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused(name):
    with pytest.raises(pictures.NotAPicture):
        pictures.clean(REFUSED[name])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_photo_is_refused(kind):
    noise = Image.effect_noise((200, 200), 80).convert("RGB")
    out = BytesIO()
    noise.save(out, kind)
    pictures.clean(out.getvalue())
    with pytest.raises(pictures.NotAPicture):
        pictures.clean(out.getvalue()[: len(out.getvalue()) // 2])


@pytest.mark.asvs("5.2.6", "5.2.3")
def test_400_million_pixels_in_a_small_file_are_refused_quickly():
    bomb = png(20_000, 20_000)
    assert len(bomb) < 100_000
    began = time.monotonic()
    with pytest.raises(pictures.NotAPicture):
        pictures.clean(bomb)
    assert time.monotonic() - began < 10


def test_a_little_above_the_limit_is_refused_and_not_only_warned_of():
    with pytest.raises(pictures.NotAPicture):
        pictures.clean(make.image("PNG", (6400, 6300)))


@pytest.mark.asvs("1.4.1", "15.2.2")
def test_the_child_alone_dies_at_its_limits(monkeypatch, tmp_path):
    """A child that eats memory, and one that burns time: refused; this process goes on."""
    source = Path(pictures.__file__).read_text()
    source = source.replace("SECONDS_OF_WORK = 5", "SECONDS_OF_WORK = 1")
    for greed in ("bytearray(2_000_000_000)", "[None for _ in iter(int, 1)]"):
        file = tmp_path / "greedy.py"
        file.write_text(source.replace("answer = _draw(data)", f"answer = {greed}"))
        monkeypatch.setattr(pictures, "__file__", str(file))
        with pytest.raises(pictures.NotAPicture):
            pictures.clean(make.image())


def test_our_own_fault_is_not_called_the_photos(monkeypatch, tmp_path):
    file = tmp_path / "broken.py"
    file.write_text("import no_such_library")
    monkeypatch.setattr(pictures, "__file__", str(file))
    with pytest.raises(RuntimeError, match="no_such_library"):
        pictures.clean(make.image())
