"""The register of processing: for what persons' data is used, on what ground, who gets it.

UU 27/2022 asks whoever keeps data of persons to keep this list. docs/privacy.md and the page
/kelola/privasi/ are written from it.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.utils.translation import gettext_lazy as _


class Processing(NamedTuple):
    """One use of persons' data. `classes`: the letters of pug_portal/data_classes.py."""

    purpose: Any
    basis: Any
    people: Any
    data: Any
    classes: str
    recipients: Any
    retention: Any


_DUTY = _("UU 27/2022: task of a public body (Inpres 9/2000, Permendagri 67/2011)")
_CONSENT = _("UU 27/2022: consent of the people in the picture")

REGISTER: Final[tuple[Processing, ...]] = (
    Processing(
        _("Accounts: who may record, check and decide"),
        _DUTY,
        _("Village heads, facilitators, officials"),
        _("Name, username, phone number, e-mail, tasks, phones"),
        "I",
        _("Officers who look after accounts; the data package"),
        _("1 year after the last task; the name stays on records"),
    ),
    Processing(
        _("Safety: logging in, keys, the trail of who did what"),
        _DUTY,
        _("Everyone with an account"),
        _("Times, addresses of devices, what was done to which record"),
        "I, R",
        _("Officers and auditors; the body for cyber security after an incident"),
        _("Logs 1 year; the audit trail for ever"),
    ),
    Processing(
        _("Records of activities: women and men counted"),
        _DUTY,
        _("Nobody by name: participants are counted, never listed"),
        _("Numbers by sex; children, people with disabilities, the elderly as numbers"),
        "I",
        _("Offices of the regency within their area; the public as sums"),
        _("10 years, then the archive office decides"),
    ),
    Processing(
        _("Photos as evidence that an activity took place"),
        _CONSENT,
        _("People who can be recognised in a picture"),
        _("The picture, without its place and time of taking"),
        "I",
        _("Who may see the record; the public only with consent and an officer's yes"),
        _("2 years, then a thumbnail; 3 × 24 hours after a request"),
    ),
    Processing(
        _("Plans, budgets, agreements and decrees"),
        _DUTY,
        _("Officials and partners who sign or are named by decree"),
        _("Name, office, rank, staff number; a partner's contact"),
        "I",
        _("Offices that work with the document"),
        _("10 years, then the archive office decides"),
    ),
    Processing(
        _("Reminders to villages that did not report"),
        _DUTY,
        _("Village heads and facilitators"),
        _("Name, phone number, e-mail"),
        "I",
        _("Officers who call; the office's own mail"),
        _("As long as the account"),
    ),
)

#: What to do when data went where it should not. docs/breach.md has the commands.
BREACH: Final[tuple[Any, ...]] = (
    _("Stop it: close the accounts concerned, end their logins and keys, note the time."),
    _("Tell the head of the office and the officer for personal data within the hour."),
    _("Keep the traces: audit trail and logs, a copy of both in a second place."),
    _("Find out from the audit trail what was seen, taken or changed, and of whom."),
    _(
        "Write to the people concerned and to the agency within 3 × 24 hours (Pasal 46): what "
        "data, when and how, what was done about it."
    ),
    _("Tell the public when many are concerned or public service suffers."),
    _("Mend the cause, and note in this register what was learnt."),
)
