from django.urls import path

from . import phone_views as phone
from . import views

app_name = "dashboards"
urlpatterns = [
    path("ringkasan/", views.board, name="board"),
    path("wilayah/<str:code>/", views.area, name="area"),
    path("peta/", views.map_page, name="map"),
    path("desa/capaian/", phone.results, name="phone-results"),
    path("capaian/program/<uuid:uid>/", views.program, name="program"),
]
