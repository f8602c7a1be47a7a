#!/usr/bin/env bash
# A demonstration on this machine: environment, database, reference data, a year of invented
# records for Paser, then the production server. A second run keeps the data.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh runtime

export PUG_DEMO=1
unset PUG_DEBUG
var=${PUG_VAR:-var}
mkdir -p "$var"
if [ ! -s "$var/secret_key" ]; then
  (umask 077 && .venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))' >"$var/secret_key")
fi
PUG_SECRET_KEY=$(cat "$var/secret_key")
export PUG_SECRET_KEY

manage() { .venv/bin/python manage.py "$@"; }

# Static files are packed beside the loading of data, and only when they or their makers changed.
pack_static() {
  local wanted
  wanted=$(find static requirements.txt -type f -exec sha256sum {} + | sort | sha256sum)
  [ "$(cat "$var/static/packed" 2>/dev/null)" = "$wanted" ] && return
  manage collectstatic --no-input --clear --ignore redoc -v 0
  printf '%s\n' "$wanted" >"$var/static/packed"
}

printf 'Preparing the database and the pages …\n'
manage migrate --no-input -v 0
pack_static &
packing=$!
manage import_wilayah
manage import_activity_codes
manage build_schematic_map --regency 64.01
manage seed_demo
manage take_snapshots
manage rebuild_rollups --check --later
wait "$packing"

cat <<TEXT

Demonstration accounts, all with the password  paser-demo-2026
  officer      officer of DP2KBP3A, the whole regency
  kecamatan    district officer, Tanah Grogot
  kades        village head, Desa Janju
  pendamping   facilitator of four villages
  opd          focal point, Dinas Kesehatan
  kepala-dinas head of Dinas Kesehatan, signs GBS and KAK
  bappeda      planning board (Bappedalitbang)
  pimpinan     leader, read only
  auditor      auditor

TEXT
exec .venv/bin/python manage.py serve --port "${PORT:-8000}"
