"""Programs, activities, review: paths in Indonesian, names in English."""

from django.urls import include, path

from .views import (
    activities,
    involvement_targets,
    nudges,
    period_requests,
    periods,
    photos,
    programs,
    reporting,
    reviews,
)

app_name = "programs"
urlpatterns = [
    path("", include("programs.phone.urls")),
    path("program/", programs.program_list, name="program-list"),
    path("program/baru/", programs.program_create, name="program-create"),
    path("program/desa/baru/", programs.program_register, name="program-register"),
    path("program/<uuid:uid>/", programs.program_detail, name="program-detail"),
    path("program/<uuid:uid>/ubah/", programs.program_edit, name="program-edit"),
    path("program/<uuid:uid>/desa/", programs.program_targets, name="program-targets"),
    path("program/<uuid:uid>/status/<slug:state>/", programs.program_state, name="program-state"),
    path("kegiatan/", activities.activity_list, name="activity-list"),
    path("kegiatan/catat/", activities.activity_create, name="activity-create"),
    path("kegiatan/<uuid:uid>/", activities.activity_detail, name="activity-detail"),
    path("kegiatan/<uuid:uid>/bukti/", activities.activity_receipt, name="activity-receipt"),
    path("kegiatan/<uuid:uid>/perbaiki/", activities.activity_correct, name="activity-correct"),
    path("kegiatan/<uuid:uid>/batalkan/", activities.activity_void, name="activity-void"),
    path("kegiatan/<uuid:uid>/foto/", photos.photo_add, name="activity-photo-add"),
    path(
        "kegiatan/<uuid:uid>/foto/<uuid:photo_uid>/hapus/",
        photos.photo_remove,
        name="activity-photo-remove",
    ),
    path("kegiatan/<uuid:uid>/terima/", reviews.activity_verify, name="activity-verify"),
    path("kegiatan/<uuid:uid>/minta-perbaikan/", reviews.activity_return, name="activity-return"),
    path("kegiatan/<uuid:uid>/benarkan/", reviews.activity_confirm, name="activity-confirm"),
    path("kegiatan/<uuid:uid>/sama/", reviews.activity_merge, name="activity-merge"),
    path("pelaporan/", reporting.reporting, name="reporting"),
    path("pelaporan/hubungi/", reporting.call_list, name="reporting-calls"),
    path("pelaporan/<str:code>/ingatkan/", nudges.remind, name="reporting-remind"),
    path("periksa/", reviews.review_queue, name="review-queue"),
    path("periksa/<uuid:uid>/", reviews.review_record, name="review-record"),
    path("kelola/periode/", periods.period_list, name="period-list"),
    path(
        "kelola/periode/permintaan/<uuid:pk>/",
        period_requests.request_answer,
        name="period-request-answer",
    ),
    path("kelola/periode/<slug:code>/", periods.period_detail, name="period-detail"),
    path("kelola/periode/<slug:code>/tutup/", periods.period_close, name="period-close"),
    path("kelola/periode/<slug:code>/revisi/", periods.period_revise, name="period-revise"),
    path("kelola/periode/<slug:code>/minta/", period_requests.period_ask, name="period-ask"),
    path("kelola/target/", involvement_targets.target_list, name="target-list"),
]
