"""Random and broken input for everything that reads what people write: dates, money, counts,
sheets, pictures, documents. Each may refuse in its own way and do nothing else."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date

import xlsxwriter
from PIL import Image

from core.errors import Refused
from core.formats import Unreadable, one_line, parse_count, parse_day, parse_rupiah
from core.sheets import Unusable, read_cells
from planning.sheets.reading import open_sheet
from programs.files import take
from programs.pictures import NotAPicture, TooBusy, clean

from .finding import Finding

TODAY = date(2026, 7, 1)
WORDS = ["5-11-2026", "31/02/26", "5 nov 2026", "Rp 12.500.000,00", "12,5 juta", "-1", "1.500", "٣"]
WORDS += ["(500)", "1e9", "0x1f", "12.50", "½", "NaN", "=1+1", "\u202e5-11", "\x00", "9" * 400]
SIGNS = "0123456789 .,-/()RprpjutamiliarribuJanNovDes\t\n\u00a0\u2212%=@'\"<>&\u0660\ud800"


def _text(chance: random.Random) -> str:
    base = list(chance.choice(WORDS))
    for _ in range(chance.randrange(6)):
        at = chance.randrange(len(base) + 1)
        base[at : at + chance.randrange(2)] = chance.choices(SIGNS, k=chance.randrange(4))
    return "".join(base)


def _broken(whole: bytes, chance: random.Random) -> bytes:
    """These bytes with some changed, cut, doubled or put elsewhere."""
    data = bytearray(whole)
    for _ in range(chance.randrange(1, 9)):
        at = chance.randrange(len(data) or 1)
        piece = data[at : at + chance.randrange(1, 64)]
        way = chance.randrange(4)
        if way == 0 and data:
            data[at % len(data)] = chance.randrange(256)
        elif way == 1:
            del data[at : at + len(piece)]
        elif way == 2:
            data[at:at] = piece
        else:
            data = data[: max(1, at)]
    return bytes(data)


def _repacked(whole: bytes, chance: random.Random) -> bytes:
    """A sound archive round parts that are broken, so that more than its frame is tried."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part, _broken(content, chance) if chance.random() < 0.4 else content)
    return packed.getvalue()


def _workbook() -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate((["kode", "tanggal", "nilai"], ["1.02", "5-11-2026", 12.5])):
            sheet.write_row(row, 0, cells)
    return packed.getvalue()


def _picture(kind: str) -> bytes:
    packed = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(packed, kind)
    return packed.getvalue()


def _rows(read: Callable, content: bytes) -> None:
    table = read(content)
    for _ in table.rows():
        pass


def eyes() -> dict[str, tuple[Callable[[random.Random], object], tuple[type[Exception], ...]]]:
    """By name: one try, and how it may refuse."""
    book, csv = _workbook(), b'kode;tanggal;nilai\r\n1.02;5-11-2026;"12,5"\r\n'
    pictures = [_picture(kind) for kind in ("JPEG", "PNG", "WEBP")]
    return {
        "date": (lambda chance: parse_day(_text(chance), TODAY), (Unreadable,)),
        "money": (lambda chance: parse_rupiah(_text(chance)), (Unreadable,)),
        "count": (lambda chance: parse_count(_text(chance)), (Unreadable,)),
        "line": (lambda chance: one_line(_text(chance)).encode(), ()),
        "csv": (lambda chance: _rows(read_cells, _broken(csv, chance)), (Unusable,)),
        "xlsx": (lambda chance: _rows(read_cells, _broken(book, chance)), (Unusable,)),
        "xlsx parts": (lambda chance: _rows(read_cells, _repacked(book, chance)), (Unusable,)),
        "plan sheet": (lambda chance: open_sheet(_repacked(book, chance)), (Unusable,)),
        "document": (lambda chance: take(_repacked(book, chance)), (Refused,)),
        "photo": (
            lambda chance: clean(_broken(chance.choice(pictures), chance)),
            (NotAPicture, TooBusy),
        ),
    }


def fuzz(seconds: float, seed: int) -> tuple[list[Finding], Counter[str]]:
    """Each reader gets its share of the time; what is no refusal, and how many tries."""
    found: list[Finding] = []
    tries: Counter[str] = Counter()
    for name, (attempt, refusals) in eyes().items():
        until = time.monotonic() + seconds / len(eyes())
        while time.monotonic() < until:
            number = f"{seed}-{name}-{tries[name]}"
            tries[name] += 1
            try:
                attempt(random.Random(number))
            except refusals:
                continue
            except Exception as fault:
                found.append(Finding(number, "fuzz", repr(fault)[:200]))
    return found, tries
