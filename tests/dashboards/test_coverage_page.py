"""The page of village coverage: figures, map and list say the same; and its measures on the map."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.mou import made_agreements as made

pytestmark = pytest.mark.once

PAGE = reverse("dashboards:coverage")


@pytest.fixture
def paser(db):
    """Three villages in two districts; one district under an agreement, one village with a PLD."""
    place, near = make.village(), make.village("64.01.04.2003", "Dekat")
    far = make.village("64.01.05.2001", "Jauh")
    begin = timezone.localdate().replace(year=timezone.localdate().year - 1, day=1)
    partner = made.partner()
    made.agreement(partner, areas=[place.district], starts_on=begin, ends_on=None)
    make.person("facilitator", village=far)
    return near, partner


def test_figures_list_and_file_agree(paser, client):
    client.force_login(make.officer())
    answer = client.get(PAGE)
    cover = answer.context["cover"]
    assert (cover.villages, cover.covered, cover.idle, cover.without_facilitator) == (3, 2, 2, 2)
    assert [one.count for one in answer.context["legend"]] == [0, 0, 2, 1]
    for state, number in (("none", 1), ("idle", 2), ("no_pld", 2), ("active", 0), ("ending", 0)):
        page = client.get(PAGE, {"state": state}).context["page"]
        assert page.paginator.count == number, state
    sheet = client.get(PAGE, {"state": "idle", "format": "csv"})
    assert len(b"".join(sheet.streaming_content).splitlines()) == 3
    assert client.get(PAGE, {"state": "entah"}).status_code == 422
    narrow = client.get(PAGE, {"district": "64.01.05"}).context["cover"]
    assert (narrow.villages, narrow.covered) == (1, 0)


def test_everyone_sees_her_own_villages(paser, client):
    near, _partner = paser
    client.force_login(make.village_head(near))
    assert [one.village for one in client.get(PAGE).context["cover"].rows] == [near]
    client.force_login(make.person())
    assert client.get(PAGE).status_code == 403


def test_the_map_is_coloured_by_coverage(paser, client):
    client.force_login(make.officer())
    for measure, wanted in (
        ("agreements", {"64.01.04.2002": (1, 1), "64.01.05.2001": (0, 1)}),
        ("facilitators", {"64.01.04.2002": (0, 1), "64.01.05.2001": (1, 1)}),
    ):
        areas = client.get("/peta/", {"measure": measure}).context["areas"]
        found = {one.row.code: one.share for one in areas}
        assert wanted.items() <= found.items()
    areas = client.get("/peta/", {"measure": "agreements", "level_of": "district"}).context["areas"]
    assert {one.row.code: one.share for one in areas} == {"64.01.04": (2, 2), "64.01.05": (0, 1)}
