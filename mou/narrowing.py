"""What the API's lists may be narrowed by: the filters of the pages, and what tools ask besides."""

from __future__ import annotations

from uuid import UUID

import django_filters as filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from programs.filters.shared import ListFilter, in_reach, villages_of

from . import filters as pages
from .models import Body, BodyKind, MemberKind, Membership, Training


def _since() -> filters.IsoDateTimeFilter:
    return filters.IsoDateTimeFilter(
        label=_("Changed since"),
        field_name="updated_at",
        lookup_expr="gte",
        validators=[in_reach],
    )


def _day(label, field: str, lookup: str) -> filters.DateFilter:
    return filters.DateFilter(
        label=label, field_name=field, lookup_expr=lookup, validators=[in_reach]
    )


class PartnerFilter(pages.PartnerFilter):
    """And what changed since."""

    updated_since = _since()


class AgreementFilter(pages.AgreementFilter):
    """And by village and last day."""

    partner = extend_schema_field(UUID)(pages.AgreementFilter.base_filters["partner"])
    village = extend_schema_field(str)(
        filters.ModelChoiceFilter(
            label=_("Village"), to_field_name="code", queryset=villages_of, method="filter_village"
        )
    )
    ends_before = filters.DateFilter(
        label=_("Ends before"), method="filter_ends_before", validators=[in_reach]
    )
    updated_since = _since()

    def filter_village(self, rows, _name, village: str):
        """Those that hold there: by its name, by its district's, or everywhere."""
        areas = Q(areas=None, regency=village.district.regency_id)
        areas |= Q(areas__village=village) | Q(areas__district=village.district_id)
        return rows.filter(pk__in=rows.model.objects.filter(areas).order_by().values("pk"))

    def filter_ends_before(self, rows, _name, day):
        return rows.filter(Q(ends_on__lt=day) | Q(terminated_on__lt=day))


class _AsOfToday(ListFilter):
    """`live`: in force today, or not."""

    live = filters.ChoiceFilter(
        label=_("In force"), choices=[("true", _("Yes")), ("false", _("No"))], method="filter_live"
    )

    def filter_live(self, rows, _name, said: str):
        live = rows.model.objects.live_on(timezone.localdate()).order_by().values("pk")
        return rows.filter(pk__in=live) if said == "true" else rows.exclude(pk__in=live)


class FacilitatorFilter(_AsOfToday):
    """People of partners by position, partner and last day of their contract."""

    kind = filters.ChoiceFilter(label=_("Position"), choices=MemberKind.choices)
    partner = filters.UUIDFilter(label=_("Partner"), field_name="partner_id")
    ends_before = _day(_("Ends before"), "valid_until", "lt")
    updated_since = _since()

    class Meta:
        model = Membership
        fields: tuple[str, ...] = ()


class BodyFilter(_AsOfToday):
    """Bodies by kind and last day."""

    kind = filters.ChoiceFilter(label=_("Kind of body"), choices=BodyKind.choices)
    ends_before = _day(_("Ends before"), "valid_until", "lt")
    updated_since = _since()

    class Meta:
        model = Body
        fields: tuple[str, ...] = ()


class TrainingFilter(ListFilter):
    """Trainings by their day."""

    held_on_after = _day(_("From"), "held_on", "gte")
    held_on_before = _day(_("Until"), "held_on", "lte")
    updated_since = _since()

    class Meta:
        model = Training
        fields: tuple[str, ...] = ()
