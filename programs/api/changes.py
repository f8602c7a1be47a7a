"""REST: what has changed since one asked last."""

from __future__ import annotations

import base64
import json

from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import limit_of, refuse_unknown_parameters
from core.conditional import unchanged_by

from .. import feed
from ..models import Change, ChangeKind, ChangeOp, ReviewStep


class CursorExpired(APIException):
    status_code = 410
    default_code = "cursor_expired"
    default_detail = _(
        "This cursor cannot be continued: what you may see has changed, or the database was "
        "restored. Begin anew without a cursor."
    )


class ChangeSerializer(serializers.ModelSerializer):
    """One step of one record: fetch the record by its `uid` to know what it says now."""

    type = serializers.ChoiceField(ChangeKind.choices, source="kind")
    op = serializers.ChoiceField(
        ChangeOp.choices,
        help_text="`deleted`: an activity was struck out, or a program is no longer open to you",
    )
    step = serializers.SerializerMethodField(help_text="The review step of an activity, if any")

    class Meta:
        model = Change
        fields = ["type", "uid", "version", "op", "step", "at"]

    @extend_schema_field(serializers.ChoiceField(ReviewStep.choices, allow_null=True))
    def get_step(self, line) -> ReviewStep | None:
        return line.step or None


class ChangesSerializer(serializers.Serializer):
    results = ChangeSerializer(many=True)
    cursor = serializers.CharField(help_text="Ask with it next time; there is always one")
    more = serializers.BooleanField(help_text="More lines wait already behind the cursor")


_EXAMPLE = OpenApiExample(
    "A record comes in and is verified",
    response_only=True,
    status_codes=["200"],
    value={
        "results": [
            {
                "type": "activity",
                "uid": "0198c6b2-4f0e-7c59-9d0e-6a1f3f0c2b11",
                "version": 1,
                "op": "created",
                "step": "submitted",
                "at": "2026-03-04T11:20:31.402118+08:00",
            },
            {
                "type": "activity",
                "uid": "0198c6b2-4f0e-7c59-9d0e-6a1f3f0c2b11",
                "version": 2,
                "op": "changed",
                "step": "verified",
                "at": "2026-03-05T09:02:11.090231+08:00",
            },
        ],
        "cursor": "Wzg4MTIsNDUxLFswLDFdLCI5YTBmZDE3N2Y0YjIxYzMwIl0",
        "more": False,
    },
)


class ChangesView(APIView):
    """Every change of activities and programs that the caller may see, in commit order."""

    required_scopes = {"GET": "activities:read"}

    @extend_schema(
        operation_id="changes",
        summary="What has changed since",
        parameters=[
            OpenApiParameter("cursor", description="From the answer before; none: from the start"),
            OpenApiParameter("limit", int, description="Lines in an answer, 1 to 200 (50)"),
        ],
        responses={
            200: ChangesSerializer,
            304: OpenApiResponse(description="Nothing has changed since the ETag"),
            410: OpenApiResponse(description="`cursor_expired`: begin anew without a cursor"),
        },
        examples=[_EXAMPLE],
    )
    @unchanged_by(feed.stamp)
    def get(self, request):
        """Begin without a cursor, then ask with the cursor of the last answer, for ever.

        No committed change is skipped, also while others write; a line may come twice when a
        client asks twice with one cursor. `version` tells the order of one record's lines. An
        answer may hold fewer lines than `limit` although `more` is true.
        """
        refuse_unknown_parameters(request, {"cursor", "limit", "format"})
        limit, now, reach = limit_of(request), feed.horizon(), feed.reach(request.user)
        after = _place(request.query_params.get("cursor"), now, reach)
        page = feed.read(request.user, after, limit, now.mark)
        return Response(
            {
                "results": ChangeSerializer(page.lines, many=True).data,
                "cursor": _cursor(page.mark, now, reach),
                "more": page.more,
            }
        )


def _cursor(mark: feed.Mark, now: feed.Horizon, reach: str) -> str:
    text = json.dumps([*mark, now.first, reach], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(cursor: str | None, now: feed.Horizon, reach: str) -> feed.Mark:
    """Where the cursor stands, if the caller and the database are those it was given by."""
    if cursor is None:
        return feed.START
    mark, first, seen = _read(cursor)
    begun = now.first and (now.first == first or (first is None and now.first > mark))
    if seen != reach or mark > now.mark or not (begun or now.first == first):
        raise CursorExpired
    return mark


def _read(cursor: str) -> tuple[feed.Mark, feed.Mark | None, str]:
    try:
        xid, number, first, seen = json.loads(
            base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        )
        mark, first = _mark([xid, number]), first and _mark(first)
    except (ValueError, TypeError, RecursionError) as broken:
        raise _unreadable() from broken
    return mark, first, seen


def _mark(pair) -> feed.Mark:
    xid, number = pair
    if not (type(xid) is type(number) is int and -(2**63) <= xid < 2**63 and 0 <= number < 2**63):
        raise ValueError(pair)
    return feed.Mark(xid, number)


def _unreadable() -> ValidationError:
    words = _("Take the cursor from the previous answer.")
    return ValidationError({"cursor": [ErrorDetail(str(words), "invalid_cursor")]})


urlpatterns = [path("changes/", ChangesView.as_view(), name="changes")]
