"""Partners of the office and the people who work for them."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from villages.models import Opd, Regency

from .reach import RegencyQuerySet
from .vocabulary import MemberKind, PartnerKind


class Partner(models.Model):
    """One organisation with which a regency's government works: TPP, PPDI, a college …"""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    regency = models.ForeignKey(Regency, on_delete=models.PROTECT, verbose_name=_("regency"))
    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    kind = models.CharField(_("kind of partner"), max_length=12, choices=PartnerKind)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_phone = models.CharField(_("phone number"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    ended_on = models.DateField(_("no longer a partner since"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = RegencyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "uid"]
        constraints = [
            models.UniqueConstraint(fields=["regency", "name"], name="partner_name_once")
        ]

    def __str__(self) -> str:
        return self.acronym or self.name


class MembershipQuerySet(RegencyQuerySet):
    regency_path = "partner__regency"

    def live_on(self, day: date):
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day, withdrawn_at=None
        )


class Membership(models.Model):
    """For which partner one person works, as what, from when until when (a yearly contract).

    Where a facilitator works is told by her grants, never here.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    kind = models.CharField(_("position"), max_length=6, choices=MemberKind)
    contract = models.CharField(_("number of the contract"), max_length=80, blank=True)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["person__name", "-valid_from"]
        indexes = [models.Index(fields=["person", "valid_from"], name="membership_by_person")]
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_kind_display()})"

    def is_live_on(self, day: date) -> bool:
        begun = self.valid_from <= day and self.withdrawn_at is None
        return begun and (self.valid_until is None or self.valid_until >= day)


class PartyOffice(models.Model):
    """What a party of an agreement can be: a partner, or an office of the government itself."""

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opd = models.ForeignKey(Opd, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def organisation(self) -> Partner | Opd:
        return self.partner or self.opd  # type: ignore[return-value]
