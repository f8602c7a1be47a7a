#!/usr/bin/env bash
# A new release, without closing the portal: deploy/upgrade.sh [--release DIR] (default: this one).
# Run it from the NEW release's folder, as root. Backup first; the old code serves while tables
# change (migrations only add: docs/deploy.md); the new code must be ready before it gets a request.
set -euo pipefail
umask 022
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
need_root
SOURCE=$(dirname "$here")
[ "${1:-}" != --release ] || SOURCE=$2
[ -L $CODE ] || stop "nothing is installed here: deploy/install.sh"
DOMAIN=$(sed -n 's/^PUG_ALLOWED_HOSTS=\([^,]*\).*/\1/p' $ETC/pug.env)
REGENCY=$(sed -n 's/^PUG_REGENCY=//p' $ETC/pug.env)
OLD=$(readlink $CODE)

unpack "$SOURCE"
[ "$RELEASE" != "$OLD" ] || { say "${RELEASE##*/} runs already. Nothing had to be changed."; exit 0; }
say "Backup …"
systemctl start pug-backup.service || stop "the backup failed (journalctl -u pug-backup): nothing was changed"
prepare
units "$RELEASE/deploy/systemd" $UNITS && systemctl daemon-reload
if switch_to "$RELEASE"; then
  systemctl start pug.target # timers that are new
  printf '%s\n' "$OLD" >/opt/pug/previous
  let_go "$RELEASE" "$OLD"
  say "${RELEASE##*/} runs, in $SECONDS seconds. Back to ${OLD##*/}: deploy/rollback.sh"
else
  units "$OLD/deploy/systemd" $UNITS && systemctl daemon-reload
  stop "${RELEASE##*/} is not ready; ${OLD##*/} serves as before"
fi
