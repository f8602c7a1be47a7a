"""Every write about people, grants and keys. `actor=None` is the operator at the console."""

from accounts.drafts import GrantDraft

from .grants import end_grant, grant
from .logins import note_failure, note_login, note_refused_key
from .persons import NewPerson, add_person, change_person, disable_person, enable_person
from .proofs import START_PASSWORD_LIFE, change_password, reset_password, reset_second_factor
from .tokens import LONGEST_KEY_LIFE, NewToken, create_token, revoke_all, revoke_token

__all__ = [
    "LONGEST_KEY_LIFE",
    "START_PASSWORD_LIFE",
    "GrantDraft",
    "NewPerson",
    "NewToken",
    "add_person",
    "change_password",
    "change_person",
    "create_token",
    "disable_person",
    "enable_person",
    "end_grant",
    "grant",
    "note_failure",
    "note_login",
    "note_refused_key",
    "reset_password",
    "reset_second_factor",
    "revoke_all",
    "revoke_token",
]
