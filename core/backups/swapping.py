"""The new database takes the place of the old one, which stays under another name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from . import aiming, postgres, sqlite
from .trouble import Trouble

_OTHERS = "select count(*) from pg_stat_activity where datname = %s and pid <> pg_backend_pid()"
_CREATE = "create database {} with template template0 encoding 'UTF8'"
#: Rights on the database itself are no part of a dump: they go over by hand.
_RIGHTS = """
select format('grant %%s on database %%s to %%s', privilege_type, %s,
              case grantee when 0 then 'public' else quote_ident(grantee::regrole::text) end)
  from pg_database, aclexplode(datacl) where datname = %s and grantee <> datdba
union all
select format('revoke all on database %%s from public', %s) from pg_database
 where datname = %s and datacl is not null
   and not exists (select from aclexplode(datacl) where grantee = 0)
union all
select format('alter database %%s owner to %%I', %s, datdba::regrole::text)
  from pg_database where datname = %s
"""


class Target:
    """The place a database is restored to. `new`: settings of the one that is built beside it."""

    new: dict[str, Any]

    def __init__(self, database: Mapping[str, Any], stamp: str):
        self.database, self.stamp = dict(database), stamp
        self.name = str(database["NAME"])

    def tables(self) -> int:
        raise NotImplementedError

    def require_idle(self) -> None:
        raise NotImplementedError

    def begin(self) -> None:
        """An empty place for the new one."""
        raise NotImplementedError

    def drop(self) -> None:
        """After a trouble: nothing of the new one is left."""
        raise NotImplementedError

    def swap(self) -> str:
        """The new one has the name of the old one; what the old one is called now, "" for none."""
        raise NotImplementedError


class PostgresTarget(Target):
    def __init__(self, database: Mapping[str, Any], stamp: str):
        super().__init__(database, stamp)
        self.new = {**self.database, "NAME": f"{self.name}_restoring_{stamp}"[-63:]}
        self.is_there = True

    @contextmanager
    def _beside(self) -> Iterator[Any]:
        """A session in the cluster, in no database that is about to be renamed."""
        with aiming.at({**self.database, "NAME": "template1"}), postgres.session() as cursor:
            yield cursor

    def tables(self) -> int:
        with self._beside() as cursor:
            cursor.execute("select 1 from pg_database where datname = %s", [self.name])
            self.is_there = cursor.fetchone() is not None
        if not self.is_there:
            return 0
        with aiming.at(self.database), postgres.session() as cursor:
            return postgres.table_count(cursor)

    def missing_roles(self, roles: list[str]) -> list[str]:
        with self._beside() as cursor:
            cursor.execute("select rolname from pg_roles where rolname = any(%s)", [roles])
            found = {name for (name,) in cursor.fetchall()}
        return [role for role in roles if role not in found]

    def require_idle(self) -> None:
        with self._beside() as cursor:
            cursor.execute(_OTHERS, [self.name])
            others = cursor.fetchone()[0]
            cursor.execute(
                "select rolsuper or rolcreatedb from pg_roles where rolname = current_user"
            )
            may_create = cursor.fetchone()[0]
        if others:
            raise Trouble(
                f"Other sessions are open on {self.name} ({others}): stop the portal first"
            )
        if not may_create:
            raise Trouble(
                "This role may not create a database: restore as a superuser of PostgreSQL"
            )

    def begin(self) -> None:
        with self._beside() as cursor:
            cursor.execute(_CREATE.format(_quoted(self.new["NAME"])))

    def drop(self) -> None:
        with suppress(Exception), self._beside() as cursor:
            cursor.execute(f"drop database if exists {_quoted(self.new['NAME'])}")

    def swap(self) -> str:
        old = f"{self.name}_before_{self.stamp}"[-63:]
        new, name, aside = map(_quoted, (self.new["NAME"], self.name, old))
        with self._beside() as cursor:
            if not self.is_there:
                cursor.execute(f"alter database {new} rename to {name}")
                return ""
            cursor.execute(_RIGHTS, [new, self.name, new, self.name, new, self.name])
            for (statement,) in cursor.fetchall():
                cursor.execute(statement)
            cursor.execute("begin")
            cursor.execute(f"alter database {name} rename to {aside}")
            cursor.execute(f"alter database {new} rename to {name}")
            cursor.execute("commit")
        return old


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


class SqliteTarget(Target):
    def __init__(self, database: Mapping[str, Any], stamp: str):
        super().__init__(database, stamp)
        self.path = Path(self.name)
        self.fresh = self.path.with_name(f".{self.path.name}.restoring")
        self.new = {**self.database, "NAME": str(self.fresh)}

    def tables(self) -> int:
        return sqlite.tables_in(self.path)

    def require_idle(self) -> None:
        if self.path.exists():
            sqlite.require_idle(self.path)

    def begin(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.drop()

    def drop(self) -> None:
        for ending in ("", *sqlite.BESIDE):
            Path(f"{self.fresh}{ending}").unlink(missing_ok=True)

    def swap(self) -> str:
        sqlite.settle(self.fresh)
        old = Path(f"{self.path}.before_{self.stamp}") if self.path.exists() else None
        for ending in ("", *sqlite.BESIDE):
            if old and Path(f"{self.path}{ending}").exists():
                Path(f"{self.path}{ending}").rename(f"{old}{ending}")
        self.fresh.replace(self.path)
        return str(old) if old else ""


def target_of(database: Mapping[str, Any], stamp: str) -> Target:
    kind = PostgresTarget if database["ENGINE"].endswith("postgresql") else SqliteTarget
    return kind(database, stamp)
