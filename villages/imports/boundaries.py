"""Official outlines from a GeoJSON or TopoJSON file keyed by Kemendagri code."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from .areas import in_indonesia, look_swapped
from .tables import FileProblem, read_text
from .topology import Arcs

#: Polygons per code, as stored in AreaShape.rings.
Outlines = dict[str, list]
NAMED = 5


def read_boundaries(path: Path) -> Outlines:
    """Every feature's polygons by code, checked: closed, simple, longitude before latitude."""
    document = _document(path)
    outlines: Outlines = {}
    for code, polygons in _features(path, document):
        if code in outlines:
            raise FileProblem(path, 0, f"{code} occurs twice. Join its parts in one MultiPolygon.")
        outlines[code] = polygons
    if not outlines:
        raise FileProblem(path, 0, "holds no features.")
    for words, is_faulty in _CHECKS:
        _refuse(path, words, [code for code, rings in outlines.items() if is_faulty(rings)])
    return outlines


def named(codes: list[str]) -> str:
    """The first five of some codes, and how many more there are."""
    first = ", ".join(sorted(codes)[:NAMED])
    return first if len(codes) <= NAMED else f"{first} and {len(codes) - NAMED} more"


def _document(path: Path) -> dict:
    text = read_text(path)
    try:
        document = json.loads(text)
    except json.JSONDecodeError as fault:
        whole = text.rstrip()
        cut_off = fault.pos >= len(whole) or (whole[0] == "{" and whole[-1] != "}")
        words = "ends too early: the file is cut off." if cut_off else f"not JSON ({fault.msg})."
        raise FileProblem(path, fault.lineno, words) from fault
    except RecursionError as fault:
        raise FileProblem(path, 0, "not GeoJSON: nested too deeply.") from fault
    if not isinstance(document, dict):
        raise FileProblem(path, 0, "not GeoJSON or TopoJSON: no object at the top.")
    return document


def _features(path: Path, document: dict) -> Iterator[tuple[str, list]]:
    kind = document.get("type")
    if kind == "FeatureCollection":
        pairs = [(one, _object(one).get("geometry")) for one in _list(document.get("features"))]
        rings: Callable[[list], list] = list
    elif kind == "Topology":
        pairs = [(one, one) for one in _members(document.get("objects"))]
        rings = Arcs(path, document).polygon
    else:
        raise FileProblem(path, 0, f'type "{kind}": expected FeatureCollection or Topology.')
    for number, (feature, geometry) in enumerate(pairs, start=1):
        code = _code(path, number, _object(feature))
        yield code, _polygons(path, code, _object(geometry), rings)


def _members(objects) -> Iterator[Mapping]:
    """The geometries of a topology's layers, layer by layer."""
    for layer in _object(objects).values():
        layer = _object(layer)
        if layer.get("type") == "GeometryCollection":
            yield from _list(layer.get("geometries"))
        else:
            yield layer


def _code(path: Path, number: int, feature: Mapping) -> str:
    properties = _object(feature.get("properties"))
    for value in (feature.get("id"), properties.get("code"), properties.get("kode")):
        code = _dotted(str(value)) if value is not None else ""
        if code:
            return code
    raise FileProblem(path, 0, f"feature {number} has no area code (id, code or kode).")


def _dotted(text: str) -> str:
    """A code with dots, also from bare digits (6401042002); "" for anything else."""
    digits = text.replace(".", "")
    match = re.fullmatch(r"(\d\d)(\d\d)?(\d\d)?(\d{4})?", digits)
    if not match or len(digits) == 8:
        return ""
    return ".".join(part for part in match.groups() if part)


def _polygons(path: Path, code: str, geometry: Mapping, rings: Callable[[list], list]) -> list:
    kind = geometry.get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        raise FileProblem(path, 0, f"{code} has no polygon (geometry {kind}).")
    parts = geometry.get("coordinates", geometry.get("arcs"))
    parts = [parts] if kind == "Polygon" else _list(parts)
    try:
        found = [[_ring(ring) for ring in rings(part)] for part in parts]
    except (TypeError, ValueError, IndexError) as fault:
        raise FileProblem(path, 0, f"{code}: coordinates cannot be read.") from fault
    if not found or not all(found):
        raise FileProblem(path, 0, f"{code} has an empty polygon.")
    return found


def _ring(positions: list) -> list[list[float]]:
    """Heights, where given, fall away."""
    return [[float(position[0]), float(position[1])] for position in positions]


def _positions(polygons: list) -> Iterator[list[float]]:
    return (spot for polygon in polygons for ring in polygon for spot in ring)


def _is_open(polygons: list) -> bool:
    return any(len(ring) < 4 or ring[0] != ring[-1] for polygon in polygons for ring in polygon)


def _is_not_number(polygons: list) -> bool:
    return any(not math.isfinite(number) for spot in _positions(polygons) for number in spot)


def _crosses_itself(polygons: list) -> bool:
    from ..schematic import shape_of

    return not shape_of(polygons).is_valid


_CHECKS: tuple[tuple[str, Callable[[list], bool]], ...] = (
    ("coordinates are not numbers", _is_not_number),
    (
        "longitude and latitude look swapped",
        lambda rings: any(look_swapped(*spot) for spot in _positions(rings)),
    ),
    (
        "outside Indonesia; expected longitude and latitude in degrees (WGS84)",
        lambda rings: not all(in_indonesia(*spot) for spot in _positions(rings)),
    ),
    ("broken ring, not closed", _is_open),
    ("broken ring, crosses itself", _crosses_itself),
)


def _refuse(path: Path, words: str, codes: list[str]) -> None:
    if codes:
        raise FileProblem(path, 0, f"{words}: {named(codes)}.")


def _object(value) -> Mapping:
    return value if isinstance(value, Mapping) else {}


def _list(value) -> list:
    return value if isinstance(value, list) else []
