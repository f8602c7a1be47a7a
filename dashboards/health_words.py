"""What the parts of core.health mean to an office: what is the matter, what to do, whom to call."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from core.health import UNASKED

OFFICE, ENGINEER = _("the office's IT officer"), _("whoever looks after the machine")


@dataclass(frozen=True)
class Words:
    """`trouble`: by what the part says (its beginning counts); `advice` holds for all of them."""

    label: object
    about: object
    advice: object
    call: object = OFFICE
    trouble: dict[str, object] = field(default_factory=dict)

    def matter(self, said: str) -> object:
        if said == UNASKED:
            return _("Not known: the place where the data lie does not answer.")
        return next((words for key, words in self.trouble.items() if key in said), said)


WORDS: dict[str, Words] = {
    "database": Words(
        _("Place of the data"),
        _("Everything that villages record lies here."),
        _("Nothing can be recorded until it answers. Start PostgreSQL again."),
        ENGINEER,
        {"does not answer": _("It does not answer.")},
    ),
    "maintenance": Words(
        _("Open to everybody"),
        _("Whether people are shown the page about maintenance."),
        _("Open the portal when the work is done: manage.py maintenance off"),
        trouble={"on until": _("The portal is closed for maintenance.")},
    ),
    "disk": Words(
        _("Room for data"),
        _("At least a tenth of the disk must be free, and 500 MB."),
        _("Make room, or add a larger disk. When it is full, no record can be received."),
        ENGINEER,
        {
            "nearly full": _("The disk is nearly full."),
            "read only": _("Nothing can be written to the disk."),
            "not there": _("The disk for the backups is not there."),
        },
    ),
    "migrations": Words(
        _("Tables fit the program"),
        _("A new version brings changes of the tables with it."),
        _("Finish the upgrade: manage.py migrate"),
        ENGINEER,
        {"not applied": _("The upgrade is not finished.")},
    ),
    "clock": Words(
        _("Clock of the machine"),
        _("Days and deadlines are told by it."),
        _("Set the clock by the network: timedatectl set-ntp true"),
        ENGINEER,
        {"was set back": _("The clock was set back.")},
    ),
    "tend": Words(
        _("Recurring duties"),
        _("Reminders, messages to other programs and tidying up, every minute."),
        _("Start it again: systemctl restart pug-tend"),
        trouble={
            "too old": _("It stopped more than five minutes ago."),
            "never ran": _("It was never started."),
            "failed": _("It failed."),
        },
    ),
    "worker": Words(
        _("Work in the background"),
        _("Reads the sheets that people send in."),
        _("Start it again: systemctl restart pug-worker"),
        trouble={
            "too old": _("It has not answered for twenty minutes."),
            "never ran": _("It was never started."),
            "failed": _("It failed."),
        },
    ),
    "queue": Words(
        _("Nothing waits too long"),
        _("Sheets, messages and other work are done within a quarter of an hour."),
        _("See whether the recurring duties and the work in the background run."),
        trouble={
            "stands still": _("Something has been waiting for more than a quarter of an hour.")
        },
    ),
    "rollups": Words(
        _("Figures equal the records"),
        _("Each night all figures are counted anew and compared."),
        _("Count them anew: manage.py rebuild_rollups. If it comes again, report it."),
        trouble={
            "differ": _("Some figures differ from the records."),
            "too old": _("They were not compared last night."),
            "never ran": _("They were never compared."),
        },
    ),
    "audit": Words(
        _("Audit trail is whole"),
        _("Each night it is checked that nobody changed the trail."),
        _(
            "Change nothing. Keep a copy of the data, then call: "
            "somebody may have tampered with it."
        ),
        ENGINEER,
        {
            "broken": _("The trail was changed."),
            "too old": _("It was not checked last night."),
            "never ran": _("It was never checked."),
        },
    ),
    "backup": Words(
        _("Copy for emergencies"),
        _("Each night an encrypted copy of everything is made."),
        _("Make one now: manage.py backup. See docs/backup.md if it fails."),
        trouble={
            "failed": _("The last copy failed."),
            "too old": _("No copy was made last night."),
            "never ran": _("No copy was ever made."),
            "not set up": _("Copies are not set up: a broken disk would lose everything."),
        },
    ),
    "retention": Words(
        _("Old data are removed"),
        _("Each night what was kept long enough is removed."),
        _("Do it now: manage.py keep_retention"),
        trouble={
            "failed": _("The last time failed."),
            "too old": _("It was not done last night."),
            "never ran": _("It was never done."),
        },
    ),
}
