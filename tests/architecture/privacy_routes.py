"""What the pages about people's own data and about photos answer to the five of the sweep."""

from .expected import OFFICE, SIGNED_IN, Row, get, post

#: A photo that nobody opened to all is there for nobody.
_SHUT = (404, 404, 404, 404, 404)

PRIVACY_ROUTES: dict[str, Row | list[Row]] = {
    "accounts:own-data": [get(*SIGNED_IN), post(302, 422, 422, 422, 422)],
    "accounts:own-data-copy": get(*SIGNED_IN),
    "accounts:person-data": [get(*OFFICE), post(302, 403, 403, 403, 422)],
    "accounts:person-data-copy": get(*OFFICE),
    "accounts:data-request-decide": [
        get(*OFFICE, of="data_request"),
        post(302, 403, 403, 403, 422, of="data_request"),
    ],
    "programs:privacy": [get(*OFFICE), post(302, 403, 403, 403, 422)],
    # The second key lies with the office; her photo has not the first one.
    "programs:activity-photo-publish": post(302, 404, 404, 403, 302),
    "programs:activity-photo-withdraw": [
        get(302, 404, 404, 403, 200),
        post(302, 404, 404, 403, 422),
    ],
    "dashboards:public-photo": get(*_SHUT, of="photo_uid"),
    "dashboards:public-thumbnail": get(*_SHUT, of="photo_uid"),
}
