"""The open data as files: CSV, JSON and GeoJSON, and the catalogue that describes them (DCAT)."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.csvs import Counted, csv_blocks
from core.tables import Table
from programs.models import Snapshot
from programs.periods import Period
from villages.models import AreaShape

from ..context import regency_name
from .datasets import DATASETS, INVENTED, OFFICIAL, Dataset
from .editions import Edition, edition_of
from .figures import Publication
from .publishing import is_sample
from .suppression import Hidden

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
#: Names and codes of places are not ours to license anew (data/README.md).
CODES = (
    "Area names and codes: contains area data from idn-area-data by fityannugroho and "
    "contributors, made available under the Open Database License (ODbL) 1.0, "
    "https://opendatacommons.org/licenses/odbl/1-0/"
)
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "geojson": "application/geo+json",
}
#: Decimals of a degree in GeoJSON: about a metre.
DECIMALS = 5


def file_answer(dataset: Dataset, of: Publication, kind: str, base: str) -> HttpResponse:
    """The file of a dataset and edition. `base`: scheme and host that addresses begin with."""
    body = {"csv": _csv, "json": _json, "geojson": _geojson}[kind](dataset, of, base)
    response = HttpResponse(body, content_type=TYPES[kind])
    sample = "contoh-" if of.sample else ""
    name = f"{sample}{dataset.name}-{of.period.code}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _csv(dataset: Dataset, of: Publication, base: str) -> bytes:
    columns = [field.column for field in dataset.fields]
    table = Table(dataset.name, str(dataset.title), columns, dataset.rows(of))
    return b"".join(csv_blocks(table, Counted(), machine=True))


def _json(dataset: Dataset, of: Publication, base: str) -> str:
    rows = [_record(dataset, row) for row in dataset.rows(of)]
    return _written({"metadata": described(dataset, of.snapshot, of.sample, base), "rows": rows})


def _geojson(dataset: Dataset, of: Publication, base: str) -> str:
    """Outlines are the schematic ones: those an office imported are not ours to give away."""
    records = [_record(dataset, row) for row in dataset.rows(of)]
    key = "village_code" if dataset.name == "desa" else "district_code"
    drawn = AreaShape.objects.filter(kind=AreaShape.Kind.SCHEMATIC)
    wanted = drawn.filter(area_code__in=[one[key] for one in records])
    rings = dict(wanted.values_list("area_code", "rings"))
    features = [
        {"type": "Feature", "geometry": _shape(rings.get(one[key])), "properties": one}
        for one in records
    ]
    said = described(dataset, of.snapshot, of.sample, base)
    said |= {"geometry": _("Schematic map, not official boundaries")}
    return _written({"type": "FeatureCollection", "metadata": said, "features": features})


def _shape(rings: list | None) -> dict | None:
    if rings is None:
        return None
    return {"type": "MultiPolygon", "coordinates": _rounded(rings)}


def _rounded(value: Any) -> Any:
    return round(value, DECIMALS) if isinstance(value, float) else [_rounded(one) for one in value]


def _record(dataset: Dataset, row: tuple) -> dict[str, Any]:
    """The row by names; a hidden count is null, and `hidden` says what stands in its place."""
    named = dict(zip((field.name for field in dataset.fields), row, strict=True))
    marks = {name: str(value) for name, value in named.items() if isinstance(value, Hidden)}
    return named | dict.fromkeys(marks) | ({"hidden": marks} if marks else {})


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


# -- Metadata ------------------------------------------------------------------


def described(dataset: Dataset, of: Snapshot, sample: bool, base: str) -> dict[str, Any]:
    """What a reader has to know of one dataset of a snapshot, in the words of DCAT."""
    taken = timezone.localtime(of.taken_at).replace(microsecond=0).isoformat()
    return {
        "@type": "dcat:Dataset",
        "title": f"{dataset.title}, {of.regency.name}, {of.period.label}",
        "description": str(dataset.about),
        "publisher": of.regency.name,
        "status": INVENTED if sample else OFFICIAL,
        "license": LICENCE,
        "rights": CODES,
        "temporal": {
            "startDate": of.period.first_day.isoformat(),
            "endDate": of.period.last_day.isoformat(),
        },
        "modified": taken,
        "version": f"{of.period.code} revision {of.revision}",
        "closed": of.closing,
        "definition_version": of.definition_version,
        "snapshot_sha256": of.checksum,
        "hidden": {
            Hidden.KEPT: "not shown: a count of the same people is 1 to 4, or in a semester",
            Hidden.OPEN: "not shown before the period is closed",
        },
        "columns": [
            {"name": field.name, "type": field.type, "description": str(field.means)}
            for field in dataset.fields
        ],
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "downloadURL": base + address_of(dataset, of.period, kind),
                "mediaType": TYPES[kind].split(";")[0],
            }
            for kind in dataset.formats
        ],
    }


def address_of(dataset: Dataset, period: Period, kind: str) -> str:
    said = {"name": dataset.name, "period": period.code, "kind": kind}
    return reverse("dashboards:public-file", kwargs=said)


def catalogue(edition: Edition, base: str) -> dict[str, Any]:
    """Every dataset of every period, for harvesters of open data."""
    editions = [edition_of(period) for period in edition.periods]
    return {
        "@context": "https://www.w3.org/ns/dcat.jsonld",
        "@type": "dcat:Catalog",
        "title": _("Open data on women's involvement in village programs"),
        "publisher": regency_name(settings.PUG_REGENCY),
        "license": LICENCE,
        "dataset": [
            described(dataset, one.snapshot, is_sample(one.snapshot), base)
            for one in editions
            if one.snapshot
            for dataset in DATASETS.values()
        ],
    }
