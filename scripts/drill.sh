#!/usr/bin/env bash
# The ledger harness (docs/drills.md), every failure of the phone at its full number, and the feed of
# changes beside late writers: scripts/drill.sh [WHAT …], for instance scripts/drill.sh r03 k1 feed f17.
# TIMES=3 says how often in a row (feed and api: once). The ledger goes to var/drill.jsonl and is printed
# at the end; the exit code is 0 only when nothing was lost, doubled or wrongly told.
set -uo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh dev
unset DATABASE_URL PUG_DEBUG PUG_DEMO PUG_VAR
mkdir -p var
export DRILL=1 DRILL_LEDGER="$PWD/var/drill.jsonl"
: >"$DRILL_LEDGER"

# The API as a promise: a client that openapi-generator makes (it needs Java), and calls made from the
# description: 50 an operation for the facilitator and the officer, 5 for every other role, whose
# doors are the same and whose rights tests/api/rights walks; and for the facilitator each boundary
# of each parameter. A quarter of an hour on two idle cores.
api() {
  if ! command -v java >/dev/null; then
    apt-get update -qq >/dev/null && apt-get install -y -qq default-jre-headless >/dev/null ||
      printf 'Java is missing. Type: sudo apt-get install -y default-jre-headless\n' >&2
  fi
  local failed=0
  .venv/bin/python -m pytest -n0 tests/api/generated_client.py || failed=1
  calls 50 examples,fuzzing facilitator officer || failed=1
  calls 5 examples,fuzzing village_head district_officer opd_focal_point leader auditor || failed=1
  calls 1 coverage facilitator || failed=1
  return $failed
}

# calls EXAMPLES PHASES ROLE …
calls() {
  local examples=$1 phases=$2
  shift 2
  SCHEMATHESIS_EXAMPLES=$examples SCHEMATHESIS_PHASES=$phases SCHEMATHESIS_ROLES="$*" \
    .venv/bin/python -m pytest -n 2 tests/api/test_schemathesis.py
}

ledger="r02 r03 r04 r05 r06 r07 r08 r09 r10 r11 r13 r15 k1 k2"
[ $# -gt 0 ] || set -- $ledger feed api audit $(printf 'f%02d ' $(seq 28))

failed=0
phone=() kills=()
for one in "$@"; do
  if [[ $one =~ ^[rk][0-9] ]]; then
    kills+=("$one")
  elif [ "$one" = feed ]; then
    printf '\n== The feed of changes\n'
    scripts/postgres.sh .venv/bin/python -m pytest -n0 tests/api/test_feed_races.py \
      -k full_number || failed=$((failed + 1))
  elif [ "$one" = restore ]; then
    printf '\n== Backup, loss and restore of three million rows\n'
    .venv/bin/python -m drills.restore || failed=$((failed + 1))
  elif [ "$one" = audit ]; then
    printf '\n== A million entries of the audit trail\n'
    scripts/postgres.sh .venv/bin/python -m drills.audit || failed=$((failed + 1))
  elif [ "$one" = api ]; then
    printf '\n== The API as it is described\n'
    api || failed=$((failed + 1))
  else
    phone+=("$one")
  fi
done
if [ ${#kills[@]} -gt 0 ]; then
  printf '\n== Killed, and counted on both sides\n'
  .venv/bin/python -m drills "${kills[@]}" || failed=$((failed + 1))
fi
[ ${#phone[@]} -gt 0 ] && what=$(printf ' or test_%s' "${phone[@]}") || TIMES=0
for turn in $(seq "${TIMES:-3}"); do
  printf '\n== Drill %s of %s\n' "$turn" "${TIMES:-3}"
  .venv/bin/python -m pytest tests/browser/phone -k "${what# or }" || failed=$((failed + 1))
done

if [ -s "$DRILL_LEDGER" ]; then
  printf '\n== Ledger (var/drill.jsonl)\n'
  .venv/bin/python -m tests.browser.phone.book "$DRILL_LEDGER"
fi
if [ ${#kills[@]} -gt 0 ]; then
  printf '\n== Ledger (var/ledger.jsonl)\n'
  .venv/bin/python -m drills.book
fi
if [ "$failed" -gt 0 ]; then
  printf '\n%s parts failed; see above.\n' "$failed"
  exit 1
fi
printf '\nAll drills passed: nothing lost, nothing double.\n'
