"""Sheets for tests: rows of one program, as people write them."""

from django.utils import timezone

from programs.models import ImportJob
from programs.services import importing

HEADER = "Kode desa;Program;Tanggal;Nama kegiatan;Hadir perempuan;Hadir laki-laki"


def line(program, number=0, *, women="19", village="64.01.04.2002", day="4/3/2026") -> str:
    return f"{village};{program.title};{day};Pelatihan {number};{women};24"


def content(*lines: str) -> bytes:
    return "\n".join([HEADER, *lines]).encode()


def sheet(program, rows: int, *, wrong: int = 0) -> bytes:
    """So many rows; every `wrong`th says a word where a number belongs."""
    return content(
        *(
            line(program, number, women="banyak" if wrong and number % wrong == 0 else "19")
            for number in range(rows)
        )
    )


def judged(data: bytes, actor, *, dry_run: bool = False, name: str = "kegiatan.csv") -> ImportJob:
    """The job of this sheet after its worker; what she sent before was sent long before."""
    ImportJob.objects.update(created_at=timezone.now() - importing.SAME * 2)
    job = importing.take_in(data, name, actor, dry_run)
    importing.work(job.pk)
    job.refresh_from_db()
    return job
