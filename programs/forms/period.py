"""What is said of a period: why it is revised, what should be corrected, the office's answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CountField
from villages.models import Village

from .shared import Refusable

MOST_LETTERS = 500


def reason_field(label, hint="") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason in a few words.")},
    )


class RevisionForm(Refusable, forms.Form):
    reason = reason_field(
        _("Why are the figures made anew?"),
        _("Everyone who may open this period reads this. Write no names of persons."),
    )


class CorrectionRequestForm(Refusable, forms.Form):
    village = forms.ModelChoiceField(
        Village.objects.none(), to_field_name="code", label=_("Village")
    )
    reason = reason_field(_("What should be corrected, and why?"))

    def __init__(self, *args, villages, **options):
        super().__init__(*args, **options)
        field = self.fields["village"]
        field.queryset = villages
        field.label_from_instance = lambda one: f"{one.title}, {one.district.name}"
        first_two = list(villages[:2])
        if len(first_two) == 1:
            field.initial, field.empty_label = first_two[0].code, None


class AnswerForm(Refusable, forms.Form):
    verdict = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            ("accept", _("Make a new revision")),
            ("decline", _("The closed figures stay")),
        ],
        widget=forms.RadioSelect,
    )
    answer = reason_field(
        _("Explanation for the one who asked"),
        _("Only the one who asked and the office read this."),
    )

    def said(self) -> dict[str, Any]:
        return {
            "accept": self.cleaned_data["verdict"] == "accept",
            "answer": self.cleaned_data["answer"],
        }


class YearTargetsForm(Refusable, forms.Form):
    """The target of each of these areas for a year, percent; empty = the area above decides."""

    def __init__(self, data=None, *, areas: Sequence[tuple[str, str]], own: dict[str, int]):
        super().__init__(data)
        for code, title in areas:
            spoken = _("%(what)s, %(village)s") % {"what": _("target in percent"), "village": title}
            field = CountField(what=spoken, required=False, initial=own.get(code))
            field.widget.attrs |= {"aria-label": spoken, "size": 4}
            self.fields[code] = field

    def changed(self) -> dict[str, int | None]:
        """{area code: percent, or None to take the target away} where it is not as it was."""
        return {code: self.cleaned_data[code] for code in self.changed_data}
