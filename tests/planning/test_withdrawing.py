"""A gender analysis taken back before its review, and who is told to go on with one."""

import pytest
from django.urls import reverse

from core.errors import Refused, Stale
from planning.content import content_of
from planning.models import PlanState, Step
from planning.services.analyses import (
    approve_analysis,
    return_analysis,
    submit_analysis,
    withdraw_analysis,
)
from planning.services.moves import RemarkSaid
from tests import make
from tests.typed import text

from . import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return make.program()


@pytest.fixture
def writer(program):
    return written.focal_point(program)


@pytest.fixture
def officer():
    return make.officer()


def page(name, analysis):
    return reverse(f"planning:{name}", args=[analysis.pk])


def shown(client, person, name, analysis) -> str:
    client.force_login(person)
    return text(client.get(page(name, analysis)))


def test_what_was_submitted_is_a_draft_again_and_may_be_submitted_anew(program, writer, officer):
    made, version = written.submitted(program, by=writer)
    with pytest.raises(Stale):
        withdraw_analysis(made, actor=writer, version=made.version - 1)
    head = make.person("opd_head", opd=program.owner_opd)
    with pytest.raises(Refused) as refused:
        withdraw_analysis(made, actor=head, version=made.version)
    assert refused.value.code == "not_permitted"

    withdraw_analysis(made, actor=writer, version=made.version)

    version.refresh_from_db()
    assert (made.state, version.state) == (PlanState.DRAFT, PlanState.RETURNED)
    last = Step.objects.filter(document=made.pk).first()
    assert (last.kind, last.number, last.actor) == ("withdrawn", 1, writer)
    with pytest.raises(Refused) as refused:
        withdraw_analysis(made, actor=writer, version=made.version)
    assert refused.value.code == "not_allowed"
    with pytest.raises(Refused):
        approve_analysis(made, actor=officer, version=made.version)
    assert submit_analysis(made, actor=writer, version=made.version).number == 2
    approve_analysis(made, actor=officer, version=made.version)
    assert made.versions.get(state=PlanState.APPROVED).number == 2


def test_the_page_asks_before_it_is_taken_back(client, program, writer, officer):
    made, _version = written.submitted(program, by=writer)
    address = page("gap-withdraw", made)
    assert address not in shown(client, officer, "gap", made)
    assert address in shown(client, writer, "gap", made)
    assert "menjadi draf lagi" in shown(client, writer, "gap-withdraw", made)

    assert client.post(address, {"version": made.version - 1}).status_code == 409
    assert client.post(address, {"version": made.version}).status_code == 302

    made.refresh_from_db()
    assert made.state == PlanState.DRAFT
    assert "Ditarik kembali sebelum ditinjau" in shown(client, writer, "gap", made)
    assert client.post(address, {"version": made.version}).status_code == 422
    client.force_login(make.person("opd_head", opd=program.owner_opd))
    assert client.get(address).status_code == 403
    client.force_login(make.person("opd_focal_point", opd=make.opd("Dinas Lain")))
    assert client.get(address).status_code == 404


def test_only_its_office_is_told_to_correct_what_came_back(client, program, writer, officer):
    made, _version = written.submitted(program, by=writer)
    said = [RemarkSaid("goal", "Kurang tegas.")]
    return_analysis(made, said, actor=officer, version=made.version)

    assert "lalu kirim lagi" in shown(client, writer, "gap", made)
    assert "lalu kirim lagi" not in shown(client, officer, "gap", made)


def test_the_reviewer_reads_what_the_portal_advises_at_its_row(client, program, writer, officer):
    made, version = written.submitted(program, by=writer)
    row = version.content["indicators"][0]
    row["due"] = "2024-12-31"
    version.content["causes"][0]["factor"] = None
    version.save(update_fields=["content"])
    assert content_of(made).indicators[0].due.year == written.YEAR

    read = shown(client, officer, "gap-review", made)

    assert "Tanggal ini sebelum tahun anggaran" in read
    assert "Kesenjangan mana yang dijelaskan" in read
