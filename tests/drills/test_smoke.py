"""R01: workers, web server and database are killed under a thousand records; nothing is lost."""

from __future__ import annotations

import pytest

from drills import ledger
from drills.ground import lay
from drills.runs import killing

pytestmark = pytest.mark.once  # it brings its own PostgreSQL


def test_r01(capsys):
    with lay() as ground:
        count = killing.smoke(ground)
    ledger.write(count)
    with capsys.disabled():
        print(f"\n{count}")  # noqa: T201  the line is what the run is for
    assert count.broken == []
    assert count.faults == {"worker": 5, "master": 2, "postgres": 2}
    assert (count.sent, count.acked, count.held) == (1_000, 1_000, 1_000)
