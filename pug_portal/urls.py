"""Root addresses: paths in Indonesian, names in English (api.md section 5)."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    path("", include("programs.urls")),
    path("", include("planning.urls")),
    path("", include("mou.urls")),
    path("", include("indicators.urls")),
    path("", include("dashboards.urls")),
    path("api/v1/", include("pug_portal.api")),
    path("admin/", admin.site.urls),
]

handler400 = "core.trouble.bad_request"
handler403 = "core.trouble.forbidden"
handler404 = "core.trouble.not_found"
handler500 = "core.trouble.broken"
