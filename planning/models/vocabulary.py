"""The words of gender planning; their codes are the API's."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Template(models.TextChoices):
    """Which form a gender analysis takes. The nine steps are for a year's plan, the four for
    five-year documents, the single page for a village."""

    NINE = "9L", _("Nine steps")
    FOUR = "4L", _("Four steps")
    VILLAGE = "desa", _("Village page")


class PlanLevel(models.TextChoices):
    """What of the planning document is analysed."""

    POLICY = "policy", _("Policy")
    PROGRAM = "program", _("Program")
    ACTIVITY = "activity", _("Activity (kegiatan)")
    SUBACTIVITY = "subactivity", _("Sub-activity (subkegiatan)")


class PlanState(models.TextChoices):
    """Where a document stands between the office that writes it and the one that approves it."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for review")
    RETURNED = "returned", _("Needs correction")
    APPROVED = "approved", _("Approved")
    SIGNED = "signed", _("Signed")
    SUPERSEDED = "superseded", _("Replaced by a newer one")


#: States in which the office that writes a document may still change it.
OPEN_STATES = (PlanState.DRAFT, PlanState.RETURNED)
#: States in which a document counts.
APPROVED_STATES = (PlanState.APPROVED, PlanState.SIGNED)


class FactorKind(models.TextChoices):
    ACCESS = "access", _("Access")
    PARTICIPATION = "participation", _("Participation")
    CONTROL = "control", _("Control")
    BENEFIT = "benefit", _("Benefit")


class CauseScope(models.TextChoices):
    INTERNAL = "internal", _("Inside the office")
    EXTERNAL = "external", _("Outside the office")


class IndicatorKind(models.TextChoices):
    """Impact stands in the four-step form only."""

    OUTPUT = "output", _("Output")
    OUTCOME = "outcome", _("Outcome")
    IMPACT = "impact", _("Impact")


class Sex(models.TextChoices):
    """Whom an indicator counts."""

    WOMEN = "women", _("Women")
    MEN = "men", _("Men")
    BOTH = "both", _("Women and men")


class Measure(models.TextChoices):
    """A figure of the portal that a data row is filled from, or by which an indicator is realised.

    The first three are person-activities of women and men; the last counts villages.
    """

    PARTICIPANTS = "participants", _("Participants")
    DECIDERS = "deciders", _("Deciders")
    BENEFICIARIES = "beneficiaries", _("Beneficiaries")
    VILLAGES = "villages", _("Villages with meaningful participation")


class BaselineOf(models.TextChoices):
    """Which figure of its data row a baseline is."""

    WOMEN_SHARE = "women_share", _("Women's share, per cent")
    WOMEN = "women", _("Number of women")
    MEN = "men", _("Number of men")
    VALUE = "value", _("The figure itself")


class Denominator(models.TextChoices):
    """Of which total the ARG share is taken; several are in official use (domain: several
    formulas exist, so the kind is always said beside the share)."""

    DIRECT_SPENDING = "belanja_langsung", _("Direct spending")
    GOODS_CAPITAL_AID = "barjas_modal_bansos", _("Goods and services, capital and social aid")
    TOTAL_APBD = "total_apbd", _("Whole regency budget (APBD)")
    TOTAL_APBDES = "total_apbdes", _("Whole village budget (APBDes)")


class StepKind(models.TextChoices):
    """What happened to a document."""

    CREATED = "created", _("Begun")
    CHANGED = "changed", _("Changed")
    SUBMITTED = "submitted", _("Submitted")
    CHECKED = "checked", _("Checked against the plan")
    RETURNED = "returned", _("Sent back for correction")
    APPROVED = "approved", _("Approved")
    SIGNED = "signed", _("Signed")
    REVISED = "revised", _("Opened for a new revision")
    REALISED = "realised", _("Result entered")
    WITHDRAWN = "withdrawn", _("Taken back before the review")


class Prerequisite(models.TextChoices):
    """The seven prerequisites of PUG, in their official order."""

    COMMITMENT = "commitment", _("Commitment")
    POLICY = "policy", _("Policy and program")
    INSTITUTION = "institution", _("Institutions")
    RESOURCES = "resources", _("Resources (people and funds)")
    DATA = "data", _("Sex-disaggregated data")
    TOOLS = "tools", _("Tools and methods of analysis")
    PARTICIPATION = "participation", _("Participation of society")


class CycleStep(models.TextChoices):
    """The seven steps of the PUG process."""

    PLANNING = "planning", _("Planning")
    BUDGETING = "budgeting", _("Budgeting")
    IMPLEMENTATION = "implementation", _("Implementation")
    MONITORING = "monitoring", _("Monitoring")
    EVALUATION = "evaluation", _("Evaluation")
    SUPERVISION = "supervision", _("Supervision")
    REPORTING = "reporting", _("Reporting step")


class DocumentKind(models.TextChoices):
    """What a file that was brought along is."""

    GAP = "gap", _("GAP")
    GBS = "gbs", _("GBS")
    KAK = "kak", _("KAK")
    DECREE = "decree", _("Decree (SK)")
    REGULATION = "regulation", _("Regulation")
    MINUTES = "minutes", _("Minutes and attendance list")
    REPORT = "report", _("Report")
    CERTIFICATE = "certificate", _("Certificate")
    AGREEMENT = "agreement", _("Agreement")
    DATA = "data", _("Data and gender profile")
    OTHER = "other", _("Other document")
