"""Addresses of the public pages; those of files are kept for good."""

from django.urls import path, re_path

from . import photos, views

_FILE = r"^publik/data/(?P<name>[a-z]+(?:-[a-z]+)*)-(?P<period>\d{4}(?:-S[12])?)\.(?P<kind>[a-z]+)$"

urlpatterns = [
    path("publik/", views.home, name="public-home"),
    path("publik/wilayah/", views.places, name="public-places"),
    path("publik/wilayah/<str:code>/", views.area, name="public-area"),
    path("publik/program/", views.programs, name="public-programs"),
    path("publik/program/<uuid:uid>/", views.program, name="public-program"),
    path("publik/foto/<uuid:uid>/", photos.photo, name="public-photo"),
    path("publik/foto/<uuid:uid>/kecil/", photos.photo, {"small": True}, name="public-thumbnail"),
    path("publik/peta/", views.map_page, name="public-map"),
    path("publik/data/", views.data, name="public-data"),
    path("publik/data/katalog.json", views.catalogue, name="public-catalogue"),
    re_path(_FILE, views.file, name="public-file"),
    path("publik/tentang/", views.about, name="public-about"),
    path("publik/koreksi/", views.corrections, name="public-corrections"),
    path("publik/privasi/", views.privacy, name="public-privacy"),
    path("robots.txt", views.robots, name="public-robots"),
]
