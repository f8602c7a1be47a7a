#!/usr/bin/env bash
# What a container of compose.yaml runs. On the host: docker-compose exec worker pug manage COMMAND …
#   pug database | prepare | web | worker | tend | clock | front | ready | open | manage COMMAND …
# Commands, templates and tables are those of a server made by deploy/install.sh.
set -euo pipefail
umask 0007
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=../lib.sh
. "$here/lib.sh"
PYTHON=$CODE/.venv/bin/python
DOMAIN=${PUG_ALLOWED_HOSTS:-} && DOMAIN=${DOMAIN%%,*}

# unit NAME: the start of that unit of the server, its checks first.
unit() {
  local file=$CODE/deploy/systemd/pug-$1.service before start
  read -ra before < <(sed -n 's/^ExecStartPre=//p' "$file")
  read -ra start < <(sed -n 's/^ExecStart=//p' "$file")
  rm -f "/run/pug-$1/$1.sock"
  "${before[@]}"
  exec "${start[@]}"
}

# Tables, rights, pages and reference data: of lib.sh's prepare() the steps of this user, anew at
# each start, so that an older image packs its own pages again.
prepare_mine() {
  # shellcheck disable=SC2034 # REGENCY: prepare() asks for it
  RELEASE=${TMPDIR:-/tmp}/$(basename "$(readlink "$CODE")") REGENCY=${PUG_REGENCY:-64.01} ME=$(id -un)
  mkdir -p "$RELEASE"
  manage() { [ "$1" != "$ME" ] || "$PYTHON" manage.py "${@:3}"; }
  prepare
}

# The owner may not serve, so she is not asked about her role; the others are, before they start.
prepare_checked() {
  local of_the_database=(--database default)
  [ "$(id -un)" != pug-owner ] || of_the_database=()
  "$PYTHON" manage.py check --deploy "${of_the_database[@]}" --tag start
  prepare_mine
}

# The cluster as Debian's would be: checksums, the same settings, a system user is its role.
database() {
  local data=/var/lib/postgresql/15/main bin=/usr/lib/postgresql/15/bin
  [ -s $data/PG_VERSION ] ||
    $bin/initdb -D $data --data-checksums --locale=C.UTF-8 --encoding=UTF8 --auth=peer >/dev/null
  sed -e "s/@BUFFERS@/$((MEMORY / 4))/" -e "s/@CACHE@/$((MEMORY / 2))/" \
    "$CODE/deploy/database/postgresql.conf" >$data/pug.conf
  grep -q "^include 'pug.conf'" $data/postgresql.conf || echo "include 'pug.conf'" >>$data/postgresql.conf
  who_may >$data/pg_hba.conf
  printf 'pug %s %s\n' pug pug_app pug-duty pug_duty pug-owner pug_owner pug-backup pug_backup \
    postgres postgres root postgres >$data/pg_ident.conf
  # Behind a closed door first: nobody comes in before the roles stand.
  $bin/pg_ctl -D $data -w -t 3600 -o "-c unix_socket_directories=/tmp" start >/dev/null
  psql -qAt -h /tmp -v ON_ERROR_STOP=1 -v database=pug -f "$CODE/deploy/database/roles.sql" postgres
  $bin/pg_ctl -D $data -w -m fast stop >/dev/null
  exec $bin/postgres -D $data
}
who_may() {
  printf 'local pug %s peer map=pug\n' pug_app,pug_duty,pug_owner,pug_backup
  printf 'local replication pug_backup peer map=pug\n'
  printf 'local all postgres peer map=pug\n'
}

front() {
  render_site <"$CODE/deploy/nginx/pug.conf" >/run/pug-site.conf
  exec nginx -g 'daemon off;'
}

cd "$CODE"
case ${1:-} in
  web | worker | tend) unit "$1" ;;
  prepare) prepare_checked ;;
  clock) exec "$PYTHON" deploy/compose/clock.py ;;
  database | front) "$1" ;;
  ready) [ "$(asked /run/pug-web/web.sock /readyz/)" = 200 ] ;;
  open) curl -skf -o /dev/null -m 10 --resolve "$DOMAIN:$HTTPS:127.0.0.1" "https://$DOMAIN:$HTTPS/healthz/" ;;
  manage) shift && exec "$PYTHON" manage.py "$@" ;;
  *) stop "unknown: ${1:-}; see the first lines of $0" ;;
esac
