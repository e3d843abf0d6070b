# Samskab: `make help` lists the commands. Everything is installed into .venv from lock files with hashes.
PYTHON ?= python3
UV ?= uv
BIN := .venv/bin
# What is tested may be narrowed: make test T=tests/domain
T ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export PIP_NO_INPUT := 1
# The tests start the service many times, and it need not be compiled each time.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip install --quiet

.DEFAULT_GOAL := help
.PHONY: help demo run install dev test crash bench check format format-check lint types contracts locales locale messages browser lock clean

help: ## Print this list
	@awk 'BEGIN {FS = ":.*## "} \
	  /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

##@ Use it

demo: install ## Start the service with two example committees, on this machine only
	@$(BIN)/samskab demo

run: install ## Start the service with your own settings
	@$(BIN)/samskab run

install: .venv/.installed ## Make .venv with what the service needs
	@$(BIN)/python -m compileall -q bot handlers storage
	@$(BIN)/python -c "from bot.catalogues import read_all; read_all()"  # who runs it may not be able to write here

##@ Check it

test: dev browser ## Run every test, with a real PostgreSQL and a real browser; T=path narrows
ifdef T
	@$(BIN)/pytest $(T)
else
	@$(BIN)/pytest -q -n auto --dist worksteal -m "not alone"
	@$(BIN)/pytest -q -m alone $$(grep -rl "mark\.alone" tests --include="test_*.py")  # all others need not be read again
endif

crash: dev ## Kill the service again and again and count what is lost; KILLS=10 is quick, SEED=n repeats, ONLY=name
	@KILLS=$(KILLS) SEED=$(SEED) ONLY=$(ONLY) $(BIN)/python -m tests.crash

bench: dev ## Measure the service beside its peers; ONLY=name for one, ROUNDS=n for how often each
	@ONLY=$(ONLY) ROUNDS=$(ROUNDS) $(BIN)/python -m tests.bench

check: format-check lint types contracts locales test ## Everything a change must pass

format-check: dev ## Is the code formatted?
	@$(BIN)/ruff format --check .

lint: dev ## Look for mistakes and bad habits
	@$(BIN)/ruff check .

types: dev ## Check the types
	@$(BIN)/mypy

contracts: dev ## Check who imports whom
	@$(BIN)/lint-imports

locales: dev ## Is every text translated, with the same holes?
	@$(BIN)/pytest -q tests/test_locales.py

##@ Work on it

dev: .venv/.dev ## Add the tools for development to .venv

format: dev ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

messages: install ## Collect the texts anew and bring every language up to date
	@$(BIN)/pybabel -q extract -F babel.cfg -k n_:1,2 -c "For translators:" --add-location=file --sort-by-file \
	  --omit-header --width=110 -o locales/messages.pot bot handlers storage
	@for po in locales/*/LC_MESSAGES/messages.po; do \
	  [ -e "$$po" ] || continue; \
	  lang=$${po#locales/}; lang=$${lang%%/*}; \
	  $(BIN)/pybabel -q update -i locales/messages.pot -o "$$po" -l "$$lang" \
	    --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date --width=110 || exit 1; \
	done

locale: install ## Begin a new language: make locale L=sv
	@case "$(L)" in [a-z][a-z]*) ;; *) echo "Say which language: make locale L=sv" >&2; exit 1;; esac
	@mkdir -p locales
	@$(MAKE) --no-print-directory messages
	@if [ -e locales/$(L)/LC_MESSAGES/messages.po ]; then echo "locales/$(L) is there already and is now up to date."; else \
	  $(BIN)/pybabel -q init -i locales/messages.pot -d locales -l $(L) --width=110 && \
	  sed -i -e '/^# Copyright/d' -e '/^# This file/d' -e '/^# FIRST AUTHOR/d' -e 's/for PROJECT\./for Samskab./' \
	    -e 's/PROJECT VERSION/Samskab texts/' -e 's/EMAIL@ADDRESS\\n/\\n/' -e 's/FULL NAME <EMAIL@ADDRESS>//' -e 's/ <LL@li.org>//' \
	    locales/$(L)/LC_MESSAGES/messages.po && \
	  echo "Translate locales/$(L)/LC_MESSAGES/messages.po, then: make locales"; fi

lock: ## Choose the newest versions that fit and write the lock files (needs uv)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pipx install uv, or make lock UV=path/to/uv" >&2; exit 1; }
	$(UV) pip compile $(LOCK) --upgrade --extra dev -o requirements-dev.lock pyproject.toml
	$(UV) pip compile $(LOCK) --upgrade -c requirements-dev.lock -o requirements.lock pyproject.toml
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

clean: ## Remove .venv and all caches; your data in var/ stays
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
	find bot handlers locales storage tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp is newer than what it was made from, so a second `make` has nothing to do.
.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Samskab needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@echo "Installing into .venv ..."
	@$(PYTHON) -m venv .venv
	@$(PIP) --require-hashes --only-binary :all: -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.installed
	@echo "Adding the development tools ..."
	@$(PIP) --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

browser:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium for the browser tests ..."; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    chromium fonts-dejavu-core; } >/dev/null && exit 0; \
	fi; \
	echo "!!! No Chromium found: the browser tests are SKIPPED. Install chromium to run them. !!!"
