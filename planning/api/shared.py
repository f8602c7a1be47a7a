"""REST: what the doors of all planning documents share – which version a caller writes over, what
she is told when another one stands there, and an item as a printed form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import carries
from core.api import problem_response, refuse_unknown_parameters
from core.errors import Problem, Refused, Stale
from core.listing import FileRenderer, XlsxRenderer
from core.problems import refusal_of
from programs.api.conflicts import in_http, version_seen
from programs.serializers import Identifier, Text

from ..content_json import strange
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
    row = {"uid": document.pk, "version": document.version, "state": document.state, **more}
    headers = {"ETag": f'"v{document.version}"', "Cache-Control": "no-store"}
    if address:
        headers["Location"] = address
    return Response(row, status=status, headers=headers)


# -- Bodies ------------------------------------------------------------------------


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


# -- Versions ----------------------------------------------------------------------


def conflict(
    request,
    document: Document,
    code: str,
    values: Callable[[], dict[str, Any]],
    differences: Callable[[], list[dict[str, Any]]] | None = None,
):
    """412 `changed_meanwhile` where another version stands there, else 409 with `code`: its state
    forbids the step. With what stands there, its values only to a key that may read them."""
    current: dict[str, Any] = {"version": document.version}
    if hasattr(document, "state"):
        current["state"] = document.state
    more: dict[str, Any] = {"current": current}
    if carries(request, READ):
        current |= values()
        if differences:
            more["differences"] = differences()
    if code == "changed_meanwhile":
        words = _("The document was changed meanwhile. Compare, then decide.")
        return problem_response(request, 412, "changed_meanwhile", detail=words, more=more)
    words = _("The document is “%(state)s”: this cannot be done now.")
    words %= {"state": document.get_state_display()}
    return problem_response(request, 409, code, detail=words, more=more)


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
