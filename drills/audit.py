"""A million entries in the audit trail: sealed, checked, read. `scripts/drill.sh audit` runs it.

Goals: every place checked within 60 s; the page's queries within 300 ms; one altered row found.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
MOST_SECONDS, MOST_QUERY_SECONDS = 60.0, 0.3
PEOPLE, AT_ONCE = 400, 10_000


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="pug-audit-") as folder:
        os.environ |= {
            "PUG_VAR": folder,
            "PUG_SECRET_KEY": "for-a-drill-only-" + "0123456789" * 4,
            "DJANGO_SETTINGS_MODULE": "pug_portal.settings",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        return drill(Path(folder))


def drill(folder: Path) -> int:
    from core import chain, chain_check, heads

    reader = _people()
    print(f"{ROWS} entries written in {_seconds(_fill):.1f} s")
    print(f"sealed in {_seconds(chain.seal):.1f} s; again in {_seconds(chain.seal):.2f} s")
    print(f"the quick look of the duty: {_seconds(lambda: chain.seal(whole=False)) * 1000:.0f} ms")
    faults = []
    found = []
    took = _seconds(lambda: found.append(chain_check.check(heads.read(folder))))
    print(f"{found[0].head.position} places checked in {took:.1f} s, faults: {found[0].faults}")
    faults += [] if took <= MOST_SECONDS else [f"the check took {took:.1f} s"]
    faults += found[0].faults
    faults += [] if found[0].head.position == ROWS else ["not every entry has a place"]
    faults += list(_read_pages(reader))
    faults += list(_tampered(ROWS // 2))
    for fault in faults:
        print("FAULT", fault)
    return 1 if faults else 0


def _seconds(act: Callable) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def _people():
    """An auditor of Paser; half of the others are hers, half of another regency."""
    from datetime import date

    from accounts.models import Grant, User
    from villages.models import Province, Regency

    province = Province.objects.create(code="64", name="Kaltim")
    places = [
        Regency.objects.create(code=code, name=code, province=province)
        for code in ("64.01", "64.02")
    ]
    auditor = User(username="auditor", name="Auditor")
    people = [User(username=f"p{n}", name=f"Orang {n}") for n in range(PEOPLE)]
    User.objects.bulk_create([auditor, *people])
    day = date(2020, 1, 1)
    Grant.objects.create(user=auditor, role="auditor", regency=places[0], valid_from=day)
    Grant.objects.bulk_create(
        Grant(user=one, role="officer", regency=places[n % 2], valid_from=day)
        for n, one in enumerate(people)
    )
    return auditor


def _fill() -> None:
    from django.utils import timezone

    from accounts.models import User
    from core import bulk
    from core.models import AuditEntry

    people = list(User.objects.values_list("pk", flat=True))
    began = timezone.now() - timedelta(seconds=ROWS)

    def entry(n: int) -> AuditEntry:
        made = AuditEntry(
            actor_id=people[n % len(people)],
            action="activity.submitted" if n % 50 else "person.change",
            object_type="activity",
            object_id=f"00000000-0000-7000-8000-{n // 3:012}",
            changes={"name": [f"nama {n}", f"baru {n}"], "reason": ""} if n % 3 else {},
            request_id=f"11111111-0000-7000-8000-{n:012}",
            address="10.0.0.1",
            via="page",
        )
        made.at = began + timedelta(seconds=n)
        return made

    field = AuditEntry._meta.get_field("at")
    field.auto_now_add = False
    try:
        for start in range(0, ROWS, AT_ONCE):
            bulk.insert(map(entry, range(start, min(start + AT_ONCE, ROWS))))
    finally:
        field.auto_now_add = True
    _analyse()


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("analyze")


def _read_pages(reader) -> Iterator[str]:
    """What the page asks, newest and far back, for each filter; each must be quick."""
    from accounts.models import User
    from accounts.trail import entries_for
    from accounts.trail_forms import TrailForm, behind, mark_of, newest_first
    from core.models import AuditEntry

    everything = User.objects.create(username="pusat", name="Pusat")
    from accounts.models import Grant

    Grant.objects.create(user=everything, role="auditor", valid_from="2020-01-01")
    middle = mark_of(AuditEntry.objects.order_by("pk")[ROWS // 2])
    for who in (reader, everything):
        for query in (
            *({}, {"who": "Orang 6"}, {"who": "Orang 7"}, {"what": "person"}, {"what": "mou"}),
            *(
                {"what": "training"},
                {"text": "nama 99"},
                {"since": "1-1-2026", "until": "1-2-2026"},
            ),
        ):
            form = TrailForm(query)
            if not form.is_valid():
                continue
            for mark in ("", middle):
                rows = newest_first(form.narrowed(entries_for(who)))
                took = _seconds(lambda rows=rows, mark=mark: list(behind(rows, mark)[:51]))
                print(f"  {who.username} {query or 'all'}{' far back' * bool(mark)}: {took:.3f} s")
                if took > MOST_QUERY_SECONDS and "text" not in query:
                    yield f"{who.username} {query} took {took:.2f} s"


def _tampered(row: int) -> Iterator[str]:
    """One row altered by who owns the database: it must be named."""
    from django.db import connection

    from core import chain_check
    from core.models import AuditEntry

    with connection.cursor() as cursor:
        for sql in _OFF[connection.vendor]:
            cursor.execute(sql)
    AuditEntry.objects.filter(pk=row).update(object_id="x")
    faults = chain_check.check().faults
    print(f"one altered row: {faults}")
    if not any(f"entry {row} was altered" in one for one in faults):
        yield "an altered row was not named"


_OFF = {
    "postgresql": ["alter table core_auditentry disable trigger all"],
    "sqlite": ["drop trigger core_auditentry_no_update"],
}

if __name__ == "__main__":
    sys.exit(main())
