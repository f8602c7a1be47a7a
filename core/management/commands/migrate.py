"""migrate, beside people who work: it never makes them wait long for a lock."""

from __future__ import annotations

from django.core.management.commands import migrate

from core.patience import patiently


class Command(migrate.Command):
    def handle(self, *args, **options):
        patiently(
            options["database"], lambda: super(Command, self).handle(*args, **options), self.stdout
        )
