"""The planning of the demonstration: one example from analysis to signed terms, one begun, one of
a village, and the money and evidence that the boards of planning show. All through the services.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from planning.content import content_of
from planning.figures import standing
from planning.models import (
    BudgetLine,
    BudgetStatement,
    Denominator,
    GenderAnalysis,
    Measure,
    Prerequisite,
    TermsOfReference,
)
from planning.services.analyses import (
    approve_analysis,
    check_plan,
    return_analysis,
    save_content,
    start_analysis,
    submit_analysis,
)
from planning.services.evidence import add_evidence, tag_evidence, verify_evidence
from planning.services.lines import add_line, set_target, set_total
from planning.services.moves import RemarkSaid
from planning.services.questions import QuestionSaid, put_questions
from planning.services.signing import Signature
from planning.services.statements import (
    approve_statement,
    change_statement,
    make_statement,
    sign_statement,
    submit_statement,
)
from planning.services.terms import (
    StageSaid,
    approve_terms,
    change_terms,
    make_terms,
    sign_terms,
    submit_terms,
)
from planning.services.village import (
    figures_of,
    save_village_page,
    start_village_analysis,
    submit_village,
)
from planning.village_page import VillagePage
from programs.models import Origin, Program
from villages.models import Regency, Village

from . import seedlings
from .manners import JANJU
from .plans import MILLION, identifier

FIELD_SCHOOL = ("Dinas Pertanian", "Sekolah lapang padi sawah")
STUNTING = ("Dinas Kesehatan", "Pencegahan dan penurunan stunting")
DAYS_SUBMITTED, DAYS_RETURNED, DAYS_AGAIN, DAYS_APPROVED = 40, 36, 33, 30
SIGNATURE = Signature(
    place="Tana Paser",
    signatory_title="Kepala Dinas Pertanian",
    signatory_name="Contoh Nama Kepala Dinas",
    signatory_rank="Pembina Utama Muda (contoh)",
    signatory_number="19700101 199501 1 001 (contoh)",
)
#: (name, plan, category, gender part, action) in million rupiah.
LINES = (
    ("Sesi siang dengan sudut anak (contoh)", 75, 2, 75, "day"),
    ("Bibit untuk peserta dan KWT (contoh)", 90, 2, 45, "half"),
    ("Data terpilah dan pelatihan TPK (contoh)", 20, 3, 20, "seats"),
)
TOTAL = 185 * MILLION
#: Invented, and so small that the example can be seen in the share.
OFFICE_SPENDING, REGENCY_SPENDING, VILLAGE_BUDGET = 900 * MILLION, 4_000 * MILLION, 1_650 * MILLION
TARGET = Decimal("5")


def put_on_file(regency: Regency, known: Mapping[str, User], now: datetime) -> str:
    """Whatever of it is missing. Programs that this copy does not hold are left out."""
    year = timezone.localdate(now).year
    school, stunting = _program(*FIELD_SCHOOL, year), _program(*STUNTING, year)
    done = []
    if school and _missing("example"):
        done += _whole_story(school, regency, known, now, year)
    if stunting and _missing("begun"):
        start_analysis(stunting, actor=known["opd"], year=year, uid=_uid("begun"))
        done.append("a GAP begun")
    if _missing("village") and _village_page(known["kades"], year):
        done.append("a village's page")
    if done:
        _totals(regency, known, year)
    return ", ".join(done) or "sudah ada"


def _uid(name: str) -> UUID:
    return identifier("planning", name)


def _missing(name: str) -> bool:
    return not GenderAnalysis.objects.filter(pk=_uid(name)).exists()


def _program(office: str, title: str, year: int) -> Program | None:
    """A sample program that runs in the year, unless somebody analyses it already."""
    rows = Program.objects.filter(owner_opd__name=office, title=title, origin=Origin.SAMPLE)
    rows = rows.filter(year_from__lte=year, year_to__gte=year)
    return rows.exclude(analyses__year=year, analyses__template="9L").first()


def _whole_story(
    program: Program, regency: Regency, known: Mapping[str, User], now: datetime, year: int
) -> list[str]:
    analysis = _approved_analysis(program, known, now, year)
    statement = _signed_statement(analysis, known)
    terms = _signed_terms(statement, known)
    _binder(regency, known, year, analysis, statement, terms)
    return ["GAP approved, GBS and KAK signed, evidence tagged"]


def _approved_analysis(
    program: Program, known: Mapping[str, User], now: datetime, year: int
) -> GenderAnalysis:
    """Written by the focal point, sent back once with a remark on one cell, then approved."""
    focal, officer = known["pertanian"], known["officer"]

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    made = start_analysis(program, actor=focal, year=year, uid=_uid("example"))
    live = standing(program, year - 1).figure(Measure.PARTICIPANTS).pair is not None
    key = partial(identifier, "planning", "example")
    whole = seedlings.written(content_of(made), key, live=live)
    first = seedlings.unfinished(whole, key)
    save_content(made, first, actor=focal, version=made.version)
    submit_analysis(made, actor=focal, version=made.version, now=before(DAYS_SUBMITTED))
    remark = RemarkSaid("internal", seedlings.REMARK, row=key("team"), field="text")
    return_analysis(made, [remark], actor=officer, version=made.version, now=before(DAYS_RETURNED))
    save_content(made, whole, actor=focal, version=made.version)
    submit_analysis(made, actor=focal, version=made.version, now=before(DAYS_AGAIN))
    check_plan(made, actor=known["bappeda"], note="Sesuai Renja dan RKPD (contoh).")
    approve_analysis(made, actor=officer, version=made.version, now=before(DAYS_APPROVED))
    return made


def _signed_statement(analysis: GenderAnalysis, known: Mapping[str, User]) -> BudgetStatement:
    focal = known["pertanian"]
    made = make_statement(analysis, actor=focal)
    made.total = TOTAL
    made.office_address = "Jalan Contoh 1, Tana Paser"
    change_statement(made, actor=focal, version=made.version)
    for number, (name, plan, category, part, action) in enumerate(LINES, 1):
        line = BudgetLine(
            uid=_uid(f"line-{number}"),
            owner_opd=analysis.program.owner_opd,
            year=made.year,
            code=f"3.27.02.2.01.000{number} (contoh)",
            name=name,
            fund_source="apbd",
            plan=plan * MILLION,
            statement=made,
            action=identifier("planning", "example", action),
            category=category,
            arg_plan=part * MILLION,
        )
        add_line(line, actor=focal)
    submit_statement(made, actor=focal, version=made.version)
    approve_statement(made, actor=known["officer"], version=made.version)
    signed = Signature(**{**vars(SIGNATURE), "signed_on": timezone.localdate()})
    sign_statement(made, actor=known["kepala-pertanian"], version=made.version, signature=signed)
    return made


def _signed_terms(statement: BudgetStatement, known: Mapping[str, User]) -> TermsOfReference:
    focal = known["pertanian"]
    made = make_terms(statement, actor=focal)
    made.legal_basis = "Permendagri 67/2011; Perda dan Perbup tentang PUG (contoh)"
    made.beneficiaries = "Petani perempuan dan laki-laki di desa sasaran (contoh)"
    made.location = "Balai desa di desa sasaran (contoh)"
    made.starts_on, made.ends_on = date(statement.year, 2, 2), date(statement.year, 11, 30)
    made.limits = "Pelatihan dan pembagian bibit; tidak termasuk bangunan (contoh)"
    made.months = 10
    made.performer = "Bidang Penyuluhan (contoh)"
    made.responsible = "Kepala Dinas Pertanian (contoh)"
    stages = [
        StageSaid("Persiapan (contoh)", "SK TPK baru, undangan lewat KWT dan PKK", 2),
        StageSaid("Pelatihan (contoh)", "Sesi siang dengan sudut anak", 6),
        StageSaid("Pembagian bibit dan penilaian (contoh)", "Separuh bibit lewat KWT", 2),
    ]
    change_terms(made, stages, actor=focal, version=made.version)
    submit_terms(made, actor=focal, version=made.version)
    approve_terms(made, actor=known["officer"], version=made.version)
    signed = Signature(**{**vars(SIGNATURE), "signed_on": timezone.localdate()})
    sign_terms(made, actor=known["kepala-pertanian"], version=made.version, signature=signed)
    return made


def _village_page(kades: User, year: int) -> bool:
    """Janju's page on an activity of this year that few women take part in, waiting for review."""
    janju = Village.objects.get(code=JANJU)
    own = janju.own_programs.filter(year_from__lte=year, year_to__gte=year, origin=Origin.SAMPLE)
    program = (
        own.exclude(activity_code=None)
        .order_by("-activity_code__code")
        .filter(activity_code__code__startswith="4.2", analyses=None)
        .select_related("activity_code")
        .first()
    )
    if program is None:
        return False
    made = start_village_analysis(
        janju, program.activity_code, actor=kades, year=year, uid=_uid("village")
    )
    told = figures_of(made).get(Measure.PARTICIPANTS)
    page = VillagePage(
        goal="Keluarga punya cukup pangan dari pekarangan (contoh)",
        women=told.women if told else 9,
        men=told.men if told else 27,
        year=year,
        source="" if told else "Daftar hadir (contoh)",
        gaps={
            "access": "Undangan hanya untuk ketua kelompok, semuanya laki-laki (contoh)",
            "participation": "Perempuan yang datang jauh lebih sedikit (contoh)",
        },
        internal="Pertemuan diadakan malam hari, undangan lewat ketua kelompok (contoh)",
        external="Perempuan menjaga anak pada malam hari (contoh)",
        change="Undang lewat PKK dan KWT (contoh)\nPertemuan pagi hari di balai desa (contoh)",
        target=Decimal(40) if not told or (told.percent or 0) < 40 else Decimal(60),
        due=date(year, 12, 31),
        cost=25 * MILLION,
        fund_source="dana_desa",
    )
    save_village_page(made, page, actor=kades, version=made.version)
    submit_village(made, actor=kades, version=made.version)
    return True


def _totals(regency: Regency, known: Mapping[str, User], year: int) -> None:
    """What gender budget is a share of, and the share aimed at."""
    officer, source = known["officer"], "Angka contoh, bukan anggaran resmi"
    agriculture = regency.opds.filter(name=FIELD_SCHOOL[0]).first()
    janju = Village.objects.get(code=JANJU)
    direct, village = Denominator.DIRECT_SPENDING, Denominator.TOTAL_APBDES
    set_total(regency, year, direct, actor=officer, plan=REGENCY_SPENDING, source=source)
    if agriculture:
        set_total(agriculture, year, direct, actor=officer, plan=OFFICE_SPENDING, source=source)
    set_total(janju, year, village, actor=known["kades"], plan=VILLAGE_BUDGET, source=source)
    set_target(regency, year, actor=officer, percent=TARGET, denominator=direct)


QUESTIONS = (
    ("A.1", "Apakah ada peraturan daerah tentang PUG? (contoh)", Prerequisite.COMMITMENT),
    ("B.1", "Apakah program perangkat daerah memuat isu gender? (contoh)", Prerequisite.POLICY),
    ("C.1", "Apakah Pokja PUG dan focal point ditetapkan? (contoh)", Prerequisite.INSTITUTION),
    ("D.1", "Apakah ada anggaran responsif gender? (contoh)", Prerequisite.RESOURCES),
    ("E.1", "Apakah data terpilah dipakai dalam perencanaan? (contoh)", Prerequisite.DATA),
    ("F.1", "Apakah GAP dan GBS disusun untuk program? (contoh)", Prerequisite.TOOLS),
    ("G.1", "Apakah masyarakat ikut dalam perencanaan? (contoh)", Prerequisite.PARTICIPATION),
)


def _binder(
    regency: Regency,
    known: Mapping[str, User],
    year: int,
    analysis: GenderAnalysis,
    statement: BudgetStatement,
    terms: TermsOfReference,
) -> None:
    """Seven questions, of which four have evidence: the gaps are part of the picture."""
    focal, officer = known["pertanian"], known["officer"]
    said = [
        QuestionSaid(row, code, text, prerequisite)
        for row, (code, text, prerequisite) in enumerate(QUESTIONS, 1)
    ]
    put_questions(regency, year, said, actor=officer)
    asked = {one.code: one for one in regency.question_set.filter(year=year)}
    office = analysis.program.owner_opd
    pieces = (
        (analysis, "GAP sekolah lapang (contoh)", ("policy", "tools"), "planning", ("B.1", "F.1")),
        (statement, "GBS sekolah lapang (contoh)", ("resources",), "budgeting", ("D.1", "F.1")),
        (terms, "KAK sekolah lapang (contoh)", ("tools",), "budgeting", ("E.1",)),
    )
    for subject, title, prerequisites, cycle, codes in pieces:
        piece = add_evidence(subject, actor=focal, title=title, regency=regency, opd=office)
        questions = [asked[code] for code in codes]
        tags = {"prerequisites": prerequisites, "cycles": (cycle,), "questions": questions}
        tag_evidence(piece, year, actor=focal, **tags)
        if subject is not terms:
            verify_evidence(piece, actor=officer)
