"""Where planning begins: what waits for whom, the calendar, and the reminders before its days."""

from datetime import UTC, date, datetime
from io import StringIO
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from planning import duties
from planning.calendar import BY_KEY, ENTRIES, coming, deadlines
from planning.models import BudgetStatement, Deadline, Indicator, PlanNudge
from planning.services.analyses import (
    approve_analysis,
    check_plan,
    return_analysis,
    submit_analysis,
)
from planning.services.days import set_days
from planning.services.moves import RemarkSaid
from planning.services.outcomes import enter_realisation
from planning.services.reminders import letters_on
from planning.services.statements import approve_statement, submit_statement
from planning.services.village import send_village_statement
from planning.todo import KINDS, groups_of
from tests import make

from . import stated, villages, written

pytestmark = [pytest.mark.once, pytest.mark.django_db]
TODAY = date(2026, 3, 1)
HOME = "/perencanaan/"
GAP_DAY = date(2026, 3, 31)


@pytest.fixture
def program():
    return make.program()


@pytest.fixture
def writer(program):
    return written.focal_point(program)


def kinds(person, today=TODAY) -> dict[str, int]:
    person.__dict__.pop("_bare_grants", None)
    return {one.kind: one.count for one in groups_of(person, today)}


# -- What waits ------------------------------------------------------------------


def test_a_draft_waits_for_its_writer_then_for_its_reviewer_then_for_the_gbs(program, writer):
    officer, other = make.officer(), make.officer()
    planner = make.person("planner", regency=make.regency())
    made = written.draft(program, by=writer)
    assert kinds(writer) == {"gap_finish": 1}
    assert kinds(officer) == {}  # other offices' drafts are not hers

    submit_analysis(made, actor=writer, version=made.version)
    assert kinds(writer) == {}
    assert kinds(officer) == {"gap_review": 1}
    assert kinds(planner) == {"gap_check": 1}
    check_plan(made, actor=planner, note="Sesuai.")
    assert kinds(planner) == {}

    said = [RemarkSaid("goal", "Kurang tegas."), RemarkSaid("data", "Sumber?")]
    return_analysis(made, said, actor=officer, version=made.version)
    [group] = groups_of(writer, TODAY)
    assert (group.kind, group.tasks[0].note) == ("gap_fix", "2 catatan untuk dijawab")
    submit_analysis(made, actor=writer, version=made.version)
    assert kinds(planner) == {"gap_check": 1}  # a new version, a new word

    approve_analysis(made, actor=other, version=made.version)
    assert kinds(writer) == {"gbs_make": 1}


def test_what_she_submitted_never_waits_for_her_own_review(program):
    officer = make.officer()
    written.submitted(program, by=officer)
    assert "gap_review" not in kinds(officer)
    assert kinds(make.officer()) == {"gap_review": 1}


def test_a_statement_waits_for_writer_reviewer_and_signer(program, writer):
    officer = make.officer()
    head = make.person("opd_head", opd=program.owner_opd)
    stated.drafted(program, by=writer, officer=officer)
    assert kinds(writer) == {"gbs_finish": 1}
    made = BudgetStatement.objects.get()
    submit_statement(made, actor=writer, version=made.version)
    assert kinds(officer) == {"gbs_review": 1}
    approve_statement(made, actor=officer, version=made.version)
    assert kinds(head) == {"gbs_sign": 1}
    assert kinds(writer) == {}
    stated.terms(made, by=writer)
    assert kinds(writer) == {"kak_finish": 1}


def test_an_approved_statement_of_a_village_waits_for_its_head(client):
    janju, officer = make.village(), make.person("district_officer", district=make.district())
    head, helper = make.village_head(janju), make.person("facilitator", village=janju)
    made = villages.approved(client, janju, villages.farming_code(), helper, officer)
    statement = send_village_statement(
        made, actor=helper, attached_to="rkpdes", category=2, signatory=head.name
    )
    approve_statement(statement, actor=officer, version=statement.version)

    [group] = [one for one in groups_of(head, TODAY) if one.kind == "gbs_sign"]
    assert group.tasks[0].url == reverse("planning:village", args=[made.pk])
    client.force_login(head)
    assert "Tidak ada yang menunggu Anda" not in client.get(HOME).content.decode()
    assert "gbs_sign" not in kinds(helper)
    assert "gbs_sign" not in kinds(officer)


def test_an_outcome_is_asked_after_until_somebody_tells(program, writer):
    made = written.approved(program, by=writer, measure="")
    outcome = Indicator.objects.get(analysis=made, kind="outcome")
    assert "results" not in kinds(writer, date(2026, 10, 1))
    assert kinds(writer, date(2026, 11, 15))["results"] == 1
    [late] = [one for one in groups_of(writer, date(2027, 1, 5)) if one.kind == "results"]
    assert late.tasks[0].late
    enter_realisation(
        made,
        outcome.pk,
        actor=writer,
        value=41,
        reached_on=timezone.localdate(),
        note="Daftar hadir",
    )
    assert "results" not in kinds(writer, date(2027, 1, 5))


def test_outcomes_that_the_portal_counts_are_not_asked_after(program, writer):
    written.approved(program, by=writer, measure="participants")
    assert "results" not in kinds(writer, date(2026, 12, 30))


def test_another_office_has_nothing_to_do_with_it(program, writer):
    written.draft(program, by=writer)
    assert kinds(make.person("opd_focal_point", opd=make.opd("Dinas Sosial"))) == {}
    assert kinds(make.person("auditor", regency=make.regency())) == {}


# -- The page --------------------------------------------------------------------


def test_the_page_shows_tasks_stages_and_the_next_days(client, program, writer):
    made = written.draft(program, by=writer)
    client.force_login(writer)
    shown = client.get(HOME).content.decode()
    assert "Yang perlu Anda kerjakan" in shown
    assert str(made) in shown
    assert reverse("planning:gap", args=[made.pk]) in shown
    assert "Keadaan rencana 2026" in shown
    assert shown.count('class="soon"') + shown.count("<li><strong>") >= 3


def test_the_empty_page_says_what_to_do_first(client, writer):
    client.force_login(writer)
    shown = client.get(HOME).content.decode()
    assert "Belum ada rencana. Pilih program dulu" in shown
    assert reverse("planning:gap-new") in shown


def test_readers_without_a_part_are_told_so(client):
    client.force_login(make.person("leader", regency=make.regency()))
    assert "tidak ada yang menunggu Anda" in client.get(HOME).content.decode()
    client.force_login(make.person())
    assert client.get(HOME).status_code == 403


def test_the_menu_leads_there_for_offices_only(client, writer):
    client.force_login(writer)
    assert f'href="{HOME}"' in client.get("/program/").content.decode()
    client.force_login(make.village_head())
    assert f'<a href="{HOME}"' not in client.get("/program/").content.decode()


def test_a_village_sees_its_own_days_only(client):
    client.force_login(make.village_head())
    shown = client.get(HOME).content.decode()
    assert "Belum ada rencana. Mulailah dengan satu kegiatan desa." in shown
    assert "DP2KBP3A" not in shown.split('class="next-days"')[1].split("</ol>")[0]


def test_the_queries_do_not_grow_with_the_plans(client):
    officer = make.officer()
    client.force_login(officer)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(HOME)
        return len(found)

    written.submitted(make.program())
    client.get(HOME)
    few = queries()
    for number in range(4):
        one = make.program(owner_opd=make.opd(f"Dinas {number}"))
        written.submitted(one)
        written.draft(make.program(owner_opd=make.opd(f"Dinas {number}")), by=officer)
    assert queries() <= few + len(KINDS)


# -- The calendar ----------------------------------------------------------------


def test_every_line_names_known_tasks_and_who_is_reminded():
    known = {one.key for one in KINDS}
    assert len(BY_KEY) == len(ENTRIES)
    for one in ENTRIES:
        assert set(one.tasks) <= known
        assert bool(one.tasks) == bool(one.roles)


def test_days_of_the_office_take_the_place_of_the_proposal():
    own = {"gap": date(2026, 2, 15)}
    days = {due.entry.key: due for due in deadlines(2026, own)}
    assert (days["gap"].day, days["gap"].own) == (date(2026, 2, 15), True)
    assert (days["rka"].day, days["rka"].own) == (date(2026, 10, 31), False)
    assert [due.day for due in deadlines(2026, own)] == sorted(due.day for due in days.values())


def test_the_next_day_may_lie_in_the_next_year():
    found = coming(date(2026, 12, 31))
    assert found[0].day == date(2026, 12, 31)
    assert date(2027, 1, 31) in [due.day for due in found]


def test_officers_set_the_days_and_everybody_reads_them(client, writer):
    officer = make.officer()
    address = reverse("planning:calendar-days") + "?year=2026"
    client.force_login(officer)
    assert client.get(address).status_code == 200
    assert client.post(address, {"gap": "15-2-2026"}).status_code == 302
    assert Deadline.objects.get().day == date(2026, 2, 15)
    assert client.post(address, {"gap": "15-2-2027"}).status_code == 422
    client.force_login(writer)
    shown = client.get(reverse("planning:calendar") + "?year=2026").content.decode()
    assert "15 Februari 2026" in shown
    assert client.get(address).status_code == 403
    assert client.post(address, {"gap": "1-2-2026"}).status_code == 403
    client.force_login(officer)
    client.post(address, {"gap": "31-3-2026"})  # the proposal again
    assert not Deadline.objects.exists()


def test_a_districts_officer_does_not_set_the_regencys_days():
    person = make.person("district_officer", district=make.district())
    with pytest.raises(Refused) as refusal:
        set_days(2026, {"gap": date(2026, 2, 1)}, actor=person)
    assert refusal.value.code == "not_permitted"


# -- Reminders -------------------------------------------------------------------


def with_address(person, address: str):
    person.email = address
    person.save(update_fields=["email"])
    return person


def remind(*args) -> str:
    out = StringIO()
    call_command("remind_plans", *args, stdout=out, stderr=out)
    return out.getvalue()


def test_who_has_something_to_do_is_written_to_twice_and_no_more(program, writer):
    made = written.draft(program, by=writer)
    with_address(writer, "fokal@example.go.id")
    with_address(make.officer(), "petugas@example.go.id")  # has nothing to do
    assert "0 letters sent" in remind("--day", "2026-03-16")
    assert "gap 2026-03-31: fokal@example.go.id written to" in remind("--day", "2026-03-17")
    remind("--day", "2026-03-18")  # missed days are made up for, but not twice
    remind("--day", "2026-03-28")
    remind("--day", "2026-03-31")
    assert [one.to for one in mail.outbox] == [["fokal@example.go.id"]] * 2
    letter = mail.outbox[0]
    assert letter.subject == "Pengingat: GAP untuk Renja tahun depan, 31 Maret 2026"
    assert str(made) in letter.body
    assert "14 hari lagi" in letter.body
    assert "http://127.0.0.1:8000/perencanaan/" in letter.body
    assert sorted(PlanNudge.objects.values_list("days_before", flat=True)) == [3, 14]


def test_who_has_done_it_is_left_in_peace(program, writer):
    with_address(writer, "fokal@example.go.id")
    written.submitted(program, by=writer)
    assert list(letters_on(date(2026, 3, 28))) == []


def test_a_letter_that_failed_is_tried_again(program, writer, monkeypatch):
    written.draft(program, by=writer)
    with_address(writer, "fokal@example.go.id")

    def broken(*args, **kwargs):
        raise SMTPServerDisconnected("gone")

    with monkeypatch.context() as patch:
        patch.setattr("planning.services.reminders.send_mail", broken)
        with pytest.raises(SystemExit):
            remind("--day", "2026-03-17")
    assert not PlanNudge.objects.exists()
    assert "1 letters sent" in remind("--day", "2026-03-17")


def test_a_dry_run_writes_to_nobody(program, writer):
    written.draft(program, by=writer)
    with_address(writer, "fokal@example.go.id")
    assert "would be written to" in remind("--day", "2026-03-17", "--dry-run")
    assert not mail.outbox
    assert not PlanNudge.objects.exists()
    with pytest.raises(CommandError):
        remind("--day", "besok")


def test_villages_are_reminded_of_their_days_and_offices_of_theirs(program, writer):
    village = make.village()
    head = with_address(make.village_head(village), "kades@example.go.id")
    own = make.program(village, owner_village=village)
    written.draft(own, by=head, template="desa")
    with_address(writer, "fokal@example.go.id")
    written.draft(program, by=writer)
    day = date(2026, 6, 20)
    found = {(one.to.email, one.due.entry.key) for one in letters_on(day)}
    assert found == {("kades@example.go.id", "musdes")}


def test_the_duty_writes_once_a_day_after_seven(program, writer):
    written.draft(program, by=writer)
    with_address(writer, "fokal@example.go.id")
    early = datetime(2026, 3, 16, 21, 30, tzinfo=UTC)  # 05.30 WITA on the 17th
    assert duties.remind(early) == 90 * 60
    assert not mail.outbox
    later = datetime(2026, 3, 17, 0, 0, tzinfo=UTC)  # 08.00 WITA
    assert duties.remind(later) == 23 * 3600
    assert len(mail.outbox) == 1
    duties.remind(later)
    assert len(mail.outbox) == 1


def test_the_officer_may_send_the_text_on(client, monkeypatch):
    day = date(2026, 3, 20)
    monkeypatch.setattr("planning.views.home.timezone.localdate", lambda *args: day)
    client.force_login(make.officer())
    shown = client.get(HOME).content.decode()
    assert "GAP untuk Renja tahun depan" in shown
    assert "https://wa.me/?text=" in shown
