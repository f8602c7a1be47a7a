"""Photos: cleaned, kept by what they hold, shown to whoever may see the record."""

import base64
import re
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from accounts.services import create_token
from core.errors import Refused
from core.identifiers import uuid7
from core.models import AuditEntry
from programs import pictures
from programs.models import Photo
from programs.services import add_photo, photo_file, void_activity
from tests import make

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def head(client):
    person = make.village_head()
    client.force_login(person)
    return person


@pytest.fixture
def activity(head):
    return make.activity(make.program(), author=head)


def address(activity, uid=None) -> str:
    return f"/api/v1/activities/{activity.pk}/photos/{uid or uuid7()}/"


def put(client, path, data, kind="image/jpeg", **extra):
    return client.put(path, data, content_type=kind, **extra)


def digest(data: bytes) -> str:
    return f"sha-256=:{base64.b64encode(sha256(data).digest()).decode()}:"


def body(response) -> bytes:
    return b"".join(response.streaming_content)


# -- Sending ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_is_received_with_a_receipt(client, activity, head, kind):
    data, path = make.image(kind), address(activity)
    answer = put(client, path, data, f"image/{kind.lower()}", HTTP_CONTENT_DIGEST=digest(data))

    assert answer.status_code == 201, answer.content
    photo = Photo.objects.get()
    receipt = answer.json()
    assert receipt.pop("received_at")
    assert receipt == {
        "uid": path.split("/")[-2],
        "sha256": sha256(data).hexdigest(),
        "width": 64,
        "height": 48,
    }
    assert (photo.author, photo.is_public, photo.state) == (head, False, "live")
    entry = AuditEntry.objects.get(action="photo.add")
    assert (entry.actor, entry.object_id) == (head, str(photo.pk))


def test_sent_again_gives_the_same_answer_and_one_row(client, activity):
    data, path = make.image(), address(activity)
    first, again = put(client, path, data), put(client, path, data)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Photo.objects.count() == AuditEntry.objects.filter(action="photo.add").count() == 1


def test_received_stays_received_when_removed_or_voided_since(client, activity, head):
    data, path = make.image(), address(activity)
    first = put(client, path, data)
    client.delete(path)
    void_activity(activity, actor=head, version=activity.version, reason="Salah")
    again = put(client, path, data)
    assert (again.status_code, again.json()) == (200, first.json())
    assert client.get(path).status_code == 404


def test_same_uid_other_content_is_a_conflict(client, activity):
    path = address(activity)
    put(client, path, make.image())
    answer = put(client, path, make.image())
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_same_uid_for_another_record_is_a_conflict(client, activity, head):
    data, uid = make.image(), uuid7()
    put(client, address(activity, uid), data)
    other = make.activity(make.program(), author=head)
    assert put(client, address(other, uid), data).status_code == 409


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (digest(b"other"), "digest_mismatch"),
        ("sha-256=abc", "digest_unreadable"),
        ("sha-512=:abcd:", "digest_unreadable"),
        ("", "digest_unreadable"),
    ],
)
def test_what_arrived_otherwise_than_sent_is_400(client, activity, header, code):
    answer = put(client, address(activity), make.image(), HTTP_CONTENT_DIGEST=header)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Photo.objects.exists()


def test_one_digest_among_several_is_found(client, activity):
    data = make.image()
    header = f"sha-512=:abcd:, {digest(data)}"
    assert put(client, address(activity), data, HTTP_CONTENT_DIGEST=header).status_code == 201


def test_empty_body_is_400_and_other_types_are_415(client, activity):
    assert put(client, address(activity), b"").status_code == 400
    for kind in ("image/gif", "image/svg+xml", "application/json", "text/plain"):
        assert put(client, address(activity), make.image(), kind).status_code == 415


@pytest.mark.asvs("5.2.1")
def test_five_megabytes_pass_and_one_byte_more_is_413(client, activity):
    data = make.image().ljust(pictures.MOST_BYTES, b"\0")
    answer = put(client, address(activity), data + b"\0")
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert "5 MB" in answer.json()["detail"]
    assert put(client, address(activity), data).status_code == 201


def test_other_routes_still_take_one_megabyte(client, head):
    sent = client.post("/api/v1/submissions/", "x" * 1_000_001, content_type="application/json")
    assert sent.status_code == 413


@pytest.mark.asvs("2.3.2")
def test_three_at_most_and_a_removed_one_makes_room(client, activity):
    paths = [address(activity) for _ in range(4)]
    sent = [put(client, path, make.image()).status_code for path in paths]
    assert sent == [201, 201, 201, 422]
    client.delete(paths[0])
    assert put(client, paths[3], make.image()).status_code == 201


def test_nothing_is_added_to_a_voided_record(client, activity, head):
    void_activity(activity, actor=head, version=activity.version, reason="Salah")
    assert put(client, address(activity), make.image()).json()["code"] == "voided"


def test_public_only_when_said(client, activity):
    for word, expected in (("0", False), ("1", True)):
        put(client, f"{address(activity)}?public={word}", make.image())
        assert Photo.objects.order_by("-uid").first().is_public is expected
    assert put(client, f"{address(activity)}?public=ya", make.image()).status_code == 400
    assert put(client, f"{address(activity)}?publik=1", make.image()).status_code == 400


def test_a_full_disk_is_503_and_leaves_nothing(client, activity, media, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    answer = put(client, address(activity), make.image())
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert not Photo.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.asvs("5.2.2", "1.3.4")
@pytest.mark.parametrize("data", [SVG, b"bukan foto", b"\xff\xd8\xff\xe0"])
def test_what_is_no_photo_is_refused_in_words(client, activity, media, data):
    answer = put(client, address(activity), data, HTTP_ACCEPT_LANGUAGE="id")

    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/photo", "unreadable_photo")
    assert error["detail"] == "Foto ini tidak bisa dibuka, pilih foto lain."
    assert not Photo.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


# -- Who ------------------------------------------------------------------------------


def by_key(person, *scopes):
    key = create_token(person, name="alat", scopes=scopes, days=30, actor=None).key
    return {"HTTP_AUTHORIZATION": f"Bearer {key}"}


def test_key_needs_the_scope_of_photos(client, activity, head):
    client.logout()
    data, path = make.image(), address(activity)
    wrong = by_key(head, "activities:write", "activities:read")
    right = by_key(head, "photos:write")

    assert put(client, path, data, **wrong).status_code == 403
    assert put(client, path, data, **right).status_code == 201
    assert client.get(path, **right).status_code == 403
    assert client.get(path, **wrong).status_code == 200
    assert client.delete(path, **wrong).status_code == 403


def test_for_stranger_and_neighbour_there_is_no_photo(client, activity, head):
    photo = make.photo(activity, author=head)
    neighbour = make.village_head(make.village("64.01.04.2003", "Tetangga"))
    for person in (make.person(), neighbour):
        client.force_login(person)
        path = address(activity, photo.pk)
        answers = [client.get(path), client.delete(path), put(client, path, make.image())]
        assert [one.status_code for one in answers] == [404, 404, 404]
    village = neighbour.grants.get().village
    own = make.activity(make.program(village), village)
    assert client.get(address(own, photo.pk)).status_code == 404, "through a record of her own"


def test_who_may_only_look_looks(client, activity, head):
    path = address(activity, make.photo(activity, author=head).pk)
    client.force_login(make.person("leader", regency=make.regency()))
    assert client.get(path).status_code == 200
    assert client.delete(path).status_code == 403
    assert put(client, address(activity), make.image()).status_code == 403


def test_after_verification_only_the_reviewer_removes(client, head):
    officer = make.officer()
    activity = make.activity(make.program(), author=head, verified_by=officer)
    path = address(activity, make.photo(activity, author=head).pk)
    assert client.delete(path).status_code == 403
    client.force_login(officer)
    assert client.delete(path).status_code == 204


# -- Looking and removing ---------------------------------------------------------------


@pytest.mark.asvs("3.2.1")
def test_photo_is_served_as_a_picture_and_nothing_else(client, activity, head):
    photo = make.photo(activity, author=head, data=make.image(size=(900, 600)))
    path = address(activity, photo.pk)

    for query, size in (("", (900, 600)), ("?size=320", (320, 213))):
        answer = client.get(path + query, HTTP_ACCEPT="image/jpeg")
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert (
            answer["Content-Security-Policy"]
            == "default-src 'none'; frame-ancestors 'none'; sandbox"
        )
        assert answer["Cache-Control"] == "private, no-cache"
        named = r'inline; filename="foto-6401-\d{4}-\d{5}-[0-9a-f]{4}\.jpg"'
        assert re.fullmatch(named, answer["Content-Disposition"])
        assert Image.open(BytesIO(body(answer))).size == size
        again = client.get(path + query, HTTP_IF_NONE_MATCH=answer["ETag"])
        assert again.status_code == 304
    assert client.get(f"{path}?size=9999").status_code == 400


def test_removed_photo_is_gone_and_its_row_stays(client, activity, head):
    path = address(activity, make.photo(activity, author=head).pk)
    etag = client.get(path)["ETag"]
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    assert client.get(path, HTTP_IF_NONE_MATCH=etag).status_code == 404
    assert client.delete(path).status_code == 404
    assert Photo.objects.get().state == "removed"
    assert AuditEntry.objects.filter(action="photo.remove", actor=head).count() == 1


# -- On disk ------------------------------------------------------------------------------


@pytest.mark.asvs("5.3.2", "5.3.1")
def test_files_are_named_by_what_they_hold_alone(client, activity, head, media):
    data = make.image(colour="red")
    photos = [make.photo(activity, author=head, data=data) for _ in range(2)]
    assert len({photo.sha256 for photo in photos}) == 1

    files = sorted(path for path in media.rglob("*") if path.is_file())
    assert len(files) == 2, "the same picture is kept once, with its thumbnail"
    for path in files:
        name = path.relative_to(media).as_posix()
        assert re.fullmatch(r"photos/([0-9a-f]{2})/\1[0-9a-f]{62}(-320)?\.jpg", name)
    full = photo_file(photos[0].sha256)
    assert sha256(full.read_bytes()).hexdigest() == photos[0].sha256 == full.stem
    assert full.stat().st_size == photos[0].size
    for path in files:
        for guess in (f"/media/{path.relative_to(media)}", f"/static/{path.relative_to(media)}"):
            assert client.get(guess).status_code == 404


def test_database_refuses_a_photo_beyond_the_limits(activity, head):
    photo = make.photo(activity, author=head)
    for wrong in ({"width": 1601}, {"height": 0}, {"size": pictures.MOST_BYTES + 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Photo.objects.filter(pk=photo.pk).update(**wrong)


# -- Pages --------------------------------------------------------------------------------


def page(activity, *more) -> str:
    return "/".join(["/kegiatan", str(activity.pk), *map(str, more), ""])


def send_form(client, activity, data, name="x.jpg", **answers):
    photo = SimpleUploadedFile(name, data, "image/jpeg")
    return client.post(page(activity, "foto"), {"uid": uuid7(), "photo": photo, **answers})


def test_photo_is_added_and_removed_without_javascript(client, activity):
    form = client.get(page(activity, "foto")).content.decode()
    assert 'accept="image/*"' in form
    assert not re.search(r"<input[^>]*is_public[^>]*checked", form)

    sent = send_form(client, activity, make.image(), "../../jahat.php")
    assert sent.headers["Location"] == page(activity)
    photo = Photo.objects.get()
    assert photo.is_public is False
    shown = client.get(page(activity)).content.decode()
    assert f'src="{address(activity, photo.pk)}?size=320"' in shown
    assert f"Foto 1 dari “{activity.title}”" in shown

    remove = page(activity, "foto", photo.pk, "hapus")
    assert "Hapus foto ini?" in client.get(remove).content.decode()
    assert client.post(remove).status_code == 302
    assert str(photo.pk) not in client.get(page(activity)).content.decode()


def test_form_sent_twice_adds_one(client, activity):
    uid, data = uuid7(), make.image()
    for _ in range(2):
        assert send_form(client, activity, data, uid=uid, is_public="on").status_code == 302
    assert Photo.objects.get().is_public is True


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"bukan foto", 422, "Foto ini tidak bisa dibuka, pilih foto lain."),
        (b"\0" * (pictures.MOST_BYTES + 1), 422, "Foto lebih besar dari 5 MB."),
        (b"\0" * (pictures.MOST_BYTES + 30_000), 413, "Foto lebih besar dari 5 MB."),
    ],
)
def test_form_says_why_not(client, activity, data, status, words):
    answer = send_form(client, activity, data)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not Photo.objects.exists()


def test_form_asks_for_the_safety_code(activity, head):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(head)
    assert send_form(strict, activity, make.image()).status_code == 403


def test_reviewer_sees_the_photos_of_the_record(client, activity, head):
    photo = make.photo(activity, author=head)
    client.force_login(make.officer())
    assert str(photo.pk) in client.get(f"/periksa/{activity.pk}/").content.decode()


def test_no_more_button_when_there_are_three(client, activity, head):
    for _ in range(3):
        make.photo(activity, author=head)
    assert "Tambah foto" not in client.get(page(activity)).content.decode()
    assert client.get(page(activity, "foto")).status_code == 403
    with pytest.raises(Refused):
        add_photo(activity, make.image(), uid=uuid7(), actor=head)
