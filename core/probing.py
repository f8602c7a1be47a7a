"""Does the database answer? Asked on a thread of its own, for nobody can wait for one that hangs.

A server that is stopped, or a network that swallows everything, ends no call: neither a time-out
that the server keeps nor the one for connecting helps. So one thread asks over a connection of
its own, and whoever wants to know waits a little and goes on without it.
"""

from __future__ import annotations

import time
from threading import Lock, Thread

from django.db import connection


class _Question(Thread):
    def __init__(self) -> None:
        super().__init__(name="is the database there", daemon=True)
        self.began = time.monotonic()
        self.answered = False

    def run(self) -> None:
        asking = connection.copy()
        try:
            with asking.cursor() as cursor:
                cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")  # the file, the table
                cursor.fetchone()
            self.answered = True
        except Exception:  # noqa: S110  whatever it was, the database did not answer
            pass
        finally:
            asking.close()


_lock = Lock()
_last: list[_Question] = []


def database_answers(seconds: float) -> bool:
    """Whether it does within `seconds`. However many ask, a process has one question open: while
    an old one hangs, the answer is no, at once."""
    with _lock:
        if not (_last and _last[0].is_alive()):
            _last[:] = [_Question()]
            _last[0].start()
        question = _last[0]
    question.join(max(0.0, question.began + seconds - time.monotonic()))
    return question.answered
