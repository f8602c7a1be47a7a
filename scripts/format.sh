#!/usr/bin/env bash
# Lets the formatters rewrite the tree, so that `make check` has nothing to say about layout.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/ruff check --fix --quiet . || true
.venv/bin/ruff format .
git ls-files -co --exclude-standard 'templates/*.html' |
  xargs .venv/bin/djade --target-version 5.2 || true # djade exits 1 when it rewrote something
