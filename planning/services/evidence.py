"""Evidence of the binder: chosen, tagged for a year, verified by somebody else, taken out."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused, Stale
from programs.models import Activity, Photo

from ..models import (
    BudgetStatement,
    Document,
    Evidence,
    EvidenceTag,
    GenderAnalysis,
    Question,
    Realisation,
    TermsOfReference,
)
from .documents import holds, may_keep, not_permitted

Subject = Document | Photo | Activity | GenderAnalysis | BudgetStatement | TermsOfReference
#: Which field of a piece of evidence holds which kind of thing.
FIELDS: dict[type, str] = {
    Document: "document",
    Photo: "photo",
    Activity: "activity",
    GenderAnalysis: "analysis",
    BudgetStatement: "statement",
    TermsOfReference: "terms",
}


@transaction.atomic
def add_evidence(
    subject: Subject, *, actor, title: str, note: str = "", regency, opd=None, uid=None
) -> Evidence:
    """The document, photo, record or plan serves as evidence of the office, or without an office
    of the regency. A document is evidence of its own office only.

    With a `uid` known already, made by the same person of the same thing, that one is answered.
    Refused: not_permitted, not_visible (also when it was removed), other_office.
    """
    if not may_keep(actor, regency, opd):
        raise not_permitted()
    _require_visible(subject, actor)
    if isinstance(subject, Document) and subject.opd_id != (opd and opd.pk):
        words = _("The document belongs to another office. It is evidence of that one only.")
        raise Refused(Problem("opd", "other_office", words))
    piece = Evidence(regency=regency, opd=opd, title=title, note=note, created_by=actor)
    setattr(piece, FIELDS[type(subject)], subject)
    if uid:
        piece.uid = uid
    try:
        with transaction.atomic():
            piece.save(force_insert=True)
    except IntegrityError:
        return _known(piece)
    audit.record(actor, "evidence.add", piece, subject=str(subject.pk))
    return piece


@transaction.atomic
def tag_evidence(
    piece: Evidence,
    year: int,
    *,
    actor,
    prerequisites: Collection[str] = (),
    cycles: Collection[str] = (),
    questions: Collection[Question] = (),
) -> None:
    """In the evaluation of `year` it is evidence for exactly these. Nothing else of it changes.

    Refused: not_permitted, removed, other_year (a question of another year or regency).
    """
    _require_live(piece, actor)
    if any((one.year, one.regency_id) != (year, piece.regency_id) for one in questions):
        words = _("Choose questions of the year %(year)s.") % {"year": year}
        raise Refused(Problem("questions", "other_year", words))
    wanted = [{"prerequisite": one} for one in prerequisites]
    wanted += [{"cycle": one} for one in cycles]
    wanted += [{"question": one} for one in questions]
    EvidenceTag.objects.filter(evidence=piece, year=year).delete()
    EvidenceTag.objects.bulk_create(EvidenceTag(evidence=piece, year=year, **one) for one in wanted)
    said = {"prerequisites": [*prerequisites], "cycles": [*cycles]}
    codes = [one.code for one in questions]
    audit.record(actor, "evidence.tag", piece, year=year, questions=codes, **said)


@transaction.atomic
def copy_tags(regency, before: int, year: int, *, actor, opd=None) -> int:
    """What was evidence in `before` is so in `year` too, for the same prerequisites and steps and
    for the questions with the same code; how many tags were added.

    Only evidence that the person may change, of `opd` where one is named; sending it again adds
    nothing. Refused: not_permitted when she may change none in the regency.
    """
    pieces = Evidence.objects.permitting(actor, "manage_plans").filter(
        regency=regency, removed_at=None
    )
    if opd:
        pieces = pieces.filter(opd=opd)
    if not pieces.exists() and not may_keep(actor, regency, opd):
        raise not_permitted()
    codes = {one.code: one.pk for one in Question.objects.filter(regency=regency, year=year)}
    there = {_said(tag) for tag in _tags(pieces, year)}
    added = []
    for tag in _tags(pieces, before).select_related("question"):
        code = tag.question.code if tag.question else ""
        if code and code not in codes:
            continue
        copied = EvidenceTag(
            evidence_id=tag.evidence_id,
            year=year,
            prerequisite=tag.prerequisite,
            cycle=tag.cycle,
            question_id=codes.get(code),
        )
        if _said(copied) not in there:
            added.append(copied)
    EvidenceTag.objects.bulk_create(added, ignore_conflicts=True)
    audit.record(actor, "evidence.copy", regency, before=before, year=year, tags=len(added))
    return len(added)


@transaction.atomic
def verify_evidence(piece: Evidence, *, actor) -> None:
    """Somebody who did not bring it looked at it: it shows what its title says.

    Refused: not_permitted, own_record (she chose it or uploaded its document), removed; Stale
    when it is verified already.
    """
    if not holds(actor, "approve_plans", piece):
        raise not_permitted()
    brought = {piece.created_by_id, piece.document.uploaded_by_id if piece.document else None}
    if actor.pk in brought:
        words = _("You brought this evidence yourself. Somebody else has to look at it.")
        raise Refused(Problem("", "own_record", words))
    rows = Evidence.objects.filter(pk=piece.pk, verified_at=None, removed_at=None)
    if not rows.update(verified_at=timezone.now(), verified_by=actor):
        words = _("Somebody has looked at this evidence already, or took it out.")
        raise Stale(Problem("", "changed_meanwhile", words))
    audit.record(actor, "evidence.verify", piece)


@transaction.atomic
def remove_evidence(piece: Evidence, *, actor) -> None:
    """It leaves the binder; what it consists of stays where it is.

    Refused: not_permitted; in_use while a reached result names it.
    """
    _require_live(piece, actor)
    if Realisation.objects.filter(evidence=piece).exists():
        words = _("A result of a gender analysis rests on this evidence. It has to stay.")
        raise Refused(Problem("", "in_use", words))
    Evidence.objects.filter(pk=piece.pk).update(removed_at=timezone.now())
    audit.record(actor, "evidence.remove", piece)


def _require_visible(subject: Subject, actor) -> None:
    """It is there, for her; a document stays so until the evidence stands (its row is held)."""
    rows = type(subject).objects.visible_to(actor).filter(pk=subject.pk)
    if isinstance(subject, Document):
        rows = rows.filter(removed_at=None).select_for_update(of=("self",))
    if isinstance(subject, Photo | Activity):
        rows = rows.live()
    if rows.first() is None:
        words = _("Choose a document, a photo or a record that you can see.")
        raise Refused(Problem("", "not_visible", words))


def _require_live(piece: Evidence, actor) -> None:
    if not holds(actor, "manage_plans", piece):
        raise not_permitted()
    held = Evidence.objects.select_for_update().get(pk=piece.pk)
    if held.removed_at:
        words = _("This evidence was taken out of the binder.")
        raise Stale(Problem("", "changed_meanwhile", words))


def _known(piece: Evidence) -> Evidence:
    same = {f"{name}_id": getattr(piece, f"{name}_id") for name in FIELDS.values()}
    known = Evidence.objects.filter(pk=piece.pk, created_by=piece.created_by, **same).first()
    if known is None:
        words = _("Other evidence was made from this page before. Open the page anew.")
        raise Stale(Problem("", "conflict", words))
    return known


def _tags(pieces, year: int):
    return EvidenceTag.objects.filter(evidence__in=pieces, year=year)


def _said(tag: EvidenceTag) -> tuple:
    return tag.evidence_id, tag.prerequisite, tag.cycle, tag.question_id
