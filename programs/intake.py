"""Lists that come in as sheets: tried as a whole, then taken over as a whole or not at all.

A list says its columns by a form of one row and stores a row by the very service of its page. The
trial is the real thing, rolled back; so what it promises is what taking over does. It is made once,
when the sheet is sent, and what it found is kept: reading it costs nothing and holds up nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from core import audit
from core.errors import Problem, Refused
from core.formats import storable
from core.models import KeptSheet
from core.opened import TooBusy
from core.sheets import MOST_BYTES, Table, Unusable, read_cells

from .imports import shown
from .imports.files import book

MOST_ROWS = 2_000
#: So many problems are told; whoever has more has another trouble than single cells.
MOST_PROBLEMS = 200
#: Seconds that a trial or a taking over may last: meanwhile others may have to wait for it.
MOST_SECONDS = 12.0
#: Sheets of one person and list that wait to be taken over; of more, the oldest go.
MOST_WAITING = 3
#: A trial without an outcome after this time broke off.
TRIED_FOR = timedelta(minutes=1)
#: Letters of one cell or sentence that are kept of a trial.
MOST_TOLD = 500
KEPT_FOR = timedelta(days=1)
LOOKED_EVERY = 3600.0


@dataclass(frozen=True)
class Intake:
    """One list: who may send it, what a row is, and the service that stores one.

    `form`: a Form class made with `form(data, user=…)`; its fields are the columns and their
    labels the headings. `save(form, actor)` stores a valid row, or raises Refused.
    `example`: a row as one might write it. `back`: the name of the list's page.
    """

    key: str
    title: Any
    form: type[forms.Form]
    save: Callable[[Any, Any], Any]
    may: Callable[[Any], bool]
    back: str
    example: Mapping[str, str] = field(default_factory=dict)
    about: Sequence[Any] = ()

    def columns(self, user) -> dict[str, forms.Field]:
        return {name: one for name, one in self.form(None, user=user).fields.items() if one.label}


@dataclass(frozen=True)
class RowProblem:
    """What is to be put right in one cell; `title` is "" for the row as a whole."""

    number: int
    title: str
    cell: str
    detail: str


@dataclass(frozen=True)
class Trial:
    """What taking the sheet over would do, or did."""

    rows: int
    problems: tuple[RowProblem, ...]
    unknown: tuple[str, ...]

    @property
    def cut(self) -> bool:
        """There may be more to put right than is told."""
        return len(self.problems) >= MOST_PROBLEMS


def intakes() -> dict[str, Intake]:
    """All lists that come in as sheets, by key (settings.INTAKES)."""
    found = [one for name in settings.INTAKES for one in import_string(name)]
    return {one.key: one for one in found}


def take_in(intake: Intake, content: bytes, name: str, *, actor) -> KeptSheet:
    """The sheet is tried and kept with what was found; nothing of it is stored.

    Refused (field `file`): empty, too_large, unusable, too_long (it takes more than MOST_SECONDS),
    busy (her last sheet of this list is still being tried).
    """
    _require(intake, actor)
    if not content:
        raise Refused(Problem("file", "empty", _("The file is empty. Choose another one.")))
    if len(content) > MOST_BYTES:
        words = _("The file is larger than 5 MB. Split it into smaller ones.")
        raise Refused(Problem("file", "too_large", words))
    read = _read(intake, content, actor)
    sheet = _begun(intake, content, name, actor)
    try:
        with transaction.atomic():
            found = _run(intake, read, actor)
            transaction.set_rollback(True)
    except BaseException:
        sheet.delete()
        raise
    sheet.trial = _written(found)
    sheet.save(update_fields=["trial"])
    return sheet


def _begun(intake: Intake, content: bytes, name: str, actor) -> KeptSheet:
    """The row under which it is tried; one at a time of each person and list."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        waiting = sheets_of(actor, intake.key).filter(taken_at=None)
        young = timezone.now() - TRIED_FOR
        if waiting.filter(trial__isnull=True, created_at__gt=young).exists():
            words = _("The sheet that you sent before is still being tried. Wait a minute.")
            raise Refused(Problem("file", "busy", words))
        newest = list(waiting.values_list("pk", flat=True)[: MOST_WAITING - 1])
        waiting.exclude(pk__in=newest).delete()
        return KeptSheet.objects.create(
            actor=actor, intake=intake.key, name=storable(name)[-120:], content=content
        )


def sheets_of(actor, key: str) -> QuerySet[KeptSheet]:
    """Her own of this list: those that wait, for a day, and those that were taken over."""
    return KeptSheet.objects.filter(actor=actor, intake=key)


def tried(intake: Intake, sheet: KeptSheet, *, actor) -> Trial:
    """What taking it over would do, as it was found when the sheet was sent."""
    _require(intake, actor)
    if sheet.trial is None:
        words = _("This sheet was not tried to its end. Send it again.")
        return Trial(0, (RowProblem(0, "", "", words),), ())
    problems = tuple(RowProblem(*one) for one in sheet.trial["problems"])
    return Trial(sheet.trial["rows"], problems, tuple(sheet.trial["unknown"]))


def take_over(intake: Intake, sheet: KeptSheet, *, actor) -> KeptSheet:
    """Every row is on file; one row that cannot be, and nothing is.

    Refused: rows (something is to be put right, or was at its trial), content_gone, too_long.
    Pressed twice, it is taken over once; two lists of one regency are taken over one after
    another, so that who is in both is entered once.
    """
    _require(intake, actor)
    known = sheets_of(actor, intake.key).filter(pk=sheet.pk).first()
    if known is None:
        raise _gone()
    if known.taken_at is not None:
        return known
    if tried(intake, known, actor=actor).problems:
        raise _to_put_right()
    return _taken_over(intake, known, _read(intake, bytes(known.content), actor), actor)


@transaction.atomic
def _taken_over(intake: Intake, sheet: KeptSheet, read: _Sheet, actor) -> KeptSheet:
    list(actor.regencies_with("view").order_by("pk").select_for_update(no_key=True))
    held = KeptSheet.objects.select_for_update().filter(pk=sheet.pk).first()
    if held is None:
        raise _gone()
    if held.taken_at is None:
        found = _run(intake, read, actor)
        if found.problems:
            raise _to_put_right()
        held.rows, held.taken_at, held.content = found.rows, timezone.now(), None
        held.save(update_fields=["rows", "taken_at", "content"])
        audit.record(actor, "sheet.taken_over", held, intake=intake.key, rows=found.rows)
    return held


def _gone() -> Refused:
    words = _("The sheet is no longer kept. Send it again.")
    return Refused(Problem("", "content_gone", words))


def _to_put_right() -> Refused:
    words = _("Nothing was taken over: there are rows to put right.")
    return Refused(Problem("", "rows", words))


def template(intake: Intake, user) -> bytes:
    """An empty sheet (XLSX): the headings, an example, and the words that may be written."""
    with override("id"):
        columns = intake.columns(user)
        head = [str(one.label) for one in columns.values()]
        words = [[str(one.label), str(label)] for one in columns.values() for label in _words(one)]
        example = [str(intake.example.get(name, "")) for name in columns]
        sheets = {"Isian": [head, example]}
        if words:
            sheets["Pilihan kata"] = [["Kolom", "Kata yang boleh ditulis"], *words]
        return book(sheets, str(intake.title))


def forget() -> float:
    """Sheets that nobody took over in a day are gone (a duty of `manage.py tend`)."""
    old = KeptSheet.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    old.filter(taken_at=None).delete()
    return LOOKED_EVERY


class WordField(forms.ChoiceField):
    """A choice that a sheet may name by its word on screen or by its code, in any case."""

    def to_python(self, value):
        text = str(value or "").strip()
        for code, label in self.choices:
            if _plain(text) in {_plain(str(code)), _plain(str(label)), _plain(_in_template(label))}:
                return code
        return text


def _in_template(label: Any) -> str:
    """As the template writes it, whatever language the page is in."""
    with override("id"):
        return str(label)


def _words(one: forms.Field) -> Iterator[Any]:
    if isinstance(one, forms.ChoiceField):
        yield from (label for code, label in one.choices if code)


def _require(intake: Intake, actor) -> None:
    if not intake.may(actor):
        words = _("You cannot send this list.")
        raise Refused(Problem("", "not_permitted", words))


def _read(intake: Intake, content: bytes, actor) -> _Sheet:
    """All its rows, before anything is locked. Refused (unusable) where that cannot be."""
    try:
        sheet = _Sheet(content, intake.columns(actor))
        if not sheet.rows:
            raise Unusable(_("There is no row below the headings."))
    except Unusable as trouble:
        raise Refused(Problem("file", "unusable", str(trouble))) from trouble
    return sheet


def _run(intake: Intake, sheet: _Sheet, actor) -> Trial:
    """Every row through its form and its service, each by itself. Inside a transaction.

    Refused (too_long) when the time is over: what there was of it goes with the transaction.
    """
    problems: list[RowProblem] = []
    end = monotonic() + MOST_SECONDS
    for number, said in sheet.rows:
        if monotonic() > end:
            words = _("This list takes too long. Split it into several sheets.")
            raise Refused(Problem("file", "too_long", words))
        problems += _row(intake, sheet, number, said, actor)
        if len(problems) >= MOST_PROBLEMS:
            break
    return Trial(len(sheet.rows), tuple(problems), sheet.unknown)


def _written(found: Trial) -> dict:
    """The outcome as it is kept."""
    return {
        "rows": found.rows,
        "problems": [
            [
                one.number,
                *(storable(text)[:MOST_TOLD] for text in (one.title, one.cell, one.detail)),
            ]
            for one in found.problems[: 2 * MOST_PROBLEMS]
        ],
        "unknown": [storable(title)[:MOST_TOLD] for title in found.unknown],
    }


def _row(intake: Intake, sheet: _Sheet, number: int, said: dict, actor) -> Iterator[RowProblem]:
    form = intake.form(said, user=actor)
    found: list[tuple[str, str]] = []
    if form.is_valid():
        try:
            with transaction.atomic():
                intake.save(form, actor)
        except Refused as refusal:
            found = [(one.field, str(one.detail)) for one in refusal.problems]
    else:
        found = [(name, str(words)) for name, list_ in form.errors.items() for words in list_]
    for name, words in found:
        yield RowProblem(number, sheet.title(name), said.get(name, ""), words)


class _Sheet:
    """The rows of a sheet by the names of our columns."""

    def __init__(self, content: bytes, columns: Mapping[str, forms.Field]):
        try:
            self._table: Table = read_cells(content)
        except TooBusy as busy:
            raise Unusable(_("The portal is very busy. Try it again in a minute.")) from busy
        self._titles = {name: _in_template(one.label) for name, one in columns.items()}
        known = {_plain(name): name for name in columns}
        known |= {_plain(str(one.label)): name for name, one in columns.items()}
        known |= {_plain(title): name for name, title in self._titles.items()}
        head = [" ".join(str(cell or "").split()) for cell in self._table.head]
        self._names = [known.get(_plain(title)) for title in head]
        self.unknown = tuple(
            title for title, name in zip(head, self._names, strict=True) if title and not name
        )
        missing = [
            self._titles[name]
            for name, one in columns.items()
            if one.required and name not in self._names
        ]
        if missing:
            words = _("These columns are missing: %(names)s. Start from the template.")
            raise Unusable(words % {"names": ", ".join(missing)})
        self.rows = list(self._told())

    def title(self, name: str) -> str:
        return self._titles.get(name, "")

    def _told(self) -> Iterator[tuple[int, dict[str, str]]]:
        """(number in the sheet, {column: text}) of each row that holds anything."""
        count = 0
        for number, cells in enumerate(self._table.rows(), start=2):
            texts = ["" if cell is None else shown(cell) for cell in cells]
            if not any(text.strip() for text in texts):
                continue
            count += 1
            if count > MOST_ROWS:
                raise Unusable(_("The sheet has more than 2,000 rows. Split it into smaller ones."))
            pairs = zip(self._names, texts, strict=False)
            yield number, {name: text.strip() for name, text in pairs if name}


def _plain(title: str) -> str:
    return " ".join(title.casefold().replace("_", " ").split())
