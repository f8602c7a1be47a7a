"""Root addresses: paths in Indonesian, names in English (api.md section 5)."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

#: One door for signing in: the admin's own would know no wait and no second factor.
to_login = RedirectView.as_view(pattern_name="accounts:login", query_string=True)

urlpatterns = [
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    path("", include("programs.urls")),
    path("", include("dashboards.urls")),
    path("api/v1/", include("pug_portal.api")),
    path("admin/login/", login_not_required(to_login)),
    path("admin/", admin.site.urls),
]

handler400 = "core.trouble.bad_request"
handler403 = "core.trouble.forbidden"
handler404 = "core.trouble.not_found"
handler500 = "core.trouble.broken"
