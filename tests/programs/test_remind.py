"""The command that writes to those who owe a month."""

from datetime import date, timedelta
from io import StringIO
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Device
from programs.models import Nudge
from programs.reporting import last_due_month, month_of
from programs.services import declare_nothing, nudge
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def due() -> date:
    """The newest month that is due; the portal asked for it, and for the two before."""
    month = last_due_month(timezone.localdate())
    other = make.village("64.01.05.2001", "Pasir Mayang")
    program = make.program(other, year_from=2020, year_to=2100)
    for step in (-2, -1, 0):
        make.activity(program, other, held_on=month_of(month, step), title=f"Rapat {step}")
    return month


def with_address(person, address: str):
    person.email = address
    person.save(update_fields=["email"])
    return person


@pytest.fixture
def head(due):
    return with_address(make.village_head(), "kades@example.go.id")


def remind(*args) -> str:
    out = StringIO()
    call_command("remind", *args, stdout=out, stderr=out)
    return out.getvalue()


def test_it_writes_and_notes_and_says_so(head, due):
    said = remind()
    assert "64.01.04.2002 Desa Janju: wrote to kades@example.go.id" in said
    assert "1 villages, 1 letters sent" in said
    [letter] = mail.outbox
    assert letter.to == ["kades@example.go.id"]
    assert letter.subject == "Pengingat: belum ada catatan dari Desa Janju"
    assert "http://127.0.0.1:8000/" in letter.body
    made = Nudge.objects.get()
    assert (made.channel, made.to, made.by, made.first) == ("email", head, None, due)


def test_twice_is_once_until_a_week_has_passed(head):
    remind()
    assert "reminded on" in remind()
    assert len(mail.outbox) == 1
    Nudge.objects.update(at=timezone.now() - timedelta(days=8))
    remind()
    assert len(mail.outbox) == 2


def test_a_dry_run_writes_nothing(head):
    assert "would write to kades@example.go.id" in remind("--dry-run")
    assert mail.outbox == []
    assert not Nudge.objects.exists()


def test_a_facilitator_gets_one_letter_for_all_her_villages(due):
    make.village()
    make.village("64.01.04.2003", "Tapis")
    with_address(make.person("facilitator", district=make.district()), "pld@example.go.id")
    remind()
    [letter] = mail.outbox
    assert "Desa Janju" in letter.body
    assert "Desa Tapis" in letter.body
    assert Nudge.objects.count() == 2


def test_who_was_called_this_week_is_left_in_peace(head, due):
    officer = make.officer()
    nudge(make.village(), month=due, channel="phone", to=head.uid, actor=officer)
    assert "reminded on" in remind()
    assert mail.outbox == []


def test_who_waits_for_a_signal_gets_no_letter(head):
    phone = make.device(head)
    Device.objects.filter(pk=phone.pk).update(waiting=2, waiting_since=timezone.now())
    assert "2 records wait on the phone" in remind()
    assert mail.outbox == []


def test_who_reported_or_declared_gets_no_letter(head, due):
    declare_nothing(make.village(), year=due.year, month=due.month, actor=head)
    assert "0 villages, 0 letters" in remind()


def test_nobody_with_an_address_is_said(due):
    make.village_head()
    assert "nobody has an address" in remind()


def test_a_letter_that_fails_is_told_and_tried_again(head, monkeypatch):
    def refuse(*_args, **_values):
        raise SMTPServerDisconnected("gone")

    with monkeypatch.context() as broken:
        broken.setattr("programs.services.nudges.send_mail", refuse)
        with pytest.raises(SystemExit) as left:
            remind()
    assert left.value.code == 1
    assert not Nudge.objects.exists()
    assert "wrote to" in remind()


@pytest.mark.parametrize("args", [["--month", "Oktober"], ["--month", "2099-01"], ["--district=x"]])
def test_what_it_does_not_know_stops_it(head, args):
    with pytest.raises(CommandError):
        remind(*args)
    assert mail.outbox == []


def test_one_district_and_one_month(head, due):
    assert "0 villages" in remind("--district", "64.01.05")
    before = f"{month_of(due, -1):%Y-%m}"
    assert "wrote to" in remind("--month", before, "--district", "64.01.04")
    assert Nudge.objects.get().first == month_of(due, -1)
