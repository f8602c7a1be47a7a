"""What waits to be put right and is no activity: the apps above say it (settings.HOME_TASKS)."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

#: What to read and where it leads.
Task = tuple[str, str]


def tasks_of(user) -> list[Task]:
    return [task for name in settings.HOME_TASKS for task in import_string(name)(user)]
