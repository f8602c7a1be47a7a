"""What the description says of ETags is so: each GET is asked once, and once more with its mark."""

import re

import pytest

from pug_portal.openapi import operations
from tests import make
from tests.planning import stated, written

# Marks are of what is committed.
pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def places() -> dict[str, str]:
    """Something real for each part of an address, by the noun before it."""
    program = make.program()
    head = make.village_head()
    activity = make.activity(program, author=head)
    focal = written.focal_point(program)
    statement = stated.approved(program, by=focal)
    stated.terms(statement, by=focal)
    return {
        "analyses": str(statement.analysis_id),
        "versions": "1",
        "statements": str(statement.pk),
        "lines": str(statement.lines.get().pk),
        "activities": str(activity.pk),
        "photos": str(make.photo(activity, author=head).pk),
        "programs": str(program.pk),
        "villages": "64.01.04.2002",
        "districts": "64.01.04",
        "regencies": "64.01",
        "provinces": "64",
        "opds": str(make.opd().pk),
    }


def _address(path: str, places: dict[str, str]) -> str | None:
    """The path with something real in it; None where this test has nothing of the kind."""
    found = re.sub(r"(\w+)/\{\w+\}", lambda m: f"{m[1]}/{places.get(m[1], '{}')}", path)
    return None if "{" in found else found


def test_etags_are_as_described(client, places, described):
    client.force_login(make.officer())
    client.get("/api/v1/session/")  # the first call notes that she was here
    wrong, seen = [], 0
    for path, method, operation in operations(described):
        address = _address(path, places) if method == "get" else None
        answer = client.get(address) if address else None
        if answer is None or answer.status_code != 200:
            continue
        seen += 1
        told = "ETag" in operation["responses"]["200"]["headers"]
        if told != ("ETag" in answer):
            wrong.append(f"{path}: {'no ETag' if told else 'an ETag that is not described'}")
        elif told:
            again = client.get(address, headers={"If-None-Match": answer["ETag"]})
            if again.status_code != 304:
                wrong.append(f"{path}: {again.status_code} instead of 304")
    assert not wrong, "\n".join(wrong)
    assert seen > 35
