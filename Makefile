# `make` alone says what there is. Every target prepares what it needs first; that is quick when nothing changed.
CLAIMS ?= 1000
SERVE ?= 1
LANES ?=
BENCH ?=
UPGRADE ?=
# A port of your own goes into the links too, unless BASE_URL says where people reach it.
ifdef PORT
export BASE_URL ?= http://127.0.0.1:$(PORT)
endif
PORT ?= 8000
export PORT
# Kept byte code halves what each start of Python costs.
unexport PYTHONDONTWRITEBYTECODE

MANAGE = .venv/bin/python manage.py
LOCK = .venv/bin/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --python-version 3.11 $(if $(UPGRADE),--upgrade)
# What a server in production sets, with keys that protect nothing.
LIKE_PRODUCTION = BASE_URL=https://redress.example ALLOWED_HOSTS=redress.example DEBUG=off \
	SECRET_KEY=only-for-make-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF \
	FIELD_KEYS=index:b25seS1mb3ItbWFrZS1jaGVjay0wMTIzNDU2Nzg5LWE=,master:bWFzdGVyLW9mLW1ha2UtY2hlY2stMDEyMzQ1Njc4OTA=
SCRATCH = DATABASE_URL="sqlite:///$(CURDIR)/var/check/check.sqlite3" REDRESS_TEST_DIR="$(CURDIR)/var/check"

.DEFAULT_GOAL := help
.PHONY: help setup prepare demo serve test check check-types check-rest bench lock

help:
	@echo 'make setup                 install what is missing'
	@echo 'make demo                  the whole way on made-up claims, then serve   CLAIMS=1000 SERVE=1 PORT=8000'
	@echo 'make serve                 web, worker and beat on the existing data     PORT=8000'
	@echo 'make test                  every test                                    LANES="embedded server browser" REQUIRE_ALL=1'
	@echo 'make check                 format, lint, types, architecture, migrations, translations, settings'
	@echo 'make bench                 the benchmarks                                BENCH=name'
	@echo 'make lock                  lock the requirements anew                    UPGRADE=1'

setup:
	@bash config/setup.sh run

prepare: setup
	@$(MANAGE) migrate --noinput --verbosity 0
	@$(MANAGE) collectstatic --noinput --verbosity 0

# The page /demo/mails/ shows the mails, as long as they are files on this machine and BASE_URL is this machine.
demo serve: export SHOW_MAILS ?= on

demo: prepare
	@$(MANAGE) seed_demo --claims $(CLAIMS)
ifneq ($(SERVE),0)
	@echo "Serving on http://127.0.0.1:$(PORT) (Ctrl-C stops it)"
	@exec .venv/bin/honcho start
endif

serve: prepare
	@echo "The demo's password: make demo prints a new one each time. People of your own: README, First users"
	@echo "Serving on http://127.0.0.1:$(PORT) (Ctrl-C stops it)"
	@exec .venv/bin/honcho start

test:
	@bash config/setup.sh test
	@.venv/bin/python -m tests.lanes $(LANES)

check:
	@bash config/setup.sh check
	@mkdir -p var/check
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check-types check-rest

check-types: # takes as long as all the rest, so beside it
	@echo 'check: types'
	@$(SCRATCH) .venv/bin/mypy --no-error-summary

check-rest:
	@echo 'check: format'
	@.venv/bin/ruff format --check --output-format concise .
	@echo 'check: lint'
	@.venv/bin/ruff check --quiet --output-format concise .
	@echo 'check: architecture'
	@.venv/bin/lint-imports >var/check/architecture.txt || { cat var/check/architecture.txt; exit 1; }
	@echo 'check: migrations'
	@$(SCRATCH) $(MANAGE) makemigrations --check --dry-run --verbosity 1 >var/check/migrations.txt || { cat var/check/migrations.txt; exit 1; }
	@echo 'check: translations'
	@$(MANAGE) check_translations
	@echo 'check: settings of production'
	@$(LIKE_PRODUCTION) $(SCRATCH) $(MANAGE) check --deploy --fail-level WARNING

bench:
	@bash config/setup.sh bench
	@.venv/bin/python -m tests.bench $(BENCH)

lock: setup
	@for name in requirements requirements-dev requirements-bench; do $(LOCK) $$name.in -o $$name.txt || exit 1; done
	@echo uv | $(LOCK) - -o requirements-setup.txt
