from django.apps import AppConfig


class MigratingConfig(AppConfig):
    name = "tests.core.migrating"
    label = "migrating"
