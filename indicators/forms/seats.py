"""The form of women's seats: two small numbers for each body; everything may stay empty."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CountField, DayField, RupiahField, WordedForm
from programs.forms.shared import Refusable

from ..models import MEETINGS, ProposalStage, Representation, Seat, Sex
from ..seat_terms import GROUPS, SeatsSaid, seats_in, stages_in

MOST_PEOPLE = 100_000
PARTS = {
    "women": _("Women"),
    "total": _("All"),
    "number": _("Proposals"),
    "amount": _("Rupiah"),
}
YES_NO = (("", _("Not known")), ("yes", _("Yes, it was held")), ("no", _("No, it was not held")))
HEADS = (("", _("Not known")), *Sex.choices)
_HELD = {"yes": True, "no": False}
#: What a first form takes over from the year before: people who stay, not meetings and money.
STAYING = tuple(seat for seat in Seat if seat not in MEETINGS)


HINTS = {
    Seat.BPD: _("5 to 9 members, an odd number; at least 1 woman (Permendagri 110/2016)."),
    Seat.OFFICIALS: _("Without the head."),
    Seat.RPJMDES_TEAM: _("At least 1 woman (Permendagri 114/2014)."),
    Seat.RKPDES_TEAM: _("At least 1 woman (Permendagri 114/2014)."),
    ProposalStage.RAISED: _("Said by women, or agreed on in the special meeting of women."),
}
LURAH_HINTS = {Seat.OFFICIALS: _("Without the lurah.")}


class Row(NamedTuple):
    """One line of the form: two boxes under one name."""

    name: str
    label: Any
    hint: Any
    first: forms.BoundField
    second: forms.BoundField


class Group(NamedTuple):
    """Lines under one heading; `head`: the question about the head that goes with them."""

    title: Any
    rows: list[Row]
    head: forms.BoundField | None
    meetings: bool


def quiet(field: forms.Field) -> forms.Field:
    """Everything on this page may stay empty: said once, not at each of thirty boxes."""
    field.required, field.needed = False, "later"  # type: ignore[attr-defined]
    return field


def seat_fields(village=None, *, alone: bool = False) -> dict[str, forms.Field]:
    """`<seat>_women` and `<seat>_total` of each body, `<stage>_number` and `_amount`.

    `alone`: each label says what it belongs to, as the heading of a column must.
    """
    seats = seats_in(village) if village else Seat
    stages = stages_in(village) if village else ProposalStage
    boxes = [(one, part, CountField) for one in seats for part in ("women", "total")]
    boxes += [
        (one, *box) for one in stages for box in (("number", CountField), ("amount", RupiahField))
    ]
    found: dict[str, forms.Field] = {}
    for one, part, kind in boxes:
        whole = _("%(body)s: %(part)s") % {"body": one.label, "part": PARTS[part].lower()}
        most = {} if kind is RupiahField else {"max_value": MOST_PEOPLE}
        label = whole if alone else PARTS[part]
        found[f"{one}_{part}"] = quiet(kind(label=label, what=whole, **most))
    return found


class SeatsForm(Refusable, WordedForm, forms.Form):
    """One village-year. `village` says which bodies there are to ask for."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    head_sex = quiet(forms.ChoiceField(label=_("The village head is"), choices=HEADS))
    women_meeting = quiet(
        forms.ChoiceField(label=_("Special meeting of women before the Musrenbang"), choices=YES_NO)
    )
    women_meeting_on = quiet(DayField(label=_("Date of that meeting")))
    women_meeting_minutes = quiet(forms.CharField(label=_("Number of the minutes"), max_length=80))
    source = quiet(
        forms.CharField(
            label=_("Source of the numbers"),
            max_length=200,
            help_text=_("For example SK BPD, attendance list of the Musrenbang."),
        )
    )
    note = quiet(
        forms.CharField(label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    )
    reason = quiet(
        forms.CharField(
            label=_("Why do the verified numbers change?"),
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
    )

    def __init__(self, *args, village, verified: bool = False, **options):
        self.village = village
        super().__init__(*args, **options)
        self.fields |= seat_fields(village)
        self.order_fields(["reason", "head_sex", *seat_fields(village)])  # as on the page
        if not verified:
            del self.fields["reason"]
        if village.is_led_by_lurah:
            self.fields["head_sex"].label = _("The lurah is")
            self.fields["source"].help_text = _(
                "For example the lurah's decree, attendance list of the Musrenbang."
            )

    def groups(self) -> list[Group]:
        """The bodies that this village has."""
        here = seats_in(self.village)
        found = []
        for title, seats in GROUPS:
            rows = self._rows([one for one in seats if one in here], "women", "total")
            head = self["head_sex"] if Seat.OFFICIALS in seats else None
            found.append(Group(title, rows, head, meetings=Seat.MUSRENBANG in seats))
        return [one for one in found if one.rows]

    def funnel(self) -> list[Row]:
        return self._rows(stages_in(self.village), "number", "amount")

    def _rows(self, names, *parts: str) -> list[Row]:
        hints = HINTS | LURAH_HINTS if self.village.is_led_by_lurah else HINTS
        return [Row(one, one.label, hints.get(one, ""), *self._pair(one, *parts)) for one in names]

    def _pair(self, name: str, *parts: str):
        return (self[f"{name}_{part}"] for part in parts)

    def said(self) -> SeatsSaid:
        return said_in(self.cleaned_data)


def said_in(data: dict) -> SeatsSaid:
    """What the cleaned answers of a form or of a row of a sheet say."""
    return SeatsSaid(
        seats={
            str(seat): (data[f"{seat}_women"], data[f"{seat}_total"])
            for seat in Seat
            if f"{seat}_women" in data
        },
        proposals={
            str(stage): (data[f"{stage}_number"], data[f"{stage}_amount"])
            for stage in ProposalStage
            if f"{stage}_number" in data
        },
        head_sex=data.get("head_sex") or "",
        women_meeting=_HELD.get(data.get("women_meeting") or ""),
        women_meeting_on=data.get("women_meeting_on"),
        women_meeting_minutes=data.get("women_meeting_minutes") or "",
        source=data.get("source") or "",
        note=data.get("note") or "",
    )


def answers_of(row: Representation) -> dict:
    """What is on file as the form shows it."""
    held = {True: "yes", False: "no", None: ""}[row.women_meeting]
    found = {"version": row.version, "women_meeting": held}
    for name in ("head_sex", "women_meeting_on", "women_meeting_minutes", "source", "note"):
        found[name] = getattr(row, name)
    found |= _people(row, tuple(Seat))
    for one in row.proposals.all():
        found |= {f"{one.stage}_number": one.number, f"{one.stage}_amount": one.amount}
    return found


def start_from(row: Representation) -> dict:
    """What of the year before may still be so: who sits where, not who came to which meeting."""
    return {"head_sex": row.head_sex} | _people(row, STAYING)


def _people(row: Representation, seats: tuple[Seat, ...]) -> dict:
    found = {}
    for one in row.seats.all():
        if one.seat in seats:
            found |= {f"{one.seat}_women": one.women, f"{one.seat}_total": one.total}
    return found
