from django.urls import path

from . import views

app_name = "dashboards"
urlpatterns = [
    path("ringkasan/", views.board, name="board"),
    path("wilayah/<str:code>/", views.area, name="area"),
    path("peta/", views.map_page, name="map"),
    path("capaian/program/<uuid:uid>/", views.program, name="program"),
]
