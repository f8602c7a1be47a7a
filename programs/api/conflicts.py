"""REST: over which version a caller writes, and what she is told when another one stands there."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import APIException, PermissionDenied

from accounts.authentication import carries
from core.api import problem_response
from core.errors import Refused

from ..models import Activity
from ..serializers import UNSAID, ActivityItemSerializer, item_row

IF_MATCH = OpenApiParameter(
    "If-Match",
    location="header",
    required=True,
    description='The version that was seen, for example "v3"',
)
#: Compression on the way may have marked our own ETag as weak; the version in it is the same. A
#: moment may follow it (core.conditional.moving_tag).
_VERSION = re.compile(r'(?:W/)?"v(\d{1,9})(?:-[0-9a-f]{32})?"')
_FIELDS = ActivityItemSerializer().fields


class VersionMissing(APIException):
    status_code = 428
    default_code = "version_missing"
    default_detail = gettext_lazy('Say which version you saw, for example If-Match: "v3".')


def version_seen(request) -> int:
    named = _VERSION.fullmatch(request.headers.get("If-Match", "").strip())
    if named is None:
        raise VersionMissing
    return int(named[1])


def too_late(request, activity: Activity, seen: int, code: str):
    """412 when another version stands there, else 409 with `code`: its state forbids the step.

    Either way with what stands now; values only to a key that may read them.
    """
    current: dict[str, Any] = {"version": activity.version, "state": activity.state}
    current["number"] = activity.receipt.number
    current["received_at"] = activity.receipt.received_at.isoformat()
    more: dict[str, Any] = {"current": current}
    if carries(request, "activities:read"):
        current["values"] = item_row(activity)
        more["changed"] = changed_since(activity, seen)
    if seen != activity.version:
        words = _("The record was changed meanwhile. Compare, then decide.")
        return problem_response(request, 412, "changed_meanwhile", detail=words, more=more)
    words = _("The record is “%(state)s” and cannot be changed any more.")
    if code == "step_not_possible":
        words = _("The record is “%(state)s”: this step cannot be taken from there.")
    words %= {"state": activity.get_state_display()}
    return problem_response(request, 409, code, detail=words, more=more)


def changed_since(activity: Activity, seen: int) -> dict[str, list]:
    """{field: [as seen, as it stands]} in the shapes of an item, by the record's own history."""
    found: dict[str, list] = {}
    steps = activity.reviews.filter(version__gt=seen, version__lte=activity.version)
    for changes in steps.order_by("version", "at", "id").values_list("changes", flat=True):
        for name, (before, after) in changes.items():
            found[name] = [found.get(name, [before])[0], after]
    return {
        name: [_as_item(name, before), _as_item(name, after)]
        for name, (before, after) in found.items()
        if before != after
    }


def _as_item(name: str, text: str | None) -> Any:
    """What history keeps as text, as an item of the API says it."""
    if text is None or (text == "" and name in UNSAID):
        return None
    field = _FIELDS.get(name)
    number = isinstance(field, serializers.IntegerField | serializers.FloatField)
    return field.to_internal_value(text) if number else text


def in_http(refusal: Refused) -> Exception:
    """What concerns the person is a 403 in the service's words; the rest as it is."""
    if refusal.code in {"not_permitted", "own_record"}:
        return PermissionDenied(refusal.problems[0].detail, code=refusal.code)
    return refusal
