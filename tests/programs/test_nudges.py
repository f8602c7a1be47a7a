"""Reminders: who may send them, to whom, how often; the page, the message, the call list."""

from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Device
from core.errors import Refused
from core.identifiers import uuid7
from core.models import AuditEntry
from programs.models import Nudge
from programs.phone.contacts import abroad
from programs.reminders import letter_for, text_for
from programs.services import nudge
from tests import make

pytestmark = pytest.mark.django_db
WITA = ZoneInfo("Asia/Makassar")
NOW = datetime(2026, 11, 22, 9, tzinfo=WITA)
OCTOBER = date(2026, 10, 1)
PATH = "/pelaporan/64.01.04.2002/ingatkan/"
CALLS = "/pelaporan/hubungi/"


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """It is 22 November 2026, and the portal has asked for months since August."""
    monkeypatch.setattr(timezone, "localdate", lambda value=None: (value or NOW).date())
    other = make.village("64.01.05.2001", "Pasir Mayang")
    program = make.program(other)
    for month in (8, 9, 10):
        make.activity(program, other, held_on=date(2026, month, 5), title=f"Rapat {month}")


@pytest.fixture
def head():
    return with_number(make.village_head(), "0812-3456-7890", "Siti Aminah")


@pytest.fixture
def officer(client):
    person = make.officer()
    client.force_login(person)
    return person


def with_number(person, phone: str, name: str = ""):
    person.phone, person.name = phone, name or person.name
    person.save(update_fields=["phone", "name"])
    return person


def remind(actor, to=None, *, channel="whatsapp", month=OCTOBER, now=NOW, **values):
    return nudge(
        make.village(),
        month=month,
        channel=channel,
        to=to and to.uid,
        actor=actor,
        now=now,
        **values,
    )


def pressed(to=None, **values) -> dict:
    said = {"uid": str(uuid7()), "month": "2026-10", "channel": "whatsapp", **values}
    return said | ({"to": str(to.uid)} if to else {})


# -- The service ---------------------------------------------------------------


def test_a_reminder_is_noted_with_its_trail(officer, head):
    made = remind(officer, head)
    assert (made.year, made.month, made.channel, made.to, made.by, made.at) == (
        *(2026, 10, "whatsapp"),
        *(head, officer, NOW),
    )
    [entry] = AuditEntry.objects.filter(action="nudge.noted")
    assert entry.changes == {
        "village": "64.01.04.2002",
        "month": "2026-10",
        "channel": "whatsapp",
        "to": str(head.uid),
    }


def test_the_same_press_is_noted_once(officer, head):
    uid = uuid7()
    assert remind(officer, head, uid=uid).pk == remind(officer, head, uid=uid).pk
    assert Nudge.objects.count() == AuditEntry.objects.filter(action="nudge.noted").count() == 1
    with pytest.raises(Refused) as refused:
        remind(make.officer(), head, uid=uid)
    assert refused.value.code == "conflict"


def test_within_a_day_it_has_to_be_meant(officer, head):
    remind(officer, head)
    with pytest.raises(Refused) as refused:
        remind(officer, head, now=NOW + timedelta(hours=23))
    assert refused.value.code == "just_nudged"
    remind(officer, head, now=NOW + timedelta(hours=23), again=True)
    remind(officer, head, now=NOW + timedelta(hours=48))
    assert Nudge.objects.count() == 3


def test_a_call_that_was_made_is_noted_whenever_it_was(officer, head):
    remind(officer, head)
    remind(officer, head, channel="phone", note="Akan mencatat besok")
    remind(officer, None, channel="visit")
    assert Nudge.objects.count() == 3


@pytest.mark.parametrize(
    ("month", "code"),
    [(date(2026, 8, 1), None), (OCTOBER, None), (date(2026, 11, 1), "not_missing")],
)
def test_only_a_month_that_is_due_and_missing(officer, head, month, code):
    if code is None:
        remind(officer, head, month=month)
        return
    with pytest.raises(Refused) as refused:
        remind(officer, head, month=month)
    assert refused.value.code == code


def test_who_has_reported_meanwhile_is_not_reminded(officer, head):
    make.activity(make.program(), author=head, held_on=date(2026, 10, 3))
    with pytest.raises(Refused) as refused:
        remind(officer, head)
    assert refused.value.code == "not_missing"
    assert not Nudge.objects.exists()


def test_without_a_number_no_message(officer):
    with pytest.raises(Refused) as refused:
        remind(officer, make.village_head())
    assert refused.value.code == "no_number"


def test_only_those_who_report_for_the_village(officer):
    stranger = with_number(make.village_head(make.village("64.01.04.2003", "Tapis")), "08123456789")
    gone = with_number(
        make.person("village_head", village=make.village(), valid_until=date(2025, 1, 1)),
        "08123456789",
    )
    for person in (stranger, gone):
        with pytest.raises(Refused) as refused:
            remind(officer, person)
        assert refused.value.code == "not_of_village"


@pytest.mark.parametrize("role", ["leader", "auditor"])
def test_whoever_only_looks_on_reminds_nobody(head, role):
    with pytest.raises(Refused) as refused:
        remind(make.person(role, regency=make.regency()), head)
    assert refused.value.code == "not_permitted"


# -- Numbers and words ---------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("0812-3456-7890", "6281234567890"),
        ("+62 812 3456 7890", "6281234567890"),
        ("62 812 3456 7890", "6281234567890"),
        ("812 3456 7890", "6281234567890"),
        ("0060 12 345 6789", "60123456789"),
        ("+60 12 345 6789", "60123456789"),
        ("112", ""),
        ("", ""),
        ("tidak ada", ""),
        ("08123456789012345678", ""),
    ],
)
def test_a_number_as_whatsapp_takes_it(typed, dialled):
    assert abroad(typed) == dialled


def test_the_message_names_village_months_and_address_and_nobody(settings):
    text = text_for(
        make.village(), [date(2026, 9, 1), OCTOBER], "village_head", "https://pug.example/"
    )
    assert text.startswith("Yth. Kepala Desa Janju,")
    assert "September 2026 dan Oktober 2026" in text
    assert "https://pug.example/" in text
    assert text_for(
        make.village("64.01.04.1001", "Tanah Grogot"), [OCTOBER], "village_head", ""
    ).startswith("Yth. Lurah Tanah Grogot,")


def test_many_months_are_counted(settings):
    months = [date(2026, month, 1) for month in range(1, 11)]
    text = text_for(make.village(), months, "facilitator", "")
    assert "Oktober 2026 dan 6 bulan sebelumnya" in text
    assert "Januari" not in text


def test_a_letter_about_several_villages_lists_them():
    tapis = make.village("64.01.04.2003", "Tapis")
    subject, text = letter_for(
        [(make.village(), [OCTOBER]), (tapis, [OCTOBER])], "facilitator", "https://pug.example/"
    )
    assert subject == "Pengingat: belum ada catatan dari 2 desa"
    assert "- Desa Janju: Oktober 2026\n- Desa Tapis: Oktober 2026" in text


# -- The page ------------------------------------------------------------------


def test_a_press_lands_on_the_ready_message(client, officer, head):
    answer = client.post(PATH, pressed(head))
    assert answer.status_code == 302
    page = client.get(answer.url)
    link = urlsplit(page.context["link"])
    assert (link.scheme, link.netloc, link.path) == ("https", "wa.me", "/6281234567890")
    [text] = parse_qs(link.query)["text"]
    assert text == page.context["text"]
    assert "Agustus 2026, September 2026 dan Oktober 2026" in text
    assert "http://testserver/" in text
    assert head.name not in text
    assert 'rel="noopener noreferrer"' in page.text
    assert Nudge.objects.get().by == officer


def test_the_message_of_another_is_not_opened_by_its_number(client, officer, head):
    made = remind(make.officer(), head)
    page = client.get(PATH, {"month": "2026-10", "ready": str(made.pk)})
    assert page.context["link"] == ""


def test_pressing_again_within_a_day_asks_first(client, officer, head):
    nudge(make.village(), month=OCTOBER, channel="phone", to=head.uid, actor=officer)
    answer = client.post(PATH, pressed(head))
    assert answer.status_code == 422
    assert "kurang dari sehari" in answer.text
    again = {key: str(value) for key, value in answer.context["again"].initial.items()}
    assert client.post(PATH, again).status_code == 302
    assert Nudge.objects.count() == 2


def test_without_a_number_the_page_offers_the_text(client, officer):
    nobody = make.village_head()
    page = client.get(PATH, {"month": "2026-10"})
    assert "Salin pesan" in page.text
    assert "Nomor belum dicatat" in page.text
    answer = client.post(PATH, pressed(nobody))
    assert answer.status_code == 422
    assert "belum dicatat" in answer.text


def test_a_call_is_noted_from_the_page(client, officer, head):
    client.post(PATH, pressed(head, channel="phone", note="Sinyal mati, dicatat lusa"))
    page = client.get(PATH)
    assert "Sinyal mati, dicatat lusa" in page.text
    assert "Siti Aminah" in page.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "pigeon"},
        {"channel": "email"},
        {"month": "Oktober"},
        {"month": ""},
        {"uid": "x"},
        {"note": "x" * 501},
        {"to": "x"},
    ],
)
def test_what_cannot_be_read_notes_nothing(client, officer, head, wrong):
    answer = client.post(PATH, {**pressed(head, channel="phone"), **wrong})
    assert answer.status_code == 422
    assert not Nudge.objects.exists()


def test_a_forged_form_is_turned_away(head):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(make.officer())
    assert client.post(PATH, pressed(head)).status_code == 403
    assert not Nudge.objects.exists()


# -- The call list -------------------------------------------------------------


def test_the_call_list_names_whom_to_call(client, officer, head):
    with_number(make.person("facilitator", district=make.district()), "0813-1111-2222", "Rahmat")
    remind(officer, head, channel="phone", note="Akan mencatat besok")
    page = client.get(CALLS)
    [(row, press)] = page.context["rows"]
    assert (row.heads[0].name, row.facilitators[0].name) == ("Siti Aminah", "Rahmat")
    assert press.initial["to"] == head.uid
    assert row.days_late == (NOW.date() - date(2026, 9, 10)).days
    for words in ("0812-3456-7890", "0813-1111-2222", "Akan mencatat besok", "1 dari 2 desa"):
        assert words in page.text


def test_the_nearest_facilitator_is_named(client, officer):
    make.person("facilitator", regency=make.regency(), username="jauh")
    make.person("facilitator", village=make.village(), username="dekat")
    [(row, _press)] = client.get(CALLS).context["rows"]
    assert [one.name for one in row.facilitators] == ["Dekat"]


def test_who_waits_for_a_signal_is_not_nagged(client, officer, head):
    phone = make.device(head)
    Device.objects.filter(pk=phone.pk).update(
        waiting=3, waiting_since=timezone.now() - timedelta(days=2, hours=1)
    )
    page = client.get(CALLS)
    [(row, press)] = page.context["rows"]
    assert press is None
    assert row.waiting == 3
    assert "3 catatan menunggu di HP sejak 2" in page.text


def test_a_facilitator_calls_her_own_villages_only(client, head):
    other = make.village("64.01.06.2001", "Jauh")
    with_number(make.village_head(other), "0899-0000-1111")
    client.force_login(make.person("facilitator", district=make.district()))
    page = client.get(CALLS)
    assert [row.row.code for row, _press in page.context["rows"]] == ["64.01.04.2002"]
    assert "0899-0000-1111" not in page.text
    assert client.get("/pelaporan/64.01.06.2001/ingatkan/").status_code == 404


@pytest.mark.parametrize("role", ["leader", "auditor", "village_head"])
def test_numbers_are_not_for_everyone(client, head, role):
    area = {"village": make.village()} if role == "village_head" else {"regency": make.regency()}
    client.force_login(make.person(role, **area))
    for path in (CALLS, PATH):
        page = client.get(path)
        assert page.status_code == 403
        assert "0812-3456-7890" not in page.text


def test_the_call_list_costs_the_same_for_thirty(client, officer, head):
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(CALLS)
        return len(asked)

    statements()
    few = statements()
    for number in range(1, 31):
        village = make.village(f"64.01.06.20{number:02d}", f"Desa {number}")
        with_number(make.village_head(village), f"0812000{number:05d}")
    assert statements() == few


def test_the_file_of_the_call_list_is_always_noted(client, officer, head):
    answer = client.get(CALLS, {"format": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "0812-3456-7890" in text
    [entry] = AuditEntry.objects.filter(action__startswith="export.")
    assert entry.actor == officer
