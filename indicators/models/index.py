"""Gender indices by area, year and release, each value with its source (domain.md 6)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from villages.models import Regency

from .vocabulary import RevisionState, Statement


class IndexCode(models.TextChoices):
    IPG = "IPG", _("Gender development index (IPG)")
    IDG = "IDG", _("Gender empowerment index (IDG)")
    IKG = "IKG", _("Gender inequality index (IKG)")
    IPM = "IPM", _("Human development index (IPM)")
    IPM_L = "IPM_L", _("Human development index of men")
    IPM_P = "IPM_P", _("Human development index of women")
    SPENDING_L = "PENGELUARAN_PER_KAPITA_L", _("Spending per head, men (thousand rupiah a year)")
    SPENDING_P = "PENGELUARAN_PER_KAPITA_P", _("Spending per head, women (thousand rupiah a year)")


class ReleaseQuerySet(models.QuerySet):
    """Shipped releases are everybody's to read; an office keeps its own and reads no other's."""

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        hers = user.villages_with("view").order_by().values("district__regency")
        whole = user.regencies_with("view")
        return self.filter(Q(regency=None) | Q(regency__in=hers) | Q(regency__in=whole))

    def permitting(self, user, capability: str):
        if not user.is_authenticated:
            return self.none()
        if user.covers_everything_with(capability):
            return self.all()
        return self.filter(regency__in=user.regencies_with(capability))


class IndexRelease(models.Model):
    """One publication of one index by one method: only values of one release share a line.

    `regency`: whose office entered it; none for what the portal ships.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    index = models.CharField(_("index"), max_length=24, choices=IndexCode)
    regency = models.ForeignKey(
        Regency, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("regency")
    )
    title = models.CharField(_("release"), max_length=200)
    publisher = models.CharField(_("publisher"), max_length=120)
    source_url = models.CharField(_("address of the source"), max_length=500, blank=True)
    source = models.CharField(_("source"), max_length=300)
    method = models.CharField(_("method or base"), max_length=200, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    state = models.CharField(
        _("revision state"),
        max_length=11,
        choices=RevisionState,
        default=RevisionState.UNKNOWN,
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["index", "title", "uid"]
        constraints = [
            models.UniqueConstraint(
                fields=["index", "regency", "title"],
                condition=Q(removed_at=None, regency__isnull=False),
                name="index_release_once_in_regency",
            ),
            models.UniqueConstraint(
                fields=["index", "title"],
                condition=Q(removed_at=None, regency=None),
                name="index_release_once",
            ),
            models.CheckConstraint(name="index_release_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return self.title


class IndexValueQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(release__in=IndexRelease.objects.visible_to(user))

    def permitting(self, user, capability: str):
        return self.filter(release__in=IndexRelease.objects.permitting(user, capability))

    def standing(self):
        return self.filter(release__removed_at=None)


class IndexValue(models.Model):
    """One value of one area in one year, as one release gives it. `area_code` is Kemendagri's,
    "0" for the nation."""

    release = models.ForeignKey(IndexRelease, on_delete=models.CASCADE, related_name="values")
    area_code = models.CharField(_("area code"), max_length=13)
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=3)
    evidence = models.CharField(
        _("how surely"), max_length=13, choices=Statement, default=Statement.STATED
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = IndexValueQuerySet.as_manager()

    class Meta:
        ordering = ["release", "area_code", "year"]
        indexes = [models.Index(fields=["area_code", "year"], name="index_value_by_area")]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "area_code", "year"], name="index_value_once"
            ),
            models.CheckConstraint(name="index_value_year", condition=Q(year__range=(1990, 2100))),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.year}: {self.value}"
