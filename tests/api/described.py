"""The API's description as a running portal serves it, for the tests that read it."""

import json
from copy import deepcopy
from functools import cache

from pug_portal.described import written


@cache
def _served() -> dict:
    return json.loads(written("json"))


def document() -> dict:
    """A copy of one's own to read or to doctor."""
    return deepcopy(_served())
