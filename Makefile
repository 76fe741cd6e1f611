# sEVident: `make run` makes the report of the example study, `make test` runs the tests, `make help` lists the rest.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
VENV ?= .venv
CORES ?= all
CONFIG ?= config/config.yaml
SNAKEMAKE_FLAGS ?=
PYTEST_FLAGS ?= -n auto --durations=60
BENCH_RUNS ?= 20 200
KILLS ?= 20

# One stamp per lock: nothing is installed again until the lock or the package's metadata changes.
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
BIN := $(VENV)/bin
SNAKEFILES := Snakefile workflow/rules
PYTHON_FILES := workflow tests

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' Makefile

$(BIN)/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "sEVident needs Python 3.11 or newer; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	"$(PYTHON)" -m venv "$(VENV)"

# setuptools comes from the lock as well, so that nothing is fetched unhashed to build the package
$(INSTALLED): requirements.txt pyproject.toml | $(BIN)/python
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch "$@"

$(INSTALLED_DEV): requirements-dev.txt $(INSTALLED)
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch "$@"

.PHONY: setup
setup: $(INSTALLED) ## install what a run needs into .venv

.PHONY: run
run: $(INSTALLED) ## make the report of the example study (CONFIG=FILE for another one)
	@"$(BIN)/snakemake" --cores $(CORES) --configfile "$(CONFIG)" $(SNAKEMAKE_FLAGS)
	@"$(BIN)/python" -c 'import pathlib, sys, yaml; study = yaml.safe_load(open(sys.argv[1], encoding="utf-8-sig"))["study"]; print(pathlib.Path("results", study, "report.html").resolve())' "$(CONFIG)"

.PHONY: browser
browser: # Chromium for the browser tests, where it can be had: Debian and root; without it those tests skip and say so
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium \
	      >/dev/null || echo "Chromium could not be installed; the browser tests will be skipped" >&2; \
	  else echo "no Chromium here; the browser tests will be skipped" >&2; fi; }

.PHONY: test
test: $(INSTALLED_DEV) browser ## run all tests
	"$(BIN)/python" -m pytest $(PYTEST_FLAGS)

.PHONY: slurm
slurm: # Slurm for `make test-slurm`, where it can be had: Debian and root; without it those tests skip and say so
	@PATH="$$PATH:/usr/sbin:/sbin"; command -v slurmctld >/dev/null && command -v munged >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	      slurm-wlm munge >/dev/null || echo "Slurm could not be installed; its tests will be skipped" >&2; \
	  else echo "no Slurm here; its tests will be skipped" >&2; fi; }

.PHONY: test-slurm
test-slurm: $(INSTALLED_DEV) slurm ## run studies through a private one-node Slurm
	SEVIDENT_SLURM=1 "$(BIN)/python" -m pytest -s tests/slurm

.PHONY: reliability
reliability: $(INSTALLED_DEV) ## kill, starve and disturb runs, and print what became of them (KILLS=20)
	"$(BIN)/python" -m tests.reliability --kills $(KILLS)

# pip-audit needs data from the package index, which not every mirror of it has
.PHONY: licences
licences: $(INSTALLED_DEV) ## check the licences of what a run needs, and known weaknesses where their data can be had
	"$(BIN)/pip-licenses" --from=mixed --order=license --format=plain --packages \
	  $$(sed -n 's/^\([a-z0-9][a-z0-9.-]*\)==.*/\1/p' requirements.txt)
	"$(BIN)/python" -m pytest tests/unit/test_supply_chain.py
	@said=$$("$(BIN)/pip-audit" --requirement requirements.txt --require-hashes --disable-pip --timeout 20 2>&1) && code=0 || code=$$?; \
	if [ "$$(grep -c 'could not be audited' <<<"$$said")" -gt 10 ] || { [ $$code != 0 ] && grep -qi 'connection' <<<"$$said"; }; \
	then echo "pip-audit: skipped, its data cannot be had here"; else echo "$$said"; exit $$code; fi

.PHONY: bench
bench: $(INSTALLED_DEV) ## measure reading and quantifying beside plain scans and peers (BENCH_RUNS="20 200 1000")
	"$(BIN)/python" -m tests.benchmarks --runs $(BENCH_RUNS)
	"$(BIN)/python" -m tests.benchmarks.many
	"$(BIN)/python" -m tests.benchmarks.mzidentml
	"$(BIN)/python" -m tests.benchmarks.page
	"$(BIN)/python" -m tests.benchmarks.study --runs $(BENCH_RUNS)
	"$(BIN)/python" -m tests.benchmarks.score

.PHONY: lint
lint: $(INSTALLED_DEV) ## check style, types and the workflow
	"$(BIN)/ruff" check $(PYTHON_FILES)
	"$(BIN)/ruff" format --check $(PYTHON_FILES)
	"$(BIN)/snakefmt" --check $(SNAKEFILES)
	"$(BIN)/mypy"
	"$(BIN)/snakemake" --lint

.PHONY: format
format: $(INSTALLED_DEV) ## format the code
	"$(BIN)/ruff" check --fix $(PYTHON_FILES)
	"$(BIN)/ruff" format $(PYTHON_FILES)
	"$(BIN)/snakefmt" $(SNAKEFILES)

# The locks hold hashes and no addresses. uv is not needed for anything else: pip install uv
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
.PHONY: lock
lock: ## compute the locks anew
	$(LOCK) --extra build -o requirements.txt pyproject.toml
	$(LOCK) --extra build --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml

.PHONY: clean
clean: ## delete results and caches; the installation stays
	rm -rf results .snakemake .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find workflow tests -name __pycache__ -type d -prune -exec rm -rf {} +
