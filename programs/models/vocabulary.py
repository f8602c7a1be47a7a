"""The words a program or an activity may carry; their codes are the API's (api.md section 3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    DATA_COLLECTION = "data_collection", _("Data collection")
    PLANNING = "planning", _("Planning")
    EXECUTION = "execution", _("Execution")
    OVERSIGHT = "oversight", _("Oversight")
    ACCOUNTABILITY = "accountability", _("Accountability")


class Kind(models.TextChoices):
    MEETING = "meeting", _("Meeting")
    TRAINING = "training", _("Training")
    CONSTRUCTION = "construction", _("Construction work")
    DISTRIBUTION = "distribution", _("Aid handed out")
    SERVICE = "service", _("Service")
    DELIBERATION = "deliberation", _("Village deliberation")
    ADMINISTRATION = "administration", _("Administration only")
    OTHER = "other", _("Other")


class CountSource(models.TextChoices):
    ATTENDANCE_LIST = "attendance_list", _("Attendance list")
    MINUTES = "minutes", _("Minutes")
    ESTIMATE = "estimate", _("Estimate")
    OTHER_SYSTEM = "other_system", _("Another system")


class FundSource(models.TextChoices):
    """Permendagri 20/2018 revenue groups of a village, and the sources outside its budget."""

    DANA_DESA = "dana_desa", _("Dana Desa")
    ADD = "add", _("Alokasi Dana Desa (ADD)")
    PBH = "pbh", _("Share of regency taxes (PBH)")
    PBK = "pbk", _("Regency financial aid (PBK)")
    PBP = "pbp", _("Province financial aid (PBP)")
    PAD = "pad", _("Village own revenue (PADes)")
    APBD = "apbd", _("Regency budget (APBD)")
    APBN = "apbn", _("State budget (APBN)")
    CSR = "csr", _("Company contribution (CSR)")
    OTHER = "other", _("Other source")


#: Money that only a desa's own budget (APBDes) can carry; a kelurahan has none.
APBDES_FUNDS = frozenset({"dana_desa", "add", "pbh", "pbk", "pbp", "pad"})


class EventStatus(models.TextChoices):
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Called off")
    POSTPONED = "postponed", _("Postponed")


class State(models.TextChoices):
    """Where an activity record stands between the village and the office."""

    SUBMITTED = "submitted", _("Waiting for review")
    VERIFIED = "verified", _("Verified")
    RETURNED = "returned", _("Needs correction")
    VOIDED = "voided", _("Voided")


class ReviewStep(models.TextChoices):
    SUBMITTED = "submitted", _("Recorded")
    CORRECTED = "corrected", _("Corrected")
    RESUBMITTED = "resubmitted", _("Corrected and sent again")
    VERIFIED = "verified", _("Verified")
    RETURNED = "returned", _("Sent back for correction")
    VOIDED = "voided", _("Voided")
    CONFIRMED = "confirmed", _("Confirmed by a second person")
    MERGED = "merged", _("Marked as the same event")


class SubmissionState(models.TextChoices):
    CLAIMED = "claimed", _("Being judged")
    ACCEPTED = "accepted", _("Received")
    REJECTED = "rejected", _("Needs correction")


class LowWomenReason(models.TextChoices):
    NOT_INVITED = "not_invited", _("Women were not invited")
    TIME = "time", _("The time did not suit")
    DISTANCE = "distance", _("The place was far")
    CARE = "care", _("Looking after children or home")
    CUSTOM = "custom", _("Habit or custom")
    MENS_WORK = "mens_work", _("Seen as men's work")
    OTHER = "other", _("Another reason")


class Origin(models.TextChoices):
    """Where a row comes from; anything but FIELD is said beside it on every screen."""

    FIELD = "field", _("From the field")
    SAMPLE = "sample", _("Sample data")
    REPORTED = "reported", _("From a public report")


class ProgramState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("Active")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


class TargetGroup(models.TextChoices):
    GENERAL = "general", _("Everyone")
    WOMEN = "women", _("Women")
    MEN = "men", _("Men")
    CHILDREN = "children", _("Children")
    YOUTH = "youth", _("Young people")
    ELDERLY = "elderly", _("Elderly people")
    DISABILITY = "disability", _("People with disabilities")
    POOR = "poor", _("Poor families")


class GenderMarker(models.IntegerChoices):
    """Intent, after the OECD-DAC marker (domain.md 3.2); None = not screened, which is not 0."""

    NOT_TARGETED = 0, _("0 – equality is not a goal")
    SIGNIFICANT = 1, _("1 – equality is an important goal")
    PRINCIPAL = 2, _("2 – equality is the main goal")


class ArgCategory(models.IntegerChoices):
    """Gender budget category (domain.md 2.6)."""

    TARGETED = 1, _("1 – meets needs of women or of men")
    EQUALITY = 2, _("2 – closes a gap")
    INSTITUTION = 3, _("3 – builds institutions for equality")


class Basis(models.TextChoices):
    VERIFIED = "verified", _("Verified records only")
    REPORTED = "reported", _("All records sent in")


class Channel(models.TextChoices):
    """How a village was reminded."""

    WHATSAPP = "whatsapp", _("WhatsApp")
    PHONE = "phone", _("Telephone")
    EMAIL = "email", _("E-mail")
    VISIT = "visit", _("Visit")


class RequestState(models.TextChoices):
    """What became of a request to correct closed figures."""

    OPEN = "open", _("Waiting for an answer")
    ACCEPTED = "accepted", _("New revision made")
    DECLINED = "declined", _("Declined")
