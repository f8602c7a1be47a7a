"""Duties as a list and as files, and the records behind the figure of one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import django_filters as filters
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.tables import Column, Table
from programs.exports import notes_of_list
from programs.filters.shared import ListFilter
from programs.models import Activity

from .coverage import partner_agreements
from .measured import Progress, progress_of
from .models import Agreement, Obligation, Partner
from .standing import live

#: How far a duty has come, by the word in the address.
STATES = {
    "late": (_("Late"), lambda one: one.late),
    "open": (_("Under way"), lambda one: not one.reached and not one.late),
    "reached": (_("Reached"), lambda one: one.reached),
}
RUNNING, ALL = "running", "all"


def partners_of(request) -> QuerySet[Partner]:
    return Partner.objects.visible_to(request.user)


class DutyFilter(ListFilter):
    """Duties by the agreement's partner, how far they have come, and of which agreements; those
    of agreements in force unless all are asked for."""

    partner = filters.ModelChoiceFilter(
        label=_("Partner"), queryset=partners_of, method="filter_partner", empty_label=_("All")
    )
    state = filters.ChoiceFilter(
        label=_("Progress"),
        choices=[(word, label) for word, (label, _fits) in STATES.items()],
        method="filter_state",
        empty_label=_("All"),
    )
    agreements = filters.ChoiceFilter(
        label=_("Agreements"),
        choices=[(ALL, _("All, also drafts and ended ones"))],
        method="filter_state",
        empty_label=_("In force"),
    )

    class Meta:
        model = Agreement
        fields: tuple[str, ...] = ()

    def filter_partner(self, agreements, _name, partner: Partner):
        return agreements.filter(pk__in=partner_agreements(partner))

    def filter_state(self, agreements, _name, _word):
        """Read by `duties_of`: no column says it."""
        return agreements


def duties_of(found: DutyFilter, today: date) -> list[Progress]:
    """The duties of a filtered list: late ones first, then those due first."""
    said = found.form.cleaned_data
    agreements = found.qs
    if said["agreements"] != ALL:
        agreements = agreements.filter(live(today))
    rows = [one for duties in progress_of(agreements, today).values() for one in duties]
    if word := said["state"]:
        _label, fits = STATES[word]
        rows = [one for one in rows if fits(one)]
    return sorted(
        rows,
        key=lambda one: (
            one.reached,
            not one.late,
            one.due_on or date.max,
            one.obligation.agreement.title,
            one.obligation.position,
        ),
    )


def duties_table(rows: Iterable[Progress], found: ListFilter, now: datetime) -> Table:
    """The duties of a filtered list, in its order."""
    columns = [
        Column("agreement", gettext("Agreement")),
        Column("party", gettext("Party that bears it")),
        Column("duty", gettext("Duty")),
        Column("measured_by", gettext("Way of measuring"), paper=False),
        Column("stage", gettext("Stage"), paper=False),
        Column("value", gettext("Reached so far"), "count"),
        Column("reported", gettext("With those not yet verified"), "count", paper=False),
        Column("target", gettext("Target"), "count"),
        Column("unit", gettext("Unit"), paper=False),
        Column("due_on", gettext("Due on"), "day"),
        Column("state", gettext("Progress")),
        Column("as_of", gettext("As of"), "day", paper=False),
        Column("uid", gettext("Identifier"), "code", paper=False),
    ]
    cells = [
        (
            one.obligation.agreement.title,
            str(one.obligation.party),
            one.obligation.text,
            one.obligation.get_measure_display(),
            one.obligation.get_stage_display(),
            one.value,
            one.reported,
            one.target,
            one.obligation.unit,
            one.due_on,
            next(str(label) for label, fits in STATES.values() if fits(one)),
            one.as_of,
            str(one.obligation.pk),
        )
        for one in rows
    ]
    return Table("kewajiban", gettext("Duties"), columns, cells, notes_of_list(found, now))


def records_table(duty: Obligation, records: QuerySet[Activity], now: datetime) -> Table:
    """The records behind the figure of one duty, as far as the reader sees them."""
    columns = [
        Column("held_on", gettext("Date"), "day"),
        Column("title", gettext("Activity name")),
        Column("village", gettext("Village")),
        Column("district", gettext("District")),
        Column("author", gettext("Recorded by")),
        Column("women", gettext("Women present"), "count"),
        Column("state", gettext("State")),
        Column("uid", gettext("Identifier"), "code", paper=False),
    ]
    cells = [
        (
            one.held_on,
            one.title,
            one.village.title,
            one.village.district.name,
            str(one.author),
            one.women_participants,
            one.get_state_display(),
            str(one.pk),
        )
        for one in records
    ]
    moment = timezone.localtime(now).isoformat(sep=" ", timespec="seconds")
    notes = [(gettext("Duty"), duty.text), (gettext("Downloaded at"), moment)]
    if settings.PUG_DEMO:
        notes.append((gettext("Sample data"), gettext("invented, not the state of any village")))
    return Table("kewajiban-kegiatan", gettext("Activities behind a duty"), columns, cells, notes)
