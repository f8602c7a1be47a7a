"""docs/api.md and the example: every block is run, as it stands, against a live portal."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import date

import pytest

from accounts.services import create_token
from planning.models import GenderAnalysis
from planning.services.analyses import start_analysis
from programs.api import submissions
from programs.api.photos import TryAgain
from programs.models import Activity, Program, Submission, Webhook
from programs.webhooks.signing import headers_for, secret_of
from tests import make
from tests.architecture import tree
from villages.models import Village

DOCS = (tree.ROOT / "docs" / "api.md").read_text()
EXAMPLE = tree.ROOT / "examples" / "send_activities.py"
SHEET = tree.ROOT / "examples" / "activities.csv"
ROWS = list(csv.DictReader(SHEET.open(newline="")))
HEAD_ROW = ["uid", "client_digest", "outcome", "number", "received_at", "errors"]

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]


def blocks(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)
    assert len(found) > 3
    return "\n".join(found)


@pytest.fixture
def facilitator():
    """A facilitator of the villages and programs that the example's sheet names."""
    villages = {code: make.village(code, code) for code in {row["village"] for row in ROWS}}
    person = make.person("facilitator", username="pendamping", village=villages[ROWS[0]["village"]])
    for code in set(villages) - {ROWS[0]["village"]}:
        grant = {"role": "facilitator", "valid_from": date(2020, 1, 1)}
        person.grants.create(village=villages[code], **grant)
    for title in {row["program"] for row in ROWS}:
        places = {row["village"] for row in ROWS if row["program"] == title}
        make.program(*(villages[code] for code in places), title=title)
    own = villages[ROWS[0]["village"]]
    make.program(own, owner_village=own, title="Warung desa")
    return person


@pytest.fixture
def shell(facilitator, live_server, tmp_path):
    """What a programmer's terminal knows: the portal's address and her key."""
    made = create_token(
        facilitator,
        name="Script",
        scopes=[
            *("activities:read", "activities:write"),
            *("plans:read", "plans:write"),
            "agreements:read",
            "indicators:read",
        ],
        days=9,
        actor=facilitator,
    )
    key = made[1]
    return {**os.environ, "PORTAL_URL": live_server.url, "PORTAL_KEY": key, "HOME": str(tmp_path)}


def run(command: list[str], shell, at) -> str:
    ran = subprocess.run(
        command, env=shell, cwd=at, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    return ran.stdout


def test_every_curl_of_the_guide_works(shell, tmp_path):
    (tmp_path / "examples").symlink_to(EXAMPLE.parent)
    run(["bash", "-euo", "pipefail", "-c", blocks("sh")], shell, tmp_path)
    assert Activity.objects.count() == 1 + len(ROWS)
    assert Activity.objects.get(title="Pelatihan pembibitan").women_participants == 21
    assert "Pelatihan pembibitan" in (tmp_path / "activities.csv").read_text()
    analysis = GenderAnalysis.objects.get()
    assert (analysis.goal, analysis.factors.get().data_row.women) == (
        "Petani menguasai pembibitan",
        4,
    )
    assert (tmp_path / "analysis.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.alone  # it follows the feed
def test_every_python_block_of_the_guide_works(facilitator, shell, tmp_path):
    """A draft says what it lacks; a webhook's call is known by its signature, a forged one not."""
    own = Program.objects.get(title="Warung desa")
    start_analysis(own, actor=facilitator, year=2026, template="desa")
    hook, body = Webhook(), b'{"type": "activity.verified"}'
    told = headers_for(hook, "msg_1", int(time.time()), body)
    check = f"""
assert is_genuine({secret_of(hook)!r}, {told!r}, {body!r})
assert not is_genuine({secret_of(hook)!r}, {told!r}, {body + b" "!r})
assert not is_genuine({secret_of(hook)!r}, {told | {"webhook-timestamp": "1"}!r}, {body!r})
"""
    said = run([sys.executable, "-c", blocks("python") + check], shell, tmp_path)
    assert "created" in said
    assert re.search(r"to put right: .*'/factors', '/causes', '/actions'", said)
    assert Activity.objects.get(title="Pertemuan kader").men_participants == 10


def test_the_example_is_short_and_needs_nothing_else():
    _docstring, *lines = [line for line in EXAMPLE.read_text().splitlines() if line.strip()]
    assert len(lines) <= 30
    named = set(re.findall(r"^(?:import|from) (\w+)", EXAMPLE.read_text(), re.MULTILINE))
    assert named <= sys.stdlib_module_names
    assert len(ROWS) == 200


def send(shell, at, receipts: str = "receipts.csv") -> list[list[str]]:
    run([sys.executable, str(EXAMPLE), str(SHEET), receipts], shell, at)
    head, *lines = csv.reader((at / receipts).open(newline=""))
    assert head == HEAD_ROW
    return lines


def outcomes(lines) -> set[str]:
    return {line[HEAD_ROW.index("outcome")] for line in lines}


def test_200_rows_sent_twice_are_200_records_and_200_receipts(shell, tmp_path):
    first = send(shell, tmp_path)
    again = send(shell, tmp_path, "again.csv")
    assert (len(first), outcomes(first)) == (200, {"accepted"})
    assert (len(again), outcomes(again)) == (200, {"duplicate"})
    numbers = HEAD_ROW.index("number")
    assert [line[numbers] for line in first] == [line[numbers] for line in again]
    assert Activity.objects.count() == Submission.objects.count() == 200


@pytest.mark.parametrize("moment", ["before anything is stored", "before she is told"])
def test_killed_in_the_middle_and_run_again_nothing_is_lost_or_doubled(
    moment, shell, tmp_path, monkeypatch
):
    """SIGKILL while her batch is with the portal: once before the portal judges it, once after."""
    judge, running = submissions.submit_activities, []

    def kill():
        running[0].send_signal(signal.SIGKILL)
        running[0].wait()

    def while_she_dies(*args, **more):
        if moment.startswith("before anything"):
            kill()
            raise RuntimeError("the portal broke down as well")
        judged = judge(*args, **more)
        kill()
        return judged

    monkeypatch.setattr(submissions, "submit_activities", while_she_dies)
    command = [sys.executable, str(EXAMPLE), str(SHEET), "receipts.csv"]
    running.append(subprocess.Popen(command, env=shell, cwd=tmp_path))
    assert running[0].wait(timeout=60) == -signal.SIGKILL
    monkeypatch.setattr(submissions, "submit_activities", judge)
    _until_at_rest()
    stored = Activity.objects.count()
    assert stored == (0 if moment.startswith("before anything") else 200)

    lines = send(shell, tmp_path)
    assert outcomes(lines) == ({"duplicate"} if stored else {"accepted"})
    assert Activity.objects.count() == Submission.objects.count() == len(lines) == 200
    assert len({line[HEAD_ROW.index("number")] for line in lines}) == 200


def _until_at_rest() -> None:
    """The portal ends what it was doing after its caller is gone."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - since < 10:
        now = Activity.objects.count()
        if now == seen:
            return
        seen = now
        time.sleep(0.5)


def test_rows_to_put_right_are_told(shell, tmp_path):
    """A title that stands twice in a village is not guessed; the others are on file."""
    first = ROWS[0]
    make.program(Village.objects.get(code=first["village"]), title=first["program"])
    wanted = (first["program"], first["village"])
    meant = sum((row["program"], row["village"]) == wanted for row in ROWS)
    ran = subprocess.run(
        [sys.executable, str(EXAMPLE), str(SHEET), "receipts.csv"],
        env=shell,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert f"{meant} of 200 rows to put right" in ran.stderr
    assert Activity.objects.count() == 200 - meant


def test_a_busy_portal_is_asked_again(shell, tmp_path, monkeypatch):
    """One 503 with Retry-After, then the work is done."""
    judge, refused = submissions.submit_activities, []

    def busy_once(*args, **more):
        if not refused:
            refused.append(1)
            again = TryAgain()
            again.wait = 1
            raise again
        return judge(*args, **more)

    monkeypatch.setattr(submissions, "submit_activities", busy_once)
    assert outcomes(send(shell, tmp_path)) == {"accepted"}
    assert refused


def test_a_final_answer_ends_it_with_the_reason(shell, tmp_path):
    ran = subprocess.run(
        [sys.executable, str(EXAMPLE), str(SHEET), "receipts.csv"],
        env={**shell, "PORTAL_KEY": "pug_unknown"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert json.loads(ran.stderr[ran.stderr.index("{") :])["code"] == "invalid_token"
