"""Lists of this app that come in as sheets (settings.INTAKES)."""

from programs.intake import Intake

from .intake_cards import ASSESSMENTS
from .intake_indices import INDICES, POPULATION
from .intake_seats import SEATS

ALL: tuple[Intake, ...] = (INDICES, POPULATION, SEATS, ASSESSMENTS)
