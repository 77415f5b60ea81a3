# Everything that NZC's people do, in one word each. `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Where Python keeps no compiled code, every process that NZC or a test starts would compile it anew: a second each.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test test-postgres check format schema errors guards map soak drop bench bench-export bench-proofs bench-readings bench-reads bench-audit bench-province bench-webhooks bench-subscribers bench-fairness bench-shortcuts clean

help:
	@echo "make run            start NZC with demo data"
	@echo "make test           run the tests"
	@echo "make test-postgres  run them on the PostgreSQL at NZC_TEST_DATABASE_URL (15 to 18, as superuser)"
	@echo "make soak           run the long tests"
	@echo "make drop           drop each rule and guard in turn: some test must fail"
	@echo "make bench          measure posting against pgbench (10 minutes; the machine to itself)"
	@echo "make bench-reads    measure reads beside BEFORE= (a git revision) and POSTGRAPHILE= (a folder; 20 minutes)"
	@echo "make bench-fairness measure what others wait beside the dearest documents (5 minutes)"
	@echo "make bench-shortcuts measure what each short way through the libraries saves (10 minutes)"
	@echo "make bench-export   measure an export of the log against COPY (3 minutes; the machine to itself)"
	@echo "make bench-proofs   measure proofs at 10,000,000 entries, and posting while the tree grows (10 minutes; the machine to itself)"
	@echo "make bench-readings measure readings against pgbench and COPY, and monitoring (5 minutes; the machine to itself)"
	@echo "make bench-audit    measure audits and auditors' questions at a million retirements (10 minutes)"
	@echo "make bench-province measure the regulator's page beside a single pilot's statement (2 minutes; the machine to itself)"
	@echo "make bench-webhooks measure posting while ten webhook endpoints are told of it (3 minutes; the machine to itself)"
	@echo "make bench-subscribers  measure how soon 1,000 subscribers hear of 200 events a second beside a bare WebSocket (3 minutes; the machine to itself)"
	@echo "make check          lint, check types and the import contract"
	@echo "make format         format the code"
	@echo "make schema         write schema.graphql anew"
	@echo "make errors         write docs/errors.md and docs/errors.zh.md anew"
	@echo "make guards         write nzc_api/database/data/guards.json and migrations/guards anew"
	@echo "make map            draw the rooms into docs/architecture.md anew"
	@echo "make clean          remove the environment (data stays)"

run: $(VENV)/.run
	@exec $(BIN)/nzc demo

# A file's tests share what they set up; each worker has a PostgreSQL of its own. Tests often wait: a worker more than
# there are processors.
WORKERS = $(shell $(PYTHON) -c "import os; print(min(2 + os.cpu_count(), 4))")

# Every input with right and wrong values, every end of it, and what is said of each: once more by the long ways.
WITHOUT_SHORTCUTS = $(addprefix tests/schema/test_,shortcuts.py ends.py core_words.py unions.py scalars.py)

test: $(VENV)/.dev
	$(BIN)/pytest -m "not slow" --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder
	NZC_SHORTCUTS=false $(BIN)/pytest $(WITHOUT_SHORTCUTS)

test-postgres: $(VENV)/.dev
	@test -n "$(NZC_TEST_DATABASE_URL)" || { echo "Set NZC_TEST_DATABASE_URL, such as postgresql://postgres@localhost/postgres"; exit 1; }
	$(BIN)/pytest -m "not slow"

soak: $(VENV)/.dev
	$(BIN)/pytest -m slow

drop: $(VENV)/.dev
	$(BIN)/python -m tests.drop

bench: $(VENV)/.dev
	$(BIN)/python -m bench.posting

bench-reads: $(VENV)/.dev
	$(BIN)/python -m bench.reads $(addprefix --before ,$(BEFORE)) $(addprefix --postgraphile ,$(POSTGRAPHILE)) $(addprefix --runs ,$(RUNS)) $(addprefix --seconds ,$(EACH))

bench-fairness: $(VENV)/.dev
	$(BIN)/python -m bench.fairness

bench-shortcuts: $(VENV)/.dev
	$(BIN)/python -m bench.shortcuts

bench-audit: $(VENV)/.dev
	$(BIN)/python -m bench.auditing

bench-export: $(VENV)/.dev
	$(BIN)/python -m bench.exporting

bench-proofs: $(VENV)/.dev
	$(BIN)/python -m bench.proofs

bench-readings: $(VENV)/.dev
	$(BIN)/python -m bench.readings

bench-province: $(VENV)/.dev
	$(BIN)/python -m bench.province

bench-webhooks: $(VENV)/.dev
	$(BIN)/python -m bench.webhooks

bench-subscribers: $(VENV)/.dev
	$(BIN)/python -m bench.subscribers

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: $(VENV)/.run
	$(BIN)/nzc schema > schema.graphql

errors: $(VENV)/.run
	$(BIN)/python -m tools.error_pages

guards: $(VENV)/.dev
	$(BIN)/python -m tools.guards

map: $(VENV)/.dev
	$(BIN)/python -m tools.room_map

clean:
	rm -rf $(VENV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "NZC needs Python 3.11 or newer; set PYTHON to one."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (on Debian: apt install python3-venv)."; rm -rf $(VENV); exit 1; }

$(VENV)/.run: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[embedded,reports]'
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/.run
