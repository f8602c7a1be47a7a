"""Errors of the API: one shape, for every way a request can go wrong."""

import base64
import json

import django_filters
import pytest
from django.http import Http404
from django.urls import include, path
from rest_framework import generics, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import CursorPages, NumberPages, StrictFilterBackend
from core.errors import Problem, Refused, Stale
from core.models import AuditEntry
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "request_id", "errors"}


class ItemSerializer(serializers.Serializer):
    women = serializers.IntegerField(min_value=0)


class BatchSerializer(serializers.Serializer):
    name = serializers.CharField()
    items = ItemSerializer(many=True)


class Trouble(APIView):
    """POST reads a batch; GET goes wrong as asked."""

    def get(self, request):
        raise {
            "missing": Http404(),
            "refused": Refused(Problem("women", "negative", "Fill in 0 or more.")),
            "stale": Stale(Problem("", "already_verified", "Someone was faster.")),
            "broken": ZeroDivisionError(),
        }[request.query_params["as"]]

    def post(self, request):
        batch = BatchSerializer(data=request.data)
        batch.is_valid(raise_exception=True)
        return Response(batch.validated_data)


class EntrySerializer(serializers.ModelSerializer):
    class Meta:
        model = AuditEntry
        fields = ["id", "action", "object_type"]


class EntryFilter(django_filters.FilterSet):
    held_on = django_filters.DateFromToRangeFilter(field_name="at")

    class Meta:
        model = AuditEntry
        fields = ["action"]


class Entries(generics.ListAPIView):
    queryset = AuditEntry.objects.all()
    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    filter_backends = [StrictFilterBackend]
    pagination_class = CursorPages
    ordering_fields = ["object_type", "action"]
    extra_parameters = {"dry_run"}


class NumberedEntries(Entries):
    pagination_class = NumberPages


urlpatterns = [
    path("api/v1/trouble/", Trouble.as_view()),
    path("api/v1/entries/", Entries.as_view()),
    path("api/v1/numbered/", NumberedEntries.as_view()),
    path("", include("pug_portal.urls")),
]
handler400 = "core.trouble.bad_request"
handler403 = "core.trouble.forbidden"
handler404 = "core.trouble.not_found"
handler500 = "core.trouble.broken"


@pytest.fixture
def signed_in(client):
    client.force_login(make.person())
    return client


def problem(answer, status: int, code: str) -> dict:
    """The problem document, after checking its shape."""
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == MEMBERS
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"urn:pug:problem:{code}"
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == answer["X-Request-ID"]
    return body


@pytest.mark.asvs("8.2.1")
def test_anonymous_401(client):
    body = problem(client.get("/api/v1/trouble/?as=missing"), 401, "not_authenticated")
    assert body["instance"] == "/api/v1/trouble/"


def test_no_such_row_404(signed_in):
    problem(signed_in.get("/api/v1/trouble/?as=missing"), 404, "not_found")


@pytest.mark.parametrize("address", ["/api/v1/nothing/", "/api/", "/api/v2/session/"])
def test_no_such_address_404(client, address):
    problem(client.get(address), 404, "not_found")


def test_page_outside_the_api_stays_a_page(client):
    assert client.get("/nothing/")["Content-Type"].startswith("text/html")


def test_method_405(signed_in):
    answer = signed_in.delete("/api/v1/trouble/")
    problem(answer, 405, "method_not_allowed")
    assert "POST" in answer["Allow"]


def test_format_406(signed_in):
    answer = signed_in.get("/api/v1/session/", headers={"accept": "image/png"})
    problem(answer, 406, "not_acceptable")


def test_content_type_415(signed_in):
    answer = signed_in.post("/api/v1/trouble/", "a=1", content_type="text/plain")
    problem(answer, 415, "unsupported_media_type")


def test_broken_json_400(signed_in):
    answer = signed_in.post("/api/v1/trouble/", "{", content_type="application/json")
    problem(answer, 400, "parse_error")


@pytest.mark.asvs("5.2.1")
def test_body_over_one_megabyte_413(signed_in):
    body = json.dumps({"name": "x" * 1_000_001})
    answer = signed_in.post("/api/v1/trouble/", body, content_type="application/json")
    problem(answer, 413, "body_too_large")


def test_every_wrong_value_is_pointed_at(signed_in):
    sent = {"items": [{"women": 1}, {"women": -1}, {"women": "x"}]}
    answer = signed_in.post("/api/v1/trouble/", sent, content_type="application/json")

    errors = problem(answer, 400, "invalid")["errors"]

    assert [(error["pointer"], error["code"]) for error in errors] == [
        ("/name", "required"),
        ("/items/1/women", "min_value"),
        ("/items/2/women", "invalid"),
    ]
    assert all(error["detail"] for error in errors)


def test_body_that_is_no_object(signed_in):
    answer = signed_in.post("/api/v1/trouble/", "[1]", content_type="application/json")
    assert problem(answer, 400, "invalid")["errors"][0]["pointer"] == ""


def test_service_refusal_422_and_stale_409(signed_in):
    refused = problem(signed_in.get("/api/v1/trouble/?as=refused"), 422, "negative")
    assert refused["errors"] == [
        {"pointer": "/women", "code": "negative", "detail": "Fill in 0 or more."}
    ]
    problem(signed_in.get("/api/v1/trouble/?as=stale"), 409, "already_verified")


@pytest.mark.asvs("16.5.1")
def test_unforeseen_500_tells_nothing(signed_in):
    signed_in.raise_request_exception = False
    body = problem(signed_in.get("/api/v1/trouble/?as=broken"), 500, "server_error")
    assert "ZeroDivision" not in str(body)


@pytest.mark.asvs("3.5.2")
def test_missing_csrf_token_403(client):
    client.handler.enforce_csrf_checks = True
    client.force_login(make.person())
    answer = client.post("/api/v1/trouble/", "{}", content_type="application/json")
    problem(answer, 403, "csrf_failed")


@pytest.mark.asvs("4.1.2")
def test_plain_http_403_and_no_redirect(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    problem(client.get("/api/v1/session/"), 403, "https_only")
    assert client.get("/masuk/").status_code == 301
    assert client.get("/api/v1/session/", secure=True).status_code == 401


@pytest.mark.parametrize(
    ("language", "title"), [("id", "Tidak ditemukan"), ("en", "Not found"), ("", "Tidak ditemukan")]
)
def test_title_follows_the_language_of_the_caller(client, language, title):
    answer = client.get("/api/v1/nothing/", headers={"accept-language": language})
    assert problem(answer, 404, "not_found")["title"] == title


# -- Pages and filters ---------------------------------------------------------
@pytest.fixture
def entries(signed_in):
    AuditEntry.objects.bulk_create(
        AuditEntry(action=f"a{n % 7}", object_type="same", object_id=n) for n in range(130)
    )
    return signed_in


def walk(client, address: str, way: str = "next") -> list[list[int]]:
    """Row ids page by page, following the links."""
    pages = []
    while address:
        body = client.get(address).json()
        pages.append([row["id"] for row in body["results"]])
        address = body[way]
    return pages


@pytest.mark.parametrize("ordering", ["", "&ordering=object_type", "&ordering=-action"])
def test_cursor_walks_over_every_row_once(entries, ordering):
    pages = walk(entries, f"/api/v1/entries/?limit=20{ordering}")

    assert [len(page) for page in pages] == [20] * 6 + [10]
    assert len({row for page in pages for row in page}) == 130


def test_cursor_walks_back_over_the_same_pages(entries):
    forward = walk(entries, "/api/v1/entries/?limit=20&ordering=-action")
    address = "/api/v1/entries/?limit=20&ordering=-action"
    while following := entries.get(address).json()["next"]:
        address = following

    assert walk(entries, address, "previous") == forward[::-1]


def test_row_arriving_meanwhile_moves_no_page(entries):
    first = entries.get("/api/v1/entries/?limit=20").json()
    AuditEntry.objects.create(action="new", object_type="same", object_id="new")

    second = entries.get(first["next"]).json()["results"]

    assert second[0]["id"] == first["results"][-1]["id"] - 1


@pytest.mark.parametrize("address", ["/api/v1/entries/", "/api/v1/numbered/"])
@pytest.mark.parametrize(
    ("limit", "rows"),
    [
        ("", 50),
        ("1", 1),
        ("200", 130),
        ("0", 0),
        ("201", 0),
        ("-1", 0),
        ("x", 0),
        ("0000000019999999", 0),
        pytest.param("1" + "9" * 5000, 0, id="thousands of figures"),
    ],
)
def test_limit_is_1_to_200(entries, address, limit, rows):
    answer = entries.get(address + (f"?limit={limit}" if limit else ""))

    if rows:
        assert len(answer.json()["results"]) == rows
    else:
        assert problem(answer, 400, "out_of_range")["errors"][0]["pointer"] == "/limit"


@pytest.mark.parametrize("cursor", ["x", "!!!", "W10", "WyJuIiwgInRydWUiXQ", "é", "", "bnVsbA"])
def test_broken_cursor_400(entries, cursor):
    problem(entries.get(f"/api/v1/entries/?cursor={cursor}"), 400, "invalid_cursor")


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        r'["n", "\ud800", 5]',
        r'["n", "a", "\ud800"]',
        r'["n", "a\u0000", 5]',
        '["n", true, true]',
        '["n", "a", 1' + "0" * 5000 + "]",
        pytest.param("[" * 3000, id="deep"),
    ],
)
def test_hostile_cursor_400(entries, text):
    address = f"/api/v1/entries/?ordering=action&cursor={cursor(text)}"
    problem(entries.get(address), 400, "invalid_cursor")


def test_cursor_of_another_kind_400(entries):
    foreign = "WyJuIiwgImFiYyIsICJ4eXoiXQ"  # ["n", "abc", "xyz"]: pk is no number
    problem(entries.get(f"/api/v1/entries/?cursor={foreign}"), 400, "invalid_cursor")


@pytest.mark.asvs("15.3.7")
@pytest.mark.parametrize("name", ["village", "Action", "held_on", "page", "order"])
def test_unknown_parameter_400_names_it(entries, name):
    body = problem(entries.get(f"/api/v1/entries/?{name}=1"), 400, "unknown_parameter")
    assert body["errors"][0]["pointer"] == f"/{name}"


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("action=a1", 19),
        ("held_on_after=2000-01-01&held_on_before=2100-01-01", 50),
        ("held_on_after=2100-01-01", 0),
        ("dry_run=1", 50),
        ("ordering=action", 50),
    ],
)
def test_known_parameters_count(entries, query, rows):
    assert len(entries.get(f"/api/v1/entries/?{query}").json()["results"]) == rows


def test_filter_that_cannot_be_read_400(entries):
    body = problem(entries.get("/api/v1/entries/?held_on_after=x"), 400, "invalid")
    assert body["errors"][0]["pointer"] == "/held_on"


def test_unknown_ordering_400(entries):
    problem(entries.get("/api/v1/entries/?ordering=changes"), 400, "unknown_ordering")


def test_numbered_pages_count_and_end(entries):
    first = entries.get("/api/v1/numbered/?limit=100").json()
    assert (first["count"], first["previous"]) == (130, None)

    last = entries.get(first["next"]).json()
    assert (len(last["results"]), last["next"]) == (30, None)
    problem(entries.get("/api/v1/numbered/?limit=100&page=3"), 404, "not_found")
