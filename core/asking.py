"""Who asks: what a PostgreSQL is told of the person behind a request.

It keeps the rows of other villages from the web by itself (decision 0017, row-level security) and
goes by what stands here. Nobody asks until somebody is named, and sees nothing then. Worker,
timers and commands ask in nobody's name; their role of the database is bound to no village.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

NOBODY = ""
PORTAL = "portal"
_asker: ContextVar[str] = ContextVar("asker", default=NOBODY)


def asker() -> str:
    """The key of the person who asks, as text; NOBODY, or PORTAL for its own work."""
    return _asker.get()


def asks(who: str | int) -> None:
    """From here on, in this thread, this person asks (NOBODY: nobody)."""
    _asker.set(str(who))


@contextmanager
def as_portal(reason: str) -> Iterator[None]:
    """The portal asks on its own account: rows of every village are there for these statements.

    For the few that must know more than the person may be told, and tell her nothing of it.
    tests/core/test_asking.py lists all of them. `reason` says, for the reader, why.
    """
    assert reason  # noqa: S101  a place without one is not thought through
    before = _asker.set(PORTAL)
    try:
        yield
    finally:
        _asker.reset(before)


class AskingMiddleware:
    """Each request begins with nobody and leaves nobody behind, whatever its thread served last.

    Stands before everything that may ask the database. What is sent bit by bit is still asked for
    by her: only when all of it is out, nobody is left.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asks(NOBODY)
        response = self.get_response(request)
        response._resource_closers.append(lambda: asks(NOBODY))
        return response
