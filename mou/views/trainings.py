"""Pages of trainings: the list with its sums, a new one, changing one, taking one out."""

from __future__ import annotations

import django_filters as filters
from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.downloads import asked_format, download, formats_for
from core.errors import Refused, Stale
from programs.filters.shared import MOST_LETTERS, ListFilter, YearFilter
from programs.views.shared import forbid, form_page, page_of, require, version_of

from ..body_tables import trainings_table
from ..forms.institution import TrainingForm
from ..institutions import trained_by_year
from ..models import Training
from ..rights import KEEP, keeps
from ..services.institutions import add_training, change_training, remove_training
from .institutions import readable, regency_of


class TrainingFilter(ListFilter):
    """Trainings by words and year."""

    unasked = ("ordering", "kabupaten")

    search = filters.CharFilter(
        label=gettext_lazy("Search"),
        field_name="title",
        lookup_expr="icontains",
        max_length=MOST_LETTERS,
    )
    year = YearFilter(label=gettext_lazy("Year"), field_name="held_on__year")

    class Meta:
        model = Training
        fields: tuple[str, ...] = ()


@require_safe
def training_list(request):
    regency = regency_of(request, readable(request.user))
    rows = _trainings(request).filter(regency=regency).annotate(named=Count("members"))
    rows = rows.order_by("-held_on", "uid")
    found = TrainingFilter(request.GET, queryset=rows, request=request)
    problem = not found.form.is_valid()
    shown = found.qs.none() if problem else found.qs
    if not problem and (fmt := asked_format(request)):
        return download(trainings_table(shown, timezone.now()), fmt, request=request)
    page = page_of(request, shown)
    context = {
        "filter": found,
        "form": found.form,
        "page": page,
        "years": trained_by_year(shown),
        "formats": formats_for(page.paginator.count),
        "may_keep": keeps(request.user, regency),
    }
    return render(request, "mou/training_list.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def training_new(request):
    regency = regency_of(request, request.user.regencies_with(KEEP))
    form = TrainingForm(request.POST or None, regency=regency, today=timezone.localdate())
    if form.is_valid():
        try:
            add_training(form.training(), actor=request.user, members=form.came())
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The training is on file."))
            return redirect("mou:training-list")
    return form_page(request, "mou/training_form.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
def training_edit(request, uid):
    training = _training_or_404(request, uid)
    form = TrainingForm(
        request.POST or None,
        regency=training.regency,
        today=timezone.localdate(),
        instance=training,
    )
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        came = form.came() if "members" in form.fields else None
        try:
            change_training(form.training(), actor=request.user, version=version, members=came)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The change is stored."))
            return redirect("mou:training-list")
    return form_page(request, "mou/training_form.html", form, training=training)


@require_http_methods(["GET", "HEAD", "POST"])
def training_remove(request, uid):
    training = _training_or_404(request, uid)
    if request.method != "POST":
        return render(request, "mou/training_remove.html", {"training": training})
    try:
        remove_training(training, actor=request.user, version=version_of(request))
    except Stale as refusal:
        messages.error(request, refusal.problems[0].detail)
        return redirect("mou:training-edit", training.pk)
    messages.success(request, _("The training is taken out."))
    return redirect("mou:training-list")


def _trainings(request):
    return Training.objects.visible_to(request.user).filter(removed_at=None)


def _training_or_404(request, uid) -> Training:
    training = get_object_or_404(_trainings(request).select_related("regency"), pk=uid)
    require(keeps(request.user, training.regency))
    return training


urlpatterns = [
    path("kelembagaan/pelatihan/", training_list, name="training-list"),
    path("kelembagaan/pelatihan/baru/", training_new, name="training-new"),
    path("kelembagaan/pelatihan/<uuid:uid>/ubah/", training_edit, name="training-edit"),
    path("kelembagaan/pelatihan/<uuid:uid>/hapus/", training_remove, name="training-remove"),
]
