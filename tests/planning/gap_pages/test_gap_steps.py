"""The steps of a gender analysis: written, read back, tied to each other."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from core.identifiers import uuid7
from planning.forms.step import MOST_ROWS
from planning.models import Template
from planning.services.analyses import start_analysis
from tests import make
from tests.typed import text

from .sending import kept, on_page, rows, send, step

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# -- The steps ---------------------------------------------------------------------


def test_item_is_kept_and_the_next_step_opens(client, planner, analysis):
    client.force_login(planner)
    sent = {
        "level": "subactivity",
        "code": "2.08.02.2.01",
        "title": "Kelas ibu hamil",
        "goal": "Ibu sehat",
        "audience": "Ibu hamil",
        "is_new": "on",
    }

    response = send(client, analysis, "item", sent, do="next")

    now = kept(analysis)
    assert response.url == step(analysis, "data")
    assert (now.level, now.code, now.is_new) == ("subactivity", "2.08.02.2.01", True)
    assert len(now.data_rows) == 1


@pytest.fixture
def keys(analysis):
    """The key of one row of each list; `portal`: the row that the portal filled."""
    names = ("data", "gap", "inside", "outside", "action", "base", "indicator")
    return {"portal": kept(analysis).data_rows[0].key} | {name: uuid7() for name in names}


def whole(keys: dict) -> dict[str, dict]:
    """A whole GAP, step by step, each row pointing to one of an earlier step."""
    portal = {"key": keys["portal"], "text": "Peserta", "measure": "participants"}
    data = {"key": keys["data"], "text": "Wawancara", "women": "1.095", "men": "120"}
    data |= {"unit": "orang", "year": "2025", "place": "Kuaro", "source": "Poktan"}
    gap = {"key": keys["gap"], "kind": "access", "text": "Jauh", "data_row": keys["portal"]}
    inside = {"key": keys["inside"], "text": "Tidak ada anggaran", "factor": keys["gap"]}
    outside = {"key": keys["outside"], "text": "Jarak", "factor": keys["gap"]}
    action = {"key": keys["action"], "text": "Kelas siang", "responsible": "Bidang Kesmas"}
    action |= {"causes": [keys["inside"], keys["outside"]]}
    action |= {"budget": "12,5 juta", "fund_source": "apbd"}
    base = {"key": keys["base"], "text": "Peserta", "data_row": keys["portal"]}
    indicator = {"key": keys["indicator"], "kind": "outcome", "text": "Peserta perempuan"}
    indicator |= {"baseline": keys["base"], "action": keys["action"], "target": "62,5"}
    indicator |= {"unit": "%", "due": "31-12-2026", "sex": "women", "measure": "participants"}
    return {
        "data": rows("data_rows", portal, data),
        "factors": rows("factors", gap),
        "internal": rows("causes", inside),
        "external": rows("causes", outside),
        "goal": {"new_goal": "Ibu dan ayah sehat"},
        "actions": rows("actions", action),
        "baselines": rows("baselines", base | {"of": "women_share"}),
        "indicators": rows("indicators", indicator),
    }


def test_whole_gap_is_written_and_read_back(client, planner, analysis, keys):
    client.force_login(planner)

    answers = [send(client, analysis, *one, do="next") for one in whole(keys).items()]

    now = kept(analysis)
    assert [one.status_code for one in answers] == [302] * 8
    assert answers[-1].url == reverse("planning:gap", args=[analysis.pk])
    assert [(one.women, one.men) for one in now.data_rows] == [(19, 24), (1095, 120)]
    assert now.factors[0].data_row == keys["portal"]
    assert [(one.scope, one.factor) for one in now.causes] == [
        ("internal", keys["gap"]),
        ("external", keys["gap"]),
    ]
    assert set(now.actions[0].causes) == {keys["inside"], keys["outside"]}
    assert (now.actions[0].budget, now.actions[0].fund_source) == (12_500_000, "apbd")
    assert now.baseline_value(keys["base"]) == Decimal("44.2")
    assert now.indicators[0].target == Decimal("62.5")
    assert now.indicators[0].due == date(2026, 12, 31)
    assert now.indicators[0].measure == "participants"
    assert "44,2 %" in text(client.get(step(analysis, "baselines")))


def test_saving_a_page_as_it_stands_changes_nothing(client, planner, analysis, keys):
    client.force_login(planner)
    steps = whole(keys)
    for one in steps.items():
        send(client, analysis, *one)
    before = kept(analysis)

    for key in steps:
        assert send(client, analysis, key, on_page(client, analysis, key)).status_code == 302

    assert kept(analysis) == before


def test_four_step_form_ties_rows_of_one_page(client, planner, program, counted):
    analysis = start_analysis(program, actor=planner, year=2026, template=Template.FOUR)
    client.force_login(planner)
    gap, cause = uuid7(), uuid7()
    sent = rows("factors", {"key": gap, "kind": "control", "text": "Tidak ikut memutuskan"})
    sent |= rows("causes", {"key": cause, "scope": "external", "text": "Adat", "factor": gap})

    response = send(client, analysis, "causes", sent, do="next")

    now = kept(analysis)
    assert response.url == step(analysis, "framework")
    assert (now.causes[0].scope, now.causes[0].factor) == ("external", gap)
    assert client.get(step(analysis, "internal")).status_code == 404


@pytest.mark.parametrize("key", ["item", "causes", "framework", "actions"])
def test_every_step_of_the_four_opens_and_saves_as_it_stands(client, planner, program, key):
    analysis = start_analysis(program, actor=planner, year=2026, template=Template.FOUR)
    client.force_login(planner)
    sent = on_page(client, analysis, key)

    assert send(client, analysis, key, sent).status_code == 302
    assert kept(analysis).factors == ()


def test_village_page_has_an_address_of_its_own(client):
    at = make.village()
    head = make.village_head(at)
    own = make.program(at, owner_village=at)
    analysis = start_analysis(own, actor=head, year=2026, template=Template.VILLAGE)
    client.force_login(head)

    response = client.get(reverse("planning:gap", args=[analysis.pk]))

    assert response.url == reverse("planning:village", args=[analysis.pk])
    assert client.get(step(analysis, "page")).status_code == 404


def test_rows_beyond_what_a_page_offers_are_not_lost(client, planner, analysis):
    """More rows than the page adds may come through REST."""
    client.force_login(planner)
    causes = [{"text": f"Sebab {number}"} for number in range(MOST_ROWS + 5)]

    send(client, analysis, "external", rows("causes", *causes))
    full = send(client, analysis, "external", on_page(client, analysis, "external"), "add:causes")

    assert len(kept(analysis).causes) == MOST_ROWS + 5
    assert len(full.context["form"].rows) == MOST_ROWS + 5
    assert "Daftar ini penuh" in text(full)


def test_key_of_another_analysis_is_refused(client, planner, program, analysis):
    other = start_analysis(program, actor=planner, year=2027)
    theirs = kept(other).data_rows[0].key
    client.force_login(planner)

    response = send(client, analysis, "data", rows("data_rows", {"key": theirs, "text": "x"}))

    assert response.status_code == 422
    assert response.context["form"].refusals
    assert kept(other).data_rows[0].women == 19


def test_figures_of_the_portal_cannot_be_typed(client, planner, analysis):
    client.force_login(planner)
    key = kept(analysis).data_rows[0].key
    typed = {"key": key, "measure": "participants", "year": "2026", "women": "900", "men": "1"}

    send(client, analysis, "data", rows("data_rows", typed | {"text": "Peserta pelatihan"}))

    row = kept(analysis).data_rows[0]
    assert (row.text, row.women, row.men) == ("Peserta pelatihan", 19, 24)


def test_moved_figures_are_shown_and_brought_up_to_date(client, planner, program, analysis):
    client.force_login(planner)
    more = {"women_participants": 4, "men_participants": 0, "title": "Kelas kedua"}
    make.activity(program, held_on=date(2026, 4, 1), verified_by=make.officer(), **more)

    shown = text(client.get(step(analysis, "data")))
    send(client, analysis, "data", on_page(client, analysis, "data"), do="refresh")

    assert "Sekarang:" in shown
    assert "berubah +4 perempuan, 0 laki-laki" in shown
    assert kept(analysis).data_rows[0].women == 23
    assert "masih sama" in text(client.get(step(analysis, "data")))


def test_figure_of_the_portal_is_added(client, planner, program, analysis):
    client.force_login(planner)
    asked = {"portal-measure": "villages", "portal-year": "2026", "portal-semester": "1"}

    send(client, analysis, "data", on_page(client, analysis, "data") | asked, do="portal")
    wrong = send(
        client,
        analysis,
        "data",
        on_page(client, analysis, "data") | asked | {"portal-year": "26"},
        do="portal",
    )

    row = kept(analysis).data_rows[-1]
    assert (row.measure, row.value, row.whole) == ("villages", 1, 1)
    assert row.portal["semester"] == 1
    assert wrong.status_code == 422
    assert "empat angka" in text(wrong)
