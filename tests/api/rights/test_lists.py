"""Lists, counts, files, figures and the feed: exactly what she may see, no row more or less."""

import json

import pytest

from .nouns import NOUNS
from .people import (
    BY_NAME,
    DISTRICT,
    FOREIGN_DISTRICT,
    FOREIGN_VILLAGE,
    OTHER_REGENCY,
    PEOPLE,
    REGENCY,
    VILLAGES,
)
from .walk import fetch

pytestmark = [pytest.mark.alone, pytest.mark.django_db]
SIGNED_IN = PEOPLE[1:]
#: Each list with the kinds of its rows, and the name under which a row says which one it is.
LISTS = {
    "programs": (("program",), "uid"),
    "activities": (("activity",), "uid"),
    "submissions": (("receipt",), "uid"),
    "changes": (("program", "activity"), "uid"),
    "imports": (("import",), "uid"),
    "webhooks": (("webhook",), "uid"),
    "tokens": (("token",), "id"),
    "gender-analyses": (("analysis", "stated analysis"), "uid"),
    "budget-statements": (("statement", "terms"), "uid"),
    "budget-lines": (("line",), "uid"),
    **{path: kinds for noun in NOUNS for path, kinds in noun.LISTS.items()},
}
FILES = (
    *("programs", "activities", "gender-analyses", "budget-statements", "budget-lines"),
    *(path for noun in NOUNS for path in noun.FILES),
)
by_person = pytest.mark.parametrize("person", SIGNED_IN, ids=lambda one: one.name)


def get(world, person, path, **headers):
    return fetch(world, person, "GET", f"/api/v1/{path}", **headers)


def rows(world, person, path):
    """Every row of a list, page after page."""
    found, address = [], f"/api/v1/{path}"
    while address:
        answer = fetch(world, person, "GET", address)
        assert answer.status == 200, answer.body
        page = json.loads(answer.body)
        found += page["results"]
        more = f"/api/v1/{path}&cursor={page['cursor']}" if page.get("more") else None
        address = page.get("next") or more
    return found


def hers(world, person, *kinds):
    """What the oracle says that she sees, by uid."""
    things = [one for kind in kinds for one in world.things[kind]]
    return {str(one.keys[-1]) for one in things if one.exists and one.seen_by(person)}


def known(world, *kinds):
    return {str(one.keys[-1]) for kind in kinds for one in world.things[kind] if one.exists}


@pytest.mark.asvs("8.2.2", "8.4.1")
@by_person
def test_each_list_holds_what_she_sees_and_nothing_else(world, person):
    found = {}
    for path, (kinds, key) in LISTS.items():
        seen = {str(row[key]) for row in rows(world, person, f"{path}/?limit=4")}
        extra = known(world, *kinds) if path == "tokens" else seen  # she has keys besides
        if (seen & extra) != hers(world, person, *kinds):
            found[path] = (seen & extra) ^ hers(world, person, *kinds)
    assert found == {}


@by_person
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_files_carry_the_same_rows(world, person, form):
    for path in FILES:
        kinds, _key = LISTS[path]
        answer = get(world, person, f"{path}/?format={form}")
        assert answer.status == 200
        text = answer.text.decode(errors="replace")
        assert {uid for uid in known(world, *kinds) if uid in text} == hers(world, person, *kinds)
        assert world.told(person, answer.text, answer.asked) == [], path


@pytest.mark.asvs("8.2.2")
@by_person
def test_counts_are_of_what_she_sees(world, person):
    villages = {code for code in VILLAGES if person.in_village("view", code)}
    answer = json.loads(get(world, person, "involvement/villages/?year=2026&limit=200").body)
    assert answer["count"] == len(villages)
    assert {row["code"] for row in answer["results"]} == villages

    records = [one for one in world.things["activity"] if one.seen_by(person)]
    counted = [one for one in records if one.state in ("submitted", "verified")]
    pairs = {(str(one.row.program_id), one.village) for one in counted}
    path = "involvement/programs/?year=2026&basis=reported&limit=200"
    answer = json.loads(get(world, person, path).body)
    assert answer["count"] == len(pairs)


@pytest.mark.parametrize("area", [REGENCY, DISTRICT])
def test_a_board_counts_the_records_of_its_area_alone(world, area):
    """What happens elsewhere moves no number: the figures are those of records in the area."""
    path = f"involvement/summary/?area={area}&year=2026&basis=reported"
    told = json.loads(get(world, BY_NAME["officer"], path).body)
    here = [one for one in world.things["activity"] if one.exists and one.village.startswith(area)]
    counted = [one for one in here if one.state in ("submitted", "verified")]
    assert told["activities"] == len(counted), told


#: Filters with a value that exists somewhere, one that exists nowhere, and who sees neither.
FILTERS = [
    ("activities/?village={}", FOREIGN_VILLAGE, "64.99.99.2999"),
    ("activities/?district={}", FOREIGN_DISTRICT, "64.99.99"),
    ("activities/?program={}", "program", "nothing"),
    ("programs/?village={}", FOREIGN_VILLAGE, "64.99.99.2999"),
    ("involvement/villages/?district={}", FOREIGN_DISTRICT, "64.99.99"),
    ("involvement/programs/?village={}", FOREIGN_VILLAGE, "64.99.99.2999"),
    ("involvement/programs/?district={}", FOREIGN_DISTRICT, "64.99.99"),
    ("involvement/programs/?program={}", "program", "nothing"),
    ("involvement/summary/?area={}", OTHER_REGENCY, "64.99"),
    ("activities/?search={}", "word", "Rahasia9999z"),
    ("programs/?search={}", "word", "Rahasia9999z"),
    ("submissions/?search={}", "word", "Rahasia9999z"),
    ("gender-analyses/?village={}", FOREIGN_VILLAGE, "64.99.99.2999"),
    ("gender-analyses/?program={}", "program", "nothing"),
    ("budget-statements/?district={}", FOREIGN_DISTRICT, "64.99.99"),
    ("budget-lines/?village={}", FOREIGN_VILLAGE, "64.99.99.2999"),
    ("gender-budget/summary/?area={}", OTHER_REGENCY, "64.99"),
    ("agreements/?village={}", FOREIGN_VILLAGE, "64.99.99.2999"),
    ("coverage/?regency={}", OTHER_REGENCY, "64.99"),
]


def _value(world, name):
    if name == "word":
        return world.named("activity", "foreign").word
    if name in ("program", "nothing"):
        thing = "nothing" if name == "nothing" else "the foreign office's"
        return str(world.named("program", thing).keys[0])
    return name


@pytest.mark.parametrize(("path", "there", "nowhere"), FILTERS, ids=[one[0] for one in FILTERS])
def test_a_filter_does_not_tell_what_exists(world, path, there, nowhere):
    told = {}
    for person in SIGNED_IN:
        if person.name in ("foreign", "national"):
            continue
        values = [_value(world, there), _value(world, nowhere)]
        answers = [get(world, person, path.format(value)) for value in values]
        bodies = [
            _nameless(answer.body, value) for answer, value in zip(answers, values, strict=True)
        ]
        if bodies[0] != bodies[1]:
            told[person.name] = bodies
        assert world.told(person, answers[0].text, answers[0].asked) == []
    assert told == {}


def _nameless(body, value):
    found = json.loads(body)
    found |= {name: "" for name in ("request_id", "instance") if name in found}
    return json.dumps(found, sort_keys=True).replace(value, "…")


def test_an_order_or_a_place_in_the_pages_opens_nothing(world):
    """A cursor of somebody who sees more is a place, not a right."""
    wide = json.loads(get(world, BY_NAME["national"], "activities/?limit=1").body)
    cursor = wide["next"].split("cursor=")[1]
    for person in SIGNED_IN:
        path = f"activities/?limit=200&cursor={cursor}"
        found = {row["uid"] for row in json.loads(get(world, person, path).body)["results"]}
        assert found <= hers(world, person, "activity")


def test_a_cursor_of_the_feed_is_hers_alone(world):
    """With a cursor of one who sees more, nothing of what only that one sees comes."""
    wide = json.loads(get(world, BY_NAME["national"], "changes/?limit=1").body)["cursor"]
    for person in SIGNED_IN:
        answer = get(world, person, f"changes/?cursor={wide}")
        if person.name != "national":
            assert answer.status == 410, person.name


@pytest.mark.parametrize("kind", ["activity", "program"])
def test_an_etag_tells_nothing_of_what_she_does_not_see(world, kind):
    """The right ETag of a foreign row is answered as that of a row that does not exist."""
    paths = {"activity": ["activities/{}/", "activities/{}/history/"], "program": ["programs/{}/"]}
    for person in SIGNED_IN:
        for thing in world.things[kind]:
            if thing.seen_by(person):
                continue
            for path in paths[kind]:
                address = path.format(thing.keys[0])
                for mark in (f'"v{thing.version}"', f'W/"v{thing.version}"'):
                    answer = get(world, person, address, **{"if-none-match": mark})
                    assert answer.status == 404, (person.name, address)
                    assert "ETag" not in answer.headers


def test_the_etag_of_a_photo_is_of_no_use_elsewhere(world):
    photo = world.named("photo", "of “foreign”")
    path = "activities/{}/photos/{}/".format(*photo.keys)
    right = get(world, BY_NAME["foreign"], path)
    assert right.status == 200
    mark = {"if-none-match": right.headers["ETag"]}
    assert get(world, BY_NAME["foreign"], path, **mark).status == 304
    for person in SIGNED_IN:
        if not photo.seen_by(person):
            assert get(world, person, path, **mark).status == 404
