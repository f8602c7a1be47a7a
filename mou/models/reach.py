"""Who sees what the office keeps of a regency."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class RegencyQuerySet(models.QuerySet):
    """Rows of a whole regency: open to whoever sees one of its villages; kept by its office."""

    regency_path = "regency"

    def visible_to(self, user):
        return self.permitting(user, "view")

    def permitting(self, user, capability: str):
        if not user.is_authenticated:
            return self.none()
        if user.covers_everything_with(capability):
            return self.all()
        whole = Q(**{f"{self.regency_path}__in": user.regencies_with(capability)})
        if capability != "view":
            return self.filter(whole)
        villages = user.villages_with("view").order_by().values("district__regency")
        return self.filter(whole | Q(**{f"{self.regency_path}__in": villages}))


class InstitutionQuerySet(RegencyQuerySet):
    """Rows about the regency's government: for whoever sees a whole district of it, or more."""

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        districts = user.districts_with("view").order_by().values("regency")
        reach = Q(**{f"{self.regency_path}__in": districts})
        return self.filter(reach | Q(**{f"{self.regency_path}__in": user.regencies_with("view")}))
