from django.urls import include, path

from . import download_views, saved_pages, views
from . import map_views as maps
from . import phone_views as phone
from .coverage_views import coverage
from .deciding_views import deciding
from .health_views import health_page
from .intent_views import intent_board
from .office_views import office, office_list
from .pivot_views import pivot
from .standings_views import standings
from .warning_views import warnings

app_name = "dashboards"
urlpatterns = [
    path("ringkasan/", views.board, name="board"),
    path("ringkasan/banding/", views.compare, name="compare"),
    path("wilayah/<str:code>/", views.area, name="area"),
    path("wilayah/<str:code>/desa/", views.area_villages, name="area-villages"),
    path("mulai/", saved_pages.start, name="start"),
    path("tabel-silang/", pivot, name="pivot"),
    path("simpanan/", saved_pages.views, name="saved-views"),
    path("simpanan/<uuid:uid>/", saved_pages.view, name="saved-view"),
    path("simpanan/<uuid:uid>/ubah/", saved_pages.change, name="saved-view-change"),
    path("simpanan/<uuid:uid>/hapus/", saved_pages.delete, name="saved-view-delete"),
    path("unduh/", download_views.downloads, name="downloads"),
    path("peta/", maps.map_page, name="map"),
    path("perjanjian/cakupan/", coverage, name="coverage"),
    path("desa/capaian/", phone.results, name="phone-results"),
    path("capaian/", standings, name="standings"),
    path("opd/", office_list, name="offices"),
    path("opd/<int:pk>/", office, name="office"),
    path("niat-dan-capaian/", intent_board, name="intent"),
    path("pengambilan-keputusan/", deciding, name="deciding"),
    path("peringatan/", warnings, name="warnings"),
    path("kelola/kesehatan/", health_page, name="health"),
    path("", include("dashboards.public.urls")),
    path("", include("dashboards.reports.urls")),
    path("capaian/program/<uuid:uid>/", views.program, name="program"),
]
