"""How many women and men live where."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .public import PublicQuerySet


class Population(models.Model):
    """Women and men of one area in one year and period by one source; null = not found."""

    area_code = models.CharField(_("area code"), max_length=13, db_index=True)
    year = models.PositiveSmallIntegerField(_("year"))
    period = models.CharField(_("period"), max_length=80)
    women = models.PositiveIntegerField(_("women"), null=True, blank=True)
    men = models.PositiveIntegerField(_("men"), null=True, blank=True)
    total = models.PositiveIntegerField(_("total"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=500)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = PublicQuerySet.as_manager()

    class Meta:
        ordering = ["area_code", "-year"]
        verbose_name = _("population figure")
        verbose_name_plural = _("population figures")
        constraints = [
            models.UniqueConstraint(
                fields=["area_code", "year", "period", "source"], name="population_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.year}: {self.total}"
