"""The words of agreements and institutions (domain.md 7.1, 9)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PartnerKind(models.TextChoices):
    FACILITATORS = "facilitators", _("Village facilitators (TPP)")
    ASSOCIATION = "association", _("Association")
    COLLEGE = "college", _("College or school")
    COMMUNITY = "community", _("Community organisation")
    MEDIA = "media", _("Media")
    BUSINESS = "business", _("Business")
    MINISTRY = "ministry", _("Central government")
    REGION = "region", _("Another regional government")
    OTHER = "other", _("Other")


class MemberKind(models.TextChoices):
    """In which position somebody works for the partner."""

    TAPM = "tapm", _("TAPM (expert staff)")
    PD = "pd", _("PD (district facilitator)")
    PLD = "pld", _("PLD (local village facilitator)")
    MEMBER = "member", _("Member")


#: Positions of village facilitators, whose places of work are grants.
FACILITATORS = (MemberKind.TAPM, MemberKind.PD, MemberKind.PLD)


class AgreementForm(models.TextChoices):
    """PP 28/2018 and Permendagri 22/2020 (domain.md 9.2)."""

    SYNERGY = "synergy", _("Nota kesepakatan sinergi (with central government)")
    JOINT = "joint", _("Kesepakatan bersama")
    COOPERATION = "cooperation", _("Perjanjian kerja sama (PKS)")
    MOU = "mou", _("Other memorandum of understanding")
    COMMITMENT = "commitment", _("Commitment")


class Standing(models.TextChoices):
    """Where an agreement stands on a day; never stored (standing.py)."""

    DRAFT = "draft", _("Draft")
    UPCOMING = "upcoming", _("Not yet begun")
    ACTIVE = "active", _("Active")
    ENDING = "ending", _("Ends soon")
    ENDED = "ended", _("Ended")
    RENEWED = "renewed", _("Renewed")
    TERMINATED = "terminated", _("Terminated")
    CANCELLED = "cancelled", _("Cancelled")


class DutyMeasure(models.TextChoices):
    """What tells how far a duty has come."""

    HAND = "hand", _("Entered by hand")
    ACTIVITIES = "activities", _("Activities logged by the partner's people")
    VILLAGES = "villages", _("Villages reached by the partner's people")
    WOMEN = "women", _("Women present at these activities")


class FileKind(models.TextChoices):
    AGREEMENT = "agreement", _("Signed agreement")
    ANNEX = "annex", _("Annex or work plan")
    ADDENDUM = "addendum", _("Addendum")
    TERMINATION = "termination", _("Letter of termination")
    EVALUATION = "evaluation", _("Evaluation report")
    DECREE = "decree", _("Decree (SK)")
    CERTIFICATE = "certificate", _("Certificate")


class BodyKind(models.TextChoices):
    WORKING_GROUP = "working_group", _("Pokja PUG")
    DRIVER = "driver", _("Driver team (tim driver)")
    TECHNICAL = "technical", _("Technical team (tim teknis)")
    FOCAL_POINT = "focal_point", _("Focal point of an office")
    DISTRICT = "district", _("Contact of a district")


class Position(models.TextChoices):
    CHAIR = "chair", _("Chair")
    DEPUTY = "deputy", _("Deputy chair")
    SECRETARY = "secretary", _("Secretary")
    MEMBER = "member", _("Member")
    FOCAL_POINT = "focal_point", _("Focal point")


class Sex(models.TextChoices):
    FEMALE = "f", _("Woman")
    MALE = "m", _("Man")
