"""Records made by the million for measuring stand exactly as a recount finds them."""

import pytest
from django.core.management import CommandError, call_command

from programs.models import Activity, ProgramVillageMonth, Submission, VillagePeriod
from programs.rollups import differences
from tests import make
from villages.models import Village

pytestmark = pytest.mark.django_db


def load(**options):
    call_command("seed_load", villages=3, activities=120, years=2, verbosity=0, **options)


@pytest.fixture
def villages():
    codes = [f"64.01.04.20{number:02d}" for number in range(2, 6)]
    return [make.village(code, f"Desa {code[-2:]}") for code in codes]


@pytest.mark.usefixtures("villages")
def test_the_read_models_are_those_of_the_facts():
    load()

    assert Activity.objects.count() == Submission.objects.count() == 120
    assert ProgramVillageMonth.objects.exists()
    assert VillagePeriod.objects.filter(semester=0, basis="verified").exists()
    assert list(differences(list(Village.objects.values_list("pk", flat=True)))) == []
    assert Activity.objects.values("village").distinct().count() == 3


def test_never_beside_other_records():
    make.activity(make.program(make.village()))
    with pytest.raises(CommandError, match="empty portal"):
        load()


def test_needs_villages():
    with pytest.raises(CommandError, match="import_wilayah"):
        load()
