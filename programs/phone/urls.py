"""The village head's phone: what lies under /desa/ works without signal too."""

from django.urls import include, path

from ..views import activities
from . import counter, facilitator, help_views, nothing_views, views

urlpatterns = [
    path("desa/", views.home, name="phone-home"),
    path("desa/catat/", activities.activity_create, {"phone": True}, name="phone-record"),
    path("desa/hitung/", counter.counter, name="phone-counter"),
    path("desa/kegiatan/", views.records, name="phone-records"),
    path("desa/kegiatan/<uuid:uid>/", activities.activity_detail, name="phone-detail"),
    path(
        "desa/kegiatan/<uuid:uid>/perbaiki/",
        activities.activity_correct,
        {"phone": True},
        name="phone-correct",
    ),
    path("desa/bukti/", views.receipt, name="phone-receipt"),
    path("desa/kotak-kirim/", views.outbox, name="phone-outbox"),
    path("desa/nihil/", nothing_views.nothing, name="phone-nothing"),
    path("pendamping/", facilitator.home, name="facilitator-home"),
    path("desa/bantuan/", help_views.phone_help, name="phone-help"),
    path("", include("programs.phone.shell_urls")),
]
