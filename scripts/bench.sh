#!/usr/bin/env bash
# What the portal costs, as ratios to a floor in the same run, on a private PostgreSQL.
# Exit code 1 when a goal is missed.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh dev
PUG_VAR=$(mktemp -d -t pug-bench.XXXXXX)
trap 'rm -rf "$PUG_VAR"' EXIT
export PUG_VAR DJANGO_SETTINGS_MODULE=tests.settings
scripts/postgres.sh .venv/bin/python -m benchmarks
