"""What a reviewer says about an analysis, and what the planning board notes."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import WordedForm
from programs.forms.shared import Refusable

from ..checks import CHECKLIST
from ..reading import Cell, StepRead
from ..services.moves import RemarkSaid

LONGEST = 2000  # characters of a remark


def _text(label: str) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=area)


class ReviewForm(WordedForm, Refusable, forms.Form):
    """A remark on any row or step of the analysis, the list of common faults, and a note.

    Field names: `say_<step or row key>`, `at_<the same>` (which cell of it), `ok_<code>`.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = _text(gettext_lazy("Note for the office"))

    def __init__(self, *args, steps: list[StepRead], **kwargs):
        super().__init__(*args, **kwargs)
        self.steps = steps
        for one in steps:
            self._ask(one.step.key, str(one.step.title), one.cells)
            for row in one.rows:
                self._ask(row.key.hex, row.name, row.cells)
        for code, label in CHECKLIST:
            self.fields[f"ok_{code}"] = forms.BooleanField(label=label, required=False)

    def speak_of_village(self) -> None:
        """The page is a village's: what is asked names the village and no office."""
        self.fields["note"].label = _("Note for the village")
        self.fields["ok_external_as_internal"].label = _("Internal causes are the village's own")

    def _ask(self, key: str, name: str, cells: tuple[Cell, ...]) -> None:
        words = {"name": name}
        self.fields[f"at_{key}"] = forms.ChoiceField(
            label=_("Which part of “%(name)s”") % words,
            choices=[("", _("All of it")), *((one.field, one.label) for one in cells)],
            required=False,
        )
        self.fields[f"say_{key}"] = _text(_("Remark on “%(name)s”") % words)

    def places(self) -> Iterator[tuple[str, str, UUID | None]]:
        """Every place that can be remarked on: its field key, its step, its row."""
        for one in self.steps:
            yield one.step.key, one.step.key, None
            for row in one.rows:
                yield row.key.hex, one.step.key, row.key

    def remarks(self) -> list[RemarkSaid]:
        said = self.cleaned_data
        return [
            RemarkSaid(step, said[f"say_{key}"], row, said[f"at_{key}"])
            for key, step, row in self.places()
            if said.get(f"say_{key}")
        ]

    def checklist(self) -> list[dict[str, object]]:
        """As a version keeps it: [{code, ok}]."""
        return [{"code": code, "ok": self.cleaned_data[f"ok_{code}"]} for code, _label in CHECKLIST]

    def asked_at(self, key: str) -> list[forms.BoundField]:
        """The two things asked about one place, for its page."""
        return [self[f"at_{key}"], self[f"say_{key}"]]


class ReturnForm(ReviewForm):
    """Sending back: something has to be said."""

    def clean(self) -> None:
        if not self.errors and not self.remarks() and not self.cleaned_data.get("note"):
            words = _("Write at least one remark or a note, so that the office knows what to do.")
            self.add_error("note", words)


class ApproveForm(ReviewForm):
    """Approving: a remark would be lost to its office, so it is asked about."""

    def clean(self) -> None:
        if not self.errors and self.remarks():
            words = _("You wrote remarks. Send the GAP back with them, or empty them to approve.")
            self.add_error(None, words)


class PlanCheckForm(WordedForm, Refusable, forms.Form):
    """Bappedalitbang's word."""

    note = forms.CharField(
        label=gettext_lazy("Does it agree with Renja and RKPD?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The office and its reviewer read this."),
        error_messages={"required": gettext_lazy("Write what you found in Renja and RKPD.")},
    )


class ReviseForm(WordedForm, Refusable, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("Why is it opened again?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
