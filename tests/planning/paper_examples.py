"""Analyses, statements and terms to be printed: the constructed example, short or long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from django.utils import timezone

from planning.content import (
    LISTS,
    ActionSaid,
    BaselineSaid,
    CauseSaid,
    Content,
    DataSaid,
    FactorSaid,
    IndicatorSaid,
    packed,
)
from planning.models import (
    BudgetStatement,
    GapVersion,
    GenderAnalysis,
    TermsOfReference,
    TermsStage,
)
from tests import make

_SPACE = UUID("01940000-0000-7000-8000-000000000000")
_LINKED = {
    "data_row": "data_rows",
    "factor": "factors",
    "baseline": "baselines",
    "action": "actions",
}
DECIDED = datetime(2026, 11, 5, 6, 5, tzinfo=timezone.get_default_timezone())


def key(name: str) -> UUID:
    return uuid5(_SPACE, name)


CAUSES = (
    ("internal", "SK TPK tidak memuat perempuan", "control"),
    ("internal", "Tidak ada anggaran untuk kegiatan siang hari dan penjagaan anak", "access"),
    ("external", "Bepergian malam dianggap tidak pantas bagi perempuan", "access"),
    ("external", "KWT belum terdaftar sebagai kelompok", "benefit"),
)
FACTORS = (
    ("access", "Undangan hanya kepada ketua poktan, semuanya laki-laki", "trainees"),
    ("participation", "Hanya 8 % peserta latihan perempuan", "trainees"),
    ("control", "Tidak ada perempuan dalam TPK", "team"),
    ("benefit", "Bibit dibagikan kepada peserta latihan saja", "trainees"),
)


def content(template: str = "9L", **values) -> Content:
    """The example of a village's seedling training, every cell tied to the one it answers."""
    said = Content(
        template=template,
        year=2027,
        level="activity",
        code="4.2.05",
        title="Pelatihan teknologi tepat guna pertanian",
        goal="Petani menguasai perawatan bibit",
        audience="Petani lada dan sayur",
        new_goal="Petani perempuan dan laki-laki menguasai perawatan bibit dan menerimanya adil",
        data_rows=_data_rows(),
        factors=tuple(
            FactorSaid(key(kind), kind, text, key(data)) for kind, text, data in FACTORS
        ),
        causes=tuple(
            CauseSaid(key(text), scope, text, key(factor)) for scope, text, factor in CAUSES
        ),
        actions=(
            ActionSaid(key("invite"), "Mengundang lewat KWT dan PKK",
                       (key(CAUSES[1][1]), key(CAUSES[3][1])), "Undangan, honor pelatih",
                       "Kasi Kesejahteraan", 12_500_000, "dana_desa"),
            ActionSaid(key("seats"), "Sedikitnya dua perempuan dalam TPK", (key(CAUSES[0][1]),)),
        ),
        baselines=(
            BaselineSaid(key("share"), "Perempuan peserta", key("trainees"), "women_share"),
            BaselineSaid(key("seats-now"), "Perempuan dalam TPK", key("team"), "women"),
        ),
        indicators=_indicators(),
    )  # fmt: skip
    return replace(said, **values)


def _data_rows() -> tuple[DataSaid, ...]:
    return (
        DataSaid(key("trainees"), "Peserta latihan", 4, 46, unit="orang", year=2025,
                 place="Desa Janju", source="Daftar hadir"),
        DataSaid(key("team"), "Anggota TPK", 0, 5, unit="orang", year=2025,
                 place="Desa Janju", source="SK Kepala Desa"),
        DataSaid(key("village"), "Desa dengan pelibatan berarti", value=Decimal(12), whole=40,
                 unit="desa", year=2025, place="Kabupaten Paser", source="Portal PUG"),
    )  # fmt: skip


def _indicators() -> tuple[IndicatorSaid, ...]:
    share, invite = key("share"), key("invite")
    return (
        IndicatorSaid(key("out"), "output", "Perempuan di antara peserta latihan", share, invite,
                      Decimal("40.00"), "%", date(2027, 6, 30), "women"),
        IndicatorSaid(key("result"), "outcome", "Perempuan penerima bibit", share, invite,
                      Decimal("40.00"), "%", date(2027, 12, 31), "women"),
        IndicatorSaid(key("seat"), "output", "Perempuan anggota TPK", key("seats-now"),
                      key("seats"), Decimal("2.00"), "orang", date(2027, 3, 31), "women"),
    )  # fmt: skip


def long_content(rows: int, template: str = "9L") -> Content:
    """So many rows in every list, in sentences of the usual length."""
    short, found = content(template), {}
    for name in LISTS:
        kept = getattr(short, name)
        found[name] = tuple(
            replace(
                one,
                key=key(f"{name}-{number}"),
                text=f"{one.text}, keadaan {number} menurut catatan kelompok dan perangkat desa",
                **{
                    field: key(f"{where}-{number}")
                    for field, where in _LINKED.items()
                    if hasattr(one, field)
                },
                **({"causes": (key(f"causes-{number}"),)} if name == "actions" else {}),
            )
            for number in range(1, rows + 1)
            for one in [kept[number % len(kept)]]
        )
    return replace(short, **found)


def analysis(said: Content | None = None, **of_program) -> GenderAnalysis:
    """A draft analysis whose rows say this, of an office unless `owner_village=` is given."""
    said = said or content()
    made = GenderAnalysis.objects.create(
        program=make.program(**of_program),
        template=said.template,
        year=said.year,
        created_by=make.person("officer"),
        **{name: getattr(said, name) for name in ("level", "code", "title", "goal", "audience")},
        new_goal=said.new_goal,
    )
    for name, (_said, table) in LISTS.items():
        for position, row in enumerate(getattr(said, name)):
            _row(made, table, position, row)
    return made


def _row(made: GenderAnalysis, table, position: int, row) -> None:
    values = {field: getattr(row, field) for field in row.__dataclass_fields__}
    causes = values.pop("causes", ())
    links = {name: values.pop(name) for name in ("data_row", "factor", "baseline", "action")
             if name in values}  # fmt: skip
    links = {f"{name}_id": found for name, found in links.items()}
    one = table.objects.create(
        uid=values.pop("key"), analysis=made, position=position, **values, **links
    )
    if causes:
        one.causes.set(causes)


def frozen(of: GenderAnalysis, said: Content | None = None, **values):
    """A version of it as it was submitted; approved unless another state is given."""
    person = make.person("officer")
    wanted = {"state": "approved", "decided_by": person, "decided_at": DECIDED, **values}
    return GapVersion.objects.create(
        analysis=of,
        number=of.versions.count() + 1,
        content=packed(said or content(of.template)),
        submitted_by=person,
        submitted_at=DECIDED,
        **wanted,
    )


def statement(of: GenderAnalysis, said: Content | None = None, **values) -> BudgetStatement:
    """A signed statement of an approved version."""
    wanted = {
        "year": 2027,
        "total": 250_000_000,
        "office_address": "Jalan Kesuma Bangsa, Tana Paser",
        "state": "signed",
        "place": "Tana Paser",
        "signed_on": date(2026, 11, 20),
        "signatory_title": "Kepala Dinas Kesehatan",
        "signatory_name": "dr. Siti Aminah",
        "signatory_rank": "Pembina Utama Muda, IV/c",
        "signatory_number": "197001011998032001",
        **values,
    }
    version = frozen(of, said)
    return BudgetStatement.objects.create(
        analysis=of, gap_version=version, created_by=make.person("officer"), **wanted
    )


def terms(of: BudgetStatement, **values) -> TermsOfReference:
    wanted = {
        "legal_basis": "Inpres 9/2000\nPermendagri 67/2011",
        "purpose": "Melatih petani perempuan dan laki-laki",
        "beneficiaries": "40 perempuan dan 40 laki-laki",
        "location": "Balai Desa Janju",
        "starts_on": date(2027, 2, 1),
        "ends_on": date(2027, 4, 30),
        "months": 3,
        "subactivity": "4.2.05.01 Latihan pembibitan",
        "limits": "Tidak termasuk pengadaan alat",
        "performer": "TPK Desa Janju",
        "responsible": "Kasi Kesejahteraan",
        "cost": 25_000_000,
        "state": "approved",
        **values,
    }
    made = TermsOfReference.objects.create(
        statement=of, created_by=make.person("officer"), place="Tana Paser", **wanted
    )
    stages = [("Persiapan", "Undangan lewat KWT", 1), ("Pelatihan", "Tiga hari di balai desa", 2)]
    for position, (label, text, months) in enumerate(stages):
        TermsStage.objects.create(
            terms=made, position=position, label=label, text=text, months=months
        )
    return made
