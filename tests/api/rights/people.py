"""Who calls, and the oracle of rights: who sees what and may do what, by the words of the roles.

The oracle knows nothing of querysets. An area is the beginning of a Kemendagri code, so that
"lies within" is one comparison of texts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from accounts.capabilities import CAPABILITIES

REGENCY, OTHER_REGENCY = "64.01", "64.02"
DISTRICT, OTHER_DISTRICT = "64.01.04", "64.01.05"
VILLAGE, NEXT_VILLAGE, FAR_VILLAGE = "64.01.04.2001", "64.01.04.2002", "64.01.05.2001"
FOREIGN_DISTRICT, FOREIGN_VILLAGE = "64.02.01", "64.02.01.2001"
#: 3 villages × 2 districts × 2 regencies.
DISTRICTS = (DISTRICT, OTHER_DISTRICT, FOREIGN_DISTRICT, "64.02.02")
VILLAGES = tuple(f"{district}.200{n}" for district in DISTRICTS for n in (1, 2, 3))
EVERYWHERE = ""
HEALTH, SCHOOLS, FOREIGN_OFFICE = "Dinas Kesehatan", "Dinas Pendidikan", "Dinas Sosial"
OFFICES = {HEALTH: REGENCY, SCHOOLS: REGENCY, FOREIGN_OFFICE: OTHER_REGENCY}


@dataclass(frozen=True)
class Person:
    """One caller. `areas`: beginnings of codes over which she holds her role; `office`: hers."""

    name: str
    role: str = ""
    areas: tuple[str, ...] = ()
    office: str = ""
    has_ended: bool = False
    begins_later: bool = False

    @property
    def is_live(self) -> bool:
        return bool(self.role) and not self.has_ended and not self.begins_later

    def holds(self, word: str) -> bool:
        return self.is_live and word in CAPABILITIES[self.role]

    def in_village(self, word: str, code: str) -> bool:
        """She holds `word` there. An office reads its whole regency; it records nowhere."""
        if self.office:
            return word == "view" and self.holds(word) and code.startswith(OFFICES[self.office])
        return self.holds(word) and any(code.startswith(area) for area in self.areas)

    def over_owner(self, word: str, owner: str) -> bool:
        """She holds `word` over the owner of a program: an office by name, an area by code."""
        if not self.holds(word):
            return False
        if owner in OFFICES:
            return owner == self.office or any(
                OFFICES[owner].startswith(area) for area in self.areas
            )
        return self.in_village(word, owner)


PEOPLE = (
    Person("anonymous"),
    Person("stranger"),
    Person("head", "village_head", (VILLAGE,)),
    Person("neighbour", "village_head", (NEXT_VILLAGE,)),
    Person("facilitator", "facilitator", (VILLAGE, NEXT_VILLAGE)),
    Person("district", "district_officer", (DISTRICT,)),
    Person("officer", "officer", (REGENCY,)),
    Person("focal", "opd_focal_point", office=HEALTH),
    Person("chief", "opd_head", office=HEALTH),
    Person("planner", "planner", (REGENCY,)),
    Person("leader", "leader", (REGENCY,)),
    Person("auditor", "auditor", (REGENCY,)),
    Person("ended", "officer", (REGENCY,), has_ended=True),
    Person("early", "officer", (REGENCY,), begins_later=True),
    Person("foreign", "officer", (OTHER_REGENCY,)),
    Person("national", "officer", (EVERYWHERE,)),
)
ANONYMOUS = PEOPLE[0]
BY_NAME = {person.name: person for person in PEOPLE}


@dataclass(frozen=True, eq=False)
class Thing:
    """One object of the world, or (`exists=False`) the name of one that nobody ever made.

    `keys` fill the address in its order; `word` stands in whatever text the object carries, and
    in nothing else. `village`: where a record lies; `villages` and `owner`: of a program;
    `holder`: the one person to whom it belongs.
    """

    name: str
    kind: str
    keys: tuple[Any, ...] = ()
    village: str = ""
    villages: tuple[str, ...] = ()
    owner: str = ""
    holder: str = ""
    state: str = ""
    hand: str = ""
    version: int = 1
    word: str = ""
    exists: bool = True
    row: Any = field(default=None, repr=False)

    def seen_by(self, person: Person) -> bool:
        """It exists for her."""
        if not self.exists or person is ANONYMOUS:
            return False
        if self.holder:
            return self.holder == person.name
        if self.owner:
            near = any(person.in_village("view", code) for code in self.villages)
            return near or person.over_owner("view", self.owner)
        return person.in_village("view", self.village) if self.village else True

    def allows(self, person: Person, word: str) -> bool:
        """She holds `word` on it; "" asks for nothing."""
        if not word:
            return True
        if self.owner in DISTRICTS and word == "approve_plans":
            return person.in_village(word, self.owner[: len(REGENCY)])  # approved above it
        if self.owner in VILLAGES and word == "sign_plans":
            word = "sign_village"  # its head's alone
        if self.owner:
            return person.over_owner(word, self.owner)
        return person.in_village(word, self.village) if self.village else person.holds(word)
