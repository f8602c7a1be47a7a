#!/usr/bin/env bash
# Tries deploy/install.sh on a fresh Debian 12 with a running systemd, then everything a server goes
# through: deploy/try-install.sh [BASE]   (BASE: a tree of debootstrap; made when not given). As root;
# needs debootstrap and systemd-container. Prints one line a step and cleans up. SETUP may name a
# script that is run with the tree as its argument before the start (mirrors, certificates), NSPAWN
# more options of systemd-nspawn (--bind-ro=…).
set -euo pipefail
[ "$(id -u)" = 0 ] || { echo "run this as root" >&2; exit 1; }
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d -t pug-install.XXXXXX) tree='' leader='' runner='' failed=0
HTTP=${HTTP:-8144} HTTPS=${HTTPS:-8143} DOMAIN=pug.coba.go.id
tree=$work/tree
finish() {
  [ -z "$leader" ] || kill -s RTMIN+4 "$leader" 2>/dev/null || true
  [ -z "$runner" ] || timeout 60 tail --pid="$runner" -f /dev/null || kill -9 "$runner" || true
  rm -rf "$work"
}
trap finish EXIT
inside() { nsenter -t "$leader" -m -u -i -p -C -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"; }
ask() { curl -sk -o /dev/null -m 20 -w '%{http_code}' --resolve "$DOMAIN:$HTTPS:127.0.0.1" --resolve "$DOMAIN:$HTTP:127.0.0.1" "$@"; }
step() { # step NAME COMMAND …: a line with seconds; the log of a failed one is shown
  local name=$1 begin=$SECONDS
  shift
  if "$@" >"$work/log" 2>&1; then printf 'ok      %-44s %4s s\n' "$name" $((SECONDS - begin))
  else failed=$((failed + 1)); printf 'FAILED  %-44s %4s s\n' "$name" $((SECONDS - begin)); tail -n 25 "$work/log"; fi
}

if [ -n "${1:-}" ]; then cp -a "$1" "$tree"; else
  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,python3,curl bookworm "$tree" >/dev/null
fi
for one in old new; do
  mkdir -p "$tree/srv/$one"
  tar -C "$source" -c --exclude=./.git --exclude=./.venv --exclude=./var --exclude='./.*_cache' \
    --exclude='*.pyc' . | tar -C "$tree/srv/$one" -x
done
sed -i 's/^version = .*/version = "999.0"/' "$tree/srv/new/pyproject.toml"
[ -z "${SETUP:-}" ] || "$SETUP" "$tree"
# shellcheck disable=SC2086 # options
systemd-nspawn -q --register=no --keep-unit -D "$tree" ${NSPAWN:-} --boot >"$work/boot" 2>&1 </dev/null &
runner=$!
for _ in $(seq 60); do
  read -r leader _ <"/proc/$runner/task/$runner/children" || true
  [ -n "$leader" ] && inside systemctl is-system-running 2>/dev/null | grep -q 'running\|degraded' && break
  sleep 1
done

install() { inside bash /srv/old/deploy/install.sh --domain $DOMAIN --email it@coba.go.id --http-port "$HTTP" --https-port "$HTTPS"; }
again() { install >"$work/second"; cat "$work/second"; grep -q 'Nothing had to be changed' "$work/second"; }
pages() {
  [ "$(ask "https://$DOMAIN:$HTTPS/masuk/")" = 200 ] && [ "$(ask "https://$DOMAIN:$HTTPS/readyz/")" = 200 ] &&
    [ "$(ask "http://$DOMAIN:$HTTP/masuk/")" = 301 ] && [ "$(ask "http://$DOMAIN:$HTTP/api/v1/session/")" = 403 ]
}
tasks() { local one; for one in snapshots rollups retention audit base backup remind; do inside systemctl start "pug-$one" || return; done; }
killed() {
  inside bash -c 'kill -9 $(systemctl show -p MainPID --value pug-web)'
  local until=$((SECONDS + 60))
  while [ $SECONDS -lt $until ]; do sleep 1; [ "$(ask "https://$DOMAIN:$HTTPS/readyz/")" = 200 ] && return; done
  return 1
}
refused() { # the unit must not start on a database that may lose writes
  inside runuser -u postgres -- psql -qc "alter system set fsync = off" -c "select pg_reload_conf()" || return
  sleep 1
  ! inside systemctl restart pug-worker && inside journalctl -u pug-worker -n 30 | grep 'fsync = off'
  local said=$?
  inside runuser -u postgres -- psql -qc "alter system reset fsync" -c "select pg_reload_conf()"
  inside systemctl restart pug-worker && return $said
}
# Somebody asks all the while: "FILE": one code a line, until FILE.stop stands.
asking() { while [ ! -e "$1.stop" ]; do ask "https://$DOMAIN:$HTTPS/masuk/"; echo; sleep 0.2; done >"$1" 2>/dev/null; }
undropped() { # undropped NAME COMMAND …
  local codes=$work/$1 status=0
  asking "$codes" &
  local asker=$!
  shift
  "$@" || status=$?
  touch "$codes.stop"
  wait $asker
  printf '%s requests, %s of them not 200\n' "$(wc -l <"$codes")" "$(grep -vc '^200$' "$codes" || true)" | tee -a "$work/asked"
  ! grep -qv '^200$' "$codes" && return $status
}
broken() { # new code that is never ready must not get a single request
  cp -a "$tree/srv/new" "$tree/srv/broken"
  sed -i 's/^version = .*/version = "999.1"/' "$tree/srv/broken/pyproject.toml"
  printf '\nraise RuntimeError("broken on purpose")\n' >>"$tree/srv/broken/pug_portal/wsgi.py"
  ! inside bash /srv/broken/deploy/upgrade.sh && inside readlink /opt/pug/current | grep -v 999.1
}

step "install on a bare server" install
step "second run changes nothing" again
step "pages, redirects, API over http" pages
step "each timer's work, first by hand" tasks
step "web killed, comes back" killed
step "start refused with fsync = off" refused
step "upgrade, nobody turned away" undropped up inside bash /srv/new/deploy/upgrade.sh
step "a broken release is not switched to" undropped broken broken
step "rollback, nobody turned away" undropped back inside bash /srv/new/deploy/rollback.sh
step "all is well afterwards" pages
cat "$work/asked" 2>/dev/null || true
[ "$failed" = 0 ] || { echo "$failed steps failed"; exit 1; }
