"""Budget statements and terms for tests, through the services up to the state that is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.utils import timezone

from core.identifiers import uuid7
from planning.content import content_of, unpacked
from planning.models import BudgetLine, BudgetStatement, GenderAnalysis, TermsOfReference
from planning.services.analyses import (
    approve_analysis,
    revise_analysis,
    save_content,
    submit_analysis,
)
from planning.services.signing import Signature
from planning.services.statements import (
    approve_statement,
    change_statement,
    make_statement,
    sign_statement,
    submit_statement,
)
from planning.services.terms import StageSaid, change_terms, make_terms
from tests import make

from . import written


def signature(**values) -> Signature:
    said = {
        "place": "Tana Paser",
        "signed_on": timezone.localdate(),
        "signatory_title": "Kepala Dinas",
        "signatory_name": "dr. Contoh",
        "signatory_number": "198001012005012001",
    }
    return Signature(**said | values)


def line(statement: BudgetStatement, plan: int = 20_000_000, **values) -> BudgetLine:
    """A budget line under the statement, for its first action, tagged with category 2."""
    program = statement.analysis.program
    content = unpacked(statement.gap_version.content)
    said = {
        "owner_opd": program.owner_opd,
        "owner_village": program.owner_village,
        "year": statement.year,
        "code": "2.08.02",
        "name": "Belanja pelatihan",
        "plan": plan,
        "statement": statement,
        "action": content.actions[0].key,
        "category": 2,
        "arg_plan": plan // 2,
        "key": uuid7().hex,
        "created_by": statement.created_by,
    }
    return BudgetLine.objects.create(**said | values)


def drafted(program, *, by, officer=None, total=50_000_000, plan=20_000_000) -> BudgetStatement:
    """A draft with its money and one line, of a freshly approved analysis."""
    made = make_statement(written.approved(program, by=by, officer=officer), actor=by)
    return filled(made, by=by, total=total, plan=plan)


def filled(made: BudgetStatement, *, by, total=50_000_000, plan=20_000_000) -> BudgetStatement:
    made.total = total
    change_statement(made, actor=by, version=made.version)
    if plan:
        line(made, plan)
    return made


def submitted(program, *, by, **values) -> BudgetStatement:
    made = drafted(program, by=by, **values)
    submit_statement(made, actor=by, version=made.version)
    return made


def approved(program, *, by, officer=None, **values) -> BudgetStatement:
    made = submitted(program, by=by, officer=officer, **values)
    approve_statement(made, actor=officer or make.officer(), version=made.version)
    return made


def signed(program, *, by, head, **values) -> BudgetStatement:
    made = approved(program, by=by, **values)
    sign_statement(made, actor=head, version=made.version, signature=signature())
    return made


def revised(analysis: GenderAnalysis, *, by, officer, **changes) -> None:
    """The analysis was opened, changed and approved anew."""
    analysis.refresh_from_db()
    revise_analysis(analysis, actor=by, version=analysis.version)
    changed = replace(content_of(analysis), **changes or {"new_goal": "Tujuan yang dipertajam"})
    save_content(analysis, changed, actor=by, version=analysis.version)
    submit_analysis(analysis, actor=by, version=analysis.version)
    approve_analysis(analysis, actor=officer, version=analysis.version)


def terms(statement: BudgetStatement, *, by, **values) -> TermsOfReference:
    """Terms of this statement that may be submitted."""
    made = make_terms(statement, actor=by)
    year = statement.year
    said = {
        "legal_basis": "Perbup Paser tentang PUG",
        "purpose": "Petani perempuan dan laki-laki menguasai pembibitan",
        "beneficiaries": "50 petani, 20 di antaranya perempuan",
        "location": "Balai desa",
        "starts_on": date(year, 3, 1),
        "ends_on": date(year, 5, 31),
        "months": 3,
        "performer": "Bidang Penyuluhan",
        "responsible": "Kepala Bidang Penyuluhan",
        "cost": 20_000_000,
    }
    for name, value in (said | values).items():
        setattr(made, name, value)
    stages = [StageSaid("Persiapan", "Undangan lewat KWT", 1), StageSaid("Pelatihan", months=2)]
    return change_terms(made, stages, actor=by, version=made.version)
