"""REST: what the doors of all planning documents share – which version a caller writes over, what
she is told when another one stands there, and an item as a printed form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.errors import Problem, Refused, Stale
from core.listing import FileRenderer, XlsxRenderer
from programs.api import bodies
from programs.api.bodies import read
from programs.api.conflicts import in_http, version_seen
from programs.serializers import Identifier, Text

from ..models import BudgetLine, BudgetStatement, GenderAnalysis, PlanState, TermsOfReference
from ..serializers import MOST_LETTERS
from ..services import moves
from ..services.moves import MOVES, RemarkSaid

READ, WRITE = "plans:read", "plans:write"
#: Whose version is told; a budget line has no state.
Document = GenderAnalysis | BudgetStatement | TermsOfReference | BudgetLine


class WrittenSerializer(serializers.Serializer):
    """The document as it is on file now; its ETag is the version to name next."""

    uid = serializers.UUIDField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(PlanState.choices)


def written(document: Document, status: int = 200, address: str = "", **more: Any) -> Response:
    return bodies.written(document, status, address, state=document.state, **more)


# -- Versions ----------------------------------------------------------------------


#: With what stands there only for a key that may read plans.
conflict = partial(bodies.conflict, scope=READ)


def require(request, capability: str, document: Document) -> None:
    """403 before versions are compared: that answer tells what stands there."""
    try:
        moves.require(request.user, capability, document)
    except Refused as refusal:
        raise in_http(refusal) from refusal


def changing(
    request,
    find: Callable[[], Document],
    code: str,
    sources: Iterable[str],
    act: Callable[[Document, int], Response],
    values: Callable[[Document], dict[str, Any]],
) -> Any:
    """`act` over the version that the caller saw, or what keeps her from it.

    `find` reads the document anew; `act` takes it and the version.
    """
    document, seen = find(), version_seen(request)
    if seen != document.version:
        return conflict(request, document, "changed_meanwhile", lambda: values(document))
    if document.state not in sources:
        return conflict(request, document, code, lambda: values(document))
    try:
        return act(document, seen)
    except Stale:
        now = find()
        return conflict(request, now, "changed_meanwhile", lambda: values(now))
    except Refused as refusal:
        raise in_http(refusal) from refusal


class MoveView(APIView):
    """One step on the way of a document, over the version that was seen."""

    required_scopes = {"POST": WRITE}
    move: str

    def find(self, uid) -> Any:
        """The document as it stands, if she sees it; else 404."""
        raise NotImplementedError

    def act(self, document: Any, version: int, said: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def values(self, document: Any) -> dict[str, Any]:
        """What stands there, beside version and state."""
        raise NotImplementedError

    def read(self, body: Any, document: Any) -> Mapping[str, Any]:
        """What the step is told; nothing by default."""
        return read(body, serializers.Serializer)

    def take(self, request, uid) -> Any:
        refuse_unknown_parameters(request, set())
        step = MOVES[self.move]
        require(request, step.needs, self.find(uid))

        def act(document: Any, seen: int) -> Response:
            self.act(document, seen, self.read(request.data, document))
            return written(document)

        return changing(
            request, lambda: self.find(uid), "step_not_possible", step.sources, act, self.values
        )


class NoteSerializer(serializers.Serializer):
    """A word to go with the step."""

    note = Text(max_length=MOST_LETTERS)


class RemarkBodySerializer(serializers.Serializer):
    """What the reviewer says about a step, one row of it, or one field of that row."""

    step = Text(max_length=20, required=True, allow_null=False)
    row = Identifier(required=False, allow_null=True, help_text="`key` of the row")
    field = Text(max_length=30)
    text = Text(max_length=MOST_LETTERS, required=True, allow_null=False, allow_blank=False)


def remarks_of(
    said: Iterable[Mapping[str, Any]], steps: Iterable[str], keys: Iterable[Any]
) -> list[RemarkSaid]:
    """Remarks at steps and rows that are there; Refused for others."""
    known, rows, problems, found = list(steps), set(keys), [], []
    for place, one in enumerate(said):
        if one["step"] not in known:
            words = _("Choose one of: %s.") % ", ".join(known)
            problems.append(Problem(f"remarks.{place}.step", "unknown_value", words))
        if one.get("row") is not None and one["row"] not in rows:
            words = _("No row of this document has this key.")
            problems.append(Problem(f"remarks.{place}.row", "unknown_row", words))
        text, field = one["text"].strip(), one.get("field") or ""
        found.append(RemarkSaid(one["step"], text, one.get("row"), field))
    if problems:
        raise Refused(*problems)
    return found


# -- Printed forms -----------------------------------------------------------------


class PdfRenderer(FileRenderer):
    media_type = "application/pdf"
    format = "pdf"
    charset = None


class DocxRenderer(FileRenderer):
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    format = "docx"
    charset = None


PAPERS = (PdfRenderer, DocxRenderer, XlsxRenderer)


class Printed:
    """An item that gives itself as the official form too: `?format=pdf|docx|xlsx`, or `Accept`."""

    def get_renderers(self):
        return [*super().get_renderers(), *(one() for one in PAPERS)]  # type: ignore[misc]


def paper_asked(request) -> str:
    """ "pdf", "docx" or "xlsx" where the caller wants the printed form, else ""."""
    chosen = request.accepted_renderer
    return chosen.format if isinstance(chosen, PAPERS) else ""


def printed(request, document: Any, form: str) -> HttpResponseBase:
    """The official form of the document."""
    from ..papers.answer import answer  # what sets type is loaded by whoever prints

    return answer(request._request, document, form)


def paper_responses(shape: Any) -> dict:
    """What an item answers, for the schema: its JSON, and the printed forms."""
    files = {(200, one.media_type): OpenApiTypes.BINARY for one in PAPERS}
    return {(200, "application/json"): shape, **files}
