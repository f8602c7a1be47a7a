"""R11: a period is closed and revised while its records still come in and are verified."""

from __future__ import annotations

import json
import time
from datetime import date
from threading import Thread

from ..ground import Ground
from ..ledger import Count
from ..phones import Line, NoAnswer
from ..scene import Scene, scene

RECORDS, MONTH = 2_000, 3
#: Closed once and revised seven times, a moment apart, by the service that the page calls.
CLOSE = """
import time
from accounts.models import User
from core.errors import Refused
from programs.periods import Period, PeriodKind
from programs.services import closing
from villages.models import Regency
regency, officer = Regency.objects.get(code="64.01"), User.objects.get(username="officer")
period = Period({year}, PeriodKind.MONTH.value, {month})
for turn in range(8):
    try:
        if turn == 0:
            closing.close_period(regency, period, actor=officer)
        else:
            closing.revise_period(regency, period, actor=officer, reason="Ada catatan menyusul")
    except Refused as refusal:
        print(refusal)
    time.sleep(3)
print("[]")
"""
#: The database's own clock of commits tells which steps came before which snapshot.
CUTS = """
select s.revision, s.at,
  (select count(*) from verified v where v.at < s.at),
  (select coalesce(sum(v.women), 0) from verified v where v.at < s.at),
  s.activities, s.women
from (
  select s.revision, pg_xact_commit_timestamp(s.xmin) as at,
    (select coalesce(sum({activities}), 0) from programs_snapshotrow r where r.snapshot_id = s.id)
      as activities,
    (select coalesce(sum({women}), 0) from programs_snapshotrow r where r.snapshot_id = s.id)
      as women
  from programs_snapshot s where s.closing
) s order by s.revision
"""
VERIFIED = """
with verified as (
  select pg_xact_commit_timestamp(r.xmin) as at, a.women_participants as women
  from programs_review r join programs_activity a on a.uid = r.activity_id
  where r.step = 'verified'
)
"""


def closed(ground: Ground) -> Count:
    with scene("R11", ground) as at:
        _note_commits(at)
        at.maker.months = (MONTH,)
        sending = at.send(RECORDS, phones=8, limit=900, on_receipt=Verifier(at))
        while len(at.tally.acked) < RECORDS / 10 and sending.busy:
            time.sleep(0.05)
        code = CLOSE.format(year=date.today().year - 1, month=MONTH)  # noqa: DTZ011
        job = Thread(target=at.portal.ask, args=(code,), daemon=True)
        job.start()
        sending.wait()
        job.join(300)
        at.portal.ask(code)  # what came after the last one is in the next
        cuts = at.database.ask(VERIFIED + CUTS.format(**_columns(at)))
        at.faults["closings"] = len(cuts)
        count = at.close(answers=at.tell(), cuts=[int(one[2]) for one in cuts])
        _judge(count, cuts)
        return count


def _note_commits(at: Scene) -> None:
    at.database.ask("alter system set track_commit_timestamp = on")
    at.database.crash()
    at.portal.await_answer()


def _columns(at: Scene) -> dict[str, str]:
    """What the rows of a snapshot call the number of activities, and of women in them."""
    found = {
        name
        for (name,) in at.database.ask(
            "select column_name from information_schema.columns"
            " where table_name = 'programs_snapshotrow'"
        )
    }
    return {
        "activities": next(one for one in ("activities", "held", "events") if one in found),
        "women": next(one for one in ("women_participants", "women") if one in found),
    }


def _judge(count: Count, cuts: list[tuple]) -> None:
    count.require(len(cuts) >= 3, f"only {len(cuts)} closings met the writers")
    for revision, _at, number, women, activities, sum_women in cuts:
        same = (int(number), int(women)) == (int(activities), int(sum_women))
        count.require(
            same, f"revision {revision}: {activities}/{sum_women} instead of {number}/{women}"
        )
    between = [one for one in cuts if 0 < one[2] < RECORDS]
    count.require(len(between) >= 2, "no closing fell among the writes: the drill is blind")
    count.require(int(cuts[-1][2]) == RECORDS, "the last one does not hold all")


class Verifier:
    """The office verifies each record as soon as its sender has the receipt."""

    def __init__(self, at: Scene):
        self.at = at

    def __call__(self, line: Line, _key: str, row: dict) -> None:
        path = f"/api/v1/activities/{row['uid']}/verify/"
        said = {"Authorization": f"Bearer {self.at.ground.officer}", "If_Match": '"v1"'}
        said["Content_Type"] = "application/json"
        for _turn in range(100):
            try:
                answer = line.call("POST", path, json.dumps({}).encode(), **said)
            except NoAnswer:
                continue
            if answer.status == 200:
                return
            if answer.status not in (429, 503):
                raise AssertionError(f"verify: {answer.status} {answer.body[:200]!r}")
            time.sleep(0.2)
