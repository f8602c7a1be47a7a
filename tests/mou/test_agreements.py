"""Agreements through their services: what is refused, what stands, what is decided once."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.errors import Refused, Stale
from core.identifiers import uuid7
from core.models import AuditEntry
from mou.drafts import PartySaid
from mou.models import Addendum, Agreement, AgreementFile, Evaluation
from mou.services import agreements
from mou.services.parties import areas_of, said_of
from tests import make
from tests.mou import made_agreements as made
from tests.racing import at_once

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def tpp():
    return made.partner()


def codes(refused) -> dict[str, str]:
    return {one.field: one.code for one in refused.value.problems}


def draft(tpp, **values) -> Agreement:
    whole = {"regency": tpp.regency, "form": "cooperation", "title": "Kerja sama", **values}
    return agreements.add_agreement(Agreement(**whole), actor=None, parties=made.parties(tpp))


def changed(one: Agreement, **values) -> Agreement:
    found = Agreement.objects.get(pk=one.pk)
    for name, value in values.items():
        setattr(found, name, value)
    return found


def test_a_draft_may_lack_whatever_nobody_knows(tpp):
    made_draft = agreements.add_agreement(
        Agreement(regency=tpp.regency, form="synergy", title="Percepatan PUG"),
        actor=None,
        parties=[PartySaid(tpp, "Rudi", "Koordinator")],
    )
    missing = {one.field for one in agreements.missing_of(made_draft)}
    assert missing == {
        *("number_first", "number_second", "signed_on", "starts_on", "ends_on"),
        *("parties", "obligations", "files"),
    }
    with pytest.raises(Refused) as refused:
        agreements.confirm_agreement(made_draft, actor=None, version=1)
    assert set(codes(refused).values()) == {"required"}
    assert Agreement.objects.get().confirmed_at is None


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"starts_on": TODAY, "ends_on": date(2026, 1, 1)}, "ends_on", "days_in_order"),
        ({"ends_on": TODAY, "open_ended": True}, "ends_on", "not_allowed"),
        ({"signed_on": TODAY, "source": ""}, "source", "required"),
        ({"number_first": "1", "source": ""}, "source", "required"),
    ],
)
def test_what_does_not_belong_together_is_refused(tpp, values, field, code):
    with pytest.raises(Refused) as refused:
        draft(tpp, **{"source": "Naskah", **values})
    assert codes(refused) == {field: code}
    assert not Agreement.objects.exists()


def test_parties_and_areas_are_of_one_regency_and_named_once(tpp):
    stranger = made.partner("Lain", regency=make.regency("64.02", "Kutai"))
    with pytest.raises(Refused) as refused:
        agreements.add_agreement(
            Agreement(regency=tpp.regency, form="mou", title="A"),
            actor=None,
            parties=[PartySaid(tpp), PartySaid(tpp), PartySaid(stranger)],
            areas=[make.village("64.02.04.2002")],
        )
    assert [one.code for one in refused.value.problems] == ["repeated", "outside", "outside"]


def test_an_agreement_is_never_made_under_itself(tpp):
    above, below = draft(tpp), draft(tpp)
    agreements.change_agreement(changed(below, parent=above), actor=None, version=1)
    for parent in (above, below):
        with pytest.raises(Refused) as refused:
            agreements.change_agreement(changed(above, parent=parent), actor=None, version=1)
        assert codes(refused) == {"parent": "not_allowed"}


def test_sent_twice_from_one_page_it_is_one_agreement(tpp):
    officer, uid = make.officer(), uuid7()

    def send(title="Satu"):
        one = Agreement(pk=uid, regency=tpp.regency, form="mou", title=title)
        return agreements.add_agreement(one, actor=officer, parties=made.parties(tpp))

    assert send().pk == send().pk == uid
    assert Agreement.objects.count() == 1
    with pytest.raises(Stale):
        send("Dua")


def test_only_the_office_that_keeps_agreements_of_the_regency_enters_them(tpp):
    for person in (make.person("leader", regency=tpp.regency), make.village_head()):
        with pytest.raises(Refused) as refused:
            made.agreement(tpp, by=person, confirmed=False)
        assert refused.value.code == "not_permitted"


def test_parties_keep_their_duties_when_the_order_changes(tpp):
    one = draft(tpp)
    duty = made.promise(one)
    first, second = said_of(one.parties.all())
    agreements.change_agreement(changed(one), actor=None, version=1, parties=[second, first])
    assert [party.organisation for party in one.parties.all()] == [tpp, first.organisation]
    duty.refresh_from_db()
    assert duty.party.organisation == tpp
    with pytest.raises(Refused) as refused:
        agreements.change_agreement(changed(one), actor=None, version=2, parties=[first])
    assert codes(refused) == {"parties": "in_use"}


def test_a_village_inside_a_named_district_adds_nothing(tpp):
    village = make.village()
    other = make.village("64.01.05.2001", "Kuaro")
    one = made.agreement(tpp, areas=[village.district, village, other], confirmed=False)
    assert areas_of(one) == [other, village.district] or areas_of(one) == [village.district, other]


def test_what_was_agreed_stands_and_only_empty_facts_are_filled_in(tpp):
    one = made.agreement(tpp, subject="")
    for values in ({"title": "Lain"}, {"ends_on": date(2027, 1, 1)}, {"form": "mou"}):
        with pytest.raises(Refused) as refused:
            agreements.change_agreement(changed(one, **values), actor=None, version=one.version)
        assert set(codes(refused).values()) == {"fixed"}
    filled = changed(one, subject="PUG desa", source="Arsip 2026")
    agreements.change_agreement(filled, actor=None, version=one.version)
    with pytest.raises(Refused):
        agreements.change_agreement(
            changed(one, subject="Lain lagi"), actor=None, version=filled.version
        )
    with pytest.raises(Refused) as refused:
        agreements.change_agreement(
            changed(one), actor=None, version=filled.version, areas=[make.village()]
        )
    assert codes(refused) == {"areas": "fixed"}


def test_whoever_was_overtaken_is_told(tpp):
    one = draft(tpp)
    agreements.change_agreement(changed(one, title="Pertama"), actor=None, version=1)
    with pytest.raises(Stale):
        agreements.change_agreement(changed(one, title="Kedua"), actor=None, version=1)
    assert Agreement.objects.get().title == "Pertama"


def test_a_renewal_is_a_draft_of_its_own_and_the_old_dates_stay(tpp):
    village = make.village()
    old = made.agreement(tpp, areas=[village], duty={"target": 12, "due_on": date(2026, 6, 30)})
    new = agreements.renew_agreement(
        old, actor=None, starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    assert (new.renews, new.confirmed_at, new.number_first, new.source) == (
        old,
        None,
        "",
        old.source,
    )
    assert areas_of(new) == [village]
    assert said_of(new.parties.all()) == said_of(old.parties.all())
    duty = new.obligations.get()
    assert (duty.target, duty.due_on, duty.party.organisation) == (12, None, tpp)
    old.refresh_from_db()
    assert (old.starts_on, old.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    with pytest.raises(Refused) as refused:
        agreements.renew_agreement(old, actor=None, starts_on=date(2027, 1, 1), ends_on=None)
    assert refused.value.code == "already_there"
    agreements.cancel_agreement(new, actor=None, version=new.version, note="Salah catat")
    assert agreements.renew_agreement(old, actor=None, starts_on=date(2027, 1, 1), ends_on=None)


def test_a_renewal_begins_later_than_what_it_renews(tpp):
    old = made.agreement(tpp)
    for starts_on, ends_on in ((date(2026, 1, 1), None), (date(2027, 2, 1), date(2027, 1, 1))):
        with pytest.raises(Refused) as refused:
            agreements.renew_agreement(old, actor=None, starts_on=starts_on, ends_on=ends_on)
        assert refused.value.code == "days_in_order"


def test_ending_early_needs_a_day_a_reason_and_a_letter(tpp):
    one = made.agreement(tpp)

    def end(last_day, reason="Kontrak putus", letter="12/2026"):
        said = {"last_day": last_day, "reason": reason, "letter": letter}
        return agreements.terminate_agreement(one, actor=None, version=one.version, **said)

    for args, field in (
        ((date(2025, 12, 31),), "last_day"),
        ((date(2026, 12, 31),), "last_day"),
        ((date(2026, 6, 30), " "), "reason"),
        ((date(2026, 6, 30), "x", ""), "letter"),
    ):
        with pytest.raises(Refused) as refused:
            end(*args)
        assert list(codes(refused)) == [field]
    assert end(date(2026, 6, 30)).terminated_on == date(2026, 6, 30)
    with pytest.raises(Refused) as refused:
        end(date(2026, 5, 30))
    assert refused.value.code == "already_there"
    for decide, said in (
        (agreements.cancel_agreement, {"version": one.version, "note": "x"}),
        (agreements.renew_agreement, {"starts_on": date(2027, 1, 1), "ends_on": None}),
    ):
        with pytest.raises(Refused) as refused:
            decide(one, actor=None, **said)
        assert refused.value.code == "not_allowed"


def test_cancelling_says_why_and_leaves_nothing_hanging(tpp):
    one = made.agreement(tpp)
    with pytest.raises(Refused) as refused:
        agreements.cancel_agreement(one, actor=None, version=one.version, note="  ")
    assert codes(refused) == {"note": "reason_missing"}
    below = draft(tpp, parent=one)
    with pytest.raises(Refused) as refused:
        agreements.cancel_agreement(one, actor=None, version=one.version, note="Salah")
    assert refused.value.code == "in_use"
    agreements.cancel_agreement(below, actor=None, version=1, note="Salah")
    agreements.cancel_agreement(one, actor=None, version=one.version, note="Salah catat")
    entry = AuditEntry.objects.filter(action="agreement.cancelled").first()
    assert entry.changes == {"note": "Salah catat"}
    with pytest.raises(Refused) as refused:
        agreements.change_agreement(changed(one, subject="x"), actor=None, version=one.version)
    assert refused.value.code == "fixed"


def test_addenda_and_evaluations_come_after_signing_and_not_from_the_future(tpp):
    one, tomorrow = made.agreement(tpp), timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused) as refused:
        agreements.add_addendum(Addendum(agreement=draft(tpp), dated=TODAY, text="x"), actor=None)
    assert refused.value.code == "not_allowed"
    for day, code in ((date(2025, 1, 1), "days_in_order"), (tomorrow, "future")):
        with pytest.raises(Refused) as refused:
            agreements.add_addendum(Addendum(agreement=one, dated=day, text="x"), actor=None)
        assert codes(refused) == {"dated": code}
    for days in ((date(2026, 2, 1), date(2026, 1, 1)), (date(2025, 1, 1), date(2025, 2, 1))):
        said = Evaluation(agreement=one, period_from=days[0], period_until=days[1], achieved="x")
        with pytest.raises(Refused) as refused:
            agreements.add_evaluation(said, actor=None)
        assert refused.value.code == "days_in_order"
    uid = uuid7()
    for _again in range(2):
        row = Addendum(pk=uid, agreement=one, dated=date(2026, 3, 1), text="Kader ikut")
        agreements.add_addendum(row, actor=None)
    assert one.addenda.count() == 1


def test_only_a_pdf_is_kept_and_the_only_signed_copy_stays(tpp):
    one, officer = made.agreement(tpp), make.officer()
    other = AgreementFile(agreement=one, kind="annex", title="Foto")
    with pytest.raises(Refused) as refused:
        agreements.add_file(other, make.image(), actor=officer, file_name="naskah.pdf")
    assert codes(refused) == {"file": "unknown_type"}
    signed = one.files.get()
    with pytest.raises(Refused) as refused:
        agreements.remove_file(signed, actor=officer)
    assert refused.value.code == "in_use"
    better = AgreementFile(agreement=one, kind="agreement", title="Pindai baru")
    agreements.add_file(better, made.PDF + b"\n", actor=officer, file_name="../baru.exe")
    assert better.file_name == "baru.pdf"
    agreements.remove_file(signed, actor=officer)
    signed.refresh_from_db()
    assert signed.removed_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_at_once_put_it_in_force_once_and_renew_it_once():
    tpp = made.partner()
    one = made.agreement(tpp, confirmed=False)
    values = {"number_first": "1", "number_second": "2", "signed_on": date(2026, 1, 1)}
    Agreement.objects.filter(pk=one.pk).update(**values)
    made.signed(one)
    made.promise(one)

    def confirm():
        return agreements.confirm_agreement(changed(one), actor=None, version=1)

    answers = at_once(confirm, confirm)
    assert sum(isinstance(one, Agreement) for one in answers) == 1
    assert [a.code for a in answers if isinstance(a, Refused)] == ["already_there"]
    assert AuditEntry.objects.filter(action="agreement.confirmed").count() == 1

    def renew():
        held = changed(one)
        return agreements.renew_agreement(
            held, actor=None, starts_on=date(2027, 1, 1), ends_on=None
        )

    answers = at_once(renew, renew)
    assert [a.code for a in answers if isinstance(a, Refused)] == ["already_there"]
    assert one.renewals.count() == 1
