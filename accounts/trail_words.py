"""What each action of the audit trail is called. An action without words fails a test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.audit import DOWNLOAD

#: The last word of an action, and what it says of the thing.
VERBS: dict[str, Any] = {
    "created": _("added %(what)s"),
    "changed": _("changed %(what)s"),
    "removed": _("removed %(what)s"),
    "submitted": _("sent %(what)s in"),
    "checked": _("checked %(what)s"),
    "verified": _("verified %(what)s"),
    "returned": _("sent %(what)s back for correction"),
    "approved": _("approved %(what)s"),
    "declined": _("declined %(what)s"),
    "signed": _("signed %(what)s"),
    "revised": _("opened %(what)s for a new revision"),
    "withdrawn": _("took %(what)s back"),
    "ended": _("ended %(what)s"),
    "voided": _("voided %(what)s"),
    "confirmed": _("confirmed %(what)s"),
    "merged": _("marked %(what)s as the same event as another"),
    "file_added": _("added a file to %(what)s"),
    "file_removed": _("removed a file from %(what)s"),
    "reminded": _("was reminded of %(what)s"),
    "taken_over": _("took over what stands in %(what)s"),
    "done": _("finished %(what)s"),
    "stopped": _("stopped %(what)s"),
    "failed": _("could not finish %(what)s"),
    "closed": _("closed %(what)s"),
    "renewed": _("renewed %(what)s"),
    "tested": _("tried %(what)s"),
    "used": _("used %(what)s"),
    "shown": _("allowed the public to see %(what)s"),
    "hidden": _("no longer lets the public see %(what)s"),
    "tidied": _("deleted by the retention rules: %(what)s"),
}
#: Other words for the same.
SAME = {
    **dict.fromkeys(("add", "added", "declared", "asked", "ask", "open", "noted", "put", "make",
                     "load", "loaded", "received", "taken_in", "issued", "saved", "given"),
                    "created"),
    **dict.fromkeys(("change", "corrected", "set", "state", "answer", "values", "tag", "adopt",
                     "rewrite", "decide", "new_version"), "changed"),
    **dict.fromkeys(("remove", "deleted"), "removed"),
    **dict.fromkeys(("submit", "resubmitted", "sent"), "submitted"),
    **dict.fromkeys(("verify",), "verified"),
    **dict.fromkeys(("return", "reopen"), "returned"),
    **dict.fromkeys(("withdraw", "revoke", "cancelled", "terminated"), "withdrawn"),
    **dict.fromkeys(("end", "replaced"), "ended"),
    **dict.fromkeys(("use",), "used"),
    **dict.fromkeys(("publish",), "shown"),
    **dict.fromkeys(("unpublish",), "hidden"),
    **dict.fromkeys(("accepted",), "approved"),
    **dict.fromkeys(("rotated",), "renewed"),
    **dict.fromkeys(("test",), "tested"),
}  # fmt: skip
#: The first word of an action: what the thing is called, and which last words there are.
KINDS: dict[str, tuple[Any, str]] = {
    "activity": (
        _("an activity"),
        "created changed submitted corrected resubmitted verified returned voided confirmed merged",
    ),
    "program": (_("a program"), "created changed state gap_approved outcome"),
    "photo": (_("a photo"), "add remove publish unpublish withdraw"),
    "nothing": (_("a month with nothing to report"), "declared withdrawn"),
    "nudge": (_("a reminder to a village"), "noted"),
    "import": (_("a sheet of activities"), "received done failed stopped"),
    "sheet": (_("a list sent as a sheet"), "taken_over"),
    "period": (_("a period"), "closed revised"),
    "correction_request": (
        _("a request to correct closed figures"),
        "asked accepted declined",
    ),
    "target": (_("a target"), "set removed"),
    "population": (_("population figures"), "added changed removed"),
    "webhook": (_("a webhook"), "created changed rotated ended test"),
    "report": (_("a report"), "issued"),
    "view": (_("a kept view"), "saved changed deleted"),
    "genderanalysis": (
        _("a gender analysis (GAP)"),
        "created changed submitted returned approved revised realised withdrawn"
        " remark_settled result_withdrawn",
    ),
    "budgetstatement": (
        _("a gender budget statement (GBS)"),
        "created changed submitted checked returned approved signed revised withdrawn",
    ),
    "termsofreference": (
        _("terms of reference (KAK)"),
        "created changed submitted checked returned approved signed revised withdrawn",
    ),
    "budgetline": (_("a budget line"), "created changed removed"),
    "budgetsheet": (_("a budget sheet"), "taken_in taken_over"),
    "budgettotal": (_("a budget total"), "set removed"),
    "argtarget": (_("a target of the gender budget"), "set removed"),
    "deadline": (_("a deadline"), "set proposal"),
    "plannudge": (_("a reminder about a plan"), "sent"),
    "question": (_("the questions of the PUG evaluation"), "put"),
    "document": (_("a document"), "add remove"),
    "evidence": (_("evidence"), "add tag copy verify remove"),
    "agreement": (
        _("an agreement"),
        "created changed confirmed cancelled terminated renewed reminded addendum_added evaluated"
        " file_added file_removed",
    ),
    "partner": (_("a partner"), "created changed ended"),
    "assignment": (_("the tasks of a facilitator"), "hand_over"),
    "membership": (_("a membership"), "add change withdraw"),
    "obligation": (_("a duty of an agreement"), "created changed ended progress withdrawn"),
    "body": (_("an institution"), "add change end replaced file_added file_removed"),
    "training": (_("a training"), "add change remove"),
    "index": (_("figures of a gender index"), "added changed loaded removed values"),
    "instrument": (_("a scorecard form"), "load new_version change adopt remove"),
    "assessment": (_("a scorecard"), "open answer submit verify return reopen rewrite"),
    "representation": (
        _("figures of representation"),
        "add change submit verify return reopen rewrite",
    ),
    "person": (
        _("an account"),
        "add change disable enable forget change_password reset_password reset_second_factor",
    ),
    "grant": (_("a task"), "add end"),
    "link": (_("a link for logging in"), "make use revoke"),
    "device": (_("the login on a phone"), "end"),
    "token": (_("a key for tools"), "add revoke refuse warn"),
    "data_request": (_("a request about personal data"), "ask decide"),
    "login": (_("logging in"), "succeed prove fail lock"),
    "second_factor": (_("the second step of logging in"), "enrol recovery_code fail"),
    "retention": (
        _("the retention rules"),
        "withdrawn removed photos refused import_rows accounts phones links keys sessions tries"
        " refusals logins tasks records sheets answers imports",
    ),
    "audit": (_("the audit trail"), "accepted"),
}
#: Where first and last word together say it badly, or mean something of their own.
SENTENCES: dict[str, Any] = {
    "program.gap_approved": _("approved the gender analysis of a program"),
    "program.outcome": _("noted that a program reached its outcome"),
    "genderanalysis.realised": _("entered a result of a gender analysis"),
    "genderanalysis.remark_settled": _("settled a remark on a gender analysis"),
    "genderanalysis.result_withdrawn": _("took back a result of a gender analysis"),
    "deadline.proposal": _("entered the usual deadlines of a year"),
    "evidence.copy": _("took over the evidence of the year before"),
    "agreement.addendum_added": _("added an addendum to an agreement"),
    "agreement.evaluated": _("evaluated an agreement"),
    "agreement.cancelled": _("cancelled an agreement"),
    "agreement.terminated": _("ended an agreement early"),
    "assignment.hand_over": _("handed the villages of a facilitator over"),
    "obligation.progress": _("noted progress of a duty of an agreement"),
    "person.disable": _("closed an account"),
    "person.enable": _("opened an account again"),
    "person.forget": _("emptied phone and e-mail of a closed account"),
    "person.change_password": _("changed her own password"),
    "person.reset_password": _("gave a person a new start password"),
    "person.reset_second_factor": _("disconnected the code app of a person"),
    "token.refuse": _("A key that no longer counts was refused"),
    "token.warn": _("The owner was told that a key ends soon"),
    "login.succeed": _("logged in"),
    "login.prove": _("proved the password again"),
    "login.fail": _("Somebody tried a wrong password"),
    "login.lock": _("Too many wrong passwords: the account waits"),
    "second_factor.enrol": _("connected a code app"),
    "second_factor.recovery_code": _("logged in with a spare code"),
    "second_factor.fail": _("typed a wrong code from the app"),
    "audit.accepted": _("A known fault of the audit trail was taken note of"),
}
#: What an entry tells beside a record's own columns.
FACTS: dict[str, Any] = {
    "account": _("account"), "action": _("action"), "activity": _("activity"),
    "agreement": _("agreement"), "answer": _("answer"), "answers": _("answers"),
    "approved_on": _("approved on"), "area": _("area"), "because": _("why"),
    "before": _("before"), "by": _("by"), "channel": _("by way of"), "changed": _("changed"),
    "checksum": _("checksum"), "contract": _("contract"), "cycles": _("budget cycles"),
    "day": _("day"), "decision": _("decision"), "district": _("districts"),
    "dropped": _("left out"), "days": _("days"), "dry_run": _("only tried"),
    "erased": _("emptied"), "events": _("what it is told of"), "fault": _("fault"),
    "file": _("file"), "file_title": _("title of the file"), "gone": _("no longer there"),
    "how": _("how"), "index": _("index"), "intake": _("sent at once"),
    "is_default": _("shown first"), "is_public": _("shown to the public"),
    "items": _("questions"), "key": _("key"), "kind": _("kind"), "last_day": _("last day"),
    "members": _("members"), "month": _("month"), "office": _("office"), "pieces": _("pieces"),
    "realisation": _("realisation"), "role": _("role"), "to": _("to"), "name": _("name"),
    "note": _("note"), "number": _("number"), "of": _("of"), "on": _("on"),
    "partner": _("partner"), "path": _("address"), "percent": _("percent"), "period": _("period"),
    "person": _("person"), "phones_ended": _("phones signed out"),
    "prerequisites": _("prerequisites"), "province": _("provinces"), "query": _("filters"),
    "questions": _("questions"), "reason": _("reason"), "reference": _("reference"),
    "regency": _("regencies"), "remark": _("remark"), "renews": _("renews"),
    "revision": _("revision"), "rows": _("rows"), "scopes": _("what it may do"),
    "sha256": _("checksum"), "shared": _("shared"), "size": _("size"), "source": _("source"),
    "stages": _("stages"), "state": _("state"), "statement_id": _("budget statement"),
    "subject": _("subject"), "tags": _("marks"), "title": _("title"), "unchanged": _("unchanged"),
    "url": _("address"), "username": _("username"), "valid_until": _("valid until"),
    "values": _("values"), "village": pgettext_lazy("an area", "village"), "why": _("why"),
    "wish": _("wish"), "written": _("written"), "year": _("year"),
}  # fmt: skip
EXPORTED = _("downloaded the file “%(what)s”")
#: Kinds to choose from that are no first word of `KINDS`.
DOWNLOADS = DOWNLOAD.rstrip(".")


def sentence(action: str) -> str:
    """What was done, as a person says it; the action itself where nobody found words for it."""
    first, _dot, last = action.partition(".")
    if action in SENTENCES:
        return str(SENTENCES[action])
    if first == DOWNLOADS:
        return EXPORTED % {"what": last}
    if first == "retention":
        return VERBS["tidied"] % {"what": last}
    verb = VERBS.get(SAME.get(last, last))
    if first not in KINDS or verb is None or last not in KINDS[first][1].split():
        return action
    return verb % {"what": KINDS[first][0]}


def actions(kind: str) -> list[str]:
    """Every action of a kind."""
    return [f"{kind}.{last}" for last in KINDS[kind][1].split()]


def choices() -> Iterator[tuple[str, Any]]:
    """The kinds to choose from, in the order of their names."""
    yield DOWNLOADS, _("Downloads")
    yield from sorted(
        ((kind, str(name).capitalize()) for kind, (name, _lasts) in KINDS.items()),
        key=lambda one: one[1],
    )
