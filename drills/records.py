"""What phones send: records whose numbers are known to the one who counts afterwards."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import cycle, islice
from uuid import UUID

from .ground import Ground

#: The columns that are added up on both sides.
NUMBERS = (
    "women_participants",
    "men_participants",
    "women_deciders",
    "men_deciders",
    "women_beneficiaries",
    "men_beneficiaries",
    "women_proposals_accepted",
    "children",
    "elderly",
    "budget_spent",
)


@dataclass(frozen=True)
class Record:
    """One thing the person wrote down. `name` is what her phone calls it and stands in its field
    `reference`, so that a record taken in twice under two uids is seen for what it is."""

    name: str
    item: dict

    @property
    def uid(self) -> str:
        return self.item["uid"]

    def under(self, uid: str) -> Record:
        """The same record by another uid, as a portal that makes ids itself would take it."""
        return replace(self, item={**self.item, "uid": uid})


@dataclass(frozen=True)
class Parcel:
    """What goes out in one call, under one key."""

    key: str
    records: tuple[Record, ...]

    @property
    def body(self) -> bytes:
        return json.dumps({"items": [one.item for one in self.records]}).encode()


@dataclass
class Maker:
    """Records one after another, reproducible by `seed`; villages go round among the people."""

    ground: Ground
    seed: int = 1
    months: tuple[int, ...] = tuple(range(1, 11))
    made: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self._villages = {key: cycle(codes) for key, codes in self.ground.people}
        self._keys = cycle(self._villages)

    def parcel(self, size: int = 1) -> Parcel:
        key = next(self._keys)
        return Parcel(key, tuple(self._record(next(self._villages[key])) for _ in range(size)))

    def parcels(self, count: int, sizes: Iterable[int] = (1,)) -> Iterator[Parcel]:
        """So many records in all, in parcels of these sizes in turn."""
        turn, left = cycle(sizes), count
        while left:
            size = min(next(turn), left)
            left -= size
            yield self.parcel(size)

    def sums(self) -> dict[str, int]:
        return sums(one.item for one in self.made)

    def _record(self, village: str) -> Record:
        uid = str(UUID(int=self.rng.getrandbits(128), version=4))
        item = {"uid": uid, "program": self.ground.program, "village": village, **self._content()}
        item["reference"] = uid
        item["client_digest"] = hashlib.sha256(json.dumps(item).encode()).hexdigest()
        self.made.append(Record(uid, item))
        return self.made[-1]

    def _content(self) -> dict:
        year = date.today().year - 1  # noqa: DTZ011  any day that is over
        first = date(year, self.rng.choice(self.months), 1)
        heads = dict(zip(NUMBERS, (self.rng.randint(0, 60) for _ in NUMBERS), strict=True))
        heads["budget_spent"] = self.rng.randrange(0, 50_000_000)
        for least in ("women", "men"):  # nobody decides or benefits who was not there
            there = heads[f"{least}_participants"] + 60
            heads[f"{least}_participants"] = there
        return {
            "title": f"Pelatihan {self.rng.randint(1, 10**6)}",
            "held_on": str(first + timedelta(days=self.rng.randint(0, 27))),
            "kind": "training",
            **heads,
        }


def sums(rows: Iterable[dict]) -> dict[str, int]:
    total = Counter()
    for row in rows:
        total.update({name: row[name] for name in NUMBERS})
    return {name: total[name] for name in NUMBERS}


def in_turn(parcels: Iterable[Parcel], number: int) -> list[list[Parcel]]:
    """Dealt out to so many phones."""
    whole = list(parcels)
    return [list(islice(whole, start, None, number)) for start in range(number)]
