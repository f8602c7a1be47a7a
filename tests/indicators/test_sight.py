"""What others than the village and its reviewers read: nothing of restricted items, not even by
subtraction, and of what is not sent in its state alone."""

import html
import re

import pytest
from django.urls import reverse

from core.models import AuditEntry
from indicators.models import Answer
from indicators.pending import pending_of
from indicators.services import review
from indicators.services.assessments import AnswerSaid, save_answers
from indicators.services.representation import save_representation
from tests import make

from . import made_cards, made_seats
from .made_cards import YEAR, all_met

pytestmark = [pytest.mark.django_db, pytest.mark.once]
API = "/api/v1/"
#: What differs from one answer to the next whatever it tells.
MOMENTS = re.compile(r'csrfmiddlewaretoken" value="\w+|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d')


@pytest.fixture
def village():
    return make.village()


@pytest.fixture
def head(village):
    return make.village_head(village)


@pytest.fixture
def leader(village):
    return make.person("leader", regency=make.regency())


def sent(village, head, key):
    """A scorecard that says the best of everything that is open to all, and was sent in."""
    row = made_cards.card(village, actor=head, key=key)
    shut = set(row.instrument.items.filter(restricted=True).values_list("code", flat=True))
    said = [one for one in all_met(row.instrument) if one.item not in shut]
    save_answers(row, said, actor=head, version=row.version)
    return review.submit(row, actor=head, version=row.version)


def restrict(row, cases: int | None) -> None:
    """All its restricted items are answered so; None: nobody answered them."""
    Answer.objects.filter(assessment=row, item__restricted=True).delete()
    if cases is None:
        return
    for item in row.instrument.items.filter(restricted=True):
        state = "met" if item.direction == "at_most" and not cases else "not_met"
        Answer.objects.create(
            assessment=row, item=item, state=state, value=cases, evidence=f"kasus: {cases}"
        )


def read(client, *addresses: str) -> list[str]:
    found = []
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = answer.getvalue() if answer.streaming else answer.content
        found.append(MOMENTS.sub("", text.decode()))
    return found


def test_no_door_tells_of_cases_by_subtraction(client, village, head, leader):
    rows = [sent(village, head, key) for key in ("drg", "drppa")]
    drg, drppa = (reverse("indicators:assessment", args=[row.pk]) for row in rows)
    year, cards = f"/indeks/rapor/{village.code}/{YEAR}/", f"/indeks/rapor/?year={YEAR}&instrument="
    doors = [
        *(drg, f"{drg}?format=csv", drppa, f"{drppa}?format=csv"),
        *(f"{cards}drg", f"{cards}drg&format=csv", f"{cards}drppa", year, f"{year}?format=csv"),
        *(f"{API}assessments/{row.pk}/" for row in rows),
        *(f"{API}assessments/", f"{API}assessments/?format=csv"),
        f"/wilayah/{village.code}/?year={YEAR}",
    ]
    client.force_login(leader)
    told = []
    for cases in (None, 0, 1, 7):
        for row in rows:
            restrict(row, cases)
        told.append(read(client, *doors))
    for door, *same in zip(doors, *told, strict=True):
        assert len(set(same)) == 1, door
    pages = dict(zip(doors, told[0], strict=True))
    for door in (drg, drppa, f"{cards}drg", year, f"{cards}drg&format=csv", doors[8], doors[-1]):
        assert "tanpa butir tertutup" in pages[door], door

    client.force_login(make.officer())
    results = []
    for cases in (0, 7):
        restrict(rows[0], cases)
        results.append(client.get(doors[9]).json()["result"])
    assert results[0]["score"] > results[1]["score"]  # inside they count
    assert results[0]["kept_out"] == 0


def test_an_open_year_tells_its_state_alone_outside(client, village, head, leader):
    card = made_cards.card(village, actor=head)
    save_answers(card, [AnswerSaid("DR01", "met", evidence="rahasia")], actor=head, version=1)
    seats = made_seats.seats(village, by=head, send=False, note="rahasia", source="rahasia")
    doors = [
        *(f"{API}assessments/{card.pk}/", f"{API}assessments/"),
        *(f"{API}representation/{seats.pk}/", f"{API}representation/"),
        *(f"{API}representation/?format=csv", f"/indeks/rapor/{card.pk}/?format=csv"),
    ]
    client.force_login(leader)
    one, _cards, two, *_files = outside = read(client, *doors)
    assert "rahasia" not in "".join(outside)
    one, two = client.get(doors[0]).json(), client.get(doors[2]).json()
    assert (one["state"], one["result"], one["answers"]) == ("draft", None, [])
    assert (two["state"], two["seats"]["bpd"], two["note"]) == ("draft", None, "")
    client.force_login(head)
    assert client.get(doors[2]).json()["seats"]["bpd"] == {"women": 2, "total": 7}
    assert "rahasia" in client.get(doors[0]).content.decode()

    review.submit(seats, actor=head, version=seats.version)
    client.force_login(leader)
    assert client.get(doors[2]).json()["note"] == "rahasia"


def test_what_stands_in_one_line_is_kept_in_one(village, head):
    said = made_seats.said(women_meeting=True, women_meeting_minutes="BA\r\n 4/2026", note="a\nb")
    row = save_representation(village, made_seats.YEAR, said, actor=head)
    assert (row.women_meeting_minutes, row.note) == ("BA 4/2026", "a\nb")
    card = made_cards.card(village, actor=head)
    save_answers(card, [AnswerSaid("DR01", "met", evidence="SK\n1")], actor=head, version=1)
    assert Answer.objects.get().evidence == "SK 1"


# -- The audit trail ---------------------------------------------------------------


def trail_of(client, row) -> str:
    """What an auditor reads of one record, as the page says it."""
    client.force_login(make.person("auditor", regency=make.regency()))
    [page] = read(client, f"/kelola/audit/?record={row._meta.model_name}:{row.pk}")
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def test_the_trail_of_an_open_year_names_what_changed_and_no_value(client, village, head):
    row = made_seats.seats(village, by=head, send=False)
    other = made_seats.said(seats={"bpd": (4, 9)}, note="rahasia", source="rahasia")
    row = save_representation(village, row.year, other, actor=head, version=row.version)
    entry = AuditEntry.objects.get(action="representation.change")
    assert entry.changes == {"changed": "bpd, note, source"}
    told = trail_of(client, row)
    assert "bpd, note, source" in told
    assert not re.search(r"rahasia|\(4, 9\)|\(2, 7\)", told)

    row = review.submit(row, actor=head, version=row.version)
    officer = make.officer()
    row = review.return_(row, actor=officer, version=row.version, note="Cek BPD")
    last = made_seats.said(seats={"bpd": (5, 9)}, note="rahasia dua")
    row = save_representation(village, row.year, last, actor=head, version=row.version)
    assert not re.search(r"rahasia dua|\(5, 9\)", trail_of(client, row))
    pending = pending_of(review.submit(row, actor=head, version=row.version))
    assert [(one.before, one.after) for one in pending.rows] == [
        ("4 dari 9", "5 dari 9"),
        ("rahasia", "–"),
        ("rahasia", "rahasia dua"),
    ]


def test_the_trail_of_a_scorecard_says_nothing_of_cases(client, village, head):
    officer, row = make.officer(), made_cards.card(village, actor=head)
    shut = list(row.instrument.items.filter(restricted=True).values_list("code", flat=True))

    def say(*answers):
        return save_answers(row, answers, actor=head, version=row.version)

    say(made_cards.answer("DR01", "met"), made_cards.answer(shut[0], 3, evidence="rahasia"))
    say(made_cards.answer(shut[1], 2))
    kept = list(AuditEntry.objects.filter(action="assessment.answer").order_by("pk"))
    assert [one.changes for one in kept] == [{"items": ["DR01"]}, {"items": []}]
    say(made_cards.answer("DR01", "met"))  # nothing new: a line without items tells of no case
    assert AuditEntry.objects.filter(action="assessment.answer").count() == 3
    for _twice in range(2):
        review.submit(row, actor=head, version=row.version)
        review.return_(row, actor=officer, version=row.version, note="Cek lagi")
    told = trail_of(client, row)
    assert "DR01" in told
    assert not [code for code in (*shut, "rahasia", "Bidan") if code in told]
    seals = [
        one.changes["checksum"] for one in AuditEntry.objects.filter(action__endswith="return")
    ]
    assert len(set(seals)) == 2  # the same answers twice, and nobody can tell


@pytest.mark.parametrize("anew", ["other", "gone", "same"])
def test_a_reviewer_is_told_that_what_is_kept_back_changed(village, head, anew):
    officer, row = make.officer(), made_cards.card(village, actor=head)
    shut = list(row.instrument.items.filter(restricted=True).values_list("code", flat=True))
    first = [made_cards.answer("DR01", "met"), made_cards.answer(shut[0], 3)]
    save_answers(row, first, actor=head, version=row.version)
    review.submit(row, actor=head, version=row.version)
    review.return_(row, actor=officer, version=row.version, note="Cek lagi")
    answers = {"other": made_cards.answer(shut[0], 4), "gone": AnswerSaid(shut[0])}
    said = [answers.get(anew, first[1]), AnswerSaid("DR01", "partly")]
    save_answers(row, said, actor=head, version=row.version)
    rows = pending_of(review.submit(row, actor=head, version=row.version)).rows
    assert [one.label.partition(" ")[0] for one in rows if one.before] == ["DR01"]
    listed = {one.label.partition(" ")[0] for one in rows if one.before is None}
    assert listed == (set() if anew == "same" else set(shut))
