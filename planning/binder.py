"""The binder of one evaluation year: what is shown for each prerequisite, step and question, and
what is missing. Read in a fixed number of queries, however much is in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programs.models import Activity, Photo, PhotoState, State
from villages.models import Opd, Regency

from .models import (
    BudgetStatement,
    CycleStep,
    Document,
    Evidence,
    EvidenceTag,
    GenderAnalysis,
    Prerequisite,
    Question,
    TermsOfReference,
)

#: A document that ends within this time is said to end soon.
SOON = timedelta(days=90)
#: Evidence for a step or a question alone, without a prerequisite.
REST = "rest"

EXPIRED, EXPIRING, UNVERIFIED, GONE = "expired", "expiring", "unverified", "gone"
STANDINGS = {
    EXPIRED: _("No longer in force"),
    EXPIRING: _("Ends soon"),
    UNVERIFIED: _("Not looked at yet"),
    GONE: _("No longer there"),
}
#: Kinds of gaps in the order in which they are told.
GAPS = {
    "prerequisite": _("Prerequisites without evidence"),
    "question": _("Questions without evidence"),
    GONE: _("Evidence that is no longer there"),
    EXPIRED: _("Documents no longer in force"),
    EXPIRING: _("Documents that end soon"),
    UNVERIFIED: _("Evidence nobody looked at yet"),
}
SUBJECT_WORDS = {
    "document": _("Document"),
    "photo": _("Photo"),
    "activity": _("Activity record"),
    "analysis": _("GAP"),
    "statement": _("GBS"),
    "terms": _("KAK"),
}
_SUBJECTS: dict[str, type] = {
    "document": Document,
    "photo": Photo,
    "activity": Activity,
    "analysis": GenderAnalysis,
    "statement": BudgetStatement,
    "terms": TermsOfReference,
}
_JOINED = (
    "opd",
    "verified_by",
    "document",
    "photo__activity__village__district",
    "activity__program",
    "activity__village__district",
    "analysis__program",
    "statement__analysis__program",
    "terms__statement__analysis__program",
)


@dataclass(frozen=True)
class Piece:
    """One piece of evidence in this year's binder. `number` as in the archive, "1.02"; `home` the
    prerequisite under which its file lies; `readable`: the reader may open what it consists of."""

    evidence: Evidence
    number: str
    home: str
    standings: tuple[str, ...]
    readable: bool

    @property
    def kind(self) -> str:
        return next(name for name in _SUBJECTS if getattr(self.evidence, f"{name}_id"))

    @property
    def kind_label(self) -> Any:
        document = self.evidence.document
        return document.get_kind_display() if document else SUBJECT_WORDS[self.kind]

    @property
    def warnings(self) -> list[tuple[str, Any]]:
        return [(name, STANDINGS[name]) for name in self.standings]


@dataclass(frozen=True)
class Place:
    """What evidence can be for: a prerequisite, a step of the cycle, or a question."""

    group: str
    key: str
    number: str
    label: Any
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Gap:
    """One thing missing, of a kind of GAPS; `place` or `piece` says where."""

    kind: str
    place: Place | None = None
    piece: Piece | None = None


@dataclass(frozen=True)
class Binder:
    regency: Regency
    opd: Opd | None
    year: int
    pieces: tuple[Piece, ...]
    prerequisites: tuple[Place, ...]
    cycles: tuple[Place, ...]
    questions: tuple[Place, ...]

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Places without evidence in their order, then evidence that needs a hand."""
        empty = [*self.prerequisites, *self.questions]
        found = [Gap(place.group, place=place) for place in empty if not place.pieces]
        for name in (GONE, EXPIRED, EXPIRING, UNVERIFIED):
            found += [Gap(name, piece=one) for one in self.pieces if name in one.standings]
        return tuple(found)

    @property
    def gap_groups(self) -> list[tuple[str, Any, list[Gap]]]:
        """The gaps by kind, those kinds alone that have any."""
        groups = [
            (kind, label, [one for one in self.gaps if one.kind == kind])
            for kind, label in GAPS.items()
        ]
        return [group for group in groups if group[2]]

    @property
    def places(self) -> tuple[Place, ...]:
        return (*self.prerequisites, *self.cycles, *self.questions)

    @property
    def filled(self) -> tuple[int, int]:
        return sum(bool(one.pieces) for one in self.prerequisites), len(self.prerequisites)

    @property
    def answered(self) -> tuple[int, int]:
        return sum(bool(one.pieces) for one in self.questions), len(self.questions)

    @property
    def verified(self) -> tuple[int, int]:
        seen = [one for one in self.pieces if one.evidence.verified_at]
        return len(seen), len(self.pieces)


def binder_of(user, regency: Regency, year: int, *, today: date, opd: Opd | None = None) -> Binder:
    """What she may see of the binder; of one office with what is the whole regency's."""
    rows = _tagged(user, regency, year, opd)
    questions = list(Question.objects.filter(regency=regency, year=year))
    tags = _tags_of(rows, year)
    readable = _readable(user, rows)
    homes = {one.pk: _home(tags[one.pk]) for one in rows}
    pieces, counted = [], defaultdict[str, int](int)
    order = [*Prerequisite.values, REST]
    for one in sorted(rows, key=lambda row: order.index(homes[row.pk])):
        home = homes[one.pk]
        counted[home] += 1
        number = f"{order.index(home) + 1}.{counted[home]:02}"
        standings = tuple(_standings(one, today))
        pieces.append(Piece(one, number, home, standings, one.pk in readable))
    return Binder(
        regency,
        opd,
        year,
        tuple(pieces),
        _places("prerequisite", Prerequisite, pieces, tags),
        _places("cycle", CycleStep, pieces, tags),
        _asked(questions, pieces, tags),
    )


def in_force(document: Document, today: date) -> str:
    """ "" while it is, else EXPIRED or EXPIRING."""
    if document.valid_until is None:
        return ""
    if document.valid_until < today:
        return EXPIRED
    return EXPIRING if document.valid_until <= today + SOON else ""


def _tagged(user, regency: Regency, year: int, opd: Opd | None) -> list[Evidence]:
    rows = Evidence.objects.visible_to(user).filter(regency=regency, removed_at=None)
    rows = rows.filter(pk__in=EvidenceTag.objects.filter(year=year).values("evidence"))
    if opd:
        rows = rows.filter(opd=opd) | rows.filter(opd=None)
    return list(rows.select_related(*_JOINED).order_by("title", "uid"))


def _tags_of(rows: Sequence[Evidence], year: int) -> dict[Any, list[EvidenceTag]]:
    found = defaultdict(list)
    tags = EvidenceTag.objects.filter(evidence__in=rows, year=year).select_related("question")
    for tag in tags:
        found[tag.evidence_id].append(tag)
    return found


def _readable(user, rows: Iterable[Evidence]) -> set:
    """Evidence whose document, photo, record or plan she may open: one query for each kind."""
    by_kind: dict[str, dict[Any, list]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        name = next(name for name in _SUBJECTS if getattr(row, f"{name}_id"))
        by_kind[name][getattr(row, f"{name}_id")].append(row.pk)
    seen: set = set()
    for name, wanted in by_kind.items():
        visible: QuerySet = _SUBJECTS[name].objects.visible_to(user).filter(pk__in=wanted)
        for key in visible.values_list("pk", flat=True):
            seen.update(wanted[key])
    return seen


def _home(tags: Iterable[EvidenceTag]) -> str:
    """The first prerequisite, in their official order, that it is evidence for."""
    named = {name for tag in tags if (name := _prerequisite(tag))}
    return next((name for name in Prerequisite.values if name in named), REST)


def _prerequisite(tag: EvidenceTag) -> str:
    return tag.prerequisite or (tag.question.prerequisite if tag.question else "")


def _cycle(tag: EvidenceTag) -> str:
    return tag.cycle or (tag.question.cycle if tag.question else "")


def _standings(one: Evidence, today: date) -> Iterable[str]:
    photo, document = one.photo, one.document
    activity = photo.activity if photo else one.activity
    if (activity and activity.state == State.VOIDED) or (
        photo and photo.state == PhotoState.REMOVED
    ):
        yield GONE
    if document and (standing := in_force(document, today)):
        yield standing
    if one.verified_at is None:
        yield UNVERIFIED


def _places(group: str, words, pieces: Sequence[Piece], tags) -> tuple[Place, ...]:
    said = {"prerequisite": _prerequisite, "cycle": _cycle}[group]
    held: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        for name in {said(tag) for tag in tags[piece.evidence.pk]} - {""}:
            held[name].append(piece)
    return tuple(
        Place(group, value, str(number), label, tuple(held[value]))
        for number, (value, label) in enumerate(words.choices, 1)
    )


def _asked(questions: Sequence[Question], pieces: Sequence[Piece], tags) -> tuple[Place, ...]:
    held: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        for tag in tags[piece.evidence.pk]:
            if tag.question_id:
                held[tag.question_id].append(piece)
    return tuple(
        Place("question", str(one.pk), one.code, one.text, tuple(held[one.pk])) for one in questions
    )


GROUPS = {
    "prerequisite": _("Prerequisite"),
    "cycle": _("Step of the cycle"),
    "question": pgettext_lazy("of the evaluation sheet", "Question"),
}
