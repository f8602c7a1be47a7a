"""What a backup says about itself: one sealed JSON, which nobody reads without the key.

Its own sum, and that of everything beside it, stands in SHA256SUMS for whoever has no key.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from . import places, sealing
from .digests import Digest, Digests
from .sealing import Sealed
from .trouble import Trouble

FORMAT = 1


@dataclass(frozen=True)
class Filed:
    """A photo or document: its path below the media folder, SHA-256, bytes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """kind: "set" (database and media) or "base" (a cluster); moments in ISO 8601, UTC."""

    kind: str
    made_at: str
    release: str
    vendor: str
    version: str  # of the database's program
    parts: dict[str, Sealed]
    tables: Digests = field(default_factory=dict)
    migrations: list[tuple[str, str]] = field(default_factory=list)
    media: list[Filed] = field(default_factory=list)
    audit_head: str = ""
    owner: str = ""  # of the tables, on PostgreSQL; of a cluster its first superuser
    database: str = ""  # the portal's in a cluster
    roles: list[str] = field(default_factory=list)  # that its policies name
    format: int = FORMAT

    def write(self, folder: Path, keys: Path) -> str:
        """Seal it into the set's folder; the sum of the sealed file."""
        text = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))
        return sealing.seal([text.encode()], folder / places.MANIFEST, keys).sha256


def release() -> str:
    """The version of this code, for people; what fits is told by migrations."""
    text = (Path(settings.BASE_DIR) / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def read(folder: Path, identities: Sequence[Path]) -> Manifest:
    """The manifest of a set. Trouble: wrong key, damaged, or of a format not known here."""
    whole = b"".join(sealing.opened(folder / places.MANIFEST, identities))
    try:
        said = json.loads(whole)
        if said["format"] != FORMAT:
            raise Trouble(
                f"The backup has format {said['format']}, this release reads {FORMAT}: "
                f"restore it with release {said['release']}"
            )
        return _made_of(said)
    except (ValueError, KeyError, TypeError) as reason:
        raise Trouble(f"The manifest in {folder} cannot be understood") from reason


def _made_of(said: dict[str, Any]) -> Manifest:
    media = [Filed(**one) for one in said.pop("media")]
    for one in media:
        path = PurePosixPath(one.path)
        if path.is_absolute() or ".." in path.parts or not one.path:
            raise Trouble(f"The manifest names a file outside the media folder: {one.path}")
    # A named tuple comes back from JSON as a list.
    return Manifest(
        **{
            **said,
            "media": media,
            "parts": {name: Sealed(*one) for name, one in said["parts"].items()},
            "tables": {name: Digest(*one) for name, one in said["tables"].items()},
            "migrations": [(app, name) for app, name in said["migrations"]],
        }
    )


def require_known(manifest: Manifest) -> None:
    """Trouble where the backup's tables were shaped by migrations that this code does not have."""
    here = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    ours = {config.label for config in apps.get_app_configs()}
    unknown = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in here]
    gone = sorted({app for app, _name in manifest.migrations} - ours)
    if unknown:
        raise Trouble(
            f"The backup was made by a newer release ({manifest.release}; here {release()}): has "
            f"{unknown[0]}{' and the app ' + gone[0] if gone else ''}. Install that release first"
        )
