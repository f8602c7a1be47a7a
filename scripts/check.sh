#!/usr/bin/env bash
# The fast gate: scripts/check.sh [GATE …]; without a name, every gate. One line per gate; a
# failing one shows its own output. Exit code 1 when any failed.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH" DJANGO_SETTINGS_MODULE=tests.settings
TMPDIR=$(mktemp -d) # mypy leaves without clearing up after the settings it read
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

format() { ruff format --check .; }
lint() { ruff check .; }
templates() { git ls-files -co --exclude-standard 'templates/*.html' | xargs djade --check --target-version 5.2; }
types() { mypy; }
layers() { lint-imports; }
migrations() { python manage.py makemigrations --check --dry-run; }
safe_migrations() { python -m pug_portal.migration_rules; }
schema() { python manage.py spectacular --lang en --fail-on-warn --validate | diff -u docs/openapi.yaml -; }
house() { python -m pytest -n 2 tests/architecture --ignore tests/architecture/test_gates.py; }

[ $# -gt 0 ] || set -- format lint templates types layers migrations safe_migrations schema house
status=0
for gate; do
  if output=$("$gate" 2>&1); then
    printf 'ok      %s\n' "$gate"
  else
    printf 'FAILED  %s\n%s\n' "$gate" "$output"
    status=1
  fi
done
exit $status
