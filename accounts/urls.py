"""Signing in and the office's care of accounts."""

from django.urls import path

from .views import audit, grants, links, own, own_data, people, phones, proof, second_factor, tokens

app_name = "accounts"
urlpatterns = [
    path("masuk/", own.Login.as_view(), name="login"),
    path("keluar/", own.Logout.as_view(), name="logout"),
    path("kata-sandi/", own.ChangePassword.as_view(), name="password-change"),
    path("masuk/kode/", second_factor.code, name="second-factor"),
    path("masuk/kode/pasang/", second_factor.setup, name="second-factor-setup"),
    path("masuk/ulang/", proof.Reauthenticate.as_view(), name="reauthenticate"),
    path("kunci/", tokens.token_list, name="token-list"),
    path("kunci/baru/", tokens.token_create, name="token-create"),
    path("kunci/<uuid:pk>/cabut/", tokens.token_revoke, name="token-revoke"),
    path("masuk/tautan/", links.link_use, name="link-use"),
    path("masuk/tautan/<slug:secret>/", links.link_open, name="link-open"),
    path("desa/akun/", phones.phone_account, name="phone-account"),
    path("desa/akun/hp/<uuid:pk>/akhiri/", phones.device_end, name="device-end"),
    path("akun/data/", own_data.own_data, name="own-data"),
    path("akun/data/salinan/", own_data.own_data_copy, name="own-data-copy"),
    path("kelola/pengguna/<uuid:uid>/data/", own_data.person_data, name="person-data"),
    path(
        "kelola/pengguna/<uuid:uid>/data/salinan/",
        own_data.person_data_copy,
        name="person-data-copy",
    ),
    path(
        "kelola/privasi/permintaan/<uuid:pk>/", own_data.request_decide, name="data-request-decide"
    ),
    path("kelola/", people.people, name="people"),
    path("kelola/audit/", audit.audit_trail, name="audit"),
    path("kelola/pengguna/baru/", people.person_create, name="person-create"),
    path("kelola/pengguna/<uuid:uid>/", people.person, name="person"),
    path("kelola/pengguna/<uuid:uid>/ubah/", people.person_edit, name="person-edit"),
    path("kelola/pengguna/<uuid:uid>/tutup/", people.person_disable, name="person-disable"),
    path("kelola/pengguna/<uuid:uid>/buka/", people.person_enable, name="person-enable"),
    path("kelola/pengguna/<uuid:uid>/kata-sandi/", people.person_password, name="person-password"),
    path(
        "kelola/pengguna/<uuid:uid>/kode/",
        people.person_second_factor,
        name="person-second-factor",
    ),
    path("kelola/pengguna/<uuid:uid>/tugas/", grants.grant_create, name="grant-create"),
    path("kelola/pengguna/<uuid:uid>/tautan/", links.person_link, name="person-link"),
    path("kelola/tautan/<uuid:pk>/cabut/", links.link_revoke, name="link-revoke"),
    path("kelola/tugas/<uuid:pk>/akhiri/", grants.grant_end, name="grant-end"),
    path("kelola/tugas/<uuid:pk>/ganti/", links.head_change, name="head-change"),
]
