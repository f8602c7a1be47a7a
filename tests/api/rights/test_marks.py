"""ETags of lists: of one person and one moment; another's is no mark for her."""

import pytest

from tests import make

pytestmark = [pytest.mark.alone, pytest.mark.django_db(transaction=True)]

LISTS = (
    *("activities", "programs", "changes", "reference", "involvement/villages", "submissions"),
    *("gender-analyses", "budget-statements", "budget-lines", "agreements", "coverage"),
)


def sign_in(client, person):
    """Her session's first call writes to it, and moves the moment of every list."""
    client.force_login(person)
    client.get("/api/v1/session/")


@pytest.mark.parametrize("path", LISTS)
def test_a_mark_of_anothers_list_is_no_mark_for_her(client, path):
    make.activity(make.program())
    address = f"/api/v1/{path}/"
    sign_in(client, make.officer())
    mark = {"if-none-match": client.get(address)["ETag"]}
    assert client.get(address, headers=mark).status_code == 304

    sign_in(client, make.officer(regency=make.regency("64.02")))
    assert client.get(address, headers=mark).status_code == 200


def test_a_mark_ends_with_the_grant_that_it_was_given_under(client):
    officer = make.officer()
    activity = make.activity(make.program())
    sign_in(client, officer)
    marks = {}
    for path in ("activities/", f"activities/{activity.pk}/", f"activities/{activity.pk}/history/"):
        marks[path] = {"if-none-match": client.get(f"/api/v1/{path}")["ETag"]}
        assert client.get(f"/api/v1/{path}", headers=marks[path]).status_code == 304
    officer.grants.all().delete()

    answers = {path: client.get(f"/api/v1/{path}", headers=mark) for path, mark in marks.items()}
    assert [answer.status_code for answer in answers.values()] == [200, 404, 404]
    assert answers["activities/"].json()["results"] == []
