#!/usr/bin/env bash
# Tries the containers on this machine, as docs/compose.md says, then everything they go through:
# deploy/compose/try.sh   As root, with docker and docker-compose; takes /etc/pug, /var/backups/pug
# and the volumes pug-…, and refuses when one of them stands already. One line a step; cleans up.
set -euo pipefail
[ "$(id -u)" = 0 ] || { echo "run this as root" >&2; exit 1; }
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
HTTP=${HTTP:-8344} HTTPS=${HTTPS:-8343} DOMAIN=pug.coba.go.id failed=0
export DOCKER_BUILDKIT=1 COMPOSE_DOCKER_CLI_BUILD=1 HOME=${HOME:-/root}
for one in /etc/pug /var/backups/pug /root/pug-backup.key; do
  [ ! -e "$one" ] || { echo "$one stands already: this machine is not for a trial" >&2; exit 1; }
done
[ -z "$(docker volume ls -q --filter name=pug-)" ] || { echo "volumes pug-… stand already" >&2; exit 1; }
work=$(mktemp -d -t pug-compose.XXXXXX)
for one in old new; do
  mkdir "$work/$one"
  (cd "$source" && . deploy/lib.sh && code | tar -c --null -T -) | tar -C "$work/$one" -x
done
sed -i 's/^version = .*/version = "999.0"/' "$work/new/pyproject.toml"
at() { (cd "$work/$1/deploy/compose" && docker-compose "${@:2}"); }
inside() { at old exec -T "$@"; }
finish() {
  at old down -v --remove-orphans >/dev/null 2>&1 || true
  docker rmi -f pug-portal:current pug-portal:previous >/dev/null 2>&1 || true
  rm -rf "$work" /etc/pug /var/backups/pug /root/pug-backup.key
  rmdir /var/www/pug-acme 2>/dev/null || true
}
trap finish EXIT
ask() { curl -sk -m 20 --resolve "$DOMAIN:$HTTPS:127.0.0.1" --resolve "$DOMAIN:$HTTP:127.0.0.1" "$@"; }
code_of() { ask -o /dev/null -w '%{http_code}' "$@"; }
until_true() { # until_true SECONDS COMMAND …
  local end=$((SECONDS + $1))
  while ! "${@:2}"; do [ $SECONDS -lt $end ] && sleep 1 || return 1; done
}
step() { # step NAME COMMAND …: a line with seconds; the log of a failed one is shown
  local name=$1 begin=$SECONDS
  shift
  if "$@" >"$work/log" 2>&1; then printf 'ok      %-48s %4s s\n' "$name" $((SECONDS - begin))
  else failed=$((failed + 1)); printf 'FAILED  %-48s %4s s\n' "$name" $((SECONDS - begin)); tail -n 25 "$work/log"; fi
}

setup() { bash "$work/old/deploy/compose/setup.sh" --domain $DOMAIN --email it@coba.go.id --http-port "$HTTP" --https-port "$HTTPS"; }
again() { setup >"$work/second" && grep -q 'Nothing had to be changed' "$work/second"; }
ready() { [ "$(code_of "https://$DOMAIN:$HTTPS/readyz/")" = 200 ]; }
pages() {
  until_true 30 ready && [ "$(code_of "https://$DOMAIN:$HTTPS/masuk/")" = 200 ] &&
    [ "$(code_of "http://$DOMAIN:$HTTP/masuk/")" = 301 ] && [ "$(code_of "http://$DOMAIN:$HTTP/api/v1/session/")" = 403 ]
}
officer() { inside worker pug manage add_person petugas --name "Petugas PUG" --role officer --area 64.01 >"$work/password" 2>/dev/null; }
signs_in() {
  local token jar=$work/jar
  rm -f "$jar"
  token=$(ask -b "$jar" -c "$jar" "https://$DOMAIN:$HTTPS/masuk/" | sed -n 's/.*csrfmiddlewaretoken" value="\([^"]*\).*/\1/p' | head -n 1)
  [ "$(code_of -b "$jar" -c "$jar" -e "https://$DOMAIN:$HTTPS/masuk/" --data-urlencode "csrfmiddlewaretoken=$token" \
    -d username=petugas --data-urlencode "password=$(tail -n 1 "$work/password")" "https://$DOMAIN:$HTTPS/masuk/")" = 302 ] &&
    grep -q __Host-sessionid "$jar"
}
closed() { # what a container may not do
  ! inside web touch /opt/x && ! inside web touch /var/lib/pug/static/x && ! inside web ls /var/backups/pug/wal &&
    inside web psql -U pug_app -c 'select 1' pug && ! inside web psql -U pug_owner -c 'select 1' pug && ! inside worker psql -U postgres -c 'select 1' postgres &&
    ! inside front cat /run/secrets/secret_key && inside web grep -q 'CapBnd:.0000000000000000' /proc/self/status &&
    [ "$(docker ps -q --filter name=pug_ --filter publish=1-65535 | wc -l)" = 1 ] &&
    [ -z "$(docker ps -q --filter name=pug_ | xargs docker inspect -f '{{if eq .Config.User "" "root" "0"}}{{.Name}}{{end}}')" ]
}
ended() { at old logs --no-color "$1" | grep -c 'ended (0)' | grep -qx "$2"; }
tasks() { # the clock finds each line of the table overdue
  at old exec -T backup touch -d '8 days ago' /var/lib/pug/clock/base && until_true 120 ended backup 1 &&
    at old exec -T backup touch -d '2 days ago' /var/lib/pug/clock/backup && until_true 120 ended backup 2 &&
    at old exec -T clock touch -d '8 days ago' /var/lib/pug/clock/{snapshots,rollups,retention,audit,remind} &&
    until_true 180 ended clock 5
}
killed() {
  kill -9 "$(docker inspect -f '{{.State.Pid}}' pug_web_1)" && sleep 1 && ! ready && until_true 60 ready &&
    kill -9 "$(docker inspect -f '{{.State.Pid}}' pug_database_1)" && sleep 1 && until_true 90 ready
}
refused() { # a rehearsal's setting, then a database that may lose writes
  echo PUG_DEBUG=1 >>/etc/pug/pug.env
  ! at old up -d && at old logs --no-color --tail 20 prepare | grep 'PUG_DEBUG=1 is not for a service'
  local said=$?
  sed -i /PUG_DEBUG/d /etc/pug/pug.env
  inside database psql -qc "alter system set fsync = off" -c "select pg_reload_conf()" postgres || return
  ! at old up -d && at old logs --no-color --tail 20 reference | grep 'fsync = off' || said=1
  inside database psql -qc "alter system reset fsync" -c "select pg_reload_conf()" postgres
  at old up -d && until_true 60 ready && return $said
}
# What docs/compose.md tells to paste under this heading; the stick is root's own folder.
pasted() {
  (cd "$work/old/deploy/compose" && bash -ec "$(sed -n "/^## $1\$/,/^## /{/^    /p}" "$source/docs/compose.md" |
    sed -e 's#/mnt/usb#/root#g' -e 's/docker-compose \(run\|exec\)/& -T/')")
}
person() { inside worker pug manage add_person "trial-$1" --name Trial --role officer --area 64.01; }
known() { inside database psql -Atc "select count(*) from accounts_user where username = 'trial-$1'" pug | grep -x "$2"; }
own_certificate() {
  (cd "$work/old/deploy/compose" && openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj "/CN=$DOMAIN" \
    -addext "subjectAltName=DNS:$DOMAIN" -keyout key.pem -out chain.pem) && pasted Certificate && sleep 2 &&
    curl -sf --cacert "$work/old/deploy/compose/chain.pem" --resolve "$DOMAIN:$HTTPS:127.0.0.1" "https://$DOMAIN:$HTTPS/readyz/"
}
photo_is_there() { [ "$(inside front find /var/lib/pug/media/photos -type f -user pug | wc -l)" -ge 1 ]; }
kept() { # a photo: written by the duties here, named by the web, sent by the front, read by the backup
  local made who activity photo sha key
  made=$(cat "$source/tests/make.py" && printf '%s\n' 'head = village_head()' \
    'one = photo(activity(program(), author=head), author=head)' \
    'print("=", head.username, one.activity_id, one.pk, one.sha256)')
  made=$(inside worker pug manage shell -c "$made") || { echo "$made"; return 1; }
  read -r who activity photo sha <<<"$(sed -n 's/^= //p' <<<"$made")"
  key=$(inside worker pug manage create_token "$who" 2>/dev/null)
  ask -o "$work/photo" -H "Authorization: Bearer $key" "https://$DOMAIN:$HTTPS/api/v1/activities/$activity/photos/$photo/" &&
    sha256sum "$work/photo" | grep "^$sha" && at old logs --no-color web | grep "photos/$photo/ 200" || return
  sha=$(inside front find /var/lib/pug/media -name "$sha.*" -type f)
  inside backup test -r "$sha" && inside front test -r "$sha" && ! inside front touch "$sha" && ! inside database test -r "$sha"
}
restored() { # who came after the backup is gone, who was damaged is whole
  inside backup pug manage backup && person later && known later 1 &&
    inside database psql -qc "update accounts_user set password = ''; delete from core_healthmark" pug || return
  printf 'pug\n' | pasted Restore && until_true 60 ready && known later 0 && signs_in && photo_is_there
}
rewound() { # who came last is there, from the archive alone
  person last && pasted "The whole cluster to a minute" && until_true 60 ready && known last 1 && signs_in && photo_is_there
}
# Somebody asks all the while: one code a line, until FILE.stop stands.
asking() { while [ ! -e "$1.stop" ]; do code_of "https://$DOMAIN:$HTTPS/masuk/" || true; echo; sleep 0.2; done >"$1" 2>/dev/null; }
counted() { # counted NAME COMMAND …: how long nobody was let in; each such answer must say so (503) or be none (000)
  local codes=$work/$1 status=0
  asking "$codes" &
  local asker=$!
  "${@:2}" || status=$?
  until_true 60 ready || status=1
  touch "$codes.stop"
  wait $asker
  printf '%-8s %s\n' "$1" "$(sort "$codes" | uniq -c | awk '{printf "%s times %s  ", $1, $2}')" >>"$work/asked"
  ! grep -qv '^\(200\|503\|000\)$' "$codes" && return $status
}
upgrade() { docker tag pug-portal:current pug-portal:previous && cp "$work/old/deploy/compose/.env" "$work/new/deploy/compose/" && at new build -q && at new up -d && inside web readlink /opt/pug/current | grep 999.0; }
rollback() { docker tag pug-portal:previous pug-portal:current && at old up -d && ! inside web readlink /opt/pug/current | grep 999.0; }

step "settings, secrets, folders" setup
step "second run changes nothing" again
step "image" at old build -q
step "up" at old up -d
step "pages, redirects, API over http" pages
step "first officer" officer
step "she signs in through TLS" signs_in
step "nothing else is open" closed
step "certificate of the office" own_certificate
step "kept by the web, read by the front" kept
step "each line of the table, backup and cluster too" tasks
step "web and database killed, both come back" killed
step "start refused: PUG_DEBUG=1, fsync = off" refused
step "upgrade" counted upgrade upgrade
step "rollback" counted rollback rollback
step "restore over damaged tables" restored
step "the whole cluster from copy and archive" rewound
step "all is well afterwards" pages
cat "$work/asked"
[ "$failed" = 0 ] || { echo "$failed steps failed"; exit 1; }
