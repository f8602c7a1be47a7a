"""The chain over the audit trail: what is tampered with is found and named (SEC-03)."""

import io
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from core import audit, chain, chain_check
from core.models import AuditEntry, AuditLink, HealthMark
from tests import guards, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(append_only):
    """Ten entries, all sealed."""
    person = make.person("officer", regency=make.regency())
    for number in range(10):
        audit.record(person, "program.changed", person, title=[f"Ä {number}", f"b{number}"])
    chain.seal()
    return list(AuditEntry.objects.order_by("pk"))


@contextmanager
def as_superuser():
    """What somebody who owns the database does: triggers off, on again; undone afterwards."""
    with transaction.atomic():
        guards.lift()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                connection.check_constraints()
                cursor.execute("set local session_replication_role = replica")
            yield cursor
        transaction.set_rollback(True)


def checked(*args, **options) -> tuple[int, str]:
    """How `manage.py check_audit` ends, with the triggers back, and all that it says."""
    guards.lift()
    guards.restore()
    said = io.StringIO()
    try:
        call_command("check_audit", *args, stdout=said, stderr=said, **options)
    except SystemExit as end:
        return end.code, said.getvalue()
    return 0, said.getvalue()


def faults(said: str) -> list[str]:
    return [line for line in said.splitlines() if not line.startswith("head ")][:-1]


def test_a_sound_chain_is_sound(trail):
    assert checked()[0] == 0
    assert HealthMark.objects.get(name="audit").ok
    assert [one.position for one in AuditLink.objects.all()] == list(range(1, 11))


def test_the_quick_encoder_writes_what_json_writes():
    """A hash that stands for ever depends on these bytes."""
    told = {"z": ["Ä", None, 1.5, {"b": True, "a": '"'}], "a": "\u2028", "n": 10**20}
    assert chain._encode(told) == chain._ENCODER.encode(told)
    assert chain._encode({"b": 1, "a": "é"}) == '{"a":"\\u00e9","b":1}'


def test_sealing_twice_gives_no_place_twice(trail):
    before = list(AuditLink.objects.values_list())
    assert chain.seal() == 0
    assert list(AuditLink.objects.values_list()) == before


def test_an_entry_that_appears_below_the_last_is_not_missed(trail, monkeypatch):
    """A long transaction's entry has a number from before; here even below the quick look."""
    monkeypatch.setattr(chain, "WINDOW", 3)
    late, person = trail[0], trail[0].actor
    AuditEntry.objects.bulk_create(
        [AuditEntry(pk=late.pk - 10, actor=person, action="a", object_type="b", object_id="c")]
    )
    assert chain.seal(whole=False) == 0
    assert chain.seal() == 1
    assert AuditLink.objects.last().entry_id == late.pk - 10
    assert checked()[0] == 0


def test_a_small_batch_seals_as_a_large_one(trail, monkeypatch):
    large = list(AuditLink.objects.values_list("position", "hash"))
    with as_superuser() as cursor:
        cursor.execute("delete from core_auditlink")
        monkeypatch.setattr(chain, "BATCH", 3)
        monkeypatch.setattr(chain, "PAGE", 4)
        assert chain.seal() == 10
        assert list(AuditLink.objects.values_list("position", "hash")) == large
        assert checked()[0] == 0


@pytest.mark.asvs("16.4.2", "11.4.3")
def test_an_altered_row_is_named_alone(trail):
    with as_superuser() as cursor:
        cursor.execute("update core_auditentry set object_id = 'x' where id = %s", [trail[4].pk])
        code, said = checked()
    assert (code, faults(said)) == (1, [f"place 5: entry {trail[4].pk} was altered"])


@pytest.mark.parametrize("column", ["at", "actor_id", "changes", "request_id", "address", "via"])
def test_no_column_is_altered_unseen(trail, column):
    other = {
        "at": trail[4].at + timedelta(microseconds=1),
        "actor_id": None,
        "changes": '{"title": ["Ä 4", "b5"]}',
        "request_id": "x",
        "address": "10.0.0.1",
        "via": "key 12345678",
    }[column]
    with as_superuser() as cursor:
        cursor.execute(
            f"update core_auditentry set {column} = %s where id = %s", [other, trail[4].pk]
        )
        assert faults(checked()[1]) == [f"place 5: entry {trail[4].pk} was altered"]


def test_a_removed_row_is_named_alone(trail):
    with as_superuser() as cursor:
        cursor.execute("delete from core_auditentry where id = %s", [trail[4].pk])
        code, said = checked()
    assert (code, faults(said)) == (1, [f"place 5: entry {trail[4].pk} is gone"])


def test_a_row_removed_with_its_place_is_named(trail):
    with as_superuser() as cursor:
        cursor.execute("delete from core_auditlink where position = 5")
        cursor.execute("delete from core_auditentry where id = %s", [trail[4].pk])
        code, said = checked()
    assert (code, faults(said)) == (1, ["place 5 is gone"])


def test_two_swapped_rows_are_both_named(trail):
    a, b = trail[3].pk, trail[7].pk
    with as_superuser() as cursor:
        cursor.execute(f"update core_auditentry set id = -1 where id = {a}")
        cursor.execute(f"update core_auditentry set id = {a} where id = {b}")
        cursor.execute(f"update core_auditentry set id = {b} where id = -1")
        code, said = checked()
    assert code == 1
    assert faults(said) == [f"place 4: entry {a} was altered", f"place 8: entry {b} was altered"]


def test_a_row_slipped_in_with_an_earlier_date_is_named(trail):
    """The sealer may have taken it in by then: it stands behind younger ones."""
    before = timezone.now() - timedelta(minutes=11)
    with as_superuser() as cursor:
        cursor.execute(
            "insert into core_auditentry (at, action, object_type, object_id, changes, request_id)"
            " values (%s, 'a', 'b', 'c', '{}', '')",
            [before],
        )
        made = AuditEntry.objects.get(action="a").pk
        chain.seal()
        code, said = checked()
    assert (code, len(faults(said))) == (1, 1)
    assert f"place 11: entry {made} says" in said


def test_an_old_entry_without_a_place_is_named(trail):
    with as_superuser() as cursor:
        cursor.execute(
            "update core_auditentry set at = %s", [timezone.now() - timedelta(minutes=11)]
        )
        cursor.execute("delete from core_auditlink where position = 10")
        code, said = checked()
    assert code == 1
    assert f"entry {trail[9].pk} of" in said
    assert "has no place in the chain" in said


def test_a_row_slipped_in_between_two_places_is_named(trail):
    """Entry and place both: the places behind move up, and do not fit any more."""
    with as_superuser() as cursor:
        cursor.execute("update core_auditlink set position = -position where position > 5")
        cursor.execute("update core_auditlink set position = 1 - position where position < 0")
        made = AuditEntry(pk=trail[-1].pk + 50, action="a", object_type="b", object_id="c")
        AuditEntry.objects.bulk_create([made])
        AuditLink.objects.create(position=6, entry_id=made.pk, hash="f" * 64)
        code, said = checked()
    assert code == 1
    assert f"place 6: entry {made.pk} was altered" in said


def test_a_cut_tail_is_found_by_the_head_written_elsewhere(trail, tmp_path):
    assert checked(write_head=tmp_path)[0] == 0
    with as_superuser() as cursor:
        cursor.execute("delete from core_auditlink where position > 8")
        cursor.execute("delete from core_auditentry where id > %s", [trail[7].pk])
        assert checked()[0] == 0  # which the chain alone cannot know
        code, said = checked(write_head=tmp_path)
    assert code == 1
    assert faults(said)[0].startswith("places 9 to 10 are cut off: the head written on ")


@pytest.mark.asvs("16.4.3")
def test_a_chain_computed_anew_is_found_by_the_heads(trail, tmp_path):
    """Its rows are narrowed down to those between two heads."""
    assert checked(write_head=tmp_path)[0] == 0
    for _one in range(5):
        audit.record(trail[0].actor, "login.succeed", trail[0].actor)
    assert checked(write_head=tmp_path)[0] == 0
    with as_superuser() as cursor:
        cursor.execute("update core_auditentry set action = 'x' where id = %s", [trail[-1].pk + 2])
        cursor.execute("delete from core_auditlink where position > 10")
        chain.seal()
        assert checked()[0] == 0
        code, said = checked(write_head=tmp_path)
    assert code == 1
    [fault] = faults(said)
    assert fault.startswith(f"place 15: entry {trail[-1].pk + 5} has another hash")
    assert fault.endswith("rows between places 11 and 15 were rewritten")


def test_a_trigger_switched_off_is_named(trail):
    guards.lift()
    found = chain_check.check()
    assert f"trigger {guards.TABLES[0]}_no_" in found.faults[0]


def test_a_known_fault_is_accepted_with_its_reason(trail):
    with as_superuser() as cursor:
        cursor.execute("update core_auditentry set object_id = 'x' where id = %s", [trail[4].pk])
        [fault] = faults(checked()[1])
        code, said = checked(accept=fault, because="restored by hand")
        assert (code, f"accepted: {fault}" in said) == (0, True)
        guards.lift()
        cursor.execute("update core_auditentry set object_id = 'x' where id = %s", [trail[5].pk])
        assert faults(checked()[1])[-1] == f"place 6: entry {trail[5].pk} was altered"


@pytest.mark.asvs("16.4.3")
def test_a_second_place_that_is_not_there_is_a_fault(trail, tmp_path):
    code, said = checked(write_head=tmp_path / "not-mounted")
    assert code == 1
    assert "is the second place mounted?" in said
    assert not HealthMark.objects.get(name="audit").ok


@pytest.mark.asvs("16.4.3")
def test_the_head_goes_to_the_auditors_once_a_day(trail, tmp_path, settings, mailoutbox):
    settings.AUDIT_HEADS, settings.AUDIT_MAIL = str(tmp_path), ["inspektorat@example.go.id"]
    checked()
    checked()
    [line] = (tmp_path / "audit-heads.txt").read_text().splitlines()
    [letter] = mailoutbox
    assert letter.to == ["inspektorat@example.go.id"]
    assert line.split()[:2] == ["10", chain.head().hash]
    assert line in letter.body


def test_the_head_alone_is_printed(trail):
    code, said = checked("--head")
    assert (code, said.split()[:2]) == (0, ["10", chain.head().hash])
