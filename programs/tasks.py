"""Work for the background worker."""

from uuid import UUID

from django.core.management import call_command
from django_tasks import task

from .services import importing


@task()
def check_rollups() -> None:
    """Recount everything and note the result for /readyz/; a difference fails the task."""
    call_command("rebuild_rollups", check=True)


@task()
def judge_sheet(uid: str) -> None:
    """Judge a sheet that somebody sent in; safe to run beside itself, and again."""
    importing.work(UUID(uid))
