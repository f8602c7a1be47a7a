"""Read models: sums and counts recomputed from the facts by `rollups`, never written elsewhere."""

from django.db import models

from core.querysets import ScopedQuerySet
from villages.models import Village

from ..periods import Period
from .program import Program
from .vocabulary import Basis


class ReceiptSeries(models.Model):
    """The last receipt number given in one regency and month, e.g. "6401-2603" → 418."""

    prefix = models.CharField(max_length=12, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}-{self.last:05d}"


class Heads(models.Model):
    """Head counts, in person-activities; each only from records that hold both sexes.

    `*_beneficiaries` are people on a list; `*_estimated` were only estimated and prove access,
    never benefit (domain.md 3.5 row 3).
    """

    activities = models.PositiveIntegerField(default=0)
    counted = models.PositiveIntegerField(default=0)
    with_women = models.PositiveIntegerField(default=0)
    called_off = models.PositiveIntegerField(default=0)
    women_participants = models.PositiveBigIntegerField(default=0)
    men_participants = models.PositiveBigIntegerField(default=0)
    women_beneficiaries = models.PositiveBigIntegerField(default=0)
    men_beneficiaries = models.PositiveBigIntegerField(default=0)
    women_estimated = models.PositiveBigIntegerField(default=0)
    men_estimated = models.PositiveBigIntegerField(default=0)
    women_deciders = models.PositiveBigIntegerField(default=0)
    men_deciders = models.PositiveBigIntegerField(default=0)
    women_proposals_accepted = models.PositiveBigIntegerField(default=0)
    children = models.PositiveBigIntegerField(default=0)
    budget_spent = models.PositiveBigIntegerField(default=0)

    class Meta:
        abstract = True


class MonthQuerySet(ScopedQuerySet):
    def within(self, period: Period):
        """The months of a period."""
        first, last = period.first_month, period.last_month
        return self.filter(year=period.year, month__range=(first, last))


class ProgramVillageMonth(Heads):
    """Additive sums of one program in one village in one month on one basis."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="months")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="months")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=8, choices=Basis)

    objects = MonthQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["village", "year", "basis", "program", "month"], name="month_once"
            )
        ]
        indexes = [models.Index(fields=["program", "year", "basis"], name="month_by_program")]

    def __str__(self) -> str:
        return f"{self.program_id} {self.village_id} {self.year}-{self.month:02d} {self.basis}"


class PeriodQuerySet(ScopedQuerySet):
    def of(self, year: int, semester: int = 0, basis: str = Basis.VERIFIED):
        return self.filter(year=year, semester=semester, basis=basis)


class VillagePeriod(Heads):
    """One village in one year or semester (0 = whole year) on one basis: its programs by level.

    `level_*` count programs; `women_target_*` count those for women only, a part of the former
    shown apart so that it cannot hide exclusion elsewhere (domain.md 3.5 row 7).
    """

    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="periods")
    year = models.PositiveSmallIntegerField()
    semester = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=8, choices=Basis)
    no_data = models.PositiveIntegerField(default=0)
    level_0 = models.PositiveIntegerField(default=0)
    level_1 = models.PositiveIntegerField(default=0)
    level_2 = models.PositiveIntegerField(default=0)
    level_3 = models.PositiveIntegerField(default=0)
    level_4 = models.PositiveIntegerField(default=0)
    men_with_gender_goal = models.PositiveIntegerField(default=0)
    women_target_judged = models.PositiveIntegerField(default=0)
    women_target_involved = models.PositiveIntegerField(default=0)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["village", "year", "semester", "basis"], name="period_once"
            )
        ]
        indexes = [models.Index(fields=["year", "semester", "basis"], name="period_by_time")]

    def __str__(self) -> str:
        return f"{self.village_id} {self.year}/{self.semester} {self.basis}"
