"""Grants and accounts: who may do what to whom, and that it counts at once."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts import services
from accounts.models import Grant, User
from accounts.services import GrantDraft
from core.errors import Refused, Stale
from core.models import AuditEntry
from tests import make
from villages.models import Village

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 5)


def fresh(person) -> User:
    """The person as the next request reads her."""
    return User.objects.get(pk=person.pk)


def draft(role="village_head", **values) -> GrantDraft:
    area = values.pop("area", None) or make.village()
    return GrantDraft(role, area, values.pop("valid_from", TODAY), **values)


def far_regency():
    return make.regency("64.02", "Kabupaten Kutai Kartanegara")


class refused:  # noqa: N801
    """Expect a refusal with this code."""

    def __init__(self, code):
        self.code = code

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        assert kind is not None, f"not refused with {self.code}"
        assert issubclass(kind, Refused), value
        assert value.code == self.code
        return True


def test_granted_task_opens_the_village_at_once():
    officer, person, village = make.officer(), make.person(), make.village()

    services.grant(person, draft(area=village, valid_from=timezone.localdate()), actor=officer)

    assert Village.objects.visible_to(fresh(person)).get() == village
    entry = AuditEntry.objects.get(action="grant.add")
    assert (entry.actor, entry.changes["role"]) == (officer, "village_head")


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("village_head", make.district),
        ("village_head", make.opd),
        ("district_officer", make.village),
        ("opd_focal_point", make.regency),
        ("opd_head", make.district),
        ("planner", make.village),
        ("auditor", make.village),
    ],
)
def test_role_only_fits_its_kind_of_area(role, place):
    with refused("wrong_area"):
        services.grant(make.person(), draft(role, area=place()), actor=make.officer())


def test_last_day_before_the_first_is_refused():
    with refused("ends_before_start"):
        services.grant(
            make.person(), draft(valid_until=TODAY - timedelta(days=1)), actor=make.officer()
        )


def test_same_task_twice_is_refused_but_a_later_one_is_not():
    person, officer = make.person(), make.officer()
    services.grant(person, draft(valid_until=TODAY + timedelta(days=9)), actor=officer)

    with refused("already_granted"):
        services.grant(person, draft(), actor=officer)
    services.grant(person, draft(valid_from=TODAY + timedelta(days=10)), actor=officer)

    assert person.grants.count() == 2


@pytest.mark.parametrize("area", ["village", "district", "regency", "opd", "everything"])
def test_nobody_grants_beyond_her_own_reach(area):
    regency = far_regency()
    role, place = {
        "village": ("village_head", lambda: make.village("64.02.01.2001", "Far")),
        "district": ("district_officer", lambda: make.district("64.02.01", "Far")),
        "regency": ("leader", lambda: regency),
        "opd": ("opd_focal_point", lambda: make.opd("Dinas Far", regency=regency)),
        "everything": ("officer", lambda: None),
    }[area]
    drafted = GrantDraft(role, place(), TODAY)

    with refused("outside_reach"):
        services.grant(make.person(), drafted, actor=make.officer())
    services.grant(make.person(), drafted, actor=make.person("officer"))  # she covers everything


def test_role_without_manage_users_grants_nothing():
    with refused("outside_reach"):
        services.grant(make.person(), draft(), actor=make.village_head())


def test_anonymous_sees_no_grant_and_no_person():
    make.village_head()

    assert not Grant.objects.visible_to(AnonymousUser()).exists()
    assert not User.objects.visible_to(AnonymousUser()).exists()


def test_nobody_grants_to_herself():
    officer = make.officer()

    with refused("own_account"):
        services.grant(officer, draft(), actor=officer)


@pytest.mark.asvs("8.2.2")
def test_ended_task_closes_the_village_at_once_and_the_name_stays():
    head, officer = make.village_head(), make.officer()
    assert Village.objects.visible_to(fresh(head)).count() == 1
    held = head.grants.get()

    services.end_grant(held, on=timezone.localdate(), actor=officer)

    assert Village.objects.visible_to(fresh(head)).count() == 0
    assert head.grants.get().user.name == head.name
    assert AuditEntry.objects.get(action="grant.end").actor == officer


def test_task_ended_for_a_later_day_goes_on_until_then():
    head, officer = make.village_head(), make.officer()
    last = timezone.localdate() + timedelta(days=3)

    services.end_grant(head.grants.get(), on=last, actor=officer)

    assert Grant.objects.live_on(last).filter(user=head).exists()
    assert not Grant.objects.live_on(last + timedelta(days=1)).filter(user=head).exists()


@pytest.mark.parametrize("days", [0, 30])
def test_second_officer_ending_the_same_task_is_told(days):
    head, today = make.village_head(), timezone.localdate()
    seen_by_both = head.grants.get()
    last = today + timedelta(days=days)
    services.end_grant(head.grants.get(), on=last, actor=make.officer())

    with pytest.raises(Stale):
        services.end_grant(seen_by_both, on=today, actor=make.officer())


def test_foreign_or_own_task_cannot_be_ended():
    officer, today = make.officer(), timezone.localdate()
    far = make.village_head(make.village("64.02.01.2001", "Far"))

    for held in (far.grants.get(), officer.grants.get()):
        with pytest.raises(PermissionDenied):
            services.end_grant(held, on=today, actor=officer)


@pytest.mark.asvs("7.4.2")
def test_closed_person_is_out_at_once_and_old_sessions_stay_ended(client):
    head, officer = make.village_head(), make.officer()
    client.force_login(head)
    assert client.get("/kata-sandi/").status_code == 200

    services.disable_person(head, actor=officer)
    assert client.get("/kata-sandi/").status_code == 302

    services.enable_person(head, actor=officer)
    assert client.get("/kata-sandi/").status_code == 302


def test_reset_password_ends_sessions_and_the_old_password(client):
    head = make.village_head()
    client.force_login(head)

    start = services.reset_password(head, actor=make.officer())

    assert client.get("/kata-sandi/").status_code == 302
    head.refresh_from_db()
    assert head.check_password(start)
    assert not head.check_password(make.PASSWORD)
    assert start not in str(AuditEntry.objects.values_list("changes", flat=True))


def test_trail_says_that_a_phone_number_changed_and_not_which():
    """Auditors read the trail of people whose page they may not open."""
    officer = make.officer()
    made = services.add_person(username="ani", name="Ani", phone="0812000111", actor=officer)
    for name, phone in (("Ani", "0813000222"), ("Anita", "0813000222"), ("Ani", "0814000333")):
        services.change_person(made.person, name=name, phone=phone, actor=officer)
    services.disable_person(made.person, actor=officer)
    services.forget_contacts(made.person, actor=officer)

    entries = AuditEntry.objects.filter(object_type="user", object_id=str(made.person.pk))
    changed = entries.filter(action="person.change").order_by("pk")
    assert list(changed.values_list("changes", flat=True)) == [
        {"changed": "phone"},
        {"name": ["Ani", "Anita"]},
        {"name": ["Anita", "Ani"], "changed": "phone"},
    ]
    told = str(list(AuditEntry.objects.values_list("changes", flat=True)))
    assert not [one for one in ("0812000111", "0813000222", "0814000333") if one in told]


@pytest.mark.parametrize(
    "act",
    [
        services.disable_person,
        services.enable_person,
        services.reset_password,
        services.reset_second_factor,
        lambda person, actor: services.change_person(person, name="X", phone="", actor=actor),
    ],
)
def test_account_with_rights_elsewhere_is_not_hers_to_change(act):
    officer = make.officer()
    also_elsewhere = make.village_head()
    services.grant(also_elsewhere, GrantDraft("officer", None, TODAY), actor=None)
    staff = make.person(username="technician")
    staff.is_staff = True
    staff.save()

    for person in (also_elsewhere, staff, officer):
        with pytest.raises(PermissionDenied):
            act(person, actor=officer)
    act(make.village_head(make.village("64.01.04.2003", "B")), actor=officer)


@pytest.mark.asvs("6.4.1", "11.5.1")
def test_start_passwords_are_long_and_never_the_same():
    made = [services.add_person(username=f"p{n}", name="P", actor=None) for n in range(20)]

    assert len({row.start_password for row in made}) == 20
    assert all(len(row.start_password) == 14 for row in made)


def test_taken_username_is_refused_whatever_its_capitals():
    make.person(username="kades.janju")

    with refused("taken"):
        services.add_person(username="Kades.Janju", name="Other", actor=make.officer())


def test_refused_grant_leaves_no_person_behind():
    with refused("outside_reach"):
        services.add_person(
            username="new",
            name="New",
            grants=[draft(area=make.village("64.02.01.2001", "Far"))],
            actor=make.officer(),
        )

    assert not User.objects.filter(username="new").exists()
    assert not AuditEntry.objects.exists()


def test_username_taken_in_the_same_moment_is_refused(monkeypatch):
    make.person(username="kades.janju")
    monkeypatch.setattr(services.persons, "_is_taken", lambda username: False)

    with refused("taken"):
        services.add_person(username="kades.janju", name="Other", actor=make.officer())


@pytest.mark.parametrize("ended", [{"valid_until": date(2021, 1, 1)}, {"revoked_at": True}])
def test_person_whose_rights_have_lapsed_is_judged_by_them(ended):
    officer, lapsed = make.officer(), make.person("officer")
    Grant.objects.create(user=lapsed, role="leader", regency=make.regency(), valid_from=TODAY)
    values = {"revoked_at": timezone.now()} if "revoked_at" in ended else ended
    Grant.objects.filter(user=lapsed).update(valid_from=date(2020, 1, 1), **values)

    with pytest.raises(PermissionDenied):
        services.reset_password(lapsed, actor=officer)
    with refused("past_elsewhere"):  # nor by a task of one's own giving first
        services.grant(lapsed, draft(), actor=officer)
    services.grant(lapsed, draft(), actor=None)
    services.reset_password(lapsed, actor=officer)


def test_lapsed_person_of_the_own_area_is_still_looked_after():
    head, officer = make.village_head(), make.officer()
    services.end_grant(head.grants.get(), on=timezone.localdate(), actor=officer)

    services.reset_password(head, actor=officer)
    services.grant(head, draft(valid_from=timezone.localdate()), actor=officer)


def test_ending_a_task_never_lengthens_it():
    officer, today = make.officer(), timezone.localdate()
    last = today + timedelta(days=9)
    person = make.person("facilitator", village=make.village(), valid_until=last)

    with refused("after_last_day"):
        services.end_grant(person.grants.get(), on=last + timedelta(days=1), actor=officer)
    services.end_grant(person.grants.get(), on=last - timedelta(days=1), actor=officer)

    assert person.grants.get().valid_until == last - timedelta(days=1)


@pytest.mark.parametrize("act", [services.disable_person, services.reset_password])
def test_keys_end_with_trouble_and_stay_ended(client, act):
    head, officer = make.village_head(), make.officer()
    made = services.create_token(head, name="x", scopes=["data:read"], days=9, actor=None)
    other = services.create_token(make.person(), name="y", scopes=["data:read"], days=9, actor=None)

    act(head, actor=officer)
    services.enable_person(head, actor=officer)

    def status(key):
        return client.get("/api/v1/session/", headers={"authorization": f"Bearer {key}"})

    assert (status(made.key).status_code, status(other.key).status_code) == (401, 200)
    entry = AuditEntry.objects.get(action="token.revoke")
    assert (entry.actor, entry.object_id) == (officer, str(made.token.pk))


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("village_head", make.village),
        ("facilitator", make.district),
        ("district_officer", make.district),
        ("opd_head", make.opd),
        ("planner", make.regency),
        ("planner", make.opd),
        ("auditor", make.opd),
    ],
)
def test_officer_gives_tasks_whose_words_she_does_not_hold(role, place):
    """She approves plans; others write, check and sign them, by her grant."""
    officer, person, area = make.officer(), make.person(), place()
    services.grant(person, GrantDraft(role, area, TODAY), actor=officer)

    held = person.grants.get()
    assert (held.role, held.area) == (role, area)
    assert not {"sign_plans", "sign_village", "check_plans", "plan_village"} & officer.capabilities
