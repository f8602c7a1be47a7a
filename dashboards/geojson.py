"""Areas with their outlines and one measure as GeoJSON (RFC 7946), streamed feature by feature."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

from core.downloads import as_attachment, stamped
from programs.involvement import DEFINITION_VERSION

from .boards import AreaBoard
from .exports import notes_of, place_of
from .measures import USUAL, Measure, features
from .outlines import outlines_of

KIND = "application/geo+json"


def features_answer(
    board: AreaBoard, measure: Measure = USUAL, level: str = ""
) -> StreamingHttpResponse:
    """The board's areas as a download; the same rows that its map draws."""
    now = timezone.now()
    pieces = collection(features(board, measure, level), metadata(board, measure, now))
    response = StreamingHttpResponse(pieces, content_type=KIND)
    code = board.area.code.replace(".", "") or "wilayah"
    name = stamped(f"peta-{measure.name}-{code}-{board.flt.when.code}", "geojson", now)
    as_attachment(response, name)
    return response


def metadata(board: AreaBoard, measure: Measure, now: datetime) -> dict[str, Any]:
    """What a file needs to be read alone: measure, place, period, definition, source, moment."""
    drawn = outlines_of(board.area.code) if board.area.code else None
    return {
        "measure": measure.name,
        "title": str(measure.label),
        "area": board.area.code or None,
        "period": board.flt.when.code,
        "basis": board.flt.basis,
        "filter": board.flt.params,
        "definition_version": DEFINITION_VERSION,
        "generated_at": timezone.localtime(now).isoformat(timespec="seconds"),
        "outlines": {"kind": drawn.kind, "source": drawn.source} if drawn else None,
        "notes": dict(notes_of(board.flt, place_of(board.area), board.newest, now)),
    }


def collection(found: Iterable[dict], about: dict[str, Any]) -> Iterator[bytes]:
    """A FeatureCollection with `metadata` as a foreign member, in pieces."""
    yield f'{{"type":"FeatureCollection","metadata":{_text(about)},"features":['.encode()
    for number, feature in enumerate(found):
        yield f"{',' if number else ''}{_text(feature)}\n".encode()
    yield b"]}\n"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
