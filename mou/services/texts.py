"""Texts of one line in their plain form, as they stand in lists, cells and subjects of letters."""

from __future__ import annotations

from typing import Any

from django.db import models

from core.formats import one_line


def tidy(*rows: Any) -> None:
    """Every text of one line that the rows hold; words of a vocabulary and long texts stay."""
    for row in rows:
        for field in row._meta.concrete_fields:
            if isinstance(field, models.CharField) and not field.choices:
                setattr(row, field.attname, one_line(getattr(row, field.attname)))
