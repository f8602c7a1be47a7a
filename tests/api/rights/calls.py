"""The words in which the table of rights is written: rows, and calls with whom they are open to.

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


def step(words: str, sends: str = "", by_hand: int | None = None, **states: int) -> list[Call]:
    """A step of something with a version: first the version is missing, then it is named."""
    return [
        may(words, 428, sends=sends),
        may(words, 200, sends=sends, match=True, by_hand=by_hand, states=states),
    ]
