"""A village's page in tests: begun, filled in, sent and approved through the doors people use."""

from django.urls import reverse

from planning.models import GenderAnalysis
from planning.services.analyses import approve_analysis
from planning.services.village import start_village_analysis
from programs.models import ActivityCode

LIST, NEW = "/perencanaan/desa/", "/perencanaan/desa/baru/"


def farming_code() -> ActivityCode:
    """An activity line of the village budget, under its field."""
    field = ActivityCode.objects.create(code="4", name="PEMBERDAYAAN", level="bidang")
    return ActivityCode.objects.create(
        code="4.2.05", name="Pelatihan TTG Pertanian", level="kegiatan", parent=field
    )


def sign_in(client, person):
    client.force_login(person)
    return person


def page(name: str, analysis) -> str:
    return reverse(f"planning:{name}", args=[analysis.pk])


def answers(analysis, **changes) -> dict:
    """The page as a village head fills it in."""
    return {
        "version": str(GenderAnalysis.objects.get(pk=analysis.pk).version),
        "goal": "Petani mahir merawat bibit",
        "about": "participants",
        "women": "4",
        "men": "46",
        "data_year": "2025",
        "source": "Daftar hadir 12 Maret 2025",
        "note": "",
        "access": "on",
        "access_text": "Undangan hanya untuk ketua poktan, semua laki-laki",
        "participation_text": "Hanya 4 dari 50 peserta perempuan",
        "internal": "SK TPK tidak memuat perempuan",
        "external": "Perempuan tidak pantas pergi malam",
        "change": "Undang lewat KWT\nPelatihan siang hari",
        "new_goal": "",
        "target": "40",
        "due": "31-12-2026",
        "cost": "18.500.000",
        "fund_source": "dana_desa",
        **changes,
    }


def begun(village, code, actor, year=2026) -> GenderAnalysis:
    return start_village_analysis(village, code, actor=actor, year=year)


def sent(client, village, code, writer) -> GenderAnalysis:
    """A page that waits for review, through the door people use."""
    made = begun(village, code, writer)
    sign_in(client, writer)
    answer = client.post(page("village-edit", made), answers(made, send="1"))
    assert answer.status_code == 302, answer.context["form"].errors
    made.refresh_from_db()
    return made


def approved(client, village, code, writer, officer) -> GenderAnalysis:
    made = sent(client, village, code, writer)
    approve_analysis(made, actor=officer, version=made.version)
    return made
