"""Random facts and filters, the figures they make by hand, and what a list says at its head."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from html import unescape

from hypothesis import strategies as st

from programs.involvement import Level, Plan, Sums, level
from programs.models import Activity
from programs.services import (
    record_gap_approval,
    return_activity,
    set_program_state,
    submit_activities,
    verify_activity,
    void_activity,
)
from tests import make

JANJU, SENAKEN, KUARO = "64.01.04.2002", "64.01.04.2008", "64.01.03.2001"
PAIRS = ("participants", "deciders", "beneficiaries")

PAIR = st.none() | st.tuples(st.integers(0, 6), st.integers(0, 9))
RECORD = st.fixed_dictionaries(
    {
        "at": st.integers(0, 2),
        "of": st.integers(0, 3),
        "deed": st.sampled_from(["verify", "verify", "verify", "nothing", "return", "void"]),
        "held_on": st.sampled_from(
            [
                date(2025, 12, 31),
                *(date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1)),
                *(date(2026, 6, 30), date(2026, 7, 1), date(2026, 8, 17)),
            ]
        ),
        "kind": st.sampled_from(["training", "training", "service", "administration"]),
        "event_status": st.sampled_from(["held", "held", "held", "cancelled"]),
        "count_source": st.sampled_from(["attendance_list", "estimate"]),
        "women_proposals_accepted": st.sampled_from([0, 0, 1]),
        **dict.fromkeys(PAIRS, PAIR),
    }
)
FACTS = st.lists(RECORD, min_size=3, max_size=14)

PARTS = [{}, {}, {"semester": 1}, {"semester": 2}, {"quarter": 1}, {"quarter": 3}, {"month": 3}]
LEVELS = ["involved", "judged", "no_data", "none", "present", "meaningful", "deciding"]
#: In how many of the villages, from the first, each of the programs runs.
REACH = (3, 3, 2, 1)
CHOICES = {
    "district": ["64.01.03", "64.01.04"],
    "owner": ["opd", "district", "village"],
    "opd": ["Dinas Kesehatan", "Dinas Pendidikan"],
    "target_group": ["women", "men", "general"],
    "fund_source": ["apbd", "dana_desa"],
    "level": LEVELS,
}


@st.composite
def filters(draw) -> dict:
    """A board's filter as its address has it; an office by its name, see `address`."""
    said = {"year": draw(st.sampled_from([2026, 2026, 2026, 2025]))}
    said |= draw(st.sampled_from(PARTS))
    said["basis"] = draw(st.sampled_from(["verified", "reported"]))
    names = draw(st.sets(st.sampled_from(sorted(CHOICES)), max_size=2))
    return said | {name: draw(st.sampled_from(CHOICES[name])) for name in sorted(names)}


@dataclass
class Place:
    """Three villages of two districts and four programs, one of them cancelled at the end."""

    officer: object = field(default_factory=lambda: make.officer())

    def __post_init__(self):
        self.villages = [
            make.village(JANJU),
            make.village(SENAKEN, "Senaken"),
            make.village(KUARO, "Kuaro"),
        ]
        self.offices = {name: make.opd(name) for name in CHOICES["opd"]}
        health, school = self.offices.values()
        self.programs = [
            make.program(*self.villages, owner_opd=health, fund_source="apbd"),
            make.program(*self.villages, owner_opd=school, target_group="women"),
            make.program(
                *self.villages[:2],
                owner_district=make.district(),
                target_group="men",
                gender_marker=1,
                fund_source="apbd",
            ),
            make.program(self.villages[0], owner_village=self.villages[0], fund_source="dana_desa"),
        ]
        record_gap_approval(self.programs[2], actor=self.officer, approved_on=date(2026, 1, 1))

    def record(self, facts: list[dict], *, cancel: bool) -> None:
        author = make.person("facilitator", regency=make.regency())
        deeds = []
        for one in facts:
            fact = dict(one)
            place, deed = fact.pop("of"), fact.pop("deed")
            program, village = self.programs[place], self.villages[fact.pop("at") % REACH[place]]
            for name in PAIRS:
                women, men = fact.pop(name) or (None, None)
                fact |= {f"women_{name}": women, f"men_{name}": men}
            draft = make.draft(program, village, **fact)
            [outcome] = submit_activities([draft], actor=author, source="api")
            assert outcome.word == "accepted", outcome.problems
            deeds.append((draft.uid, deed))
        for uid, deed in deeds:
            _do(deed, Activity.objects.get(pk=uid), self.officer)
        if cancel:
            last = self.programs[3]
            last.refresh_from_db()
            set_program_state(last, "cancelled", actor=self.officer, version=last.version)

    def address(self, said: dict) -> dict:
        """The filter with the key of the office in the place of its name."""
        office = self.offices.get(said.get("opd"))
        return said | ({"opd": office.pk} if office else {})


def _do(deed: str, activity: Activity, officer) -> None:
    asked = {"actor": officer, "version": activity.version}
    if deed == "verify":
        verify_activity(activity, **asked)
    elif deed == "return":
        return_activity(activity, reason="Periksa lagi.", **asked)
    elif deed == "void":
        void_activity(activity, reason="Salah desa.", **asked)


# -- By hand -------------------------------------------------------------------


def by_hand(said: dict, villages: set[str]) -> dict[Level, int]:
    """Programs in villages by level, counted from the facts one by one."""
    sums: dict = {}
    for one in Activity.objects.select_related("program", "village__district"):
        if counts(one, said) and one.village.code in villages:
            found = sums.setdefault((one.program, one.village.code), Counter())
            found.update(_heads(one))
    levels = Counter(
        level(Sums(**found), _plan(program)) for (program, _village), found in sums.items()
    )
    return dict(levels)


def counts(one: Activity, said: dict) -> bool:
    """Whether a record enters the sums of this filter, but for its level."""
    owners = {
        "opd": one.program.owner_opd_id,
        "district": one.program.owner_district_id,
        "village": one.program.owner_village_id,
    }
    months = range(1, 13)
    for part, length in (("semester", 6), ("quarter", 3), ("month", 1)):
        if number := said.get(part):
            months = range((number - 1) * length + 1, number * length + 1)
    states = {"verified"} if said["basis"] == "verified" else {"verified", "submitted"}
    return (
        one.state in states
        and one.event_status == "held"
        and one.kind != "administration"
        and one.held_on.year == said["year"]
        and one.held_on.month in months
        and said.get("district", one.village.district.code) == one.village.district.code
        and ("owner" not in said or owners[said["owner"]] is not None)
        and said.get("opd", one.program.owner_opd_id) == one.program.owner_opd_id
        and said.get("target_group", one.program.target_group) == one.program.target_group
        and said.get("fund_source", one.program.fund_source) == one.program.fund_source
    )


def _heads(one: Activity) -> dict[str, int]:
    known = [name for name in PAIRS if getattr(one, f"women_{name}") is not None]
    heads = {"activities": 1, "counted": int(bool(known))}
    heads["women_proposals_accepted"] = one.women_proposals_accepted
    for name in known:
        women, men = getattr(one, f"women_{name}"), getattr(one, f"men_{name}")
        if name == "beneficiaries" and one.count_source == "estimate":
            heads["women_estimated"] = women
        else:
            heads |= {f"women_{name}": women, f"men_{name}": men}
    return heads


def _plan(program) -> Plan:
    return Plan(
        men_only=program.target_group == "men",
        gender_marker=program.gender_marker,
        gap_approved=program.gap_approved_on is not None,
    )


# -- What pages say ------------------------------------------------------------

_LINK = re.compile(r'<a href="([^"]+)" data-behind="([^"]+)" data-part="(\d+)"([^>]*)>')
_DATA = re.compile(r'data-([a-z-]+)="(\d+)"')


@dataclass(frozen=True)
class Link:
    """A count on a page and the list that it leads to."""

    url: str
    kind: str
    part: int
    whole: int | None


def links(response) -> list[Link]:
    found = []
    for url, kind, part, rest in _LINK.findall(response.content.decode()):
        whole = dict(_DATA.findall(rest)).get("whole")
        found.append(Link(unescape(url), kind, int(part), int(whole) if whole else None))
    return found


def sum_line(response) -> dict[str, int]:
    """The numbers at the head of a list, by name; empty where nothing is listed."""
    tag = re.search(r'<[a-z]+ [^>]*id="sum"[^>]*>', response.content.decode())
    return {name: int(value) for name, value in _DATA.findall(tag[0])} if tag else {}
