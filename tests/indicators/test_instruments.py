"""Instruments: shipped once, drafted by the office, adopted when they are whole, then fixed."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import Refused, Stale
from core.paper_tables import context_of
from indicators.instrument_table import items_table
from indicators.models import Instrument
from indicators.parts import parts_of, said_of
from indicators.services.instruments import (
    adopt_instrument,
    change_instrument,
    instrument_for,
    load_instruments,
    new_version,
    remove_draft,
)
from tests import make

from .made_cards import YEAR, shipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def draft(officer):
    return new_version(shipped("drg"), actor=officer, regency=make.regency())


def changed(draft, officer, **lists):
    said = said_of(draft).with_parts(**lists)
    return change_instrument(draft, said, actor=officer, version=draft.version)


def refused(act, *args, **named) -> list[tuple[str, str, str]]:
    with pytest.raises(Refused) as caught:
        act(*args, **named)
    return [(one.field, one.code, str(one.detail)) for one in caught.value.problems]


def test_the_shipped_ones_are_loaded_once_and_whole():
    assert [line.split(": ")[1] for line in load_instruments()] == [
        "20 items loaded",
        "10 items loaded",
        "12 items loaded",
    ]
    assert all(line.endswith("there already") for line in load_instruments())
    drg = Instrument.objects.get(key="drg")
    assert sum(one.weight for one in drg.pillars.all()) == 100
    assert [one.least for one in drg.levels.all()] == [0, 40, 60, 75, 90]
    assert {one.item.code: one.least for one in drg.gates.all()} == {"L3": 1, "D2": 80}
    assert "SK Kepala Dinas" in drg.basis


def test_a_new_version_says_the_same_and_counts_only_when_adopted(officer, draft):
    regency, first = make.regency(), shipped("drg")
    assert said_of(draft).parts == said_of(first).parts
    assert (draft.number, draft.previous, draft.first_year) == (2, first, YEAR)
    assert instrument_for("drg", regency, YEAR) == first
    adopt_instrument(draft, actor=officer, version=draft.version)
    assert instrument_for("drg", regency, YEAR) == draft
    assert instrument_for("drg", regency, YEAR - 1) == first  # not of that year yet
    assert instrument_for("drg", make.regency("64.02", "Kutai Barat"), YEAR) == first


def test_one_draft_at_a_time_and_nobody_elses(officer, draft):
    assert refused(new_version, shipped("drg"), actor=officer, regency=make.regency())[0][1] == (
        "already_there"
    )
    for person in (make.village_head(), make.person("leader", regency=make.regency())):
        assert not Instrument.objects.visible_to(person).filter(pk=draft.pk).exists()
        found = refused(adopt_instrument, draft, actor=person, version=draft.version)
        assert found[0][1] == "not_permitted"


def test_weights_have_to_sum_to_100_and_the_sum_is_said(officer, draft):
    pillars = said_of(draft).parts.pillars
    changed(draft, officer, pillars=(replace(pillars[0], weight=10), *pillars[1:]))
    field, code, words = refused(adopt_instrument, draft, actor=officer, version=draft.version)[0]
    assert (field, code) == ("weights", "out_of_range")
    assert "95" in words


def test_what_is_not_whole_is_not_adopted(officer, draft):
    parts = said_of(draft).parts
    changed(
        draft,
        officer,
        items=tuple(one for one in parts.items if one.pillar != "pelaksanaan"),
        levels=parts.levels[1:],
    )
    found = refused(adopt_instrument, draft, actor=officer, version=draft.version)
    assert [one[:2] for one in found] == [("pillars.pelaksanaan", "empty"), ("levels", "order")]
    assert not Instrument.objects.get(pk=draft.pk).adopted_at


def test_a_code_twice_and_a_gate_without_item_are_not_even_kept(officer, draft):
    parts = said_of(draft).parts
    twice = (*parts.items, parts.items[0])
    assert refused(changed, draft, officer, items=twice)[0][:2] == ("items.K1", "repeated")
    without = tuple(one for one in parts.items if one.code != "L3")
    assert refused(changed, draft, officer, items=without)[0][:2] == ("gates", "unknown_value")
    assert said_of(draft).parts == parts


def test_adopted_ones_never_change(officer, draft):
    adopt_instrument(draft, actor=officer, version=draft.version)
    said = said_of(draft)
    for act, args in (
        (change_instrument, (draft, said)),
        (adopt_instrument, (draft,)),
        (remove_draft, (draft,)),
        (remove_draft, (shipped("drg"),)),
    ):
        assert refused(act, *args, actor=officer, version=draft.version)[0][1] == "fixed"


def test_two_who_change_the_same_draft(officer, draft):
    seen = draft.version
    changed(draft, officer, gates=())
    said = replace(said_of(draft), title="Lain")
    with pytest.raises(Stale):
        change_instrument(draft, said, actor=officer, version=seen)
    assert not draft.gates.exists()


def test_its_items_go_on_paper_with_their_targets():
    row = shipped("sdgs5")
    table = items_table(row, parts_of(row), timezone.now())
    drawn = context_of(table, list(table.rows))
    assert [cell.text for cell in drawn["rows"][8]][1] == "S5-09"
    assert "18,01" in {cell.text for cell in drawn["rows"][8]}


@pytest.mark.once
def test_the_pages_of_a_draft_work_without_a_script(client, officer):
    client.force_login(officer)
    first = shipped("drg")
    answer = client.post(f"/indeks/instrumen/{first.pk}/versi-baru/", {"regency": "64.01"})
    draft = Instrument.objects.get(number=2)
    page = f"/indeks/instrumen/{draft.pk}/"
    assert answer.headers["Location"] == page

    edit = client.get(f"{page}ubah/")
    lists = edit.context["lists"]
    sent = {**edit.context["form"].initial, "last_year": "", "title": "Desa Responsif Gender Paser"}
    for rows in lists.values():
        sent |= {f"{rows.prefix}-TOTAL_FORMS": rows.total_form_count()}
        sent |= {f"{rows.prefix}-INITIAL_FORMS": rows.initial_form_count()}
        for form in rows.forms:
            values = {name: form[name].value() for name in form.fields}
            sent |= {form.add_prefix(k): v for k, v in values.items() if v is not None}
    sent |= {"pillars-0-weight": "20", "gates-1-DELETE": "on"}
    answer = client.post(f"{page}ubah/", {k: str(v) for k, v in sent.items()})
    assert answer.status_code == 302, answer.context["form"].errors
    draft.refresh_from_db()
    assert draft.title == "Desa Responsif Gender Paser"
    assert [one.item.code for one in draft.gates.all()] == ["L3"]
    assert "Jumlah bobot 105" in client.get(page).content.decode()
    refusal = client.post(f"{page}berlakukan/", {"version": draft.version})
    assert refusal.status_code == 422
    assert "Jumlah bobot 105" in refusal.content.decode()

    item = {"version": draft.version, "code": "L9", "title": "Ada rumah aman", "pillar": "data"}
    item |= {"kind": "percent", "target": "12,5", "direction": "at_least", "place": "1"}
    assert client.post(f"{page}butir/baru/", item).status_code == 302
    first_item = said_of(draft).parts.items[0]
    assert (first_item.code, first_item.target) == ("L9", Decimal("12.5"))
    twice = client.post(f"{page}butir/baru/", item | {"version": draft.version + 1})
    assert twice.status_code == 422
    assert "tertulis dua kali" in twice.content.decode()
