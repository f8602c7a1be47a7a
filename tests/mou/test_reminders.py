"""Before an agreement ends its keepers are told: 90, 60, 30 and 7 days ahead, each once."""

from datetime import UTC, date, datetime
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail

from accounts.models import User
from mou import duties
from mou.models import Agreement, AgreementNotice
from mou.services import agreements
from tests import make
from tests.mou import made_agreements as made

pytestmark = pytest.mark.once

END = date(2026, 12, 31)


@pytest.fixture
def agreement(db):
    person = make.officer()
    person.email = "petugas@example.go.id"
    person.save(update_fields=["email"])
    other = make.officer(regency=make.regency("64.02", "Kabupaten Kutai Kartanegara"))
    other.email = "lain@example.go.id"
    other.save(update_fields=["email"])
    make.officer()  # without an address
    partner = made.partner()
    return made.agreement(partner, office=make.opd("DP2KBP3A"), ends_on=END)


def at(day: date) -> float:
    """The duty runs on that day, at eight in the morning in Paser."""
    return duties.remind(datetime(day.year, day.month, day.day, 0, tzinfo=UTC))


def steps(**which) -> list[int]:
    return list(
        AgreementNotice.objects.filter(**which).order_by("-days").values_list("days", flat=True)
    )


def test_each_step_is_told_once_and_missed_ones_by_the_newest(agreement):
    at(date(2026, 10, 1))
    assert (mail.outbox, steps()) == ([], [])
    at(date(2026, 10, 2))
    at(date(2026, 10, 3))
    assert steps(sent_at__isnull=False) == [90]
    assert [one.to for one in mail.outbox] == [["petugas@example.go.id"]]
    assert "31 Desember 2026" in mail.outbox[0].subject
    assert "90 hari lagi" in mail.outbox[0].body
    assert str(agreement.pk) in mail.outbox[0].body
    at(date(2026, 12, 2))  # nobody was there for two months
    assert steps(sent_at__isnull=False) == [90, 30]
    at(date(2026, 12, 24))
    at(END)
    at(date(2027, 1, 1))
    assert steps(sent_at__isnull=False) == [90, 30, 7]
    without_address = steps(sent_at=None)
    # the second officer, and whoever brought the signed file
    assert set(without_address) == {90, 30, 7}
    assert len(mail.outbox) == 3


def test_a_confirmed_renewal_brings_silence(agreement):
    child = agreements.renew_agreement(
        agreement, actor=None, starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    at(date(2026, 10, 5))
    assert len(mail.outbox) == 1  # a draft renews nothing
    made.signed(child)
    child.number_first, child.number_second = "1", "2"
    child.signed_on, child.source = date(2026, 10, 6), "Naskah"
    child = agreements.change_agreement(child, actor=None, version=child.version)
    agreements.confirm_agreement(child, actor=None, version=child.version)
    at(date(2026, 12, 2))
    assert len(mail.outbox) == 1


def test_a_letter_that_failed_is_tried_again(agreement, monkeypatch):
    def broken(*args, **kwargs):
        raise SMTPServerDisconnected("gone")

    with monkeypatch.context() as patch:
        patch.setattr("mou.services.reminders.send_mail", broken)
        assert at(date(2026, 10, 2)) == 1800
    assert not AgreementNotice.objects.filter(person__email="petugas@example.go.id").exists()
    at(date(2026, 10, 2))
    assert len(mail.outbox) == 1


def test_a_letter_that_cannot_be_written_holds_no_other_up(agreement, caplog):
    """Rows as they were stored before one-line texts were tidied, and an address that is none."""
    Agreement.objects.update(title="Kerja\nBcc: x@y.z")
    User.objects.filter(email="petugas@example.go.id").update(email="a@b.id\nBcc: x@y.z")
    second = make.officer()
    second.email = "kedua@example.go.id"
    second.save(update_fields=["email"])
    assert at(date(2026, 10, 2)) == 1800
    assert [one.to for one in mail.outbox] == [["kedua@example.go.id"]]
    assert mail.outbox[0].subject.endswith(": Kerja Bcc: x@y.z")
    assert [one.person for one in AgreementNotice.objects.exclude(sent_at=None)] == [second]
    assert "could not be sent" in caplog.text
