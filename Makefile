# Every step from a fresh clone to a running or a tested site. `make` alone says what there is.

PYTHON ?= python3
PORT ?= 8000
DESK_PORT ?= 8100
VIGIL_DATA ?= var
VENV := .venv
BIN := $(VENV)/bin
# What a helper started by make must not inherit: see tests/conftest.py.
TEST := $(BIN)/python -m pytest
# Tests share the machine's cores, file by file. Those with browsers, tor and servers go in two rows only, and,
# where speeds are judged (make soak), one after the other.
EVERY_CORE := --numprocesses auto --dist loadfile
TWO_ROWS = $(if $(filter 1,$(VIGIL_SOAK)),,--numprocesses 2 --dist loadfile --no-loadscope-reorder)

# What keeps something: it is tested once more on a PostgreSQL of the tests' own. What is about one engine alone
# (tests/store/sqlite, tests/store/postgres) has run by then, on its own engine.
KEEPING := tests/store --ignore tests/store/sqlite --ignore tests/store/postgres \
	--ignore-glob "*/tests/store/test_form_keys*" tests/desk/test_round.py \
	$(patsubst %,tests/commands/test_%.py,backup backup_killed doctor doctor_care export import import_fuzz \
	import_killed import_refusals import_refused restore sweep) $(wildcard tests/views/test_mailbox*.py) \
	$(patsubst %,tests/views/test_%.py,contact drafts flood pages pressure receipt report report_files \
	report_limits review room team_file two_sources)
# And as it runs, with browsers; nothing here takes tor's way, but for the soak.
RUNNING := $(patsubst %,tests/e2e/test_%.py,main_road mailbox no_plaintext failures)
RUNNING_LONGER := $(patsubst %,tests/e2e/test_%.py,kept backup nothing_about_anyone fuzz desk_round)
NO_TOR = $(if $(filter 1,$(VIGIL_SOAK)),$(RUNNING_LONGER),-k "not through_tor")

export VIGIL_DATA

# Both engines, where there is a PostgreSQL to start.
DATABASE ?= both
GROUPS ?=

# The newsroom's own folder, where an article is begun.
VIGIL_CONTENT ?= content

.PHONY: help serve desk practice desk-kit preview new-article dev test test-postgres check lint types unit soak bench lock messages tools release
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /make \1	/p' Makefile | expand -t 20

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.served: requirements.txt requirements-desk.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements.txt -r requirements-desk.txt
	@touch $@

$(VENV)/.tested: requirements-dev.txt $(VENV)/.served
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

serve: $(VENV)/.served ## run the site on http://127.0.0.1:8000, with practice keys if there are none (PORT=, VIGIL_DATA=)
	@PYTHON=$(BIN)/python scripts/practice-keys.sh
	@VIGIL_PRACTICE=$${VIGIL_PRACTICE-1} $(BIN)/python -m flask --app app publish
	@VIGIL_PRACTICE=$${VIGIL_PRACTICE-1} exec $(BIN)/python -m gunicorn --config deploy/gunicorn.conf.py \
		--bind 127.0.0.1:$(PORT) 'app:create_app()'

desk: $(VENV)/.served ## open the practice desk's page on http://127.0.0.1:8100, passphrase: practice (DESK_PORT=, VIGIL_DATA=)
	@PYTHON=$(BIN)/python DESK_PORT=$(DESK_PORT) exec scripts/desk.sh

practice: $(VENV)/.served ## file invented reports into the practice desk, to train with
	@PYTHON=$(BIN)/python scripts/practice-keys.sh
	@$(BIN)/python -m desk --home "$(VIGIL_DATA)/practice-desk" practice

preview: PORT = 8002
preview: $(VENV)/.served ## show the site with its drafts on http://127.0.0.1:8002, as it is while you write
	@PYTHON=$(BIN)/python PORT=$(PORT) scripts/preview.sh

new-article: $(VENV)/.served ## begin an article: make new-article SLUG=a-short-name TITLE="What it says"
	@$(BIN)/python scripts/new-article.py --content "$(VIGIL_CONTENT)" --slug "$$SLUG" --title "$$TITLE"

dev: $(VENV)/.tested ## install what tests, lint and the bench need

tools: dev ## install browsers, tor and the checkers (as root on Debian), or say what is missing
	@scripts/install-test-tools.sh

check: lint types unit ## lint, types and unit tests, in under a minute

lint: dev ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: dev ## mypy, strict
	@$(BIN)/mypy

unit: dev ## the tests that need no browser, no tor and no running server, but for those that take their time
	@$(TEST) $(EVERY_CORE) --ignore tests/e2e --ignore tests/bench -m "not slow"

test: dev tools lint types ## every kind of test, at small counts
	@$(TEST) $(EVERY_CORE) --ignore tests/e2e --ignore tests/bench
	@$(TEST) $(TWO_ROWS) tests/bench tests/e2e
	@$(MAKE) --no-print-directory test-postgres

test-postgres: export VIGIL_TEST_DATABASE = postgres
test-postgres: dev tools ## what keeps something, on a PostgreSQL that the tests start themselves
	@$(TEST) $(EVERY_CORE) $(KEEPING)
	@$(TEST) $(TWO_ROWS) $(RUNNING) $(NO_TOR)

soak: export VIGIL_SOAK = 1
soak: test ## the same tests at full counts: kills, mutations, load, seeds; and machines of a cluster taken away
	@scripts/failover.sh || [ $$? = 2 -a -z "$$CI" ]

bench: dev ## what is measured, each figure beside its reference and its budget (GROUPS=, DATABASE=sqlite)
	@$(BIN)/python -m bench --database $(DATABASE) --json var/bench/results.json --chart var/bench/bench.svg \
		--against bench/baseline.json $(GROUPS)

lock: dev ## pin the newest allowed releases with hashes (scripts/lock.sh takes pip-compile's options)
	@scripts/lock.sh $(BIN)/python

messages: dev ## gather the texts to translate into translations/messages.pot
	@$(BIN)/pybabel --quiet extract -F babel.cfg --no-location --sort-output --omit-header -k words -k lazy_gettext -o translations/messages.pot .

release: ## make a signed release in dist: make release VERSION=1.2.3 KEY=path of the key that signs
	@scripts/release.sh "$$VERSION" "$$KEY"

desk-kit: $(VENV)/.served ## make a signed kit for laptops that are never online: make desk-kit KEY=path of the key that signs
	@PYTHON=$(BIN)/python scripts/desk-kit.sh
