#!/usr/bin/env bash
# The whole suite: on SQLite, on a private PostgreSQL, and in a real browser. Every part runs, also
# after a failed one; the exit code is 0 only when all passed.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh dev
unset DATABASE_URL

failed=()
part() {
  local name=$1
  shift
  printf '\n== %s\n' "$name"
  "$@" || failed+=("$name")
}
suite=(.venv/bin/python -m pytest -n 2 --dist loadscope)

part "SQLite" "${suite[@]}" -m "not browser and not service"
both="not browser and not tree and not once"
part "PostgreSQL" scripts/postgres.sh "${suite[@]}" -m "$both and not alone"
part "PostgreSQL, one at a time" scripts/postgres.sh .venv/bin/python -m pytest -n 0 -m "$both and alone"
part "Browser" "${suite[@]}" -m "browser and not drill"

if [ ${#failed[@]} -gt 0 ]; then
  printf '\nFailed: %s\n' "$(IFS=,; echo "${failed[*]}")"
  exit 1
fi
printf '\nAll passed: SQLite, PostgreSQL, browser.\n'
