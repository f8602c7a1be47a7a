"""Queries that are asked at every record, with other keys each time: composed once.

Django composes the text of a query whenever it is asked; of a wide one that takes longer than the
database needs for its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import CharField, Field, IntegerField, Model, QuerySet, UUIDField

M = TypeVar("M", bound=Model)

#: So many keys of one column; with more, composing is the least of it.
MOST = 32
_FIELDS: dict[type, Field[Any, Any]] = {UUID: UUIDField(), int: IntegerField(), str: CharField()}
#: Stand-ins that no query holds of its own, within the smallest column of whole numbers.
_STANDS: dict[type, Callable[[int], Any]] = {
    UUID: lambda number: UUID(int=(0x5EED << 100) + number),
    int: lambda number: 32_000 + number,
    str: lambda number: f"\x7f stand-in {number}",
}


@dataclass(frozen=True)
class _Text:
    """One query as text: its parameters (or the place of a key among all keys), how to read it."""

    sql: str
    params: list[Any]
    places: list[tuple[int, int]]
    names: list[str]
    converters: dict[int, Any]

    def ask(self, keys: list[Any]) -> Iterator[dict[str, Any]]:
        params = list(self.params)
        for at, place in self.places:
            params[at] = keys[place]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        for row in rows:
            found = dict(zip(self.names, row, strict=True))
            for at, (turns, expression) in self.converters.items():
                for turn in turns:
                    found[self.names[at]] = turn(found[self.names[at]], expression, connection)
            yield found


class Compiled:
    """`make(**keys)` is a query by `values()`; each of `keys` are the whole numbers, UUIDs or
    texts that one column may hold (`<name>__in`). The query must depend on nothing else."""

    def __init__(self, make: Callable[..., QuerySet[Any, Any]]):
        self._make = make
        self._known: dict[tuple, _Text] = {}

    def __call__(self, **keys: Collection[Any]) -> list[dict[str, Any]]:
        """The rows of the query for these keys."""
        given = {name: list(some) for name, some in keys.items()}
        if not all(0 < len(some) <= MOST and type(some[0]) in _FIELDS for some in given.values()):
            return list(self._make(**given))
        filled = {name: _filled(some) for name, some in given.items()}
        shape = connection.vendor, *((name, len(some)) for name, some in filled.items())
        if shape not in self._known:
            self._known[shape] = self._compose(filled)
        flat = [_stored(key) for some in filled.values() for key in some]
        return list(self._known[shape].ask(flat))

    def _compose(self, filled: dict[str, list[Any]]) -> _Text:
        number, stands = 0, {}
        for name, some in filled.items():
            stand = _STANDS[type(some[0])]
            stands[name] = [stand(number + at) for at in range(len(some))]
            number += len(some)
        compiler = self._make(**stands).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        order = {_stored(one): at for at, one in enumerate(sum(stands.values(), []))}
        query = compiler.query
        return _Text(
            sql,
            list(params),
            [(at, order[one]) for at, one in enumerate(params) if one in order],
            list(query.selected or [*query.values_select, *query.annotation_select]),
            compiler.get_converters([one[0] for one in compiler.select]),
        )


def columns_of(model: type[Model], path: str = "") -> list[str]:
    """All columns of a model for `values()`, reached by `path` ("user__")."""
    return [path + field.attname for field in model._meta.concrete_fields]


def made(model: type[M], row: dict[str, Any], path: str = "") -> M:
    """The row of `columns_of` as if it had been read by itself."""
    names = columns_of(model)
    return model.from_db(connection.alias, names, [row[path + name] for name in names])


def _filled(keys: list[Any]) -> list[Any]:
    """The last key repeated up to 1, 2, 4 … keys: so few texts serve any number of them."""
    size = 1 << (len(keys) - 1).bit_length()
    return keys + keys[-1:] * (size - len(keys))


def _stored(key: Any) -> Any:
    return _FIELDS[type(key)].get_db_prep_value(key, connection)
