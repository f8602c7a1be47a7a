"""Back up, lose everything, restore beside it: the same rows, files and audit chain (REL-02); and
what must not be trusted is refused, saying why, with nothing left behind (REL-03)."""

import shutil
import subprocess
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from core.backups import aiming, places, restoring
from core.models import HealthMark
from programs.models import Activity
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    for name in ("own", "other"):
        subprocess.run(["age-keygen", "-o", folder / name], check=True, capture_output=True)
        made = subprocess.run(["age-keygen", "-y", folder / name], check=True, capture_output=True)
        (folder / f"{name}.pub").write_bytes(made.stdout)
    return folder


@pytest.fixture
def place(tmp_path, settings, keys):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUP_RECIPIENTS = str(keys / "own.pub")
    settings.BACKUP_SECOND = ""
    return tmp_path / "place"


@pytest.fixture
def aside(tmp_path):
    """The URL of a database that does not exist yet; gone afterwards."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/aside/pug.sqlite3"
        return
    own = connection.settings_dict
    name = f"{own['NAME']}_aside"[-60:]
    yield f"postgresql://{own['USER']}@/{name}?host={own['HOST']}"
    with connection.cursor() as cursor:
        cursor.execute(f'drop database if exists "{name}"')


def run(command, *words):
    out = StringIO()
    call_command(command, *words, stdout=out, stderr=out)
    return out.getvalue()


def restore(place, keys, url, *words, key="own"):
    source = ("--from", str(place), "--identity", str(keys / key))
    return run("restore", *source, "--into", url, *words)


def is_there(url):
    target = aiming.database_of(url)
    if connection.vendor == "sqlite":
        return Path(target["NAME"]).exists() or any(Path(target["NAME"]).parent.glob(".*"))
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_database where datname like %s", [f"{target['NAME']}%"]
        )
        return bool(cursor.fetchone()[0])


def reseal(newest):
    """As somebody would who can write in the backup folder: the sums fit again."""
    lines = [line.split("  ") for line in (newest / places.SUMS).read_text().splitlines()]
    sums = {name: sha256((newest / name).read_bytes()).hexdigest() for _sum, name in lines}
    places.write_sums(newest, sums)


def test_what_was_lost_is_restored(place, keys, aside, tmp_path, append_only):
    head = make.village_head()
    activity = make.activity(make.program(head.grants.get().village), author=head)
    photo = make.photo(activity, author=head)
    with_photo = restoring.digests_here()

    # A picture so small is its own thumbnail: the same bytes are kept once.
    assert "2 files of media, 1 new" in run("backup", "--to", str(place))
    assert HealthMark.objects.get(name="backup").ok
    shutil.rmtree(tmp_path / "media")
    media = tmp_path / "media"
    said = restore(place, keys, aside, "--media", str(media))

    assert "DIFFERS" not in said
    assert f"programs_activity {'':>24}{with_photo['programs_activity'].rows:>10}" in said
    assert "audit chain:" in said
    [kept] = media.rglob(f"{photo.sha256}.jpg")
    assert sha256(kept.read_bytes()).hexdigest() == photo.sha256
    with aiming.at(aiming.database_of(aside)):
        assert Activity.objects.filter(pk=activity.pk).exists()
        client = Client()
        client.force_login(head, backend="accounts.backends.PersonBackend")
        assert client.get(f"/kegiatan/{activity.pk}/").status_code == 200
    # What is not empty any more is refused, and asked for by name.
    with pytest.raises(CommandError, match="not empty"):
        restore(place, keys, aside)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("key", "another key made it"),
        ("cut", "is not what was written"),
        ("byte", "is not what was written"),
        ("byte and sum", "does not belong to this backup"),
        ("manifest and sum", "cut short or was changed"),
        ("gone", "is missing"),
    ],
)
def test_what_cannot_be_trusted_is_refused(trouble, said, backed_up, keys, aside):
    newest = backed_up
    part = newest / ("manifest.json.age" if "manifest" in trouble else "database.age")
    content = part.read_bytes()
    if trouble == "gone":
        part.unlink()
    elif trouble == "cut":
        part.write_bytes(content[:-100])
    elif trouble != "key":
        part.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    if "sum" in trouble:
        reseal(newest)

    with pytest.raises(CommandError, match=said) as refusal:
        restore(newest, keys, aside, key="other" if trouble == "key" else "own")

    assert "\n" not in str(refusal.value)
    assert not is_there(aside)


@pytest.fixture
def backed_up(place, first_backup):
    shutil.copytree(first_backup, place)
    return places.listed(places.Place(place).sets)[-1]


@pytest.fixture(scope="module")
def first_backup(tmp_path_factory):
    """One backup for all the refusals; made by the first that asks."""
    return tmp_path_factory.mktemp("backups") / "place"


@pytest.fixture(autouse=True)
def _made(request, place, first_backup):
    if "backed_up" in request.fixturenames and not first_backup.exists():
        run("backup", "--to", str(first_backup))


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "not set"), ("", "no public key"), ("AGE-SECRET-KEY-1QQ", "secret key")],
)
def test_nothing_is_written_without_public_keys(content, said, place, settings, tmp_path):
    path = tmp_path / "keys"
    if content is not None:
        path.write_text(content)
    settings.BACKUP_RECIPIENTS = "" if content is None else str(path)

    with pytest.raises(CommandError, match=said):
        run("backup", "--to", str(place))

    assert not [one for one in place.rglob("*") if one.is_file() and one.name != ".lock"]
    assert not HealthMark.objects.get(name="backup").ok
