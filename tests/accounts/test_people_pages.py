"""The office's pages about people, through the browser's door, without JavaScript."""

import re

import pytest
from django.utils import timezone

from accounts import services
from accounts.models import Grant, User
from accounts.services import GrantDraft
from core.models import AuditEntry
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    person = make.officer()
    client.force_login(person)
    return person


def address(person, act="") -> str:
    return f"/kelola/pengguna/{person.uid}/{act}"


def far_head():
    return make.village_head(make.village("64.02.01.2001", "Far"))


def text(answer) -> str:
    return answer.content.decode()


def new_person(**changes) -> dict:
    village = make.village()
    return {
        "name": "Siti Rahmah",
        "username": "siti.rahmah",
        "phone": "0812 345 678",
        "role": "village_head",
        "area": f"village:{village.pk}",
        "valid_from": "5-11-2026",
        "valid_until": "",
    } | changes


def test_list_shows_the_officers_own_people(client, officer):
    inside, nobody_yet, outside = make.village_head(), make.person(), far_head()

    page = text(client.get("/kelola/"))

    assert inside.name in page
    assert nobody_yet.name in page
    assert outside.name not in page


def test_list_is_narrowed_by_name_role_and_district(client, officer):
    here = make.village_head()
    there = make.person("facilitator", village=make.village("64.01.05.2001", "Other"))

    def shown(query):
        page = text(client.get(f"/kelola/?{query}"))
        return {person for person in (here, there) if address(person) in page}

    assert shown("") == {here, there}
    assert shown(f"search={here.username[-6:]}") == {here}
    assert shown("role=facilitator") == {there}
    assert shown("district=64.01.05") == {there}
    assert shown("search=nobody-has-this") == set()
    assert shown("role=nonsense&district=nonsense&page=999") == {here, there}
    assert "Tidak ada yang sesuai saringan ini." in text(client.get("/kelola/?search=zzz"))


def test_list_has_pages_of_fifty_and_flat_queries(client, officer, django_assert_max_num_queries):
    for number in range(60):
        make.person("facilitator", username=f"p{number:02}", village=make.village())

    with django_assert_max_num_queries(12):
        page = text(client.get("/kelola/"))
    assert len(re.findall(r'<th scope="row">', page)) == 50
    assert "P59" in text(client.get("/kelola/?page=2"))


def test_adding_a_person_shows_the_start_password_once(client, officer):
    answer = client.post("/kelola/pengguna/baru/", new_person())

    assert answer.status_code == 200
    [start] = re.findall(r"<strong>(\w{4}-\w{4}-\w{4})</strong>", text(answer))
    made = User.objects.get(username="siti.rahmah")
    assert made.check_password(start)
    assert made.grants.get().granted_by == officer
    assert start not in text(client.get(address(made)))
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("role", "area", "named"),
    [
        ("opd_head", lambda: f"opd:{make.opd().pk}", "Dinas Kesehatan"),
        ("planner", lambda: f"opd:{make.opd('Bappedalitbang').pk}", "Bappedalitbang"),
        ("planner", lambda: f"regency:{make.regency().pk}", "Kabupaten Paser"),
        ("auditor", lambda: f"opd:{make.opd().pk}", "Dinas Kesehatan"),
    ],
)
def test_those_who_sign_and_check_plans_are_added(client, officer, role, area, named):
    client.post("/kelola/pengguna/baru/", new_person(role=role, area=area()))

    made = User.objects.get(username="siti.rahmah")
    assert (made.grants.get().role, made.grants.get().area.name) == (role, named)
    page = text(client.get(address(made)))
    assert made.grants.get().get_role_display() in page
    assert named in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Isi nama lengkap"),
        ({"username": "Siti R"}, "Pakai 3 atau lebih huruf kecil"),
        ({"area": "village:999999"}, "dari daftar"),
        ({"area": "everything:"}, "dari daftar"),
        ({"role": "opd_focal_point"}, "Pilih wilayah yang cocok dengan peran ini."),
        ({"valid_until": "4-11-2026"}, "Pilih hari terakhir setelah hari pertama."),
        ({"valid_from": "kemarin"}, "hari pertama"),
    ],
)
def test_wrong_entry_comes_back_with_words(client, officer, change, words):
    answer = client.post("/kelola/pengguna/baru/", new_person(**change))

    assert answer.status_code == 422
    assert words in text(answer)
    assert not User.objects.filter(name="Siti Rahmah").exists()


def test_picker_offers_only_her_regency(client, officer):
    make.village()
    make.opd("Dinas Sosial")
    far = make.village("64.02.01.2001", "Sungai Jauh")

    page = text(client.get("/kelola/pengguna/baru/"))

    assert '<optgroup label="Desa di Tanah Grogot">' in page
    assert "Desa Janju, Kec. Tanah Grogot" in page
    assert ">Kecamatan Tanah Grogot<" in page
    assert ">OPD: Dinas Sosial<" in page
    assert far.name not in page
    assert "everything:" not in page


def test_closed_account_is_not_said_to_be_open(client, officer):
    person = make.person()
    assert "orang ini bisa masuk" in text(client.get(address(person)))

    services.disable_person(person, actor=officer)

    page = text(client.get(address(person)))
    assert "tidak bisa dipakai masuk" in page
    assert "orang ini bisa masuk" not in page


def test_giving_and_ending_a_task(client, officer):
    person, village = make.person(), make.village()
    given = {
        "role": "village_head",
        "area": f"village:{village.pk}",
        "valid_from": "5-11-2025",
        "valid_until": "",
    }

    assert client.post(address(person, "tugas/"), given)["Location"] == address(person)
    held = person.grants.get()
    page = f"/kelola/tugas/{held.pk}/akhiri/"
    assert client.get(page).status_code == 200
    today = timezone.localdate()
    day = f"{today.day}-{today.month}-{today.year}"
    assert client.post(page, {"on": day})["Location"] == address(person)

    assert not Grant.objects.live_on(today).filter(user=person).exists()
    assert "Tugas terdahulu" in text(client.get(address(person)))
    assert client.post(page, {"on": day}).status_code == 422  # someone was faster


def test_every_act_on_an_account_asks_first_and_is_audited(client, officer):
    head = make.village_head()
    services.grant(
        head, GrantDraft("district_officer", make.district(), timezone.localdate()), actor=None
    )

    colleague = make.officer()

    for act, action, actor in [
        ("tutup/", "person.disable", officer),
        ("kata-sandi/", "person.reset_password", officer),
        ("kode/", "person.reset_second_factor", colleague),
    ]:
        client.force_login(actor)
        assert client.get(address(head, act)).status_code == 200
        assert not AuditEntry.objects.filter(action=action).exists()
        assert client.post(address(head, act)).status_code in (200, 302)
        assert AuditEntry.objects.get(action=action).actor == actor
    assert client.post(address(head, "buka/")).status_code == 302
    edited = client.post(address(head, "ubah/"), {"name": "Nama Baru", "phone": ""})
    assert edited.status_code == 302
    assert User.objects.get(pk=head.pk).name == "Nama Baru"


ACTS = ["", "ubah/", "tutup/", "kata-sandi/", "kode/", "tugas/"]


@pytest.mark.parametrize("act", ACTS)
def test_person_outside_does_not_exist(client, officer, act):
    assert client.get(address(far_head(), act)).status_code == 404


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["village_head", "facilitator", None])
def test_who_does_not_manage_people_is_refused(client, act, role):
    person = make.person(role, village=make.village()) if role else make.person()
    client.force_login(person)

    assert client.get(address(make.village_head(), act)).status_code == 403
    assert client.get("/kelola/").status_code == 403


@pytest.mark.parametrize("act", ["ubah/", "tutup/", "kata-sandi/", "kode/"])
def test_shared_person_is_seen_but_not_changed(client, officer, act):
    shared = make.village_head()
    services.grant(shared, GrantDraft("leader", None, timezone.localdate()), actor=None)

    page = text(client.get(address(shared)))
    assert "Orang ini juga punya tugas di luar wilayah Anda." in page
    assert "Semua wilayah" not in page  # the foreign task itself is not shown
    assert client.get(address(shared, act)).status_code == 403
    assert client.post(address(shared, act)).status_code == 403


@pytest.mark.parametrize("act", ["ubah/", "tutup/", "kata-sandi/", "kode/", "tugas/"])
def test_own_account_is_changed_by_a_colleague(client, officer, act):
    assert client.get(address(officer)).status_code == 200
    assert client.get(address(officer, act)).status_code == 403


def test_foreign_and_own_tasks_are_not_ended(client, officer):
    foreign = far_head().grants.get()

    assert client.get(f"/kelola/tugas/{foreign.pk}/akhiri/").status_code == 404
    assert client.get(f"/kelola/tugas/{officer.grants.get().pk}/akhiri/").status_code == 403


def test_technical_staff_without_a_task_stay_out_of_the_list(client, officer):
    staff = make.person(username="technician")
    staff.is_staff = True
    staff.save()

    assert client.get(address(staff)).status_code == 404


def test_anonymous_is_sent_to_login(client):
    assert client.get("/kelola/")["Location"] == "/masuk/?next=/kelola/"
