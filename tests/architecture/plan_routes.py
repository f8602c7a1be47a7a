"""The rows of planning: pages first, then its REST addresses (tests/architecture/routes.py)."""

from .expected import (
    API_SIGNED_IN,
    ITS_OWN,
    OFFICE,
    SIGNED_IN,
    Row,
    api_post,
    get,
    post,
)

PLAN_ROUTES: dict[str, Row | list[Row]] = {
    # Plans: a village's own, the regency's documents and evidence.
    "planning:home": get(302, 403, 200, 200, 200),
    "planning:calendar": get(302, 403, 200, 200, 200),
    "planning:calendar-days": [get(*OFFICE), post(302, 403, 403, 403, 302)],
    "planning:gap-list": get(*SIGNED_IN),
    "planning:gap-new": [get(*OFFICE), post(302, 403, 403, 403, 422)],
    "planning:gap": get(*ITS_OWN, of="gap_draft"),
    "planning:gap-step": [
        get(*ITS_OWN, of="gap_draft"),
        post(302, 404, 404, 422, 422, of="gap_draft"),
    ],
    "planning:gap-submit": [
        get(*ITS_OWN, of="gap_draft"),
        post(302, 404, 404, 409, 409, of="gap_draft"),  # no version was sent
    ],
    "planning:gap-review": [
        get(302, 404, 404, 403, 200, of="gap"),
        post(302, 404, 404, 403, 422, of="gap"),
    ],
    "planning:gap-approve": post(302, 404, 404, 403, 422, of="gap"),
    "planning:gap-check": post(302, 404, 404, 403, 403, of="gap"),  # the planning board's
    "planning:gap-compare": get(*ITS_OWN, of="gap"),
    "planning:gap-withdraw": [
        get(*ITS_OWN, of="gap"),
        post(302, 404, 404, 409, 409, of="gap"),  # no version was sent
    ],
    "planning:gap-revise": [
        get(*ITS_OWN, of="gap_approved"),
        post(302, 404, 404, 422, 422, of="gap_approved"),
    ],
    "planning:gap-results": [
        get(*ITS_OWN, of="gap_approved"),
        post(302, 404, 404, 422, 422, of="gap_approved"),
    ],
    "planning:result-withdraw": [
        get(*ITS_OWN, of="gap_result"),
        post(302, 404, 404, 302, 302, of="gap_result"),
    ],
    "planning:gbs-list": get(*SIGNED_IN),
    "planning:gbs-new": [
        get(*ITS_OWN, of="gap_approved"),
        post(302, 404, 404, 302, 302, of="gap_approved"),
    ],
    "planning:gbs": get(*ITS_OWN, of="gbs_draft"),
    "planning:gbs-edit": [
        get(*ITS_OWN, of="gbs_draft"),
        post(302, 404, 404, 422, 422, of="gbs_draft"),
    ],
    "planning:gbs-move": [
        get(*ITS_OWN, of="gbs_draft"),
        post(302, 404, 404, 422, 422, of="gbs_draft"),
    ],
    "planning:kak-new": [get(*ITS_OWN, of="gbs"), post(302, 404, 404, 302, 302, of="gbs")],
    "planning:kak": get(*ITS_OWN, of="kak"),
    "planning:kak-edit": [get(*ITS_OWN, of="kak"), post(302, 404, 404, 422, 422, of="kak")],
    "planning:kak-move": [get(*ITS_OWN, of="kak"), post(302, 404, 404, 422, 422, of="kak")],
    "planning:village-list": get(302, 403, 200, 200, 200),
    "planning:village-new": [
        get(302, 403, 200, 200, 403),
        post(302, 403, 422, 422, 403),
    ],
    "planning:village": get(*ITS_OWN, of="gap_desa"),
    "planning:village-edit": [
        get(*ITS_OWN, of="gap_desa"),
        post(302, 404, 404, 422, 422, of="gap_desa"),
    ],
    "planning:village-statement": [
        get(*ITS_OWN, of="gap_desa"),
        post(302, 404, 404, 422, 422, of="gap_desa"),
    ],
    "planning:village-sign": [  # nothing to sign yet
        get(302, 404, 404, 403, 403, of="gap_desa"),
        post(302, 404, 404, 403, 403, of="gap_desa"),
    ],
    "planning:gbs-print": get(*ITS_OWN, of="gbs"),
    "planning:gap-print": get(*ITS_OWN, of="gap"),
    "planning:kak-print": get(*ITS_OWN, of="kak"),
    "planning:arg": get(302, 403, 200, 200, 200),
    "planning:line-list": get(*SIGNED_IN),
    "planning:line-new": [get(302, 403, 200, 200, 200), post(302, 403, 422, 422, 422)],
    "planning:line-edit": [get(*ITS_OWN, of="line"), post(302, 404, 404, 422, 422, of="line")],
    "planning:line-remove": [get(*ITS_OWN, of="line"), post(302, 404, 404, 302, 302, of="line")],
    "planning:totals": [get(*SIGNED_IN), post(302, 403, 302, 302, 302)],
    "planning:sheet-new": [get(302, 403, 200, 200, 200), post(302, 403, 422, 422, 422)],
    "planning:sheet*": get(302, 404, 404, 404, 404, of="budget_sheet"),
    "planning:sheet-columns": [
        get(302, 404, 404, 404, 404, of="budget_sheet"),
        post(302, 404, 404, 404, 404, of="budget_sheet"),
    ],
    "planning:sheet-take": post(302, 404, 404, 404, 404, of="budget_sheet"),
    "planning:document-list": get(*OFFICE),
    "planning:document-new": [get(*OFFICE), post(302, 403, 403, 403, 422)],
    "planning:document": get(302, 404, 404, 404, 200, of="document"),
    "planning:document-file": get(302, 404, 404, 404, 200, of="document"),
    "planning:document-remove": [
        get(302, 404, 404, 404, 200, of="document"),
        post(302, 404, 404, 404, 302, of="document"),
    ],
    "planning:binder": get(*OFFICE),
    "planning:binder-zip": get(*OFFICE),
    "planning:evidence-copy": post(302, 403, 403, 403, 302),
    "planning:evidence-new": [get(*OFFICE), post(*OFFICE)],  # it asks for the file first
    "planning:evidence": get(302, 404, 404, 404, 200, of="evidence"),
    "planning:evidence-tags": post(302, 404, 404, 404, 302, of="evidence", year="2026"),
    "planning:evidence-verify": post(302, 404, 404, 404, 302, of="evidence"),
    "planning:evidence-remove": [
        get(302, 404, 404, 404, 200, of="evidence"),
        post(302, 404, 404, 404, 302, of="evidence"),
    ],
    "planning:questions": [get(*OFFICE), post(302, 403, 403, 403, 422)],
    # Plans by REST.
    "gender-analyses": [get(*API_SIGNED_IN), Row((401, 403, 422, 422, 422), "post", json=True)],
    "gender-analysis": [
        get(401, 404, 404, 200, 200, of="gap_draft"),
        Row((401, 404, 404, 428, 428), "patch", of="gap_draft", json=True),
    ],
    "gender-analysis-submit": api_post(401, 404, 404, 428, 428, of="gap_draft"),
    "gender-analysis-return": api_post(401, 404, 404, 403, 428, of="gap"),
    "gender-analysis-approve": api_post(401, 404, 404, 403, 428, of="gap"),
    "gender-analysis-withdraw": api_post(401, 404, 404, 428, 428, of="gap"),
    "gender-analysis-revise": api_post(401, 404, 404, 428, 428, of="gap_approved"),
    "gender-analysis-check": api_post(401, 404, 404, 403, 403, of="gap"),  # the planning board's
    "gender-analysis-refresh": api_post(401, 404, 404, 428, 428, of="gap_draft"),
    "gender-analysis-figures": get(401, 404, 404, 200, 200, of="gap"),
    "gender-analysis-results": [
        get(401, 404, 404, 200, 200, of="gap_approved"),
        api_post(401, 404, 404, 422, 422, of="gap_approved"),
    ],
    "gender-analysis-versions": get(401, 404, 404, 200, 200, of="gap"),
    "gender-analysis-version": get(
        401,
        404,
        404,
        404,
        404,
        at="/api/v1/gender-analyses/0198c6b2-7d3e-7c11-9d0f-3a4be1f0c2aa/versions/1/",
    ),
    "gender-analysis-history": get(401, 404, 404, 200, 200, of="gap"),
    "budget-statements": [get(*API_SIGNED_IN), Row((401, 403, 422, 422, 422), "post", json=True)],
    "budget-statement": [
        get(401, 404, 404, 200, 200, of="gbs_draft"),
        Row((401, 404, 404, 428, 428), "patch", of="gbs_draft", json=True),
    ],
    "budget-statement-submit": api_post(401, 404, 404, 428, 428, of="gbs_draft"),
    "budget-statement-return": api_post(401, 404, 404, 403, 428, of="gbs"),
    "budget-statement-approve": api_post(401, 404, 404, 403, 428, of="gbs"),
    "budget-statement-sign": api_post(401, 404, 404, 428, 403, of="gbs"),  # the village head's
    "budget-statement-history": get(401, 404, 404, 200, 200, of="gbs"),
    "budget-statement-terms": [  # by the statement's uid; none are made yet
        get(401, 404, 404, 404, 404, of="gbs"),
        api_post(401, 404, 404, 201, 201, of="gbs"),
    ],
    "budget-statement-terms-*": api_post(401, 404, 404, 404, 404, of="gbs"),
    "budget-lines": [get(*API_SIGNED_IN), Row((401, 403, 422, 422, 422), "post", json=True)],
    "budget-line": [
        get(401, 404, 404, 200, 200, of="line"),
        Row((401, 404, 404, 428, 428), "patch", of="line", json=True),
    ],
    "gender-budget-summary": get(401, 404, 200, 200, 200),
}
