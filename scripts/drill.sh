#!/usr/bin/env bash
# Every failure of the phone at its full number: scripts/drill.sh [WHAT …], for instance
# scripts/drill.sh f03 f17. TIMES=3 says how often in a row. The ledger goes to var/drill.jsonl and
# is printed at the end; the exit code is 0 only when nothing was lost, doubled or wrongly told.
set -uo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh dev
unset DATABASE_URL PUG_DEBUG PUG_DEMO PUG_VAR
mkdir -p var
export DRILL=1 DRILL_LEDGER="$PWD/var/drill.jsonl"
: >"$DRILL_LEDGER"

[ $# -gt 0 ] || set -- $(printf 'f%02d ' $(seq 28))
what=$(printf ' or test_%s' "$@")

failed=0
for turn in $(seq "${TIMES:-3}"); do
  printf '\n== Drill %s of %s\n' "$turn" "${TIMES:-3}"
  .venv/bin/python -m pytest tests/browser/phone -k "${what# or }" || failed=$((failed + 1))
done

printf '\n== Ledger (var/drill.jsonl)\n'
.venv/bin/python -m tests.browser.phone.book "$DRILL_LEDGER"
if [ "$failed" -gt 0 ]; then
  printf '\n%s of %s drills failed.\n' "$failed" "${TIMES:-3}"
  exit 1
fi
printf '\nAll drills passed: nothing lost, nothing double.\n'
