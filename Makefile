# The commands of the house; each is safe to run twice and installs what it needs.
.PHONY: help setup demo test check drill bench format schema

help:
	@echo "make demo    try the portal on this machine, with invented records"
	@echo "make test    the whole suite: SQLite, PostgreSQL, a real browser"
	@echo "make check   the fast gate: format, lint, types, layers, migrations, translations, schema"
	@echo "make drill   every failure of phone, feed and API at full number; long"
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

drill:
	@scripts/drill.sh

bench:
	@scripts/bench.sh

format: setup
	@scripts/format.sh

schema: setup
	@DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python manage.py spectacular \
		--lang en --fail-on-warn --validate --file docs/openapi.yaml
	@.venv/bin/python -m pug_portal.promise docs/openapi.yaml docs/promise.json
