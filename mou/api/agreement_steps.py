"""REST: what is decided on an agreement – in force, cancelled, ended early, renewed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.idempotency import IDEMPOTENCY_KEY, once
from programs.api.bodies import RowWrittenSerializer, read, written
from programs.api.conflicts import IF_MATCH
from programs.serializers import Day, Text

from ..models import Agreement
from ..serializers import MOST_LETTERS, needed_day
from ..services.agreements import (
    cancel_agreement,
    confirm_agreement,
    renew_agreement,
    terminate_agreement,
)
from .agreements import find, item_row
from .shared import WRITE, done, over, permit


class CancellationSerializer(serializers.Serializer):
    """Why."""

    note = Text(max_length=MOST_LETTERS)


class TerminationSerializer(serializers.Serializer):
    """Its last day, why, and by which letter."""

    last_day = needed_day()
    reason = Text(max_length=MOST_LETTERS)
    letter = Text(max_length=120, help_text="Number of the letter that ends it")


class RenewalSerializer(serializers.Serializer):
    """The days of the agreement that follows; `ends_on` null: without an end."""

    starts_on = needed_day()
    ends_on = Day()


class StepView(APIView):
    """One decision, over the version that was seen."""

    required_scopes = {"POST": WRITE}
    shape: type[serializers.Serializer] = serializers.Serializer

    def act(self, agreement: Agreement, version: int, said: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def take(self, request, uid) -> HttpResponseBase:
        refuse_unknown_parameters(request, set())
        agreement = find(request.user, uid)
        permit(request.user, agreement.regency)

        def act(row: Agreement, seen: int) -> HttpResponseBase:
            self.act(row, seen, read(request.data, self.shape))
            return written(row)

        again = partial(find, request.user, uid)
        return over(request, agreement, again, act, lambda row: item_row(row, request.user))


class ConfirmView(StepView):
    @extend_schema(
        operation_id="agreement_confirm",
        summary="Put an agreement in force",
        request=None,
        responses=RowWrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """It is in force on its days. 422 names everything that is missing, as `missing` of the
        agreement does; the signed PDF comes in on its page."""
        return self.take(request, uid)

    def act(self, agreement, version, said):
        confirm_agreement(agreement, actor=self.request.user, version=version)


class CancelView(StepView):
    shape = CancellationSerializer

    @extend_schema(
        operation_id="agreement_cancel",
        summary="Cancel an agreement",
        request=CancellationSerializer,
        responses=RowWrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """It counts nowhere any more and stays on record, with the reason in `note`."""
        return self.take(request, uid)

    def act(self, agreement, version, said):
        note = said.get("note") or ""
        cancel_agreement(agreement, actor=self.request.user, version=version, note=note)


class TerminateView(StepView):
    shape = TerminationSerializer

    @extend_schema(
        operation_id="agreement_terminate",
        summary="End an agreement early",
        request=TerminationSerializer,
        responses=RowWrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """`last_day` is its last one, by a letter with a reason."""
        return self.take(request, uid)

    def act(self, agreement, version, said):
        terminate_agreement(
            agreement,
            actor=self.request.user,
            version=version,
            last_day=said["last_day"],
            reason=said.get("reason") or "",
            letter=said.get("letter") or "",
        )


class RenewView(APIView):
    """The agreement that follows."""

    required_scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="agreement_renew",
        summary="Renew an agreement",
        request=RenewalSerializer,
        responses={201: RowWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """A draft that renews it, with its parties, area and open duties; nothing of the old one
        changes. Once only: a second one is `already_there`."""
        refuse_unknown_parameters(request, set())
        agreement = find(request.user, uid)
        permit(request.user, agreement.regency)
        said = read(request.data, RenewalSerializer)
        days = {"starts_on": said["starts_on"], "ends_on": said.get("ends_on")}

        def act() -> HttpResponseBase:
            made = renew_agreement(agreement, actor=request.user, **days)
            return written(made, 201, reverse("agreement", args=[made.pk]))

        return done(act)


def _route(word: str, view: type[APIView]):
    address = f"agreements/<uuid:uid>/{word}/"
    return path(address, view.as_view(), name=f"agreement-{word}")


urlpatterns = [
    _route("confirm", ConfirmView),
    _route("cancel", CancelView),
    _route("terminate", TerminateView),
    _route("renew", RenewView),
]
