"""Institutions as files: bodies, the members of one, trainings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from core import formats
from core.tables import Column, Table

from .institutions import Shown
from .models import Body, Training


def _notes(now: datetime) -> list[tuple[str, str]]:
    return [(_("As of"), formats.moment(now))]


def bodies_table(rows: Iterable[Shown], now: datetime) -> Table:
    """Every body with its decree and its members by sex, newest decree first in each place."""
    columns = [
        Column("kind", _("Kind of body")),
        Column("name", _("Name")),
        Column("office", _("Office"), paper=False),
        Column("district", _("District"), paper=False),
        Column("decree_number", _("Number of the decree"), "code"),
        Column("decree_date", _("Date of the decree"), "day", paper=False),
        Column("valid_from", _("In force from"), "day"),
        Column("valid_until", _("In force until"), "day"),
        Column("standing", _("State")),
        Column("women", _("Women among the members"), "share"),
        Column("trained_women", _("Women trained"), "count", paper=False),
        Column("trained_men", _("Men trained"), "count", paper=False),
        Column("uid", _("Identifier"), "code", paper=False),
    ]
    return Table("kelembagaan-pug", _("Institutions"), columns, map(_body_row, rows), _notes(now))


def _body_row(shown: Shown) -> list:
    body, heads = shown.body, shown.heads
    return [
        *(body.get_kind_display(), body.name),
        body.opd.name if body.opd else "",
        body.district.name if body.district else "",
        *(body.decree_number, body.decree_date, body.valid_from, body.valid_until),
        str(shown.label),
        (heads.women, heads.total) if heads.total else None,
        *(heads.trained_women, heads.trained_men, str(body.pk)),
    ]


def members_table(body: Body, now: datetime) -> Table:
    """Everybody in the body, those who left too."""
    columns = [
        Column("name", _("Name")),
        Column("sex", _("Sex")),
        Column("position", _("Position")),
        Column("title", _("Office and post")),
        Column("office", _("Office")),
        Column("trainings", _("Trainings"), "count"),
        Column("left_on", _("Left on"), "day"),
    ]
    rows = (
        [
            *(one.name, one.get_sex_display(), one.get_position_display(), one.title),
            *(one.opd.name if one.opd else "", one.trained, one.left_on),
        ]
        for one in body.members.all()
    )
    return Table("anggota", body.name, columns, rows, _notes(now))


def trainings_table(rows: Iterable[Training], now: datetime) -> Table:
    columns = [
        Column("held_on", _("Date"), "day"),
        Column("title", _("Training")),
        Column("organiser", _("Held by")),
        Column("women", _("Women"), "count"),
        Column("men", _("Men"), "count"),
        Column("share", _("Share of women"), "share"),
        Column("named", _("Members of bodies who came"), "count"),
        Column("source", _("Source"), paper=False),
        Column("uid", _("Identifier"), "code", paper=False),
    ]
    lines = (
        [
            *(one.held_on, one.title, one.organiser, one.women, one.men),
            (one.women, one.women + one.men),
            *(one.named, one.source, str(one.pk)),
        ]
        for one in rows
    )
    return Table("pelatihan-pug", _("Trainings on PUG"), columns, lines, _notes(now))
