"""What the portal says while the database or the disk is in trouble: later, and when."""

from __future__ import annotations

import errno

import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.test import RequestFactory

from core import trouble
from core.problems import is_full, is_unavailable, problem_handler

pytestmark = pytest.mark.once


def said(fault: BaseException, path: str):
    request = RequestFactory().get(path)
    try:
        raise fault
    except type(fault):
        return trouble.broken(request)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (OperationalError("the database system is starting up"), 503),
        (InterfaceError("connection already closed"), 503),
        (DatabaseError("server closed the connection unexpectedly"), 503),  # in the middle of COPY
        (OSError(errno.ENOSPC, "No space left on device"), 507),
        (IntegrityError("duplicate key"), 500),
        (OSError(errno.ENOENT, "No such file"), 500),
        (ValueError("ours"), 500),
    ],
)
def test_page_and_problem_say_the_same(fault, status):
    page, problem = said(fault, "/desa/"), said(fault, "/api/v1/activities/")
    assert (page.status_code, problem.status_code) == (status, status)
    assert problem["Content-Type"] == "application/problem+json"
    assert page["Content-Type"].startswith("text/html")
    for answer in (page, problem):
        assert ("Retry-After" in answer) == (status != 500)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (DatabaseError("server closed the connection unexpectedly"), "unavailable"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "no_room"),
    ],
)
def test_view_of_the_api_answers_in_kind(fault, code):
    answer = problem_handler(fault, {"request": RequestFactory().get("/api/v1/activities/")})
    assert f'"code": "{code}"'.encode() in answer.content
    assert int(answer["Retry-After"]) > 0


def test_a_fault_of_the_statement_is_ours():
    assert not is_unavailable(IntegrityError())
    assert not is_unavailable(Http404())
    assert not is_full(OSError(errno.EACCES, "Permission denied"))
