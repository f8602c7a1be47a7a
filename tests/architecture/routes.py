"""What every address answers to five people. A route without a row here fails the build.

The five, in this order: anonymous; a stranger with an account and no grant; the neighbour, head
of another village; the owner, head of the village that the object belongs to; the officer of the
regency. Keys are route names; `*` stands for any ending.

`of=` names the object behind the address when the route's name does not tell (see World in
test_routes.py); `at=` is the address itself for a route without a name. A route that answers
several methods has a list of rows.
"""

from .expected import (
    API_SIGNED_IN,
    EVERYONE,
    ITS_OWN,
    NOBODY,
    OFFICE,
    SIGNED_IN,
    Row,
    api_post,
    get,
    post,
)
from .plan_routes import PLAN_ROUTES
from .privacy_routes import PRIVACY_ROUTES
from .register_routes import REGISTER_ROUTES

ROUTES: dict[str, Row | list[Row]] = {
    "core:home": get(302, 200, 302, 302, 302),
    "core:healthz": get(*EVERYONE),
    "core:readyz": get(*EVERYONE),
    "core:csp-report": [
        get(405, 405, 405, 405, 405),
        post(204, 204, 204, 204, 204),  # whatever came: it tells a sender nothing
    ],
    "core:security-txt": get(*EVERYONE),
    "core:language": post(302, 302, 302, 302, 302, language="en"),
    # Signing in: who is in has no business there.
    "accounts:login": [get(200, 302, 302, 302, 302), post(422, 302, 302, 302, 302)],
    "accounts:logout": [get(405, 405, 405, 405, 405), post(302, 302, 302, 302, 302)],
    "accounts:password-change": [get(*SIGNED_IN), post(302, 422, 422, 422, 422)],
    "accounts:second-factor": [get(*NOBODY), post(*NOBODY)],
    "accounts:second-factor-setup": [get(302, 302, 302, 302, 200), post(302, 302, 302, 302, 422)],
    # People and their grants: the office alone.
    "accounts:people": get(*OFFICE),
    "accounts:audit": get(*OFFICE),
    "accounts:person": get(*OFFICE),
    "accounts:person-create": [get(*OFFICE), post(302, 403, 403, 403, 422)],
    "accounts:person-edit": [get(*OFFICE), post(302, 403, 403, 403, 422)],
    "accounts:person-disable": [get(*OFFICE), post(302, 403, 403, 403, 302)],
    "accounts:person-enable": post(302, 403, 403, 403, 302),
    "accounts:person-password": [get(*OFFICE), post(302, 403, 403, 403, 200)],
    "accounts:person-second-factor": [get(*OFFICE), post(302, 403, 403, 403, 302)],
    "accounts:grant-create": [
        get(*OFFICE, of="person"),
        post(302, 403, 403, 403, 422, of="person"),
    ],
    "accounts:grant-end": [get(*OFFICE), post(302, 403, 403, 403, 422)],
    # Phones: who may put whom on one, and what each sees of her own.
    "accounts:person-link": [get(*OFFICE), post(302, 403, 403, 403, 200)],
    "accounts:link-revoke": post(302, 403, 403, 403, 302, of="link"),
    "accounts:head-change": [get(*OFFICE, of="grant"), post(302, 403, 403, 403, 422, of="grant")],
    "accounts:link-open": get(*EVERYONE, of="secret"),
    "accounts:link-use": [get(410, 410, 410, 410, 410), post(410, 410, 410, 410, 410)],
    "accounts:phone-account": get(*SIGNED_IN),
    # Sheets: for those who may record somewhere; each the sender's alone.
    "programs:import-list": [get(302, 403, 200, 200, 200), post(302, 403, 422, 422, 422)],
    "programs:import-template": get(302, 403, 200, 200, 200),
    "programs:import-detail": get(302, 404, 404, 200, 404, of="sheet"),
    "programs:import-errors": get(302, 404, 404, 200, 404, of="sheet"),
    "programs:import-apply": [
        get(302, 404, 404, 302, 404, of="sheet"),
        post(302, 404, 404, 302, 404, of="sheet"),
    ],
    "programs:import-stop": post(302, 404, 404, 302, 404, of="sheet"),
    "imports": [get(*API_SIGNED_IN), Row((401, 415, 415, 415, 415), "post", json=True)],
    "import-template": get(401, 403, 200, 200, 200),
    "import": get(401, 404, 404, 200, 404, of="sheet"),
    "import-errors": get(401, 404, 404, 200, 404, of="sheet"),
    "import-apply": api_post(401, 404, 404, 409, 404, of="sheet"),
    "import-stop": api_post(401, 404, 404, 200, 404, of="sheet"),
    # Keys for tools: each her own; the owner's key exists for nobody else.
    "accounts:reauthenticate": [get(*SIGNED_IN), post(302, 422, 422, 422, 422)],
    "accounts:token-list": get(*SIGNED_IN),
    "accounts:token-create": [get(*SIGNED_IN), post(302, 422, 422, 422, 422)],
    "accounts:token-revoke": [
        get(302, 404, 404, 200, 404, of="token"),
        post(302, 404, 404, 302, 404, of="token"),
    ],
    "programs:facilitator-home": get(*OFFICE),
    "accounts:device-end": post(302, 404, 404, 302, 302, of="device"),
    # Programs. Whoever has several villages chooses one before the form appears.
    "programs:program-list": get(*SIGNED_IN),
    "programs:program-detail": get(*ITS_OWN),
    "programs:program-create": [get(302, 403, 200, 200, 200), post(302, 403, 422, 422, 422)],
    "programs:program-register": [get(302, 403, 200, 200, 200), post(302, 403, 422, 422, 200)],
    "programs:program-edit": [get(*ITS_OWN), post(302, 404, 404, 422, 422)],
    "programs:program-targets": [get(*ITS_OWN), post(302, 404, 404, 422, 422)],
    "programs:program-state": [get(*ITS_OWN), post(302, 404, 404, 302, 302)],
    # Activities: the village corrects and voids, the office reviews, nobody her own.
    "programs:activity-list": get(*SIGNED_IN),
    "programs:activity-create": [get(302, 403, 200, 200, 200), post(302, 403, 422, 422, 200)],
    "programs:activity-detail": get(*ITS_OWN),
    "programs:activity-receipt": get(*ITS_OWN),
    "programs:activity-correct": [get(*ITS_OWN), post(302, 404, 404, 422, 422)],
    "programs:activity-void": [get(*ITS_OWN), post(302, 404, 404, 422, 422)],
    "programs:activity-verify": post(302, 404, 404, 403, 302),
    "programs:activity-return": [
        get(302, 404, 404, 403, 200),
        post(302, 404, 404, 403, 422),
    ],
    "programs:activity-confirm": post(302, 404, 404, 403, 302),
    "programs:activity-merge": post(302, 404, 404, 404, 404),  # no twin is named
    "programs:review-queue": get(*OFFICE),
    "programs:review-record": get(302, 404, 404, 403, 200, of="activity"),
    # Receipts of what tools sent: for the sender alone.
    "programs:submission-list": get(*SIGNED_IN),
    "programs:submission-detail": get(302, 404, 404, 200, 404, of="sent"),
    # Who reported: each her own villages; numbers to call are for those who follow up.
    "programs:reporting": get(302, 403, 200, 200, 200),
    "programs:reporting-calls": get(*OFFICE),
    "programs:reporting-remind": [
        get(302, 404, 404, 403, 200),
        post(302, 404, 404, 403, 422),
    ],
    "programs:activity-photo-add": [
        get(302, 404, 404, 200, 200),
        post(302, 404, 404, 422, 422),
    ],
    "programs:activity-photo-remove": [get(*ITS_OWN), post(302, 404, 404, 302, 302)],
    # Periods and targets: read by whoever sees a village, closed and set by the office alone.
    "programs:period-list": get(302, 404, 200, 200, 200),
    "programs:period-detail": get(302, 404, 200, 200, 200, of="closed_period"),
    "programs:period-close": [
        get(302, 404, 403, 403, 200, of="open_period"),
        post(302, 404, 403, 403, 302, of="open_period"),
    ],
    "programs:period-revise": [
        get(302, 404, 403, 403, 200, of="closed_period"),
        post(302, 404, 403, 403, 422, of="closed_period"),
    ],
    "programs:period-ask": [
        get(302, 404, 200, 200, 200, of="closed_period"),
        post(302, 404, 422, 422, 422, of="closed_period"),
    ],
    "programs:period-request-answer": [
        get(302, 404, 404, 403, 200, of="correction_request"),
        post(302, 404, 404, 403, 422, of="correction_request"),
    ],
    "programs:target-list": [get(302, 404, 200, 200, 200), post(302, 404, 403, 403, 302)],
    # What phones keep: the same for everybody.
    "programs:phone-worker": get(*EVERYONE),
    "programs:phone-manifest": get(*EVERYONE),
    "programs:phone-shells": get(*EVERYONE),
    "programs:phone-shell": get(*EVERYONE, at="/desa/cangkang/home/"),
    # The village head's phone; what is listed there is hers alone.
    "programs:phone-home": get(302, 302, 200, 200, 200),
    "programs:phone-record": [get(302, 403, 200, 200, 200), post(302, 403, 422, 422, 200)],
    "programs:phone-records": get(*SIGNED_IN),
    "programs:phone-detail": get(*ITS_OWN, of="activity"),
    "programs:phone-correct": [
        get(*ITS_OWN, of="activity"),
        post(302, 404, 404, 422, 422, of="activity"),
    ],
    "programs:phone-receipt": get(*SIGNED_IN),
    "programs:phone-outbox": get(*SIGNED_IN),
    "programs:phone-nothing": [get(302, 403, 200, 200, 200), post(302, 403, 422, 422, 200)],
    "programs:phone-help": get(*SIGNED_IN),
    "dashboards:health": get(*OFFICE),
    "dashboards:phone-results": get(302, 403, 200, 200, 200),
    # Boards.
    "dashboards:board": get(302, 404, 302, 302, 200),
    "dashboards:area": get(*ITS_OWN),
    "dashboards:area-villages": get(302, 404, 404, 404, 200, of="regency_code"),
    "dashboards:compare": get(302, 404, 200, 200, 200),
    "dashboards:program": get(*ITS_OWN),
    "dashboards:standings": get(*SIGNED_IN),
    "dashboards:map": get(302, 404, 404, 404, 200),
    # Kept views: everybody signed in has her own; nobody opens another's.
    "dashboards:start": get(*NOBODY),
    "dashboards:saved-views": [get(*SIGNED_IN), post(302, 422, 422, 422, 422)],
    "dashboards:saved-view": get(302, 404, 404, 302, 404, of="saved_view"),
    "dashboards:saved-view-change": post(302, 404, 404, 302, 404, of="saved_view"),
    "dashboards:saved-view-delete": [
        get(302, 404, 404, 200, 404, of="saved_view"),
        post(302, 404, 404, 302, 404, of="saved_view"),
    ],
    "dashboards:pivot": get(302, 404, 200, 200, 200),
    "dashboards:offices": get(302, 404, 200, 200, 200),
    "dashboards:office": get(302, 404, 200, 200, 200, of="opd"),
    # Webhooks: each the person's own.
    "programs:webhook-list": get(*SIGNED_IN),
    "programs:webhook-create": [get(*SIGNED_IN), post(302, 422, 422, 422, 422)],
    "programs:webhook-detail": get(302, 404, 404, 200, 404, of="hook"),
    "programs:webhook-edit": [
        get(302, 404, 404, 200, 404, of="hook"),
        post(302, 404, 404, 422, 404, of="hook"),
    ],
    "programs:webhook-rotate": [
        get(302, 404, 404, 200, 404, of="hook"),
        post(302, 404, 404, 200, 404, of="hook"),
    ],
    "programs:webhook-switch": post(302, 404, 404, 302, 404, of="hook"),
    "programs:webhook-test": post(302, 404, 404, 302, 404, of="hook"),
    "programs:webhook-redeliver": post(302, 404, 404, 404, 404, of="hook"),
    "programs:webhook-end": [
        get(302, 404, 404, 200, 404, of="hook"),
        post(302, 404, 404, 302, 404, of="hook"),
    ],
    "changes": get(*API_SIGNED_IN),
    "webhooks": [get(*API_SIGNED_IN), api_post(401, 400, 400, 400, 400)],
    "webhook": [
        get(401, 404, 404, 200, 404, of="hook"),
        Row((401, 404, 404, 204, 404), "delete", "hook", json=True),
    ],
    "webhook-rotate": api_post(401, 404, 404, 200, 404, of="hook"),
    "webhook-test": api_post(401, 404, 404, 202, 404, of="hook"),
    "webhook-deliveries": get(401, 404, 404, 200, 404, of="hook"),
    "webhook-redeliver": api_post(401, 404, 404, 404, 404, of="hook"),
    "dashboards:intent": get(302, 404, 200, 200, 200),
    "dashboards:deciding": get(302, 404, 200, 200, 200),
    "dashboards:downloads": get(302, 404, 200, 200, 200),
    # Documents: made and printed where her whole area is; checked by whoever holds the paper.
    "dashboards:reports": get(302, 404, 200, 200, 200),
    "dashboards:report-preview": get(302, 404, 400, 400, 400),
    "dashboards:report-issue": post(302, 404, 422, 422, 422),
    "dashboards:report": get(*ITS_OWN),
    "dashboards:report-file": get(*ITS_OWN),
    "dashboards:one-page": get(302, 404, 404, 404, 200),
    "dashboards:check": get(*EVERYONE),
    "dashboards:check-any": get(*EVERYONE),
    # For everybody, whoever asks. What was published of the sweep's world names no program.
    "dashboards:public-*": get(*EVERYONE),
    "dashboards:public-area": get(*EVERYONE),
    "dashboards:public-program": get(404, 404, 404, 404, 404),
    "dashboards:public-file": get(404, 404, 404, 404, 404, at="/publik/data/desa-2026.csv"),
    "dashboards:public-home": [
        get(*EVERYONE),
        post(405, 405, 405, 405, 405),
    ],
    # The API: 401 instead of a login page. Names and codes of places are public among users.
    "session": get(*API_SIGNED_IN),
    "tokens": [get(*API_SIGNED_IN), api_post(401, 400, 400, 400, 400)],
    "token": Row((401, 404, 404, 204, 404), "delete", "token", json=True),
    "province-list": get(*API_SIGNED_IN),
    "province-detail": get(*API_SIGNED_IN, of="province_code"),
    "regency-list": get(*API_SIGNED_IN),
    "regency-detail": get(*API_SIGNED_IN, of="regency_code"),
    "district-list": get(*API_SIGNED_IN),
    "district-detail": get(*API_SIGNED_IN, of="district_code"),
    "village-list": get(*API_SIGNED_IN),
    "village-detail": get(*API_SIGNED_IN),
    "village-shapes": get(*API_SIGNED_IN),
    "opd-list": get(*API_SIGNED_IN),
    "opd-detail": get(*API_SIGNED_IN, of="opd"),
    "programs": [
        get(*API_SIGNED_IN),
        # Heads and offices manage programs; an empty body is refused by field.
        Row((401, 403, 422, 422, 422), "post", json=True),
    ],
    "program": [
        get(401, 404, 404, 200, 200),
        Row((401, 404, 404, 428, 428), "patch", json=True),  # the version seen is missing
    ],
    "involvement-summary": get(401, 404, 200, 200, 200),  # of one's own area, if there is one
    "involvement-villages": get(*API_SIGNED_IN),
    "involvement-programs": get(*API_SIGNED_IN),
    "reference": get(*API_SIGNED_IN),
    "activities": get(*API_SIGNED_IN),
    "activity-history": get(401, 404, 404, 200, 200),
    "activity-codes": get(*API_SIGNED_IN),
    "activity-code": get(*API_SIGNED_IN, of="activity_code"),
    "activity": [
        get(401, 404, 404, 200, 200),
        Row((401, 404, 404, 428, 428), "patch", json=True),  # the version seen is missing
    ],
    # Review steps: never one's own; the version that was seen is missing.
    "activity-verify": api_post(401, 404, 404, 403, 428),
    "activity-return": api_post(401, 404, 404, 403, 428),
    "activity-void": api_post(401, 404, 404, 428, 428),
    "activity-confirm": api_post(401, 404, 404, 403, 200),
    "submissions": [get(*API_SIGNED_IN), api_post(401, 400, 400, 400, 400)],
    "submission": get(401, 404, 404, 200, 404, of="activity"),
    "activity-photo": [
        get(401, 404, 404, 200, 200),
        Row((401, 404, 404, 415, 415), "put"),
        Row((401, 404, 404, 204, 204), "delete"),
    ],
    # Whoever writes a client reads these before she has a key; they hold no data.
    "schema": get(*EVERYONE),
    "docs": get(*EVERYONE),
    # The admin is for staff; nobody of the five is.
    "admin:*": get(*NOBODY),
    "admin:login": get(302, 403, 403, 403, 403),
    "admin:(?P<url>.*)$": get(*NOBODY, at="/admin/nothing/"),
    "admin:<path:object_id>/": get(*NOBODY, at="/admin/villages/village/1/"),
    **PLAN_ROUTES,
    **REGISTER_ROUTES,
    **PRIVACY_ROUTES,
}
