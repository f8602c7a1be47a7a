"""The audit trail as a page: who did what to which record, what stood there before, and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import trail
from accounts.reach import needs
from accounts.trail_forms import TrailForm, behind, mark_of, newest_first
from accounts.trail_words import sentence
from core.downloads import asked_format, download
from core.models import AuditEntry
from core.tables import Column, Table

PAGE = 50
FILES = ("csv", "xlsx")
CHUNK = 2_000  # entries read at a time for a file


@require_safe
@needs(trail.READ)
def audit_trail(request):
    """Newest first; `?sesudah=` goes on behind an entry, at equal cost however far back."""
    form = TrailForm(request.GET or None)
    sound = not form.is_bound or form.is_valid()
    rows = _rows(request.user, form) if sound else trail.entries_for(request.user).none()
    if sound and (fmt := asked_format(request, FILES)):
        return download(_table(rows), fmt, request=request)
    found = list(behind(rows, request.GET.get("sesudah", ""))[: PAGE + 1])
    context = {
        "form": form,
        "lines": trail.lines(request.user, found[:PAGE]),
        "following": mark_of(found[PAGE - 1]) if len(found) > PAGE else "",
        "further": "sesudah" in request.GET,
        "narrowed": any(request.GET.get(name) for name in form.fields),
        "record": sound and form.is_bound and form.told_record,
    }
    return render(request, "accounts/audit.html", context, status=200 if sound else 422)


def _rows(reader, form: TrailForm) -> QuerySet[AuditEntry]:
    if not form.is_bound:
        return newest_first(trail.entries_for(reader))
    return newest_first(form.narrowed(trail.entries_for(reader, form.told_record)))


def _table(rows: QuerySet[AuditEntry]) -> Table:
    """As a file; addresses stay on the page."""
    columns = [
        Column("at", _("When"), "moment"),
        Column("who", _("Who")),
        Column("username", _("Username"), "code"),
        Column("did", _("What")),
        Column("action", _("Action"), "code"),
        Column("record_kind", _("Kind of record"), "code"),
        Column("record", _("Code of the record"), "code"),
        Column("changes", _("Before and after")),
        Column("via", _("By way of"), "code"),
        Column("request", _("Number of the request"), "code"),
    ]
    return Table("jejak-audit", _("Audit trail"), columns, _cells(rows), record_as="audit")


def _cells(rows: QuerySet[AuditEntry]) -> Iterator[list[Any]]:
    for one in rows.iterator(chunk_size=CHUNK):
        who = (one.actor.name, one.actor.username) if one.actor else ("", "")
        facts = trail.Line(one, "", "").facts
        changes = "; ".join(
            f"{name}: {after}" if before is None else f"{name}: {before} → {after}"
            for name, before, after in facts
        )
        yield [
            *(one.at, *who, sentence(one.action), one.action, one.object_type, one.object_id),
            *(changes, one.via, one.request_id),
        ]
