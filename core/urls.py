"""Home, health and language."""

from django.urls import path

from . import contact, csp_reports, views

app_name = "core"
urlpatterns = [
    path("", views.home, name="home"),
    path("healthz/", views.healthz, name="healthz"),
    path("readyz/", views.readyz, name="readyz"),
    path("csp/", csp_reports.report, name="csp-report"),
    path(".well-known/security.txt", contact.security_txt, name="security-txt"),
    path("bahasa/", views.language, name="language"),
]
