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
manage() { inside /opt/pug/current/deploy/bin/pug-manage "$@"; }
sql() { inside runuser -u postgres -- psql -qAtc "$1" pug; }
web() { curl -s -m 20 --resolve "$DOMAIN:$HTTPS:127.0.0.1" --resolve "$DOMAIN:$HTTP:127.0.0.1" "$@"; }
ask() { web -k -o /dev/null -w '%{http_code}' "$@"; }
tell() { printf '%s\n' "$*" >>"$work/told"; }
step() { # step NAME COMMAND …: a line with seconds; the log of a failed one is shown
  local name=$1 begin=$SECONDS
  shift
  if "$@" >"$work/log" 2>&1; then printf 'ok      %-50s %4s s\n' "$name" $((SECONDS - begin))
  else failed=$((failed + 1)); printf 'FAILED  %-50s %4s s\n' "$name" $((SECONDS - begin)); tail -n 25 "$work/log"; fi
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
last=$(cd "$source/accounts/migrations" && printf '%s\n' 0*.py | tail -n 1)
cat >"$tree/srv/new/accounts/migrations/9999_trial.py" <<TEXT # the new release has a table more
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "${last%.py}")]
    operations = [migrations.CreateModel("Trial", [("id", models.BigAutoField(primary_key=True))])]
TEXT
[ -z "${SETUP:-}" ] || "$SETUP" "$tree"
# shellcheck disable=SC2086 # options
systemd-nspawn -q --register=no --keep-unit -D "$tree" ${NSPAWN:-} --boot >"$work/boot" 2>&1 </dev/null &
runner=$!
for _ in $(seq 60); do
  read -r leader _ <"/proc/$runner/task/$runner/children" || true
  [ -n "$leader" ] && inside systemctl is-system-running 2>/dev/null | grep -q 'running\|degraded' && break
  sleep 1
done

up() { # the portal is well, within a minute
  local until=$((SECONDS + 60))
  while [ $SECONDS -lt $until ]; do [ "$(ask "https://$DOMAIN:$HTTPS/readyz/")" = 200 ] && return; sleep 1; done
  return 1
}
install() { inside bash /srv/old/deploy/install.sh --domain $DOMAIN --email it@coba.go.id --http-port "$HTTP" --https-port "$HTTPS"; }
first() { install >"$work/first" 2>&1 || { cat "$work/first"; return 1; }; tell "$(grep '/readyz/ answers' "$work/first")"; }
again() { install >"$work/second"; cat "$work/second"; grep -q 'Nothing had to be changed' "$work/second"; }
pages() {
  [ "$(ask "https://$DOMAIN:$HTTPS/masuk/")" = 200 ] && [ "$(ask "https://$DOMAIN:$HTTPS/readyz/")" = 200 ] &&
    [ "$(ask "http://$DOMAIN:$HTTP/masuk/")" = 301 ] && [ "$(ask "http://$DOMAIN:$HTTP/api/v1/session/")" = 403 ]
}
tasks() { local one; for one in snapshots rollups retention audit base backup remind; do inside systemctl start "pug-$one" || return; done; }
killed() {
  inside bash -c 'kill -9 $(systemctl show -p MainPID --value pug-web)'
  sleep 1 && up
}
answer() { # answer PASSWORD: to the first officer who signs in with it
  local address=https://$DOMAIN:$HTTPS/masuk/ jar=$work/jar token
  rm -f "$jar"
  token=$(web -k -c "$jar" "$address" | sed -n 's/.*name="csrfmiddlewaretoken" value="\([^"]*\)".*/\1/p' | head -n 1)
  ask -b "$jar" -c "$jar" -e "$address" -d username=petugas --data-urlencode "password=$1" \
    --data-urlencode "csrfmiddlewaretoken=$token" "$address"
}
signs_in() {
  local password
  password=$(sed -n 's/^Sign in as .* with  \([^ ]*\) .*/\1/p' "$work/first")
  [ "$(answer "wrong-$password")" = 422 ] && [ "$(answer "$password")" = 302 ] &&
    web -k -b "$work/jar" -o /dev/null -w '%{http_code} %{redirect_url}\n' "https://$DOMAIN:$HTTPS/" |
    grep -x "302 https://$DOMAIN:$HTTPS/kata-sandi/"
}
own_certificate() {
  inside bash -ec "cd /root
    openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN=Office -keyout office.key -out office.pem
    openssl req -newkey rsa:2048 -nodes -subj /CN=$DOMAIN -keyout key.pem -out asked.pem
    openssl x509 -req -in asked.pem -CA office.pem -CAkey office.key -CAcreateserial -days 90 \
      -extfile <(echo subjectAltName=DNS:$DOMAIN) -out signed.pem
    cat signed.pem office.pem >chain.pem
    /opt/pug/current/deploy/certificate.sh own chain.pem key.pem
    if /opt/pug/current/deploy/certificate.sh own chain.pem office.key; then exit 1; fi" >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
  grep 'this key does not belong' "$work/said" && sleep 1 && web --cacert "$tree/root/office.pem" -fo /dev/null "https://$DOMAIN:$HTTPS/readyz/"
}
rotated() { # a log of its own for a year, closed to others, and nginx goes on in the new one
  inside logrotate -f /etc/logrotate.d/pug && ask "https://$DOMAIN:$HTTPS/masuk/" && sleep 1 &&
    inside stat -c '%a %U:%G %s %n' /var/log/pug/pug-access.log{,.1} >"$work/said"
  cat "$work/said"
  [ "$(grep -c '^640 www-data:adm [1-9]' "$work/said")" = 2 ]
}
told_as_json() { # each line of the web server but the one of its check, Granian's among them
  inside journalctl -u pug-web -o cat _TRANSPORT=stdout | grep -v '^System check' >"$work/lines"
  grep -q '"logger": "_granian' "$work/lines" && python3 -c 'import json, sys; [json.loads(line) for line in sys.stdin]' <"$work/lines"
}
records() {
  manage --as root seed_load --activities 2000 &&
    inside runuser -u pug -- bash -c 'umask 7; install -D -m 660 /opt/pug/current/docs/img/phone.png /var/lib/pug/media/photos/ab/one.png'
}
kept() { # kept NAME N: records, picture, timers and rights as before; N accounts of that name
  [ "$(sql 'select count(*) from programs_activity')" = 2000 ] &&
    [ "$(sql "select count(*) from accounts_user where username = 'trial-$1'")" = "$2" ] &&
    [ "$(inside stat -c '%a %U:%G' /var/lib/pug/media/photos/ab/one.png)" = "660 pug:pug" ] &&
    inside systemctl is-active -q pug-backup.timer && inside systemctl is-active -q pug-tend &&
    inside runuser -u pug-duty -- touch /var/lib/pug/media/photos/ab/two.png &&
    inside cmp /opt/pug/current/docs/img/phone.png /var/lib/pug/media/photos/ab/one.png
}
person() { manage add_person "trial-$1" --name Trial --role officer --area 64.01; }
# What docs/backup.md tells to paste under this heading.
pasted() { sed -n "/^##* $1\$/,/^##* /{/^    /p}" "$source/docs/backup.md"; }
# The key comes on a stick, as the document says.
rehearsed() {
  command install -D -m 400 "$tree/root/pug-backup.key" "$tree/mnt/usb/pug-backup.key"
  inside bash -ec "$(pasted 'Rehearse (each quarter, half an hour)')" >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
  grep -q ' same$' "$work/said" && ! grep DIFFERS "$work/said"
}
restored() { # the newest set is that of upgrade.sh: of the release before, with a table less
  person later && echo pug | inside bash -ec "$(pasted 'Restore after a loss')" >"$work/said" 2>&1 ||
    { cat "$work/said"; return 1; }
  tell "restore: $(grep -c '  same$' "$work/said") tables the same, $(grep -c DIFFERS "$work/said" || true) differ; $(tail -n 1 "$work/said")"
  up && kept later 0 && ! grep DIFFERS "$work/said" &&
    [ "$(sql "select tableowner, has_table_privilege('pug_app', 'accounts_trial', 'insert') from pg_tables where tablename = 'accounts_trial'")" = 'pug_owner|t' ]
}
rewound() {
  person last && inside bash -ec "$(pasted 'To a given minute (PostgreSQL)')" >"$work/said" 2>&1 ||
    { cat "$work/said"; return 1; }
  tell "to the last second: $(grep segments "$work/said"); $(grep '^restored in' "$work/said")"
  up && kept last 1
}
refused() { # the unit must not start on a database that may lose writes
  inside runuser -u postgres -- psql -qc "alter system set fsync = off" -c "select pg_reload_conf()" || return
  sleep 1
  ! inside systemctl restart pug-worker && inside journalctl -u pug-worker -n 30 | grep 'fsync = off'
  local said=$?
  inside runuser -u postgres -- psql -qc "alter system reset fsync" -c "select pg_reload_conf()"
  inside systemctl restart pug-worker && return $said
}
# asking FILE: one code a line, until FILE.stop stands. Three of these stay below nginx's limit for one
# address at /masuk/ (10 a second).
asking() {
  local until=$((SECONDS + 1200))
  while [ -d "$work" ] && [ ! -e "$1.stop" ] && [ $SECONDS -lt $until ]; do
    printf '%s\n' "$(ask "https://$DOMAIN:$HTTPS/masuk/")"
    sleep 0.4
  done >>"$1" 2>/dev/null
}
undropped() { # undropped NAME COMMAND …
  local codes=$work/$1 status=0
  local name=$1 askers=() _
  for _ in 1 2 3; do asking "$codes" & askers+=($!); done
  shift
  "$@" || status=$?
  touch "$codes.stop"
  wait "${askers[@]}"
  tell "$name: $(wc -l <"$codes") requests, $(grep -vc '^200$' "$codes" || true) of them not 200"
  ! grep -qv '^200$' "$codes" && return $status
}
broken() { # new code that is never ready must not get a single request
  cp -a "$tree/srv/new" "$tree/srv/broken"
  sed -i 's/^version = .*/version = "999.1"/' "$tree/srv/broken/pyproject.toml"
  printf '\nraise RuntimeError("broken on purpose")\n' >>"$tree/srv/broken/pug_portal/wsgi.py"
  ! inside bash /srv/broken/deploy/upgrade.sh && inside readlink /opt/pug/current | grep -v 999.1
}

reloaded() { inside systemctl reload pug-web && sleep 15 && inside systemctl reload pug-web && sleep 15; }

step "install on a bare server" first
step "second run changes nothing" again
step "pages, redirects, API over http" pages
step "first officer signs in, wrong password 422" signs_in
step "2,000 records and a picture" records
step "each timer's work, first by hand" tasks
step "certificate of the office, wrong key refused" own_certificate
step "logs of nginx rotated, closed to others" rotated
step "web reloaded twice, nobody turned away" undropped reload reloaded
step "the web server tells everything as JSON" told_as_json
step "web killed, comes back" killed
step "start refused with fsync = off" refused
step "upgrade, nobody turned away" undropped upgrade inside bash /srv/new/deploy/upgrade.sh
step "rehearsal beside the portal, nobody turned away" undropped rehearsal rehearsed
step "restore of the set, as docs/backup.md says" restored
step "a broken release is not switched to" undropped broken broken
step "restore to the last second, put in place" rewound
step "rollback, nobody turned away" undropped rollback inside bash /srv/new/deploy/rollback.sh
step "all is well afterwards" pages
cat "$work/told" 2>/dev/null || true
[ "$failed" = 0 ] || { echo "$failed steps failed"; exit 1; }
