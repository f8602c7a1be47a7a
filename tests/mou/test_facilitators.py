"""People of partners: contracts, the list, the pages, and the sheet that brings them all."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Grant, User
from accounts.reach import may_manage
from core.errors import Refused, Stale
from core.identifiers import uuid7
from mou.facilitators import in_state, people_of
from mou.models import Membership
from mou.services.assignments import assign
from mou.services.memberships import add_membership, change_membership, withdraw_membership
from mou.services.newcomers import Newcomer, add_newcomer
from programs.imports.files import book
from tests import make
from villages.models import Village

from . import made_facilitators as made
from .made_facilitators import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/perjanjian/pendamping/"
HEAD = (
    *("Nama lengkap", "Nomor HP", "Jabatan", "Mitra"),
    *("Nomor kontrak", "Mulai", "Sampai", "Desa"),
)
ROW = (
    *("Siti Aminah", "0812 3456 789", "PLD", "TPP", "1/PLD/2026"),
    *("2-1-2026", "31-12-2026", "Janju (Tanah Grogot); 64.01.04.2003"),
)


@pytest.fixture
def officer(client):
    made.partner()
    person = make.officer()
    client.force_login(person)
    return person


# -- Contracts -------------------------------------------------------------------------


def test_a_contract_sent_twice_is_one_and_days_of_two_never_overlap():
    person, uid = make.person(), uuid7()
    days = {"valid_from": date(2026, 1, 2), "valid_until": date(2026, 12, 31)}

    def sent(**other):
        said = {"pk": uid, "partner": made.partner(), "person": person, "kind": "pld"}
        return add_membership(Membership(**{**said, **days, **other}), actor=make.officer())

    assert sent().pk == sent().pk == uid
    with pytest.raises(Stale):
        sent(contract="2")
    for wrong, word in [
        ({"valid_until": date(2025, 1, 1)}, "days_in_order"),
        ({"valid_from": date(2026, 12, 31), "valid_until": None}, "overlapping"),
    ]:
        with pytest.raises(Refused) as refusal:
            sent(pk=uuid7(), **wrong)
        assert refusal.value.code == word
    sent(pk=uuid7(), valid_from=date(2027, 1, 1), valid_until=None)
    assert Membership.objects.count() == 2


def test_contracts_are_kept_by_the_office_of_the_regency_alone():
    held = made.contract(make.person())
    elsewhere = make.officer(regency=make.regency("64.02", "Kabupaten Lain"))
    for actor in (elsewhere, make.village_head()):
        with pytest.raises(Refused) as refusal:
            change_membership(held, actor=actor, version=1)
        assert refusal.value.code == "not_permitted"

    held.contract = "7/2026"
    change_membership(held, actor=make.officer(), version=1)
    with pytest.raises(Stale):
        withdraw_membership(held, actor=make.officer(), version=1)
    withdraw_membership(held, actor=make.officer(), version=2)
    assert not Membership.objects.live_on(TODAY()).exists()


def test_usernames_are_made_from_names_and_never_taken_twice():
    made_names = [
        add_newcomer(Newcomer(name), actor=None).username
        for name in ("Siti Aminah, S.Pd.", "SITI AMINAH", "李")
    ]
    assert made_names == ["siti.aminah", "siti.aminah2", "pendamping"]


# -- Pages -----------------------------------------------------------------------------


def test_states_find_whom_they_name(officer):
    village, today = make.village(), TODAY()
    over, soon, free = make.person(), make.person(), make.person()
    for person in (over, soon):
        assign(person, village, actor=None, valid_from=today - timedelta(days=100))
    made.contract(over, valid_from=date(2020, 1, 1), valid_until=today - timedelta(days=1))
    made.contract(soon, valid_from=date(2020, 1, 1), valid_until=today + timedelta(days=59))
    made.contract(free, valid_from=date(2020, 1, 1), valid_until=None)
    bare = make.person("facilitator", village=village)

    found = {
        word: {*in_state(people_of(officer), word, today, officer)}
        for word in ("left_over", "ending", "free", "no_contract", "idle")
    }
    assert found == {
        "left_over": {over},
        "ending": {soon},
        "free": {free},
        "no_contract": {bare},
        "idle": {over, soon, bare},
    }


def test_the_list_and_its_file_say_the_same(client, officer):
    person = made.facilitator(make.village())
    head = make.village_head()
    made.contract(head, of=made.partner("PPDI", acronym="PPDI"), kind="member")

    page = client.get(LIST, {"kind": "pld"})
    assert [one.person for one in page.context["loads"]] == [person]
    assert [one.villages for one in page.context["loads"]] == [1]
    file = b"".join(client.get(LIST, {"kind": "pld", "format": "csv"}).streaming_content).decode()
    assert [name in file for name in (person.name, "Desa Janju", head.name)] == [True, True, False]
    assert client.get(f"{LIST}tanpa-pld/").context["count"] == 0
    village = make.village("64.01.04.2003", "Pepara")
    bare = client.get(f"{LIST}tanpa-pld/")
    assert village.title in bare.content.decode()
    csv = client.get(f"{LIST}tanpa-pld/", {"format": "csv"})
    assert "64.01.04.2003" in b"".join(csv.streaming_content).decode()


def test_field_people_read_none_of_it(client):
    person = made.facilitator(make.village())
    for reader in (person, make.village_head(), make.person("leader")):
        client.force_login(reader)
        assert client.get(LIST).status_code == 403
        assert client.get(f"{LIST}{person.uid}/").status_code == 403
    client.force_login(make.officer(regency=make.regency("64.02", "Kabupaten Lain")))
    assert client.get(f"{LIST}{person.uid}/").status_code == 404


def test_somebody_new_gets_account_and_contract_and_villages(client, officer):
    village = make.village()
    said = {"uid": uuid7(), "partner": made.partner().pk, "kind": "pld", "valid_from": "2-1-2026"}
    said |= {"valid_until": f"31-12-{TODAY().year + 1}", "person-name": "Siti Aminah"}
    for _twice in range(2):
        answer = client.post(f"{LIST}baru/?baru", said)
    person = User.objects.get(username="siti.aminah")
    assert answer["Location"] == f"{LIST}{person.uid}/"
    assert Membership.objects.filter(person=person).count() == 1

    address = f"{LIST}{person.uid}/tugaskan/?district={village.district.code}"
    last = client.get(address).context["form"]["valid_until"].value()
    days = {"valid_from": "2-1-2026", "valid_until": last}
    assert client.post(address, {"areas": [village.pk], **days}).status_code == 302
    again = client.post(address, {"areas": [village.pk], **days})
    assert again.status_code == 422
    assert again.context["form"].has_error("areas", "overlapping")
    [held] = Grant.objects.filter(user=person)
    assert (held.area, held.role, held.granted_by) == (village, "facilitator", officer)

    page = client.get(f"{LIST}{person.uid}/")
    assert [one.pk for one in page.context["present"]] == [held.pk]
    ended = client.post(f"{LIST}penugasan/{held.pk}/akhiri/", {"on": TODAY().isoformat()})
    assert ended.status_code == 302
    assert not User.objects.get(pk=person.pk).villages_with("view").exists()


def test_a_hand_over_is_asked_before_it_is_done(client, officer):
    village = make.village()
    person, other = made.facilitator(village), made.facilitator()
    address = f"{LIST}{person.uid}/serah-terima/"
    [held] = Grant.objects.filter(user=person)
    yesterday = (TODAY() - timedelta(days=1)).isoformat()
    said = {"areas": [held.pk], "on": yesterday, "to": "existing", "to_person": other.uid}

    asked = client.post(address, said)
    told = asked.context["told"]
    assert (told.areas, told.before, told.after, told.at_once) == (1, 0, 1, True)
    assert not Grant.objects.filter(user=other).exists()
    assert client.post(address, said | {"to": "new"}).status_code == 422

    done = client.post(address, said | {"step": "do"})
    assert done["Location"] == f"{LIST}{other.uid}/"
    assert Grant.objects.get(user=other).area == village
    assert not User.objects.get(pk=person.pk).villages_with("view").exists()


@pytest.fixture
def elsewhere():
    """Another office, with partner and village, that has nothing to do with Paser."""
    regency = make.regency("64.02", "Kabupaten Lain")
    made.partner("TPP Lain", regency=regency, acronym="TPPL")
    make.village("64.02.01.2001", "Loa")
    return make.officer(regency=regency)


def test_a_newcomer_belongs_to_the_office_that_entered_her(client, officer, elsewhere):
    village, far = make.village(), Village.objects.get(name="Loa")
    said = {"uid": uuid7(), "partner": made.partner().pk, "kind": "pld", "valid_from": "2-1-2026"}
    said |= {"person-name": "Siti Aminah", "person-phone": "0812 3456 789"}
    client.post(f"{LIST}baru/?baru", said)
    send(client, ("Aisyah", "0813 9999 888", *ROW[2:7], ""))
    people = User.objects.filter(name__in=("Siti Aminah", "Aisyah"))
    assert [one.home.code for one in people] == ["64.01", "64.01"]

    client.force_login(elsewhere)
    for person in people:
        found = client.get(f"{LIST}baru/", {"cari": person.name}).context["found"]
        assert person not in found
        assert client.get(f"/kelola/pengguna/{person.uid}/").status_code == 404
        assert not may_manage(elsewhere, person)
        with pytest.raises(Refused) as refusal:
            assign(person, far, actor=elsewhere, valid_from=TODAY())
        assert refusal.value.code == "past_elsewhere"
        trial = send(client, ("Orang", person.phone, "PLD", "TPPL", "", "2-1-2026", "", "Loa"))
        assert trial.problems == ()  # her number tells nobody that she is there
        assert not person.grants.exists()
    for person in people:
        assign(person, village, actor=User.objects.get(pk=officer.pk), valid_from=TODAY())
        assert may_manage(officer, person)


def test_tasks_and_phone_are_told_where_she_is_looked_after(client, officer, elsewhere):
    """Somebody who once had a contract here works elsewhere now."""
    person, today = make.person(), TODAY()
    person.phone = "0899 1111 222"
    person.save()
    first, last = today - timedelta(days=800), today - timedelta(days=400)
    held = made.contract(person, valid_from=first, valid_until=last)
    assign(person, Village.objects.get(name="Loa"), actor=None, valid_from=today)

    page = client.get(f"{LIST}{person.uid}/")
    file = b"".join(client.get(LIST, {"format": "csv"}).streaming_content).decode()
    for text in (page.content.decode(), file):
        assert [one in text for one in (person.name, "Loa", person.phone)] == [True, False, False]
    assert page.context["load"].villages == 0
    assert person not in in_state(people_of(officer), "left_over", today, officer)
    Membership.objects.filter(pk=held.pk).update(valid_until=today - timedelta(days=740))
    assert client.get(f"{LIST}{person.uid}/").status_code == 404


# -- The sheet -------------------------------------------------------------------------


def send(client, *rows):
    """The page of the sheet, and what taking it over answers."""
    data = book({"Isian": [list(HEAD), *map(list, rows)]}, "Pendamping")
    new = reverse("programs:intake", args=["facilitators"])
    sheet = client.post(new, {"file": SimpleUploadedFile("pendamping.xlsx", data)})["Location"]
    trial = client.get(sheet).context["trial"]
    client.post(reverse("programs:intake-take", args=["facilitators", sheet.split("/")[-2]]))
    return trial


def test_a_sheet_brings_accounts_contracts_and_villages_once(client, officer):
    villages = [make.village(), make.village("64.01.04.2003", "Pepara")]
    again = (ROW[0].upper(), "+62 812-3456-789", *ROW[2:7], f"{ROW[7]}; Kec. Tanah Grogot")
    for row in (ROW, again):
        assert send(client, row).problems == ()

    person = User.objects.get(username="siti.aminah")
    assert {one.area for one in person.grants.all()} == {*villages, villages[0].district}
    assert person.grants.count() == 3
    [held] = person.memberships.all()
    assert (held.contract, held.valid_until) == ("1/PLD/2026", date(2026, 12, 31))
    assert {*in_state(people_of(officer), "never", TODAY(), officer)} >= {person}
    assert "Belum pernah masuk" in client.get(LIST).content.decode()


def test_a_wrong_sheet_names_its_cells_and_stores_nothing(client, officer):
    make.village()
    make.village("64.01.05.2001", "Janju")
    right = [*ROW[:7], "64.01.04.2002"]
    wrong = [*ROW[:7], "Janju; Entah"]
    wrong[1], wrong[3] = "+62 812-0000-111", "KPU"

    dashes = [right[0], "------", *right[2:7], ""]

    trial = send(client, right, wrong, [*right[:6], "1-1-2026", ""], dashes)

    cells = [(one.number, one.title) for one in trial.problems]
    assert cells == [(3, "Mitra"), (3, "Desa"), (3, "Desa"), (4, "Sampai"), (5, "Nomor HP")]
    assert "Janju (Tanah Grogot)" in trial.problems[1].detail
    assert not User.objects.filter(username="siti.aminah").exists()
    assert not Membership.objects.exists()
