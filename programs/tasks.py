"""Work for the background worker."""

from django.core.management import call_command
from django_tasks import task


@task()
def check_rollups() -> None:
    """Recount everything and note the result for /readyz/; a difference fails the task."""
    call_command("rebuild_rollups", check=True)
