"""Photos: small before they leave, sent after their record, kept until the portal has them."""

import base64
import hashlib
from io import BytesIO

import pytest
from PIL import Image

from programs.models import Photo
from tests import make

from .faults import drop_reply, status
from .lab import DRAW

PHOTOS = "/photos/"
SHRINK = """async (edge) => {
  const made = await pug.shrink(picture, edge);
  const bytes = new Uint8Array(await made.blob.arrayBuffer());
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return {...made, type: made.blob.type, bytes: btoa(text)};
}"""
TAKE = """(base64) => {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  window.picture = new File([bytes], "IMG_0001.jpg", { type: "image/jpeg" });
}"""


def _take(lab, data: bytes) -> None:
    lab.run(TAKE, base64.b64encode(data).decode())


def _sent(lab, network, **options) -> tuple[str, str]:
    """A record with one photo, sent: the uids of both."""
    uid = lab.enqueue()
    photo = lab.photo(uid, **options)
    lab.run(
        "async (uid) => pug.put('photos', {...await pug.get('photos', uid), state: 'queued'})",
        photo,
    )
    lab.send()
    return uid, photo


def test_a_photo_leaves_after_its_record_and_is_freed_by_its_receipt(lab, network):
    bad = lab.enqueue(women_participants=-1)
    waits = lab.photo(bad)
    lab.run(
        "async (uid) => pug.put('photos', {...await pug.get('photos', uid), state: 'queued'})",
        waits,
    )
    network.fault(drop_reply, on=PHOTOS, method="PUT", times=1)
    uid, photo = _sent(lab, network)

    assert lab.row(uid, "receipts")["photos_left"] == 1
    assert lab.row(photo, "photos")["state"] == "queued"
    assert lab.run("async (uid) => (await pug.get('photos', uid)).blob.size", photo) > 0
    assert lab.status()["state"] == "fix"
    lab.send()

    kept = Photo.objects.get(uid=photo)
    row = lab.row(photo, "photos")
    assert (row["state"], row["blob"]) == ("sent", None)
    assert base64.b64decode(row["digest"]).hex() == kept.sent_sha256
    assert lab.row(uid, "receipts")["photos_left"] == 0
    first, again = network.arrived(PHOTOS, "PUT")
    assert first.body == again.body
    assert first.headers["content-type"] == "image/jpeg"
    assert first.headers["content-digest"] == f"sha-256=:{row['digest']}:"
    assert network.arrived()[-1].at < first.at
    assert lab.row(waits, "photos")["state"] == "queued", "its record was never received"


def test_the_bar_says_that_a_photo_is_on_its_way(lab, network):
    network.fault(status(500), on=PHOTOS, method="PUT")
    _sent(lab, network)
    assert (lab.status()["state"], lab.status()["n"]) == ("photos", 1)


def test_a_photo_that_is_too_large_goes_smaller_until_it_is_refused(lab, network):
    network.fault(status(413), on=PHOTOS, method="PUT", times=2)
    _uid, photo = _sent(lab, network)
    sizes = [Image.open(BytesIO(one.body)).width for one in network.arrived(PHOTOS, "PUT")]
    assert sizes == [1280, 1024, 640]
    assert lab.row(photo, "photos")["state"] == "sent"

    network.fault(status(413), on=PHOTOS, method="PUT")
    _uid, photo = _sent(lab, network)
    row = lab.row(photo, "photos")
    assert (row["state"], row["reason"]) == ("refused", "body_too_large")
    assert lab.status()["state"] == "done"


def test_a_photo_the_portal_refuses_is_kept_with_its_reason(lab, network):
    uid, _first = _sent(lab, network)
    for _ in range(3):
        photo = lab.photo(uid)
        lab.run(
            "async (uid) => pug.put('photos', {...await pug.get('photos', uid), state: 'queued'})",
            photo,
        )
    lab.send()

    refused = [row for row in lab.rows("photos") if row["state"] == "refused"]
    assert [row["reason"] for row in refused] == ["too_many"]
    assert (
        lab.run("(row) => pug.get('photos', row.uid).then((one) => one.blob.size)", refused[0]) > 0
    )
    assert Photo.objects.filter(activity=uid).count() == 3


@pytest.mark.parametrize(
    ("given", "expected"),
    [((4000, 3000), (1280, 960)), ((1500, 3000), (640, 1280)), ((300, 200), (300, 200))],
)
def test_a_photo_is_drawn_small(lab, given, expected):
    _take(lab, make.image(size=given))
    made = lab.run(SHRINK, 1280)
    data = base64.b64decode(made["bytes"])

    assert Image.open(BytesIO(data)).size == expected == (made["width"], made["height"])
    assert (made["size"], made["type"]) == (len(data), "image/jpeg")
    assert base64.b64decode(made["digest"]) == hashlib.sha256(data).digest()


def test_a_photo_stands_upright_and_says_nothing_of_its_place(lab):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    exif.get_ifd(0x8825)[1] = "S"  # where it was
    _take(lab, make.image(size=(1600, 1200), exif=exif))
    made = lab.run(SHRINK, 1280)
    picture = Image.open(BytesIO(base64.b64decode(made["bytes"])))

    assert picture.size == (960, 1280)
    assert dict(picture.getexif()) == {}


def test_a_photo_full_of_detail_stays_under_400_kilobytes(lab):
    assert lab.run(DRAW, [2400, 1800, "image/jpeg", True]) > 3_000_000
    made = lab.run(SHRINK, 1280)
    assert made["size"] <= 400_000


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 not a picture", b"\xff\xd8\xff\xe0 torn"])
def test_what_is_no_picture_is_said_to_be_none(lab, data):
    _take(lab, data)
    code = "() => pug.shrink(picture).catch((trouble) => trouble instanceof pug.Unreadable)"
    assert lab.run(code) is True


def test_photos_are_refused_while_text_still_has_room(lab):
    full = """(estimate) => {
      navigator.storage.estimate = async () => estimate;
      return pug.room();
    }"""
    assert lab.run(full, {"usage": 50_000_000, "quota": 100_000_000})["full"] is False
    assert lab.run(full, {"usage": 90_000_000, "quota": 100_000_000})["full"] is True
    assert lab.run(full, {"usage": 850_000, "quota": 1_000_000})["full"] is True


def test_a_photo_that_stays_large_is_drawn_at_the_next_smaller_edge(lab):
    lab.run(
        """() => {
          const toBlob = HTMLCanvasElement.prototype.toBlob;
          HTMLCanvasElement.prototype.toBlob = function (done, type) {
            return toBlob.call(this, done, type, 1);
          };
        }"""
    )
    lab.run(DRAW, [1600, 1200, "image/jpeg", True])
    made = lab.run(SHRINK, 1280)
    assert made["edge"] < 1280
    assert made["width"] == made["edge"]
