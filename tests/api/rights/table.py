"""The table of rights: what every route of the API answers to whom. A route without a row fails.

Its words are told in calls.py; what an app adds in a module of its own stands in nouns.py.
"""

from __future__ import annotations

from .calls import NO_KEY, Call, Row, may, named, row, sees, signed_in, somewhere, step
from .nouns import NOUNS

READ, WRITE, FIGURES = "activities:read", "activities:write", "data:read"
PHOTOS, HOOKS = "photos:write", "webhooks:manage"
PLANS, PLAN = "plans:read", "plans:write"
#: In these states nothing is put right, verified or sent back any more.
NOT_CORRECTED = {"verified": 409, "voided": 409}
NOT_VERIFIED = {"verified": 409, "returned": 409, "voided": 409}
NOT_RETURNED = {"returned": 409, "voided": 409}


def review(words: str, sends: str = "", by_hand: int | None = 403, **more) -> list[Call]:
    """A step of a review: first the version is missing, then it is named."""
    states = more.pop("states")
    return [
        may(words, 428, sends=sends, by_hand=by_hand, **more),
        may(words, 200, sends=sends, by_hand=by_hand, match=True, states=states, **more),
    ]


#: Who writes the plans of an office, of a district, or of a village.
WRITERS = "manage_plans or plan_village"
#: Where a planning document stands fast, for whoever writes it and whoever reviews it.
FAST = dict.fromkeys(("submitted", "approved", "signed"), 409)
NOT_WAITING = dict.fromkeys(("draft", "returned", "approved", "signed"), 409)
NOT_APPROVED = dict.fromkeys(("draft", "submitted", "returned"), 409)
NOT_SIGNED = {**NOT_APPROVED, "signed": 409}


def way(noun: str, of: str) -> dict[str, Row]:
    """The steps that every planning document takes. Nobody decides on what she submitted."""
    decides = {"sends": "note", "by_hand": 403}
    return {
        f"{noun}-submit": row(of, PLAN, POST=step(WRITERS, **FAST)),
        f"{noun}-return": row(of, PLAN, POST=step("approve_plans", **decides, **NOT_WAITING)),
        f"{noun}-approve": row(of, PLAN, POST=step("approve_plans", **decides, **NOT_WAITING)),
    }


TABLE: dict[str, Row] = {
    "session": row(GET=signed_in(200)),
    # Names and codes of places and offices: public among people with an account.
    **{
        f"{noun}-list": row(GET=signed_in(200))
        for noun in ("province", "regency", "district", "village", "opd")
    },
    "province-detail": row("province", GET=sees(200)),
    "regency-detail": row("regency", GET=sees(200)),
    "district-detail": row("area district", GET=sees(200)),
    "village-detail": row("area village", GET=sees(200)),
    "opd-detail": row("office", GET=sees(200)),
    "village-shapes": row(GET=signed_in(200)),
    "activity-codes": row(GET=signed_in(200)),
    "activity-code": row("code", GET=sees(200)),
    # Programs.
    "programs": row(
        "",
        {"GET": READ, "POST": WRITE},
        GET=signed_in(200),
        POST=named("manage_programs", 201, of="program owner", sends="program"),
    ),
    "program": row(
        "program",
        {"GET": READ, "PATCH": WRITE},
        GET=sees(200),
        PATCH=[
            may("manage_programs", 428, sends="goal"),
            may("manage_programs", 200, sends="goal", match=True),
        ],
    ),
    "reference": row("", READ, GET=signed_in(200)),
    "changes": row("", READ, GET=signed_in(200)),
    # Records.
    "activities": row("", READ, GET=signed_in(200)),
    "activity": row(
        "activity",
        {"GET": READ, "PATCH": WRITE},
        GET=sees(200),
        PATCH=[
            may("log", 428, sends="correction"),
            may("log", 200, sends="correction", match=True, states=NOT_CORRECTED),
        ],
    ),
    "activity-history": row("activity", READ, GET=sees(200)),
    "activity-verify": row("activity", WRITE, POST=review("verify", states=NOT_VERIFIED)),
    "activity-return": row("activity", WRITE, POST=review("verify", "reason", states=NOT_RETURNED)),
    "activity-void": row(
        "activity",
        WRITE,
        POST=review(
            "log or verify",
            "reason",
            by_hand=None,
            words_in={"verified": ("verify",)},
            states={"voided": 409},
        ),
    ),
    "activity-confirm": row(
        "activity", WRITE, POST=may("log or verify", 200, by_hand=403, states={"voided": 422})
    ),
    "activity-photo": row(
        "photo",
        {"GET": READ, "PUT": PHOTOS, "DELETE": PHOTOS},
        GET=sees(200),
        PUT=may("log", 201, sends="picture", of="new photo", states={"voided": 422}),
        DELETE=may("log or verify", 204, words_in={"verified": ("verify",)}),
    ),
    # What one has sent oneself: receipts, and sheets on their way.
    "submissions": row(
        "", WRITE, GET=signed_in(200), POST=[signed_in(400), signed_in(200, sends="batch")]
    ),
    "submission": row("receipt", WRITE, GET=sees(200)),
    "imports": row(
        "",
        WRITE,
        GET=signed_in(200),
        POST=[somewhere("log", 422), somewhere("log", 202, sends="sheet")],
    ),
    "import-template": row("", WRITE, GET=somewhere("log", 200)),
    "import": row("import", WRITE, GET=sees(200)),
    "import-errors": row("import", WRITE, GET=sees(200)),
    "import-apply": row("import", WRITE, POST=sees(202)),
    "import-stop": row("import", WRITE, POST=sees(409)),
    # Addresses that are told of her activities; each person has her own.
    "webhooks": row(
        "",
        HOOKS,
        GET=signed_in(200),
        POST=[signed_in(400), signed_in(201, sends="webhook")],
    ),
    "webhook": row(
        "webhook",
        HOOKS,
        GET=sees(200),
        PATCH=sees(200, sends="name"),
        DELETE=sees(204),
    ),
    "webhook-rotate": row("webhook", HOOKS, POST=sees(200)),
    "webhook-test": row("webhook", HOOKS, POST=sees(202)),
    "webhook-deliveries": row("webhook", HOOKS, GET=sees(200)),
    "webhook-redeliver": row("delivery", HOOKS, POST=sees(202)),
    # Figures.
    "involvement-summary": row("whole area", FIGURES, GET=sees(200, query="?area={thing.village}")),
    "involvement-villages": row("", FIGURES, GET=signed_in(200)),
    "involvement-programs": row("", FIGURES, GET=signed_in(200)),
    # Gender analyses, budget statements with their terms, and budget lines.
    "gender-analyses": row(
        "",
        {"GET": PLANS, "POST": PLAN},
        GET=signed_in(200),
        POST=named(WRITERS, 201, of="program", sends="analysis"),
    ),
    "gender-analysis": row(
        "analysis",
        {"GET": PLANS, "PATCH": PLAN},
        GET=sees(200),
        PATCH=step(WRITERS, "audience", **FAST),
    ),
    **way("gender-analysis", "analysis"),
    "gender-analysis-withdraw": row("analysis", PLAN, POST=step(WRITERS, **NOT_WAITING)),
    "gender-analysis-revise": row("analysis", PLAN, POST=step(WRITERS, "note", **NOT_APPROVED)),
    "gender-analysis-check": row(
        "analysis",
        PLAN,
        POST=[
            may("check_plans", 422),
            may("check_plans", 200, sends="note", states=dict.fromkeys(NOT_WAITING, 422)),
        ],
    ),
    "gender-analysis-refresh": row("analysis", PLAN, POST=step(WRITERS, **FAST)),
    "gender-analysis-results": row(
        "analysis",
        {"GET": PLANS, "POST": PLAN},
        GET=sees(200),
        POST=[may(WRITERS, 422), may(WRITERS, 422, sends="result")],
    ),
    **{
        f"gender-analysis-{part}": row("analysis", PLANS, GET=sees(200))
        for part in ("figures", "versions", "history")
    },
    "gender-analysis-version": row("analysis version", PLANS, GET=sees(200)),
    "budget-statements": row(
        "",
        {"GET": PLANS, "POST": PLAN},
        GET=signed_in(200),
        POST=named(WRITERS, 201, of="approved analysis", sends="statement"),
    ),
    "budget-statement": row(
        "statement",
        {"GET": PLANS, "PATCH": PLAN},
        GET=sees(200),
        PATCH=step(WRITERS, "address", **FAST),
    ),
    **way("budget-statement", "statement"),
    "budget-statement-sign": row(
        "statement", PLAN, POST=step("sign_plans", "signature", **NOT_SIGNED)
    ),
    "budget-statement-history": row("statement", PLANS, GET=sees(200)),
    "budget-statement-terms": row(
        "terms",
        {"GET": PLANS, "POST": PLAN, "PATCH": PLAN},
        GET=sees(200),
        POST=[may(WRITERS, 422), may(WRITERS, 201, of="statement")],
        PATCH=step(WRITERS, "address", **FAST),
    ),
    **way("budget-statement-terms", "terms"),
    "budget-statement-terms-sign": row(
        "terms", PLAN, POST=step("sign_plans", "signature", **NOT_SIGNED)
    ),
    "budget-lines": row(
        "",
        {"GET": PLANS, "POST": PLAN},
        GET=signed_in(200),
        POST=named(WRITERS, 201, of="program owner", sends="line"),
    ),
    "budget-line": row(
        "line",
        {"GET": PLANS, "PATCH": PLAN, "DELETE": PLAN},
        GET=sees(200),
        PATCH=step(WRITERS, "realised"),
        DELETE=[
            may(WRITERS, 428),
            may(WRITERS, 204, match=True, states={"locked": 422}),
        ],
    ),
    "gender-budget-summary": row("whole area", PLANS, GET=sees(200, query="?area={thing.village}")),
    # Her own keys: by herself on the portal's pages, never by a key.
    "tokens": row(
        "", NO_KEY, GET=signed_in(200), POST=[signed_in(400), signed_in(201, sends="token")]
    ),
    "token": row("token", NO_KEY, DELETE=sees(204)),
    # What the API is, without a word of what is in it.
    "schema": row(is_open=True, GET=signed_in(200)),
    "docs": row(is_open=True, GET=signed_in(200)),
}
for noun in NOUNS:
    TABLE |= noun.ROWS
