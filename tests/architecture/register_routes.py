"""The rows of agreements and of the indicators: pages first, then their REST addresses."""

from .expected import API_SIGNED_IN, ITS_OWN, OFFICE, SIGNED_IN, Row, api_post, get, post, sent

#: Whoever sees a village of the regency; a stranger sees none.
ANY_REACH = (302, 403, 200, 200, 200)
#: Kept by the regency's office, seen by the owner too: what only the office may do with it.
KEPT = (302, 404, 404, 403, 200)
SENT_EMPTY = (302, 404, 404, 403, 422)
DRAFT = (302, 404, 404, 404, 200)
#: The address of a figure of the population.
FIGURE = {"code": "64.01", "year": "seat_year", "key": "population_key"}
API_ITS_OWN = (401, 404, 404, 200, 200)
#: No version was named.
API_KEPT = (401, 404, 404, 403, 428)


def kept(of: str, *answers: int) -> list[Row]:
    """A page of the office about a thing that the owner sees, and its empty form."""
    return [get(*KEPT, of=of), post(*(answers or SENT_EMPTY), of=of)]


def office(of: str = "", answer: int = 422) -> list[Row]:
    """A page of the office alone, and its empty form."""
    return [get(*OFFICE, of=of), post(302, 403, 403, 403, answer, of=of)]


def patch(*statuses: int, of: str) -> Row:
    return Row(statuses, "patch", of, json=True)


def refused_post() -> Row:
    """What the office alone may add; she sent nothing."""
    return api_post(401, 403, 403, 403, 422)


#: Read by the regency's villages, kept by its office; for a stranger it does not exist.
KEPT_HIGH = (302, 404, 403, 403, 200)


def high(of: str, answer: int = 422) -> list[Row]:
    return [get(*KEPT_HIGH, of=of), post(302, 404, 403, 403, answer, of=of)]


def hidden(of: str, answer: int = 422) -> list[Row]:
    """A matter of districts and regency: for the heads of villages it does not exist."""
    return [get(*DRAFT, of=of), post(302, 404, 404, 404, answer, of=of)]


def pressed(of: str, answer: int, **named: str) -> list[Row]:
    """As `hidden`, at an address with other parameters."""
    return [get(*DRAFT, of=of, **named), sent(302, 404, 404, 404, answer, of=of, **named)]


REGISTER_ROUTES: dict[str, Row | list[Row]] = {
    "dashboards:warnings": get(302, 404, 200, 200, 200),
    "dashboards:coverage": get(*ANY_REACH),
    # Lists that come in as sheets.
    "programs:intake": [
        get(302, 403, 403, 403, 200, key="partners"),
        sent(302, 403, 403, 403, 422, key="partners"),
    ],
    "programs:intake-template": get(302, 403, 403, 403, 200, key="partners"),
    "programs:intake-sheet": get(302, 403, 403, 403, 404, of="agreement", key="partners"),
    "programs:intake-take": sent(302, 403, 403, 403, 404, of="agreement", key="partners"),
    "programs:phone-counter": get(*ANY_REACH),
    # Agreements and partners.
    "mou:home": get(*ANY_REACH),
    "mou:agreement-new": office(),
    "mou:agreement": get(*ITS_OWN, of="agreement"),
    "mou:agreement-edit": kept("agreement", 302, 404, 404, 403, 409),
    "mou:agreement-confirm": kept("agreement"),
    "mou:agreement-cancel": kept("agreement"),
    "mou:agreement-terminate": kept("agreement"),
    "mou:agreement-renew": kept("agreement"),
    "mou:addendum-new": kept("agreement"),
    "mou:evaluation-new": kept("agreement"),
    "mou:file-new": kept("agreement"),
    "mou:file": get(*ITS_OWN, of="agreement_file"),
    "mou:file-remove": kept("agreement_file", 302, 404, 404, 403, 302),
    "mou:partner-list": get(*ANY_REACH),
    "mou:partner-new": office(),
    "mou:partner": get(302, 404, 200, 200, 200, of="partner"),
    "mou:partner-edit": [
        get(302, 404, 403, 403, 200, of="partner"),
        post(302, 404, 403, 403, 422, of="partner"),
    ],
    "mou:partner-end": [
        get(302, 404, 403, 403, 200, of="partner"),
        post(302, 404, 403, 403, 422, of="partner"),
    ],
    # Duties.
    "mou:obligation-list": get(*ANY_REACH),
    "mou:obligation-new": kept("agreement"),
    "mou:obligation": [get(*ITS_OWN, of="obligation"), post(*SENT_EMPTY, of="obligation")],
    "mou:obligation-edit": kept("obligation"),
    "mou:obligation-end": kept("obligation", 302, 404, 404, 403, 302),
    "mou:progress-withdraw": [
        get(*KEPT, of="progress", uid="obligation"),
        sent(*SENT_EMPTY, of="progress", uid="obligation"),
    ],
    # Facilitators: the office alone.
    "mou:facilitator-list": get(*OFFICE),
    "mou:villages-without": get(*OFFICE),
    "mou:facilitator": get(*OFFICE, of="facilitator"),
    "mou:membership-new": office(answer=200),  # it asks whom first
    "mou:membership-renew": office("facilitator"),
    "mou:membership-edit": office("membership"),
    "mou:membership-withdraw": office("membership", 302),  # no version: told, nothing done
    "mou:assignment-new": office("facilitator", 200),  # it asks for a district first
    "mou:assignment-village": office("village_code"),
    "mou:assignment-end": office("assignment"),
    "mou:handover": office("facilitator"),
    # Women's seats, and what waits for a reviewer.
    "indicators:seats": get(302, 403, 302, 302, 200),
    "indicators:seats-village": get(*ITS_OWN, of="village_code", year="seat_year"),
    "indicators:seats-village-edit": [
        get(*ITS_OWN, of="village_code", year="seat_year"),
        sent(
            *(302, 404, 404, 422, 422),
            of="village_code",
            year="seat_year",
            data={"bpd_women": "9", "bpd_total": "7"},
        ),
    ],
    "indicators:review": get(*OFFICE),
    "indicators:review-record": get(*KEPT, of="representation"),
    "indicators:review-verify": post(302, 404, 404, 403, 302, of="representation"),
    "indicators:review-return": kept("representation"),
    "indicators:review-reopen": kept("representation"),
    # Scorecards.
    "indicators:cards": get(302, 403, 302, 302, 200),
    "indicators:cards-village": get(*ITS_OWN, of="village_code", year="seat_year"),
    "indicators:assessment-new": [get(*ANY_REACH), post(302, 403, 422, 422, 422)],
    "indicators:assessment": get(*ITS_OWN, of="card"),
    "indicators:assessment-edit": [
        get(*ITS_OWN, of="card"),
        post(302, 404, 404, 422, 422, of="card"),
    ],
    "indicators:assessment-submit": [
        get(*ITS_OWN, of="card"),
        post(302, 404, 404, 302, 302, of="card"),
    ],
    "indicators:instruments": get(*ANY_REACH),
    "indicators:instrument": get(*ANY_REACH, of="instrument"),
    "indicators:instrument-version": office("instrument"),
    "indicators:instrument-edit": hidden("instrument_draft"),
    "indicators:instrument-item-new": hidden("instrument_draft"),
    "indicators:instrument-item": pressed("instrument_draft", 422, code="L3"),
    "indicators:instrument-item-remove": pressed("instrument_draft", 302, code="L3"),
    "indicators:instrument-adopt": hidden("instrument_draft", 302),
    "indicators:instrument-remove": hidden("instrument_draft", 302),
    # Institutions: a matter of the regency.
    "mou:institutions": get(*OFFICE),
    "mou:body": get(*DRAFT, of="body"),
    "mou:body-new": office(),
    "mou:body-edit": hidden("body"),
    "mou:body-replace": hidden("body"),
    "mou:body-end": hidden("body"),
    "mou:body-decree": hidden("body"),
    "mou:body-file": get(*DRAFT, of="body", file="decree"),
    "mou:body-file-remove": pressed("body", 302, file="decree"),
    "mou:training-list": get(*OFFICE),
    "mou:training-new": office(),
    "mou:training-edit": hidden("training"),
    "mou:training-remove": hidden("training", 302),
    # Indices and population: everybody reads, the office keeps its own.
    "indicators:home": get(*SIGNED_IN),
    "indicators:index": get(*SIGNED_IN, index="IPG"),
    "indicators:releases": get(*SIGNED_IN),
    "indicators:release": get(302, 404, 200, 200, 200, of="release"),
    "indicators:release-new": office(),
    "indicators:release-edit": high("release"),
    "indicators:release-values": high("release", 409),
    "indicators:release-revised": post(302, 404, 403, 403, 302, of="release"),
    "indicators:release-remove": high("release", 302),
    "indicators:population": get(*SIGNED_IN),
    "indicators:population-new": office(),
    "indicators:population-template": get(*OFFICE),
    "indicators:population-edit": [
        get(*OFFICE, **FIGURE),
        sent(302, 403, 403, 403, 422, **FIGURE),
    ],
    "indicators:population-remove": [
        get(*OFFICE, **FIGURE),
        sent(302, 403, 403, 403, 302, **FIGURE),
    ],
    # REST.
    "partners": [get(*API_SIGNED_IN), refused_post()],
    "partner": [
        get(401, 404, 200, 200, 200, of="partner"),
        patch(401, 404, 403, 403, 428, of="partner"),
    ],
    "agreements": [get(*API_SIGNED_IN), refused_post()],
    "agreement": [get(*API_ITS_OWN, of="agreement"), patch(*API_KEPT, of="agreement")],
    "agreement-confirm": api_post(*API_KEPT, of="agreement"),
    "agreement-cancel": api_post(*API_KEPT, of="agreement"),
    "agreement-terminate": api_post(*API_KEPT, of="agreement"),
    "agreement-renew": api_post(401, 404, 404, 403, 422, of="agreement"),
    "agreement-addenda": [
        get(*API_ITS_OWN, of="agreement"),
        api_post(401, 404, 404, 403, 422, of="agreement"),
    ],
    "agreement-evaluations": [
        get(*API_ITS_OWN, of="agreement"),
        api_post(401, 404, 404, 403, 422, of="agreement"),
    ],
    "agreement-obligations": [
        get(*API_ITS_OWN, of="agreement"),
        api_post(401, 404, 404, 403, 422, of="agreement"),
    ],
    "agreement-files": get(*API_ITS_OWN, of="agreement"),
    "obligation": patch(*API_KEPT, of="obligation"),
    "obligation-progress": api_post(401, 404, 404, 403, 422, of="obligation"),
    "facilitators": [get(*API_SIGNED_IN), refused_post()],
    "facilitator": [
        get(401, 404, 404, 404, 200, of="membership"),
        patch(401, 404, 404, 404, 428, of="membership"),
    ],
    "facilitator-assignments": api_post(401, 404, 404, 404, 422, of="membership"),
    "assignment-end": api_post(401, 404, 404, 404, 422, of="assignment"),
    "coverage": get(*API_SIGNED_IN),
    "bodies": [get(*API_SIGNED_IN), refused_post()],
    "body": [get(401, 404, 404, 404, 200, of="body"), patch(401, 404, 404, 404, 428, of="body")],
    "trainings": [get(*API_SIGNED_IN), refused_post()],
    "indices": [get(*API_SIGNED_IN), refused_post()],
    "index": [
        get(401, 404, 200, 200, 200, of="release"),
        patch(401, 404, 403, 403, 428, of="release"),
    ],
    "population": [get(*API_SIGNED_IN), refused_post()],
    "representation-list": [get(*API_SIGNED_IN), api_post(401, 403, 422, 422, 422)],
    "representation": [
        get(*API_ITS_OWN, of="representation"),
        patch(401, 404, 404, 428, 428, of="representation"),
    ],
    "representation-submit": api_post(401, 404, 404, 428, 428, of="representation"),
    "representation-verify": api_post(*API_KEPT, of="representation"),
    "representation-return": api_post(*API_KEPT, of="representation"),
    "assessments": [get(*API_SIGNED_IN), api_post(401, 403, 422, 422, 422)],
    "assessment": [get(*API_ITS_OWN, of="card"), patch(401, 404, 404, 428, 428, of="card")],
    "assessment-submit": api_post(401, 404, 404, 428, 428, of="card"),
    "assessment-verify": api_post(*API_KEPT, of="card"),
    "assessment-return": api_post(*API_KEPT, of="card"),
    "instruments": get(*API_SIGNED_IN),
    "instrument": get(*API_SIGNED_IN, of="instrument"),
}
