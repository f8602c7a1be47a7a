"""Institutions: bodies by decree with their members, what is missing or ends, trainings by sex."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.errors import Refused, Stale
from core.identifiers import uuid7
from mou.institutions import Shown, expiring, missing, with_people
from mou.models import AgreementFile, Body, BodyMember, Training
from mou.services.files import add_file
from mou.services.institutions import (
    add_body,
    add_training,
    change_body,
    end_body,
    replace_body,
)
from programs import intake
from tests import make
from villages.models import Opd

from .made_agreements import PDF

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/perjanjian/kelembagaan/"
TODAY = date(2026, 11, 22)
PAST = date(2020, 1, 1)


def member(name="Siti Aminah", sex="f", **values) -> BodyMember:
    return BodyMember(name=name, sex=sex, **values)


def body(kind="working_group", *members, **values) -> Body:
    values = {"regency": make.regency(), "name": f"SK {kind}", **values}
    return add_body(Body(kind=kind, **values), actor=None, members=members)


@pytest.fixture
def officer():
    make.village()
    return make.officer()


def rows(*people, first=0, **more) -> dict:
    """The rows of members as the page sends them, after `first` that are there."""
    said = {"member-TOTAL_FORMS": first + len(people) + 1, "member-INITIAL_FORMS": first, **more}
    for place, one in enumerate(people, start=first):
        said |= {f"member-{place}-{name}": value for name, value in one.items()}
    return said


# -- What stands, what is missing, what ends ---------------------------------------------


def test_members_are_counted_by_sex_without_those_who_left():
    made = body(
        "working_group",
        member("Ani"),
        member("Budi", "m"),
        member("Cici", left_on=date(2026, 11, 21)),
        member("Dedi", "m", left_on=date(2026, 11, 22)),
    )
    came = list(made.members.filter(name__in=["Ani", "Budi"]))
    kept = Training(regency=made.regency, title="PPRG", held_on=TODAY, women=9, men=2)
    add_training(kept, actor=None, members=came)
    shown = Shown(with_people(Body.objects.all()).get(), TODAY)
    heads = shown.heads
    assert (heads.women, heads.men, heads.trained_women, heads.trained_men) == (1, 2, 1, 1)
    Training.objects.update(removed_at=timezone.now())
    assert Shown(with_people(Body.objects.all()).get(), TODAY).heads.trained == 0


def test_what_is_missing_and_what_ends(django_assert_num_queries):
    district = make.village().district
    health, schools = make.opd(), make.opd("Dinas Pendidikan")
    make.opd("Dinas Lama", valid_until=date(2020, 1, 1))
    Opd.objects.create(
        name="Kecamatan Kuaro", kind="kecamatan", regency=make.regency(), district=district
    )
    group = body("working_group", member(opd=health), valid_until=TODAY + timedelta(days=90))
    body("driver", valid_until=TODAY - timedelta(days=1))
    body("focal_point", opd=health, valid_from=TODAY, valid_until=TODAY + timedelta(days=91))
    body("focal_point", opd=schools, valid_from=TODAY + timedelta(days=1))
    paser = make.regency()
    with django_assert_num_queries(4):
        found = missing(paser, TODAY)
    assert found.kinds == ("driver",)
    assert (found.offices, found.unheard, found.districts) == ((schools,), (schools,), (district,))
    assert (found.offices_covered, found.offices_in_all) == (1, 2)
    assert [(one.body.kind, one.days_left) for one in expiring(make.regency(), TODAY)] == [
        ("driver", 0),
        ("working_group", 91),
    ]
    replace_body(
        Body(name="Pokja", valid_from=TODAY), actor=None, replaces=group, version=group.version
    )
    assert [one.body.kind for one in expiring(make.regency(), TODAY)] == ["driver"]


# -- Services ----------------------------------------------------------------------------


def test_a_new_decree_ends_the_old_one_the_day_before():
    old = body("driver", member(), valid_from=date(2025, 1, 1))
    before = Body(name="Tim driver", valid_from=date(2025, 1, 1))
    with pytest.raises(Refused) as refusal:
        replace_body(before, actor=None, replaces=old, version=1)
    assert refusal.value.code == "days_in_order"
    new = Body(name="Tim driver", valid_from=date(2026, 1, 1), decree_number="2/2026")
    replace_body(new, actor=None, replaces=old, version=1, members=[member()])
    old.refresh_from_db()
    assert (old.valid_until, old.members.count()) == (date(2025, 12, 31), 1)
    assert (new.kind, new.replaces, new.members.count()) == ("driver", old, 1)
    second = Body(name="Tim driver", valid_from=date(2026, 6, 1))
    with pytest.raises(Refused) as refusal:
        replace_body(second, actor=None, replaces=old, version=old.version)
    assert refusal.value.code == "already_there"


def test_what_the_services_refuse(officer):
    other = make.officer(regency=make.regency("64.02", "Kabupaten Lain"))
    for made, actor, code in (
        (Body(kind="focal_point", name="FP"), officer, "required"),
        (Body(kind="district", name="K"), officer, "required"),
        (Body(kind="driver", name="T"), other, "not_permitted"),
        (
            Body(
                kind="driver",
                name="T",
                valid_from=date(2026, 2, 1),
                valid_until=date(2026, 1, 1),
            ),
            officer,
            "days_in_order",
        ),
    ):
        made.regency = make.regency()
        with pytest.raises(Refused) as refusal:
            add_body(made, actor=actor)
        assert refusal.value.code == code
    assert not Body.objects.exists()
    named = body("driver", member(), member("Budi", "m"))
    facts = {"regency": make.regency(), "held_on": TODAY, "title": "PPRG"}
    for women, men, day, code in (
        (0, 0, TODAY, "empty"),
        (0, 5, TODAY, "too_many"),
        (5, 5, timezone.localdate() + timedelta(days=1), "future"),
    ):
        kept = Training(**facts | {"held_on": day}, women=women, men=men)
        with pytest.raises(Refused) as refusal:
            add_training(kept, actor=officer, members=list(named.members.all()))
        assert code in {one.code for one in refusal.value.problems}
    add_training(Training(**facts, women=40, men=1), actor=officer, members=named.members.all())
    with pytest.raises(Refused) as refusal:
        add_training(Training(**facts, women=1, men=1), actor=officer)
    assert refusal.value.code == "already_there"
    with pytest.raises(Refused) as refusal:
        change_body(named, actor=officer, version=1, gone=list(named.members.all())[:1])
    assert refusal.value.code == "in_use"
    with pytest.raises(Stale):
        end_body(named, actor=officer, version=9, last_day=TODAY)


# -- Pages -------------------------------------------------------------------------------


def test_a_body_is_entered_read_and_changed(client, officer):
    client.force_login(officer)
    office = make.opd()
    said = {"uid": uuid7(), "kind": "focal_point", "opd": office.pk, "name": ""}
    person = {"name": "Siti", "sex": "f", "position": "focal_point", "opd": office.pk}
    person["uid"] = uuid7()
    sent = said | {"decree_number": "800/12", "valid_from": "1-2-2026"} | rows(person)
    assert client.post(LIST + "baru/", said | rows({"name": "Tanpa kelamin"})).status_code == 422
    assert not Body.objects.exists()
    asked = client.post(LIST + "baru/", sent | {"more": "1"})
    assert (asked.status_code, Body.objects.count()) == (200, 0)
    assert 'name="member-6-name"' in asked.text
    assert 'value="Siti"' in asked.text
    for _twice in range(2):
        answer = client.post(LIST + "baru/", sent)
    made = Body.objects.get()
    assert answer.headers["Location"] == f"{LIST}{made.pk}/"
    assert made.name == "Focal point Dinas Kesehatan"
    siti = made.members.get()

    page = client.get(f"{LIST}{made.pk}/ubah/")
    assert 'name="member-5-name"' in page.text
    changed = {"uid": siti.pk, "name": "Siti", "sex": "f", "position": "member"}
    changed |= {"left_on": "1-6-2026"}
    new = {"uid": uuid7(), "name": "Joko", "sex": "m", "position": "focal_point"}
    more = {"name": "Focal point", "valid_from": "1-2-2026", "version": 1}
    everything = more | rows(changed, new) | {"member-INITIAL_FORMS": 1}
    assert client.post(f"{LIST}{made.pk}/ubah/", everything).status_code == 302
    assert client.post(f"{LIST}{made.pk}/ubah/", everything).status_code == 409
    siti.refresh_from_db()
    assert (siti.left_on, siti.opd, made.members.count()) == (date(2026, 6, 1), None, 2)
    detail = client.get(f"{LIST}{made.pk}/").text
    assert "Joko" in detail
    assert "<summary>1 " in detail


def test_a_decree_is_kept_and_a_body_ends(client, officer, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(officer)
    made = body("driver", valid_from=date(2026, 2, 1))
    file = SimpleUploadedFile("sk.pdf", PDF)
    wrong = SimpleUploadedFile("sk.pdf", b"GIF89a")
    path = f"{LIST}{made.pk}/sk/"
    assert client.post(path, {"uid": uuid7(), "title": "SK", "file": wrong}).status_code == 422
    assert client.post(path, {"uid": uuid7(), "title": "SK", "file": file}).status_code == 302
    kept = made.files.get()
    fetched = client.get(f"{path}{kept.pk}/")
    assert b"".join(fetched.streaming_content) == PDF
    assert client.post(f"{path}{kept.pk}/hapus/").status_code == 302
    assert client.get(f"{path}{kept.pk}/").status_code == 404

    end = f"{LIST}{made.pk}/akhiri/"
    assert client.post(end, {"version": 1}).status_code == 422
    assert client.post(end, {"version": 1, "last_day": "1-1-2026"}).status_code == 422
    assert client.post(end, {"version": 1, "last_day": "30-6-2026"}).status_code == 302
    made.refresh_from_db()
    assert made.valid_until == date(2026, 6, 30)


def test_members_come_along_to_a_new_decree(client, officer):
    client.force_login(officer)
    old = body("driver", member("Ani"), member("Budi", "m"), valid_from=date(2025, 1, 1))
    page = client.get(f"{LIST}{old.pk}/ganti/").text
    assert 'value="Ani"' in page
    assert str(old.members.get(name="Ani").pk) not in page
    ani = {"uid": uuid7(), "name": "Ani", "sex": "f", "position": "chair"}
    budi = {"uid": uuid7(), "name": "Budi", "sex": "m", "position": "member", "out": "on"}
    said = {"uid": uuid7(), "name": "Tim driver", "version": 1, **rows(ani, budi)}
    assert client.post(f"{LIST}{old.pk}/ganti/", said).status_code == 422  # no first day
    said["valid_from"] = "1-1-2026"
    for _twice in range(2):
        answer = client.post(f"{LIST}{old.pk}/ganti/", said)
    new = old.successors.get()
    assert answer.headers["Location"] == f"{LIST}{new.pk}/"
    assert [(one.name, one.position) for one in new.members.all()] == [("Ani", "chair")]


def test_the_pages_of_lists_and_their_files(client, officer):
    client.force_login(officer)
    assert client.get(LIST).status_code == 200  # empty
    body("working_group", member(), member("Budi", "m"), decree_number="=112/2026")
    body("driver", valid_until=date(2020, 1, 1))
    page = client.get(LIST).text
    assert "1 dari 2" in page
    csv = b"".join(client.get(LIST + "?format=csv").streaming_content).decode()
    assert "'=112/2026" in csv
    assert len(csv.strip().splitlines()) == 3
    path = f"{LIST}pelatihan/"
    said = {"uid": uuid7(), "title": "PPRG", "held_on": "4-3-2026", "women": "18", "men": "12"}
    said["members"] = [str(BodyMember.objects.get(sex="f").pk)]
    assert client.post(path + "baru/", said | {"women": "0"}).status_code == 422
    assert client.post(path + "baru/", said).status_code == 302
    kept = Training.objects.get()
    assert [one.name for one in kept.members.all()] == ["Siti Aminah"]
    listed = client.get(path).text
    assert "18 dari 30" in listed
    said |= {"version": 1, "women": "20", "members": []}
    assert client.post(f"{path}{kept.pk}/ubah/", said).status_code == 302
    assert client.post(f"{path}{kept.pk}/ubah/", said).status_code == 409
    kept.refresh_from_db()
    assert (kept.women, kept.members.count()) == (20, 0)
    assert client.post(f"{path}{kept.pk}/hapus/", {"version": kept.version}).status_code == 302
    assert "PPRG" not in client.get(path).text


def test_a_matter_of_the_regency_and_not_of_a_village(client, officer):
    made = body("driver")
    kept = Training.objects.create(
        regency=make.regency(), title="PPRG", held_on=TODAY, women=1, men=1
    )
    own, training = f"{LIST}{made.pk}/", f"{LIST}pelatihan/{kept.pk}/ubah/"
    reading = (LIST, own, f"{LIST}pelatihan/")
    writing = (f"{LIST}baru/", f"{own}ubah/", f"{own}ganti/", f"{own}akhiri/", training)
    elsewhere = make.officer(regency=make.village("64.02.01.2001").district.regency)
    for person, read, write in (
        (make.person("district_officer", district=make.village().district), 200, 403),
        (make.person("auditor", regency=make.regency()), 200, 403),
        (make.person("planner", opd=make.opd()), 200, 403),
        (officer, 200, 200),
    ):
        client.force_login(person)
        assert {client.get(path).status_code for path in reading} == {read}, person
        assert {client.get(path).status_code for path in writing} == {write}, person
    client.force_login(make.village_head())
    assert {client.get(path).status_code for path in (*reading, *writing)} == {403, 404}
    client.force_login(elsewhere)
    assert {client.get(path).status_code for path in (own, f"{own}ubah/", training)} == {404}
    assert client.get(LIST + "?kabupaten=64.01").status_code == 404


def test_members_are_named_to_those_who_see_the_whole_regency(client, officer, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = body("driver", member("Ani"), member("Budi", "m"), member("Cici", left_on=PAST))
    decree = AgreementFile(body=made, kind="decree", title="SK tim")
    add_file(decree, PDF, actor=officer, file_name="sk.pdf")
    own, district = f"{LIST}{made.pk}/", make.village().district
    leader = make.person("leader", regency=make.regency())
    for person, named in (
        (make.person("district_officer", district=district), False),
        (make.person("facilitator", district=district), False),
        (leader, True),
        (officer, True),
    ):
        client.force_login(person)
        page = client.get(own)
        assert page.status_code == 200
        assert "1 dari 2" in page.text
        assert any(name in page.text for name in ("Ani", "Budi", "Cici", "SK tim")) is named
        assert ("format=csv" in page.text) is named
        wanted = 200 if named else 403
        assert client.get(own + "?format=csv").status_code == wanted, person
        assert client.get(f"{own}sk/{decree.pk}/").status_code == wanted, person


def test_bodies_and_trainings_come_in_as_sheets(officer):
    make.opd("Dinas Kesehatan", acronym="Dinkes")
    head = "Jenis lembaga;Perangkat daerah;Nomor SK;Berlaku sejak;Anggota;Jenis kelamin;Jabatan"
    bodies = intake.intakes()["bodies"]
    lines = [
        "Pokja PUG;;112/2026;5-1-2026;Ani;Perempuan;Ketua",
        "Pokja PUG;;112/2026;5-1-2026;Budi;l;Anggota",
        "Focal point perangkat daerah;dinkes;800/1;;Cici;perempuan;",
    ]
    sheet = intake.take_in(bodies, "\n".join([head, *lines]).encode(), "l.csv", actor=officer)
    trial = intake.tried(bodies, sheet, actor=officer)
    assert [(one.number, one.title, one.cell) for one in trial.problems] == [
        (3, "Jenis kelamin", "l")
    ]
    right = "\n".join([head, *lines]).replace(";l;", ";Laki-laki;").encode()
    sheet = intake.take_in(bodies, right, "l.csv", actor=officer)
    assert intake.take_over(bodies, sheet, actor=officer).rows == 3
    group = Body.objects.get(kind="working_group")
    assert [one.name for one in group.members.all()] == ["Ani", "Budi"]
    trainings = intake.intakes()["trainings"]
    head = "Pelatihan;Tanggal;Perempuan;Laki-laki;Anggota lembaga yang hadir"
    text = f"{head}\nPPRG;4-3-2026;18;12;ani\nPPRG 2;4-3-2026;18;12;Entah"
    sheet = intake.take_in(trainings, text.encode(), "p.csv", actor=officer)
    [problem] = intake.tried(trainings, sheet, actor=officer).problems
    assert (problem.number, problem.cell) == (3, "Entah")
    sheet = intake.take_in(trainings, text.replace("Entah", "").encode(), "p.csv", actor=officer)
    intake.take_over(trainings, sheet, actor=officer)
    assert Training.objects.get(title="PPRG").members.get().name == "Ani"
