"""Budget lines with their ARG tag, the totals they are measured against, and targets."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from programs.models import ArgCategory, FundSource
from villages.models import District, Opd, Regency, Village

from .analysis import owned
from .statement import BudgetStatement
from .vocabulary import APPROVED_STATES, Denominator


class LineQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.permitting(user, "view")

    def permitting(self, user, capability: str):
        """Lines of owners on which she holds `capability`."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(owned(user, capability))

    def counted(self):
        """Gender budget: tagged, under a statement that is approved. All else is 0."""
        return self.filter(statement__state__in=APPROVED_STATES, category__isnull=False)


class BudgetLine(models.Model):
    """One line of an office's RKA/DPA or of a village's APBDes in one year, whole rupiah.

    `plan` (pagu), `changed` (after the changed budget) and `realised` are the whole line;
    `arg_*` the part that answers a gender gap: never more than the line. One line carries one
    category, so that no rupiah is counted twice. `key` names the line among its owner's of that
    year. `village`: where an office's money goes, when it is one.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_opd = models.ForeignKey(
        Opd, on_delete=models.PROTECT, null=True, blank=True, related_name="budget_lines"
    )
    owner_district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="budget_lines"
    )
    owner_village = models.ForeignKey(
        Village, on_delete=models.PROTECT, null=True, blank=True, related_name="budget_lines"
    )
    year = models.PositiveSmallIntegerField(_("budget year"))
    code = models.CharField(_("code of the sub-activity or activity"), max_length=40)
    account = models.CharField(_("account code"), max_length=40, blank=True)
    name = models.CharField(_("description"), max_length=300)
    fund_source = models.CharField(_("fund source"), max_length=10, choices=FundSource, blank=True)
    plan = models.PositiveBigIntegerField(_("planned"))
    changed = models.PositiveBigIntegerField(_("after the change"), null=True, blank=True)
    realised = models.PositiveBigIntegerField(_("realised"), null=True, blank=True)
    statement = models.ForeignKey(
        BudgetStatement, on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    action = models.UUIDField(
        null=True, blank=True, help_text="Key of the action of the analysis that it pays for"
    )
    category = models.PositiveSmallIntegerField(
        _("ARG category"), choices=ArgCategory, null=True, blank=True
    )
    arg_plan = models.PositiveBigIntegerField(_("planned, gender budget"), default=0)
    arg_changed = models.PositiveBigIntegerField(
        _("after the change, gender budget"), null=True, blank=True
    )
    arg_realised = models.PositiveBigIntegerField(
        _("realised, gender budget"), null=True, blank=True
    )
    village = models.ForeignKey(
        Village,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="spent_lines",
        verbose_name=_("spent in"),
    )
    key = models.CharField(max_length=64, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["year", "code", "account", "uid"]
        indexes = [
            models.Index(fields=["year", "category"], name="line_by_category"),
            models.Index(fields=["statement"], name="line_by_statement"),
        ]
        constraints = [
            models.CheckConstraint(
                name="line_exactly_one_owner",
                condition=Q(owner_opd__isnull=False, owner_district=None, owner_village=None)
                | Q(owner_opd=None, owner_district__isnull=False, owner_village=None)
                | Q(owner_opd=None, owner_district=None, owner_village__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["owner_opd", "year", "key"],
                condition=Q(owner_opd__isnull=False),
                name="line_once_for_opd",
            ),
            models.UniqueConstraint(
                fields=["owner_district", "year", "key"],
                condition=Q(owner_district__isnull=False),
                name="line_once_for_district",
            ),
            models.UniqueConstraint(
                fields=["owner_village", "year", "key"],
                condition=Q(owner_village__isnull=False),
                name="line_once_for_village",
            ),
            models.CheckConstraint(
                name="line_tag_within",
                condition=Q(arg_plan__lte=F("plan"))
                & (Q(arg_changed=None) | Q(arg_changed__lte=Coalesce("changed", "plan")))
                & (Q(arg_realised=None) | Q(arg_realised__lte=Coalesce("realised", 0))),
            ),
            models.CheckConstraint(
                name="line_tag_needs_category",
                condition=Q(category__isnull=False)
                | Q(arg_plan=0, arg_changed=None, arg_realised=None),
            ),
            models.CheckConstraint(
                name="line_realised_within",
                condition=Q(realised=None) | Q(realised__lte=Coalesce("changed", "plan")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def owner(self) -> Opd | District | Village:
        return self.owner_opd or self.owner_district or self.owner_village


class AreaOwned(models.QuerySet):
    """Rows of a regency, of one of its offices, or of a village."""

    def visible_to(self, user):
        return self.permitting(user, "view")

    def permitting(self, user, capability: str):
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(regency__in=user.regencies_with(capability))
            | Q(opd__in=user.opds_with(capability))
            | Q(village__in=user.villages_with(capability))
        )


class BudgetTotal(models.Model):
    """The total that ARG is a share of: of one regency, office or village, in one year."""

    regency = models.ForeignKey(Regency, on_delete=models.PROTECT, null=True, blank=True)
    opd = models.ForeignKey(Opd, on_delete=models.PROTECT, null=True, blank=True)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("budget year"))
    kind = models.CharField(_("kind of total"), max_length=20, choices=Denominator)
    plan = models.PositiveBigIntegerField(_("planned"))
    changed = models.PositiveBigIntegerField(_("after the change"), null=True, blank=True)
    realised = models.PositiveBigIntegerField(_("realised"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)

    objects = AreaOwned.as_manager()

    class Meta:
        ordering = ["year", "kind", "pk"]
        constraints = [
            models.CheckConstraint(
                name="total_exactly_one_place",
                condition=Q(regency__isnull=False, opd=None, village=None)
                | Q(regency=None, opd__isnull=False, village=None)
                | Q(regency=None, opd=None, village__isnull=False),
            ),
            *(
                models.UniqueConstraint(
                    fields=[place, "year", "kind"],
                    condition=Q(**{f"{place}__isnull": False}),
                    name=f"total_once_for_{place}",
                )
                for place in ("regency", "opd", "village")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"


class RegencyOwned(models.QuerySet):
    """Rows of a regency; whoever sees any of its offices or the whole of it sees them."""

    def visible_to(self, user):
        return self.permitting(user, "view")

    def permitting(self, user, capability: str):
        if not user.is_authenticated:
            return self.none()
        return self.filter(regency__in=user.regencies_with(capability))


class ArgTarget(models.Model):
    """The share of gender budget that a regency means to reach in a year, per cent of what."""

    regency = models.ForeignKey(Regency, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField(_("budget year"))
    percent = models.DecimalField(_("target, per cent"), max_digits=5, decimal_places=2)
    denominator = models.CharField(_("of which total"), max_length=20, choices=Denominator)

    objects = RegencyOwned.as_manager()

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["regency", "year"], name="arg_target_once"),
            models.CheckConstraint(
                name="arg_target_percent", condition=Q(percent__gt=0, percent__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} % {self.year}"


class MappingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A mapping is kept for the person who made it."""
        return self.filter(actor=user) if user.is_authenticated else self.none()


class ColumnMapping(models.Model):
    """Which column of a sheet holds what, saved under a name for the next year's sheet.

    `columns`: {field: heading}.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="column_mappings"
    )
    name = models.CharField(_("name"), max_length=80)
    columns = models.JSONField(default=dict)

    objects = MappingQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["actor", "name"], name="mapping_once")]

    def __str__(self) -> str:
        return self.name


class BudgetSheet(models.Model):
    """A sheet of budget lines that was sent in: tried first, taken over as a whole or not at all.

    `content` is emptied once it is taken over. `owner_*`: whose lines they are.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="budget_sheets"
    )
    owner_opd = models.ForeignKey(Opd, on_delete=models.PROTECT, null=True, blank=True)
    owner_district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True)
    owner_village = models.ForeignKey(Village, on_delete=models.PROTECT, null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("budget year"))
    name = models.CharField(_("file"), max_length=120)
    digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    columns = models.JSONField(default=dict)
    taken = models.PositiveIntegerField(null=True, help_text="Lines taken over")
    created_at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(null=True)

    objects = MappingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name
