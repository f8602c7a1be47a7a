"""The table of rights: what every route of the API answers to whom. A route without a row fails.

A row names the kind of object behind the address (`of`), what a key needs (`scopes`), and for each
method one or more calls. A call says to whom it is open and what it then answers:

    signed_in(200)          everyone with an account
    sees(200)               whoever may see the object; for others it does not exist: 404
    may("log", 200)         whoever holds this word of accounts/capabilities.py on it; whoever
                            only sees it gets 403, others 404
    somewhere("log", 200)   whoever holds the word over any area at all; others get 403
    named("log", 200)       the object stands in the body: 422 where she does not hold the word on
                            it, just as for one that nobody made; 403 where she holds it nowhere

What comes first: no account 401, no such object 404, not permitted 403, and only then what
the call itself is worth. HEAD answers as GET and needs its scope; a method that is not named
here, OPTIONS among them, answers 405.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .people import ANONYMOUS, Person, Thing

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ANY_KEY = "any key"
NO_KEY: Mapping[str, str] = {}


@dataclass(frozen=True, eq=False)
class Call:
    """One kind of call. `sends`: which body goes with it (bodies.py); `match`: with If-Match.

    `states`: other statuses by the object's state; `by_hand`: when her hand is in the record;
    `words_in`: other words needed in a state; `of`: another kind of object than the row's.
    """

    ok: int
    needs: tuple[str, ...] = ()
    sight: bool = True
    anywhere: bool = False
    in_body: bool = False
    sends: str = ""
    match: bool = False
    states: Mapping[str, int] = field(default_factory=dict)
    words_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_hand: int | None = None
    of: str | None = None
    query: str = ""

    def status(self, person: Person, thing: Thing) -> int:
        """What the table says that this person gets for this object."""
        if person is ANONYMOUS:
            return 401
        if self.in_body:
            return self._named(person, thing)
        if not thing.exists or (self.sight and not thing.seen_by(person)):
            return 404
        if not self._permitted(person, thing):
            return 403
        if self.by_hand is not None and thing.hand == person.name:
            return self.by_hand
        return self.states.get(thing.state, self.ok)

    def _named(self, person: Person, thing: Thing) -> int:
        if not any(person.holds(word) for word in self.needs):
            return 403
        hers = thing.exists and any(thing.allows(person, word) for word in self.needs)
        return self.ok if hers else 422

    def _permitted(self, person: Person, thing: Thing) -> bool:
        words = self.words_in.get(thing.state, self.needs)
        if self.anywhere:
            return any(person.holds(word) for word in words)
        return not words or any(thing.allows(person, word) for word in words)


def signed_in(ok: int, **more) -> Call:
    return Call(ok, sight=False, **more)


def sees(ok: int, **more) -> Call:
    return Call(ok, **more)


def may(words: str, ok: int, **more) -> Call:
    return Call(ok, needs=tuple(words.split(" or ")), **more)


def somewhere(word: str, ok: int, **more) -> Call:
    return Call(ok, needs=(word,), sight=False, anywhere=True, **more)


def named(words: str, ok: int, **more) -> Call:
    return Call(ok, needs=tuple(words.split(" or ")), sight=False, in_body=True, **more)


@dataclass(frozen=True)
class Row:
    of: str
    scopes: Mapping[str, str]
    calls: Mapping[str, tuple[Call, ...]]
    is_open: bool = False


def row(
    of: str = "",
    scope: str | Mapping[str, str] = ANY_KEY,
    is_open: bool = False,
    **calls: Call | list,
) -> Row:
    """`scope`: for every method, or by method; a method without one admits no key.

    `is_open`: also to whoever has no account.
    """
    found = {
        method: tuple(call) if isinstance(call, list) else (call,) for method, call in calls.items()
    }
    scopes = dict.fromkeys(found, scope) if isinstance(scope, str) else scope
    return Row(of, scopes, found, is_open)


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


def step(words: str, sends: str = "", by_hand: int | None = None, **states: int) -> list[Call]:
    """A step of a planning document: first the version is missing, then it is named."""
    return [
        may(words, 428, sends=sends),
        may(words, 200, sends=sends, match=True, by_hand=by_hand, states=states),
    ]


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
