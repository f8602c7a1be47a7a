from django.urls import path

from . import views

urlpatterns = [
    path("laporan/", views.reports, name="reports"),
    path("laporan/pratinjau/", views.preview, name="report-preview"),
    path("laporan/terbitkan/", views.issue, name="report-issue"),
    path("laporan/<str:report>/", views.report, name="report"),
    path("laporan/<str:report>/berkas.<str:ending>", views.report_file, name="report-file"),
    path("satu-halaman/", views.one_page, name="one-page"),
    path("cek/", views.check_any, name="check-any"),
    path("cek/<str:report>/", views.check, name="check"),
]
