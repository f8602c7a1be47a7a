"""Scorecards of villages: versioned instruments, and what a village answers to one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from villages.models import Regency

from .review import VillageYear
from .vocabulary import AnswerState, Direction, ItemKind


class InstrumentQuerySet(models.QuerySet):
    """Instruments shipped for everybody, and those that an office made for its regency."""

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        hers = user.villages_with("view").order_by().values("district__regency")
        mine = Q(regency=None) | Q(regency__in=hers) | Q(regency__in=user.regencies_with("view"))
        drafts = Q(adopted_at__isnull=False) | Q(
            regency__in=user.regencies_with("manage_indicators")
        )
        return self.filter(mine & drafts)

    def permitting(self, user, capability: str):
        if not user.is_authenticated:
            return self.none()
        if user.covers_everything_with(capability):
            return self.all()
        return self.filter(regency__in=user.regencies_with(capability))

    def adopted(self):
        return self.filter(adopted_at__isnull=False)


class Instrument(models.Model):
    """One version of one scorecard. Once adopted its items never change: a change is a new
    version, and what was assessed by the old one stays as it is.

    `scored`: pillars with weights make a score of 0–100 and a level; else items are fulfilled or
    not, and are counted.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(_("short name"), max_length=30, help_text="drppa, sdgs5, drg …")
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    regency = models.ForeignKey(
        Regency, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("regency")
    )
    title = models.CharField(_("title"), max_length=150)
    basis = models.CharField(_("basis"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)
    scored = models.BooleanField(_("gives a score"), default=False)
    first_year = models.PositiveSmallIntegerField(_("used from year"))
    last_year = models.PositiveSmallIntegerField(_("used until year"), null=True, blank=True)
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors"
    )
    adopted_at = models.DateTimeField(null=True, blank=True)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        ordering = ["key", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["regency", "key", "number"],
                condition=Q(regency__isnull=False),
                name="instrument_version_once_in_regency",
            ),
            models.UniqueConstraint(
                fields=["key", "number"],
                condition=Q(regency=None),
                name="instrument_version_once",
            ),
            models.CheckConstraint(
                name="instrument_years_in_order",
                condition=Q(last_year=None) | Q(last_year__gte=models.F("first_year")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class OfInstrument(models.QuerySet):
    def visible_to(self, user):
        return self.filter(instrument__in=Instrument.objects.visible_to(user))

    def permitting(self, user, capability: str):
        return self.filter(instrument__in=Instrument.objects.permitting(user, capability))


class Pillar(models.Model):
    """One part of a scored instrument; the weights of all parts sum to 100."""

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="pillars")
    code = models.SlugField(_("code"), max_length=20)
    title = models.CharField(_("title"), max_length=150)
    weight = models.PositiveSmallIntegerField(_("weight"), help_text=_("Of 100"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "code"], name="pillar_code_once")
        ]

    def __str__(self) -> str:
        return self.title


class InstrumentItem(models.Model):
    """One thing that is asked. `computed` names what the portal fills in (computed.py);
    `restricted`: cases of violence and the like, for reviewers and the village alone; no result
    that others read tells of them.
    """

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="items")
    pillar = models.ForeignKey(
        Pillar, on_delete=models.CASCADE, null=True, blank=True, related_name="items"
    )
    code = models.CharField(_("code"), max_length=20)
    title = models.CharField(_("what is asked"), max_length=300)
    help = models.CharField(_("how it is measured"), max_length=500, blank=True)
    kind = models.CharField(_("kind of answer"), max_length=7, choices=ItemKind)
    target = models.DecimalField(
        _("target"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    direction = models.CharField(
        _("better is"), max_length=8, choices=Direction, default=Direction.AT_LEAST
    )
    computed = models.SlugField(_("filled in by the portal"), max_length=40, blank=True)
    restricted = models.BooleanField(_("for reviewers only"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects = OfInstrument.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "code"], name="instrument_item_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class ScoreLevel(models.Model):
    """One level of a scored instrument and the least score for it."""

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="levels")
    code = models.SlugField(_("code"), max_length=20)
    label = models.CharField(_("level"), max_length=60)
    least = models.PositiveSmallIntegerField(_("from score"))

    class Meta:
        ordering = ["least"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "code"], name="score_level_code_once"),
            models.UniqueConstraint(fields=["instrument", "least"], name="score_level_least_once"),
        ]

    def __str__(self) -> str:
        return self.label


class Gate(models.Model):
    """No level above `cap` as long as the item does not reach `least`, whatever the score."""

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="gates")
    item = models.ForeignKey(InstrumentItem, on_delete=models.CASCADE, related_name="gates")
    least = models.DecimalField(_("at least"), max_digits=14, decimal_places=2)
    cap = models.ForeignKey(
        ScoreLevel, on_delete=models.CASCADE, verbose_name=_("no level above"), related_name="+"
    )
    words = models.CharField(_("in words"), max_length=200)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.words


class Assessment(VillageYear):
    """One village by one version of an instrument in one year."""

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="assessments")
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["-year", "village__code", "instrument__key"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "year", "instrument"], name="assessment_once"
            ),
            models.CheckConstraint(name="assessment_year", condition=Q(year__range=(2000, 2100))),
        ]

    def __str__(self) -> str:
        return f"{self.instrument.title}, {self.village} {self.year}"


class Answer(models.Model):
    """What is known of one item. `by_portal`: it was computed, and is frozen when sent in."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    item = models.ForeignKey(InstrumentItem, on_delete=models.PROTECT, related_name="answers")
    state = models.CharField(_("state"), max_length=7, choices=AnswerState)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2, null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    reporter = models.CharField(
        _("reported by"), max_length=120, blank=True, help_text="For a zero of cases"
    )
    by_portal = models.BooleanField(default=False)

    class Meta:
        ordering = ["item__position", "item_id"]
        constraints = [models.UniqueConstraint(fields=["assessment", "item"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.item.code}: {self.get_state_display()}"
