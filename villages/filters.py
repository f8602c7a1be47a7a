"""What lists of areas and offices may be narrowed by; areas are named by Kemendagri code."""

import django_filters as filters
from django.db.models import Q, QuerySet

from .models import District, Opd, Province, Regency, Village

LONGEST = 100  # characters of a search


class AreaFilter(filters.FilterSet):
    search = filters.CharFilter(
        method="by_search",
        max_length=LONGEST,
        label="Part of the name, or the beginning of the code",
    )

    def by_search(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return queryset.filter(Q(name__icontains=value) | Q(code__startswith=value))


class ProvinceFilter(AreaFilter):
    class Meta:
        model = Province
        fields: list[str] = []


class RegencyFilter(AreaFilter):
    province = filters.CharFilter("province__code", label="Province code, such as 64")

    class Meta:
        model = Regency
        fields: list[str] = []


class DistrictFilter(AreaFilter):
    regency = filters.CharFilter("regency__code", label="Regency code, such as 64.01")

    class Meta:
        model = District
        fields: list[str] = []


class VillageFilter(AreaFilter):
    regency = filters.CharFilter("district__regency__code", label="Regency code, such as 64.01")
    district = filters.CharFilter("district__code", label="District code, such as 64.01.04")
    kind = filters.ChoiceFilter(choices=Village.Kind.choices)

    class Meta:
        model = Village
        fields: list[str] = []


class OpdFilter(filters.FilterSet):
    regency = filters.CharFilter("regency__code", label="Regency code, such as 64.01")
    kind = filters.ChoiceFilter(choices=Opd.Kind.choices)
    search = filters.CharFilter(
        method="by_search", max_length=LONGEST, label="Part of the name or the acronym"
    )

    class Meta:
        model = Opd
        fields: list[str] = []

    def by_search(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return queryset.filter(Q(name__icontains=value) | Q(acronym__icontains=value))
