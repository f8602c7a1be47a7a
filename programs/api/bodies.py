"""REST: what bodies share – read by a shape with every name that it does not know refused – and
what is answered about a row with a version once it was written, or stood at another version."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.response import Response

from accounts.authentication import carries
from core.api import problem_response
from core.errors import Problem, Refused, Stale
from core.problems import refusal_of

from ..serializers import unknown_fields
from .conflicts import in_http, version_seen

#: As many rows as a list in a body takes.
MOST_ROWS = 200


# -- Reading -----------------------------------------------------------------------


def object_of(body: Any) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise ParseError(_("Send a JSON object."), code="not_an_item")
    return body


def read(body: Any, shape: type[serializers.Serializer], **more: Any) -> dict[str, Any]:
    """What the body says by this shape; Refused for what it cannot say, unknown names included."""
    sent = shape(data=object_of(body), **more)
    problems = [*strange(sent, body)]
    if not sent.is_valid():
        error = serializers.ValidationError(sent.errors)
        problems += refusal_of(error.get_full_details()).problems
    if problems:
        raise Refused(*problems)
    return sent.validated_data


def strange(shape: serializers.Serializer, body: Any, path: str = "") -> Iterator[Problem]:
    """Names that this shape does not have, at any depth, and lists without end."""
    if not isinstance(body, Mapping):
        return
    for one in unknown_fields(body, shape.fields):
        yield replace(one, field=f"{path}{one.field}")
    for name, field in shape.fields.items():
        said = body.get(name)
        if isinstance(field, serializers.Serializer):
            yield from strange(field, said, f"{path}{name}.")
        elif isinstance(field, serializers.ListSerializer) and isinstance(said, list):
            if len(said) > MOST_ROWS:
                yield Problem(f"{path}{name}", "too_many", _("At most %s rows.") % MOST_ROWS)
            for place, row in enumerate(said[:MOST_ROWS]):
                yield from strange(field.child, row, f"{path}{name}.{place}.")


# -- Answering ---------------------------------------------------------------------


class RowWrittenSerializer(serializers.Serializer):
    """The row as it is on file now; its ETag is the version to name next."""

    uid = serializers.UUIDField()
    version = serializers.IntegerField()


def written(row: Any, status: int = 200, address: str = "", **more: Any) -> Response:
    """The row is on file: its key, its version, and where it stands if it is new."""
    headers = {"ETag": f'"v{row.version}"', "Cache-Control": "no-store"}
    if address:
        headers["Location"] = address
    return Response({"uid": row.pk, "version": row.version, **more}, status=status, headers=headers)


def conflict(
    request,
    row: Any,
    code: str,
    values: Callable[[], dict[str, Any]],
    differences: Callable[[], list[dict[str, Any]]] | None = None,
    *,
    scope: str,
):
    """412 `changed_meanwhile` where another version stands there, else 409 with `code`: its state
    forbids the step. With what stands there, its values only to a key that carries `scope`."""
    current: dict[str, Any] = {"version": row.version}
    if hasattr(row, "state"):
        current["state"] = row.state
    more: dict[str, Any] = {"current": current}
    if carries(request, scope):
        current |= values()
        if differences:
            more["differences"] = differences()
    if code == "changed_meanwhile":
        words = _("The document was changed meanwhile. Compare, then decide.")
        return problem_response(request, 412, "changed_meanwhile", detail=words, more=more)
    words = _("The document is “%(state)s”: this cannot be done now.")
    words %= {"state": row.get_state_display()}
    return problem_response(request, 409, code, detail=words, more=more)


def over(
    request,
    row: Any,
    again: Callable[[], Any],
    act: Callable[[Any, int], HttpResponseBase],
    values: Callable[[Any], dict[str, Any]],
    *,
    scope: str,
) -> HttpResponseBase:
    """`act` over the version that the caller saw, or what stands there instead.

    `again` reads the row anew; `values`: what it says, for a key that carries `scope`.
    """
    seen = version_seen(request)
    if seen == row.version:
        try:
            return act(row, seen)
        except Stale:
            row = again()
        except Refused as refusal:
            raise in_http(refusal) from refusal
    told = values(row)
    return conflict(request, row, "changed_meanwhile", lambda: {"values": told}, scope=scope)
