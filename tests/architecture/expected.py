"""What a route is expected to answer to the five people of the sweep (routes.py)."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    statuses: tuple[int, ...]
    method: str = "get"
    of: str = ""
    at: str = ""
    data: dict = field(default_factory=dict)
    json: bool = False
    #: Parameters of the address beside the object's own: a word, or the name of another object.
    named: dict = field(default_factory=dict)


#: A form that was sent, but with nothing in it that the page asked for.
PRESSED = {"pressed": "1"}


def get(*statuses: int, of: str = "", at: str = "", **named: str) -> Row:
    return Row(statuses, of=of, at=at, named=named)


def sent(*statuses: int, of: str = "", data: dict | None = None, **named: str) -> Row:
    """A form, empty but for `data`, at an address with other parameters."""
    return Row(statuses, "post", of, data=data or PRESSED, named=named)


def post(*statuses: int, of: str = "", at: str = "", **data) -> Row:
    return Row(statuses, "post", of, at, data or PRESSED)


def api_post(*statuses: int, of: str = "", **data) -> Row:
    return Row(statuses, "post", of, data=data, json=True)


NOBODY = (302, 302, 302, 302, 302)
EVERYONE = (200, 200, 200, 200, 200)
SIGNED_IN = (302, 200, 200, 200, 200)
API_SIGNED_IN = (401, 200, 200, 200, 200)
#: The owner and the officer; for the others the thing does not exist.
ITS_OWN = (302, 404, 404, 200, 200)
OFFICE = (302, 403, 403, 403, 200)
