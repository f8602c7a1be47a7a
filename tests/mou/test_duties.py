"""Duties: kept by hand or counted by the portal, which must agree with a plain count."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.identifiers import uuid7
from mou.intake_duties import OBLIGATIONS, DutyRow
from mou.measured import Tally, activities_of, progress_of, progress_of_one
from mou.models import Membership, Obligation, ObligationEntry
from mou.services import duties
from programs.models import Activity
from programs.services import void_activity
from tests import make
from tests.mou import made_agreements as made

TODAY = date(2026, 10, 1)


@pytest.fixture
def world(db):
    """An agreement for one district, a facilitator of its partner, another person, records of
    both in and out of area and time."""
    partner = made.partner()
    inside, outside = make.village(), make.village("64.01.05.2001", "Lain")
    officer = make.officer()
    hers = make.person("facilitator", regency=make.regency())
    member(partner, hers, date(2026, 2, 1), date(2026, 8, 31))
    member(
        partner, hers, date(2026, 3, 1), date(2026, 4, 30)
    )  # overlaps: counted once all the same
    other = make.person("facilitator", regency=make.regency())
    program = make.program(inside, outside)

    def log(day, *, at=inside, by=hers, verified=True, **values):
        check = officer if verified else None
        return make.activity(program, at, author=by, verified_by=check, held_on=day, **values)

    log(date(2026, 3, 4), women_participants=10)
    log(date(2026, 3, 9), stage="planning", women_participants=5)
    log(date(2026, 8, 31), verified=False, women_participants=3)
    log(date(2026, 1, 20))  # before she worked there
    log(date(2026, 9, 2))  # after it
    log(date(2026, 5, 5), at=outside)
    log(date(2026, 5, 6), by=other)
    log(date(2026, 5, 7), kind="administration")
    void_activity(log(date(2026, 5, 8)), actor=officer, reason="Salah desa", version=2)
    agreement = made.agreement(partner, areas=[inside.district])
    return agreement, partner, log


def member(partner, person, valid_from, valid_until=None) -> Membership:
    return Membership.objects.create(
        partner=partner, person=person, kind="pld", valid_from=valid_from, valid_until=valid_until
    )


def counted(agreement, **values):
    duty = made.promise(agreement, **values)
    found = progress_of_one(duty, TODAY)
    listed = activities_of(Obligation.objects.get(pk=duty.pk), TODAY)
    return (found.value, found.reported), set(listed.values_list("held_on", flat=True))


def test_a_duty_counts_what_the_partners_people_logged_there_and_then(world):
    agreement, _partner, _log = world
    days = {date(2026, 3, 4), date(2026, 3, 9), date(2026, 8, 31)}
    assert counted(agreement, measure="activities") == ((2, 3), days)
    assert counted(agreement, measure="women") == ((15, 18), days)
    assert counted(agreement, measure="villages") == ((1, 1), days)
    planning = counted(agreement, measure="activities", stage="planning")
    assert planning == ((1, 1), {date(2026, 3, 9)})
    early = counted(agreement, measure="activities", due_on=date(2026, 3, 5))
    assert early == ((1, 1), {date(2026, 3, 4)})


def test_the_figure_is_a_plain_count(world):
    """Written once more, row by row, without a query that could share the mistake."""
    agreement, partner, _log = world
    terms = list(partner.memberships.all())
    found = 0
    for one in Activity.objects.counted().select_related("village__district"):
        works = any(
            term.person_id == one.author_id and term.is_live_on(one.held_on) for term in terms
        )
        here = one.village.district.code == "64.01.04"
        found += works and here and date(2026, 1, 1) <= one.held_on <= TODAY
    assert counted(agreement, measure="activities")[0][1] == found == 3


def test_many_agreements_cost_the_queries_of_one(world, django_assert_num_queries):
    agreement, partner, _log = world
    made.promise(agreement, measure="women")
    agreements = [agreement]
    for _each in range(4):
        agreements.append(made.agreement(partner))
        made.promise(agreements[-1], measure="activities", target=2)
    with django_assert_num_queries(2):
        few = progress_of(agreements[:1], TODAY)
    with django_assert_num_queries(2):
        found = progress_of(agreements, TODAY)
    assert found[agreement.pk] == few[agreement.pk]
    assert Tally.of(found[agreements[-1].pk]) == Tally(done=1, late=0, total=2)


def test_progress_by_hand_is_the_last_whole(world):
    agreement, _partner, _log = world
    officer = make.officer()
    due = date(2026, 6, 30)
    duty = made.promise(agreement, target=10, due_on=due)
    for day, value in ((date(2026, 5, 1), 4), (date(2026, 6, 1), 12)):
        entry = ObligationEntry(obligation=duty, reached_on=day, value=value)
        duties.enter_progress(entry, actor=officer)
        duties.enter_progress(entry, actor=officer)  # pressed twice
    found = progress_of_one(duty, TODAY)
    assert (found.value, found.reached, found.late, found.pair) == (12, True, False, (10, 10))
    duties.withdraw_progress(entry, actor=officer, reason="Salah hitung")
    found = progress_of_one(duty, TODAY)
    assert (found.value, found.reached, found.late) == (4, False, True)
    assert found.as_of == date(2026, 5, 1)


def code_of(call, *args, **options) -> str:
    with pytest.raises(Refused) as refusal:
        call(*args, **options)
    return refusal.value.code


def test_what_cannot_be_is_refused(world):
    agreement, partner, _log = world
    office = agreement.parties.get(partner=None)
    officer, stranger = make.officer(), make.village_head()
    wrong = {
        "not_allowed": {"party": office, "measure": "villages"},
        "out_of_range": {"target": 0},
        "days_in_order": {"due_on": date(2027, 1, 1)},
        "outside": {"party": made.agreement(partner).parties.first()},
    }
    mine = {"agreement": agreement, "party": agreement.parties.get(partner=partner), "text": "X"}
    for code, values in wrong.items():
        assert code_of(duties.add_obligation, Obligation(**mine | values), actor=officer) == code
    assert code_of(duties.add_obligation, Obligation(**mine), actor=stranger) == "not_permitted"
    counting = made.promise(agreement, measure="women")
    today = timezone.localdate()
    for duty, day, code in (
        (counting, today, "fixed"),
        (made.promise(agreement), today + timedelta(days=1), "future"),
    ):
        entry = ObligationEntry(obligation=duty, reached_on=day, value=1)
        assert code_of(duties.enter_progress, entry, actor=officer) == code


@pytest.mark.once
def test_an_officer_writes_a_duty_down_and_enters_its_progress(world, client):
    agreement, partner, _log = world
    client.force_login(make.officer())
    new = reverse("mou:obligation-new", args=[agreement.pk])
    uid, party = uuid7(), agreement.parties.get(partner=partner).pk
    said = {"uid": uid, "party": party, "measure": "hand", "target": "0"}
    answer = client.post(new, said)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"text"}
    said |= {"text": "Laporan triwulan", "unit": "laporan", "target": "4"}
    for _each in range(2):  # pressed twice
        assert client.post(new, said).status_code == 302
    page = reverse("mou:obligation", args=[uid])
    assert client.post(page, {"uid": uuid7(), "value": "3", "reached_on": ""}).status_code == 422
    entry = {"uid": uuid7(), "value": "3", "reached_on": "1-7-2026"}
    assert client.post(page, entry).status_code == 302
    assert b"3 dari 4 laporan" in client.get(page).content
    withdraw = reverse("mou:progress-withdraw", args=[uid, entry["uid"]])
    assert client.post(withdraw, {"reason": ""}).status_code == 422
    assert client.post(withdraw, {"reason": "Salah"}).status_code == 302
    assert b"Belum diisi" in client.get(page).content
    edit = reverse("mou:obligation-edit", args=[uid])
    assert client.post(edit, said | {"target": "5", "version": "7"}).status_code == 409
    assert client.post(edit, said | {"target": "5", "version": "1"}).status_code == 302
    client.post(reverse("mou:obligation-end", args=[uid]), {"version": "2"})
    assert uid not in [one.obligation.pk for one in progress_of([agreement], TODAY)[agreement.pk]]


@pytest.mark.once
def test_the_figure_leads_to_its_records_and_a_village_sees_its_own(world, client):
    agreement, partner, _log = world
    duty = made.promise(agreement, measure="activities", due_on=date(2026, 9, 30))
    page = reverse("mou:obligation", args=[duty.pk])
    client.force_login(make.officer())
    answer = client.get(page)
    assert answer.context["progress"].reported == answer.context["page"].paginator.count == 3
    rows = client.get(page, {"format": "csv"})
    assert len(b"".join(rows.streaming_content).splitlines()) == 4
    listed = client.get(reverse("mou:obligation-list"), {"partner": str(partner.pk)})
    assert len(listed.context["duties"]) == 2
    client.force_login(make.village_head(make.village("64.01.04.2009", "Tetangga")))
    answer = client.get(page)
    assert (answer.context["page"].paginator.count, answer.context["hidden"]) == (0, 3)
    assert client.post(page, {"value": "1"}).status_code == 403
    assert client.get(reverse("mou:obligation-edit", args=[duty.pk])).status_code == 403


@pytest.mark.once
def test_duties_come_in_as_a_sheet(world):
    agreement, partner, _log = world
    officer = make.officer()
    row = {"agreement": agreement.title.upper(), "party": "tpp", "text": "Mendampingi Musdes"}
    row |= {"measure": "villages", "target": "12", "due_on": "31-10-2026"}
    form = DutyRow(row, user=officer)
    assert form.is_valid(), form.errors
    duty = OBLIGATIONS.save(form, officer)
    assert (duty.party.partner, duty.measure, duty.target) == (partner, "villages", 12)
    assert code_of(OBLIGATIONS.save, form, officer) == "already_there"
    wrong = DutyRow(row | {"agreement": "entah", "measure": "kira-kira"}, user=officer)
    assert set(wrong.errors) == {"agreement", "measure"}
    assert set(DutyRow(row | {"party": "PKK"}, user=officer).errors) == {"party"}
