"""What tests of closed figures ask again and again."""

import pytest

from core.errors import Refused
from programs.models import Snapshot
from programs.periods import Period
from programs.services import close_period
from tests import make
from villages.models import Village

QUARTER = Period(2026, "quarter", 1)
YEAR = Period(2025)


def everywhere():
    return Village.objects.under("64.01")


def closed(officer, period=QUARTER) -> Snapshot:
    return close_period(make.regency(), period, actor=officer)


def women(figures) -> int:
    return figures.total.heads["women_participants"]


def refusal_of(call, *args, **values) -> str:
    with pytest.raises(Refused) as refusal:
        call(*args, **values)
    return refusal.value.code
