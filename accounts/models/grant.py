"""Grants: what a person may do, where, from when and until when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.capabilities import EVERYTHING_ROLES, Role
from core.identifiers import uuid7
from villages.models import District, Opd, Regency, Village

if TYPE_CHECKING:
    from .person import User


class GrantQuerySet(models.QuerySet):
    def live_on(self, day: date):
        """Grants in force on `day`, first and last day included."""
        return self.filter(
            Q(valid_from__lte=day), Q(valid_until=None) | Q(valid_until__gte=day), revoked_at=None
        )

    def standing_on(self, day: date):
        """Grants in force on `day` or later."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), revoked_at=None)

    def visible_to(self, actor: User):
        """Grants over areas where `actor` looks after people."""
        return self.permitting(actor, "manage_users")

    def permitting(self, actor: User, capability: str):
        """Grants over areas in which `actor` holds `capability`."""
        if not actor.is_authenticated:
            return self.none()
        if actor.covers_everything_with(capability):
            return self.all()
        return self.filter(
            Q(village__in=actor.villages_with(capability))
            | Q(district__in=actor.districts_with(capability))
            | Q(regency__in=actor.regencies_with(capability))
            | Q(opd__in=actor.opds_with(capability))
        )


class Grant(models.Model):
    """One role of one person over one area (or everything), from a day until a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, null=True, blank=True)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True)
    regency = models.ForeignKey(Regency, on_delete=models.PROTECT, null=True, blank=True)
    opd = models.ForeignKey(Opd, on_delete=models.PROTECT, null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    note = models.CharField(max_length=200, blank=True)

    objects = GrantQuerySet.as_manager()

    AREAS = ("village", "district", "regency", "opd")

    class Meta:
        ordering = ["-valid_from", "pk"]
        indexes = [models.Index(fields=["user", "valid_until"], name="grant_by_user")]
        constraints = [
            models.CheckConstraint(
                name="grant_at_most_one_area",
                condition=Q(village=None, district=None, regency=None)
                | Q(village=None, district=None, opd=None)
                | Q(village=None, regency=None, opd=None)
                | Q(district=None, regency=None, opd=None),
            ),
            models.CheckConstraint(
                name="grant_everything_for_offices_only",
                condition=Q(role__in=sorted(EVERYTHING_ROLES))
                | Q(village__isnull=False)
                | Q(district__isnull=False)
                | Q(regency__isnull=False)
                | Q(opd__isnull=False),
            ),
            models.CheckConstraint(
                name="grant_ends_after_start",
                condition=Q(valid_until=None) | Q(valid_until__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.area or _('everything')}"

    def is_live_on(self, day: date) -> bool:
        """It is in force on `day`."""
        return self.valid_from <= day and self.is_standing_on(day)

    def is_standing_on(self, day: date) -> bool:
        """It is in force on `day`, or will be."""
        return self.revoked_at is None and (self.valid_until is None or self.valid_until >= day)

    @property
    def area(self) -> Village | District | Regency | Opd | None:
        return self.village or self.district or self.regency or self.opd

    @property
    def covers_everything(self) -> bool:
        return not (self.village_id or self.district_id or self.regency_id or self.opd_id)
