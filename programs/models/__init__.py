from .activity import Activity, Review, Submission
from .change import Change, ChangeKind, ChangeOp
from .importing import ImportJob, ImportProblem, ImportState
from .nothing import NothingToReport
from .nudge import Nudge
from .photo import MOST_PHOTOS, Kept, Photo, PhotoState
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
from .webhook import Delivery, DeliveryState, Webhook, WebhookEvent
from .withdrawal import ACTED_WITHIN, PRESSING, PhotoWithdrawal, Wish

__all__ = [
    "ACTED_WITHIN",
    "Activity",
    "ActivityCode",
    "ArgCategory",
    "Basis",
    "Change",
    "ChangeKind",
    "ChangeOp",
    "Channel",
    "CorrectionRequest",
    "CountSource",
    "Delivery",
    "DeliveryState",
    "EventStatus",
    "FundSource",
    "GenderMarker",
    "ImportJob",
    "ImportProblem",
    "ImportState",
    "InvolvementTarget",
    "Kept",
    "Kind",
    "LowWomenReason",
    "MOST_PHOTOS",
    "NothingToReport",
    "Nudge",
    "PRESSING",
    "Origin",
    "Photo",
    "PhotoState",
    "PhotoWithdrawal",
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
    "Webhook",
    "WebhookEvent",
    "Wish",
]
