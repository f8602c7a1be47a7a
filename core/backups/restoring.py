"""A set becomes a database and a media folder again, or nothing at all has changed."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.utils.module_loading import import_string

from core import chain_check, database_roles

from . import aiming, digests, manifest, media, places, postgres, sealing, sqlite
from .digests import Digests
from .manifest import Manifest
from .places import Place
from .swapping import PostgresTarget, Target, target_of
from .taking import DATABASE
from .trouble import Trouble

Say = Callable[[str], None]
#: What has to hold in a restored portal, beside the audit chain; it exits with 1 when it does not.
_CHECKS = {"rebuild_rollups": ["--check"]}


@dataclass
class Order:
    """What is wanted. `media_root`: where the files go; None: they are only looked through."""

    folder: Path
    identities: Sequence[Path]
    database: dict[str, Any]
    media_root: Path | None
    stamp: str
    may_replace: Callable[[str], bool]  # asked with the name of a database that is not empty
    say: Say
    began: float = field(default_factory=monotonic)

    @property
    def place(self) -> Place:
        return Place(self.folder.parent.parent)


def set_of(folder: Path) -> Path:
    """The set that is meant: itself, or the newest of a place. Trouble where there is none."""
    if (folder / places.SUMS).exists():
        return folder.resolve()
    found = places.listed(Place(folder).sets)
    if not found:
        raise Trouble(f"There is no backup in {folder}")
    return found[-1].resolve()


def verified(order: Order) -> Manifest:
    """The set has proven itself: sums, key, format, release, and that all of it opens.

    Nothing has been touched until here.
    """
    sums = places.check_sums(order.folder)
    found = manifest.read(order.folder, order.identities)
    if found.kind != "set":
        raise Trouble(f"{order.folder.name} is a copy of a cluster: name a time with --to-time")
    for name, part in found.parts.items():
        if sums.get(name) != part.sha256:
            raise Trouble(f"{name} does not belong to this backup (the manifest names another sum)")
        if sealing.unseal(order.folder / name, order.identities) != part.plain_sha256:
            raise Trouble(f"{name} does not hold what was backed up (its sum differs)")
    manifest.require_known(found)
    engine = order.database["ENGINE"].rsplit(".", 1)[-1]
    if found.vendor != ("postgresql" if engine == "postgresql" else "sqlite"):
        raise Trouble(f"The backup is of {found.vendor}, the database to restore to is not")
    media.require_all(found.media, order.place)
    return found


def restore(order: Order) -> str:
    """The database and the files are what they were; the name of what was there before, or "".

    Built beside the old one, compared with the manifest, looked through by the portal's own
    checks, and only then put in its place.
    """
    found = verified(order)
    order.say(f"{order.folder.name} is whole: release {found.release}, {len(found.tables)} tables")
    target = target_of(order.database, order.stamp)
    _allow(order, target, found)
    files = _room_for_media(order)
    try:
        _unpack(order, found, files)
        target.begin()
        _build(order, found, target)
        return _swap(order, target, files)
    except BaseException:
        target.drop()
        shutil.rmtree(files, ignore_errors=True)
        raise
    finally:
        if order.media_root is None:
            shutil.rmtree(files, ignore_errors=True)


def _allow(order: Order, target: Target, found: Manifest) -> None:
    if target.tables() and not order.may_replace(target.name):
        raise Trouble(f"{target.name} is not empty: nothing was done. See --replace")
    target.require_idle()
    if isinstance(target, PostgresTarget) and (gone := target.missing_roles(found.roles)):
        raise Trouble(f"Roles are missing: {', '.join(gone)}. Run deploy/database/roles.sql first")


def _room_for_media(order: Order) -> Path:
    if order.media_root is None:
        return Path(tempfile.mkdtemp(prefix="pug-media-", dir="/var/tmp"))  # noqa: S108 - mkdtemp
    beside = order.media_root.with_name(f".{order.media_root.name}.restoring-{order.stamp}")
    beside.mkdir(parents=True)
    return beside


def _unpack(order: Order, found: Manifest, files: Path) -> None:
    number, size = media.unpack(found.media, order.place, order.identities, files)
    order.say(f"media: {number} files, {size} bytes, every sum the same")


def _build(order: Order, found: Manifest, target: Target) -> None:
    part = order.folder / DATABASE
    if isinstance(target, PostgresTarget):
        role = "" if target.missing_roles([found.owner]) else found.owner
        _load_postgres(part, order, target, role)
    else:
        sqlite.load(part, order.identities, Path(target.new["NAME"]))
    with aiming.at(target.new):
        compare(found.tables, order.say)
        finish(order.say)


def _secure(say: Say) -> None:
    """Rights are no part of a dump: each role of this cluster gets its own, given by the owner."""
    if connection.vendor != "postgresql":
        return
    if gone := database_roles.missing():
        say(f"  no rights were given: {', '.join(gone)} missing; see deploy/database/roles.sql")
        return
    with _as_owner():
        say(f"  secure_database: {_call('secure_database')}")


@contextmanager
def _as_owner() -> Iterator[None]:
    """Tables that this release adds belong to whom the others belong to, not to the superuser who
    restores: the owner could give nobody a right to them."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        owner, _roles = postgres.owner_and_roles(cursor)
        cursor.execute(f"set role {connection.ops.quote_name(owner)}")
        yield
        cursor.execute("reset role")


def _load_postgres(part: Path, order: Order, target: PostgresTarget, role: str) -> None:
    with aiming.at(target.new), postgres.session() as cursor:
        _said, major = postgres.version(cursor)
        if role:
            cursor.execute(f'grant create on schema public to "{role}"')
            cursor.execute(f'grant create on database "{target.new["NAME"]}" to "{role}"')
    postgres.load(part, order.identities, target.new, major, role)


def compare(wanted: Digests, say: Say) -> None:
    """Each table has the rows it had. Trouble names those that have not."""
    found = digests_here()
    for name in sorted(wanted):
        now = found.get(name)
        word = "same" if now == wanted[name] else "DIFFERS"
        say(f"  {name:<42}{wanted[name].rows:>10}  {wanted[name].sha256[:16]}  {word}")
    if wrong := digests.differences(wanted, found):
        raise Trouble(f"The restored database is not what was backed up: {wrong[0]}")


def digests_here() -> Digests:
    """Of the database that Django is turned to."""
    database = aiming.database_of("")
    if database["ENGINE"].endswith("postgresql"):
        with postgres.moment() as (cursor, _name):
            return digests.of_postgres(cursor)
    return sqlite.digests_of(Path(database["NAME"]))


def finish(say: Say) -> None:
    """The restored portal is brought to this release and looked through by its own checks."""
    with _as_owner():
        _call("migrate", "--no-input", "-v0")
    for name in settings.AFTER_RESTORE:
        import_string(name)()
    for command, words in _CHECKS.items():
        if command in get_commands():
            say(f"  {command}: {_call(command, *words)}")
    say(f"  audit chain: {_chain()} places, all fit")
    _secure(say)


def _chain() -> int:
    """By itself, without the heads written elsewhere: those may be of days that are gone now."""
    found = chain_check.check()
    if not found.sound:
        raise Trouble(f"The audit trail of the backup does not fit: {found.faults[0]}")
    return found.head.position


def _call(command: str, *words: str) -> str:
    """What the command said last. Trouble where it found something."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(command, *words, stdout=out, stderr=err)
    except SystemExit as ended:
        if ended.code:
            said = (err.getvalue() or out.getvalue()).strip().splitlines() or ["no reason given"]
            raise Trouble(f"{command} finds the restored database wrong: {said[0]}") from ended
    return (out.getvalue().strip().splitlines() or ["done"])[-1]


def _swap(order: Order, target: Target, files: Path) -> str:
    """Both or none: the files are put back when the database cannot take its place."""
    root = order.media_root
    if root is None:
        return target.swap()
    before = root.with_name(f"{root.name}.before-{order.stamp}") if root.exists() else None
    if before:
        shutil.copystat(root, files)
        _like(root, files)
        root.rename(before)
    files.rename(root)
    try:
        return target.swap()
    except BaseException:
        root.rename(files)
        if before:
            before.rename(root)
        raise


def _like(root: Path, files: Path) -> None:
    """To whom the old folder belonged, the new one belongs (when root restores)."""
    owner = root.stat()
    for path in (files, *files.rglob("*")):
        if path.stat().st_uid != owner.st_uid:
            os.chown(path, owner.st_uid, owner.st_gid)
