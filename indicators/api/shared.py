"""REST: what the doors of village-years share – the village named, the version seen, the steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import carries
from core.api import problem_response, refuse_unknown_parameters
from core.errors import Problem, Refused, Stale
from programs.api.bodies import conflict, read
from programs.api.conflicts import in_http, version_seen
from programs.serializers import Text
from villages.models import Village

from ..models import ReviewState, VillageYear
from ..services import review
from ..services.review import MOVES

READ, WRITE = "indicators:read", "indicators:write"
MOST_LETTERS = 2_000
CHUNK = 200  # rows of a file that are worked out at a time


class YearWrittenSerializer(serializers.Serializer):
    """The village's year as it is on file now; its ETag is the version to name next."""

    uid = serializers.UUIDField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(ReviewState.choices)


class YearRowSerializer(serializers.Serializer):
    """What every village-year says."""

    uid = serializers.UUIDField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(ReviewState.choices)
    year = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ReturnBodySerializer(serializers.Serializer):
    """Why it goes back."""

    note = Text(max_length=MOST_LETTERS, required=True, allow_null=False, allow_blank=False)


def year_row(row: VillageYear) -> dict[str, Any]:
    names = ("version", "state", "year", "created_at", "updated_at")
    village = {"code": row.village.code, "name": row.village.name}
    return {"uid": row.pk, "village": village, **{name: getattr(row, name) for name in names}}


def pieces(rows: QuerySet) -> Iterator[list[Any]]:
    """A file's rows, some at a time."""
    lines = rows.iterator(chunk_size=CHUNK)
    while piece := list(islice(lines, CHUNK)):
        yield piece


def written(row: VillageYear, status: int = 200, address: str = "") -> Response:
    headers = {"ETag": f'"v{row.version}"', "Cache-Control": "no-store"}
    if address:
        headers["Location"] = address
    said = {"uid": row.pk, "version": row.version, "state": row.state}
    return Response(said, status=status, headers=headers)


# -- Rights ------------------------------------------------------------------------


def permit_somewhere(user) -> None:
    """403 for whoever enters for no village."""
    if "log" not in user.capabilities:
        words = _("You enter these numbers for no village.")
        raise in_http(Refused(Problem("", "not_permitted", words)))


def village_named(user, code: str) -> Village:
    """The village in a body; Refused where she does not enter for it, as for one nobody knows."""
    found = user.villages_with("log").select_related("district").filter(code=code).first()
    if found is None:
        words = _("This village is not known, or not one you enter for. Check the village code.")
        raise Refused(Problem("village", "unknown_village", words))
    return found


def permit(user, capability: str, row: VillageYear) -> None:
    """403 before versions are compared: that answer tells what stands there."""
    if not review.holds(user, capability, row):
        raise in_http(review.not_permitted())


# -- Over a version ----------------------------------------------------------------


def changing(
    request,
    find: Callable[[], Any],
    code: str,
    sources: frozenset[str],
    act: Callable[[Any, int], HttpResponseBase],
    values: Callable[[Any], dict[str, Any]],
) -> HttpResponseBase:
    """`act` over the version that the caller saw, or what stands there: 412 another version, 409
    with `code` a state that forbids it."""
    row, seen = find(), version_seen(request)
    if seen == row.version and row.state in sources:
        try:
            return act(row, seen)
        except Stale:
            row = find()
        except Refused as refusal:
            raise in_http(refusal) from refusal
    code = code if seen == row.version else "changed_meanwhile"
    told = values(row)
    return conflict(request, row, code, lambda: {"values": told}, scope=READ)


def pointed(refusal: Refused, places: Mapping[str, str]) -> Refused:
    """The problems with the names of the body in place of the service's."""
    told = [replace(one, field=places.get(one.field, one.field)) for one in refusal.problems]
    return type(refusal)(*told)


def on_file(request, row: Any, values: Callable[[Any], dict[str, Any]]) -> Response:
    """409: this village's year is there already, with what it says for a key that may read it."""
    current: dict[str, Any] = {"uid": str(row.pk), "version": row.version, "state": row.state}
    if carries(request, READ):
        current["values"] = values(row)
    words = _("This village's year is on file already. Change it over its version.")
    return problem_response(request, 409, "conflict", detail=words, more={"current": current})


class StepView(APIView):
    """One step of a village's year, over the version that was seen."""

    required_scopes = {"POST": WRITE}
    move: str

    def find(self, uid) -> Any:
        """The row as it stands, if she sees it; else 404."""
        raise NotImplementedError

    def values(self, row: Any) -> dict[str, Any]:
        raise NotImplementedError

    def take(self, request, uid) -> HttpResponseBase:
        refuse_unknown_parameters(request, set())
        step = MOVES[self.move]
        permit(request.user, step.needs, self.find(uid))

        def act(row: Any, seen: int) -> HttpResponseBase:
            facts = {"actor": request.user, "version": seen}
            if step.why:
                facts["note"] = read(request.data, ReturnBodySerializer)["note"]
            STEPS[self.move](row, **facts)
            return written(row)

        again = partial(self.find, uid)
        return changing(request, again, "step_not_possible", step.sources, act, self.values)


STEPS = {"submit": review.submit, "verify": review.verify, "return": review.return_}
