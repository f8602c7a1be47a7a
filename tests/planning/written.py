"""Gender analyses for tests: the constructed example of seedling training, written whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.identifiers import uuid7
from planning.content import (
    ActionSaid,
    BaselineSaid,
    CauseSaid,
    Content,
    DataSaid,
    FactorSaid,
    IndicatorSaid,
    content_of,
)
from planning.models import GapVersion, GenderAnalysis
from planning.services.analyses import (
    approve_analysis,
    save_content,
    start_analysis,
    submit_analysis,
)
from programs.models import Program
from tests import make

YEAR = 2026


def whole(content: Content, *, target: int = 40, measure: str = "participants") -> Content:
    """A content that may be submitted, in the form of `content`; its rows are new."""
    data = DataSaid(
        uuid7(),
        text="Peserta pelatihan pembibitan",
        women=4,
        men=46,
        unit="orang",
        year=min(2025, content.year),
        place="Desa Contoh",
        source="Daftar hadir 2025",
    )
    gap = FactorSaid(uuid7(), "participation", "Hanya 8 % peserta perempuan", data.key)
    inside = CauseSaid(uuid7(), "internal", "SK TPK tidak memuat perempuan", gap.key)
    outside = CauseSaid(uuid7(), "external", "Pergi malam dianggap tidak pantas", gap.key)
    act = ActionSaid(
        uuid7(),
        "Pelatihan siang hari di balai desa",
        (inside.key, outside.key),
        responsible="Dinas",
        budget=20_000_000,
        fund_source="apbd",
    )
    start = BaselineSaid(uuid7(), "Peserta perempuan", data.key, "women_share")
    promise = IndicatorSaid(
        uuid7(),
        "output",
        "Peserta perempuan pelatihan",
        start.key,
        act.key,
        Decimal(target),
        "%",
        date(YEAR, 12, 31),
        "women",
    )
    outcome = replace(promise, key=uuid7(), kind="outcome", measure=measure)
    kinds = {"4L": [replace(promise, key=uuid7(), kind="impact")]}
    return replace(
        content,
        code="4.2.05",
        title="Pelatihan pembibitan",
        goal="Petani menguasai pembibitan",
        new_goal="Petani perempuan dan laki-laki menguasai pembibitan",
        data_rows=(data,),
        factors=(gap,),
        causes=(inside, outside),
        actions=(act,),
        baselines=(start,),
        indicators=(promise, outcome, *kinds.get(content.template, [])),
    )


def focal_point(program: Program):
    """Somebody who writes plans for the program's office."""
    return make.person("opd_focal_point", opd=program.owner_opd)


def draft(program: Program, *, by=None, template: str = "9L", **values) -> GenderAnalysis:
    """A whole draft, ready to be submitted."""
    by = by or focal_point(program)
    made = start_analysis(program, actor=by, year=YEAR, template=template)
    return save_content(made, whole(content_of(made), **values), actor=by, version=made.version)


def submitted(program: Program, *, by=None, **values) -> tuple[GenderAnalysis, GapVersion]:
    by = by or focal_point(program)
    made = draft(program, by=by, **values)
    return made, submit_analysis(made, actor=by, version=made.version)


def approved(program: Program, *, by=None, officer=None, **values) -> GenderAnalysis:
    """An approved analysis, through every step."""
    made, _version = submitted(program, by=by, **values)
    approve_analysis(made, actor=officer or make.officer(), version=made.version)
    return made
