"""`manage.py secure_database`: rights of the database's roles, after every `manage.py migrate`."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from accounts import row_security
from core import database_roles


class Command(BaseCommand):
    help = "Give each role of the PostgreSQL its rights. Run it as the owner, after migrate."

    def handle(self, *args, **options):
        if connection.vendor != "postgresql":
            self.stdout.write("SQLite has no roles: nothing to do; guard the file instead.")
            return
        if missing := database_roles.missing():
            raise CommandError(
                f"Roles are missing: {', '.join(missing)}. Run deploy/database/roles.sql first."
            )
        statements = [*database_roles.grants(), *row_security.functions(), *row_security.guards()]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '5s'")
            for statement in statements:
                cursor.execute(statement)
        roles, tables = len(database_roles.ALL), len(row_security.policies())
        self.stdout.write(f"Rights of {roles} roles stand; rows of {tables} tables are guarded.")
