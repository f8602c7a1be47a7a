"""`manage.py add_person USER --name … --role … --area CODE`: the first officer of a new portal."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.capabilities import Role
from accounts.services import GrantDraft, add_person
from core.errors import Refused
from villages.models import District, Level, Regency, Village, level_of


class Command(BaseCommand):
    help = "Add a person with one grant; prints her start password, good for 72 hours."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument(
            "--area", help="Kemendagri code; without it the grant covers everything"
        )

    def handle(self, *args, username, name, role, area, **options):
        draft = GrantDraft(role, self._area(area), timezone.localdate())
        try:
            made = add_person(username=username, name=name, grants=[draft], actor=None)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(made.start_password)
        self.stderr.write(f"{made.person.username}: replace this password within 72 hours.")

    @staticmethod
    def _area(code):
        if code is None:
            return None
        kinds = {Level.REGENCY: Regency, Level.DISTRICT: District, Level.VILLAGE: Village}
        kind = kinds.get(level_of(code))
        found = kind and kind.objects.filter(code=code).first()
        if not found:
            raise CommandError(f"No regency, district or village has the code {code!r}.")
        return found
