"""manage.py seed_demo: the demo accounts and a year of invented records for Paser."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from dashboards.demo import people
from dashboards.demo.seed import REGENCY, seed
from programs.models import ActivityCode
from villages.models import AreaShape, District, Opd, Village


class Command(BaseCommand):
    help = "Load demo accounts, reported activities and an invented year. Safe to run twice."

    def add_arguments(self, parser):
        parser.add_argument(
            "--districts",
            nargs="+",
            default=[],
            metavar="CODE",
            help="only these, such as 64.01.04",
        )

    def handle(self, *, districts, **options):
        if not settings.PUG_DEMO:
            raise CommandError(
                "Demo accounts have a public password and invented records do not belong among "
                "real ones. Set PUG_DEMO=1 on a copy that is for trying out only."
            )
        if settings.PUG_REGENCY != REGENCY:
            raise CommandError(
                f"The demonstration tells of Kabupaten Paser ({REGENCY}), "
                f"but PUG_REGENCY is {settings.PUG_REGENCY}."
            )
        self._reference()
        self._check(districts)
        seed(now=timezone.now(), say=self._say, districts=districts, progress=self._progress)
        self._token()

    def _reference(self) -> None:
        """Areas, offices, codes and outlines, where they are missing."""
        villages = Village.objects.under(REGENCY)
        if not villages.exists() or not Opd.objects.filter(regency__code=REGENCY).exists():
            call_command("import_wilayah", regency=REGENCY, stdout=self.stdout)
        if not ActivityCode.objects.exists():
            call_command("import_activity_codes", stdout=self.stdout)
        if not AreaShape.objects.of_villages(villages).exists():
            call_command("build_schematic_map", regency=REGENCY, stdout=self.stdout)

        call_command("import_indicators", stdout=self.stdout)

    def _check(self, districts: list[str]) -> None:
        known = set(District.objects.filter(regency__code=REGENCY).values_list("code", flat=True))
        if unknown := sorted(set(districts) - known):
            raise CommandError(f"Not a district of {REGENCY}: {', '.join(unknown)}.")

    def _token(self) -> None:
        file = settings.VAR_DIR / "demo_token.txt"
        person = User.objects.get(username="pendamping")
        key = people.ensure_token(person, file, timezone.localdate())
        self._say("API key of pendamping", f"{key} (also in {file.name} of the data folder)")

    def _say(self, what: str, how: str) -> None:
        self.stdout.write(f"{what}: {how}")

    def _progress(self, done: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,} activities", ending="")
