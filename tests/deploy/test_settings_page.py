"""The table of settings is made from the code, and the code reads nothing else."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from pug_portal import env
from pug_portal.settings_page import page

pytestmark = pytest.mark.once


def test_page_is_the_code():
    written = (settings.BASE_DIR / "docs" / "settings.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m pug_portal.settings_page > docs/settings.md"


def test_every_setting_that_is_read_is_known_and_the_other_way_round():
    text = "".join(path.read_text() for path in (settings.BASE_DIR / "pug_portal").glob("*.py"))
    read = set(re.findall(r"env\.[a-z_]+\(\s*\"([A-Z_]+)\"", text))
    assert read == set(env.KNOWN)


def test_secret_comes_from_its_file(tmp_path, monkeypatch):
    file = tmp_path / "key"
    file.write_text("from the file\n")
    file.chmod(0o400)
    monkeypatch.delenv("PUG_SECRET_KEY", raising=False)
    monkeypatch.setenv("PUG_SECRET_KEY_FILE", str(file))
    assert env.secret("PUG_SECRET_KEY") == "from the file"
    env.refuse_unknown({"PUG_SECRET_KEY_FILE": "x"})

    monkeypatch.setenv("PUG_SECRET_KEY", "and another")
    with pytest.raises(ImproperlyConfigured, match="not both"):
        env.secret("PUG_SECRET_KEY")
    monkeypatch.delenv("PUG_SECRET_KEY")
    file.chmod(0o404)
    with pytest.raises(ImproperlyConfigured, match="open to everybody"):
        env.secret("PUG_SECRET_KEY")
    monkeypatch.setenv("PUG_SECRET_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        env.secret("PUG_SECRET_KEY")


def test_only_secrets_have_files():
    with pytest.raises(ImproperlyConfigured, match="PUG_REGENCY_FILE"):
        env.refuse_unknown({"PUG_REGENCY_FILE": "x"})
