"""`manage.py revoke_token LOOKUP` or `--user NAME`: a key that leaked stops working at once."""

from django.core.management.base import BaseCommand, CommandError

from accounts.models import ApiToken, User
from accounts.services import revoke_all, revoke_token


class Command(BaseCommand):
    help = "Withdraw one API key, or every key of one person."

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("lookup", nargs="?", help="the 8 signs of the key after pug_")
        which.add_argument("--user", help="every key of this person")

    def handle(self, *args, lookup, user, **options):
        count = self._all_of(user) if user else self._one(lookup)
        self.stdout.write(f"{count} withdrawn.")

    @staticmethod
    def _one(lookup: str) -> int:
        token = ApiToken.objects.filter(lookup=lookup).first()
        if token is None:
            raise CommandError(f"No key begins with pug_{lookup}.")
        revoke_token(token, actor=None)
        return 1

    @staticmethod
    def _all_of(username: str) -> int:
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {username!r}.")
        return revoke_all(person, actor=None)
