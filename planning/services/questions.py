"""The questions of the evaluation sheet (LKE): entered once a year, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused
from core.opened import TooBusy
from core.sheets import Unusable, read_cells
from villages.models import Regency

from ..models import CycleStep, EvidenceTag, Prerequisite, Question
from .documents import may_keep, not_permitted

MOST = 500
#: More problems than this are not told at once.
MOST_SAID = 30
LONGEST_CODE, LONGEST_TEXT = 20, 1_000
#: What a first line is called that names the columns.
HEADS = frozenset({"code", "kode", "no", "nomor"})
#: By how people write them, beside the codes, the full names and the numbers 1 to 7.
_SPOKEN = {
    "komitmen": Prerequisite.COMMITMENT,
    "kebijakan": Prerequisite.POLICY,
    "kelembagaan": Prerequisite.INSTITUTION,
    "sumber daya": Prerequisite.RESOURCES,
    "data": Prerequisite.DATA,
    "data terpilah": Prerequisite.DATA,
    "alat": Prerequisite.TOOLS,
    "metode": Prerequisite.TOOLS,
    "alat analisis": Prerequisite.TOOLS,
    "partisipasi": Prerequisite.PARTICIPATION,
    "perencanaan": CycleStep.PLANNING,
    "penganggaran": CycleStep.BUDGETING,
    "pelaksanaan": CycleStep.IMPLEMENTATION,
    "pemantauan": CycleStep.MONITORING,
    "monitoring": CycleStep.MONITORING,
    "evaluasi": CycleStep.EVALUATION,
    "pengawasan": CycleStep.SUPERVISION,
    "pelaporan": CycleStep.REPORTING,
}


@dataclass(frozen=True)
class QuestionSaid:
    """One row of the list, by its number as people count."""

    row: int
    code: str
    text: str
    prerequisite: str = ""
    cycle: str = ""


def asked_in(regency: Regency, year: int) -> QuerySet[Question]:
    """The questions of the year in their order; reference that everyone in the office may read."""
    return Question.objects.filter(regency=regency, year=year)


def said_in(text: str) -> list[QuestionSaid]:
    """The rows of pasted lines: code;question;prerequisite;cycle. A tab separates as well."""
    lines = text.replace("\r\n", "\n").split("\n")
    found = (
        (number, line.split("\t") if "\t" in line else line.split(";"))
        for number, line in enumerate(lines, 1)
    )
    return _rows(found)


def said_in_sheet(content: bytes) -> list[QuestionSaid]:
    """The rows of a CSV or the first sheet of an XLSX. Refused: unreadable."""
    try:
        table = read_cells(content)
        rows = [table.head, *table.rows()]
    except Unusable as trouble:
        raise Refused(Problem("file", "unreadable", str(trouble))) from trouble
    except TooBusy as busy:
        words = _("The portal is very busy. Try it again in a minute.")
        raise Refused(Problem("file", "busy", words)) from busy
    return _rows(enumerate(rows, 1))


@transaction.atomic
def put_questions(regency: Regency, year: int, said: Sequence[QuestionSaid], *, actor) -> int:
    """The list of the year is exactly this, in this order; how many questions it has.

    A question keeps its evidence by its code. Refused, with the number of each row: without code
    or text, too long, a code twice, an unknown prerequisite or step; a question that has evidence
    and is no longer in the list. Then nothing is stored.
    """
    if not may_keep(actor, regency):
        raise not_permitted()
    Regency.objects.select_for_update().get(pk=regency.pk)  # two lists at once: one after another
    there = {one.code: one for one in Question.objects.filter(regency=regency, year=year)}
    gone = there.keys() - {one.code for one in said}
    if problems := _problems(said) or _still_answered(regency, year, gone):
        raise Refused(*problems[:MOST_SAID])
    old = Question.objects.filter(regency=regency, year=year, code__in=gone)
    EvidenceTag.objects.filter(question__in=old).delete()  # of evidence that was taken out
    old.delete()
    rows = [
        _question(one, there.get(one.code), regency, year, place) for place, one in enumerate(said)
    ]
    Question.objects.bulk_create(row for row in rows if row.pk is None)
    changed = ["text", "prerequisite", "cycle", "position"]
    Question.objects.bulk_update([row for row in rows if row.pk], changed)
    audit.record(actor, "question.put", regency, year=year, questions=len(rows), gone=sorted(gone))
    return len(rows)


def _question(one: QuestionSaid, known: Question | None, regency, year: int, place: int):
    row = known or Question(regency=regency, year=year, code=one.code)
    row.text, row.position = one.text, place
    row.prerequisite = _meant(one.prerequisite, Prerequisite) or ""
    row.cycle = _meant(one.cycle, CycleStep) or ""
    return row


def _rows(found: Iterable[tuple[int, Sequence[Any]]]) -> list[QuestionSaid]:
    rows = []
    for number, cells in found:
        texts = [*(_cell(cell) for cell in cells[:4]), "", "", "", ""][:4]
        if any(texts) and not (not rows and texts[0].lower() in HEADS):
            rows.append(QuestionSaid(number, *texts))
    return rows


def _cell(value: Any) -> str:
    """A cell as text; a code that a spreadsheet took for a number is no 1.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str("" if value is None else value).split())


def _problems(said: Sequence[QuestionSaid]) -> list[Problem]:
    if not said:
        return [_problem(0, "empty", _("Write at least one question."))]
    if len(said) > MOST:
        words = _("At most %(most)s questions fit into one year.") % {"most": MOST}
        return [_problem(0, "too_many", words)]
    problems, seen = [], dict[str, int]()
    for one in said:
        problems += _problems_of(one)
        if first := seen.get(one.code):
            words = _("The code %(code)s stands in row %(first)s already.")
            problems.append(
                _problem(one.row, "code_twice", words % {"code": one.code, "first": first})
            )
        elif one.code:
            seen[one.code] = one.row
    return problems


def _problems_of(one: QuestionSaid) -> list[Problem]:
    found = []
    if not one.code or len(one.code) > LONGEST_CODE:
        words = _("Begin with the code of the question, at most %(most)s signs.")
        found.append(_problem(one.row, "code", words % {"most": LONGEST_CODE}))
    if not one.text or len(one.text) > LONGEST_TEXT:
        words = _("Write the question after the code, at most %(most)s signs.")
        found.append(_problem(one.row, "text", words % {"most": LONGEST_TEXT}))
    if _meant(one.prerequisite, Prerequisite) is None:
        words = _("“%(said)s” is none of the seven prerequisites.")
        found.append(_problem(one.row, "prerequisite", words % {"said": one.prerequisite[:40]}))
    if _meant(one.cycle, CycleStep) is None:
        words = _("“%(said)s” is none of the seven steps of the cycle.")
        found.append(_problem(one.row, "cycle", words % {"said": one.cycle[:40]}))
    return found


def _still_answered(regency, year: int, codes) -> list[Problem]:
    tags = EvidenceTag.objects.filter(
        question__regency=regency,
        question__year=year,
        question__code__in=codes,
        evidence__removed_at=None,
    )
    words = _("Question %(code)s has evidence. Keep it in the list, or take its evidence out.")
    kept = sorted(set(tags.values_list("question__code", flat=True)))
    return [_problem(0, "has_evidence", words % {"code": code}) for code in kept]


def _meant(text: str, words: type[Prerequisite] | type[CycleStep]) -> str | None:
    """The code of what was written; "" of nothing, None of what is none of the seven."""
    plain = " ".join(text.lower().split())
    if not plain:
        return ""
    named: dict[str, str] = {str(number): value for number, value in enumerate(words.values, 1)}
    named |= {value: value for value in words.values}
    named |= {str(label).lower(): value for value, label in words.choices}
    named |= {said: one.value for said, one in _SPOKEN.items() if isinstance(one, words)}
    return named.get(plain)


def _problem(row: int, code: str, words: str) -> Problem:
    """Said with its row; `field` names it for whoever reads by machine."""
    if not row:
        return Problem("rows", code, words)
    line = _("Row %(row)s: %(words)s") % {"row": row, "words": words}
    return Problem(f"rows.{row}", code, line)
