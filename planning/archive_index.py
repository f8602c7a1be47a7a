"""The index of the archive: every prerequisite, step and question with its files, and the gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.csvs import Counted, csv_blocks
from core.tables import Column, Table
from core.workbooks import workbook

from .archive_pages import style
from .binder import GROUPS, Binder, Piece, Place

#: What stands in the place of a file that is missing; fixed words of the evaluation.
EMPTY = "LAMPIRAN KOSONG"
#: Every entry of every archive bears this day, so that the same content is the same bytes.
DAY = (1980, 1, 1, 0, 0, 0)
COLUMNS = (
    Column("group", gettext_lazy("Part")),
    Column("number", gettext_lazy("Number"), "code"),
    Column("asked", gettext_lazy("Prerequisite, step or question")),
    Column("evidence", gettext_lazy("No. of evidence"), "code"),
    Column("title", gettext_lazy("Evidence")),
    Column("kind", gettext_lazy("Kind")),
    Column("office", gettext_lazy("Office")),
    Column("document", gettext_lazy("Document number"), "code"),
    Column("dated", gettext_lazy("Date"), "day"),
    Column("valid_until", gettext_lazy("In force until"), "day"),
    Column("standing", gettext_lazy("Standing")),
    Column("file", gettext_lazy("File")),
)
Paths = Mapping[Any, str]


def rows(binder: Binder, paths: Paths) -> Iterator[list[Any]]:
    """One row for each piece under each of its places; a place without any has one row as well."""
    for place in binder.places:
        for piece in place.pieces:
            yield [*_asked(place), *_shown(piece), paths.get(piece.evidence.pk, EMPTY)]
        if not place.pieces:
            yield [*_asked(place), *[None] * (len(COLUMNS) - 4), EMPTY]


def table(binder: Binder, paths: Paths) -> Table:
    return Table(
        name="indeks",
        title=title_of(binder),
        columns=COLUMNS,
        rows=list(rows(binder, paths)),
        notes=[(_("Area"), binder.regency.name), (_("Year"), str(binder.year))],
    )


def title_of(binder: Binder) -> str:
    words = {"year": binder.year, "office": office_of(binder)}
    return _("PUG evidence of %(year)s, %(office)s") % words


def office_of(binder: Binder) -> str:
    return binder.opd.name if binder.opd else binder.regency.name


def files(binder: Binder, paths: Paths) -> dict[str, bytes]:
    """INDEKS.xlsx, INDEKS.csv, INDEKS.html: the same rows three times."""
    whole = table(binder, paths)
    return {
        "INDEKS.xlsx": _undated(whole),
        "INDEKS.csv": b"".join(csv_blocks(whole, Counted())),
        "INDEKS.html": _page(binder, paths),
    }


def entry(name: str, compress: int = ZIP_DEFLATED) -> ZipInfo:
    """A plain file in an archive, without a trace of when and where it was made."""
    info = ZipInfo(name, DAY)
    info.compress_type, info.external_attr, info.create_system = compress, 0o644 << 16, 3
    return info


def _undated(whole: Table) -> bytes:
    """The workbook with its parts undated."""
    made, out = workbook(whole)[0], BytesIO()
    with made, ZipFile(made) as source, ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(entry(name), source.read(name))
    return out.getvalue()


def _page(binder: Binder, paths: Paths) -> bytes:
    groups = [
        (label, [(place, _linked(place, paths)) for place in binder.places if place.group == name])
        for name, label in GROUPS.items()
    ]
    context = {
        "binder": binder,
        "title": title_of(binder),
        "office": office_of(binder),
        "groups": [(label, places) for label, places in groups if places],
        "empty": EMPTY,
        "style": style(),
        "demo": settings.PUG_DEMO,
    }
    return render_to_string("planning/archive_index.html", context).encode()


def _linked(place: Place, paths: Paths) -> list[tuple[Piece, str]]:
    return [(piece, paths.get(piece.evidence.pk, "")) for piece in place.pieces]


def _asked(place: Place) -> list[str]:
    return [str(GROUPS[place.group]), place.number, str(place.label)]


def _shown(piece: Piece) -> list[Any]:
    evidence, document = piece.evidence, piece.evidence.document
    standing = [str(label) for _name, label in piece.warnings] or [_("Looked at")]
    return [
        piece.number,
        evidence.title,
        str(piece.kind_label),
        evidence.opd.name if evidence.opd else evidence.regency.name,
        document.number if document else None,
        document.dated if document else None,
        document.valid_until if document else None,
        "; ".join(standing),
    ]
