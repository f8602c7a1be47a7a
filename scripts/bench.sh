#!/usr/bin/env bash
# What the portal costs, as ratios to a floor in the same run, on a private PostgreSQL; then what the
# village head's phone waits for, and Lighthouse. Exit code 1 when a goal is missed.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh dev
lighthouse=13.5.0 node=22.23.3 # the second because Lighthouse wants a newer one than Debian has

export LIGHTHOUSE=$PWD/var/lighthouse
if [ "$(cat "$LIGHTHOUSE/version" 2>/dev/null)" != "$lighthouse $node" ]; then
  command -v npm >/dev/null || { echo "Missing: npm. On Debian: apt-get install -y npm" >&2; exit 1; }
  printf 'Installing Lighthouse …\n'
  mkdir -p "$LIGHTHOUSE"
  npm install --silent --no-audit --no-fund --prefix "$LIGHTHOUSE" \
    "lighthouse@$lighthouse" "node@$node" >/dev/null
  printf '%s\n' "$lighthouse $node" >"$LIGHTHOUSE/version"
fi

PUG_VAR=$(mktemp -d -t pug-bench.XXXXXX)
trap 'rm -rf "$PUG_VAR"' EXIT
export PUG_VAR DJANGO_SETTINGS_MODULE=tests.settings
scripts/postgres.sh .venv/bin/python -m benchmarks
