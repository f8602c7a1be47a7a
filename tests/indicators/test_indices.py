"""Indices: shipped values laid down once, lines of one release only, releases an office keeps."""

import re
from collections import Counter

import pytest
from django.urls import reverse

from core.errors import Refused, Stale
from core.formats import Unreadable
from core.models import AuditEntry
from indicators.forms.index import parse_decimal
from indicators.index_chart import index_chart
from indicators.intake_indices import IndexRow, save_index_row
from indicators.meanings import MEANINGS
from indicators.models import IndexRelease, IndexValue
from indicators.reading import source_words
from indicators.series import headline, peers_of, series_of, values_near
from indicators.services.indices import (
    add_release,
    change_release,
    load_indices,
    remove_release,
    set_value,
    set_values,
)
from tests import make

from .made_indices import release, said, unsaved

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PASER, KALTIM = "64.01", "64"


def codes(refusal) -> set:
    return {(one.field, one.code) for one in refusal.value.problems}


def test_shipped_values_are_laid_down_once_and_keep_what_a_person_changed():
    first = load_indices()
    assert first.values == IndexValue.objects.count() > 60
    assert load_indices() == (0, 0)
    titles = list(IndexRelease.objects.values_list("title", flat=True))
    assert "BPS, dikutip DKP3A Kaltim (dkp3a.kaltimprov.go.id/berita/detail/5695), 2021–2022" in (
        titles
    )
    hers = IndexRelease.objects.filter(index="IPG", source_url__contains="5695").get()
    everywhere = make.person("officer")
    set_value(hers, said(PASER, 2022, None), actor=everywhere, version=1)
    assert load_indices() == (0, 0)
    with pytest.raises(Refused, match="not_permitted|bawaan|ships"):
        set_value(hers, said(PASER, 2022, "71.98"), actor=make.officer(), version=2)


def test_an_address_says_who_quoted_it():
    assert source_words("https://kaltim.antaranews.com/amp/berita/1/x") == (
        "BPS, dikutip Antara Kaltim (kaltim.antaranews.com/amp/berita/1/x)"
    )
    assert source_words(f"https://www.contoh.id/{'panjang/' * 12}") == (
        "BPS, dikutip contoh.id (contoh.id)"
    )


def test_headlines_compare_the_same_year_and_invent_nothing():
    load_indices()
    ipg, idg, ikg = headline(PASER)
    assert (str(ipg.value.value), ipg.value.year) == ("71.980", 2022)
    assert [one.value for one in ipg.compared] == [None, None]  # nobody is known for 2022
    assert {value.year for _area, value in ipg.common} == {2019}
    [_province, nation] = idg.compared
    assert (str(nation.difference), nation.same_release) == ("-11.650", False)
    assert ikg.value is None
    assert [value.year for _area, value in ikg.known] == [2024, 2024]


def test_no_path_joins_two_releases_or_bridges_a_gap():
    release((PASER, 2018, "70"), (PASER, 2019, "71"), (PASER, 2021, "72"))
    release((PASER, 2019, "80"), (PASER, 2020, "81"), (KALTIM, 2020, "85"))
    drawn = index_chart(values_near(PASER), PASER, MEANINGS["IPG"])
    assert len(drawn.tracks) == 3  # two releases of hers, one of the province
    dots = {
        number: {(mark.x, mark.y) for mark in drawn.chart.marks if mark.number == number}
        for number in (1, 2, 3)
    }
    assert Counter(stroke.number for stroke in drawn.chart.strokes) == {1: 1, 2: 1}
    for stroke in drawn.chart.strokes:
        points = {tuple(map(float, one)) for one in re.findall(r"([\d.]+) ([\d.]+)", stroke.d)}
        assert len(points) == 2  # 2018–2019 and 2019–2020; never on to 2021
        assert points <= dots[stroke.number]
    assert all(len({one.release_id for one in line.points}) == 1 for line in series_of(
        values_near(PASER)
    ))  # fmt: skip


def test_peers_stand_the_best_first_and_show_every_release():
    of = {"index": "IKG"}
    release((PASER, 2023, "0.5"), ("64.71", 2023, "0.178"), ("64.09", 2023, "0.544"), **of)
    release((PASER, 2023, "0.51"), **of)
    rows = values_near(PASER, ["IKG"])
    found = [(one.area_code, one.ours) for one in peers_of(rows, PASER, 2023)]
    assert found == [("64.71", False), (PASER, True), (PASER, True), ("64.09", False)]


@pytest.mark.parametrize(
    ("index", "cell", "problem"),
    [
        ("IPG", (PASER, 2022, "151"), ("values.0.value", "out_of_range")),
        ("IDG", (PASER, 2022, "101"), ("values.0.value", "out_of_range")),
        ("IKG", (PASER, 2022, "1.01"), ("values.0.value", "out_of_range")),
        ("IPG", (PASER, 1989, "70"), ("values.0.year", "out_of_range")),
        ("IPG", ("64.01.04.2002", 2022, "70"), ("values.0.area_code", "unknown_value")),
    ],
)
def test_a_value_that_cannot_be_is_refused(index, cell, problem):
    make.village()
    with pytest.raises(Refused) as refusal:
        add_release(unsaved(index), actor=make.officer(), values=[said(*cell)])
    assert codes(refusal) == {problem}


def test_a_release_needs_its_source_and_says_each_value_once():
    twice = [said(PASER, 2022, "70"), said(PASER, 2022, "71")]
    with pytest.raises(Refused) as refusal:
        add_release(unsaved(source=" ", source_url="javascript:x"), actor=None, values=twice)
    assert codes(refusal) == {
        ("source", "required"),
        ("source_url", "invalid"),
        ("values.1.year", "repeated"),
    }


def test_a_release_is_kept_by_its_own_office_over_the_version_seen():
    officer = make.officer()
    one = unsaved()
    add_release(one, actor=officer, values=[said(PASER, 2022, "71.98")])
    again = unsaved(uid=one.pk, title=one.title)
    assert add_release(again, actor=officer).pk == one.pk  # pressed twice
    with pytest.raises(Refused) as refusal:
        add_release(unsaved(title=one.title), actor=officer)
    assert codes(refusal) == {("title", "already_there")}
    other = make.officer(regency=make.regency("64.02", "Kabupaten Kutai Kartanegara"))
    with pytest.raises(Refused) as refusal:
        set_value(one, said(PASER, 2022, "80"), actor=other, version=1)
    assert refusal.value.code == "not_permitted"

    set_values(one, [said(PASER, 2022, "72"), said(PASER, 2023, "73")], actor=officer, version=1)
    with pytest.raises(Stale):
        set_value(one, said(PASER, 2022, "74"), actor=officer, version=1)
    one.refresh_from_db()
    one.state = "revised"
    change_release(one, actor=officer, version=2)
    remove_release(one, actor=officer, version=3)
    assert not IndexValue.objects.standing().exists()
    assert IndexValue.objects.count() == 2  # what was said stays
    gone = AuditEntry.objects.get(action="index.removed")
    assert gone.changes["values"] == {"64.01 2022": "72.000", "64.01 2023": "73.000"}


def test_decimals_are_typed_with_a_comma():
    texts = ("71,98", "71.98", "0.421", "19.600", "100", "1.234,5")
    read = [str(parse_decimal(text)) for text in texts]
    assert read == ["71.98", "71.98", "0.421", "19600.0", "100", "1234.5"]
    for text in ("-1", "71,98,1", "tujuh", "1,2345"):
        with pytest.raises(Unreadable):
            parse_decimal(text)


def test_the_office_enters_a_release_and_its_grid(client):
    client.force_login(make.officer())
    page = client.get(reverse("indicators:release-new"))
    sent = {
        "uid": page.context["form"]["uid"].value(),
        "regency": make.regency().pk,
        "index": "IPG",
        "title": "BPS Kaltim, BRS 2025",
        "publisher": "BPS",
        "source": "",
        "state": "final",
    }
    refused = client.post(reverse("indicators:release-new"), sent)
    assert refused.status_code == 422
    sent["source"] = "Berita Resmi Statistik"
    assert client.post(reverse("indicators:release-new"), sent).status_code == 302
    made = IndexRelease.objects.get()
    grid = reverse("indicators:release-values", args=[made.pk]) + "?first=2023&last=2024"
    form = client.get(grid).context["form"]
    assert form.cells[:2] == [(PASER, 2023), (PASER, 2024)]
    typed = {"version": 1, "value-64.01-2024": "72,35"}
    wrong = client.post(grid, {**typed, "value-64.01-2023": "720,1"})
    assert (wrong.status_code, IndexValue.objects.count()) == (422, 0)
    assert client.post(grid, typed).status_code == 302
    late = client.post(grid, {"version": 1, "value-64.01-2024": "73"})
    assert (late.status_code, str(IndexValue.objects.get().value)) == (409, "72.350")
    client.post(reverse("indicators:release-revised", args=[made.pk]), {"version": 2})
    made.refresh_from_db()
    assert made.state == "revised"
    path = reverse("indicators:release-remove", args=[made.pk])
    client.post(path, {"version": made.version})
    assert client.get(reverse("indicators:release", args=[made.pk])).status_code == 404


def test_pages_show_what_is_known_and_its_source(client):
    load_indices()
    make.regency()
    client.force_login(make.village_head())
    home = client.get(reverse("indicators:home")).content.decode()
    assert "71,98" in home
    assert "dkp3a.kaltimprov.go.id/berita/detail/5695" in home
    assert "0,421" in home  # of the nation, where the regency has no IKG
    page = client.get(reverse("indicators:index", args=["IPG"]))
    assert len(page.context["peers"]) == 10
    assert [one.ours for one in page.context["peers"]].index(True) == 9
    for path in re.findall(r'<path class="look[^>]*data-track="(\d+)"', page.content.decode()):
        assert int(path) in {track.number for track in page.context["drawn"].tracks}
    sheet = client.get(reverse("indicators:index", args=["IPG"]), {"format": "csv"})
    text = b"".join(sheet.streaming_content).decode("utf-8-sig")
    assert "71.41" in text
    assert client.get(reverse("indicators:release-new")).status_code == 403
    hers = IndexRelease.objects.filter(index="IPG").first()
    assert client.get(reverse("indicators:release", args=[hers.pk])).status_code == 200
    assert client.get(reverse("indicators:release-edit", args=[hers.pk])).status_code == 403


def test_rows_of_a_sheet_make_one_release_and_refuse_a_second_value():
    officer = make.officer()

    def row(**changes) -> None:
        cells = {
            **{"index": "ipg", "title": "BRS 2025", "publisher": "BPS", "source": "BRS, hal. 4"},
            **{"area_code": PASER, "year": "2024", "value": "72,35", **changes},
        }
        form = IndexRow(cells, user=officer)
        assert form.is_valid(), form.errors
        save_index_row(form, officer)

    row()
    row(area_code=KALTIM, value="87,46")
    with pytest.raises(Refused) as refusal:
        row(value="73")
    assert codes(refusal) == {("value", "already_there")}
    with pytest.raises(Refused) as refusal:
        row(year="2023", value="172")
    assert codes(refusal) == {("value", "out_of_range")}
    assert IndexRelease.objects.get().values.count() == 2
