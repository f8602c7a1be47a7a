"""Population: series apart, sums that agree, figures an office keeps for its regency."""

import io
import zipfile

import pytest
from django.conf import settings
from django.urls import reverse

from core.errors import Refused, Stale
from indicators.intake_indices import PopulationRow, save_population_row
from indicators.population import PopulationSeries, parts_of, series_of
from indicators.shipped import WORDS
from tests import make
from villages.imports import read_population
from villages.models import Population
from villages.services import import_population, keep_population, mark_of, remove_population

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SHIPPED = settings.DATA_DIR / "paser" / "population.csv"


def figure(**changes) -> Population:
    facts = {"area_code": "64.01", "year": 2024, "period": "BPS", "source": "PDA 2025"}
    return Population(**facts | changes)


def codes(refusal) -> set:
    return {(one.field, one.code) for one in refusal.value.problems}


def test_the_series_of_every_shipped_row_is_read_from_its_period():
    rows = read_population(SHIPPED)
    found = {(one.period, series_of(one.period, one.source).value) for one in rows}
    assert found == {
        ("semester 1, registered (Dukcapil)", "registry"),
        ("BPS", "bps"),
        ("as in Paser Dalam Angka", "bps"),
        ("census", "census"),
        ("mid-year", "other"),  # the copies do not say who counted
        ("as quoted June 2023", "other"),
    }
    told = {one.period for one in rows} | {one.note for one in rows if one.note}
    assert told - WORDS == {"BPS"}


def test_lines_join_neither_series_nor_sources_nor_gaps():
    rows = [
        figure(year=2021, total=100),
        figure(year=2022, total=101),
        figure(year=2024, total=103),
        figure(year=2023, total=140, period="Dukcapil, semester 2"),
        *(figure(year=2022 + n, total=90 + n, period="mid-year", source=f"{n}") for n in (0, 1)),
    ]
    parts = {part.series: part for part in parts_of(rows)}
    assert list(parts) == [
        PopulationSeries.BPS,
        PopulationSeries.REGISTRY,
        PopulationSeries.OTHER,
    ]
    assert len(parts[PopulationSeries.BPS].chart.strokes) == 1  # 2021–2022; 2024 by itself
    assert parts[PopulationSeries.REGISTRY].chart is None
    assert parts[PopulationSeries.OTHER].chart.strokes == ()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"women": 40, "men": 60, "total": 101}, ("total", "total_mismatch")),
        ({"women": 40, "total": 100}, ("men", "half_a_pair")),
        ({}, ("total", "required")),
        ({"total": 1, "source": " "}, ("source", "required")),
        ({"total": 1, "year": 1900}, ("year", "out_of_range")),
        ({"total": 1, "area_code": "64.01.99"}, ("area_code", "unknown_value")),
        ({"total": 1, "area_code": "64.02"}, ("", "not_permitted")),
    ],
)
def test_a_figure_that_cannot_be_is_refused(changes, problem):
    with pytest.raises(Refused) as refusal:
        keep_population(figure(**changes), actor=make.officer())
    assert codes(refusal) == {problem}


def test_a_figure_is_kept_changed_over_what_was_seen_and_taken_out():
    officer = make.officer()
    made = keep_population(figure(women=40, men=60), actor=officer)
    assert made.total == 100
    with pytest.raises(Refused) as refusal:
        keep_population(figure(total=5), actor=officer)
    assert codes(refusal) == {("source", "already_there")}
    seen = mark_of(made)
    made.women, made.men, made.total = 41, 60, None
    keep_population(made, actor=officer, seen=seen)
    with pytest.raises(Stale):
        keep_population(made, actor=officer, seen=seen)
    remove_population(made, actor=officer, seen=mark_of(made))
    assert not Population.objects.exists()


def test_pages_keep_series_apart_and_offer_villages_to_fill(client):
    make.village()
    import_population(read_population(SHIPPED))
    client.force_login(make.officer())
    page = client.get(reverse("indicators:population"))
    assert [part.series.value for part in page.context["parts"]] == [
        *("bps", "registry", "census", "other"),
    ]
    new = reverse("indicators:population-new")
    sent = {
        **{"area": "64.01.04.2002", "year": "2025", "series": "registry", "detail": "semester 2"},
        **{"women": "1.204", "men": "1.287", "total": "3.000", "source": "DKB"},
    }
    assert client.post(new, sent).status_code == 422
    assert client.post(new, {**sent, "total": ""}).status_code == 302
    made = Population.objects.get(area_code="64.01.04.2002")
    assert (made.period, made.total) == ("Dukcapil, semester 2", 2491)
    village = client.get(reverse("indicators:population"), {"area": made.area_code})
    [part] = village.context["parts"]
    edit = reverse("indicators:population-edit", args=[made.area_code, 2025, part.figures[0].key])
    seen = client.get(edit).context["form"]["version"].value()
    counts = {"women": "1205", "men": "1287", "version": seen}
    assert client.post(edit, counts).status_code == 302
    assert client.post(edit, counts).status_code == 409
    gone = client.post(f"{edit}hapus/", {"seen": mark_of(Population.objects.get(pk=made.pk))})
    assert (gone.status_code, Population.objects.filter(pk=made.pk).count()) == (302, 0)

    book = zipfile.ZipFile(
        io.BytesIO(client.get(reverse("indicators:population-template")).content)
    )
    assert "64.01.04.2002" in book.read("xl/worksheets/sheet1.xml").decode()
    client.force_login(make.village_head())
    assert client.get(new).status_code == 403
    assert client.get(edit).status_code == 404


def test_rows_of_a_sheet_are_taken_or_passed_over():
    officer = make.officer()
    make.village()
    empty = PopulationRow({"area_code": "64.01.04.2002"}, user=officer)
    assert empty.is_valid()
    save_population_row(empty, officer)
    cells = {"area_code": "64.01.04.2002", "total": "2.491", "source": "Profil desa"}
    lacking = PopulationRow(cells, user=officer)
    assert set(lacking.errors) == {"year", "series"}
    mixed = {**cells, "year": "2025", "series": "bps", "detail": "Dukcapil semester 2"}
    assert set(PopulationRow(mixed, user=officer).errors) == {"detail"}
    form = PopulationRow({**cells, "year": "2025", "series": "Sensus"}, user=officer)
    assert form.is_valid(), form.errors
    save_population_row(form, officer)
    assert Population.objects.get().period == "Sensus"
