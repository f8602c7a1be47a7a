"""A NIK in free text is seen however it is written; codes, amounts and staff numbers are not."""

import pytest

from programs.flags import flags
from programs.models import Activity, Submission
from programs.personal import identity_numbers, phone_numbers
from tests import make

pytestmark = pytest.mark.once

NIK = [
    "6401041203800001",
    "NIK:6401044107850003.",  # a woman: day plus 40
    "nik 640104 120380 0001",
    "6401-0412-0380-0001",
    "6401 0412 0380 0001",
    "64.01.04.120380.0001",
    "640104-1203800001",
    "Ketua Siti (6401044107850003), bendahara",
    "No. KK 6401041502190007",
    "1171012902000001",  # 29 February 2000
    "lihat:6401041203800001, lalu",
]
NONE = [
    "Rp 1.250.000.000.000.000",
    "1250000000000000",  # 1.25 quadrillion: 12 is a province, 00 no district
    "5.1.02.01.01.0024",
    "2.08.02.2.01.0001",
    "64.01.04.2002",
    "198003042005011001",  # a NIP has 18 figures
    "19800304 200501 1 001",
    "081234567890 dan 085212345678",
    "4111111111111111",  # 41 is no province
    "2026030415300012",  # a moment: 20 is no province
    "6401041303990000",  # ends in 0000
    "6401043213800001",  # no 32nd, and no 13th month
    "6401041213800001",
    "6400041203800001",
    "64010412038000012",  # 17 figures
    "9786020332956",  # a book
    "PSR-26-000123",
    "19 perempuan, 24 laki-laki, 3 anak",
    "3201/2026/0412/0038",
    "rekening 0012-01-012345-53-1",
    "koordinat -1.9043211 116.1912345",
]


@pytest.mark.parametrize("text", NIK)
def test_nik_is_seen(text):
    assert len(identity_numbers(text)) == 1


@pytest.mark.parametrize("text", NONE)
def test_other_numbers_are_let_through(text):
    assert identity_numbers(text) == []


@pytest.mark.parametrize("text", ["0812-3456-7890", "+62 812 3456 7890", "hub. 081234567890"])
def test_phone_number_is_seen(text):
    assert len(phone_numbers(text)) == 1


@pytest.mark.parametrize(
    "text", ["5.1.02.01.01.0024", "Rp 81.234.567", "08.00-12.00", "6401041203800001"]
)
def test_what_is_no_phone_number(text):
    assert phone_numbers(text) == []


@pytest.mark.django_db
def test_refusal_says_what_to_do_and_where(client):
    village, program = make.village(), make.program()
    client.force_login(make.village_head(village))
    item = {
        "uid": "0199aa00-0000-7000-8000-000000000001",
        "program": str(program.pk),
        "village": village.code,
        "held_on": "2026-03-04",
        "title": "Rapat 6401044107850003",
        "kind": "training",
        "place": "Rumah 64.01.04.120380.0001",
        "reference": "6401041203800001",  # a tool's own number is nobody's NIK
    }
    answer = client.post("/api/v1/submissions/", {"items": [item]}, content_type="application/json")
    [outcome] = answer.json()["results"]
    found = {one["pointer"]: one for one in outcome["errors"]}
    assert {name: one["code"] for name, one in found.items()} == {
        "/title": "identity_number",
        "/place": "identity_number",
    }
    assert "NIK" in found["/title"]["detail"]
    assert not Activity.objects.exists()
    assert Submission.objects.get().state == "rejected"


@pytest.mark.django_db
def test_phone_number_is_only_remarked_on():
    one = make.activity(make.program(), note="Hubungi 0812-3456-7890", title="Rapat")
    other = make.activity(make.program(), note="Hubungi kantor desa", title="Rapat")
    assert any("telepon" in said for said in flags(one))
    assert not any("telepon" in said for said in flags(other))
