"""Province, regency, district and village, and their earlier codes and names.

Codes are those of the Ministry of Home Affairs (Kemendagri), with dots. They change when
areas split, so rows point at small surrogate keys and every change of code or name is kept.
"""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.querysets import ScopedQuerySet

from .public import PublicQuerySet


class Level(models.TextChoices):
    PROVINCE = "province", _("Province")
    REGENCY = "regency", _("Regency")
    DISTRICT = "district", _("District")
    VILLAGE = "village", _("Village")


def level_of(code: str) -> Level | None:
    """The level a Kemendagri code stands for, by its shape; None when it has no such shape."""
    return {2: Level.PROVINCE, 5: Level.REGENCY, 8: Level.DISTRICT, 13: Level.VILLAGE}.get(
        len(code)
    )


class AreaBase(models.Model):
    code = models.CharField(max_length=13, unique=True)
    name = models.CharField(max_length=120)
    ended_on = models.DateField(null=True, blank=True, help_text="Left the ministry's list on")

    objects = models.Manager()
    # The list of areas as everyone signed in may read it, whatever her grants.
    reference = PublicQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Province(AreaBase):
    """One province (provinsi)."""

    code = models.CharField(max_length=2, unique=True, validators=[RegexValidator(r"^\d\d$")])

    class Meta(AreaBase.Meta):
        verbose_name = _("province")
        verbose_name_plural = _("provinces")


class Regency(AreaBase):
    """One regency or city (kabupaten or kota); its name begins with the kind."""

    code = models.CharField(max_length=5, unique=True, validators=[RegexValidator(r"^\d\d\.\d\d$")])
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="regencies")

    class Meta(AreaBase.Meta):
        verbose_name = _("regency")
        verbose_name_plural = _("regencies")


class District(AreaBase):
    """One district (kecamatan)."""

    code = models.CharField(max_length=8, unique=True)
    regency = models.ForeignKey(Regency, on_delete=models.PROTECT, related_name="districts")

    class Meta(AreaBase.Meta):
        verbose_name = _("district")
        verbose_name_plural = _("districts")


#: So many villages are named one by one; beyond, the database is told how to find them.
MOST_NAMED = 1_000


class VillageQuerySet(ScopedQuerySet):
    village_path = "pk"

    def settled(self):
        """The same villages by their keys, read now: one query. Asked about millions of records, a
        database that sees how few villages are meant goes by its indexes."""
        keys = list(self.order_by().values_list("pk", flat=True)[: MOST_NAMED + 1])
        return self if len(keys) > MOST_NAMED else self.model.objects.filter(pk__in=keys)

    def live(self):
        """Villages that are on the ministry's present list."""
        return self.filter(ended_on=None)

    def under(self, code: str):
        """The villages below one area of any level; none for an unknown shape."""
        paths: dict[Level | None, str] = {
            Level.PROVINCE: "district__regency__province__code",
            Level.REGENCY: "district__regency__code",
            Level.DISTRICT: "district__code",
            Level.VILLAGE: "code",
        }
        path = paths.get(level_of(code))
        return self.filter(**{path: code}) if path else self.none()


class Village(AreaBase):
    """One village: a desa, a kelurahan (urban, led by a lurah, no APBDes) or a desa adat."""

    class Kind(models.TextChoices):
        DESA = "desa", _("Desa")
        KELURAHAN = "kelurahan", _("Kelurahan")
        DESA_ADAT = "desa_adat", _("Desa adat")

    kind = models.CharField(max_length=10, choices=Kind)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="villages")
    longitude = models.FloatField(null=True, blank=True, help_text="Centre point, WGS84 degrees")
    latitude = models.FloatField(null=True, blank=True)

    objects = VillageQuerySet.as_manager()  # type: ignore[misc]

    class Meta(AreaBase.Meta):
        verbose_name = pgettext_lazy("an area", "village")
        verbose_name_plural = _("villages")

    @property
    def title(self) -> str:
        """Name with its kind, as people say it: "Desa Janju", "Kelurahan Kuaro"."""
        return f"{self.get_kind_display()} {self.name}"

    @property
    def has_apbdes(self) -> bool:
        """A kelurahan is paid from the regency's budget and keeps no APBDes (domain 3.5, 18)."""
        return self.kind != self.Kind.KELURAHAN

    @property
    def is_led_by_lurah(self) -> bool:
        """A kelurahan has a lurah, a civil servant; a desa elects its head."""
        return self.kind == self.Kind.KELURAHAN


class AreaChange(models.Model):
    """One earlier code or name of one area, and until when it was in use."""

    level = models.CharField(max_length=8, choices=Level)
    code = models.CharField(max_length=13, help_text="The area's present code")
    old_code = models.CharField(max_length=13)
    old_name = models.CharField(max_length=120)
    until = models.DateField()

    class Meta:
        ordering = ["code", "-until"]
        verbose_name = _("earlier code or name")
        verbose_name_plural = _("earlier codes and names")
        constraints = [
            models.UniqueConstraint(
                fields=["level", "old_code", "old_name", "until"], name="area_change_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.old_code} {self.old_name} → {self.code}"


#: From the top down: level, its model, the field that names its parent.
LEVELS: tuple[tuple[Level, type[AreaBase], str | None], ...] = (
    (Level.PROVINCE, Province, None),
    (Level.REGENCY, Regency, "province"),
    (Level.DISTRICT, District, "regency"),
    (Level.VILLAGE, Village, "district"),
)

#: The model behind the field that names a parent.
ABOVE: dict[str, type[AreaBase]] = {
    "province": Province,
    "regency": Regency,
    "district": District,
}
