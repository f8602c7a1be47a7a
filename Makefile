# The commands of the house; each is safe to run twice and installs what it needs.
.PHONY: help setup demo test check matrix scan drill soak install-trial compose-trial bench format schema

help:
	@echo "make demo    try the portal on this machine, with invented records"
	@echo "make test    the whole suite: SQLite, PostgreSQL, a real browser"
	@echo "make check   the fast gate: format, lint, types, layers, migrations, translations, schema"
	@echo "make matrix  every page and every call of the API by every role; counts the calls"
	@echo "make scan    outside eyes: bandit, pip-audit, HTML validity, wapiti with every role, a fuzz; long"
	@echo "make drill   everything is killed while records flow in, then counted; phone, feed, API; long"
	@echo "make soak    half an hour of ordinary work with a fault each minute (MINUTES=30)"
	@echo "make install-trial  deploy/install.sh, upgrade and rollback in a fresh Debian 12; needs root"
	@echo "make compose-trial  the containers: built, started, killed, upgraded, restored; needs root and docker"
	@echo "make bench   what it costs, as ratios to a floor in the same run"
	@echo "make setup   only the environment"
	@echo "make format  let the formatters rewrite the tree"
	@echo "make schema  renew docs/openapi.yaml; refuses what breaks docs/promise.json"

setup:
	@scripts/setup.sh

demo:
	@scripts/demo.sh

test:
	@scripts/test.sh

check: setup
	@scripts/check.sh

# Every page, every call of the API, every person of the cast: several minutes, counted at the end.
matrix: setup
	@MATRIX=whole .venv/bin/python -m pytest -n0 -s tests/api/rights/test_walk.py tests/matrix

scan:
	@scripts/scan.sh

drill:
	@scripts/drill.sh

soak:
	@TIMES=1 scripts/drill.sh r14

bench:
	@scripts/bench.sh

format: setup
	@scripts/format.sh

schema: setup
	@DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python manage.py spectacular \
		--lang en --fail-on-warn --validate --file docs/openapi.yaml
	@.venv/bin/python -m pug_portal.promise docs/openapi.yaml docs/promise.json

# BASE: a tree of debootstrap; made when not given.
install-trial:
	@deploy/try-install.sh $(BASE)

compose-trial:
	@deploy/compose/try.sh
