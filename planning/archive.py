"""The binder of a year as one ZIP: an index on top, a folder for each prerequisite, every file
once. The same content gives the same bytes."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.utils.text import slugify
from django.utils.translation import override

from programs import files
from programs.services import photo_file

from . import archive_index
from .archive_pages import page, printed
from .binder import GONE, Binder, Piece
from .models import Prerequisite

MOST_FILES = 500
MOST_SIZE = 300_000_000  # bytes
#: To set a PDF takes a processor for half a second; further records and plans come as pages.
MOST_PRINTED = 30
LONGEST_NAME = 80
#: Of the folders, and of what is no file yet, whoever downloads it and in whichever language.
LANGUAGE = "id"
REST_FOLDER = "tanpa-prasyarat"
#: Packed already: to pack them again costs time and saves nothing.
_PACKED = {"pdf", "jpg", "docx", "xlsx"}


class TooMuch(Exception):
    """More files, or more bytes, than one archive takes."""


@dataclass(frozen=True)
class Source:
    """Where the bytes of one file of the archive come from: a file on disk, or made ones."""

    key: Any
    ending: str
    size: int
    path: Path | None = None
    content: bytes = b""

    def read(self) -> bytes:
        return self.path.read_bytes() if self.path else self.content


def write(binder: Binder) -> IO[bytes]:
    """The archive, open at its beginning and gone when closed. TooMuch beyond the limits."""
    with override(LANGUAGE):
        sources = _sources(binder)
        paths, named = _named(binder, sources)
        index = archive_index.files(binder, paths)
        file = tempfile.TemporaryFile(suffix=".zip")  # noqa: SIM115 - the answer closes it
        try:
            with ZipFile(file, "w") as archive:
                for name, content in index.items():
                    archive.writestr(archive_index.entry(name), content)
                for name, source in named.items():
                    packing = ZIP_STORED if source.ending in _PACKED else ZIP_DEFLATED
                    archive.writestr(archive_index.entry(name, packing), source.read())
        except BaseException:
            file.close()
            raise
    file.seek(0)
    return file


def _sources(binder: Binder) -> dict[Any, Source]:
    """By piece, whatever is there to be put in and may be read; measured as it is found."""
    found: dict[Any, Source] = {}
    once: dict[Any, Source] = {}
    made = 0
    for piece in binder.pieces:
        if not piece.readable or GONE in piece.standings:
            continue
        if piece.kind in ("document", "photo"):
            source = _on_disk(piece)
        else:
            key = (piece.kind, piece.evidence.subject.pk)
            source = once.get(key) or _made(piece, key, as_pdf=made < MOST_PRINTED)
            made += key not in once
        if source:
            found[piece.evidence.pk] = once[source.key] = source
        if len(once) > MOST_FILES or sum(one.size for one in once.values()) > MOST_SIZE:
            raise TooMuch
    return found


def _on_disk(piece: Piece) -> Source | None:
    """The file of a document or photo; None where there is none (any more)."""
    document, photo = piece.evidence.document, piece.evidence.photo
    if document:
        path, ending = files.path_of(document.sha256), files.ENDINGS[document.media_type]
    elif photo:
        path, ending = photo_file(photo.sha256), "jpg"
    else:
        return None
    return Source(path.stem, ending, path.stat().st_size, path) if path.is_file() else None


def _made(piece: Piece, key: Any, *, as_pdf: bool) -> Source:
    content = printed(piece) if as_pdf else None
    ending = "pdf" if content else "html"
    content = content or page(piece)
    return Source(key, ending, len(content), content=content)


def _named(binder: Binder, sources: dict[Any, Source]) -> tuple[dict[Any, str], dict[str, Source]]:
    """The path of each piece, and the files by path in order; two pieces may share one."""
    by_key: dict[Any, str] = {}
    paths: dict[Any, str] = {}
    named: dict[str, Source] = {}
    for piece in binder.pieces:
        source = sources.get(piece.evidence.pk)
        if source is None:
            continue
        if source.key not in by_key:
            by_key[source.key] = f"{_folder(piece.home)}/{_name(piece, source.ending)}"
            named[by_key[source.key]] = source
        paths[piece.evidence.pk] = by_key[source.key]
    return paths, named


def _folder(home: str) -> str:
    """1-komitmen … 7-partisipasi-masyarakat, and 8 for what has no prerequisite."""
    for number, (value, label) in enumerate(Prerequisite.choices, 1):
        if value == home:
            return f"{number}-{slugify(label)[:40]}"
    return f"{len(Prerequisite.values) + 1}-{REST_FOLDER}"


def _name(piece: Piece, ending: str) -> str:
    """1.02-sk-pokja.pdf: letters, figures and dashes alone, never a path."""
    room = LONGEST_NAME - len(piece.number) - len(ending) - 2
    title = re.sub(r"[–—/]", "-", piece.evidence.title)  # 2025–2029, no 20252029
    stem = slugify(title)[:room].strip("-") or "bukti"
    return f"{piece.number}-{stem}.{ending}"
