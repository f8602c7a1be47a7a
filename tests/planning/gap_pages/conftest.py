"""An office, its focal point, a program with one verified activity, and its analysis begun."""

import pytest

from planning.services.analyses import start_analysis
from tests import make


@pytest.fixture
def office():
    return make.opd()


@pytest.fixture
def planner(office):
    """The focal point of the office."""
    return make.person("opd_focal_point", opd=office)


@pytest.fixture
def program(office):
    return make.program(make.village(), owner_opd=office, title="Kelas ibu hamil", goal="Ibu sehat")


@pytest.fixture
def counted(program):
    """One verified activity: 19 women, 24 men."""
    return make.activity(program, verified_by=make.officer())


@pytest.fixture
def analysis(program, planner, counted):
    return start_analysis(program, actor=planner, year=2026)
