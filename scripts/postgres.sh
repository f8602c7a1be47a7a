#!/usr/bin/env bash
# Runs a command beside a private, throw-away PostgreSQL: scripts/postgres.sh COMMAND …
# DATABASE_URL leads the command to it. It listens on a socket in its own folder only; a
# PostgreSQL that the machine already runs is neither read nor written.
set -euo pipefail

bin=$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)")
home=$(mktemp -d -t pug-postgres.XXXXXX)
as=()
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
  chown postgres "$home"
  as=(runuser -u postgres --)
fi

stop() {
  "${as[@]}" "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$home"
}
trap stop EXIT
trap 'exit 130' INT TERM

cd /
"${as[@]}" "$bin/initdb" -D "$home/data" -U postgres --auth=trust -E UTF8 --no-locale --no-sync \
  >"$home.log" 2>&1 || { cat "$home.log" >&2; rm -f "$home.log"; exit 1; }
rm -f "$home.log"
"${as[@]}" "$bin/pg_ctl" -D "$home/data" -l "$home/log" -w start -o "\
 -c listen_addresses='' -c unix_socket_directories='$home' -c max_connections=100\
 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=128MB" \
  >/dev/null || { cat "$home/log" >&2; exit 1; }

cd "$OLDPWD"
export DATABASE_URL="postgresql://postgres@/postgres?host=$home"
"$@"
