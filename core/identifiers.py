"""Identifiers made on this side; the phone and the REST client make their own."""

import secrets
import time
import uuid

from django.db import models


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562): new rows land beside each other in the index."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 2 << 62)


class TransactionId(models.Func):
    """The number of the writing transaction; 0 where only one can write at a time (SQLite)."""

    template = "0"
    arity = 0
    output_field = models.BigIntegerField()

    def as_postgresql(self, compiler, connection):
        return "(pg_current_xact_id()::text::bigint)", ()
