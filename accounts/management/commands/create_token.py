"""`manage.py create_token USER`: a key for one tool, printed once."""

from django.core.management.base import BaseCommand, CommandError

from accounts.models import ApiToken, User
from accounts.services import LONGEST_KEY_LIFE, create_token
from core.errors import Refused


class Command(BaseCommand):
    help = "Make an API key for a person and print it. It cannot be shown again."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", default="command line", help="what the key is for")
        parser.add_argument(
            "--scopes",
            nargs="+",
            choices=ApiToken.Scope.values,
            default=ApiToken.Scope.values,
            help="what the key may do (default: everything its person may)",
        )
        parser.add_argument("--days", type=int, default=180, help=f"1 to {LONGEST_KEY_LIFE}")

    def handle(self, *args, username, name, scopes, days, **options):
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {username!r}.")
        try:
            made = create_token(person, name=name, scopes=scopes, days=days, actor=None)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(made.key)
        self.stderr.write(f"{username}: {' '.join(scopes)}, until {made.token.expires_on}.")
