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
PYTEST_FLAGS ?= -n auto
BENCH_RUNS ?= 20 200

# One stamp per lock: nothing is installed again until the lock or the package's metadata changes.
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
BIN := $(VENV)/bin
SNAKEFILES := Snakefile workflow/rules
PYTHON_FILES := workflow tests

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' Makefile

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

.PHONY: bench
bench: $(INSTALLED_DEV) ## measure reading and quantifying against plain scans of the same files (BENCH_RUNS="20 200")
	"$(BIN)/python" -m tests.benchmarks.ingest --runs $(BENCH_RUNS)
	"$(BIN)/python" -m tests.benchmarks.quantify --runs $(BENCH_RUNS)
	"$(BIN)/python" -m tests.benchmarks.page

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
