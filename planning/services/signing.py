"""Who signs a statement or terms, where and when: the same rule for both papers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from core import formats
from core.errors import Problem, Refused

from ..models import BudgetStatement, Step, StepKind, TermsOfReference
from . import moves

Paper = BudgetStatement | TermsOfReference


@dataclass(frozen=True)
class Signature:
    """As the fields of models.statement.Signed."""

    place: str = ""
    signed_on: date | None = None
    signatory_title: str = ""
    signatory_name: str = ""
    signatory_rank: str = ""
    signatory_number: str = ""


SIGNED_FIELDS = tuple(Signature.__dataclass_fields__)


def signature_of(paper: Paper) -> Signature:
    return Signature(**{name: getattr(paper, name) for name in SIGNED_FIELDS})


def sign(
    paper: Paper, signature: Signature | None, *, actor, version: int, today: date | None = None
) -> None:
    """The paper is signed, with what stands in `signature` (None: in the paper). In a transaction.

    Refused when place, day, position or name is missing, the NIP except for villages; when the
    day lies before the approval or has not come yet.
    """
    said = signature or signature_of(paper)
    moves.require(actor, moves.MOVES["sign"].needs, paper)
    problems = list(_problems(paper, said, today or timezone.localdate()))
    if problems and moves.may(actor, "sign", paper):
        raise Refused(*problems)
    moves.make("sign", paper, actor=actor, version=version, **asdict(said))


def approved_on(paper: Paper) -> date | None:
    """The day of the last approval, in the portal's zone."""
    steps = Step.objects.filter(document=paper.pk, kind=StepKind.APPROVED)
    at = steps.values_list("at", flat=True).first()
    return timezone.localdate(at) if at else None


def _problems(paper: Paper, said: Signature, today: date) -> Iterator[Problem]:
    yield from _missing(said, in_village=moves.program_of(paper).owner_village_id is not None)
    if said.signed_on is None:
        return
    approved = approved_on(paper)
    if approved and said.signed_on < approved:
        words = _("It was approved on %(day)s. It cannot be signed before.")
        words %= {"day": formats.day_long(approved)}
        yield Problem("signed_on", "before_approval", words)
    if said.signed_on > today:
        yield Problem("signed_on", "future", _("This day has not come yet."))


def _missing(said: Signature, *, in_village: bool) -> Iterator[Problem]:
    asked = {
        "place": _("Fill in where it is signed."),
        "signed_on": _("Fill in the day of the signature, for example 5-11-2026."),
        "signatory_title": _("Fill in the position of the person who signs."),
        "signatory_name": _("Fill in the name of the person who signs."),
    }
    if not in_village:
        asked["signatory_number"] = _("Fill in the NIP of the person who signs.")
    for name, words in asked.items():
        if not getattr(said, name):
            yield Problem(name, "required", words)
