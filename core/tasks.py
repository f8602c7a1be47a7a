"""The background worker says that it lives, whenever the keeper of duties asks it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from .marks import mark

ASKED = timedelta(minutes=5)  # between two questions
_KEPT = timedelta(hours=1)


@task()
def answer() -> None:
    """Done by the worker: it lives, and its tasks get their turn."""
    mark("worker")


def ask_the_worker() -> float:
    """A duty. Not before the last question was answered: a worker that stood still finds one
    question, not hundreds."""
    asked = DBTaskResult.objects.filter(task_path=answer.module_path)
    if not asked.filter(finished_at=None).exists():
        asked.filter(finished_at__lt=timezone.now() - _KEPT).delete()
        answer.enqueue()
    return ASKED.total_seconds()
