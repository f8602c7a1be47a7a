#!/usr/bin/env bash
# Brings the environment up: scripts/setup.sh [runtime|dev] (dev, when nothing is said).
# runtime: .venv and the packages that serve. dev: the packages, browser, PostgreSQL and gettext
# that the tests need as well. Safe to run again: what stands is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."

need=${1:-dev}
say() { printf '%s\n' "$*"; }
stop() { say "$*" >&2; exit 1; }

# Debian packages, when this account may install them; else the line to type.
debian() {
  if ! command -v apt-get >/dev/null; then
    stop "Missing: $*. Install it with this system's package manager, then run the command again."
  fi
  if [ "$(id -u)" != 0 ]; then
    stop "Missing: $*. Type: sudo apt-get install -y $*    and run the command again."
  fi
  say "Installing $* …"
  [ -n "${apt_is_fresh:-}" ] || apt-get update -qq >/dev/null
  apt_is_fresh=yes
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null ||
    stop "apt-get could not install $*. Its message stands above."
}

# WeasyPrint prints with this library of the system; without it everything but PDF works.
has_pango() { ldconfig -p 2>/dev/null | grep -q libpangoft2-1.0; }
pango="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

find_python() {
  local name
  for name in ${PYTHON:-} python3 python3.11 python3.12 python3.13; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$name"
      return
    fi
  done
  stop "Python 3.11 or newer was not found. On Debian 12: apt-get install -y python3"
}

make_venv() {
  local interpreter version
  interpreter=$(find_python)
  version=$("$interpreter" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  "$interpreter" -c 'import ensurepip, venv' 2>/dev/null || debian "python$version-venv"
  say "Making .venv with Python $version …"
  rm -rf .venv
  "$interpreter" -m venv .venv
}

packages() {
  local file=$1 stamp=.venv/.installed-$1 wanted
  wanted=$(cat constraints.txt requirements.txt "$file" | sha256sum)
  [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
  say "Installing the packages of $file …"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r "$file" ||
    stop "pip could not install the packages of $file. Is the package index reachable from here?"
  printf '%s\n' "$wanted" >"$stamp"
}

# Two commands at once would both fill .venv: the second waits for the first.
if command -v flock >/dev/null; then
  exec 9<requirements.txt
  flock 9
fi

.venv/bin/python -c '' 2>/dev/null || make_venv
case $need in
  runtime)
    packages requirements.txt
    has_pango || say "No PDF until this is typed: sudo apt-get install -y $pango"
    ;;
  dev)
    packages requirements-dev.txt
    command -v chromium >/dev/null || debian chromium
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || debian postgresql
    command -v msgfmt >/dev/null || debian gettext
    command -v pdftotext >/dev/null || debian poppler-utils
    command -v age >/dev/null || debian age
    [ -x /usr/sbin/nginx ] || debian nginx-light
    # shellcheck disable=SC2086 # three packages
    has_pango || debian $pango
    ;;
  *) stop "scripts/setup.sh knows runtime and dev, not $need." ;;
esac
