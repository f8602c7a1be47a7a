"""Sheets of budget lines: sent in, tried, and taken over as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused, Stale
from core.formats import one_line, storable
from core.sheets import MOST_BYTES, Unusable
from villages.models import District, Opd, Village

from ..models import BudgetLine, BudgetSheet, ColumnMapping
from ..sheets import FIELDS, NEEDED, Opened, Reader, open_sheet
from .lines import holds_owner
from .sheet_trial import BROUGHT, OWNER, Judge, Trial

_AT_ONCE = 500


def take_in(content: bytes, name: str, *, owner, year: int, actor) -> BudgetSheet:
    """The sheet is kept, to be mapped and tried. Refused: not_permitted, too_large, empty,
    unusable (broken, no headings, too many rows)."""
    _require(actor, owner)
    if owner and not getattr(owner, "has_apbdes", True):
        text = _("A kelurahan has no APBDes. Enter this line for the office that pays it.")
        raise Refused(Problem("owner", "no_apbdes", text))
    if len(content) > MOST_BYTES:
        text = _("The file is larger than 5 MB. Split it into smaller ones.")
        raise Refused(Problem("file", "too_large", text))
    if not content:
        raise Refused(Problem("file", "empty", _("The file is empty. Choose another one.")))
    try:
        if not sum(1 for _row in open_sheet(content).rows()):
            raise Unusable(_("There is no row below the headings."))
    except Unusable as trouble:
        raise Refused(Problem("file", "unusable", str(trouble))) from trouble
    with transaction.atomic():
        sheet = BudgetSheet.objects.create(
            actor=actor,
            year=year,
            name=storable(name)[-120:],
            digest=sha256(content).hexdigest(),
            content=content,
            **{OWNER[type(owner)]: owner},
        )
        audit.record(actor, "budgetsheet.taken_in", sheet, name=sheet.name, year=year)
    return sheet


def map_columns(
    sheet: BudgetSheet, columns: Mapping[str, str], *, actor, save_as: str = ""
) -> BudgetSheet:
    """Each field is read from this heading; kept under a name for the next sheet, where given."""
    _require(actor, owner_of(sheet))
    _refuse_taken(sheet)
    chosen = {name: heading for name, heading in columns.items() if heading}
    try:
        headings = open_sheet(bytes(sheet.content)).headings
    except Unusable as trouble:
        raise Refused(Problem("", "busy", str(trouble))) from trouble
    if problems := list(_mapping_problems(chosen, headings)):
        raise Refused(*problems)
    name = one_line(save_as)[:80]
    with transaction.atomic():
        sheet.columns = chosen
        sheet.save(update_fields=["columns"])
        if name:
            ColumnMapping.objects.update_or_create(
                actor=actor, name=name, defaults={"columns": chosen}
            )
    return sheet


def owner_of(sheet: BudgetSheet) -> Opd | District | Village:
    return sheet.owner_opd or sheet.owner_district or sheet.owner_village


def tried(sheet: BudgetSheet, *, actor) -> Trial:
    """What taking it over now would do. Nothing is stored. Stale: taken over already."""
    _require(actor, owner_of(sheet))
    _refuse_taken(sheet)
    return _judged(sheet, actor, held=False)


def take_over(sheet: BudgetSheet, *, actor) -> BudgetSheet:
    """Every row of it is on file; one row that cannot be, and nothing is stored.

    Pressed twice, it is taken over once. Tags of lines that are there stay as they are.
    Raises Refused: not_permitted, not_mapped, rows (with the first problems).
    """
    _require(actor, owner_of(sheet))
    try:
        with transaction.atomic():
            held = BudgetSheet.objects.visible_to(actor).select_for_update(of=("self",))
            held = held.select_related(*OWNER.values()).get(pk=sheet.pk)
            if held.taken is None:
                _store(held, _judged(held, actor, held=True), actor)
            return held
    except IntegrityError as error:
        text = _("Somebody entered lines of this owner in the meantime. Look at it again.")
        raise Stale(Problem("", "changed_meanwhile", text)) from error


def _store(sheet: BudgetSheet, trial: Trial, actor) -> None:
    if trial.problems:
        text = _("Nothing was taken over: there are rows to put right.")
        raise Refused(Problem("", "rows", text))
    lines = [line for _number, line in trial.added]
    for line in lines:
        line.created_by = actor
    BudgetLine.objects.bulk_create(lines, batch_size=_AT_ONCE)
    now = timezone.now()
    for one in trial.changed:
        one.line.version += 1
        one.line.updated_at = now
    fields = [*BROUGHT, "version", "updated_at"]
    BudgetLine.objects.bulk_update([one.line for one in trial.changed], fields, batch_size=_AT_ONCE)
    rows = [
        (
            one.line,
            audit.difference(one.before, {name: getattr(one.line, name) for name in BROUGHT}),
        )
        for one in trial.changed
    ]
    audit.record_many(actor, "budgetline.changed", rows)
    counts = {"added": len(lines), "changed": len(rows), "digest": sheet.digest}
    audit.record(actor, "budgetsheet.taken_over", sheet, **counts)
    sheet.taken, sheet.taken_at, sheet.content = trial.brings, now, None
    sheet.save(update_fields=["taken", "taken_at", "content"])


def _judged(sheet: BudgetSheet, actor, *, held: bool) -> Trial:
    """Each row judged against the lines that are there now; `held`: which nobody may change."""
    if not set(NEEDED) <= set(sheet.columns):
        text = _("Say first which column holds what.")
        raise Refused(Problem("columns", "not_mapped", text))
    judge = Judge(sheet, owner_of(sheet), held=held)
    try:
        opened = open_sheet(bytes(sheet.content))
        reader = Reader(owner_of(sheet), _places(opened, sheet.columns))
        for number, cells in opened.rows():
            judge.take(reader.read(number, cells))
    except Unusable as trouble:
        raise Refused(Problem("file", "unusable", str(trouble))) from trouble
    judge.weigh_ceilings()
    return judge.trial


def _places(opened: Opened, columns: Mapping[str, str]) -> dict[str, int]:
    found = {name: opened.place(heading) for name, heading in columns.items()}
    return {name: at for name, at in found.items() if at is not None}


def _mapping_problems(chosen: Mapping[str, str], headings) -> Iterator[Problem]:
    for name in NEEDED:
        if name not in chosen:
            text = _("Choose the column that holds %(what)s.")
            what = str(FIELDS[name])
            yield Problem(name, "required", text % {"what": what[:1].lower() + what[1:]})
    used: dict[str, str] = {}
    for name, heading in chosen.items():
        if name not in FIELDS or heading not in headings:
            text = _("The sheet has no column “%(heading)s”. Choose another one.")
            yield Problem(name, "unknown_column", text % {"heading": heading[:60]})
        elif heading in used:
            text = _("The column “%(heading)s” is chosen already for %(other)s.")
            words = {"heading": heading, "other": FIELDS[used[heading]]}
            yield Problem(name, "column_twice", text % words)
        used.setdefault(heading, name)


def _require(actor, owner) -> None:
    if not holds_owner(actor, owner):
        text = _("You cannot enter budget lines for this office or village.")
        raise Refused(Problem("", "not_permitted", text))


def _refuse_taken(sheet: BudgetSheet) -> None:
    if sheet.content is None:
        text = _("This sheet has been taken over already. Send a new one.")
        raise Stale(Problem("", "already_taken", text))
