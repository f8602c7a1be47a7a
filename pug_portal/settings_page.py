"""The page docs/settings.md: python -m pug_portal.settings_page > docs/settings.md"""

import sys

from .env import KNOWN, Setting

HEAD = """\
# Settings

Made by `python -m pug_portal.settings_page > docs/settings.md` from `pug_portal/env.py`; a test
compares them. Settings are names in the environment: on a server made by `deploy/install.sh` they
stand in `/etc/pug/pug.env`, one `NAME=value` a line; `systemctl restart pug.target`
makes a change count. A name with PUG_ that is not listed here stops the start.

A secret (●) may stand in a file of its own instead, closed to others: `NAME_FILE=/path`. The
installed units do so: `/etc/pug/secrets/` (0400, root) handed over by systemd.

| Name | What it says | Without it | Secret |
|---|---|---|:-:|
"""


def page() -> str:
    return HEAD + "".join(_row(name, setting) for name, setting in sorted(KNOWN.items()))


def _row(name: str, setting: Setting) -> str:
    mark = "●" if setting.secret else ""
    return f"| `{name}` | {setting.meaning} | {setting.default or '–'} | {mark} |\n"


if __name__ == "__main__":
    sys.stdout.write(page())
