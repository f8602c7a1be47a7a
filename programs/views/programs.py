"""Pages of programs: the list, one program, the forms, the villages' targets, the state."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.downloads import asked_format, download, formats_for
from core.errors import Refused, Stale
from villages.models import District, Village

from .. import exports
from ..filters import ProgramFilter
from ..forms import ProgramForm, RegisterForm, TargetsForm
from ..forms.register import activity_codes
from ..models import Activity, Program, ProgramState
from ..services import (
    change_program,
    create_program,
    register_village_program,
    set_program_state,
)
from ..services.programs import MOVES
from .shared import (
    OWNERS,
    chosen_village,
    forbid,
    form_page,
    manages,
    page_of,
    pick_village,
    program_or_404,
    require,
    take_refusal,
    version_of,
)


@require_safe
def program_list(request):
    rows = Program.objects.visible_to(request.user).select_related(*OWNERS)
    rows = rows.annotate(reach=Count("targets", distinct=True)).order_by("title", "uid")
    found = ProgramFilter(request.GET, queryset=rows, request=request)
    problem = not found.form.is_valid()
    if not problem and (fmt := asked_format(request)):
        table = exports.programs_table(found.qs, found, timezone.now())
        return download(table, fmt, request=request)
    page = page_of(request, found.qs.none() if problem else found.qs)
    context = {
        "filter": found,
        "form": found.form,
        "page": page,
        "formats": formats_for(page.paginator.count),
        "may_manage": "manage_programs" in request.user.capabilities,
    }
    return render(request, "programs/program_list.html", context, status=422 if problem else 200)


@require_safe
def program_detail(request, uid):
    program = program_or_404(request, uid)
    seen = Village.objects.visible_to(request.user)
    targets = program.targets.filter(village__in=seen).select_related("village__district")
    recent = Activity.objects.visible_to(request.user).live().filter(program=program)
    may_manage = manages(request.user, program)
    context = {
        "program": program,
        "targets": page_of(request, targets),
        "recent": recent.with_places()[:5],
        "may_manage": may_manage,
        "moves": _moves(program) if may_manage else [],
        "may_record": _may_record(request.user, program),
    }
    return render(request, "programs/program_detail.html", context)


def _moves(program: Program) -> list[str]:
    """Where the program may go from here, in the order of a program's life."""
    return [state for state in ProgramState.values if state in MOVES[program.state]]


def _may_record(user, program: Program) -> bool:
    hers = Village.objects.permitting(user, "log")
    running = program.state == ProgramState.ACTIVE
    return running and program.targets.filter(village__in=hers).exists()


@require_http_methods(["GET", "HEAD", "POST"])
def program_create(request):
    require("manage_programs" in request.user.capabilities)
    form = ProgramForm(request.POST or None, user=request.user)

    def make() -> Program:
        return create_program(form.instance, form.targets(), actor=request.user)

    done = _("The program is on file as a draft.")
    if form.is_valid() and (made := _made(request, form, make, done)):
        return redirect("programs:program-detail", made.pk)
    return form_page(request, "programs/program_form.html", form)


def _made(request, form, make: Callable[[], Program], done: str) -> Program | None:
    """The program this form makes, or made when it was pressed first; None: it says why not."""
    try:
        program = make()
    except Refused as refusal:
        before = Program.objects.visible_to(request.user).filter(
            pk=form.cleaned_data["uid"], created_by=request.user
        )
        if refusal.code == "already_there" and before:
            messages.info(request, refusal.problems[0].detail)
            return before[0]
        forbid(refusal)
        form.refuse(refusal)
        return None
    messages.success(request, done)
    return program


@require_http_methods(["GET", "HEAD", "POST"])
def program_edit(request, uid):
    program = program_or_404(request, uid)
    require(manages(request.user, program))
    form = ProgramForm(request.POST or None, user=request.user, instance=program)
    if form.is_valid():
        try:
            return _changed(request, program, form.targets(), form.cleaned_data["version"] or 0)
        except Refused as refusal:
            take_refusal(form, refusal, program)
    return form_page(request, "programs/program_form.html", form, program=program)


def _changed(request, program: Program, targets, version: int):
    change_program(program, targets, actor=request.user, version=version)
    messages.success(request, _("The changes to the program are saved."))
    return redirect("programs:program-detail", program.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def program_targets(request, uid):
    """What is aimed at, one district at a time."""
    program = program_or_404(request, uid)
    require(manages(request.user, program))
    districts = District.objects.filter(villages__targets__program=program).distinct()
    district = districts.filter(code=request.GET.get("district", "")).first() or districts.first()
    rows = program.targets.select_related("village__district")
    form = TargetsForm(
        request.POST or None,
        rows=rows.filter(village__district=district),
        initial={"version": program.version},
    )
    if form.is_valid():
        targets = form.targets(rows.exclude(village__district=district))
        try:
            return _changed(request, program, targets, form.cleaned_data["version"])
        except Refused as refusal:
            take_refusal(form, refusal, program)
    context = {"program": program, "districts": districts, "district": district}
    return form_page(request, "programs/program_targets.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def program_state(request, uid, state):
    """Ask before a program starts, ends or is called off; then do it."""
    program = program_or_404(request, uid)
    require(manages(request.user, program))
    if state not in ProgramState.values:
        raise Http404
    if request.method == "POST":
        _move(request, program, state)
        return redirect("programs:program-detail", program.pk)
    live = program.activities.live()
    context = {"program": program, "state": state, "activities": live.count()}
    context["allowed"] = state in MOVES[program.state]
    return render(request, "programs/program_state.html", context)


def _move(request, program: Program, state: str) -> None:
    try:
        set_program_state(program, state, actor=request.user, version=version_of(request))
    except Stale as refusal:
        messages.warning(request, refusal.problems[0].detail)
    except Refused as refusal:
        forbid(refusal)
        messages.error(request, refusal.problems[0].detail)
    else:
        messages.success(request, _("The state of the program is changed."))


def _register_form(request, village: Village) -> RegisterForm:
    """As sent, or with the activity picked from the list beside what was typed so far."""
    if "pick" in request.POST:
        return RegisterForm(
            village=village, initial=request.POST.dict() | {"code": request.POST["pick"]}
        )
    code = request.GET.get("code", "")
    return RegisterForm(request.POST or None, village=village, initial={"code": code})


@require_http_methods(["GET", "HEAD", "POST"])
def program_register(request):
    """A village's own program in one short form."""
    villages = Village.objects.permitting(request.user, "manage_programs").live()
    village = chosen_village(request, villages)
    if village is None:
        return pick_village(request, villages)
    form = _register_form(request, village)

    def make() -> Program:
        code = form.cleaned_data["code"]
        return register_village_program(village, code, actor=request.user, **form.values())

    done = _("The program is on file and runs. Record its activities.")
    if form.is_valid() and (made := _made(request, form, make, done)):
        return redirect("programs:program-detail", made.pk)
    context = {"village": village, "codes": activity_codes()}
    return form_page(request, "programs/program_register.html", form, **context)
