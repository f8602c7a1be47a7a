"""Lists of this app that come in as sheets (settings.INTAKES)."""

from programs.intake import Intake

from .intake_agreements import AGREEMENTS, PARTNERS
from .intake_duties import OBLIGATIONS
from .intake_facilitators import FACILITATORS
from .intake_institutions import BODIES, TRAININGS

ALL: tuple[Intake, ...] = (PARTNERS, AGREEMENTS, OBLIGATIONS, BODIES, TRAININGS, FACILITATORS)
