from .activity import Activity, Review, Submission
from .nothing import NothingToReport
from .photo import MOST_PHOTOS, Photo, PhotoState
from .program import ActivityCode, Program, ProgramVillage
from .rollup import ProgramVillageMonth, ReceiptSeries, VillagePeriod
from .vocabulary import (
    ArgCategory,
    Basis,
    CountSource,
    EventStatus,
    FundSource,
    GenderMarker,
    Kind,
    LowWomenReason,
    Origin,
    ProgramState,
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
    "CountSource",
    "EventStatus",
    "FundSource",
    "GenderMarker",
    "Kind",
    "LowWomenReason",
    "NothingToReport",
    "Origin",
    "Photo",
    "PhotoState",
    "Program",
    "ProgramState",
    "ProgramVillage",
    "ProgramVillageMonth",
    "ReceiptSeries",
    "Review",
    "ReviewStep",
    "Stage",
    "State",
    "Submission",
    "SubmissionState",
    "TargetGroup",
    "VillagePeriod",
]
