"""The world that the walk goes through: three villages in each of two districts of two regencies,
with what people made there, and a client signed in as each person.

Each object carries a word of its own in its texts. Whoever may not see it must not read it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.services import create_token
from core.identifiers import uuid7
from programs.models import ActivityCode, Delivery, Program, Webhook
from programs.services import (
    Target,
    correct_activity,
    create_program,
    importing,
    return_activity,
    submit_activities,
    verify_activity,
    void_activity,
)
from tests import make
from villages.models import District, Opd

from .bodies import HOOK, sheet_of
from .browser import Browser
from .nouns import NOUNS
from .people import (
    ANONYMOUS,
    BY_NAME,
    DISTRICT,
    FAR_VILLAGE,
    FOREIGN_OFFICE,
    FOREIGN_VILLAGE,
    HEALTH,
    NEXT_VILLAGE,
    OFFICES,
    OTHER_REGENCY,
    PEOPLE,
    REGENCY,
    SCHOOLS,
    VILLAGE,
    VILLAGES,
    Person,
    Thing,
)
from .plans import PLANNED, make_plans

SCOPES = tuple(ApiToken.Scope.values)
_DAY = timedelta(days=1)
_WORD = re.compile(rb"Rahasia\d{4}z")
_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass
class World:
    users: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Browser] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    things: dict[str, list[Thing]] = field(default_factory=lambda: defaultdict(list))
    by_word: dict[bytes, list[Thing]] = field(default_factory=lambda: defaultdict(list))
    by_uid: dict[bytes, list[Thing]] = field(default_factory=lambda: defaultdict(list))

    def add(self, thing: Thing) -> Thing:
        self.things[thing.kind].append(thing)
        if thing.word:
            self.by_word[thing.word.encode()].append(thing)
        if thing.exists and thing.keys:
            self.by_uid[str(thing.keys[-1]).encode()].append(thing)
        return thing

    def named(self, kind: str, name: str) -> Thing:
        return next(thing for thing in self.things[kind] if thing.name == name)

    def user(self, name: str) -> User:
        return self.users[name]

    def told(self, person: Person, text: bytes, asked: bytes) -> list[str]:
        """What `text` tells her of things that do not exist for her, beyond what she asked by."""
        found = {word: self.by_word[word] for word in _WORD.findall(text)}
        found |= {uid: self.by_uid.get(uid, []) for uid in _UUID.findall(text) if uid not in asked}
        return [
            f"{one.kind} “{one.name}”"
            for things in found.values()
            for one in things[:1]
            if not any(each.seen_by(person) for each in things)
        ]


def made_world() -> World:
    world = World()
    _places(world)
    _people(world)
    _further(world)
    _programs(world)
    _activities(world)
    _who_left(world)
    _photos(world)
    _receipts(world)
    _imports(world)
    _webhooks(world)
    _plans(world)
    for noun in NOUNS:
        noun.make(world, partial(word_for, world))
    for person in PEOPLE:
        _enter(world, person)
    _tokens(world)
    return world


def word_for(world: World) -> str:
    """A word that nobody else carries, taken from now on."""
    word = f"Rahasia{len(world.by_word):04d}z"
    world.by_word[word.encode()] = []
    return word


def _places(world: World) -> None:
    for code in VILLAGES:
        make.village(code, f"Desa {code}")
    for name, regency in OFFICES.items():
        make.opd(name, regency=make.regency(regency))
    areas = {
        "province": ("64",),
        "regency": (REGENCY, OTHER_REGENCY),
        "area district": (DISTRICT,),
        "area village": (VILLAGE, FOREIGN_VILLAGE),
    }
    for kind, codes in areas.items():
        for code in codes:
            world.add(Thing(code, kind, (code,)))
        world.add(Thing("nothing", kind, ("99.99"[: len(codes[0])],), exists=False))
    for code in (VILLAGE, DISTRICT, REGENCY, OTHER_REGENCY):
        world.add(Thing(code, "whole area", village=code))
    world.add(Thing("nothing", "whole area", village="99.99", exists=False))
    for name in OFFICES:
        world.add(Thing(name, "office", (Opd.reference.get(name=name).pk,)))
    world.add(Thing("nothing", "office", (999_999,), exists=False))
    line = ActivityCode.objects.create(code="2.2.03", name="Posyandu", level="kegiatan")
    world.add(Thing("a line", "code", (line.code,)))
    world.add(Thing("nothing", "code", ("9.9.99",), exists=False))
    _owners(world)
    world.add(Thing("", ""))  # what an address without an object is about


def _owners(world: World) -> None:
    """Whose a program may be, as a body names them; one of each kind that nobody made."""
    for owner in (VILLAGE, NEXT_VILLAGE, DISTRICT, HEALTH, FOREIGN_OFFICE, FOREIGN_VILLAGE):
        world.add(Thing(owner, "program owner", owner=owner, row=_owner_said(owner)))
    for said in (
        {"level": "opd", "id": 999_999},
        {"level": "district", "code": "64.09.09"},
        {"level": "village", "code": "64.09.09.2009"},
    ):
        world.add(Thing("nothing", "program owner", exists=False, row=said))


def _owner_said(owner: str) -> dict[str, Any]:
    if owner in OFFICES:
        return {"level": "opd", "id": Opd.reference.get(name=owner).pk}
    return {"level": "district" if len(owner) == len(DISTRICT) else "village", "code": owner}


def _people(world: World) -> None:
    for person in PEOPLE[1:]:
        world.users[person.name] = make.person(
            person.role or None, username=person.name, **_area_of(person)
        )


def _area_of(person: Person) -> dict[str, Any]:
    if person.office:
        return {"opd": Opd.reference.get(name=person.office)}
    [area, *more] = person.areas or [""]
    if more:
        return {"village": make.village(area)}  # the rest of her villages: _further
    makers = {13: "village", 8: "district", 5: "regency"}
    kind = makers.get(len(area))
    return {kind: getattr(make, kind)(area)} if kind else {}


def _further(world: World) -> None:
    """The other villages of whoever has several."""
    for person in PEOPLE:
        for code in person.areas[1:]:
            world.user(person.name).grants.create(
                role=person.role, village=make.village(code), valid_from=date(2020, 1, 1)
            )


def _enter(world: World, person: Person) -> None:
    """A browser signed in as her, and a key of hers that carries every scope."""
    client = world.clients[person.name] = Browser()
    if person is ANONYMOUS:
        return
    client.enter(world.users[person.name])
    world.keys[person.name] = key_of(world, person.name, SCOPES)


def key_of(world: World, name: str, scopes) -> str:
    """The text of a fresh key of this person."""
    user = world.users[name]
    return create_token(user, name="Kunci", scopes=scopes, days=30, actor=user).key


def _programs(world: World) -> None:
    rows = (
        ("the village's own", VILLAGE, (VILLAGE,)),
        ("the district's", DISTRICT, (VILLAGE, NEXT_VILLAGE)),
        ("the office's", HEALTH, (VILLAGE, FAR_VILLAGE)),
        ("another office's, nowhere yet", SCHOOLS, ()),
        ("the foreign office's", FOREIGN_OFFICE, (FOREIGN_VILLAGE,)),
        ("the foreign village's", FOREIGN_VILLAGE, (FOREIGN_VILLAGE,)),
    )
    world.users["maker"] = make.person("officer", username="maker")
    for name, owner, codes in rows:
        word, program = _program(world, owner, codes)
        _add_program(world, name, owner, codes, word, program)
    world.add(Thing("nothing", "program", (uuid7(),), exists=False))


def _program(world: World, owner: str, codes: tuple[str, ...]) -> tuple[str, Program]:
    word = word_for(world)
    texts = {"title": f"Program {word}", "goal": word, "year_from": 2024, "year_to": 2027}
    program = Program(**texts, state="active" if codes else "draft", **owner_of(owner))
    targets = [Target(make.village(code)) for code in codes]
    return word, create_program(program, targets, actor=world.user("maker"))


def _add_program(world: World, name: str, owner: str, codes, word: str, program: Program) -> None:
    program.refresh_from_db()
    world.add(
        Thing(
            *(name, "program", (program.pk,)),
            **{"villages": codes, "owner": owner, "word": word, "row": program},
            **{"state": program.state, "version": program.version},
        )
    )


def _plans(world: World) -> None:
    """Programs whose plans were approved are added last: that has changed them."""
    planned = {owner: _program(world, owner, codes) for owner, codes in PLANNED.items()}
    make_plans(world, {owner: made[1] for owner, made in planned.items()}, word_for)
    for owner, made in planned.items():
        _add_program(world, f"planned, of {owner}", owner, PLANNED[owner], *made)


def owner_of(owner: str) -> dict[str, Any]:
    """The owner's column of a program."""
    if owner in OFFICES:
        return {"owner_opd": Opd.reference.get(name=owner)}
    if len(owner) == len(DISTRICT):
        return {"owner_district": District.objects.get(code=owner)}
    return {"owner_village": make.village(owner)}


def _activities(world: World) -> None:
    rows = (
        ("submitted", VILLAGE, "the village's own", "head", None),
        ("verified", VILLAGE, "the office's", "head", verify_activity),
        ("returned", VILLAGE, "the village's own", "head", return_activity),
        ("voided", VILLAGE, "the district's", "head", void_activity),
        ("next door", NEXT_VILLAGE, "the district's", "neighbour", None),
        ("far", FAR_VILLAGE, "the office's", "national", None),
        ("the officer's own", FAR_VILLAGE, "the office's", "officer", None),
        ("foreign", FOREIGN_VILLAGE, "the foreign office's", "foreign", None),
    )
    for name, code, program, author, step in rows:
        _activity(world, name, code, program, author, step)


def _activity(world: World, name: str, code: str, program: str, author: str, step) -> None:
    word = word_for(world)
    texts = {"title": f"Kegiatan {word}", "note": word, "place": word, "reference": word}
    row = make.activity(
        world.named("program", program).row,
        make.village(code),
        author=world.user(author),
        **texts,
    )
    if step:
        more = {} if step is verify_activity else {"reason": f"Alasan {word}"}
        reviewer = world.users.get("reviewer") or make.officer(username="reviewer")
        world.users["reviewer"] = reviewer
        step(row, actor=reviewer, version=1, **more)
    row.refresh_from_db()
    world.add(
        Thing(
            *(name, "activity", (row.pk,)),
            **{"village": code, "state": row.state, "hand": author, "word": word, "row": row},
            version=row.version,
        )
    )


def _who_left(world: World) -> None:
    """Her record stays, and so does her receipt; what others make of the record is not hers."""
    name, left = "by one who left", world.user("ended")
    word = word_for(world)
    program = world.named("program", "the village's own").row
    row = make.activity(program, make.village(VILLAGE), author=left, title="As she sent it")
    now = {"title": f"Kegiatan {word}", "note": word}
    draft = make.draft(program, make.village(VILLAGE), uid=row.pk, **now)
    correct_activity(row, draft, actor=world.user("head"), version=1)
    left.grants.update(valid_until=timezone.localdate() - _DAY)
    world.user("early").grants.update(valid_from=timezone.localdate() + _DAY)
    world.add(
        Thing(
            *(name, "activity", (row.pk,)),
            **{"village": VILLAGE, "state": row.state, "hand": "head", "word": word, "row": row},
            version=row.version,
        )
    )
    world.add(Thing(name, "receipt", (row.pk,), holder="ended"))
    world.add(Thing("nothing", "activity", (uuid7(),), exists=False))


def _photos(world: World) -> None:
    for name in ("submitted", "verified", "foreign"):
        of = world.named("activity", name)
        photo = make.photo(of.row, author=world.user(of.hand))
        world.add(
            Thing(
                *(f"of “{name}”", "photo", (of.keys[0], photo.pk)),
                **{"village": of.village, "state": of.state, "row": photo},
            )
        )
    near, far = (world.named("activity", name) for name in ("submitted", "foreign"))
    crossed = world.named("photo", "of “foreign”").keys[1]
    world.add(Thing("foreign, by a known record", "photo", (near.keys[0], crossed), exists=False))
    world.add(Thing("nothing", "photo", (near.keys[0], uuid7()), exists=False))
    for of in (near, world.named("activity", "voided"), far):
        place = {"village": of.village, "state": of.state}
        world.add(Thing(f"of “{of.name}”", "new photo", (of.keys[0], uuid7()), **place))
    world.add(Thing("nothing", "new photo", (uuid7(), uuid7()), exists=False))


def _imports(world: World) -> None:
    """A sheet that was tried, with one row that would be refused."""
    programs = {"head": "the village's own", "foreign": "the foreign office's"}
    for name, title in programs.items():
        word, program = word_for(world), world.named("program", title).keys[0]
        sent = sheet_of("64.09.09.2009", program, f"Lembar {word}")
        job = importing.take_in(sent, f"{word}.csv", world.user(name), dry_run=True)
        importing.work(job.pk)
        world.add(Thing(name, "import", (job.pk,), holder=name, word=word))
    world.add(Thing("nothing", "import", (uuid7(),), exists=False))


def _webhooks(world: World) -> None:
    found = {}
    for name in ("head", "foreign"):
        word = word_for(world)
        hook = Webhook.objects.create(
            owner=world.user(name), name=word, url=f"{HOOK}/{word}", events=["activity.verified"]
        )
        message = Delivery.objects.create(
            webhook=hook, event="webhook.test", record=hook.pk, body=word
        )
        found[name] = (hook.pk, message.pk)
        world.add(Thing(name, "webhook", (hook.pk,), holder=name, word=word))
        world.add(Thing(name, "delivery", found[name], holder=name))
    world.add(Thing("nothing", "webhook", (uuid7(),), exists=False))
    crossed = (found["head"][0], found["foreign"][1])
    world.add(Thing("foreign, by her own webhook", "delivery", crossed, exists=False))
    world.add(Thing("nothing", "delivery", (found["head"][0], uuid7()), exists=False))


def _tokens(world: World) -> None:
    for name in ("head", "foreign"):
        user, word = world.user(name), word_for(world)
        made = create_token(user, name=word, scopes=SCOPES, days=30, actor=user)
        world.add(Thing(name, "token", (made.token.pk,), holder=name, word=word))
    world.add(Thing("nothing", "token", (uuid7(),), exists=False))


def _receipts(world: World) -> None:
    """Of each record, for whoever sent it; and of one that was refused."""
    for one in list(world.things["activity"]):
        if one.exists and one.name != "by one who left":
            world.add(Thing(one.name, "receipt", one.keys, holder=one.hand, word=""))
    head, word = BY_NAME["head"], word_for(world)
    village, program = make.village(), world.named("program", "the village's own").row
    refused = make.draft(program, village, title=f"Ditolak {word}", note=word)
    [outcome] = submit_activities([refused], actor=world.user(head.name), source="browser")
    assert outcome.word == "rejected"
    world.add(Thing("refused", "receipt", (refused.uid,), holder=head.name, word=word))
    world.add(Thing("nothing", "receipt", (uuid7(),), exists=False))
