"""Two runs of the reminders at the same moment, on PostgreSQL: each letter leaves once."""

from datetime import date

import pytest
from django.core import mail

from planning.models import PlanNudge
from planning.services.reminders import letters_on, send_letter
from tests import make
from tests.racing import at_once

from . import written

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_runs_at_once_write_each_letter_once():
    day = date(2026, 3, 17)
    people = []
    for number in range(3):
        program = make.program(owner_opd=make.opd(f"Dinas {number}"))
        writer = written.focal_point(program)
        writer.email = f"fokal{number}@example.go.id"
        writer.save(update_fields=["email"])
        written.draft(program, by=writer)
        people.append(writer.email)

    def run():
        return sum(send_letter(one, day) for one in list(letters_on(day)))

    answers = at_once(*[run] * 4)

    assert sum(answers) == 3, answers
    assert sorted(one.to[0] for one in mail.outbox) == people
    assert PlanNudge.objects.count() == 3
