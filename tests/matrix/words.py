"""The words in which the table of pages is written: who gets past which gate, and what comes then.

A rule is a chain of gates and what each answers to whoever does not pass; `ok` is for who passes
all of them. Every gate is worked out from accounts/capabilities.py and the areas of the cast.

    Rule(200)                                   everyone with an account
    Rule(200, sees=404)                         whoever sees the owner's village
    Rule(200, sees=404, may_verify=403)         of those, who holds the word there
    Rule(200, anywhere_manage_users=403)        who holds the word over any area
    Rule(200, kept_audit=403)                   who holds the word over the whole regency
"""

from __future__ import annotations

from accounts.capabilities import FIELD_ROLES
from tests.api.rights.people import REGENCY, VILLAGES, Person

from .cast import HOME

_HERE = [code for code in VILLAGES if code.startswith(REGENCY)]


def _sees(person: Person) -> bool:
    return person.in_village("view", HOME)


def _near(person: Person) -> bool:
    """She sees something of the regency."""
    return any(person.in_village("view", code) for code in _HERE)


def _office(person: Person) -> bool:
    """She works in an office, not in the field."""
    return person.holds("view") and person.role not in FIELD_ROLES


def _wide(person: Person) -> bool:
    """Her reach is a regency or more."""
    return bool(person.office) or any(len(area) <= len(REGENCY) for area in person.areas)


GATES = {
    "sees": _sees,
    "near": _near,
    "office": _office,
    "near_office": lambda person: _office(person) and _near(person),
    "wide": lambda person: person.holds("view") and _wide(person),
    "wide_near": lambda person: person.holds("view") and _wide(person) and _near(person),
    "reach": lambda person: person.holds("view"),
    "owner": lambda person: person.name == "owner",
    "hers_or_managed": lambda person: (
        person.name == "owner" or person.in_village("manage_users", HOME)
    ),
    "not_hers": lambda person: person.name != "owner",
}


def passes(gate: str, person: Person) -> bool:
    """`may_x_or_y`: one of these words on the owner's village; `kept_x`: over its whole regency;
    `anywhere_x`: over any area."""
    if gate in GATES:
        return GATES[gate](person)
    scope, _, words = gate.partition("_")
    return any(_holds(scope, word, person) for word in words.split("_or_"))


def _holds(scope: str, word: str, person: Person) -> bool:
    if scope == "anywhere":
        return person.holds(word)
    places = [HOME] if scope == "may" else _HERE
    return all(person.in_village(word, code) for code in places)


class Rule:
    """What a route answers. `anonymous`: whoever has no account; `but`: single persons, where a
    condition beside the rights decides (said in the comment beside it)."""

    def __init__(self, ok: int, anonymous: int = 302, but: dict | None = None, **gates: int):
        self.ok, self.anonymous, self.but, self.gates = ok, anonymous, but or {}, gates

    def status(self, person: Person) -> int:
        if person.name == "anonymous":
            return self.anonymous
        if person.name in self.but:
            return self.but[person.name]
        for gate, refusal in self.gates.items():
            if not passes(gate, person):
                return refusal
        return self.ok
