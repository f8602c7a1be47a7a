"""A photo is shown to anybody by two keys, and taken away at a word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from core.models import AuditEntry
from programs.models import Photo, PhotoWithdrawal
from programs.services import photo_file, publish_photo, verify_activity, withdraw_photo
from programs.services.photo_consent import settle_waiting
from tests import make
from tests.dashboards.published import JANJU, publish

pytestmark = pytest.mark.django_db
VILLAGE = f"/publik/wilayah/{JANJU}/"


def public(photo) -> tuple[int, int]:
    """What anybody gets of the picture and of its thumbnail."""
    anybody = Client()
    address = f"/publik/foto/{photo.pk}/"
    return anybody.get(address).status_code, anybody.get(f"{address}kecil/").status_code


def page(photo, ending: str) -> str:
    return f"/kegiatan/{photo.activity_id}/foto/{photo.pk}/{ending}/"


def files(photo) -> tuple[bool, bool]:
    return photo_file(photo.sha256).exists(), photo_file(photo.sha256, small=True).exists()


def test_one_key_alone_opens_nothing(client, officer, activity, photo, head):
    without = make.photo(activity, author=head)
    assert public(photo) == public(without) == (404, 404)

    client.force_login(officer)
    client.post(page(without, "publik"))  # the office says yes, the author did not
    assert public(without) == (404, 404)

    client.post(page(photo, "publik"))
    assert public(photo) == (200, 200)
    assert AuditEntry.objects.filter(action="photo.publish").count() == 1


def test_second_key_is_in_another_hand(client, activity, photo, officer):
    own = make.photo(activity, author=officer, is_public=True)
    client.force_login(officer)
    assert client.post(page(own, "publik")).status_code == 403
    for other in (make.village_head(), make.person("district_officer", district=make.district())):
        client.force_login(other)
        assert client.post(page(photo, "publik")).status_code == 403
    assert public(own) == public(photo) == (404, 404)


def test_table_itself_refuses_one_key(photo, officer):
    rows = Photo.objects.filter(pk=photo.pk)
    for values in ({"published_at": timezone.now()}, {"published_by": officer}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(is_public=False, published_at=timezone.now(), published_by=officer)


def test_unverified_record_and_guarded_program_show_nothing(client, head, officer):
    village = make.village()
    waiting = make.activity(make.program(), author=head)
    shown = make.photo(waiting, author=head, is_public=True)
    client.force_login(officer)
    client.post(page(shown, "publik"))
    assert public(shown) == (404, 404)
    verify_activity(waiting, actor=officer, version=waiting.version)
    client.post(page(shown, "publik"))
    assert public(shown) == (200, 200)

    guarded = make.program(village, title="Pendampingan korban KDRT")
    record = make.activity(guarded, village, author=head, verified_by=officer)
    kept = make.photo(record, author=head, is_public=True)
    publish_photo(kept, actor=officer)
    assert public(kept) == (404, 404)


def test_village_page_shows_it_and_forgets_it_at_once(client, officer, photo):
    publish()
    anybody = Client()
    before = anybody.get(VILLAGE)
    publish_photo(photo, actor=officer)
    shown = anybody.get(VILLAGE, headers={"If-None-Match": before["ETag"]})
    assert shown.status_code == 200
    assert f"/publik/foto/{photo.pk}/kecil/" in shown.content.decode()
    assert photo.code in shown.content.decode()

    client.force_login(officer)
    client.post(page(photo, "publik"), {"show": "0"})
    after = anybody.get(VILLAGE, headers={"If-None-Match": shown["ETag"]})
    assert after.status_code == 200
    assert "/publik/foto/" not in after.content.decode()
    assert public(photo) == (404, 404)


def test_asked_for_photo_is_found_by_its_signs_and_gone(client, officer, photo):
    publish_photo(photo, actor=officer)
    client.force_login(officer)
    found = client.post("/kelola/privasi/", {"code": photo.code})
    assert found.headers["Location"] == page(photo, "tarik")
    shown = client.get(found.headers["Location"])
    assert photo.activity.title in shown.content.decode()

    told = {"wish": "erase", "reference": "Surat 014/XI/2026"}
    assert client.post(page(photo, "tarik"), told).status_code == 302
    assert public(photo) == (404, 404)
    mine = client.get(f"/api/v1/activities/{photo.activity_id}/photos/{photo.pk}/")
    assert mine.status_code == 404
    asked = PhotoWithdrawal.objects.get()
    assert "Surat 014/XI/2026" in client.get("/kelola/privasi/").content.decode()

    settle_waiting()
    asked.refresh_from_db()
    photo.refresh_from_db()
    assert asked.done_at
    assert files(photo) == (False, False)
    assert (photo.state, photo.kept) == ("removed", "nothing")  # the row stays
    assert AuditEntry.objects.get(action="photo.withdraw").changes["reference"] == asked.reference


def test_hidden_photo_stays_inside_and_cannot_be_shown_again(client, officer, photo):
    publish_photo(photo, actor=officer)
    withdraw_photo(photo, "hide", reference="Agenda 7", actor=officer)
    settle_waiting()
    client.force_login(officer)
    client.post(page(photo, "publik"))
    assert public(photo) == (404, 404)
    assert files(photo) == (True, True)
    inside = client.get(f"/api/v1/activities/{photo.activity_id}/photos/{photo.pk}/")
    assert inside.status_code == 200


def test_same_picture_elsewhere_goes_too(officer, head, activity):
    picture = make.image()
    other = make.activity(make.program(), author=head, verified_by=officer)
    one = make.photo(activity, author=head, data=picture, is_public=True)
    twin = make.photo(other, author=head, data=picture, is_public=True)
    publish_photo(twin, actor=officer)
    withdraw_photo(one, "erase", reference="Agenda 8", actor=officer)
    settle_waiting()
    assert public(twin) == (404, 404)
    assert files(one) == (False, False)
    assert set(Photo.objects.values_list("state", "kept")) == {("removed", "nothing")}


def test_reference_names_nobody(client, officer, photo):
    client.force_login(officer)
    told = {"wish": "erase", "reference": "Siti 6401044107850003"}
    answer = client.post(page(photo, "tarik"), told)
    assert answer.status_code == 422
    assert "NIK" in answer.content.decode()
    assert not PhotoWithdrawal.objects.exists()


def test_page_warns_before_the_time_is_over(client, officer, photo):
    entered = timezone.now() - timedelta(hours=50)
    withdraw_photo(photo, "erase", reference="Agenda 9", actor=officer, now=entered)
    client.force_login(officer)
    assert "Segera jatuh tempo" in client.get("/kelola/privasi/").content.decode()
    PhotoWithdrawal.objects.update(asked_at=timezone.now() - timedelta(hours=73))
    assert "Terlambat" in client.get("/kelola/privasi/").content.decode()
    settle_waiting()
    assert "Terlambat" not in client.get("/kelola/privasi/").content.decode()


def test_disk_that_holds_on_is_told_and_asked_again(officer, photo, monkeypatch):
    withdraw_photo(photo, "erase", reference="Agenda 10", actor=officer)

    def refuse(*_):
        raise OSError("read-only")

    with monkeypatch.context() as broken:
        broken.setattr("programs.services.photo_consent._delete", refuse)
        settle_waiting()
        with pytest.raises(SystemExit):
            call_command("keep_retention")
    assert PhotoWithdrawal.objects.get().done_at is None
    assert files(photo) == (True, True)
    call_command("keep_retention")
    assert PhotoWithdrawal.objects.get().done_at
    assert files(photo) == (False, False)
