"""The two agreements of 2022 as far as public pages tell, and an invented one beside them.

What no page says (numbers, period, clauses) stays empty. Everything invented says "contoh".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import QuerySet

from accounts.capabilities import Role
from accounts.models import User
from accounts.services import GrantDraft, add_person
from mou.drafts import PartySaid
from mou.models import (
    Agreement,
    AgreementFile,
    AgreementForm,
    Body,
    BodyKind,
    BodyMember,
    DutyMeasure,
    FileKind,
    MemberKind,
    Membership,
    Obligation,
    Partner,
    PartnerKind,
    Position,
    Sex,
    Training,
)
from mou.services.agreements import add_agreement, confirm_agreement
from mou.services.duties import add_obligation
from mou.services.files import add_file
from mou.services.institutions import add_body, add_training
from mou.services.memberships import add_membership
from mou.services.partners import add_partner
from programs.models import Stage
from villages.models import District, Opd, Regency, Village

from .manners import FACILITATED, clerk_of
from .plans import identifier

_NEWS = "https://gerbangkaltim.com/"
PROGRAM = "Program Percepatan Pengarusutamaan Gender melalui Desa Responsif Gender"
#: What the page says that facilitators do for village development.
STAGES = (
    (Stage.DATA_COLLECTION, "Memfasilitasi pendataan pembangunan desa yang responsif gender"),
    (Stage.PLANNING, "Memfasilitasi perencanaan pembangunan desa yang responsif gender"),
    (Stage.EXECUTION, "Memfasilitasi pelaksanaan pembangunan desa yang responsif gender"),
    (Stage.OVERSIGHT, "Memfasilitasi pengawasan pembangunan desa yang responsif gender"),
)
#: Districts of the invented agreement; the others are the gap on the map.
COVERED = ("64.01.01", "64.01.03", "64.01.04", "64.01.05", "64.01.06", "64.01.08")
#: An empty sheet: the paper of an agreement that was never signed.
_PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
#: Villages that one invented facilitator accompanies.
PER_FACILITATOR = 4


def put_on_file(regency: Regency, known: Mapping[str, User], today: date) -> str:
    """Whatever of it is missing."""
    if Agreement.objects.filter(pk=identifier("agreement", "tpp")).exists():
        return "sudah ada"
    office = Opd.objects.get(regency=regency, acronym="DP2KBP3A")
    tpp, ppdi = _partners(regency)
    _known(regency, office, tpp, ppdi)
    people = _people(tpp, known, today)
    _invented(regency, office, tpp, known["officer"], today)
    _institutions(regency, known, today)
    return f"2 known agreements, 1 invented, {people} facilitators"


def _partners(regency: Regency) -> tuple[Partner, Partner]:
    tpp = Partner(
        pk=identifier("partner", "tpp"),
        regency=regency,
        name="Tenaga Pendamping Profesional (TPP) Kabupaten Paser",
        acronym="TPP Paser",
        kind=PartnerKind.FACILITATORS,
    )
    ppdi = Partner(
        pk=identifier("partner", "ppdi"),
        regency=regency,
        name="Persatuan Perangkat Desa Indonesia (PPDI) Kabupaten Paser",
        acronym="PPDI Paser",
        kind=PartnerKind.ASSOCIATION,
    )
    return add_partner(tpp, actor=None), add_partner(ppdi, actor=None)


def _known(regency: Regency, office: Opd, tpp: Partner, ppdi: Partner) -> None:
    """Signed on 14 and 15 July 2022: drafts, until somebody brings the papers."""
    common = {
        "regency": regency,
        "lead": office,
        "form": AgreementForm.MOU,
        "title": PROGRAM,
        "subject": PROGRAM,
    }
    first = Agreement(
        pk=identifier("agreement", "tpp"),
        signed_on=date(2022, 7, 14),
        signed_at="Ruang Sadurengas, Kantor Bupati Paser",
        purpose="Mempercepat pengarusutamaan gender di desa; mengembangkan sumber daya manusia, "
        "sumber daya alam dan lingkungan.",
        scope="\n".join(words for _stage, words in STAGES),
        result="Terciptanya Desa Responsif Gender, naiknya IPG dan IDG Paser, dan naiknya "
        "kualitas hidup perempuan.",
        source=f"{_NEWS}dp2kbp3a-paser-lakukan-penandatanganan-mou-dengan-tenaga-pendamping-desa",
        **common,
    )
    parties = [
        PartySaid(office),
        PartySaid(tpp, "Rudi", "Koordinator Tenaga Pendamping Desa"),
    ]
    add_agreement(first, actor=None, parties=parties)
    for place, (stage, words) in enumerate(STAGES):
        _duty(first, tpp, words, place, measure=DutyMeasure.ACTIVITIES, stage=stage)
    second = Agreement(
        pk=identifier("agreement", "ppdi"),
        signed_on=date(2022, 7, 15),
        source=f"{_NEWS}dp2kbp3a-mou-dengan-ppdi-kini-perangkat-desa-dukung-desa-responsif-gender",
        **common,
    )
    add_agreement(second, actor=None, parties=[PartySaid(office), PartySaid(ppdi, "M. Yunus")])


def _duty(agreement: Agreement, partner: Partner, text: str, place: int, **values) -> None:
    party = agreement.parties.get(partner=partner)
    duty = Obligation(agreement=agreement, party=party, text=text, position=place, **values)
    add_obligation(duty, actor=None)


def _people(tpp: Partner, known: Mapping[str, User], today: date) -> int:
    """The demonstration's facilitators, with yearly contracts; and one for every four villages of
    the covered districts, so that some villages have none."""
    year = today.year
    for username in ("pendamping", *map(clerk_of, District.objects.filter(regency=tpp.regency))):
        if username in known:
            kind = MemberKind.PLD if username == "pendamping" else MemberKind.PD
            _member(tpp, known[username], kind, year)
    count = 0
    for code in COVERED:
        rows = Village.objects.live().filter(district__code=code, kind=Village.Kind.DESA)
        villages = list(rows.exclude(code__in=FACILITATED).order_by("code"))
        for start in range(0, len(villages) - PER_FACILITATOR + 1, PER_FACILITATOR):
            count += 1
            _local(tpp, count, villages[start : start + PER_FACILITATOR], year)
    return count


def _member(tpp: Partner, person: User, kind: str, year: int) -> None:
    for of in (year - 1, year):
        membership = Membership(
            partner=tpp,
            person=person,
            kind=kind,
            contract=f"Kontrak {of} (contoh)",
            valid_from=date(of, 1, 2),
            valid_until=date(of, 12, 31),
        )
        add_membership(membership, actor=None)


def _local(tpp: Partner, number: int, villages: list[Village], year: int) -> None:
    first, last = date(year, 1, 2), date(year, 12, 31)
    grants = [
        GrantDraft(Role.FACILITATOR, one, first, last, "Surat tugas contoh") for one in villages
    ]
    made = add_person(
        username=f"pld.{number:02}",
        name=f"Pendamping Lokal Desa {number:02} (contoh)",
        phone="",
        actor=None,
        grants=grants,
        demo=True,
    )
    _member(tpp, made.person, MemberKind.PLD, year)


def _invented(regency: Regency, office: Opd, tpp: Partner, officer: User, today: date) -> None:
    """In force over six districts, and about to end: what a register is for."""
    year = today.year
    agreement = Agreement(
        pk=identifier("agreement", "example"),
        regency=regency,
        lead=office,
        form=AgreementForm.COOPERATION,
        title=f"Pendampingan Desa Responsif Gender {year} (contoh)",
        subject="Pendampingan desa (contoh)",
        number_first=f"000/01/CONTOH/{year}",
        number_second=f"01/TPP-CONTOH/{year}",
        signed_on=date(year, 1, 5),
        signed_at="Tana Paser",
        starts_on=date(year, 1, 5),
        ends_on=max(date(year, 12, 31), today + timedelta(days=20)),
        purpose="Contoh untuk mencoba portal, bukan perjanjian yang sebenarnya.",
        source="Contoh, bukan data nyata",
        is_example=True,
    )
    parties = [
        PartySaid(office, "Contoh Nama Kepala Dinas", "Kepala DP2KBP3A"),
        PartySaid(tpp, "Contoh Nama Koordinator", "Koordinator TPP"),
    ]
    areas = list(District.objects.filter(code__in=COVERED))
    add_agreement(agreement, actor=officer, parties=parties, areas=areas)
    counted = (
        ("Mencatat kegiatan desa di portal", DutyMeasure.ACTIVITIES, "", 900),
        ("Mendampingi desa sehingga kegiatannya tercatat", DutyMeasure.VILLAGES, "", 80),
        ("Memfasilitasi musyawarah perencanaan", DutyMeasure.ACTIVITIES, Stage.PLANNING, 60),
    )
    for place, (text, measure, stage, target) in enumerate(counted):
        _duty(
            agreement,
            tpp,
            f"{text} (contoh)",
            place,
            measure=measure,
            stage=stage,
            target=target,
            due_on=agreement.ends_on,
        )
    file = AgreementFile(
        agreement=agreement, kind=FileKind.AGREEMENT, title="Naskah perjanjian (contoh)"
    )
    add_file(file, _PAPER, actor=officer, file_name="perjanjian-contoh.pdf")
    confirm_agreement(agreement, actor=officer, version=agreement.version)


def _institutions(regency: Regency, known: Mapping[str, User], today: date) -> None:
    year = today.year
    bodies = (
        ("Pokja PUG Kabupaten Paser (contoh)", BodyKind.WORKING_GROUP, None, year + 1, 5, 9),
        ("Tim driver PPRG (contoh)", BodyKind.DRIVER, None, year, 2, 3),
        *_focal_points(regency, year),
    )
    for name, kind, opd, until, women, men in bodies:
        body = Body(
            pk=identifier("body", name),
            regency=regency,
            kind=kind,
            opd=opd,
            name=name,
            decree_number=f"SK contoh {year}",
            decree_date=date(year - 1, 2, 1),
            valid_from=date(year - 1, 2, 1),
            valid_until=date(until, 12, 31),
            is_example=True,
        )
        add_body(body, actor=known["officer"], members=list(_members(kind, women, men)))
    training = Training(
        pk=identifier("training", "pprg"),
        regency=regency,
        title="Pelatihan PPRG (contoh)",
        held_on=date(year, 3, 10),
        organiser="DP2KBP3A",
        women=21,
        men=14,
        source="Contoh, bukan data nyata",
    )
    focal = BodyMember.objects.filter(body__kind=BodyKind.FOCAL_POINT, body__regency=regency)
    add_training(training, actor=known["officer"], members=list(focal[:6]))


def _focal_points(regency: Regency, year: int):
    offices: QuerySet[Opd] = regency.opds.exclude(kind=Opd.Kind.DISTRICT).order_by("name")
    for place, office in enumerate(offices[:12]):
        until = year if place % 4 == 0 else year + 1
        name = f"Focal point {office.acronym or office.name} (contoh)"
        yield name, BodyKind.FOCAL_POINT, office, until, 1, 1


def _members(kind: str, women: int, men: int):
    focal = kind == BodyKind.FOCAL_POINT
    for number in range(women + men):
        sex = Sex.FEMALE if number < women else Sex.MALE
        usual = Position.FOCAL_POINT if focal else Position.MEMBER
        yield BodyMember(
            name=f"Nama {'Ibu' if sex == Sex.FEMALE else 'Bapak'} {number + 1} (contoh)",
            sex=sex,
            position=Position.CHAIR if number == 0 and not focal else usual,
        )
