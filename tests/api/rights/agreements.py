"""Partners, agreements, their people, and the bodies of a regency: who sees and who keeps them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.identifiers import uuid7
from mou.models import Body, BodyMember, Membership, Training
from mou.services.institutions import add_body, add_training
from mou.services.memberships import add_membership
from tests import make as made
from tests.mou import made_agreements
from villages.models import District, Opd

from .bodies import Sent, as_json
from .calls import Row, may, named, row, sees, signed_in, step
from .people import (
    DISTRICT,
    DISTRICTS,
    FAR_VILLAGE,
    FOREIGN_OFFICE,
    FOREIGN_VILLAGE,
    HEALTH,
    OTHER_REGENCY,
    REGENCY,
    VILLAGE,
    VILLAGES,
    Thing,
)

if TYPE_CHECKING:
    from .world import World

READ, WRITE = "agreements:read", "agreements:write"
KEEP = "manage_agreements"
_BOTH = {"GET": READ, "POST": WRITE}
_ITEM = {"GET": READ, "PATCH": WRITE}
_TODAY = timezone.localdate
#: Works for the partner of each regency, accompanies this village, and may get that one.
HELPERS = {
    REGENCY: ("helper", VILLAGE, FAR_VILLAGE),
    OTHER_REGENCY: ("far helper", FOREIGN_VILLAGE, "64.02.01.2002"),
}


def _kept(noun: str, sends: str, of: str = "kept regency") -> Row:
    """A register of a regency: read by whoever sees something of it, kept by its office."""
    return row("", _BOTH, GET=signed_in(200), POST=named(KEEP, 201, of=of, sends=sends))


def _item(of: str, sends: str) -> Row:
    return row(of, _ITEM, GET=sees(200), PATCH=step(KEEP, sends))


def _part(sends: str, states: dict[str, int]) -> Row:
    calls = [may(KEEP, 422), may(KEEP, 201, sends=sends, states=states)]
    return row("agreement", _BOTH, GET=sees(200), POST=calls)


_DRAFT = {"draft": 422}
ROWS: dict[str, Row] = {
    "partners": _kept("partner", "new_partner"),
    "partner": _item("partner", "acronym"),
    "agreements": _kept("agreement", "new_agreement"),
    "agreement": _item("agreement", "source"),
    "agreement-confirm": row("agreement", WRITE, POST=[may(KEEP, 428), may(KEEP, 422, match=True)]),
    "agreement-cancel": row("agreement", WRITE, POST=step(KEEP, "note")),
    "agreement-terminate": row("agreement", WRITE, POST=step(KEEP, "ending", **_DRAFT)),
    "agreement-renew": row(
        "agreement", WRITE, POST=[may(KEEP, 422), may(KEEP, 201, sends="renewal", states=_DRAFT)]
    ),
    "agreement-obligations": _part("new_duty", {}),
    "agreement-addenda": _part("addendum", _DRAFT),
    "agreement-evaluations": _part("evaluation", _DRAFT),
    "agreement-files": row("agreement", READ, GET=sees(200)),
    "obligation": row("obligation", WRITE, PATCH=step(KEEP, "target")),
    "obligation-progress": row(
        "obligation", WRITE, POST=[may(KEEP, 422), may(KEEP, 201, sends="progress")]
    ),
    "facilitators": _kept("contract", "new_contract", of="partner"),
    "facilitator": _item("contract", "contract_number"),
    "facilitator-assignments": row(
        "contract", WRITE, POST=[may(KEEP, 422), may(KEEP, 201, sends="assignment")]
    ),
    "assignment-end": row(
        "assignment", WRITE, POST=[may(KEEP, 422), may(KEEP, 200, sends="last_day")]
    ),
    "coverage": row("", READ, GET=signed_in(200)),
    "bodies": _kept("body", "new_body"),
    "body": _item("body", "decree"),
    "trainings": _kept("training", "new_training"),
}
LISTS = {
    "partners": (("partner",), "uid"),
    "agreements": (("agreement",), "uid"),
    "facilitators": (("contract",), "uid"),
    "bodies": (("body",), "uid"),
    "trainings": (("training",), "uid"),
}
FILES = ("partners", "agreements", "bodies", "trainings")


# -- What is sent ------------------------------------------------------------------


def new_partner(_world: World, thing: Thing) -> Sent:
    return as_json({"name": "Mitra baru", "kind": "other", "regency": thing.keys[0]})


def acronym(_world: World, _thing: Thing) -> Sent:
    return as_json({"acronym": "MB"})


def new_agreement(_world: World, thing: Thing) -> Sent:
    said = {"form": "commitment", "title": "Komitmen baru", "regency": thing.keys[0]}
    return as_json(said)


def source(_world: World, _thing: Thing) -> Sent:
    return as_json({"source": "Naskah di lemari"})


def ending(_world: World, _thing: Thing) -> Sent:
    return as_json({"last_day": _TODAY(), "reason": "Selesai", "letter": "1/2026"})


def renewal(_world: World, _thing: Thing) -> Sent:
    return as_json({"starts_on": date(2028, 1, 1)})  # after the end of what it renews


def new_duty(_world: World, _thing: Thing) -> Sent:
    return as_json({"party": 2, "text": "Melatih kader"})


def target(_world: World, _thing: Thing) -> Sent:
    return as_json({"target": 9})


def addendum(_world: World, _thing: Thing) -> Sent:
    return as_json({"dated": _TODAY(), "text": "Nama narahubung berganti"})


def evaluation(_world: World, _thing: Thing) -> Sent:
    said = {"period_from": _TODAY() - timedelta(days=9), "period_until": _TODAY()}
    return as_json({**said, "achieved": "Dua desa didampingi"})


def progress(_world: World, _thing: Thing) -> Sent:
    return as_json({"reached_on": _TODAY(), "value": 2})


def new_contract(_world: World, thing: Thing) -> Sent:
    name = HELPERS.get(thing.owner, HELPERS[REGENCY])[0]
    days = {"valid_from": "2031-01-01", "valid_until": "2031-12-31"}
    return as_json({"partner": thing.keys[0], "username": name, "kind": "pld", **days})


def contract_number(_world: World, _thing: Thing) -> Sent:
    return as_json({"contract": "9/2026"})


def assignment(_world: World, thing: Thing) -> Sent:
    village = HELPERS.get(thing.village, HELPERS[REGENCY])[2]
    return as_json({"area": village, "valid_from": _TODAY()})


def last_day(_world: World, _thing: Thing) -> Sent:
    return as_json({"on": _TODAY()})


def new_body(_world: World, thing: Thing) -> Sent:
    member = {"name": "Contoh", "sex": "f"}
    said = {"kind": "driver", "name": "Tim driver", "regency": thing.keys[0]}
    return as_json({**said, "members": [member]})


def decree(_world: World, _thing: Thing) -> Sent:
    return as_json({"decree_number": "7/2026"})


def new_training(_world: World, thing: Thing) -> Sent:
    said = {"title": "Pelatihan PPRG", "held_on": "2026-03-04", "women": 9, "men": 4}
    return as_json({**said, "regency": thing.keys[0]})


BODIES = (
    *(new_partner, acronym, new_agreement, source, ending, renewal, new_duty, target, addendum),
    *(evaluation, progress, new_contract, contract_number, assignment, last_day, new_body),
    *(decree, new_training),
)


# -- Things ------------------------------------------------------------------------

#: The regencies that keep registers, with the office that signs for each.
_OFFICES = {REGENCY: HEALTH, OTHER_REGENCY: FOREIGN_OFFICE}


def make(world: World, word: Callable[[], str]) -> None:
    for code in (REGENCY, OTHER_REGENCY):
        world.add(Thing(code, "kept regency", (code,), owner=code))
        partner = _partner(world, code, word())
        _people(world, code, partner, word())
        _bodies(world, code, word(), word())
        _agreements(world, code, partner, word)
    world.add(Thing("nothing", "kept regency", ("64.99",), exists=False))
    for kind in ("partner", "agreement", "obligation", "contract", "assignment", "body"):
        world.add(Thing("nothing", kind, (uuid7(),), exists=False))


def _everywhere(code: str) -> dict[str, Any]:
    """Seen by whoever sees one village of the regency, kept by who keeps all of it."""
    return {"owner": code, "villages": tuple(one for one in VILLAGES if one.startswith(code))}


def _partner(world: World, code: str, word: str) -> Any:
    texts = {"contact_name": word, "note": word, "address": word}
    partner = made_agreements.partner(f"Mitra {word}", regency=made.regency(code), **texts)
    world.add(Thing(code, "partner", (partner.pk,), **_everywhere(code), word=word))
    return partner


def _people(world: World, code: str, partner: Any, word: str) -> None:
    """Named to those only who see the whole regency."""
    name, village, _other = HELPERS[code]
    person = made.person("facilitator", username=name, village=made.village(village))
    world.users[name] = person
    days = {"valid_from": date(2026, 1, 1), "valid_until": date(2027, 12, 31)}
    row = Membership(partner=partner, person=person, kind="pld", contract=word, **days)
    add_membership(row, actor=None)
    world.add(Thing(name, "contract", (row.pk,), village=code))
    world.add(Thing(name, "assignment", (person.grants.get().pk,), village=code))


def _bodies(world: World, code: str, word: str, name: str) -> None:
    """Known to whoever sees a whole district; its members to those who see the whole regency."""
    body = Body(regency=made.regency(code), kind="working_group", name=f"Pokja {word}", note=word)
    member = BodyMember(name=f"Anggota {name}", sex="f", position="chair")
    add_body(body, actor=None, members=[member])
    near = {"owner": code, "villages": tuple(one for one in DISTRICTS if one.startswith(code))}
    world.add(Thing(code, "body", (body.pk,), **near, word=word))
    world.add(Thing(code, "member", (member.pk,), village=code, word=name))
    facts = {"title": f"Pelatihan {word}", "held_on": date(2026, 2, 3), "women": 5, "men": 4}
    training = Training(regency=body.regency, **facts)
    add_training(training, actor=None, members=[member])
    world.add(Thing(code, "training", (training.pk,), **near))


def _agreements(world: World, code: str, partner: Any, word: Callable[[], str]) -> None:
    """A draft, seen with the whole regency; one in force for a district, and one everywhere."""
    common = {"office": Opd.reference.get(name=_OFFICES[code]), "by": world.user("national")}
    common |= {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 12, 31)}
    if code == REGENCY:
        district = District.reference.get(code=DISTRICT)
        near = tuple(one for one in VILLAGES if one.startswith(DISTRICT))
        _agreement(world, "draft", {"village": code}, partner, word(), confirmed=False, **common)
        reach = {"owner": code, "villages": near}
        _agreement(world, "of a district", reach, partner, word(), areas=[district], **common)
    else:
        _agreement(world, "foreign", _everywhere(code), partner, word(), **common)


def _agreement(world: World, name: str, reach: dict, partner: Any, word: str, **values) -> None:
    texts = {"title": f"Kerja sama {word}", "purpose": word, "subject": word}
    row = made_agreements.agreement(partner, **texts, **values)
    duty = row.obligations.first() or made_agreements.promise(row, text=f"Kewajiban {word}")
    state = "in force" if row.confirmed_at else "draft"
    facts = {**reach, "state": state, "version": row.version}
    world.add(Thing(name, "agreement", (row.pk,), word=word, **facts))
    world.add(Thing(name, "obligation", (duty.pk,), **{**facts, "version": duty.version}))
