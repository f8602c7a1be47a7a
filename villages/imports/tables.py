"""Comma-separated tables: UTF-8, one header line, plain or packed with gzip."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path


class FileProblem(Exception):
    """A file cannot be used: which, where (line 0 = the whole file) and why, in plain words."""

    def __init__(self, path: Path, line: int, words: str):
        self.path, self.line, self.words = path, line, words
        place = f"{path.name}, line {line}" if line else path.name
        super().__init__(f"{place}: {words}")


def read_table(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row as (line number, {column: trimmed text}). Refuses an empty or ragged table."""
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), strict=True)
    _require_columns(path, columns, reader.fieldnames)
    found = False
    try:
        for row in reader:
            found = True
            yield reader.line_num, _trimmed(path, reader.line_num, row)
    except csv.Error as fault:
        raise FileProblem(path, reader.line_num, f"not a readable table ({fault}).") from fault
    if not found:
        raise FileProblem(path, 0, "has a header line but no rows.")


def read_text(path: Path) -> str:
    """The whole file as text; UTF-8, with or without a byte order mark."""
    packed = _bytes(path)
    try:
        return packed.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = packed[: fault.start].count(b"\n") + 1
        words = "not UTF-8 (perhaps Latin-1 or Windows-1252). Save the file as UTF-8."
        raise FileProblem(path, line, words) from fault


def _bytes(path: Path) -> bytes:
    try:
        return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except OSError as fault:
        raise FileProblem(path, 0, f"cannot be read ({fault.strerror or fault}).") from fault
    except (EOFError, zlib.error) as fault:
        raise FileProblem(path, 0, "ends too early: the packed file is cut off.") from fault


def _require_columns(path: Path, columns: tuple[str, ...], found) -> None:
    missing = [name for name in columns if name not in (found or [])]
    if not missing:
        return
    words = f"columns missing: {', '.join(missing)}. Found: {', '.join(found or ['nothing'])}."
    if found and len(found) == 1 and ";" in found[0]:
        words += " Cells must be parted by commas, not semicolons."
    raise FileProblem(path, 1, words)


def _trimmed(path: Path, line: int, row: dict) -> dict[str, str]:
    if None in row:
        raise FileProblem(path, line, "more cells than the header line has columns.")
    if None in row.values():
        raise FileProblem(path, line, "fewer cells than the header line has columns.")
    return {name: text.strip() for name, text in row.items()}
