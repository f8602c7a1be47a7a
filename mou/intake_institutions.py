"""Bodies with their members, and trainings, as sheets."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Problem, Refused
from core.forms import CountField, DayField, WordedForm
from programs.intake import Intake, WordField
from villages.models import District, Opd, Regency

from .forms.institution import name_of
from .models import Body, BodyKind, BodyMember, Position, Sex, Training
from .rights import KEEP
from .services.institutions import add_body, add_training, change_body

BETWEEN = ";"  # between several names in one cell


def regency_of(user) -> Regency | None:
    """Whose list it is: the portal's own regency where she keeps it, else her first."""
    rows = user.regencies_with(KEEP).order_by("code")
    return rows.filter(code=settings.PUG_REGENCY).first() or rows.first()


def may(user) -> bool:
    return KEEP in user.capabilities


class NamedField(forms.CharField):
    """A row of a list, by its name or its short name, in any case."""

    def __init__(self, *short: str, **options):
        super().__init__(required=False, **options)
        self.by, self.rows = ("name", *short), None

    def clean(self, value):
        text = super().clean(value)
        if not text or self.rows is None:
            return None
        for name in self.by:
            found = [one for one in self.rows if getattr(one, name).casefold() == text.casefold()]
            if len(found) == 1:
                return found[0]
        words = _("“%(name)s” is not on the list. Write it as on its page in the portal.")
        raise forms.ValidationError(words, code="unknown_value", params={"name": text})


class OfRegency(WordedForm, forms.Form):
    """A row of the regency that its sender keeps."""

    def __init__(self, data=None, *, user, **options):
        super().__init__(data, **options)
        self.regency = regency_of(user)


class BodyRow(OfRegency):
    """One member of a body. Rows of one body name the same kind, office or district and decree."""

    kind = WordField(label=gettext_lazy("Kind of body"), choices=BodyKind.choices)
    opd = NamedField("acronym", label=gettext_lazy("Office"))
    district = NamedField(label=gettext_lazy("District"))
    name = forms.CharField(label=gettext_lazy("Name of the body"), max_length=200, required=False)
    decree_number = forms.CharField(
        label=gettext_lazy("Number of the decree"), max_length=120, required=False
    )
    decree_date = DayField(label=gettext_lazy("Date of the decree"), required=False)
    valid_from = DayField(label=gettext_lazy("In force from"), required=False)
    valid_until = DayField(label=gettext_lazy("In force until"), required=False)
    member = forms.CharField(label=gettext_lazy("Member"), max_length=120, required=False)
    sex = WordField(label=gettext_lazy("Sex"), choices=Sex.choices, required=False)
    position = WordField(label=gettext_lazy("Position"), choices=Position.choices, required=False)
    title = forms.CharField(label=gettext_lazy("Office and post"), max_length=150, required=False)
    office = NamedField("acronym", label=gettext_lazy("Office of the member"))

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        self.fields["opd"].rows = self.fields["office"].rows = _Offices(self.regency)
        self.fields["district"].rows = _Districts(self.regency)

    def clean(self):
        said = super().clean()
        if said.get("member") and not said.get("sex") and "sex" not in self.errors:
            words = _("Say whether this member is a woman or a man.")
            self.add_error("sex", forms.ValidationError(words, code="required"))
        return said


class _Offices:
    """Read only when a cell names one."""

    def __init__(self, regency):
        self.regency = regency

    def __iter__(self):
        return iter(Opd.reference.filter(regency=self.regency))


class _Districts(_Offices):
    def __iter__(self):
        return iter(District.reference.filter(regency=self.regency, ended_on=None))


def save_body(form: BodyRow, actor) -> Body:
    """The body is on file with this member; a body that is there gains her."""
    said = form.cleaned_data
    body = _known(form.regency, said)
    people = [_member(said)] if said["member"] else []
    if body is None:
        return add_body(_body(form.regency, said), actor=actor, members=people)
    same = said["member"].casefold()
    if not people or any(one.name.casefold() == same for one in body.members.all()):
        field = "member" if people else ""
        raise Refused(Problem(field, "already_there", _("This is on file already.")))
    return change_body(body, actor=actor, version=body.version, members=people)


def _known(regency: Regency | None, said: dict) -> Body | None:
    """By kind, place and number of the decree; without a number by the name as well."""
    rows = Body.objects.filter(regency=regency, kind=said["kind"], ended_at=None)
    rows = rows.filter(opd=said["opd"], district=said["district"])
    rows = rows.filter(decree_number=said["decree_number"])
    if not said["decree_number"]:
        rows = rows.filter(name=_name(regency, said))
    return rows.order_by("uid").last()


def _name(regency, said: dict) -> str:
    return said["name"] or name_of(said["kind"], regency, said["opd"], said["district"])


def _body(regency, said: dict) -> Body:
    names = ("kind", "opd", "district", "decree_number", "decree_date", "valid_from", "valid_until")
    plain = {name: said[name] for name in names}
    return Body(regency=regency, name=_name(regency, said), **plain)


def _member(said: dict) -> BodyMember:
    usual = Position.FOCAL_POINT if said["kind"] == BodyKind.FOCAL_POINT else Position.MEMBER
    return BodyMember(
        name=said["member"],
        sex=said["sex"],
        position=said["position"] or usual,
        title=said["title"],
        opd=said["office"],
    )


# -- Trainings -----------------------------------------------------------------------


class TrainingRow(OfRegency):
    """One training."""

    title = forms.CharField(label=gettext_lazy("Training"), max_length=200)
    held_on = DayField(label=gettext_lazy("Date"), what=gettext_lazy("the date"))
    organiser = forms.CharField(label=gettext_lazy("Held by"), max_length=200, required=False)
    women = CountField(
        label=gettext_lazy("Women"), what=gettext_lazy("the number of women who came")
    )
    men = CountField(label=gettext_lazy("Men"), what=gettext_lazy("the number of men who came"))
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300, required=False)
    members = forms.CharField(
        label=gettext_lazy("Members of bodies who came"),
        required=False,
        help_text=gettext_lazy("Names as in the bodies, with a semicolon between them."),
    )

    def clean_members(self) -> list[BodyMember]:
        names = [one.strip() for one in self.cleaned_data["members"].split(BETWEEN)]
        return [self._named(one) for one in names if one]

    def _named(self, name: str) -> BodyMember:
        rows = BodyMember.objects.filter(body__regency=self.regency, body__ended_at=None)
        found = rows.filter(name__iexact=name).select_related("body").order_by("uid").last()
        if found is None:
            words = _("“%(name)s” is a member of no body. Write the name as in the body.")
            raise forms.ValidationError(words, code="unknown_value", params={"name": name})
        return found


def save_training(form: TrainingRow, actor) -> Training:
    said = dict(form.cleaned_data)
    members = said.pop("members")
    return add_training(Training(regency=form.regency, **said), actor=actor, members=members)


BODIES = Intake(
    "bodies",
    gettext_lazy("Bodies and their members"),
    BodyRow,
    save_body,
    may,
    "mou:institutions",
    {
        "kind": "Pokja PUG",
        "decree_number": "188.45/KEP-112/2026",
        "decree_date": "5-1-2026",
        "valid_from": "5-1-2026",
        "valid_until": "31-12-2026",
        "member": "Siti Aminah",
        "sex": "Perempuan",
        "position": "Ketua",
        "title": "Kepala Bappedalitbang",
        "office": "Bappedalitbang",
    },
    (gettext_lazy("One row for each member. Repeat the body and its decree in every row."),),
)
TRAININGS = Intake(
    "trainings",
    gettext_lazy("Trainings on PUG"),
    TrainingRow,
    save_training,
    may,
    "mou:training-list",
    {
        "title": "Bimtek PPRG",
        "held_on": "4-3-2026",
        "organiser": "DP2KBP3A",
        "women": "18",
        "men": "12",
        "source": "Daftar hadir",
    },
)
ALL = (BODIES, TRAININGS)
