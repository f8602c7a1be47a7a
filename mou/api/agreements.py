"""REST: agreements with partners – the list, new ones, and one as it stands and changes."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from copy import copy
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, moving_known, moving_tag, unchanged
from core.errors import Problem, Refused
from core.idempotency import IDEMPOTENCY_KEY, once
from core.identifiers import uuid7
from core.listing import FileList, columns_of, dict_table, file_responses
from core.tables import Table
from programs.api.bodies import RowWrittenSerializer, read, written
from programs.api.conflicts import IF_MATCH
from programs.api.programs import CHUNK

from ..coverage import coverage_of
from ..drafts import Area, PartySaid
from ..measured import Progress, progress_of
from ..models import Agreement, Obligation, Partner
from ..narrowing import AgreementFilter
from ..serializers import (
    PLAIN,
    AgreementBodySerializer,
    AgreementChangeSerializer,
    AgreementRowSerializer,
    AgreementSerializer,
)
from ..services.agreements import add_agreement, change_agreement, missing_of
from ..standing import LIVE, days_left, standing_of
from .shared import (
    READ,
    WRITE,
    area_row,
    areas_named,
    done,
    fill,
    office_named,
    office_row,
    over,
    permit,
    permit_somewhere,
    place_row,
    regency_named,
    same_uid,
)

_AS_ROWS = ("number_first", "number_second", "signed_on", "starts_on", "ends_on", "open_ended")
_ITSELF = (
    *("signed_at", "subject", "purpose", "scope", "result", "funding", "source", "confirmed_at"),
    *("cancelled_at", "termination_reason", "termination_letter"),
)
BODY = OpenApiExample(
    "A draft of two parties for one district",
    request_only=True,
    value={
        "form": "cooperation",
        "title": "Pendampingan desa ramah perempuan",
        "parties": [{"opd": 4}, {"partner": "0198c6b2-7d3e-7c11-9d0f-3a4be1f0c2aa"}],
        "areas": ["64.01.04"],
    },
)


class AgreementsView(FileList, GenericAPIView):
    """Agreements within the caller's reach, and new ones."""

    required_scopes = {"GET": READ, "POST": WRITE}
    queryset = Agreement.objects.none()
    serializer_class = AgreementRowSerializer
    filterset_class = AgreementFilter
    ordering_fields = ("updated_at", "title")

    def get_queryset(self) -> QuerySet[Agreement]:
        return Agreement.objects.visible_to(self.request.user).with_parts()

    @extend_schema(
        operation_id="agreements",
        summary="Agreements open to the caller",
        responses=file_responses(AgreementRowSerializer(many=True)),
        parameters=[IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request):
        """Newest first. Drafts are seen by whoever sees the whole regency, the others also by
        those in whose villages they hold. As a file (`format=csv` or `xlsx`): the same rows."""
        return self.list(request)

    def page(self, rows: QuerySet) -> Response:
        today, kin = timezone.localdate(), kin_seen(self.request.user)
        found = [head_row(one, today, kin) for one in self.paginate_queryset(rows) or ()]
        return self.get_paginated_response(found)

    def table(self, rows: QuerySet) -> Table:
        today, kin = timezone.localdate(), kin_seen(self.request.user)
        found = (_in_cells(head_row(one, today, kin)) for one in rows.iterator(chunk_size=CHUNK))
        return dict_table("agreements", columns_of(AgreementRowSerializer), found)

    @extend_schema(
        operation_id="agreement_create",
        summary="Write a new agreement down",
        request=AgreementBodySerializer,
        responses={201: RowWrittenSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[BODY],
    )
    @once
    def post(self, request):
        """It is on file as a draft, which may lack what nobody knows yet: `missing` tells. Needs
        `manage_agreements` on the regency."""
        refuse_unknown_parameters(request, set())
        permit_somewhere(request.user)
        said = read(request.data, AgreementBodySerializer)
        regency = regency_named(request.user, said.get("regency"))
        draft = Agreement(uid=said.get("uid") or uuid7(), regency=regency)
        parties, areas = _told(draft, said, request.user)

        def act() -> HttpResponseBase:
            made = add_agreement(
                draft, actor=request.user, parties=parties or (), areas=areas or ()
            )
            return written(made, 201, reverse("agreement", args=[made.pk]))

        return done(act)


class AgreementView(APIView):
    """One agreement: read, changed."""

    required_scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(
        operation_id="agreement",
        summary="One agreement",
        responses={200: AgreementSerializer, 304: None},
        parameters=[IF_NONE_MATCH],
    )
    def get(self, request, uid):
        """With its parties, area, duties and how far these have come, and what it still lacks.

        Its ETag begins with its version, as If-Match names it; the rest of it is the moment, as
        days and progress move without a new version.
        """
        refuse_unknown_parameters(request, {"format"})
        if known := moving_known(
            request, Agreement.objects.visible_to(request.user).filter(pk=uid)
        ):
            return known
        agreement = find(request.user, uid)
        headers = moving_tag(request, agreement.version)
        return Response(item_row(agreement, request.user), headers=headers)

    @extend_schema(
        operation_id="agreement_change",
        summary="Change an agreement",
        request=AgreementChangeSerializer(partial=True),
        responses=RowWrittenSerializer,
        parameters=[IF_MATCH],
    )
    def patch(self, request, uid):
        """What is not named stays as it is. Of one that was put in force only what was left
        empty, the office in charge and the source: dates, parties and area change by a renewal."""
        refuse_unknown_parameters(request, set())
        agreement = find(request.user, uid)
        permit(request.user, agreement.regency)

        def act(row: Agreement, seen: int) -> HttpResponseBase:
            said = read(request.data, AgreementChangeSerializer, partial=True)
            same_uid(said, row)
            told = copy(row)
            parties, areas = _told(told, said, request.user)
            facts = {"version": seen, "parties": parties, "areas": areas}
            return written(change_agreement(told, actor=request.user, **facts))

        again = partial(find, request.user, uid)
        return over(request, agreement, again, act, lambda row: item_row(row, request.user))


# -- Rows --------------------------------------------------------------------------


def find(user, uid) -> Agreement:
    return get_object_or_404(Agreement.objects.visible_to(user).with_parts(), pk=uid)


def kin_seen(user) -> set[Any]:
    """Agreements that she sees and under which others are made, or which others renew."""
    rows = Agreement.objects.visible_to(user).order_by()
    rows = rows.filter(Q(children__isnull=False) | Q(renewals__isnull=False))
    return set(rows.values_list("pk", flat=True))


def head_row(agreement: Agreement, today: date, kin: Container) -> dict[str, Any]:
    """`kin`: whom of its kin the reader sees; the others do not exist for her."""
    areas = [one.district or one.village for one in agreement.areas.all()]
    return {
        "uid": agreement.pk,
        "version": agreement.version,
        "regency": place_row(agreement.regency),
        "form": agreement.form,
        "title": agreement.title,
        "standing": standing_of(agreement, today),
        "days_left": days_left(agreement, today),
        **{name: getattr(agreement, name) for name in _AS_ROWS},
        "terminated_on": agreement.terminated_on,
        "parties": [_name_of(one) for one in agreement.parties.all()],
        "areas": [one.code for one in areas if one],
        "lead": office_row(agreement.lead),
        "parent": agreement.parent_id if agreement.parent_id in kin else None,
        "renews": agreement.renews_id if agreement.renews_id in kin else None,
        "created_at": agreement.created_at,
        "updated_at": agreement.updated_at,
    }


def _name_of(party: Any) -> str:
    return party.organisation.name


def _in_cells(row: dict[str, Any]) -> dict[str, Any]:
    """Names have blanks in them: in one cell they are told apart by a semicolon."""
    return {**row, "parties": "; ".join(row["parties"])}


def item_row(agreement: Agreement, user) -> dict[str, Any]:
    today = timezone.localdate()
    areas = [one.district or one.village for one in agreement.areas.all()]
    is_draft = not (agreement.confirmed_at or agreement.cancelled_at)
    return {
        **head_row(agreement, today, kin_seen(user)),
        **{name: getattr(agreement, name) for name in _ITSELF},
        "renewals": _renewals(agreement, user),
        "parties": [party_row(one) for one in agreement.parties.all()],
        "areas": [area_row(one) for one in areas if one],
        "missing": [_lacks(one) for one in missing_of(agreement)] if is_draft else [],
        "obligations": duty_rows(agreement, today),
        "coverage": _coverage(agreement, user, today),
    }


def _renewals(agreement: Agreement, user) -> list[Any]:
    """Those that she sees: a draft is not everybody's."""
    return list(agreement.renewals.visible_to(user).order_by("pk").values_list("pk", flat=True))


def party_row(party: Any) -> dict[str, Any]:
    partner, office = party.partner, party.opd
    return {
        "position": party.position,
        "organisation": {
            "uid": partner.pk if partner else None,
            "id": office.pk if office else None,
            "name": party.organisation.name,
            "kind": partner.kind if partner else None,
        },
        "signatory_name": party.signatory_name,
        "signatory_title": party.signatory_title,
        "authority": party.authority,
    }


def _lacks(one: Problem) -> dict[str, str]:
    return {"pointer": f"/{one.field}", "code": one.code, "detail": str(one.detail)}


def duty_rows(agreement: Agreement, today: date) -> list[dict[str, Any]]:
    """Its duties in their order, also those taken out."""
    known = {
        one.obligation.pk: one for one in progress_of([agreement], today).get(agreement.pk, ())
    }
    rows = agreement.obligations.select_related("party")
    return [duty_row(one, known.get(one.pk)) for one in rows]


def duty_row(duty: Obligation, progress: Progress | None) -> dict[str, Any]:
    told = ("value", "reported", "due_on", "reached", "late", "as_of")
    return {
        "uid": duty.pk,
        "version": duty.version,
        "party": duty.party.position,
        "text": duty.text,
        "measure": duty.measure,
        "stage": duty.stage or None,
        **{name: getattr(duty, name) for name in ("unit", "target", "due_on", "ended_at")},
        "progress": {name: getattr(progress, name) for name in told} if progress else None,
    }


def _coverage(agreement: Agreement, user, today: date) -> dict[str, int] | None:
    if standing_of(agreement, today) not in LIVE:
        return None
    found = coverage_of(user, agreement.regency, today)
    rows = [row for row in found.rows if any(one.agreement == agreement for one in row.agreements)]
    return {
        "villages": len(rows),
        "active": sum(one.last_activity is not None and not one.idle for one in rows),
        "idle": sum(one.idle for one in rows),
        "without_facilitator": sum(not one.facilitators for one in rows),
    }


# -- Reading -----------------------------------------------------------------------


def _told(
    agreement: Agreement, said: Mapping[str, Any], user
) -> tuple[list[PartySaid] | None, list[Area] | None]:
    """The agreement says what was sent; its parties and areas, None where they are not named.

    Refused for what is not known to her: partners, offices, places, the agreement above it.
    """
    problems: list[Problem] = []
    fill(agreement, said, PLAIN)
    regency = agreement.regency
    if "lead" in said:
        agreement.lead = office_named(said["lead"], regency, "lead", problems)
    if "parent" in said:
        agreement.parent = _parent(said["parent"], user, problems)
    parties = _parties(said["parties"], agreement, user, problems) if "parties" in said else None
    areas = _areas(said["areas"], agreement, problems) if "areas" in said else None
    if problems:
        raise Refused(*problems)
    return parties, areas


def _parent(uid: Any, user, problems: list[Problem]) -> Agreement | None:
    found = Agreement.objects.visible_to(user).filter(pk=uid).first() if uid else None
    if uid and found is None:
        words = _("This agreement is not known, or not one you see.")
        problems.append(Problem("parent", "unknown_value", words))
    return found


def _parties(
    said: Iterable[Mapping[str, Any]], agreement: Agreement, user, problems: list[Problem]
) -> list[PartySaid]:
    partners = Partner.objects.visible_to(user).filter(regency=agreement.regency_id)
    found = []
    for place, one in enumerate(said):
        where = f"parties.{place}"
        if bool(one.get("partner")) == bool(one.get("opd")):
            words = _("Name a partner by its uid, or an office by its id.")
            problems.append(Problem(where, "required", words))
            continue
        if one.get("partner"):
            side: Any = partners.filter(pk=one["partner"]).first()
            if side is None:
                words = _("This partner is not known. Take it from partners/.")
                problems.append(Problem(f"{where}.partner", "unknown_value", words))
        else:
            side = office_named(one["opd"], agreement.regency, f"{where}.opd", problems)
        names = ("signatory_name", "signatory_title", "authority")
        if side is not None:
            found.append(PartySaid(side, **{name: one.get(name) or "" for name in names}))
    return found


def _areas(codes: Sequence[str], agreement: Agreement, problems: list[Problem]) -> list[Area]:
    """Each once, however often it is named; two queries however many."""
    known: dict[str, Area] = areas_named(codes, agreement.regency)
    words = _("No district and no village of this regency has this code.")
    problems += [
        Problem(f"areas.{place}", "unknown_value", words)
        for place, code in enumerate(codes)
        if code not in known
    ]
    return [known[code] for code in dict.fromkeys(codes) if code in known]


urlpatterns = [
    path("agreements/", AgreementsView.as_view(), name="agreements"),
    path("agreements/<uuid:uid>/", AgreementView.as_view(), name="agreement"),
]
