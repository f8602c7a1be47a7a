"""Django's admin is for reference data: what other packages bring along is not in it."""

from django.contrib.admin.sites import site


def test_admin_knows_reference_data_only():
    assert {model._meta.app_label for model in site._registry} == {"villages", "programs"}
