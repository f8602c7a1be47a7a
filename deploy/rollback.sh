#!/usr/bin/env bash
# Back to the release before, as root, without closing the portal. Tables stay as they are: the
# release before reads them (docs/deploy.md, "Upgrade"). Data is not touched.
set -euo pipefail
umask 022
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
need_root
[ -s /opt/pug/previous ] || stop "there is no release to go back to"
RELEASE=$(cat /opt/pug/previous)
[ -f "$RELEASE/.whole" ] || stop "$RELEASE is not there any more"
DOMAIN=$(sed -n 's/^PUG_ALLOWED_HOSTS=\([^,]*\).*/\1/p' $ETC/pug.env)
NOW=$(readlink $CODE)
manage pug-owner "$RELEASE" collectstatic --no-input -v 0 || stop "collectstatic failed"
units "$RELEASE/deploy/systemd" $UNITS && systemctl daemon-reload
switch_to "$RELEASE" || stop "${RELEASE##*/} is not ready; ${NOW##*/} serves as before"
printf '%s\n' "$NOW" >/opt/pug/previous
say "${RELEASE##*/} runs again, in $SECONDS seconds."
