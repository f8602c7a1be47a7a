"""Areas and offices over REST: public to everyone signed in, read-only."""

import pytest

from accounts.services import create_token
from tests import make
from villages.models import AreaShape, Village

RESOURCES = ["provinces", "regencies", "districts", "villages", "opds"]


@pytest.fixture
def reader(client, load):
    """A facilitator of one village reads the whole list."""
    load()
    make.opd("Dinas Kesehatan")
    person = make.person("facilitator", village=Village.objects.get(code="64.01.04.2002"))
    client.force_login(person)
    return client


@pytest.mark.parametrize("resource", [*RESOURCES, "villages.geojson"])
def test_strangers_to_the_portal_get_nothing(client, db, resource):
    end = "" if "." in resource else "/"
    assert client.get(f"/api/v1/{resource}{end}").status_code in (401, 403)


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(reader, resource, method):
    assert getattr(reader, method)(f"/api/v1/{resource}/").status_code == 405


@pytest.mark.parametrize(("resource", "count"), [*zip(RESOURCES, [1, 2, 3, 5, 1], strict=True)])
def test_lists_are_whole_whatever_the_grants(reader, resource, count):
    answer = reader.get(f"/api/v1/{resource}/").json()

    assert (answer["count"], len(answer["results"])) == (count, count)


def test_village_by_code(reader):
    assert reader.get("/api/v1/villages/64.01.04.1001/").json() == {
        "code": "64.01.04.1001",
        "name": "Tanah Grogot",
        "kind": "kelurahan",
        "district": "64.01.04",
        "district_name": "Tanah Grogot",
        "regency": "64.01",
        "has_apbdes": False,
        "longitude": 116.19,
        "latitude": -1.91,
        "ended_on": None,
    }
    assert reader.get("/api/v1/villages/64.01.04.9999/").status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("district=64.01.05", ["Lolo"]),
        ("regency=64.02", ["Muara Kembang"]),
        ("search=tepian", ["Tepian Batang"]),
        ("search=64.01.05", ["Lolo"]),
        ("kind=kelurahan", ["Tanah Grogot"]),
        ("district=64.99.99", []),
    ],
)
def test_villages_are_narrowed(reader, query, names):
    answer = reader.get(f"/api/v1/villages/?{query}").json()

    assert [one["name"] for one in answer["results"]] == names


def test_unknown_parameter_is_refused(reader):
    assert reader.get("/api/v1/villages/?distrik=64.01.05").status_code == 400
    assert reader.get("/api/v1/villages.geojson?distrik=64.01.05").status_code == 400


def test_any_key_reads_reference_data(client, reader):
    client.logout()
    made = create_token(make.person(), name="t", scopes=["data:read"], days=5, actor=None)
    bearer = {"authorization": f"Bearer {made.key}"}
    for address in (*(f"{name}/" for name in RESOURCES), "villages.geojson"):
        assert client.get(f"/api/v1/{address}", headers=bearer).status_code == 200, address


def test_search_beyond_reason_is_refused(reader):
    for resource in RESOURCES:
        assert reader.get(f"/api/v1/{resource}/?search={'a' * 60_000}").status_code == 400


def test_pages_are_numbered(reader):
    first = reader.get("/api/v1/villages/?limit=2").json()
    last = reader.get("/api/v1/villages/?limit=2&page=3").json()

    assert "page=2" in first["next"]
    assert [one["name"] for one in last["results"]] == ["Muara Kembang"]
    assert reader.get("/api/v1/villages/?page=99").status_code == 404


def test_ended_village_is_off_the_list_and_still_answers(reader):
    Village.objects.filter(name="Lolo").update(ended_on="2026-01-31")

    assert reader.get("/api/v1/villages/?search=Lolo").json()["count"] == 0
    assert reader.get("/api/v1/villages/64.01.05.2002/").json()["ended_on"] == "2026-01-31"


def test_queries_do_not_grow_with_the_villages(reader, paser, django_assert_max_num_queries):
    for limit in (1, 144):
        with django_assert_max_num_queries(9):
            assert reader.get(f"/api/v1/villages/?limit={limit}").status_code == 200


def test_unchanged_list_is_not_sent_again(reader):
    etag = reader.get("/api/v1/villages/")["ETag"]

    assert reader.get("/api/v1/villages/", headers={"If-None-Match": etag}).status_code == 304
    Village.objects.filter(name="Lolo").update(name="Lolo Baru")
    assert reader.get("/api/v1/villages/", headers={"If-None-Match": etag}).status_code == 200


def test_geojson_has_one_kind_of_lines(reader, run):
    run("build_schematic_map")
    answer = reader.get("/api/v1/villages.geojson")
    map_ = answer.json()

    assert answer["Content-Type"].startswith("application/geo+json")
    assert (map_["type"], map_["kind"], len(map_["features"])) == (
        "FeatureCollection",
        "schematic",
        4,
    )
    [janju] = [one for one in map_["features"] if one["id"] == "64.01.04.2002"]
    assert janju["properties"] == {
        "code": "64.01.04.2002",
        "name": "Janju",
        "kind": "desa",
        "district": "Tanah Grogot",
    }
    assert janju["geometry"]["type"] == "MultiPolygon"

    AreaShape.objects.create(area_code=janju["id"], kind="official", rings=[], source="x")
    assert reader.get("/api/v1/villages.geojson").json()["kind"] == "schematic"


@pytest.mark.parametrize("query", ["regency=", "district=", "regency=&district="])
def test_geojson_without_a_value_keeps_to_the_regency(reader, run, query):
    run("build_schematic_map")
    far = Village.objects.get(name="Muara Kembang").code
    AreaShape.objects.get_or_create(area_code=far, kind="schematic", defaults={"rings": []})

    found = reader.get(f"/api/v1/villages.geojson?{query}").json()

    assert far not in {one["id"] for one in found["features"]}
    assert found == reader.get("/api/v1/villages.geojson").json()
    elsewhere = reader.get(f"/api/v1/villages.geojson?regency={far[:5]}").json()
    assert [one["id"] for one in elsewhere["features"]] == [far]


def test_geojson_of_one_district_and_of_none_drawn(reader, run):
    assert reader.get("/api/v1/villages.geojson").json() == {
        "type": "FeatureCollection",
        "kind": "none",
        "source": "",
        "features": [],
    }
    run("build_schematic_map")
    one = reader.get("/api/v1/villages.geojson?district=64.01.05").json()
    assert [feature["properties"]["name"] for feature in one["features"]] == ["Lolo"]
