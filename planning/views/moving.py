"""The page that asks before a statement or terms move on: sent, sent back, approved, signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from core.errors import Refused, Stale
from programs.views.shared import forbid, form_page

from ..forms.statement import MoveForm, ReturnForm, SignForm, SubmitForm
from ..models import BudgetStatement, TermsOfReference
from ..services.moves import MOVES, REVIEWING, holds, may, program_of, wrote

Paper = BudgetStatement | TermsOfReference

#: The word of the address, and the move it is.
WORDS = {
    "kirim": "submit",
    "kembalikan": "return",
    "setujui": "approve",
    "tandatangani": "sign",
}
#: Moves that nobody makes on what she submitted herself.
#: As what a paper is printed: format of the address, and what it is called.
FORMATS = (("pdf", "PDF"), ("docx", "DOCX"), ("xlsx", "XLSX"))
DONE = {
    "submit": gettext_lazy("It is with the reviewer now."),
    "return": gettext_lazy("It is back at its office, with your remarks."),
    "approve": gettext_lazy("It is approved."),
    "sign": gettext_lazy("It is signed."),
}


class MoveConverter:
    """One of the four words in an address."""

    regex = "|".join(WORDS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        if value not in WORDS:
            raise ValueError(value)
        return value


@dataclass(frozen=True)
class Moving:
    """One kind of paper on its way: its name on screen, its services, and the parts of it that
    can be remarked on (field name, what it is called, step, row)."""

    kind: str
    acts: Mapping[str, Callable[..., None]]
    cells: Callable[[Any], Sequence[tuple]]
    #: The route of its page.
    page: str


def form_of(name: str, paper: Paper, moving: Moving, data=None):
    initial = {"version": paper.version}
    if name == "submit":
        return SubmitForm(data, initial=initial)
    if name == "return":
        return ReturnForm(data, cells=moving.cells(paper), initial=initial)
    if name == "sign":
        in_village = program_of(paper).owner_village_id is not None
        return SignForm(data, paper=paper, in_village=in_village, initial=initial)
    return MoveForm(data, initial=initial)


def move_page(request: HttpRequest, paper: Paper, word: str, moving: Moving) -> HttpResponse:
    """Ask, then do it. 403 to whoever may not, in words; 409 when somebody was faster."""
    name = WORDS[word]
    if not holds(request.user, MOVES[name].needs, paper):
        raise PermissionDenied
    if name in REVIEWING and wrote(paper, request.user):
        context = {"paper": paper, "name": name, "kind": moving.kind, "page": moving.page}
        return render(request, "planning/gbs_move.html", context | {"own": True}, status=403)
    form = form_of(name, paper, moving, request.POST or None)
    if form.is_valid():
        try:
            _do(moving, name, paper, form, request.user)
        except Refused as refusal:
            _take(form, refusal, paper)
        else:
            messages.success(request, DONE[name])
            return redirect(moving.page, paper.pk)
    context = {
        "paper": paper,
        "name": name,
        "kind": moving.kind,
        "page": moving.page,
        "allowed": paper.state in MOVES[name].sources,
    }
    return form_page(request, "planning/gbs_move.html", form, **context)


def _do(moving: Moving, name: str, paper: Paper, form, actor) -> None:
    said: dict[str, Any] = {"actor": actor, "version": form.cleaned_data["version"]}
    if name == "return":
        said |= {"remarks": form.remarks(), "note": form.cleaned_data["note"]}
    elif name == "approve":
        said["note"] = form.cleaned_data["note"].strip()
    elif name == "sign":
        said["signature"] = form.signature()
    moving.acts[name](paper, **said)


def _take(form, refusal: Refused, paper: Paper) -> None:
    forbid(refusal)
    form.refuse(refusal)
    paper.refresh_from_db()
    if isinstance(refusal, Stale):
        form.renew(paper.version)


def is_own(user, paper: Paper) -> bool:
    """It waits for a review that she could make, had she not written or submitted it herself."""
    return may(user, "approve", paper) and wrote(paper, user)


def moves_for(user, paper: Paper) -> list[str]:
    """The words of the moves that stand open to her now, her own writing left out."""
    mine = wrote(paper, user)
    return [
        word
        for word, name in WORDS.items()
        if may(user, name, paper) and not (mine and name in REVIEWING)
    ]
