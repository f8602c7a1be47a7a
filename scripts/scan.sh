#!/usr/bin/env bash
# What outside eyes see: scripts/scan.sh [bandit audit html wapiti fuzz]; without a word, all.
# Each works on a demonstration of its own. SECONDS=… bounds wapiti (for each role) and the fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh dev
missing=()
command -v java >/dev/null || missing+=(default-jre-headless)
command -v npm >/dev/null || missing+=(npm)
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq >/dev/null && apt-get install -y -qq "${missing[@]}" >/dev/null || {
    printf 'Missing: %s. Type: sudo apt-get install -y %s\n' "${missing[*]}" "${missing[*]}" >&2
    exit 1
  }
fi
unset DATABASE_URL PUG_DEBUG PUG_DEMO PUG_VAR
export DJANGO_SETTINGS_MODULE=tests.settings
exec .venv/bin/python -m drills.eyes "$@"
