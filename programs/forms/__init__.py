"""What people type, read into drafts and rows: shape only, the rules are the services'."""

from .activity import ActivityForm
from .program import ProgramForm
from .register import RegisterForm
from .review import ReturnForm, VoidForm
from .targets import TargetsForm

__all__ = [
    "ActivityForm",
    "ProgramForm",
    "RegisterForm",
    "ReturnForm",
    "TargetsForm",
    "VoidForm",
]
