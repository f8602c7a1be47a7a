"""Phones of field people: one row each, ended one by one, and what waits on them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts import services
from accounts.devices import label_of
from accounts.models import Device
from core.models import AuditEntry
from tests import make

pytestmark = pytest.mark.django_db
SESSION = "/api/v1/session/"
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"


def signed_in(person, agent: str = CHROME) -> Client:
    """A phone on which she signed in through the form."""
    client = Client(headers={"user-agent": agent})
    client.post("/masuk/", {"username": person.username, "password": make.PASSWORD})
    return client


@pytest.fixture
def head():
    return make.village_head()


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (CHROME, "HP Android, Chrome"),
        (WINDOWS, "Komputer Windows, Firefox"),
        (CHROME.replace("Mobile ", ""), "Tablet Android, Chrome"),
        (CHROME + " SamsungBrowser/27.0", "HP Android, Samsung Internet"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Safari/604.1", "iPhone, Safari"),
        ("", "HP atau komputer"),
        ("<script>" * 50, "HP atau komputer"),
    ],
)
def test_label_is_what_a_person_would_say(agent, label):
    with translation.override("id"):
        assert label_of(agent) == label


@pytest.mark.asvs("7.5.2")
def test_each_sign_in_is_a_row_and_the_page_lists_it(head):
    first, _second = signed_in(head), signed_in(head, WINDOWS)

    page = first.get("/desa/akun/").content.decode()

    assert Device.objects.live().count() == 2
    assert "HP Android, Chrome" in page
    assert "Komputer Windows, Firefox" in page
    assert page.count("/akhiri/") == 1  # the phone in hand is left by "Keluar"


def test_a_computer_of_an_office_is_a_row_too_and_asks_for_nothing():
    client = signed_in(make.officer())

    row = Device.objects.get()
    assert (row.session_key, "device" in client.session) == (client.session.session_key, False)


def test_session_from_before_there_were_rows_gets_one(client, head):
    client.force_login(head)
    client.get("/desa/akun/")
    client.get("/desa/akun/")

    assert Device.objects.filter(user=head).count() == 1


@pytest.mark.asvs("7.5.2")
def test_ending_one_phone_leaves_the_other(head):
    mine, lost = signed_in(head), signed_in(head)
    row = Device.objects.get(pk=lost.session["device"])

    answer = mine.post(f"/desa/akun/hp/{row.pk}/akhiri/")

    assert (answer.status_code, answer.url) == (302, "/desa/akun/")
    assert lost.get(SESSION).status_code == 401
    assert lost.get("/desa/akun/").status_code == 302
    assert mine.get(SESSION).status_code == 200
    assert AuditEntry.objects.get(action="device.end").actor == head


@pytest.mark.asvs("7.4.5")
def test_officer_ends_a_phone_and_others_do_not(head):
    phone = signed_in(head)
    url = f"/desa/akun/hp/{phone.session['device']}/akhiri/"
    strangers = [
        make.person(),
        make.village_head(make.village("64.01.04.2003", "Tetangga")),
        make.person("facilitator", village=make.village()),
        make.officer(regency=make.regency("64.02", "Kutai Kartanegara")),
    ]

    for stranger in strangers:
        client = Client()
        client.force_login(stranger)
        assert client.post(url).status_code == 404
    assert phone.get(SESSION).status_code == 200

    client.force_login(make.officer())
    assert client.post(url).url == f"/kelola/pengguna/{head.uid}/"
    assert phone.get(SESSION).status_code == 401


def test_logout_ends_the_row_and_clears_no_storage(head):
    phone = signed_in(head)

    answer = phone.post("/keluar/")

    assert answer["Clear-Site-Data"] == '"cache"'
    assert not Device.objects.live().exists()


def test_new_password_ends_the_other_phones(head):
    mine, other = signed_in(head), signed_in(head)
    here = mine.session["device"]

    own = "kopi-tubruk-di-beranda"
    mine.post(
        "/kata-sandi/",
        {"old_password": make.PASSWORD, "new_password1": own, "new_password2": own},
    )

    assert [str(row.pk) for row in Device.objects.live()] == [here]
    assert mine.get(SESSION).status_code == 200
    assert other.get(SESSION).status_code == 401


@pytest.mark.parametrize(
    "end",
    [
        lambda head: services.reset_password(head, actor=None),
        lambda head: services.disable_person(head, actor=None),
    ],
)
def test_what_ends_her_sessions_ends_her_phones(head, end):
    signed_in(head)

    end(head)

    assert not Device.objects.live().exists()


def test_login_that_idled_out_ends_its_row(head):
    phone = signed_in(head)
    phone.get(SESSION)
    session = phone.session
    session["seen_at"] -= 31 * 86_400
    session.save()

    assert phone.get(SESSION).status_code == 401
    assert not Device.objects.live().exists()


# -- What waits there ----------------------------------------------------------------------------


def test_call_with_a_count_is_noted(head):
    phone = signed_in(head)

    assert phone.get(f"{SESSION}?waiting=3").status_code == 200

    row = Device.objects.get()
    assert row.waiting == 3
    assert abs(row.waiting_since - timezone.now()) < timedelta(minutes=1)


def test_waiting_since_stays_until_nothing_waits(head):
    phone = signed_in(head)
    long_ago = timezone.now() - timedelta(days=5)
    phone.get(SESSION, {"waiting": 2, "oldest": long_ago.isoformat()})

    phone.get(f"{SESSION}?waiting=1")
    assert Device.objects.get().waiting_since == long_ago

    phone.get(f"{SESSION}?waiting=0")
    row = Device.objects.get()
    assert (row.waiting, row.waiting_since) == (0, None)


def test_clock_of_the_phone_may_be_ahead(head):
    phone = signed_in(head)

    phone.get(SESSION, {"waiting": 1, "oldest": "2099-01-01T00:00:00Z"})

    assert Device.objects.get().waiting_since <= timezone.now()


@pytest.mark.parametrize("query", ["waiting=-1", "waiting=many", "waiting=100001", "oldest=soon"])
def test_unreadable_counts_are_refused(head, query):
    phone = signed_in(head)

    assert phone.get(f"{SESSION}?{query}").status_code == 400
    assert Device.objects.get().waiting == 0


def test_call_without_a_count_changes_nothing(head):
    phone = signed_in(head)
    phone.get(f"{SESSION}?waiting=2")

    phone.get(SESSION)

    assert Device.objects.get().waiting == 2


def test_key_has_no_phone(client, head):
    made = services.create_token(head, name="t", scopes=["data:read"], days=9, actor=None)

    answer = client.get(f"{SESSION}?waiting=2", headers={"authorization": f"Bearer {made.key}"})

    assert answer.status_code == 200
    assert not Device.objects.exists()


def test_officer_sees_since_when_a_phone_has_not_sent(client, head):
    device = make.device(head)
    since = timezone.now() - timedelta(days=3)
    services.note_waiting(device.pk, count=4, since=since)
    client.force_login(make.officer())

    page = client.get(f"/kelola/pengguna/{head.uid}/").content.decode()

    assert "HP ini belum mengirim sejak" in page
    assert "4 catatan menunggu" in page


# -- Where a call began ----------------------------------------------------------------------------


@pytest.mark.asvs("3.5.1", "3.5.2")
@pytest.mark.parametrize(
    ("site", "refused"),
    [(None, False), ("same-origin", False), ("same-site", True), ("cross-site", True)],
)
def test_writes_from_pages_of_other_sites_are_refused(client, head, site, refused):
    client.force_login(head)
    headers = {"sec-fetch-site": site} if site else {}

    answer = client.post(
        "/api/v1/submissions/", {"items": []}, content_type="application/json", headers=headers
    )

    assert answer.status_code == (403 if refused else 400)
    assert answer.json()["code"] == ("other_site" if refused else "not_a_batch")
    assert client.get(SESSION, headers=headers).status_code == 200  # reading is CORS' affair


def test_keys_are_asked_for_no_origin(client, head):
    made = services.create_token(head, name="t", scopes=["activities:write"], days=9, actor=None)
    headers = {"authorization": f"Bearer {made.key}", "sec-fetch-site": "cross-site"}

    answer = client.post(
        "/api/v1/submissions/", {"items": []}, content_type="application/json", headers=headers
    )

    assert answer.status_code == 400
