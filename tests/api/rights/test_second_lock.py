"""The second lock (decision 0017): PostgreSQL itself gives the web no row that a person may not
see, also where the first lock was forgotten. Told by questions that name no person at all."""

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.row_security import policies
from core.asking import NOBODY, as_portal, asker, asks
from indicators.models import Assessment, Representation
from programs.models import (
    Activity,
    ImportJob,
    NothingToReport,
    Photo,
    ProgramVillageMonth,
    Submission,
    VillagePeriod,
    Webhook,
)
from tests import make
from tests.roles import as_role

from .people import FOREIGN_VILLAGE, PEOPLE, VILLAGE

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
SIGNED_IN = [person.name for person in PEOPLE[1:]]
#: Tables whose first lock is a queryset of their own: both must give the same rows.
BY_VILLAGE = (
    *(Activity, Photo, NothingToReport, ProgramVillageMonth, VillagePeriod),
    *(Assessment, Representation),
)
OWN = (ImportJob, Webhook)
#: Where a table without a queryset of its own gets its rows from: its first lock is its parent's.
PARENTS = {
    "programs_review": ("activity_id", Activity),
    "indicators_answer": ("assessment_id", Assessment),
    "indicators_seatcount": ("representation_id", Representation),
    "indicators_proposalcount": ("representation_id", Representation),
    "programs_importproblem": ("job_id", ImportJob),
    "programs_delivery": ("webhook_id", Webhook),
}


@pytest.fixture
def asked():
    """Whoever asks within a test, nobody asks after it."""
    yield
    asks(NOBODY)


def seen_by_app(sql: str, who) -> set:
    """What a question without any condition of rights brings to the web, in this person's name."""
    asks(who)
    with as_role("pug_app"), connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0] for row in cursor.fetchall()}


def fresh(world, name):
    """The person as a request finds her: her grants are read anew."""
    return type(world.user(name)).objects.get(pk=world.user(name).pk)


def every(model) -> str:
    return f"select {model._meta.pk.column} from {model._meta.db_table}"


#: Of these the world has none; their rules are those of tables that it fills.
EMPTY = {
    *("programs_nothingtoreport", "programs_nudge", "programs_correctionrequest"),
    "indicators_proposalcount",
}


def test_the_world_has_rows_to_hide(world):
    """Without them the comparison below would be of nothing with nothing."""
    found = set()
    for table in policies():
        with connection.cursor() as cursor:
            cursor.execute(f"select 1 from {table}")
            found |= {table} if cursor.fetchone() else set()
    assert policies().keys() - found == EMPTY


@pytest.mark.asvs("8.4.1", "13.2.2", "8.3.1")
@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_question_that_forgot_the_person_brings_her_rows_alone(world, asked, name):
    user = fresh(world, name)
    told = {
        model: (seen_by_app(every(model), user.pk), set(_of(model, user)))
        for model in (*BY_VILLAGE, *OWN)
    }
    assert {model: both for model, both in told.items() if both[0] != both[1]} == {}


def _of(model, user):
    return model.objects.visible_to(user).values_list("pk", flat=True)


@pytest.mark.parametrize("name", SIGNED_IN)
def test_what_hangs_on_a_row_goes_with_it(world, asked, name):
    user = fresh(world, name)
    for table, (column, parent) in PARENTS.items():
        found = seen_by_app(f"select {column} from {table}", user.pk)
        asks(NOBODY)
        with connection.cursor() as cursor:
            cursor.execute(f"select {column} from {table}")
            there = {row[0] for row in cursor.fetchall()}
        assert found == there & set(_of(parent, user)), (table, name)


@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_receipt_is_its_senders_or_comes_with_its_record(world, asked, name):
    user = fresh(world, name)
    hers = set(Submission.objects.visible_to(user).values_list("pk", flat=True))
    assert seen_by_app(every(Submission), user.pk) == hers | set(_of(Activity, user))


@pytest.mark.parametrize("table", sorted(policies()))
def test_nobody_sees_nothing(world, asked, table):
    """No person named: an open page, or a door where somebody forgot to say who asks."""
    assert seen_by_app(f"select 1 from {table}", NOBODY) == set()
    assert seen_by_app(f"select 1 from {table}", "0") == set()


def test_an_account_that_was_closed_sees_nothing(world, asked):
    with transaction.atomic():
        user = world.user("officer")
        assert seen_by_app(every(Activity), user.pk)
        type(user).objects.filter(pk=user.pk).update(is_active=False)
        assert seen_by_app(every(Activity), user.pk) == set()
        transaction.set_rollback(True)


REFUSED = "row-level security policy"


@pytest.mark.asvs("8.4.1")
@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_row_cannot_be_written_where_she_sees_none(world, asked, name):
    """Not a new one, and no row of hers can be moved there."""
    user = fresh(world, name)
    code = VILLAGE if name in ("foreign", "neighbour") else FOREIGN_VILLAGE
    if name == "national":
        return  # there is no village that she does not see
    village = make.village(code)
    new = "insert into programs_nothingtoreport (id, village_id, year, month, declared_by_id,"
    new += " declared_at) values (gen_random_uuid(), %s, 2026, 2, %s, now())"
    _refused(user, new, [village.pk, user.pk])
    asks(user.pk)
    with transaction.atomic(), as_role("pug_app"), connection.cursor() as cursor:
        cursor.execute("update programs_activity set note = '' where village_id = %s", [village.pk])
        assert cursor.rowcount == 0
        cursor.execute("delete from programs_photo where activity_id in (%s)", [_there(village)])
        assert cursor.rowcount == 0
        transaction.set_rollback(True)
    if Activity.objects.visible_to(user).exists():
        _refused(user, "update programs_activity set village_id = %s", [village.pk])


def _there(village):
    return Activity.objects.filter(village=village).values_list("pk", flat=True).first()


def _refused(user, sql, values):
    asks(user.pk)
    with (
        pytest.raises(ProgrammingError, match=REFUSED),
        transaction.atomic(),
        as_role("pug_app"),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)


def test_the_lock_is_what_hides_them(world, asked):
    """Negative control: without the policy the same question brings every row."""
    head = world.user("head").pk
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table programs_activity disable row level security")
        assert len(seen_by_app(every(Activity), head)) == Activity.objects.count()
        transaction.set_rollback(True)
    assert len(seen_by_app(every(Activity), head)) < Activity.objects.count()


def test_the_portal_itself_sees_all_and_then_no_more(world, asked):
    head = world.user("head").pk
    asks(head)
    all_of_them = Activity.objects.count()
    with as_role("pug_app"):
        with as_portal("a test"):
            assert Activity.objects.count() == all_of_them
        assert asker() == str(head)
        assert 0 < Activity.objects.count() < all_of_them


def test_what_was_told_is_told_again_where_a_rollback_took_it_back(world, asked):
    """The name of who asks is part of the transaction, like everything that is set in one."""
    head = world.user("head").pk
    asks(NOBODY)
    with as_role("pug_app"):
        with pytest.raises(ProgrammingError):
            _broken_within(head)
        assert asker() == str(head)
        assert 0 < Activity.objects.count() < len(_all())


@transaction.atomic
def _broken_within(head):
    asks(head)
    assert Activity.objects.exists()
    with as_portal("a test"), connection.cursor() as cursor:
        cursor.execute("select no_such_column from programs_activity")


def _all():
    with as_portal("a test"):
        return list(Activity.objects.values_list("pk", flat=True))
