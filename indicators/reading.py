"""The shipped index values (data/*/indicators.csv): files in, checked rows out; and the names of
places that the portal has no rows of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from villages.imports import FileProblem
from villages.imports.tables import read_table
from villages.models import AreaBase, District, Province, Regency, Village

from .models import IndexCode, Statement

NATION = "0"
PUBLISHER = "BPS"
COLUMNS = ("area_code", "indicator", "year", "value", "evidence", "source_url", "note")
#: Who speaks at an address; any other is called by its own name.
SPEAKERS = {
    "databoks.katadata.co.id": "Databoks",
    "diskominfo.kaltimprov.go.id": "Diskominfo Kaltim",
    "dkp3a.kaltimprov.go.id": "DKP3A Kaltim",
    "id.wikipedia.org": "Wikipedia",
    "infokaltim.id": "Info Kaltim",
    "kaltim.antaranews.com": "Antara Kaltim",
    "kaltim.suara.com": "Suara Kaltim",
    "narasi.co": "Narasi",
    "nasional.kontan.co.id": "Kontan",
    "niaga.asia": "Niaga Asia",
    "sadap.kaltimprov.go.id": "SADAP Kaltim",
}
LONGEST_PLACE = 60  # letters of an address in a title


@dataclass(frozen=True)
class IndexRow:
    """One value as a file gives it. `source_url` tells releases apart."""

    index: str
    area_code: str
    year: int
    value: Decimal
    evidence: str
    source_url: str
    note: str


def read_index_rows(path: Path) -> list[IndexRow]:
    """Raises FileProblem: a word or number that cannot be, a value without a source, or one that
    its source gives twice."""
    rows: dict[tuple, IndexRow] = {}
    for line, cells in read_table(path, COLUMNS):
        row = _row(path, line, cells)
        key = (row.index, row.source_url, row.area_code, row.year)
        if key in rows:
            raise FileProblem(path, line, "this source gives this value twice.")
        rows[key] = row
    return list(rows.values())


def _row(path: Path, line: int, cells: dict[str, str]) -> IndexRow:
    if cells["indicator"] not in IndexCode.values:
        raise FileProblem(path, line, f'unknown index "{cells["indicator"]}".')
    if cells["evidence"] not in Statement.values:
        raise FileProblem(path, line, f'unknown evidence "{cells["evidence"]}".')
    if not cells["source_url"]:
        raise FileProblem(path, line, "a value needs the address of its source.")
    try:
        year, value = int(cells["year"]), Decimal(cells["value"])
    except (ValueError, InvalidOperation) as error:
        raise FileProblem(path, line, "year or value is not a number.") from error
    said = (cells[name] for name in ("evidence", "source_url", "note"))
    return IndexRow(cells["indicator"], cells["area_code"], year, value, *said)


def source_words(url: str) -> str:
    """“BPS, dikutip DKP3A Kaltim (dkp3a.kaltimprov.go.id/berita/detail/5695)”: who published it,
    who quoted it and where it was read."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    plain = re.sub(r"^(?:www|mail)\.|(?<=\.)m\.", "", host)
    site = host.removeprefix("www.")
    query = f"/?{parts.query}" if parts.query and not parts.path.strip("/") else ""
    place = site + (query or parts.path.rstrip("/"))
    if len(place) > LONGEST_PLACE:  # the address itself stands beside the title
        place = site
    return f"{PUBLISHER}, dikutip {SPEAKERS.get(plain, plain)} ({place})"


def years_words(years: Iterable[int]) -> str:
    """2019, or 2010–2023."""
    first, last = min(found := set(years)), max(found)
    return str(first) if first == last else f"{first}–{last}"


# -- Names of places ---------------------------------------------------------------


@lru_cache(maxsize=1)
def _listed() -> dict[str, str]:
    """Provinces and regencies of the ministry's list: an installation may have loaded one only."""
    folder = settings.DATA_DIR / "wilayah"
    return {
        row["code"]: row["name"]
        for name in ("provinces.csv", "regencies.csv")
        for _line, row in read_table(folder / name, ("code", "name"))
    }


def regencies_of(province: str) -> dict[str, str]:
    """{code: name} of the regencies and cities of a province."""
    return {code: name for code, name in _listed().items() if code.startswith(f"{province}.")}


def is_index_area(code: str) -> bool:
    """The nation, a province or a regency: no index is counted below."""
    return code == NATION or code in _listed() or (len(code) <= 5 and bool(_stored({code})))


def area_names(codes: Iterable[str]) -> dict[str, str]:
    """What the areas behind these codes are called; an unknown code is its own name."""
    wanted = set(codes)
    known = {code: name for code, name in _listed().items() if code in wanted}
    known |= _stored(wanted - known.keys() - {NATION})
    known |= {NATION: _("Indonesia")}
    return {code: known.get(code, code) for code in wanted}


def _stored(codes: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for model, length in ((Province, 2), (Regency, 5), (District, 8), (Village, 13)):
        near = [code for code in codes if len(code) == length]
        if near:
            rows = model.reference.filter(code__in=near)
            found |= {one.code: _title(one) for one in rows}
    return found


def _title(area: AreaBase) -> str:
    if isinstance(area, District):
        return _("%(name)s district") % {"name": area.name}
    return area.title if isinstance(area, Village) else area.name
