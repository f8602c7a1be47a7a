"""What the calls of the table send: a body, its content type and its headers."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone

from core.identifiers import uuid7
from tests import make

from .people import VILLAGE, Thing

if TYPE_CHECKING:
    from .world import World

JSON = "application/json"


class Sent(NamedTuple):
    data: bytes = b""
    kind: str = JSON


def as_json(body: Any) -> Sent:
    return Sent(json.dumps(body, default=str).encode())


def item(program: Any, village: str = VILLAGE, **values: Any) -> dict[str, Any]:
    """One item of a batch, as it is sent: 19 women and 24 men in March 2026."""
    return {
        "uid": str(uuid7()),
        "program": str(program),
        "village": village,
        "title": "Pelatihan",
        "held_on": "2026-03-04",
        "kind": "training",
        "women_participants": 19,
        "men_participants": 24,
        **values,
    }


def batch(world: World, _thing: Thing) -> Sent:
    program = world.named("program", "the village's own")
    return as_json({"items": [item(program.keys[0])]})


def correction(_world: World, _thing: Thing) -> Sent:
    return as_json({"women_participants": 20})


@cache
def _jpeg() -> bytes:
    return make.image(colour=(1, 2, 3))


def picture(_world: World, _thing: Thing) -> Sent:
    return Sent(_jpeg(), "image/jpeg")


def token(_world: World, _thing: Thing) -> Sent:
    return as_json({"name": "Skrip", "scopes": ["activities:write"], "days": 30})


def program(_world: World, thing: Thing) -> Sent:
    """A new program of this owner, in no village yet."""
    return as_json({**PROGRAM, "owner": thing.row})


PROGRAM = {"title": "Kelas ibu hamil", "year_from": 2026, "year_to": 2026}


def goal(_world: World, _thing: Thing) -> Sent:
    return as_json({"goal": "Ibu dan ayah datang bersama"})


def reason(_world: World, _thing: Thing) -> Sent:
    return as_json({"reason": "Berapa perempuan?"})


def sheet(world: World, _thing: Thing) -> Sent:
    about = world.named("program", "the village's own").keys[0]
    return Sent(sheet_of(VILLAGE, about, "Kelas menjahit"), "text/csv")


def sheet_of(village: str, program: Any, title: str) -> bytes:
    """A sheet of one record in this village under this program."""
    return (
        "Tanggal,Kode desa,Program,Nama kegiatan,Hadir perempuan,Hadir laki-laki\n"
        f"2026-03-04,{village},{program},{title},19,24\n"
    ).encode()


#: A public machine by its number: nobody has to be asked where it is.
HOOK = "https://8.8.8.8/pug"


def webhook(_world: World, _thing: Thing) -> Sent:
    return as_json({"name": "Kantor", "url": HOOK, "events": ["activity.verified"]})


def name(_world: World, _thing: Thing) -> Sent:
    return as_json({"name": "Nama lain"})


def analysis(_world: World, thing: Thing) -> Sent:
    """A new analysis of this program; a village's own is the village's page."""
    template = "desa" if thing.owner.count(".") == VILLAGE.count(".") else "9L"
    return as_json({"program": thing.keys[0], "year": 2027, "template": template})


def audience(_world: World, _thing: Thing) -> Sent:
    return as_json({"audience": "Ibu dan ayah"})


def note(_world: World, _thing: Thing) -> Sent:
    return as_json({"note": "Sesuai rencana kerja"})


def result(_world: World, _thing: Thing) -> Sent:
    said = {"indicator": uuid7(), "value": 40, "reached_on": "2026-03-04", "note": "Daftar hadir"}
    return as_json(said)


def statement(_world: World, thing: Thing) -> Sent:
    """A statement of this analysis."""
    return as_json({"analysis": thing.keys[0]})


def address(_world: World, _thing: Thing) -> Sent:
    return as_json({"place": "Tana Paser"})


def signature(_world: World, _thing: Thing) -> Sent:
    return as_json(
        {
            "place": "Tana Paser",
            "signed_on": timezone.localdate(),
            "signatory_title": "Kepala",
            "signatory_name": "Contoh",
            "signatory_number": "198001012005012001",
        }
    )


def line(_world: World, thing: Thing) -> Sent:
    """A budget line of this owner."""
    said = {"year": 2026, "code": "9.9.9", "name": "Belanja baru", "plan": 1_000_000}
    return as_json({**said, "owner": thing.row})


def realised(_world: World, _thing: Thing) -> Sent:
    return as_json({"realised": 0})


BODIES = {
    one.__name__: one
    for one in (
        *(batch, correction, goal, name, picture, program, reason, sheet, token, webhook),
        *(analysis, audience, note, result, statement, address, signature, line, realised),
    )
}
