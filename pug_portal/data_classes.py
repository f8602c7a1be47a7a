"""What every table holds, in three classes, and which columns leave the portal never.

T (terbuka): anybody may have it. I (internal): for people with a task, within their area. R
(rahasia): what lets somebody in, or traces a person; no package of data carries it. `retention`
says in words how long rows live; programs/privacy/rules.py is where it is done. Pure data:
nothing is imported here, so that backup, database roles and documents may all read it.
docs/privacy.md is written from it; a test fails for a table without a line (ASVS 14.1.1, 14.1.2).
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Letter = Literal["T", "I", "R"]


class DataClass(NamedTuple):
    """One table: its class, how long its rows live, why it is there."""

    letter: Letter
    retention: str
    why: str


_ALWAYS = "as long as the portal runs"
_RECORD = "10 years, then on the list for the archive office"
_OFFICE = "until 1 year after the account closed, then phone and e-mail are emptied; the name stays"
_WITH_RECORD = "as long as its record"
_REBUILT = "rebuilt from the records at any time"

CLASSES: Final[dict[str, DataClass]] = {
    # Places, offices and what is published about them
    "villages.province": DataClass("T", _ALWAYS, "places"),
    "villages.regency": DataClass("T", _ALWAYS, "places"),
    "villages.district": DataClass("T", _ALWAYS, "places"),
    "villages.village": DataClass("T", _ALWAYS, "places"),
    "villages.areachange": DataClass("T", _ALWAYS, "codes and names of places, earlier ones"),
    "villages.opd": DataClass("T", _ALWAYS, "government offices"),
    "villages.population": DataClass("T", _ALWAYS, "women and men of an area, counted"),
    "villages.areashape": DataClass("T", _ALWAYS, "outlines for the map"),
    "programs.activitycode": DataClass("T", _ALWAYS, "codes of Permendagri 20/2018"),
    "programs.snapshot": DataClass("T", _ALWAYS, "the figures of a closed period"),
    "programs.snapshotrow": DataClass("T", _ALWAYS, "the figures of a closed period"),
    "programs.involvementtarget": DataClass("T", _ALWAYS, "targets of an area, in percent"),
    "indicators.indexrelease": DataClass("T", _ALWAYS, "published gender indices"),
    "indicators.indexvalue": DataClass("T", _ALWAYS, "published gender indices"),
    "indicators.instrument": DataClass("T", _ALWAYS, "questions of the scorecards"),
    "indicators.pillar": DataClass("T", _ALWAYS, "questions of the scorecards"),
    "indicators.instrumentitem": DataClass("T", _ALWAYS, "questions of the scorecards"),
    "indicators.scorelevel": DataClass("T", _ALWAYS, "questions of the scorecards"),
    "indicators.gate": DataClass("T", _ALWAYS, "questions of the scorecards"),
    "planning.question": DataClass("T", _ALWAYS, "questions of the PUG evaluation"),
    "planning.deadline": DataClass("T", _ALWAYS, "days by which plans are due"),
    "planning.argtarget": DataClass("T", _ALWAYS, "targets of the gender budget"),
    # Programs and activities: counts, never participants' names
    "programs.program": DataClass("I", _RECORD, "what offices and villages carry out"),
    "programs.programvillage": DataClass("I", _RECORD, "targets of a program in a village"),
    "programs.activity": DataClass("I", _RECORD, "what took place, people counted by sex"),
    "programs.submission": DataClass(
        "I",
        "10 years; what was sent and refused is emptied after 90 days",
        "the receipt of a record, with what was sent",
    ),
    "programs.review": DataClass("I", _RECORD, "who checked a record, and what she said"),
    "programs.photo": DataClass(
        "I", "2 years, then only the thumbnail; the line stays", "pictures of activities"
    ),
    "programs.photowithdrawal": DataClass(
        "I", _RECORD, "requests to take a photo away, without the asker's name"
    ),
    "programs.nothingtoreport": DataClass("I", _RECORD, "a month in which nothing took place"),
    "programs.nudge": DataClass("I", _RECORD, "reminders to a village"),
    "programs.change": DataClass("I", _RECORD, "the feed of changes"),
    "programs.correctionrequest": DataClass("I", _RECORD, "requests to correct closed figures"),
    "programs.receiptseries": DataClass("I", _ALWAYS, "the last receipt number"),
    "programs.programvillagemonth": DataClass("I", _REBUILT, "sums"),
    "programs.villageperiod": DataClass("I", _REBUILT, "sums"),
    "programs.importjob": DataClass(
        "I", "the sheet itself 30 days, the line 10 years", "sheets of activities sent in"
    ),
    "programs.importproblem": DataClass("I", "90 days", "rows that were not taken, and why"),
    "programs.webhook": DataClass("I", "until its owner ends it", "tools that are told of changes"),
    "programs.delivery": DataClass("I", "30 days; 90 when given up", "messages to those tools"),
    # Plans and budgets
    "planning.genderanalysis": DataClass("I", _RECORD, "GAP"),
    "planning.datarow": DataClass("I", _WITH_RECORD, "GAP: figures"),
    "planning.factor": DataClass("I", _WITH_RECORD, "GAP: factors"),
    "planning.cause": DataClass("I", _WITH_RECORD, "GAP: causes"),
    "planning.action": DataClass("I", _WITH_RECORD, "GAP: actions"),
    "planning.action_causes": DataClass("I", _WITH_RECORD, "GAP: which action meets which cause"),
    "planning.baseline": DataClass("I", _WITH_RECORD, "GAP: base data"),
    "planning.indicator": DataClass("I", _WITH_RECORD, "GAP: indicators"),
    "planning.gapversion": DataClass("I", _RECORD, "GAP as it was sent in"),
    "planning.realisation": DataClass("I", _RECORD, "what an indicator reached"),
    "planning.budgetstatement": DataClass("I", _RECORD, "GBS, with its signatory"),
    "planning.termsofreference": DataClass("I", _RECORD, "KAK, with its signatory"),
    "planning.termsstage": DataClass("I", _WITH_RECORD, "KAK: stages"),
    "planning.document": DataClass("I", _RECORD, "files that prove a plan"),
    "planning.evidence": DataClass("I", _RECORD, "evidence for the PUG evaluation"),
    "planning.evidencetag": DataClass("I", _WITH_RECORD, "which question the evidence answers"),
    "planning.step": DataClass("I", _RECORD, "who sent in, sent back, approved"),
    "planning.remark": DataClass("I", _RECORD, "remarks of the reviewer"),
    "planning.plannudge": DataClass("I", _RECORD, "reminders to an office"),
    "planning.budgetline": DataClass("I", _RECORD, "budget with its ARG tag"),
    "planning.budgettotal": DataClass("I", _RECORD, "budget totals"),
    "planning.columnmapping": DataClass("I", _ALWAYS, "how a person's sheet is read"),
    "planning.budgetsheet": DataClass("I", "the sheet itself 1 day", "budget sheets sent in"),
    # Agreements and institutions
    "mou.partner": DataClass("I", _RECORD, "partners, with a contact of the office"),
    "mou.membership": DataClass("I", _RECORD, "who works for a partner"),
    "mou.agreement": DataClass("I", _RECORD, "agreements"),
    "mou.party": DataClass("I", _RECORD, "parties, with their signatories"),
    "mou.agreementarea": DataClass("I", _WITH_RECORD, "where an agreement holds"),
    "mou.addendum": DataClass("I", _RECORD, "additions to an agreement"),
    "mou.evaluation": DataClass("I", _RECORD, "evaluations of an agreement"),
    "mou.agreementnotice": DataClass("I", _RECORD, "notices that an agreement ends"),
    "mou.agreementfile": DataClass("I", _RECORD, "signed papers"),
    "mou.obligation": DataClass("I", _RECORD, "duties of a party"),
    "mou.obligationentry": DataClass("I", _RECORD, "what was done of a duty"),
    "mou.body": DataClass("I", _RECORD, "PUG working groups, with their decree"),
    "mou.bodymember": DataClass("I", _RECORD, "officials named by decree"),
    "mou.training": DataClass("I", _RECORD, "trainings, people counted by sex"),
    "mou.training_members": DataClass("I", _WITH_RECORD, "officials who were trained"),
    # Scorecards and seats
    "indicators.reviewstep": DataClass("I", _RECORD, "who checked a scorecard"),
    "indicators.assessment": DataClass("I", _RECORD, "scorecards of a village"),
    "indicators.answer": DataClass("I", _WITH_RECORD, "scorecards of a village"),
    "indicators.representation": DataClass("I", _RECORD, "seats by sex, counted"),
    "indicators.seatcount": DataClass("I", _WITH_RECORD, "seats by sex, counted"),
    "indicators.proposalcount": DataClass("I", _WITH_RECORD, "proposals of women, counted"),
    # Boards
    "dashboards.savedview": DataClass("I", "until its owner deletes it", "kept filters"),
    "dashboards.issuedreport": DataClass("I", _RECORD, "reports that carry a check code"),
    # People
    "accounts.user": DataClass("I", _OFFICE, "people who sign in"),
    "accounts.grant": DataClass("I", _RECORD, "tasks of a person, with dates"),
    "accounts.datarequest": DataClass(
        "I", _RECORD, "what a person asked about her own data, and the decision"
    ),
    "accounts.device": DataClass("I", "1 year after its last use", "phones, computers of offices"),
    "accounts.user_groups": DataClass("I", _ALWAYS, "unused; Django's own"),
    "accounts.user_user_permissions": DataClass("I", _ALWAYS, "unused; Django's own"),
    "auth.group": DataClass("I", _ALWAYS, "unused; Django's own"),
    "auth.group_permissions": DataClass("I", _ALWAYS, "unused; Django's own"),
    "auth.permission": DataClass("I", _ALWAYS, "Django's own"),
    "contenttypes.contenttype": DataClass("I", _ALWAYS, "Django's own"),
    "accounts.enrolmentlink": DataClass("R", "1 year after its end", "one-time ways in"),
    "accounts.apitoken": DataClass("R", "1 year after its end", "keys of tools"),
    "accounts.callbudget": DataClass("R", "with its key", "calls of a key in this minute"),
    "accounts.pace": DataClass("R", "with its account", "pages asked for in this minute or hour"),
    "sessions.session": DataClass("R", "until it ends", "who is signed in"),
    "otp_totp.totpdevice": DataClass("R", "as long as the account is open", "second factor"),
    "accounts.recoverycodes": DataClass(
        "R", "as long as the account is open", "recovery codes, hashed; each until it is used"
    ),
    "axes.accessattempt": DataClass("R", "30 days", "failed tries to sign in, with addresses"),
    "axes.accessattemptexpiration": DataClass("R", "30 days", "failed tries to sign in"),
    "axes.accessfailurelog": DataClass("R", "1 year", "failed tries to sign in, with addresses"),
    "axes.accesslog": DataClass("R", "1 year", "who signed in, with addresses"),
    # The portal's own work
    "core.auditentry": DataClass("I", "for ever", "who did what to which record"),
    "core.auditlink": DataClass("I", "for ever", "the chain that seals the audit trail"),
    "core.healthmark": DataClass("I", "the last one only", "results of nightly checks"),
    "core.requestcount": DataClass(
        "I", "35 days", "how many requests came, and how quick answers were"
    ),
    "core.scan": DataClass("I", "as long as the document", "what the virus scanner said"),
    "core.keptanswer": DataClass("R", "30 days", "answers to calls, whole, for their repetition"),
    "core.keptsheet": DataClass("R", "1 day", "sheets on trial, whole, not yet judged"),
    "admin.logentry": DataClass("I", "for ever", "changes to reference data"),
    "django_tasks_database.dbtaskresult": DataClass("I", "30 days", "work in the background"),
}

#: Columns that let somebody in, or trace her: no export, package or reader's role has them.
SECRET_FIELDS: Final[frozenset[str]] = frozenset(
    {
        "accounts.user.password",
        "accounts.enrolmentlink.digest",
        "accounts.device.session_key",
        "accounts.apitoken.digest",
        "accounts.apitoken.lookup",
        "sessions.session.session_key",
        "sessions.session.session_data",
        "otp_totp.totpdevice.key",
        "accounts.recoverycodes.hashes",
        "axes.accessattempt.ip_address",
        "axes.accessattempt.user_agent",
        "axes.accessattempt.get_data",
        "axes.accessattempt.post_data",
        "axes.accessfailurelog.ip_address",
        "axes.accessfailurelog.user_agent",
        "axes.accesslog.ip_address",
        "axes.accesslog.user_agent",
        "axes.accesslog.session_hash",
        "core.auditentry.address",
        "core.keptanswer.headers",
        "core.keptanswer.body",
        "core.keptsheet.content",
        "programs.webhook.url",  # tools put their own keys in it
    }
)

#: Columns that name or reach a person: of officials and account holders, of nobody else.
PERSONAL_FIELDS: Final[frozenset[str]] = frozenset(
    {
        "accounts.user.username",
        "accounts.user.name",
        "accounts.user.phone",
        "accounts.user.email",
        "accounts.device.label",
        "planning.budgetstatement.signatory_name",
        "planning.budgetstatement.signatory_number",
        "planning.termsofreference.signatory_name",
        "planning.termsofreference.signatory_number",
        "planning.termsofreference.responsible",
        "mou.partner.contact_name",
        "mou.partner.contact_phone",
        "mou.party.signatory_name",
        "mou.bodymember.name",
        "mou.bodymember.sex",
        "indicators.answer.reporter",
    }
)
