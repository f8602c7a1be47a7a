"""The second lock: PostgreSQL itself keeps from the web what lies outside a person's villages.

The first lock is `visible_to` and `permitting`; this one holds where a query forgot to ask. Its
rule is that of `User.villages_with("view")`, told once more in SQL from the same tables
(docs/decisions/0017-row-level-security.md). Each function is asked once per query.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from core.asking import PORTAL
from core.database_roles import APP, READ

from .capabilities import roles_with

#: Runs as the owner of the tables, so that pug_app needs no more than to call it.
_FUNCTION = """
create or replace function {name} returns {returns} language plpgsql stable parallel safe
security definer set search_path = pg_catalog, public, pg_temp as $body$
begin
  {body}
end $body$"""

_PERSON = """return (select case when said ~ '^[0-9]+$' then said::bigint end
    from current_setting('pug.person', true) said);"""

#: Her grants that count today, of the roles that may see, while her account is open.
_LIVE = """accounts_grant g join accounts_user u on u.id = g.user_id
    where g.user_id = public.pug_person() and u.is_active and g.revoked_at is null
    and g.role in ({roles}) and g.valid_from <= {today}
    and (g.valid_until is null or g.valid_until >= {today})"""

_EVERYTHING = """return coalesce(current_setting('pug.person', true) = '{portal}', false)
    or exists (select from {live} and g.village_id is null and g.district_id is null
    and g.regency_id is null and g.opd_id is null);"""

_VILLAGES = """return query
  with live as (select g.village_id, g.district_id, coalesce(g.regency_id, o.regency_id) regency_id
    from accounts_grant g join accounts_user u on u.id = g.user_id
    left join villages_opd o on o.id = g.opd_id
    where {conditions})
  select village_id from live where village_id is not null
  union select v.id from live join villages_village v on v.district_id = live.district_id
  union select v.id from live join villages_district d on d.regency_id = live.regency_id
    join villages_village v on v.district_id = d.id;"""

_SIGHT: Final = "(select pug_sees_everything())"
_PORTAL: Final = f"(select current_setting('pug.person', true) = '{PORTAL}')"


def of_village(column: str = "village_id") -> str:
    """Rows of the villages she sees."""
    return f"{_SIGHT} or {column} in (select pug_villages())"


def of_person(column: str) -> str:
    """Rows that are her own: whoever sees every village does not see them."""
    return f"{_PORTAL} or {column} = (select pug_person())"


def of_parent(key: str, column: str) -> str:
    """Rows of what she sees in another table, which has a policy of its own. Both are columns with
    their tables: "programs_activity.uid", "programs_photo.activity_id"."""
    return f"{_PORTAL} or exists (select from {key.partition('.')[0]} where {key} = {column})"


def either(*conditions: str) -> str:
    return " or ".join(f"({one})" for one in conditions)


def policies() -> dict[str, str]:
    """The condition of each guarded table, of all apps."""
    found: dict[str, str] = {}
    for name in settings.ROW_SECURITY:
        found |= import_string(name)
    return found


def functions() -> Iterator[str]:
    """What the conditions call; for pug_app alone."""
    roles = ", ".join(f"'{role}'" for role in sorted(roles_with("view")))
    today = f"(now() at time zone '{settings.TIME_ZONE}')::date"
    live = _LIVE.format(roles=roles, today=today)
    conditions = live.partition("where ")[2]
    bodies = {
        "pug_person()": ("bigint", _PERSON),
        "pug_sees_everything()": ("boolean", _EVERYTHING.format(live=live, portal=PORTAL)),
        "pug_villages()": ("setof bigint", _VILLAGES.format(conditions=conditions)),
    }
    for name, (returns, body) in bodies.items():
        yield _FUNCTION.format(name=name, returns=returns, body=body)
        yield f"revoke all on function {name} from public"
        yield f"grant execute on function {name} to {APP}"


def guards() -> Iterator[str]:
    """Row-level security of the tables that are not yet guarded so; of no other any more."""
    wanted = {table: _policies_of(table, rule) for table, rule in policies().items()}
    standing = _standing()
    for table in sorted(standing.keys() - wanted.keys()):
        yield from _dropped(table)
        yield f"alter table {table} disable row level security"
    for table, statements in sorted(wanted.items()):
        mark = _mark(statements)
        if standing.get(table) == mark:
            continue  # nobody has to wait for a lock on a table where nothing changes
        yield from _dropped(table)
        yield from statements
        yield f"alter table {table} enable row level security"
        yield f"comment on policy pug_app_rows on {table} is '{mark}'"


def _policies_of(table: str, rule: str) -> list[str]:
    return [
        f"create policy {APP}_rows on {table} to {APP} using ({rule}) with check ({rule})",
        f"create policy {READ}_rows on {table} for select to {READ} using (true)",
    ]


def _mark(statements: list[str]) -> str:
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()[:16]


def _dropped(table: str) -> Iterator[str]:
    yield from (f"drop policy if exists {role}_rows on {table}" for role in (APP, READ))


def _standing() -> dict[str, str]:
    """The guarded tables with the mark of the rule they have now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, coalesce(obj_description(p.oid, 'pg_policy'), '')"
            " from pg_class c left join pg_policy p on p.polrelid = c.oid and p.polname = %s"
            " where c.relrowsecurity and c.relnamespace = 'public'::regnamespace",
            [f"{APP}_rows"],
        )
        return dict(cursor.fetchall())
