from .activity import Activity, Review, Submission
from .nothing import NothingToReport
from .nudge import Nudge
from .photo import MOST_PHOTOS, Photo, PhotoState
from .program import ActivityCode, Program, ProgramVillage
from .rollup import ProgramVillageMonth, ReceiptSeries, VillagePeriod
from .snapshot import CorrectionRequest, InvolvementTarget, Snapshot, SnapshotRow
from .vocabulary import (
    ArgCategory,
    Basis,
    Channel,
    CountSource,
    EventStatus,
    FundSource,
    GenderMarker,
    Kind,
    LowWomenReason,
    Origin,
    ProgramState,
    RequestState,
    ReviewStep,
    Stage,
    State,
    SubmissionState,
    TargetGroup,
)

__all__ = [
    "MOST_PHOTOS",
    "Activity",
    "ActivityCode",
    "ArgCategory",
    "Basis",
    "Channel",
    "CorrectionRequest",
    "CountSource",
    "EventStatus",
    "FundSource",
    "GenderMarker",
    "InvolvementTarget",
    "Kind",
    "LowWomenReason",
    "NothingToReport",
    "Nudge",
    "Origin",
    "Photo",
    "PhotoState",
    "Program",
    "ProgramState",
    "ProgramVillage",
    "ProgramVillageMonth",
    "ReceiptSeries",
    "RequestState",
    "Review",
    "ReviewStep",
    "Snapshot",
    "SnapshotRow",
    "Stage",
    "State",
    "Submission",
    "SubmissionState",
    "TargetGroup",
    "VillagePeriod",
]
