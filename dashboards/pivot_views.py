"""The cross table for the curious officer."""

from __future__ import annotations

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats
from core.downloads import asked_format, download
from core.tables import Column, Table

from . import exports, pivots
from .place import Place, place_asked
from .views import Asked, filtered


class ChoiceForm(forms.Form):
    """Rows, columns and measure, from their vocabularies."""

    rows = forms.ChoiceField(label=gettext_lazy("Rows"))
    columns = forms.ChoiceField(label=gettext_lazy("Columns"))
    measure = forms.ChoiceField(label=gettext_lazy("Measure"))

    def __init__(self, choice: pivots.Choice):
        super().__init__(initial={name: one.name for name, one in vars(choice).items()})
        for name in ("rows", "columns"):
            self.fields[name].choices = [
                (one.name, one.label) for one in pivots.DIMENSIONS.values()
            ]
        self.fields["measure"].choices = [(one.name, one.label) for one in pivots.MEASURES.values()]


@filtered
def pivot(request, asked: Asked):
    """Rows × columns × measure of the area asked for, or of everything in her reach."""
    place = place_asked(request, asked)
    choice = pivots.choice_of(request.GET)
    found = pivots.pivot_of(place.villages, asked.flt, choice)
    if fmt := asked_format(request):
        return download(_table(found, asked, place), fmt, request=request)
    context = {
        "asked": asked,
        "flt": asked.flt,
        "place": place,
        "pivot": found,
        "choice_form": ChoiceForm(choice),
        "lines": [_line(line, choice.measure.kind) for line in found.lines],
        "total": _line(found.total, choice.measure.kind),
    }
    return render(request, "dashboards/pivot.html", context)


def _line(line: pivots.Line, kind: str) -> dict:
    return {
        "label": line.label,
        "cells": [_text(cell, kind) for cell in (*line.cells, line.total)],
    }


def _text(cell: pivots.Cell, kind: str) -> tuple[str, str]:
    """(what a cell says, what stands behind it): 44,2 % and "19 of 43"."""
    if isinstance(cell, tuple):
        words = _("%(n)s of %(m)s") % {"n": formats.count(cell[0]), "m": formats.count(cell[1])}
        return formats.percent(cell), words
    return (formats.rupiah(cell) if kind == "rupiah" else formats.count(cell)), ""


def _table(found: pivots.Pivot, asked: Asked, place: Place) -> Table:
    choice = found.choice
    kind = choice.measure.kind
    columns = [
        Column("row", choice.rows.label),
        *(Column(f"column_{n}", label, kind) for n, label in enumerate(found.columns, 1)),
        Column("total", _("Total"), kind),
    ]
    title = _("%(measure)s by %(rows)s and %(columns)s") % {
        "measure": choice.measure.label,
        "rows": choice.rows.label,
        "columns": choice.columns.label,
    }
    rows = [[line.label, *line.cells, line.total] for line in (*found.lines, found.total)]
    notes = exports.notes_of(asked.flt, place.title, place.newest, asked.read_at)
    return Table("tabel-silang", title, columns, rows, notes)
