"""Addresses of the worker, the manifest and the shells. They say nothing about anybody."""

from django.urls import path

from . import shell_views

urlpatterns = [
    path("sw.js", shell_views.worker, name="phone-worker"),
    path("manifest.webmanifest", shell_views.manifest, name="phone-manifest"),
    path("desa/cangkang/", shell_views.all_shells, name="phone-shells"),
    path("desa/cangkang/<slug:page>/", shell_views.shell, name="phone-shell"),
]
