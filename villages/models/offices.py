"""The offices of a regency's government."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .areas import District, Regency
from .public import PublicQuerySet


class OpdQuerySet(PublicQuerySet):
    def permitting(self, user, capability: str):
        """Offices for which `user` holds `capability`."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(pk__in=user.opds_with(capability))


class Opd(models.Model):
    """One government office (organisasi perangkat daerah) of a regency, with dates."""

    class Kind(models.TextChoices):
        SECRETARIAT = "sekretariat", _("Secretariat")
        INSPECTORATE = "inspektorat", _("Inspectorate")
        AGENCY = "dinas", _("Agency (dinas)")
        BOARD = "badan", _("Board (badan)")
        UNIT = "satuan", _("Unit (satuan)")
        HOSPITAL = "rsud", _("Hospital (RSUD)")
        DISTRICT = "kecamatan", _("District office")

    name = models.CharField(_("office name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    kind = models.CharField(_("kind of office"), max_length=12, choices=Kind)
    regency = models.ForeignKey(
        Regency, on_delete=models.PROTECT, related_name="opds", verbose_name=_("regency")
    )
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opds",
        verbose_name=_("district"),
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("part of")
    )
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_until = models.DateField(_("in force until"), null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)

    objects = OpdQuerySet.as_manager()
    # The list of offices as everyone signed in may read it.
    reference = PublicQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("government office")
        verbose_name_plural = _("government offices")
        constraints = [
            models.UniqueConstraint(fields=["regency", "name"], name="opd_name_once_in_regency")
        ]

    def __str__(self) -> str:
        return self.acronym or self.name
