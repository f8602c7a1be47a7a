"""What the tests of the public pages begin with: a world, its snapshot, and its files read."""

import csv
import io
import json

from programs.models import Program
from programs.periods import Period
from programs.services.closing import take_snapshot
from tests import make

from .examples import EXAMPLES

JANJU, SENAKEN, KUARO = "64.01.04.2002", "64.01.04.2008", "64.01.03.2001"
NAMES = {JANJU: "Janju", SENAKEN: "Senaken", KUARO: "Kuaro"}
HEADS = [
    f"{sex}_{group}"
    for group in ("participants", "deciders", "beneficiaries")
    for sex in ("women", "men")
]
#: Stands in what villages write down of their activities.
SECRET = "Ibu Siti Aminah"


def make_examples(officer) -> None:
    """The worked examples in two villages of three, each but the last verified."""
    make.village(SENAKEN, NAMES[SENAKEN])
    for number, letter in enumerate(EXAMPLES):
        village = make.village((JANJU, KUARO)[number % 2], NAMES[(JANJU, KUARO)[number % 2]])
        program = make.program(village, title=f"Program {letter}")
        values = EXAMPLES[letter][0] | {"title": f"Rapat di rumah {SECRET}", "notes": SECRET}
        make.activity(program, village, verified_by=officer if letter != "j" else None, **values)


def publish(period=Period(2026), *, closing=False, **values):  # noqa: B008 - frozen
    return take_snapshot(make.regency(), period, actor=None, closing=closing, **values)


def file_of(client, name: str, kind: str = "csv", period: str = "2026"):
    """The rows of a CSV as dicts of text, or what a JSON says."""
    answer = client.get(f"/publik/data/{name}-{period}.{kind}")
    assert answer.status_code == 200
    text = answer.content.decode()
    return list(csv.DictReader(io.StringIO(text))) if kind == "csv" else json.loads(text)


def pages() -> list[str]:
    """An address of each kind, in the world of `make_examples`."""
    program = Program.objects.get(title="Program b")
    return [
        *("/publik/", "/publik/wilayah/", "/publik/wilayah/64.01/", "/publik/wilayah/64.01.04/"),
        *(f"/publik/wilayah/{JANJU}/", "/publik/program/", f"/publik/program/{program.pk}/"),
        *("/publik/peta/", "/publik/data/", "/publik/tentang/", "/publik/koreksi/"),
        *("/publik/privasi/", "/publik/data/katalog.json"),
        *(f"/publik/data/{name}-2026.csv" for name in ("desa", "kecamatan", "program")),
        *("/publik/data/program-desa-2026.json", "/publik/data/desa-2026.geojson"),
    ]
