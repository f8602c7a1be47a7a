"""maintenance on|off: close the portal for a while, with a page that says until when."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import maintenance


class Command(BaseCommand):
    help = "Close the portal for planned work (on), or open it again (off). Needs no database."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("what", choices=["on", "off", "show"])
        parser.add_argument(
            "--minutes", type=int, default=15, help="how long it is planned to last"
        )
        parser.add_argument("--why", default="", help="a sentence for everybody, in Indonesian")

    def handle(self, *, what: str, minutes: int, why: str, **options):
        if not 1 <= minutes <= 24 * 60:
            raise CommandError("--minutes: from 1 to 1440.")
        if what == "on":
            maintenance.close(timezone.now() + timedelta(minutes=minutes), why.strip()[:200])
        elif what == "off" and not maintenance.open_again():
            self.stdout.write("The portal was open already.")
            return
        self.stdout.write(_told())


def _told() -> str:
    announced = maintenance.closure()
    if announced is None:
        return "The portal is open."
    until = timezone.localtime(announced.until)
    return (
        f"The portal is closed, as planned until {until:%H:%M}. Open it: manage.py maintenance off"
    )
