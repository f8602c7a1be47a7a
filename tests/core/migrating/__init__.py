"""An app for tests of `manage.py migrate` under load: it stands in no settings."""
