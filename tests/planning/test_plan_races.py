"""Many at once over one gender analysis, on PostgreSQL: one wins, the others are told."""

from dataclasses import replace

import pytest

from core.errors import Refused, Stale
from core.identifiers import uuid7
from planning.content import DataSaid, content_of
from planning.models import DataRow, GapVersion, GenderAnalysis
from planning.services.analyses import (
    approve_analysis,
    return_analysis,
    save_content,
    start_analysis,
    submit_analysis,
)
from planning.services.moves import RemarkSaid
from tests import make
from tests.racing import at_once

from . import written
from .written import YEAR

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def fresh(analysis):
    return GenderAnalysis.objects.get(pk=analysis.pk)


def test_ten_begin_the_same_analysis_and_one_exists():
    program = make.program()
    by = written.focal_point(program)
    answers = at_once(*[lambda: start_analysis(program, actor=by, year=YEAR) for _ in range(10)])
    assert GenderAnalysis.objects.count() == 1
    refused = [one for one in answers if isinstance(one, Refused)]
    assert len(refused) == 9
    assert {one.code for one in refused} == {"already_there"}


def test_two_editors_save_and_no_rows_are_mixed():
    program = make.program()
    by, other = written.focal_point(program), written.focal_point(program)
    for _ in range(5):
        GenderAnalysis.objects.all().delete()
        made = start_analysis(program, actor=by, year=YEAR)
        seen, content = made.version, content_of(made)

        def save(person, word, made=made, seen=seen, content=content):
            rows = tuple(DataSaid(uuid7(), text=f"{word} {n}") for n in range(20))
            said = replace(content, goal=word, data_rows=rows)
            return lambda: save_content(fresh(made), said, actor=person, version=seen)

        answers = at_once(save(by, "satu"), save(other, "dua"))
        assert sum(isinstance(one, Stale) for one in answers) == 1
        now = content_of(fresh(made))
        assert {one.text.split()[0] for one in now.data_rows} == {now.goal}
        assert DataRow.objects.count() == 20


def test_sent_twice_at_once_it_is_one_version():
    program = make.program()
    by = written.focal_point(program)
    made = written.draft(program, by=by)
    answers = at_once(
        *[lambda: submit_analysis(fresh(made), actor=by, version=made.version) for _ in range(8)]
    )
    assert GapVersion.objects.count() == 1
    assert sum(isinstance(one, GapVersion) for one in answers) == 1
    assert all(isinstance(one, GapVersion | Refused) for one in answers)


def test_approved_and_returned_at_once_one_word_stands():
    program = make.program()
    made, version = written.submitted(program)
    one, two = make.officer(), make.officer()
    answers = at_once(
        lambda: approve_analysis(fresh(made), actor=one, version=made.version),
        lambda: return_analysis(
            fresh(made), [RemarkSaid("goal", "Perjelas")], actor=two, version=made.version
        ),
    )
    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    version.refresh_from_db()
    assert fresh(made).state == version.state
