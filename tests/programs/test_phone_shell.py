"""What a phone is given to keep: the worker, its plan, the shells, the manifest."""

import base64
import hashlib
import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from PIL import Image

from core import formats, packing
from programs.phone import shell
from tests import make

pytestmark = pytest.mark.django_db


def plan(client) -> dict:
    text = client.get("/sw.js").content.decode()
    return json.loads(re.match(r"const PHONE = (.*);\n", text)[1])


def static_body(address: str) -> bytes:
    return Path(finders.find(address.removeprefix("/static/"))).read_bytes()


def imports(name: str, trail: tuple = ()) -> None:
    """Walk the imports of a module; a circle fails."""
    assert name not in trail, f"modules import in a circle: {' → '.join((*trail, name))}"
    for needed in packing.imported(name):
        imports(needed, (*trail, name))


def test_worker_is_asked_for_anew_each_time(client):
    answer = client.get("/sw.js")

    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert b"skipWaiting" in answer.content
    assert not re.search(rb'"install"[^;]*skipWaiting', answer.content)


def test_plan_holds_the_digest_of_each_file(client):
    files = plan(client)["files"]

    assert "/static/js/phone/main.js" in files
    assert "/static/css/base.css" in files
    for address, integrity in files.items():
        digest = base64.b64encode(hashlib.sha256(static_body(address)).digest()).decode()
        assert integrity == f"sha256-{digest}", address


@pytest.mark.parametrize("page", shell.PAGES)
def test_shell_is_the_same_for_everybody_on_every_day(client, page):
    address = f"/desa/cangkang/{page}/"
    of_nobody = client.get(address)
    head = make.village_head(make.village())
    client.force_login(head)
    hers = client.get(address, headers={"Cookie": "django_language=en"})

    assert of_nobody.status_code == 200
    assert hers.content == of_nobody.content
    text = hers.content.decode()
    assert head.name not in text
    assert "csrfmiddlewaretoken" not in text
    assert formats.day_long(timezone.localdate()) not in text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", text), "an identifier"
    together = client.get("/desa/cangkang/").json()
    assert together == {"version": plan(client)["version"], "shells": shell.built().texts}
    assert together["shells"][page] == text
    assert not hers.cookies


def test_unknown_shell_is_not_there(client):
    assert client.get("/desa/cangkang/rahasia/").status_code == 404


def test_every_page_with_a_shell_is_a_page(client):
    client.force_login(make.village_head(make.village()))
    for address in plan(client)["pages"]:
        assert client.get(address).status_code == 200, address


def test_version_changes_with_a_shell(client, monkeypatch):
    before = plan(client)["version"]
    shell._built.cache_clear()
    written = shell.text
    monkeypatch.setattr(shell, "text", lambda page: written(page) + f"<!-- {page} -->")

    assert plan(client)["version"] != before

    shell._built.cache_clear()


def test_kill_switch_gives_a_worker_that_leaves(client, settings):
    settings.PHONE_KILL = True
    text = client.get("/sw.js").content.decode()

    assert "unregister()" in text
    assert "deleteDatabase" not in text
    assert "const PHONE" not in text


def test_manifest_offers_an_app_that_starts_without_signal(client):
    answer = client.get("/manifest.webmanifest")
    body = answer.json()

    assert answer["Content-Type"] == "application/manifest+json"
    assert body["start_url"] in plan(client)["pages"]
    assert body["name"].startswith("Portal PUG")
    assert body["lang"] == "id"
    sizes = {(icon["sizes"], icon["purpose"]) for icon in body["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= sizes
    for icon in body["icons"]:
        image = Image.open(BytesIO(static_body(icon["src"])))
        assert "x".join(map(str, image.size)) == icon["sizes"]


def test_modules_never_import_in_a_circle():
    """One of them would run before what it imports is there."""
    for name in packing.needed("js/phone/main.js"):
        imports(name)


def test_every_module_of_the_phone_is_kept(client):
    kept = {address for address in plan(client)["files"] if "/js/phone/" in address}
    written = finders.find("js/phone")
    assert {f"/static/js/phone/{path.name}" for path in Path(written).glob("*.js")} == kept
