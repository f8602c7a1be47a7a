"""What each answer means for a record: every row of the reply table, every branch of the code."""

import pytest

JSON, PROBLEM, HTML = "application/json", "application/problem+json", "text/html; charset=utf-8"
UID, OURS, EARLIER = "0198c6b2-1111-7000-8000-000000000001", "a" * 64, "b" * 64
ROW = {"uid": UID, "digest": OURS, "digests": [EARLIER, OURS]}
PHOTO = {"uid": UID, "digest": "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo="}
SESSION = {"user": {"username": "kades"}, "csrf_token": "x"}
RESULT = {
    "uid": UID,
    "client_digest": OURS,
    "outcome": "accepted",
    "number": "6401-2611-00418",
    "received_at": "2026-11-05T14:07:00+08:00",
    "errors": [],
}
HELD_ON = {"pointer": "/held_on", "code": "future", "detail": "Belum terjadi."}
VILLAGE = {"pointer": "/village", "code": "unknown_village", "detail": "Desa ini tidak dikenal."}
NOT_US = {"do": "retry", "reason": "not_us", "wait": 0}
BROKEN = {"do": "retry", "reason": "broken", "wait": 0}


def batch(**values) -> dict:
    return {"results": [RESULT | values]}


def problem(code: str, **values) -> dict:
    return {"code": code, "detail": "Begini.", "errors": []} | values


RECEIVED = {"do": "received", "number": RESULT["number"], "digest": OURS}
CURRENT = {"version": 4, "values": {"title": "Lain"}}

#: kind, status, content type, body, what the action has to say
CASES = [
    # Received: only for our uid, our digest, with a number
    ("create", 200, JSON, batch(), RECEIVED),
    ("create", 201, JSON, batch(), RECEIVED),
    ("create", 202, JSON, batch(), RECEIVED),
    ("create", 200, JSON, batch(outcome="duplicate"), RECEIVED),
    (
        "create",
        200,
        JSON,
        batch(outcome="duplicate", client_digest=EARLIER),
        {"do": "received", "digest": EARLIER},
    ),
    ("correct", 200, JSON, RESULT | {"version": 4}, RECEIVED | {"version": 4}),
    ("photo", 200, JSON, {"uid": UID, "sha256": "aa" * 32}, {"do": "received"}),
    ("photo", 201, JSON, {"uid": UID, "sha256": "aa" * 32}, {"do": "received"}),
    ("session", 200, JSON, SESSION, {"do": "session", "account": "kades", "csrf": "x"}),
    # Looks like success and is not
    ("create", 200, HTML, None, NOT_US),
    ("create", 302, HTML, None, NOT_US),
    ("create", 304, HTML, None, NOT_US),
    ("create", 200, JSON, {}, NOT_US),
    ("create", 200, JSON, {"results": []}, NOT_US),
    ("create", 200, JSON, batch(uid="other"), NOT_US),
    ("create", 200, JSON, batch(number=None), NOT_US),
    ("create", 200, JSON, batch(client_digest=EARLIER), NOT_US),
    ("create", 200, JSON, batch(outcome="splendid"), NOT_US),
    ("correct", 200, JSON, None, NOT_US),
    ("photo", 200, JSON, {"uid": UID, "sha256": "bb" * 32}, NOT_US),
    ("photo", 200, JSON, None, NOT_US),
    ("session", 200, HTML, None, NOT_US),
    ("session", 200, JSON, {"user": {"username": "kades"}}, NOT_US),
    ("session", 200, JSON, {"csrf_token": "x"}, NOT_US),
    # Somebody between us and the portal
    ("create", 403, HTML, None, NOT_US),
    ("create", 404, HTML, None, NOT_US),
    ("create", 401, JSON, {"code": "x"}, NOT_US),
    # To be put right
    (
        "create",
        200,
        JSON,
        batch(outcome="rejected", errors=[HELD_ON]),
        {"do": "fix", "errors": [HELD_ON], "reason": "future", "detail": "Belum terjadi."},
    ),
    ("create", 200, JSON, batch(outcome="rejected", errors=[]), {"do": "fix", "reason": ""}),
    ("create", 200, JSON, batch(outcome="rejected", errors=None), {"do": "fix", "errors": []}),
    ("correct", 422, PROBLEM, problem("future", errors=[HELD_ON]), {"do": "fix"}),
    ("correct", 400, PROBLEM, problem("invalid", errors=[HELD_ON]), {"do": "fix"}),
    # Login and token
    ("create", 401, PROBLEM, problem("not_authenticated"), {"do": "login"}),
    ("photo", 401, PROBLEM, problem("not_authenticated"), {"do": "login"}),
    ("session", 401, PROBLEM, problem("not_authenticated"), {"do": "login"}),
    ("create", 403, PROBLEM, problem("csrf_failed"), {"do": "csrf"}),
    ("photo", 403, PROBLEM, problem("csrf_failed"), {"do": "csrf"}),
    # Nothing she can put right
    (
        "create",
        200,
        JSON,
        batch(outcome="rejected", errors=[HELD_ON, VILLAGE]),
        {"do": "help", "reason": "village"},
    ),
    ("create", 403, PROBLEM, problem("permission_denied"), {"do": "help"}),
    ("correct", 403, PROBLEM, problem("permission_denied"), {"reason": "not_permitted"}),
    ("correct", 404, PROBLEM, problem("not_found"), {"do": "help", "reason": "gone"}),
    ("create", 400, PROBLEM, problem("parse_error"), {"do": "help", "reason": "parse_error"}),
    ("create", 415, PROBLEM, problem("unsupported_media_type"), {"do": "help"}),
    ("create", 413, PROBLEM, problem("body_too_large"), {"do": "help"}),
    # The app is too old
    ("create", 404, PROBLEM, problem("not_found"), {"do": "update"}),
    ("create", 405, PROBLEM, problem("method_not_allowed"), {"do": "update"}),
    ("create", 410, PROBLEM, problem("gone"), {"do": "update"}),
    ("create", 426, PROBLEM, problem("client_too_old"), {"do": "update"}),
    ("correct", 426, PROBLEM, problem("client_too_old"), {"do": "update"}),
    # Two versions
    ("create", 200, JSON, batch(outcome="conflict"), {"do": "conflict", "theirs": None}),
    (
        "create",
        200,
        JSON,
        batch(outcome="duplicate", client_digest="c" * 64),
        {"do": "conflict", "reason": "duplicate"},
    ),
    ("create", 409, PROBLEM, problem("conflict"), {"do": "conflict", "theirs": None}),
    (
        "correct",
        412,
        PROBLEM,
        problem("changed_meanwhile", current=CURRENT),
        {"do": "conflict", "theirs": CURRENT},
    ),
    ("correct", 428, PROBLEM, problem("version_missing"), {"do": "conflict"}),
    # A photo
    ("photo", 413, HTML, None, {"do": "shrink"}),
    ("photo", 413, PROBLEM, problem("body_too_large"), {"do": "shrink"}),
    ("photo", 400, PROBLEM, problem("digest_mismatch"), {"do": "retry", "reason": "torn"}),
    ("photo", 400, PROBLEM, problem("no_photo"), {"do": "retry", "reason": "torn"}),
    ("photo", 422, PROBLEM, problem("unreadable_photo"), {"do": "refuse"}),
    ("photo", 422, PROBLEM, problem("too_many"), {"do": "refuse", "detail": "Begini."}),
    ("photo", 409, PROBLEM, problem("conflict"), {"do": "refuse"}),
    ("photo", 404, PROBLEM, problem("not_found"), {"do": "refuse"}),
    ("photo", 403, PROBLEM, problem("permission_denied"), {"do": "refuse"}),
    # Later, the same bytes
    ("create", 425, HTML, None, {"do": "retry", "reason": "busy"}),
    ("create", 429, PROBLEM, problem("throttled"), {"do": "retry", "reason": "busy"}),
    ("photo", 503, PROBLEM, problem("busy"), {"do": "retry", "reason": "busy"}),
    ("create", 408, HTML, None, BROKEN),
    ("create", 500, PROBLEM, problem("server_error"), BROKEN),
    ("photo", 502, HTML, None, BROKEN),
    ("session", 404, PROBLEM, problem("not_found"), BROKEN),
    ("session", 403, PROBLEM, problem("https_only"), {"reason": "not_permitted"}),
    ("create", 0, None, None, {"do": "retry", "reason": "network"}),
]

JUDGE = """async (cases) => {
  const { judge } = await import("/static/js/phone/replies.js");
  return cases.map(([kind, status, type, body, row]) => {
    const headers = new Headers(type ? { "Content-Type": type } : {});
    const answer = status ? { status, headers, body } : { status, reason: "network" };
    return judge(kind, answer, row);
  });
}"""
RETRY_AFTER = """async () => {
  const { judge, retryAfter } = await import("/static/js/phone/replies.js");
  const none = { headers: new Headers(), body: { code: "x" }, status: 418 };
  const at = (headers) => retryAfter(new Headers(headers));
  const date = "Wed, 04 Mar 2026 08:00:00 GMT";
  return [judge("create", none, {}).reason, at({ "Retry-After": "7" }), at({}),
    at({ "Retry-After": date, Date: date })];
}"""


@pytest.fixture
def bare(open_page):
    page = open_page()
    page.goto("/healthz/")
    return page


def test_every_answer_leads_to_its_action(bare):
    cases = [
        (kind, status, type_, body, PHOTO if kind == "photo" else ROW)
        for kind, status, type_, body, _ in CASES
    ]
    actions = bare.evaluate(JUDGE, cases)

    wrong = [
        (case, action)
        for case, action in zip(CASES, actions, strict=True)
        if {name: action.get(name) for name in case[4]} != case[4]
    ]
    assert wrong == []


def test_nothing_but_a_receipt_is_taken_for_one(bare):
    """Every status there is, with a body of ours under a foreign uid, digest or none at all."""
    bodies = [batch(uid="x"), batch(client_digest="x"), batch(number=""), {"results": None}]
    bodies += [PHOTO, SESSION, RESULT | {"number": None}, "text", 7, [], None]
    cases = [
        (kind, status, type_, body, PHOTO if kind == "photo" else ROW)
        for kind in ("create", "correct", "photo")
        for status in [*range(200, 209), *range(300, 309), *range(400, 432), *range(500, 512)]
        for type_ in (JSON, PROBLEM, HTML)
        for body in bodies
    ]
    words = {action["do"] for action in bare.evaluate(JUDGE, cases)}
    assert "received" not in words
    assert words <= {
        "retry",
        "fix",
        "help",
        "login",
        "csrf",
        "update",
        "conflict",
        "refuse",
        "shrink",
    }


def test_the_table_reaches_every_branch(bare):
    cdp = bare.context.new_cdp_session(bare)
    cdp.send("Profiler.enable")
    cdp.send("Profiler.startPreciseCoverage", {"callCount": True, "detailed": True})
    cases = [(*case[:4], PHOTO if case[0] == "photo" else ROW) for case in CASES]
    bare.evaluate(JUDGE, cases)
    assert bare.evaluate(RETRY_AFTER) == ["not_us", 7, 0, 0]

    scripts = cdp.send("Profiler.takePreciseCoverage")["result"]
    [found] = [one for one in scripts if one["url"].endswith("/replies.js")]
    text = bare.evaluate("() => fetch('/static/js/phone/replies.js').then((one) => one.text())")
    never = [
        text[part["startOffset"] : part["endOffset"]]
        for function in found["functions"]
        for part in function["ranges"]
        if part["count"] == 0
    ]
    assert never == []
