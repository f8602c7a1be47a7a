"""Frozen and live figures, results, and the fourth level of the number."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.errors import Refused
from core.models import AuditEntry
from planning.content import content_of, unpacked
from planning.duties import settle
from planning.figures import figure, now_of
from planning.realised import realised
from planning.services.analyses import (
    refresh_figures,
    save_content,
    start_analysis,
    submit_analysis,
)
from planning.services.outcomes import enter_realisation, settle_outcomes, withdraw_realisation
from programs.models import Program, ProgramVillage, VillagePeriod
from tests import make

from . import written
from .written import YEAR

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return make.program(make.village(), make.village("64.01.04.2003", "Tepian Batang"))


def record(program, officer, village=None, **values):
    return make.activity(program, village, verified_by=officer, **values)


def test_frozen_figures_stay_and_the_present_stands_beside_them(program):
    officer, by = make.officer(), written.focal_point(program)
    record(program, officer)
    made = start_analysis(program, actor=by, year=YEAR)
    live = content_of(made).data_rows
    said = written.whole(content_of(made))
    said = replace(said, data_rows=(*said.data_rows, *live))
    save_content(made, said, actor=by, version=made.version)
    version = submit_analysis(made, actor=by, version=made.version)
    record(program, officer, women_participants=10, men_participants=0)

    frozen = unpacked(version.content)
    row = next(one for one in frozen.data_rows if one.measure == "participants")
    assert row.women == 19
    assert now_of(frozen, program)[row.key].women == 29


def test_figures_are_taken_anew_on_request(program):
    officer, by = make.officer(), written.focal_point(program)
    record(program, officer)
    made = start_analysis(program, actor=by, year=YEAR)
    record(program, officer, women_participants=10, men_participants=0)
    refresh_figures(made, actor=by, version=made.version)
    assert content_of(made).data_rows[0].women == 29


def test_an_indicator_realises_itself_and_level_four_follows(program):
    officer = make.officer()
    made = written.approved(program, officer=officer)
    village = make.village()
    # A woman among three who decide, half of the beneficiaries women: level 3 without an outcome.
    good = {
        "women_beneficiaries": 20,
        "men_beneficiaries": 20,
        "women_deciders": 2,
        "men_deciders": 1,
        "women_participants": 20,
        "men_participants": 20,
    }
    record(program, officer, village, **good)
    outcome = realised(made, content_of(made))[1]
    assert (outcome.value, outcome.by, outcome.reached) == (Decimal("50.0"), "portal", True)
    assert outcome.baseline == Decimal("8.0")
    whole_year = VillagePeriod.objects.of(YEAR).get(village=village)
    assert (whole_year.level_3, whole_year.level_4) == (1, 0)

    assert settle_outcomes(made, actor=officer) == 1
    assert settle_outcomes(made, actor=officer) == 0
    whole_year.refresh_from_db()
    assert (whole_year.level_3, whole_year.level_4) == (0, 1)
    reached = ProgramVillage.objects.filter(program=program, outcome_reached_on__isnull=False)
    assert [one.village_id for one in reached] == [village.pk]

    record(program, officer, village, women_participants=0, men_participants=400)
    settle()  # as the keeper of duties does  # the share fell below the target again
    assert not reached.all().exists()


def test_what_one_analysis_reached_another_of_the_program_does_not_take_back(program):
    by, officer = written.focal_point(program), make.officer()
    made = written.approved(program, by=by, officer=officer)
    record(program, officer, women_participants=30, men_participants=10)
    settle_outcomes(made, actor=officer)
    reached = ProgramVillage.objects.filter(program=program, outcome_reached_on__isnull=False)
    assert reached.count() == 1
    written.approved(program, by=by, officer=officer, template="4L", target=99)
    settle()
    assert reached.count() == 1


def test_a_result_is_entered_by_hand_with_its_evidence(program):
    by = written.focal_point(program)
    made = written.approved(program, by=by, measure="")
    outcome = content_of(made).indicators[1]
    entry = enter_realisation(
        made,
        outcome.key,
        actor=by,
        value=Decimal(45),
        reached_on=date(2026, 6, 1),
        note="Survei kelompok tani",
        village=make.village(),
    )
    assert entry.village == make.village()
    assert realised(made, content_of(made))[1].reached
    targets = ProgramVillage.objects.filter(program=program, outcome_reached_on__isnull=False)
    assert [one.village for one in targets] == [make.village()]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"note": " "}, "required"),
        ({"reached_on": date(2099, 1, 1)}, "future"),
        ({"value": Decimal(-1)}, "negative"),
        ({"village": "64.01.04.2009"}, "outside"),
    ],
)
def test_a_result_that_cannot_be_is_refused(program, values, code):
    by = written.focal_point(program)
    made = written.approved(program, by=by, measure="")
    said = {"value": Decimal(45), "reached_on": date(2026, 6, 1), "note": "Survei", **values}
    if "village" in values:
        said["village"] = make.village(values["village"], "Desa Lain")
    outcome = content_of(made).indicators[1]
    with pytest.raises(Refused) as refused:
        enter_realisation(made, outcome.key, actor=by, **said)
    assert refused.value.code == code


def test_a_result_in_per_cent_is_no_more_than_everybody(program):
    by = written.focal_point(program)
    made = written.approved(program, by=by, measure="")
    said = {"actor": by, "reached_on": date(2026, 6, 1), "note": "Survei"}
    outcome = content_of(made).indicators[1].key
    with pytest.raises(Refused) as refused:
        enter_realisation(made, outcome, value=Decimal(140), **said)
    assert [(one.field, one.code) for one in refused.value.problems] == [("value", "out_of_range")]
    enter_realisation(made, outcome, value=Decimal(100), **said)


def test_a_result_taken_back_counts_nowhere_and_stays_on_file(program):
    by = written.focal_point(program)
    made = written.approved(program, by=by, measure="")
    outcome = content_of(made).indicators[1]
    said = {"actor": by, "note": "Survei"}
    older = {"value": Decimal(10), "reached_on": date(2026, 5, 1)}
    enter_realisation(made, outcome.key, **said, **older)
    wrong = {"value": Decimal(45), "reached_on": date(2026, 6, 1)}
    entry = enter_realisation(made, outcome.key, **said, **wrong)
    reached = ProgramVillage.objects.filter(program=program, outcome_reached_on__isnull=False)
    assert reached.count() == 2

    with pytest.raises(Refused) as refused:
        withdraw_realisation(entry, actor=make.person("opd_head", opd=program.owner_opd))
    assert refused.value.code == "not_permitted"
    withdraw_realisation(entry, actor=by)

    assert realised(made, content_of(made))[1].value == Decimal(10)
    assert not reached.exists()
    assert made.realisations.count() == 2
    noted = AuditEntry.objects.get(action="genderanalysis.result_withdrawn")
    assert (noted.actor, noted.changes["realisation"]) == (by, str(entry.pk))
    with pytest.raises(Refused) as refused:
        withdraw_realisation(entry, actor=by)
    assert refused.value.code == "not_allowed"


def test_a_result_of_the_portals_own_is_not_typed(program):
    by = written.focal_point(program)
    made = written.approved(program, by=by)
    outcome = content_of(made).indicators[1]
    with pytest.raises(Refused) as refused:
        enter_realisation(
            made, outcome.key, actor=by, value=Decimal(99), reached_on=date(2026, 6, 1), note="x"
        )
    assert refused.value.code == "by_portal"


def test_the_benefit_target_of_the_analysis_becomes_the_programs(program):
    written.approved(program, measure="beneficiaries", target=45)
    assert Program.objects.get(pk=program.pk).benefit_target_percent == 45


def test_a_figure_of_one_village(program):
    officer = make.officer()
    record(program, officer)
    found = figure(program, "participants", year=YEAR, village=make.village())
    assert (found.pair, found.area) == ((19, 43), make.village().code)
    elsewhere = make.village("64.01.04.2003")
    assert figure(program, "participants", year=YEAR, village=elsewhere).pair is None
