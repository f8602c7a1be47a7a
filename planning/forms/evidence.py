"""Forms of the binder: which year and office, a piece of evidence, its tags, the questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import WordedForm
from core.identifiers import uuid7
from core.sheets import MOST_BYTES
from programs.forms.shared import Refusable, YearField
from villages.models import Opd, Regency

from ..models import CycleStep, Evidence, EvidenceTag, Prerequisite, Question
from ..services.questions import QuestionSaid, said_in, said_in_sheet
from .document import OwnerField, owners_of

BY_PREREQUISITE, BY_CYCLE = "prasyarat", "siklus"
KINDS = (
    ("document", _("Documents")),
    ("activity", _("Activity records and photos")),
    ("gap", _("GAP")),
    ("gbs", _("GBS")),
    ("kak", _("KAK")),
)


class BinderForm(WordedForm, forms.Form):
    """`?year=&opd=&menurut=`: which binder is looked at."""

    year = YearField(label=_("Evaluation year"), required=False)
    opd = forms.ModelChoiceField(
        label=_("Office"), required=False, queryset=Opd.objects.none(), empty_label=_("All")
    )
    menurut = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=((BY_PREREQUISITE, BY_PREREQUISITE), (BY_CYCLE, BY_CYCLE)),
    )

    def __init__(self, data, *, user, year: int):
        super().__init__(data.copy() if data else {})
        self.fields["opd"].queryset = user.opds_with("view").order_by("name")
        self._year = year
        if not self.data.get("year"):
            self.data = {**self.data.dict(), "year": str(year)} if data else {"year": str(year)}

    @property
    def asked_year(self) -> int:
        return getattr(self, "cleaned_data", {}).get("year") or self._year

    @property
    def asked_opd(self) -> Opd | None:
        return getattr(self, "cleaned_data", {}).get("opd")

    @property
    def by_cycle(self) -> bool:
        return getattr(self, "cleaned_data", {}).get("menurut") == BY_CYCLE


class SearchForm(WordedForm, forms.Form):
    """`?kind=&search=`: what could become evidence."""

    kind = forms.ChoiceField(label=_("Where to look"), choices=KINDS)
    search = forms.CharField(label=_("Search"), required=False, max_length=100)


class EvidenceForm(Refusable, WordedForm, forms.ModelForm):
    """One piece under the uid that the page made, so that sending twice makes one."""

    field_order = ("uid", "title", "owner", "note")

    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
    owner = OwnerField()

    class Meta:
        model = Evidence
        fields = ("title", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"title": _("Stands in the index and names the file in the ZIP.")}

    def __init__(self, *args, user, owner: tuple[Regency, Opd | None] | None = None, **options):
        """`owner`: whom the thing belongs to; a document's own is not asked for."""
        super().__init__(*args, **options)
        owners = owners_of(user)
        known = next((key for key, one in owners.items() if one == owner), None)
        self.fields["owner"].offer(owners)
        self.fields["owner"].initial = self.fields["owner"].initial or known

    def pin_owner(self) -> None:
        """Only the owner known already."""
        field = self.fields["owner"]
        field.offer({key: one for key, one in field.owners.items() if key == field.initial})

    def said(self) -> dict[str, Any]:
        """What the service takes beside the thing itself."""
        regency, opd = self.cleaned_data["owner"]
        said = {name: self.cleaned_data[name] for name in ("uid", "title", "note")}
        return said | {"regency": regency, "opd": opd}


class TagsForm(Refusable, WordedForm, forms.Form):
    """What a piece is evidence for in one year: one piece answers several questions."""

    year = forms.IntegerField(widget=forms.HiddenInput)
    prerequisites = forms.MultipleChoiceField(
        label=_("Prerequisites"),
        required=False,
        choices=Prerequisite.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    cycles = forms.MultipleChoiceField(
        label=_("Steps of the cycle"),
        required=False,
        choices=CycleStep.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    questions = forms.ModelMultipleChoiceField(
        label=_("Questions"),
        required=False,
        queryset=Question.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data=None, *, piece: Evidence, year: int):
        tags = EvidenceTag.objects.filter(evidence=piece, year=year)
        super().__init__(data, initial={"year": year} | _held(tags))
        asked = Question.objects.filter(regency=piece.regency_id, year=year)
        self.fields["questions"].queryset = asked
        if not asked:
            del self.fields["questions"]

    def said(self) -> dict[str, Any]:
        names = ("prerequisites", "cycles", "questions")
        return {name: self.cleaned_data.get(name, ()) for name in names}


def _held(tags) -> dict[str, list]:
    return {
        "prerequisites": [tag.prerequisite for tag in tags if tag.prerequisite],
        "cycles": [tag.cycle for tag in tags if tag.cycle],
        "questions": [tag.question_id for tag in tags if tag.question_id],
    }


class QuestionsForm(Refusable, WordedForm, forms.Form):
    """The whole list of a year: pasted, or as a sheet."""

    year = forms.IntegerField(widget=forms.HiddenInput)
    rows = forms.CharField(
        label=_("Questions, one in each line"),
        required=False,
        max_length=600_000,
        strip=False,
        help_text=_("code;question;prerequisite;step of the cycle"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or a sheet with these four columns"),
        required=False,
        allow_empty_file=True,
        help_text=_("CSV or XLSX, at most 5 MB. It goes before what is written above."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def refuse(self, answer) -> None:
        """Problems name rows; they stand beside whatever the rows came in."""
        where = "file" if self.cleaned_data.get("file") else "rows"
        for problem in answer.problems:
            self.add_error(where, forms.ValidationError(problem.detail, code=problem.code))

    def said(self) -> list[QuestionSaid]:
        """Refused where the sheet cannot be read."""
        sheet = self.cleaned_data.get("file")
        if sheet is None:
            return said_in(self.cleaned_data["rows"])
        return said_in_sheet(sheet.read(MOST_BYTES + 1))


def as_lines(questions) -> str:
    """The list as it may be pasted again."""
    return "\n".join(map(_line, questions))


def _line(one: Question) -> str:
    """A question with a semicolon inside stands between tabs."""
    mark = "\t" if ";" in one.text else ";"
    prerequisite = one.get_prerequisite_display() if one.prerequisite else ""
    cycle = one.get_cycle_display() if one.cycle else ""
    return mark.join((one.code, one.text, str(prerequisite), str(cycle))).rstrip(mark)
