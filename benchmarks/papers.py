"""Printed forms: a gender analysis of fifty rows in every column as PDF, Word and Excel."""

from __future__ import annotations

import time
from uuid import uuid4

from accounts.models import User
from core.paper import Unprintable
from planning.content import (
    ActionSaid,
    BaselineSaid,
    CauseSaid,
    Content,
    DataSaid,
    FactorSaid,
    IndicatorSaid,
    packed,
)
from planning.models import GapVersion, GenderAnalysis
from planning.papers.answer import FORMATS, written
from planning.papers.making import paper_of
from programs.models import Program

from .goals import Goal

ROWS, ROUNDS = 50, 3


def goals(officer: User) -> list[Goal]:
    """P14 for some program of the database; nothing of it is kept."""
    version = _version(officer)
    spent = dict.fromkeys(FORMATS, float("inf"))
    try:
        for _round in range(ROUNDS):
            for fmt in FORMATS:
                begun = time.perf_counter()
                size = len(written(paper_of(version.analysis, version=version), fmt))
                spent[fmt] = min(spent[fmt], time.perf_counter() - begun)
                print(f"GAP of {ROWS} rows as {fmt}: {spent[fmt]:.2f} s, {size / 1e3:.0f} kB")
    except Unprintable:
        print("No PDF on this machine: P14 is left out")
        return []
    finally:
        version.analysis.versions.all().delete()
        version.analysis.delete()
    return [Goal("P14", f"{ROWS} GAP rows as PDF, DOCX, XLSX", "s", sum(spent.values()), 5)]


def _version(officer: User) -> GapVersion:
    program = Program.objects.earliest("created_at")
    analysis = GenderAnalysis.objects.create(
        program=program, year=2099, title="Pelatihan", created_by=officer
    )
    return GapVersion.objects.create(
        analysis=analysis,
        number=1,
        content=packed(_content()),
        submitted_by=officer,
        submitted_at=program.created_at,
        decided_by=officer,
        decided_at=program.created_at,
        state="approved",
    )


def _content() -> Content:
    """Fifty rows in every list; sentences of the usual length."""
    keys = {name: [uuid4() for _row in range(ROWS)] for name in "dfcabi"}
    said = "Undangan latihan hanya sampai kepada ketua kelompok tani, semuanya laki-laki"
    rows = range(ROWS)
    return Content(
        template="9L",
        year=2099,
        title="Pelatihan teknologi tepat guna pertanian",
        goal="Petani menguasai perawatan bibit",
        new_goal="Petani perempuan dan laki-laki menguasai perawatan bibit",
        data_rows=tuple(
            DataSaid(keys["d"][row], said, 4, 46, unit="orang", year=2025, place="Desa Janju",
                     source="Daftar hadir")
            for row in rows
        ),
        factors=tuple(FactorSaid(keys["f"][row], "access", said, keys["d"][row]) for row in rows),
        causes=tuple(
            CauseSaid(keys["c"][row], ("internal", "external")[row % 2], said, keys["f"][row])
            for row in rows
        ),
        actions=tuple(
            ActionSaid(keys["a"][row], said, (keys["c"][row],), "Honor pelatih", "Kasi", 12_500_000)
            for row in rows
        ),
        baselines=tuple(BaselineSaid(keys["b"][row], said, keys["d"][row]) for row in rows),
        indicators=tuple(
            IndicatorSaid(keys["i"][row], "output", said, keys["b"][row], keys["a"][row], unit="%")
            for row in rows
        ),
    )  # fmt: skip
