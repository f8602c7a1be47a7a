"""What stands in a printed form, read back out of its PDF, Word and Excel files."""

import re
import subprocess
from collections import Counter
from io import BytesIO
from operator import itemgetter
from xml.etree import ElementTree
from zipfile import ZipFile

from docx import Document as Word
from docx.oxml.ns import qn
from python_calamine import load_workbook

from planning.papers import pdf, sheet, word
from planning.papers.parts import WIDTHS, Columns, Paper


def squeezed(text: str) -> str:
    """Without blanks: how lines are broken is the format's own business."""
    return re.sub(r"\s+", "", text)


def pdf_pages(body: bytes) -> list[list[tuple[float, float, str]]]:
    """(x, y, word) of every word, page by page."""
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=body, stdout=-1, check=True)
    name = "{http://www.w3.org/1999/xhtml}"
    pages = ElementTree.fromstring(done.stdout).iter(f"{name}page")  # noqa: S314  our own file
    return [[_place(word) for word in page.iter(f"{name}word")] for page in pages]


def _place(word: ElementTree.Element) -> tuple[float, float, str]:
    return float(word.get("xMin")), float(word.get("yMin")), word.text


def pdf_text(body: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=body, stdout=-1, check=True)
    return done.stdout.decode()


def pdf_columns(body: bytes, numbers: int = 9) -> list[str]:
    """What stands below each number of the heads, over all pages; blanks left out."""
    found = [""] * numbers
    counted = [str(number) for number in range(1, numbers + 1)]
    for words in pdf_pages(body):
        lines = _lines(words)
        [head] = [line for line in lines if [one[2] for one in line] == counted]
        below, foot = head[0][1], max(y for _x, y, _text in words)
        edges = _left_edges(numbers)
        for place in range(numbers):
            left, right = edges[place : place + 2]
            cell = [
                one for one in words if left <= one[0] + 1 < right and below < one[1] < foot - 5
            ]
            found[place] += "".join(text for line in _lines(cell) for _x, _y, text in line)
    return [squeezed(one) for one in found]


def _lines(words: list[tuple[float, float, str]]) -> list[list[tuple[float, float, str]]]:
    """Words of about one height, from left to right; the lines from top to bottom."""
    lines: list[list[tuple[float, float, str]]] = []
    for one in sorted(words, key=itemgetter(1)):
        if not lines or one[1] - lines[-1][0][1] > 3:
            lines.append([])
        lines[-1].append(one)
    return [sorted(line) for line in lines]


def _left_edges(numbers: int) -> list[float]:
    """Points from the left of a lying A4 sheet to each column, and to the end of the last."""
    parts = WIDTHS["gap" if numbers == 9 else "gap-4"]
    left, width = 12 / 25.4 * 72, 273 / 25.4 * 72
    return [left + width * sum(parts[:place]) / sum(parts) for place in range(numbers + 1)]


def word_columns(body: bytes) -> list[str]:
    table = Word(BytesIO(body)).tables[0]
    return [squeezed(cell.text) for cell in table.rows[-1].cells]


def sheet_rows(body: bytes) -> list[list[str]]:
    workbook = load_workbook(BytesIO(body))
    return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)


def sheet_columns(body: bytes, numbers: int = 9) -> list[str]:
    rows = sheet_rows(body)
    heads = [[str(number) for number in range(1, numbers + 1)]]
    [begin] = [place for place, row in enumerate(rows) if [str(one) for one in row] in heads]
    return [squeezed("".join(row[place] for row in rows[begin + 1 :])) for place in range(numbers)]


def described(paper: Paper) -> list[str]:
    [block] = [one for one in paper.blocks if isinstance(one, Columns)]
    return [
        squeezed("".join(line.text for entry in cell for line in entry)) for cell in block.entries
    ]


def part(body: bytes, name: str) -> str:
    with ZipFile(BytesIO(body)) as archive:
        return archive.read(name).decode()


def texts_of(paper: Paper) -> dict[str, str]:
    """The whole file as text without blanks, by format."""
    document = Word(BytesIO(word.written(paper)))
    rows = sheet_rows(sheet.written(paper))
    return {
        "pdf": squeezed(pdf_text(pdf.written(paper))),
        "docx": squeezed("".join(one.text or "" for one in document.element.body.iter(qn("w:t")))),
        "xlsx": squeezed("".join(str(cell) for row in rows for cell in row)),
    }  # fmt: skip


def said_in(paper: Paper) -> list[str]:
    """Every text of a form's blocks, in the order in which it is read."""
    found = []
    for block in paper.blocks:
        if hasattr(block, "rows"):
            heads = [one.title for one in block.columns] if block.headed else []
            found += heads + [line.text for row in block.rows for cell in row for line in cell]
        elif hasattr(block, "lines"):
            found += [line.text for line in block.lines]
        else:
            found.append(block.text)
    return found


def lines_of(paper: Paper) -> list[str]:
    return [squeezed(one) for one in said_in(paper) if one]


def words_of(paper: Paper) -> Counter:
    return counted(" ".join(said_in(paper)))


def counted(text: str) -> Counter:
    """How often each word stands there; a line may break behind a stroke, as the font decides."""
    return Counter(re.sub(r"(?<=[/-])", " ", text).split())


def in_order(wanted: list[str], text: str) -> bool:
    place = 0
    for one in wanted:
        place = text.find(one, place)
        if place < 0:
            return False
        place += len(one)
    return True
