"""Rows inserted by COPY, by plain statements and by Django are the same rows."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from core import bulk
from core.identifiers import uuid7
from core.models import AuditEntry
from programs.models import Activity, Change, ReceiptSeries, Review, Submission
from programs.services import submit_activities
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 5, 14, 7, tzinfo=ZoneInfo("Asia/Makassar"))
TEXTS = (r"\N", r"a\tb\\", "tab\tand\nline\r", "100 % “desa” 'x' {}", "žena 女 🙂", " ")
WRITTEN = (Activity, Submission, Review, AuditEntry, Change)
#: What differs from one writing to the next.
ANEW = {"id", "xid", "at", "created_at", "updated_at", "request_id"}


def by_django(rows, *, renewing=None, key=()):
    rows = list(rows)
    if not rows:
        return
    meet = {} if renewing is None else {"ignore_conflicts": True}
    if renewing:
        names = [name.removesuffix("_id") for name in key] or [rows[0]._meta.pk.name]
        meet = {"update_conflicts": True, "unique_fields": names, "update_fields": renewing}
    type(rows[0])._base_manager.bulk_create(rows, **meet)


def stored() -> list:
    found = []
    for model in WRITTEN:
        names = [one.attname for one in model._meta.concrete_fields if one.attname not in ANEW]
        found += sorted(map(repr, model._base_manager.values_list(*names)))
    return found


@pytest.mark.parametrize("way", ["copied", "stated"])
def test_a_batch_stored_plainly_is_what_django_stores(way, monkeypatch):
    head, program = make.village_head(), make.program()
    drafts = [
        make.draft(program, uid=uuid7(), title=f"x{TEXTS[n % 6]}", note=TEXTS[n % 6])
        for n in range(bulk.COPIED + 5)
    ]

    def written() -> tuple:
        with transaction.atomic():
            outcomes = submit_activities(drafts, actor=head, source="api", now=NOW)
            found = outcomes, stored()
            transaction.set_rollback(True)
        return found

    if way == "stated":
        monkeypatch.setattr(bulk, "COPIED", 10**9)
    plain = written()
    monkeypatch.setattr(bulk, "insert", by_django)

    assert plain == written()
    assert {outcome.word for outcome in plain[0]} == {"accepted"}


@pytest.mark.parametrize(("renewing", "last"), [((), 1), (("last",), 7)])
def test_a_row_that_stands_is_left_or_renewed(renewing, last):
    ReceiptSeries.objects.create(prefix="6401-2611", last=1)

    rows = [ReceiptSeries(prefix="6401-2611", last=7), ReceiptSeries(prefix="6402-2611", last=3)]
    bulk.insert(rows, renewing=renewing)

    assert dict(ReceiptSeries.objects.values_list()) == {"6401-2611": last, "6402-2611": 3}


@pytest.mark.parametrize("count", [2, bulk.COPIED])
def test_one_row_that_stands_already_keeps_all_out(count):
    ReceiptSeries.objects.create(prefix="1", last=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(ReceiptSeries(prefix=str(number), last=7) for number in range(count))

    assert ReceiptSeries.objects.get().last == 1


def test_nothing_to_insert_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        bulk.insert([])
