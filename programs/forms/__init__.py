"""What people type, read into drafts and rows: shape only, the rules are the services'."""

from .activity import ActivityForm
from .period import AnswerForm, CorrectionRequestForm, RevisionForm, YearTargetsForm
from .program import ProgramForm
from .register import RegisterForm
from .review import ReturnForm, VoidForm
from .targets import TargetsForm

__all__ = [
    "ActivityForm",
    "AnswerForm",
    "CorrectionRequestForm",
    "ProgramForm",
    "RegisterForm",
    "ReturnForm",
    "RevisionForm",
    "TargetsForm",
    "VoidForm",
    "YearTargetsForm",
]
