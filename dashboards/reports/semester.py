"""The semester report on gender mainstreaming to the governor (Permendagri 15/2008).

Its contents are those of the regulation: programs and activities, the agencies, the groups they
serve, the money by its source, the problems, and what is done about them. Of a closed semester
the numbers are those of the closing; of an open one those of the verified records so far.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from core.formats import day_long
from programs.models import Snapshot
from villages.models import Regency

from ..boards import newest_in
from . import annexes, chapters
from .content import Subject, facts_of, notes_of
from .document import Document, Key, Signature
from .facts import Semester
from .sentences import head_of_government

#: The paragraphs that the office may write itself.
TEXTS = ("problems", "efforts")


def semester_report(of: Subject) -> Document:
    read = Semester.of(of)
    now = read.figures.total.headline
    people = read.heads
    regency = Regency.objects.select_related("province").get(code=of.area.code)
    return Document(
        kind="semester",
        title=_("Report on gender mainstreaming"),
        subtitle=_("%(area)s, %(period)s") % {"area": of.area.title, "period": of.flt.period},
        facts=(
            (
                _("Addressed to"),
                _("Governor of %(province)s") % {"province": regency.province.name},
            ),
            (_("Sent by"), head_of_government(of.area.title)),
            *facts_of(of.flt, newest_in(read.villages)),
            (_("State of the period"), _closed_words(read.closing)),
        ),
        blocks=(
            *chapters.summary(read),
            *chapters.programs(read),
            *chapters.agencies(read),
            *chapters.groups(read),
            *annexes.money(read),
            *chapters.problems(read, of),
            *chapters.efforts(of),
            Signature(
                of.area.title.partition(" ")[2] or of.area.title, head_of_government(of.area.title)
            ),
            *annexes.annexes(read),
        ),
        notes=notes_of(
            _(
                "Contents after Permendagri 15/2008: programs, agencies, target groups, money, "
                "problems and efforts."
            ),  # fmt: skip
        ),
        key=Key(
            now.involved,
            now.judged,
            now.no_data,
            len(read.places) - len(read.silent),
            len(read.places),
            *(people.participants or (0, 0)),
            *(people.deciders or (0, 0)),
        ),
        revision=read.closing.revision if read.closing else 0,
    )


def _closed_words(closing: Snapshot | None) -> str:
    if not closing:
        return _("not closed yet; the numbers may still change")
    words = {"day": day_long(timezone.localdate(closing.taken_at)), "revision": closing.revision}
    if closing.revision > 1:
        return _("closed, revision %(revision)s of %(day)s") % words
    return _("closed on %(day)s") % words
