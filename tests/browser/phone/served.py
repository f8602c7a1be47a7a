"""The portal as it runs in service (drills/portal.py), for a phone: with its pages' own files.

with Portal(tmp_path) as portal:
    portal.kill_worker()
    portal.database.crash()
"""

from __future__ import annotations

from pathlib import Path

from drills import portal

from . import ledger

HELD = """
import json
from tests.browser.phone import ledger
print(json.dumps(ledger.held()))
"""


class Portal(portal.Portal):
    settings = "tests.unjoined"
    supervised = False

    def prepare(self) -> None:
        self.manage("migrate", "-v", "0")
        self.manage("collectstatic", "--noinput", "-v", "0")
        manifest = Path(self.environ["PUG_VAR"]) / "static" / "staticfiles.json"
        manifest.write_text("{}")  # what serving asks for; names are as written here

    def held(self) -> ledger.Held:
        return ledger.Held(*self.ask(HELD))
