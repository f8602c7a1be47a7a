"""With PUG_ACCEL the portal checks the rights and nginx sends the bytes."""

import pytest

from core.stored import ACCEL_UNDER
from programs.services import photo_file
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.once]
KEPT = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Cache-Control",
    "ETag",
    "Content-Type",
)


@pytest.fixture
def photo(settings, tmp_path, client):
    settings.MEDIA_ROOT = tmp_path
    head = make.village_head()
    client.force_login(head)
    return make.photo(make.activity(make.program(), author=head), author=head)


def test_photo_is_named_to_nginx_and_not_sent(client, photo, settings):
    path = f"/api/v1/activities/{photo.activity_id}/photos/{photo.pk}/"
    itself = client.get(path)
    settings.ACCEL = True
    named = client.get(path)

    inside = photo_file(photo.sha256).relative_to(settings.MEDIA_ROOT)
    assert named.status_code == 200
    assert named["X-Accel-Redirect"] == f"{ACCEL_UNDER}{inside}"
    assert named.content == b""
    assert "X-Accel-Redirect" not in itself
    assert {name: itself[name] for name in KEPT} == {name: named[name] for name in KEPT}
    assert named["Content-Disposition"] == itself["Content-Disposition"]
    again = client.get(path, headers={"If-None-Match": named["ETag"]})
    assert again.status_code == 304
    assert "X-Accel-Redirect" not in again

    stranger = make.village_head(make.village("64.01.04.2003", "Tepian Batang"))
    client.force_login(stranger)
    refused = client.get(path)
    assert refused.status_code == 404
    assert "X-Accel-Redirect" not in refused

    photo_file(photo.sha256).unlink()
    client.force_login(photo.activity.author)
    assert client.get(path).status_code == 404


def test_kept_file_is_open_to_its_group_alone(photo):
    assert photo_file(photo.sha256).stat().st_mode & 0o777 == 0o640
