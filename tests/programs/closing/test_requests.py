"""Asking for a correction of closed figures, and what becomes of it."""

import pytest

from core.models import AuditEntry
from programs.models import CorrectionRequest, RequestState, Snapshot
from programs.services import (
    answer_request,
    ask_correction,
    revise_period,
)
from tests import make

from .figures import QUARTER, closed, refusal_of

pytestmark = pytest.mark.django_db

# Asking for a correction


def asked(snapshot, by=None, **values) -> CorrectionRequest:
    by = by or make.village_head()
    values = {"village": make.village(), "reason": "Mohon dihitung lagi", **values}
    return ask_correction(snapshot, actor=by, **values)


def test_a_request_is_accepted_with_a_revision_and_keeps_the_answer(record, officer, program):
    snapshot = closed(officer)
    request = asked(snapshot)
    make.activity(program, verified_by=officer)

    answer_request(request, actor=officer, accept=True, answer="Catatan menyusul")

    assert request.state == RequestState.ACCEPTED
    assert request.answer == "Catatan menyusul"
    assert (request.revision.revision, request.revision.reason) == (2, "atas permintaan koreksi")
    assert request.answered_by == officer
    actions = AuditEntry.objects.filter(object_type="correctionrequest").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "correction_request.asked",
        "correction_request.accepted",
    ]
    told = str(list(actions.values_list("changes", flat=True)))  # others read neither on its page
    assert not [one for one in ("Mohon dihitung", "Catatan menyusul") if one in told]


def test_one_revision_may_answer_several_requests(record, officer, program):
    snapshot = closed(officer)
    head, facilitator = asked(snapshot), make.person("facilitator", village=make.village())
    other = asked(snapshot, facilitator)
    make.activity(program, verified_by=officer)

    for request in (head, other):
        answer_request(request, actor=officer, accept=True, answer="Sudah dihitung")

    assert head.revision == other.revision
    assert Snapshot.objects.count() == 2


def test_accepting_without_any_change_is_refused_and_the_request_stays_open(record, officer):
    request = asked(closed(officer))
    call = {"actor": officer, "accept": True, "answer": "Baik"}
    assert refusal_of(answer_request, request, **call) == "nothing_changed"
    request.refresh_from_db()
    assert request.state == RequestState.OPEN


def test_a_request_is_declined_with_a_reason(record, officer):
    request = asked(closed(officer))
    call = {"actor": officer, "accept": False}
    assert refusal_of(answer_request, request, answer=" ", **call) == "reason_missing"
    answer_request(request, answer="Angkanya sudah benar", **call)
    assert (request.state, request.answer) == (RequestState.DECLINED, "Angkanya sudah benar")
    assert request.revision is None
    assert refusal_of(answer_request, request, answer="x", **call) == "answered_already"


def test_one_open_request_for_each_person_village_and_period(record, officer, program):
    snapshot, head = closed(officer), make.village_head()
    first = asked(snapshot, head)
    assert refusal_of(asked, snapshot, head) == "asked_already"
    make.activity(program, verified_by=officer)
    second = revise_period(make.regency(), QUARTER, actor=officer, reason="Menyusul")
    assert refusal_of(asked, second, head) == "asked_already"  # of the period, not the revision
    answer_request(first, actor=officer, accept=False, answer="Sudah")
    assert asked(second, head).state == RequestState.OPEN


def test_who_neither_records_nor_reviews_there_does_not_ask(record, officer):
    snapshot = closed(officer)
    neighbour = make.village_head(make.village("64.01.05.2001", "Kerang"))
    leader = make.person("leader", regency=make.regency())
    assert refusal_of(asked, snapshot, neighbour) == "not_permitted"
    assert refusal_of(asked, snapshot, leader) == "not_permitted"
    assert refusal_of(asked, snapshot, reason=" ") == "reason_missing"
    assert asked(snapshot, make.person("district_officer", district=make.district())).pk


def test_only_the_office_answers(record, officer):
    request = asked(closed(officer))
    reviewer = make.person("district_officer", district=make.district())
    call = {"actor": reviewer, "accept": False, "answer": "Tidak"}
    assert refusal_of(answer_request, request, **call) == "not_permitted"


# Dated snapshots
