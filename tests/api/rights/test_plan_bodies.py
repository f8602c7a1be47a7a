"""Ids in the bodies of planning documents are judged as ids in addresses."""

import pytest

from core.identifiers import uuid7

from .people import BY_NAME, FOREIGN_OFFICE, FOREIGN_VILLAGE, HEALTH
from .test_bodies import NOWHERE, same_words, uid_of

pytestmark = pytest.mark.django_db


def test_plans_that_name_what_is_foreign(world):
    """A program, an analysis, a statement, a village or an owner of others is one that nobody
    made."""
    focal = BY_NAME["focal"]
    line = {"year": 2026, "code": "9.9.9", "name": "Belanja", "plan": 1}
    line["owner"] = world.named("program owner", HEALTH).row
    foreign = {
        kind: uid_of(world, kind, "the foreign office's")
        for kind in ("program", "analysis", "statement")
    }
    for path, mine, there, nowhere in (
        ("gender-analyses/", {"year": 2026}, {"program": foreign["program"]}, {"program": uuid7()}),
        ("budget-statements/", {}, {"analysis": foreign["analysis"]}, {"analysis": uuid7()}),
        ("budget-lines/", line, {"statement": foreign["statement"]}, {"statement": uuid7()}),
        ("budget-lines/", line, {"village": FOREIGN_VILLAGE}, {"village": NOWHERE}),
        (
            "budget-lines/",
            line,
            {"owner": world.named("program owner", FOREIGN_OFFICE).row},
            {"owner": {"level": "opd", "id": 999_999}},
        ),
    ):
        status, _ = same_words(world, focal, "POST", path, mine | there, mine | nowhere)
        assert status == 422, path
