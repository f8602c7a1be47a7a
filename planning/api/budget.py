"""REST: the recap of gender budget (ARG) of an area or an office, as its page has it."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.conditional import IF_NONE_MATCH, unchanged
from programs.models import ArgCategory
from villages.models import District, Opd, Village, level_of
from villages.models import Level as AreaLevel

from .. import arg
from ..models import ArgTarget, Denominator
from .shared import READ

PARAMETERS = ("year", "denominator", "by", "area", "opd")
_SHOWN = [
    OpenApiParameter("year", int, description="Default: this year"),
    OpenApiParameter(
        "denominator",
        str,
        enum=Denominator.values,
        description="Of which total shares are taken. Default: total_apbd",
    ),
    OpenApiParameter("by", str, enum=arg.WAYS, description="What the rows are. Default: opd"),
    OpenApiParameter(
        "area",
        str,
        description="Code of a regency, district or village. Default: the widest of the caller's",
    ),
    OpenApiParameter("opd", str, description="Id of an office, in place of an area"),
]


class MoneySerializer(serializers.Serializer):
    """Whole rupiah. `changed` is the plan where nothing was changed; `realised` null: none was
    entered."""

    plan = serializers.IntegerField()
    changed = serializers.IntegerField()
    realised = serializers.IntegerField(allow_null=True)


class CategorySerializer(MoneySerializer):
    category = serializers.ChoiceField(ArgCategory.choices)


class BudgetShareSerializer(serializers.Serializer):
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    percent = serializers.FloatField()


class BudgetSharesSerializer(serializers.Serializer):
    """Null where the total is not known."""

    plan = BudgetShareSerializer(allow_null=True)
    changed = BudgetShareSerializer(allow_null=True)
    realised = BudgetShareSerializer(allow_null=True)


class BudgetRowSerializer(serializers.Serializer):
    """One row of the recap. `code`: of a district or village; `opd`: id of an office; `category`:
    of a category; all null where the row is none of these."""

    title = serializers.CharField()
    code = serializers.CharField(allow_null=True)
    opd = serializers.IntegerField(allow_null=True)
    category = serializers.IntegerField(allow_null=True)
    lines = serializers.IntegerField()
    money = MoneySerializer()
    categories = CategorySerializer(many=True)
    total = MoneySerializer(allow_null=True)
    shares = BudgetSharesSerializer()


class BudgetAreaSerializer(serializers.Serializer):
    level = serializers.ChoiceField(["regency", "district", "village", "opd"])
    id = serializers.IntegerField(allow_null=True)
    code = serializers.CharField(allow_null=True)
    name = serializers.CharField()


class BudgetTargetSerializer(serializers.Serializer):
    percent = serializers.FloatField()
    denominator = serializers.ChoiceField(Denominator.choices)


class BudgetSummarySerializer(serializers.Serializer):
    """The recap: its rows, and the sum of all of them."""

    year = serializers.IntegerField()
    denominator = serializers.ChoiceField(Denominator.choices)
    by = serializers.ChoiceField(arg.WAYS)
    area = BudgetAreaSerializer()
    target = BudgetTargetSerializer(allow_null=True)
    rows = BudgetRowSerializer(many=True)
    whole = BudgetRowSerializer()


class BudgetSummaryView(APIView):
    """What counts as gender budget."""

    required_scopes = {"GET": READ}

    @extend_schema(
        operation_id="gender_budget_summary",
        summary="The recap of gender budget",
        responses=BudgetSummarySerializer,
        parameters=[*_SHOWN, IF_NONE_MATCH],
    )
    @unchanged
    def get(self, request):
        """Tagged lines under an approved statement, each counted once; all else is 0. Money of
        villages is compared with village budgets, all other with all other totals."""
        refuse_unknown_parameters(request, {*PARAMETERS, "format"})
        asked, user = request.query_params, request.user
        year = _year(asked.get("year"))
        kind = _one_of("denominator", asked, Denominator.values, Denominator.TOTAL_APBD.value)
        by = _one_of("by", asked, arg.WAYS, "opd")
        area = _area(user, asked)
        found = arg.recap(user, year, by=by, area=area, kind=kind)
        codes = _codes(by, found.rows)
        return Response(
            {
                "year": year,
                "denominator": kind,
                "by": by,
                "area": _area_row(area),
                "target": _target(user, area, year),
                "rows": [_row(one, by, codes) for one in found.rows],
                "whole": _row(found.whole, "", {}),
            }
        )


def _refuse(name: str, code: str, words: str) -> ValidationError:
    return ValidationError({name: [ErrorDetail(words, code)]})


def _year(text: str | None) -> int:
    if not text:
        return timezone.localdate().year
    fine = text.isascii() and text.isdecimal() and len(text) == 4 and 2000 <= int(text) <= 2100
    if not fine:
        raise _refuse("year", "out_of_range", _("Write a year from 2000 to 2100."))
    return int(text)


def _one_of(name: str, asked: Any, words: Any, default: str) -> str:
    said = asked.get(name) or default
    if said not in words:
        raise _refuse(name, "unknown_value", _("Choose one of: %s.") % ", ".join(words))
    return said


def _area(user, asked: Any) -> arg.Area:
    """The area or office named, if she sees the whole of it; without a name her widest area."""
    if opd := asked.get("opd"):
        number = int(opd) if opd.isascii() and opd.isdecimal() and len(opd) < 10 else 0
        return _there(user.opds_with("view").filter(pk=number))
    if code := asked.get("area"):
        rows = {
            AreaLevel.REGENCY: user.regencies_with,
            AreaLevel.DISTRICT: user.districts_with,
            AreaLevel.VILLAGE: user.villages_with,
        }.get(level_of(code))
        return _there(rows("view").filter(code=code)) if rows else _there(None)
    for rows in (user.regencies_with, user.districts_with, user.villages_with):
        if found := rows("view").order_by("code").first():
            return found
    return _there(None)


def _there(rows: Any) -> arg.Area:
    found = rows.first() if rows is not None else None
    if found is None:
        raise Http404
    return found


def _area_row(area: arg.Area) -> dict[str, Any]:
    is_office = isinstance(area, Opd)
    return {
        "level": area._meta.model_name,
        "id": area.pk if is_office else None,
        "code": None if is_office else area.code,
        "name": area.name,
    }


def _target(user, area: arg.Area, year: int) -> dict[str, Any] | None:
    """What the regency means to reach, for whoever sees the whole of it."""
    if isinstance(area, Village):
        regency = area.district.regency_id
    else:
        regency = getattr(area, "regency_id", area.pk)
    found = ArgTarget.objects.visible_to(user).filter(regency=regency, year=year).first()
    if found is None:
        return None
    return {"percent": float(found.percent), "denominator": found.denominator}


def _codes(by: str, rows: Any) -> dict[Any, str]:
    """Codes of the areas that rows stand for, by key."""
    table = {"district": District, "village": Village}.get(by)
    keys = [one.key for one in rows if one.key is not None]
    return dict(table.reference.filter(pk__in=keys).values_list("pk", "code")) if table else {}


def _row(one: arg.Row, by: str, codes: dict[Any, str]) -> dict[str, Any]:
    office = one.key[1] if by == "opd" and one.key and one.key[0] == "opd" else None
    return {
        "title": str(one.title),
        "code": codes.get(one.key) if codes else None,
        "opd": office,
        "category": one.key if by == "category" else None,
        "lines": one.lines,
        "money": _money(one.money),
        "categories": [
            {"category": number, **_money(money)} for number, money in one.by_category.items()
        ],
        "total": _money(one.total) if one.total else None,
        "shares": {measure: _share(one.share(measure)) for measure in arg.MEASURES},
    }


def _money(money: arg.Money) -> dict[str, int | None]:
    return {measure: money.of(measure) for measure in arg.MEASURES}


def _share(pair: tuple[int, int] | None) -> dict[str, Any] | None:
    if pair is None:
        return None
    part, whole = pair
    return {
        "numerator": part,
        "denominator": whole,
        "percent": (2000 * part + whole) // (2 * whole) / 10,
    }


urlpatterns = [
    path("gender-budget/summary/", BudgetSummaryView.as_view(), name="gender-budget-summary")
]
