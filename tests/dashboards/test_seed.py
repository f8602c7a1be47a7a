"""The demonstration: made through the services, the same in every run, told apart from facts."""

import csv
import hashlib
from collections import Counter
from datetime import datetime, time
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum
from django.test import RequestFactory, override_settings
from django.utils import timezone

from accounts.models import User
from core.identifiers import uuid7
from core.models import AuditEntry
from dashboards.demo import janju, seedlings
from dashboards.demo.people import HOME_DISTRICT
from dashboards.demo.seed import REPORTED_ROWS, seed
from planning.content import content_of, unpacked
from planning.models import (
    ArgTarget,
    BudgetLine,
    BudgetStatement,
    BudgetTotal,
    Evidence,
    GenderAnalysis,
    Prerequisite,
    Question,
    Remark,
    Step,
    TermsOfReference,
)
from planning.services.moves import may
from programs.closing import steps_since, verify
from programs.drafts import FACT_FIELDS, ActivityDraft
from programs.models import (
    Activity,
    CorrectionRequest,
    Origin,
    Program,
    ProgramState,
    ProgramVillage,
    Review,
    ReviewStep,
    Snapshot,
    State,
    VillagePeriod,
)
from programs.periods import Period
from programs.services import submit_activities, verify_activity
from villages.models import Regency, Village

SMALLEST = "64.01.10"
#: Any year serves; rights are asked for on the real day, so it is the real year.
TODAY = timezone.localdate().replace(month=10, day=15)
NOW = datetime.combine(TODAY, time(9), tzinfo=timezone.get_default_timezone())


def command(*arguments: str, **options) -> str:
    said = StringIO()
    call_command("seed_demo", *arguments, stdout=said, **options)
    return said.getvalue()


def facts() -> str:
    """A digest of all that was put on file."""
    rows = [
        *Program.objects.order_by("pk").values_list("pk", "title", "ceiling", "state", "origin"),
        *ProgramVillage.objects.order_by("program", "village__code").values_list(
            "program", "village__code", "target_women", "target_men", "outcome_reached_on"
        ),
        *Activity.objects.order_by("pk").values_list(
            "pk", "village__code", "author__username", "state", "receipt__number", *FACT_FIELDS
        ),
        *Review.objects.order_by("activity", "at", "step").values_list(
            "activity", "step", "actor__username", "at", "reason"
        ),
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


@pytest.fixture(scope="module", autouse=True)
def digests(django_db_setup, django_db_blocker):
    """Digests of one district put on file and taken back twice; then another, which stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("import_wilayah", regency="64.01", stdout=StringIO())
        call_command("import_activity_codes", stdout=StringIO())
        found = []
        for _run in range(2):
            with transaction.atomic():
                seed(now=NOW, say=unheard, districts=[SMALLEST])
                found.append(facts())
                transaction.set_rollback(True)
        seed(now=NOW, say=unheard, districts=[HOME_DISTRICT])
        yield found
        transaction.set_rollback(True)


def unheard(what: str, how: str) -> None:
    pass


@pytest.fixture
def undone(digests):
    """What the test writes is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def samples():
    return Activity.objects.filter(origin=Origin.SAMPLE)


def test_two_runs_put_the_same_on_file(digests):
    first, second = digests
    assert first == second != facts()


def test_every_record_came_in_through_the_service():
    sent = Review.objects.filter(step=ReviewStep.SUBMITTED)
    audited = AuditEntry.objects.filter(action="activity.submitted")
    count = Activity.objects.count()
    assert sent.count() == audited.count() == count
    assert Activity.objects.filter(receipt__number=None).count() == 0
    assert AuditEntry.objects.filter(action="program.created").count() == Program.objects.count()


def test_every_state_has_its_step_and_nobody_reviewed_her_own():
    for state, step in (
        (State.VERIFIED, ReviewStep.VERIFIED),
        (State.RETURNED, ReviewStep.RETURNED),
        (State.VOIDED, ReviewStep.VOIDED),
    ):
        held = Activity.objects.filter(state=state)
        assert held.exists()
        assert held.filter(reviews__step=step).distinct().count() == held.count()
    for one in Review.objects.exclude(step=ReviewStep.SUBMITTED).select_related("activity"):
        assert one.actor_id != one.activity.author_id
    assert samples().filter(state=State.SUBMITTED).exists()


def test_nothing_lies_in_the_future():
    assert Activity.objects.filter(held_on__gt=TODAY).count() == 0
    assert Review.objects.filter(at__gt=NOW).count() == 0
    assert {*samples().values_list("year", flat=True)} == {TODAY.year - 1, TODAY.year}
    for one in samples().select_related("receipt"):
        assert 0 <= (one.receipt.received_at.date() - one.held_on).days <= 30


def test_rollups_agree_with_the_facts():
    said = StringIO()
    call_command("rebuild_rollups", check=True, stdout=said)
    assert "144 villages compared, 0 differences" in said.getvalue()


def test_money_stays_within_ceilings():
    spent = Counter()
    for one in samples().filter(budget_spent__isnull=False).select_related("program"):
        spent[one.program] += one.budget_spent
    assert [program for program, sum_ in spent.items() if sum_ > program.ceiling] == []


def test_kelurahan_spends_no_village_budget():
    kelurahan = Village.objects.get(code="64.01.04.1001")
    programs = Program.objects.filter(owner_village=kelurahan)
    assert programs.exists()
    assert {*programs.values_list("fund_source", "activity_code")} == {("apbd", None)}
    assert kelurahan.activities.exclude(fund_source__in=["apbd", "apbn", "csr", ""]).count() == 0


def test_every_village_shows_something_or_is_silent():
    """The map has villages with figures and villages without sexes; Janju is full."""
    periods = VillagePeriod.objects.of(TODAY.year)
    assert periods.filter(no_data__gt=0).exists()
    assert periods.filter(level_0__gt=0).exists()
    assert periods.filter(level_3__gt=0).exists()
    assert samples().filter(women_participants=None, total_participants__gt=0).exists()
    assert samples().exclude(event_status="held").exists()
    assert Activity.objects.filter(village__code="64.01.04.2002").count() > 15


def test_reported_rows_are_told_with_their_source_and_nothing_more():
    with settings.DATA_DIR.joinpath(*REPORTED_ROWS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    reported = Program.objects.filter(origin=Origin.REPORTED)
    assert {*reported.values_list("title", flat=True)} == {row["activity"] for row in rows}
    for row in rows:
        program = reported.get(title=row["activity"], year_from=int(row["year"]))
        assert row["source_url"] in program.goal
        assert program.source_url in {row["source_url"], ""}
        assert program.state == ProgramState.COMPLETED
        villages = set(row["village_codes"].split())
        assert set(program.villages.values_list("code", flat=True)) == villages
        dated = len(row["date"]) == 10
        assert program.activities.count() == (len(villages) if dated else 0)
        for one in program.activities.all():
            assert str(one.held_on) == row["date"]
            assert one.origin == Origin.REPORTED
            assert one.source_url == program.source_url
            assert row["source_url"] in one.note
            assert one.women_share is None
            assert one.budget_spent is None


def test_recording_one_activity_moves_janju(undone):
    """What the docstring of `janju` promises the visitor."""
    village = Village.objects.get(code="64.01.04.2002")
    program = Program.objects.get(
        owner_village=village, activity_code__code=janju.CLOSE_TO_THE_LINE, year_from=TODAY.year
    )

    def involved() -> int:
        period = VillagePeriod.objects.of(TODAY.year).get(village=village)
        return period.level_2 + period.level_3 + period.level_4

    before = involved()
    draft = ActivityDraft(
        uuid7(),
        {
            "program": program.pk,
            "village": village.code,
            "held_on": TODAY,
            "title": "Pelatihan olahan pangan",
            "women_participants": 25,
            "men_participants": 10,
        },
    )
    kades, kecamatan = (User.objects.get(username=name) for name in ("kades", "kecamatan"))
    [outcome] = submit_activities([draft], actor=kades, source="browser", now=NOW)
    assert outcome.ok
    assert involved() == before
    verify_activity(Activity.objects.get(pk=draft.uid), actor=kecamatan, version=1)
    assert involved() == before + 1


@override_settings(PUG_DEMO=True)
def test_demo_accounts_open_with_their_password():
    request = RequestFactory().post("/masuk/")
    field = ("kades", "pendamping")
    office = ("officer", "kecamatan", "opd", "kepala-dinas", "bappeda", "pimpinan", "auditor")
    for username in (*field, *office):
        assert authenticate(request, username=username, password="paser-demo-2026")
    pendamping = User.objects.get(username="pendamping")
    villages = {*pendamping.villages_with("log").values_list("code", flat=True)}
    assert len(villages) == 4
    assert "64.01.04.2002" in villages
    assert all(grant.valid_until for grant in pendamping.grants.all())
    assert not authenticate(request, username="pendamping.64.01.04", password="paser-demo-2026")


def test_example_went_the_whole_way_of_planning():
    analysis = GenderAnalysis.objects.get(program__owner_opd__name="Dinas Pertanian")
    steps = Step.objects.filter(document=analysis.pk).order_by("at", "pk")
    moves = [one.kind for one in steps if one.kind not in ("created", "changed", "checked")]
    statement, terms = BudgetStatement.objects.get(), TermsOfReference.objects.get()

    assert moves == ["submitted", "returned", "submitted", "approved"]
    assert steps.get(kind="approved").actor != steps.filter(kind="submitted").first().actor
    [remark] = Remark.objects.filter(document=analysis.pk)
    corrected = content_of(analysis).row(remark.row)
    first, second = analysis.versions.order_by("number")
    assert unpacked(first.content).row(remark.row).text == seedlings.WEAK_CAUSE
    assert unpacked(second.content).row(remark.row).text == corrected.text != seedlings.WEAK_CAUSE
    assert remark.settled_at
    assert (analysis.state, statement.state, terms.state) == ("approved", "signed", "signed")
    assert statement.signatory_number.endswith("(contoh)")
    counted = BudgetLine.objects.counted().aggregate(Sum("arg_plan"))["arg_plan__sum"]
    assert counted == 140_000_000


def test_every_sentence_of_the_example_says_that_it_is_one():
    content = content_of(GenderAnalysis.objects.get(state="approved"))
    for _name, row in content.rows():
        assert row.text.endswith("contoh)") or getattr(row, "measure", ""), row


def test_one_analysis_is_begun_and_a_village_waits():
    begun = GenderAnalysis.objects.get(program__owner_opd__name="Dinas Kesehatan")
    village = GenderAnalysis.objects.get(template="desa")
    live = content_of(begun).data_rows

    assert (begun.state, begun.created_by.username) == ("draft", "opd")
    assert all(one.portal["basis"] == "verified" for one in live if one.measure)
    assert any(one.by_sex and one.measure for one in live)
    assert (village.state, village.owner_title) == ("submitted", "Desa Janju")
    kecamatan = User.objects.get(username="kecamatan")
    assert may(kecamatan, "approve", village)
    assert not may(User.objects.get(username="kades"), "approve", village)


def test_binder_and_share_have_something_to_show_and_gaps():
    regency = Regency.objects.get(code="64.01")
    asked = Question.objects.filter(regency=regency, year=TODAY.year)
    answered = asked.filter(tags__isnull=False).distinct()

    assert 0 < answered.count() < asked.count() == len(Prerequisite.values)
    assert all("(contoh)" in one.text for one in asked)
    assert Evidence.objects.filter(verified_at=None).count() == 1
    for one in Evidence.objects.exclude(verified_at=None):
        assert one.verified_by != one.created_by
    assert ArgTarget.objects.get().percent == 5
    assert all("contoh" in one.source for one in BudgetTotal.objects.all())


@override_settings(PUG_DEMO=True)
def test_second_run_keeps_what_is_there_and_the_key(undone):
    before, steps = facts(), Step.objects.count()
    BudgetTotal.objects.update(plan=7)
    first, second = command(), command()
    assert Step.objects.count() == steps
    assert {*BudgetTotal.objects.values_list("plan", flat=True)} == {7}
    assert "sudah ada" in first
    assert facts() == before
    file = settings.VAR_DIR / "demo_token.txt"
    assert file.read_text().strip() in first
    assert file.read_text().strip() in second
    assert file.stat().st_mode & 0o777 == 0o600
    file.unlink()


def test_refused_where_it_is_no_demonstration():
    with pytest.raises(CommandError, match="PUG_DEMO=1"):
        command()


@override_settings(PUG_DEMO=True)
@pytest.mark.parametrize(
    ("settings_here", "arguments", "words"),
    [
        ({"PUG_REGENCY": "64.02"}, [], "PUG_REGENCY is 64.02"),
        ({}, ["--districts", "64.01.99"], "64.01.99"),
    ],
)
def test_another_place_is_refused_in_words(undone, settings_here, arguments, words):
    with override_settings(**settings_here), pytest.raises(CommandError, match=words):
        command(*arguments)


def test_last_year_is_closed_and_was_revised_for_a_late_record():
    first, second = Snapshot.objects.filter(closing=True).order_by("revision")
    assert first.period == second.period == Period(TODAY.year - 1)
    assert verify(first)
    assert verify(second)
    late = steps_since(first, Village.objects.all()).values_list("activity__title", flat=True)
    assert "Pertemuan PKK akhir tahun" in late
    assert not steps_since(second, Village.objects.all()).exists()
    assert second.rows.count() >= first.rows.count()
    [asked] = CorrectionRequest.objects.all()
    assert (asked.asked_by.username, asked.answered_by.username) == ("kades", "officer")
    assert asked.revision == second
