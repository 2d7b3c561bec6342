# Everything a developer does. It needs Python 3.11 to 3.13, make and git; the rest it gets for itself.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := $(or $(shell command -v uv 2>/dev/null),.tools/uv/bin/uv)
BIN := .venv/bin
READY := .venv/.ready
NPM := $(BIN)/python -m infra.local.frontend
PACKAGES := frontend/node_modules/.package-lock.json
WORKERS ?= 2

ifndef MAKE_TERMOUT  # no terminal: no colours
export NO_COLOR := 1
export TERM := dumb
endif

# One line a step, with its time, instead of what the step itself prints; errors are shown.
step = @printf '  %-34s' '$(1)' >&2; began=$$(date +%s); $(2); printf '%5d s\n' "$$(( $$(date +%s) - began ))" >&2

.PHONY: help run test check fix setup clean

help:  ## say what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

run: $(READY)  ## run the whole system on this machine
	@$(BIN)/risk up

test: $(READY) $(PACKAGES)  ## run every test
	$(BIN)/pytest -n $(WORKERS)
	$(NPM) test

check: $(READY) $(PACKAGES)  ## check format, lint, types and imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m infra.import_diagram --check
	$(BIN)/python -m infra.clients --check
	$(BIN)/mypy
	$(NPM) run check
	@test ! -f docs/openapi.json || $(BIN)/risk openapi --out docs/openapi.json --check
	@test ! -f docs/asyncapi.json || $(BIN)/risk asyncapi --out docs/asyncapi.json --check

fix: $(READY) $(PACKAGES)  ## mend what the checks can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m infra.import_diagram
	$(BIN)/python -m infra.clients
	$(NPM) run fix

setup: $(READY) $(PACKAGES)  ## install what the other commands need

clean:  ## remove what was built and installed, and the local data
	rm -rf .venv .tools .risk cdk.out frontend/node_modules frontend/dist test-results
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.tools/uv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "Python 3.11, 3.12 or 3.13 is needed; give it with PYTHON=/path/to/python." >&2; exit 1; }
	$(call step,Package installer (uv),$(PYTHON) -m venv .tools/uv && \
	  .tools/uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION))

$(READY): uv.lock pyproject.toml | $(UV)
	$(call step,Python packages,$(UV) sync --quiet --frozen --all-extras --python $(PYTHON) --no-python-downloads)
	@touch $@

$(PACKAGES): frontend/package-lock.json | $(READY)
	$(call step,Frontend packages,$(NPM) install --no-save --no-audit --no-fund --loglevel=error --silent)
	@touch $@
