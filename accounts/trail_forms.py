"""What the page of the audit trail can be narrowed by, and where a page of it begins."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from core.audit import DOWNLOAD
from core.forms import DayField, WordedForm
from core.models import AuditEntry

from . import trail_words
from .models import User

#: Words are looked for in so many days where no first day is told: no index leads to them.
TEXT_DAYS = 31


class TrailForm(WordedForm, forms.Form):
    """Person, kind of act, period, words, and one record."""

    who = forms.CharField(label=_("Person"), max_length=80, required=False)
    what = forms.ChoiceField(label=_("About"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)
    text = forms.CharField(
        label=_("Words"),
        max_length=80,
        required=False,
    )
    record = forms.RegexField(
        r"^[a-z]{1,40}:[\w.:-]{1,60}$", required=False, widget=forms.HiddenInput()
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [("", _("Everything")), *trail_words.choices()]

    def clean(self):
        told = super().clean()
        if told.get("since") and told.get("until") and told["since"] > told["until"]:
            raise ValidationError({"until": _("The last day lies before the first.")})
        return told

    @property
    def is_of_last_days(self) -> bool:
        """Words are looked for, and no first day was told."""
        return (
            self.is_valid() and bool(self.cleaned_data["text"]) and not self.cleaned_data["since"]
        )

    @property
    def told_record(self) -> tuple[str, str] | None:
        kind, _colon, key = self.cleaned_data.get("record", "").partition(":")
        return (kind, key) if key else None

    def narrowed(self, rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """The rows that fit, for a form that is sound."""
        told = self.cleaned_data
        if told["who"]:
            named = Q(name__icontains=told["who"]) | Q(username__icontains=told["who"])
            people = User.objects.filter(named).values_list("pk", flat=True)
            rows = rows.filter(actor__in=list(people[:1_000]))
        if told["what"] == trail_words.DOWNLOADS:
            rows = rows.filter(action__startswith=DOWNLOAD)
        elif told["what"]:
            rows = rows.filter(action__in=trail_words.actions(told["what"]))
        since = told["since"]
        if told["text"]:
            since = since or timezone.localdate() - timedelta(days=TEXT_DAYS)
            rows = rows.annotate(said=Cast("changes", TextField()))
            rows = rows.filter(said__icontains=told["text"])
        if since:
            rows = rows.filter(at__gte=_midnight(since))
        if told["until"]:
            rows = rows.filter(at__lt=_midnight(told["until"] + timedelta(days=1)))
        return rows


def _midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def newest_first(rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    return rows.order_by("-at", "-pk").select_related("actor")


def behind(rows: QuerySet[AuditEntry], mark: str) -> QuerySet[AuditEntry]:
    """Those after a place that `mark_of` gave; all where it is no place."""
    moment, _comma, pk = mark.partition(",")
    try:
        at = parse_datetime(moment)
    except ValueError:
        return rows
    if at is None or timezone.is_naive(at) or not (pk.isascii() and pk.isdecimal()):
        return rows
    return rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=min(int(pk), 2**63 - 1)), at__lte=at)


def mark_of(entry: AuditEntry) -> str:
    return f"{entry.at.isoformat()},{entry.pk}"
