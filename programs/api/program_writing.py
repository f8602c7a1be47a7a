"""REST: programs put on file and changed, at the addresses where they are read."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.response import Response

from accounts.authentication import carries
from core import audit
from core.api import problem_response, refuse_unknown_parameters
from core.errors import Problem, Refused, Stale
from core.idempotency import IDEMPOTENCY_KEY, once
from core.identifiers import uuid7

from ..models import Program, ProgramState
from ..program_serializers import (
    ProgramBodySerializer,
    Wanted,
    read_program,
    standing,
)
from ..serializers import Identifier
from ..services import change_program, create_program, set_program_state
from ..services.programs import PLAIN_FIELDS
from .conflicts import IF_MATCH, in_http, version_seen
from .programs import OWNERS, ProgramsView, ProgramView, program_row


class ProgramWrittenSerializer(serializers.Serializer):
    """The program as it is on file now; its ETag is the version to name next."""

    uid = serializers.UUIDField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(ProgramState.choices)


BODY = OpenApiExample(
    "An office's program in one village",
    request_only=True,
    value={
        "uid": "0198c6b2-5a10-7c3e-9d1f-3f2b6a7c8d90",
        "title": "Kelas ibu hamil",
        "goal": "Ibu dan ayah datang bersama",
        "owner": {"level": "opd", "id": 4},
        "year_from": 2026,
        "year_to": 2026,
        "activity_code": None,
        "gender_marker": 2,
        "arg_category": 1,
        "target_group": "women",
        "fund_source": "apbd",
        "ceiling": 150_000_000,
        "state": "active",
        "villages": [{"code": "64.01.04.2002", "target_activities": 12, "target_women": 40}],
    },
)


class ProgramsDoor(ProgramsView):
    """The list, and new programs."""

    required_scopes = {**ProgramsView.required_scopes, "POST": "activities:write"}

    @extend_schema(
        operation_id="program_create",
        summary="Put a program on file",
        request=ProgramBodySerializer,
        responses={200: ProgramWrittenSerializer, 201: ProgramWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[BODY],
    )
    @once
    def post(self, request):
        """The program is on file, as a draft or active. Needs `manage_programs` on its owner.

        `uid` may be made by the client: sent again with the same content it is answered 200,
        with other content 409. Without one, send an Idempotency-Key.
        """
        refuse_unknown_parameters(request, set())
        if "manage_programs" not in request.user.capabilities:
            raise in_http(Refused(_not_hers()))
        body = _object(request.data)
        wanted = read_program(body, request.user)
        program = Program(uid=_uid(body) or uuid7(), **wanted.columns)
        program.state = wanted.state or ProgramState.DRAFT
        if program.state not in (ProgramState.DRAFT, ProgramState.ACTIVE):
            words = _("A new program is a draft or active.")
            raise Refused(Problem("state", "not_allowed", words))
        try:
            create_program(program, wanted.targets or [], actor=request.user)
        except Refused as refusal:
            if refusal.code == "already_there":
                return _already_there(request, program, wanted)
            raise in_http(refusal) from refusal
        return _written(program, 201)


class ProgramDoor(ProgramView):
    """One program, read and changed."""

    required_scopes = {**ProgramView.required_scopes, "PATCH": "activities:write"}

    @extend_schema(
        operation_id="program_change",
        summary="Change a program",
        request=ProgramBodySerializer(partial=True),
        responses=ProgramWrittenSerializer,
        parameters=[IF_MATCH],
    )
    def patch(self, request, uid):
        """What is not named stays as it is. Needs `manage_programs` on its owner.

        `villages` is the whole list. A village or a year with activities cannot be taken out.
        """
        refuse_unknown_parameters(request, set())
        program = _program(request, uid)
        mine = Program.objects.permitting(request.user, "manage_programs").filter(pk=program.pk)
        if not mine.exists():
            raise in_http(Refused(_not_hers()))
        seen, body = version_seen(request), _object(request.data)
        if _uid(body) not in (None, program.pk):
            raise Refused(Problem("uid", "other_record", _("The body names another record.")))
        wanted = read_program(body, request.user, program)
        if seen == program.version:
            try:
                return _written(_change(program, wanted, request.user, seen))
            except Stale:
                program = _program(request, uid)
            except Refused as refusal:
                raise in_http(refusal) from refusal
        if wanted.stands(program) and audit.last_hand(program, "program.") == request.user.pk:
            return _written(program)  # received before; the first answer was lost on the way
        words = _("The program was changed meanwhile. Compare, then decide.")
        return _conflict(request, program, 412, "changed_meanwhile", words)


@transaction.atomic
def _change(program: Program, wanted: Wanted, actor, version: int) -> Program:
    if wanted.columns or wanted.targets is not None:
        targets = wanted.targets
        if targets is None:
            targets = [*standing(program).values()]
        said = copy(program)
        for name, value in wanted.columns.items():
            setattr(said, name, value)
        program = change_program(said, targets, actor=actor, version=version)
        version = program.version
    if wanted.state and wanted.state != program.state:
        set_program_state(program, wanted.state, actor=actor, version=version)
    return program


def _already_there(request, program: Program, wanted: Wanted):
    """Her own program sent again, or one uid for two programs."""
    there = Program.objects.visible_to(request.user).filter(pk=program.pk).first()
    columns = {name: getattr(program, name) for name in PLAIN_FIELDS}
    same = Wanted(columns, wanted.targets or [], program.state)
    if there and there.created_by_id == request.user.pk and same.stands(there):
        return _written(there)
    words = _("This uid belongs to another program, or to other content. The first one is kept.")
    return _conflict(request, there, 409, "conflict", words)


def _conflict(request, program: Program | None, status: int, code: str, words: str):
    """With what stands there, as far as this caller sees it."""
    current: dict[str, Any] | None = None
    if program is not None:
        current = {"version": program.version, "state": program.state}
        if carries(request, "activities:read"):
            current["values"] = program_row(program, request.user)
    more = {"current": current} if current else None
    return problem_response(request, status, code, detail=words, more=more)


def _program(request, uid) -> Program:
    rows = Program.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related(*OWNERS, "activity_code"), pk=uid)


def _written(program: Program, status: int = 200) -> Response:
    row = {"uid": program.pk, "version": program.version, "state": program.state}
    headers = {"ETag": f'"v{program.version}"', "Cache-Control": "no-store"}
    if status == 201:
        headers["Location"] = reverse("program", args=[program.pk])
    return Response(row, status=status, headers=headers)


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise ParseError(_("Send a JSON object."), code="not_an_item")
    return body


def _uid(body: dict[str, Any]):
    return None if body.get("uid") is None else Identifier().run_validation(body["uid"])


def _not_hers() -> Problem:
    words = _("You cannot manage programs of this owner.")
    return Problem("", "not_permitted", words)


urlpatterns = [
    path("programs/", ProgramsDoor.as_view(), name="programs"),
    path("programs/<uuid:uid>/", ProgramDoor.as_view(), name="program"),
]
