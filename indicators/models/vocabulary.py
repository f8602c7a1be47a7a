"""The words of seats, scorecards and indices (domain.md 3.6, 5, 6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewState(models.TextChoices):
    """Where what a village says of itself stands; the same way as a record of an activity."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for review")
    RETURNED = "returned", _("Needs correction")
    VERIFIED = "verified", _("Verified")


#: What counts on boards, and what its writer may still change.
SENT_STATES = (ReviewState.SUBMITTED, ReviewState.VERIFIED)
OPEN_STATES = (ReviewState.DRAFT, ReviewState.RETURNED)


class ReviewKind(models.TextChoices):
    SAVED = "saved", _("Saved")
    SUBMITTED = "submitted", _("Sent in")
    RETURNED = "returned", _("Returned")
    VERIFIED = "verified", _("Verified")
    REOPENED = "reopened", _("Opened again")


class Seat(models.TextChoices):
    """Where people decide in a village: bodies (members) and meetings (people present)."""

    BPD = "bpd", _("BPD (village council)")
    OFFICIALS = "officials", _("Village officials")
    RPJMDES_TEAM = "rpjmdes_team", _("RPJMDes drafting team")
    RKPDES_TEAM = "rkpdes_team", _("RKPDes drafting team")
    MUSDES = "musdes", _("Musdes, people present")
    MUSRENBANG = "musrenbang", _("Musrenbang, people present")
    PKK = "pkk", _("PKK board")
    KARANG_TARUNA = "karang_taruna", _("Karang Taruna board")
    LPM = "lpm", _("LPM board")
    RT_HEADS = "rt_heads", _("Heads of RT")
    CUSTOMARY = "customary", _("Customary body")
    BUMDES = "bumdes", _("BUM Desa board")
    TPK = "tpk", _("TPK (activity teams)")
    KPMD = "kpmd", _("KPMD (village cadres)")


#: Meetings: people present, not seats.
MEETINGS = (Seat.MUSDES, Seat.MUSRENBANG)
#: Village community institutions (LKD).
COMMUNITY = (Seat.PKK, Seat.KARANG_TARUNA, Seat.LPM, Seat.RT_HEADS)
#: At least one woman by rule: Permendagri 110/2016 (BPD), 114/2014 (RPJMDes team; RKPDes likewise).
ONE_WOMAN = (Seat.BPD, Seat.RPJMDES_TEAM, Seat.RKPDES_TEAM)
#: 30 % as the target of SDGs Desa 5, a policy and no sanctioned law.
THIRTY_PERCENT = (Seat.BPD, Seat.OFFICIALS, Seat.MUSDES, Seat.MUSRENBANG)


class ProposalStage(models.TextChoices):
    """How far proposals of women came, from the meeting to the money spent."""

    RAISED = "raised", _("Raised")
    RKPDES = "rkpdes", _("In the RKPDes")
    APBDES = "apbdes", _("In the APBDes")
    EXECUTED = "executed", _("Carried out")


class Sex(models.TextChoices):
    FEMALE = "f", _("Woman")
    MALE = "m", _("Man")


class ItemKind(models.TextChoices):
    """How an item of an instrument is answered."""

    STATE = "state", _("Fulfilled, partly, not yet")
    PERCENT = "percent", _("Percent")
    NUMBER = "number", _("Number")
    RUPIAH = "rupiah", _("Rupiah")
    SCORE = "score", _("Score 0–100")


class AnswerState(models.TextChoices):
    MET = "met", _("Fulfilled")
    PARTLY = "partly", _("Partly")
    NOT_MET = "not_met", _("Not yet")
    NO_DATA = "no_data", _("No data")


class Direction(models.TextChoices):
    AT_LEAST = "at_least", _("At least")
    AT_MOST = "at_most", _("At most")


class RevisionState(models.TextChoices):
    FINAL = "final", _("Final")
    PRELIMINARY = "preliminary", _("Preliminary")
    REVISED = "revised", _("Revised since")
    UNKNOWN = "unknown", _("Not said")


class Statement(models.TextChoices):
    """How surely a source gives a value its year."""

    STATED = "stated", _("Value and year stated")
    YEAR_INFERRED = "year_inferred", _("Year inferred")
