"""Rows come and go, problems and remarks stand at their row, and two write at once."""

from datetime import date

import pytest
from django.urls import reverse

from core.identifiers import uuid7
from planning.models import GenderAnalysis
from planning.services.moves import RemarkSaid, remark
from tests import make
from tests.typed import text

from .sending import kept, on_page, rows, send, step

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# -- Rows come and go --------------------------------------------------------------


def test_row_is_added_without_a_script_and_what_was_typed_stays(client, planner, analysis):
    client.force_login(planner)
    key = uuid7()
    sent = rows("causes", {"key": key, "text": "SK tanpa perempuan"})

    response = send(client, analysis, "internal", sent, do="add:causes")

    form = response.context["form"]
    assert response.status_code == 200
    assert [row["text"].value() for row in form.rows] == ["SK tanpa perempuan", None]
    assert "SK tanpa perempuan" in text(response)
    assert not kept(analysis).causes


def test_unreadable_number_stays_while_a_row_is_added(client, planner, analysis):
    client.force_login(planner)
    sent = rows("data_rows", {"women": "dua puluh"})

    response = send(client, analysis, "data", sent, do="add:data_rows")

    assert response.status_code == 200
    assert 'value="dua puluh"' in response.content.decode()
    assert "Ada kesalahan" not in text(response)


def test_row_taken_away_leaves_what_pointed_to_it(client, planner, analysis):
    client.force_login(planner)
    portal, gap = kept(analysis).data_rows[0].key, uuid7()
    factor = {"key": gap, "kind": "access", "text": "Jauh", "data_row": portal}
    send(client, analysis, "factors", rows("factors", factor))
    sent = on_page(client, analysis, "data")

    removed = send(client, analysis, "data", sent, do=f"remove:data_rows:{portal}")
    assert removed.status_code == 200
    assert "hilang setelah Anda menyimpan" in text(removed)
    assert kept(analysis).data_rows
    response = client.post(
        step(analysis, "data"), {"version": sent["version"], "do": "save"}, follow=True
    )

    now = kept(analysis)
    assert now.data_rows == ()
    assert (now.factors[0].text, now.factors[0].data_row) == ("Jauh", None)
    assert "1 baris terkait dengan baris yang Anda hapus" in text(response)
    [said] = [str(one) for one in response.context["messages"] if "1 baris terkait" in str(one)]
    assert f'<a href="{step(analysis, "factors")}">Langkah 3: ' in said
    assert said in response.content.decode()
    shown = text(client.get(step(analysis, "factors")))
    assert "Perlu dilengkapi" in shown
    assert "Pilih" in shown


def test_cause_that_villages_name_becomes_a_row(client, planner, program, analysis):
    make.activity(
        program,
        held_on=date.today(),  # noqa: DTZ011 - a record of the last year, whenever this runs
        women_participants=2,
        men_participants=40,
        low_women_reason="time",
        title="Rapat malam",
    )
    client.force_login(planner)
    offered = text(client.get(step(analysis, "internal")))

    response = send(client, analysis, "internal", {}, do="suggest:time")

    assert "1 dari 1 kegiatan" in offered
    [row] = response.context["form"].rows
    assert "1 dari 1 kegiatan" in row["text"].value()
    blank = rows("causes", {"text": " ", "factor": ""}, {"text": "SK tanpa perempuan"})
    beside = send(client, analysis, "internal", blank, do="suggest:time")
    first, second = (one["text"].value() for one in beside.context["form"].rows)
    assert "1 dari 1 kegiatan" in first
    assert second == "SK tanpa perempuan"
    assert "Disebut oleh desa" not in text(client.get(step(analysis, "external")))


# -- What is wrong, what was remarked ----------------------------------------------


@pytest.mark.parametrize(
    ("key", "where", "typed", "words"),
    [
        ("data", "data_rows", {"women": "-3", "men": "4"}, "perempuan pada “Data 1”"),
        ("data", "data_rows", {"year": "dua ribu"}, "empat angka, misalnya 2026"),
        ("data", "data_rows", {"value": "12.5"}, "angka lain pada “Data 1”"),
        ("factors", "factors", {"text": "Jauh"}, "Pilih jenis kesenjangan"),
        ("indicators", "indicators", {"kind": "output", "due": "31-2-2026"}, "kalender"),
        ("actions", "actions", {"text": "x", "budget": "12.50"}, "12.500.000"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_row(
    client, planner, analysis, key, where, typed, words
):
    client.force_login(planner)
    before = kept(analysis)

    response = send(client, analysis, key, rows(where, typed))

    assert response.status_code == 422
    assert words in text(response)
    assert "<title>Ada kesalahan: " in text(response)
    assert kept(analysis) == before


def test_link_to_a_row_that_is_not_there_is_refused(client, planner, analysis):
    client.force_login(planner)
    sent = rows("factors", {"kind": "access", "text": "Jauh", "data_row": uuid7()})

    assert send(client, analysis, "factors", sent).status_code == 422


def test_remark_stands_at_its_row_and_is_marked_as_dealt_with(client, planner, analysis):
    row = kept(analysis).data_rows[0].key
    remark(
        analysis,
        [RemarkSaid("data", "Sebutkan sumbernya", row, "source")],
        actor=make.officer(),
    )
    GenderAnalysis.objects.filter(pk=analysis.pk).update(state="returned")
    client.force_login(planner)
    overview = text(client.get(reverse("planning:gap", args=[analysis.pk])))
    shown = client.get(step(analysis, "data"))
    said = shown.context["read"].rows[0].remarks[0]

    response = send(
        client,
        analysis,
        "data",
        on_page(client, analysis, "data") | {f"data_rows-{row}-text": "Baru diketik"},
        do=f"settle:{said.pk}",
    )

    assert "Sebutkan sumbernya" in overview
    assert "1 catatan" in overview
    assert "Sebutkan sumbernya" in text(shown)
    assert "Sebutkan sumbernya" not in text(response)
    assert "Baru diketik" in text(response)
    said.refresh_from_db()
    assert said.settled_at


def test_remark_on_a_row_that_is_gone_stands_at_the_step(client, planner, analysis):
    remark(analysis, [RemarkSaid("data", "Baris ini salah", uuid7())], actor=make.officer())
    client.force_login(planner)

    assert "Baris ini salah" in text(client.get(step(analysis, "data")))


def test_steps_say_how_far_they_are(client, planner, analysis):
    client.force_login(planner)

    lines = client.get(reverse("planning:gap", args=[analysis.pk])).context["lines"]

    state = {line.step.key: (line.empty, line.done) for line in lines}
    assert state["data"] == (False, True)
    assert state["factors"] == (True, False)


# -- Two at once -------------------------------------------------------------------


def test_second_editor_sees_what_is_stored_and_may_overwrite(client, office, planner, analysis):
    other = make.person("opd_focal_point", opd=office)
    client.force_login(planner)
    key = uuid7()
    seen = analysis.version
    first = {"key": key, "kind": "access", "text": "Undangan lewat ketua"}
    send(client, analysis, "factors", rows("factors", first))
    client.force_login(other)
    mine = rows("factors", first | {"text": "Undangan lewat poktan"})

    response = send(client, analysis, "factors", mine, version=seen)

    shown = text(response)
    assert response.status_code == 409
    for words in ("Kesenjangan 1", "Undangan lewat ketua", "Undangan lewat poktan", str(planner)):
        assert words in shown
    assert kept(analysis).factors[0].text == "Undangan lewat ketua"
    again = send(client, analysis, "factors", mine, version=response.context["form"].version)
    assert again.status_code == 302
    assert kept(analysis).factors[0].text == "Undangan lewat poktan"


def test_somebody_with_two_windows_is_told_that_it_was_herself(client, planner, analysis):
    client.force_login(planner)
    seen = analysis.version
    first = {"key": uuid7(), "kind": "access", "text": "Undangan lewat ketua"}
    send(client, analysis, "factors", rows("factors", first))

    mine = rows("factors", first | {"text": "Undangan lewat poktan"})
    response = send(client, analysis, "factors", mine, version=seen)

    assert response.status_code == 409
    assert "Anda sendiri menyimpan GAP ini di jendela lain" in text(response)
    notice = response.content.decode().split("write-stale")[1].split("</section>")[0]
    assert str(planner) not in notice
