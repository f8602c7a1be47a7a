"""Partners, agreements, duties, and the institutions of gender mainstreaming."""

from .agreement import (
    Addendum,
    Agreement,
    AgreementArea,
    AgreementFile,
    AgreementNotice,
    AgreementQuerySet,
    Evaluation,
    Party,
)
from .duty import Obligation, ObligationEntry
from .institution import Body, BodyMember, BodyQuerySet, Training
from .partner import Membership, MembershipQuerySet, Partner
from .vocabulary import (
    FACILITATORS,
    AgreementForm,
    BodyKind,
    DutyMeasure,
    FileKind,
    MemberKind,
    PartnerKind,
    Position,
    Sex,
    Standing,
)

__all__ = [
    "FACILITATORS",
    "Addendum",
    "Agreement",
    "AgreementArea",
    "AgreementFile",
    "AgreementForm",
    "AgreementNotice",
    "AgreementQuerySet",
    "Body",
    "BodyKind",
    "BodyMember",
    "BodyQuerySet",
    "DutyMeasure",
    "Evaluation",
    "FileKind",
    "MemberKind",
    "Membership",
    "MembershipQuerySet",
    "Obligation",
    "ObligationEntry",
    "Partner",
    "PartnerKind",
    "Party",
    "Position",
    "Sex",
    "Standing",
    "Training",
]
