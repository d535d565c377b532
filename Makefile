# The developers' manual: `make help` says what each word does. Nothing here installs system packages.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13; do \
	$$p -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile  # only what is used is compiled, at its first use
VENDOR := src/gensvar/square/static/gensvar/vendor
DESIGN := node_modules/@digdir/designsystemet-css

export PYTHONUTF8 := 1
unexport PYTHONDONTWRITEBYTECODE  # else every process, of a town's many, compiles all our modules anew

.PHONY: help run test check bench crash screenshots messages assets lock

help:  ## Say what each word does
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: .venv/.gensvar assets  ## Serve the living demo: http://127.0.0.1:8000, SMTP on 8025 (Ctrl-C stops all of it)
	@exec $(BIN)/gensvar run --demo --with-parent

test: .venv/.develop .venv/.gensvar assets  ## Run all tests on SQLite, or on the PostgreSQL server of DATABASE_URL (ARGS="-k word")
	@$(BIN)/python -m pytest -n 4 --dist worksteal $(ARGS)

check: .venv/.develop .venv/.gensvar  ## Hold the rules: form, types, architecture, templates, migrations, messages, habits
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.habits
	git ls-files -z -- 'src/*.html' | xargs -0r $(BIN)/djade --target-version 5.2 --check
	$(BIN)/python -m scripts.messages check
	DJANGO_SETTINGS_MODULE=gensvar.config.settings $(BIN)/python -m django makemigrations --check --dry-run
	$(BIN)/mypy

bench: .venv/.develop .venv/.gensvar assets  ## Measure speed on this machine and write the table
	@$(BIN)/python -m scripts.bench $(ARGS)

crash: .venv/.develop .venv/.gensvar assets  ## Stop the real processes 500 times for each database and count what was lost
	@$(BIN)/python -m scripts.crash $(ARGS)

screenshots: .venv/.develop .venv/.gensvar assets  ## Take the pictures of the README from the running demo
	@$(BIN)/python -m scripts.screenshots $(ARGS)

messages: .venv/.develop .venv/.gensvar  ## Gather new texts into each room's catalogue and compile them (needs gettext)
	@$(BIN)/python -m scripts.messages make

assets: $(VENDOR)/.copied  ## Fetch the public face's style sheets by npm and lay them beside our own

lock: .venv/.lock  ## Choose new versions and write the locks of pip and npm, with hashes and no addresses
	@export UV_NO_CONFIG=1 UV_CUSTOM_COMPILE_COMMAND='make lock'; \
	lock="$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url"; \
	echo 'setuptools>=77' | $$lock pyproject.toml - -o requirements.txt; \
	echo 'setuptools>=77' | $$lock --group pyproject.toml:dev -c requirements.txt pyproject.toml - -o requirements-dev.txt
	npm install --package-lock-only

# --- What the words above stand on: each step is done again only when its lock has changed ----------

.venv/.made:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or later, with its venv module, was not found; name it: make PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/.runtime: requirements.txt | .venv/.made
	@echo "Installing the locked requirements into .venv ..."
	@$(PIP) --require-hashes -r requirements.txt
	@touch $@

.venv/.develop: requirements-dev.txt | .venv/.made
	@echo "Installing the locked development requirements into .venv ..."
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@ .venv/.runtime

.venv/.gensvar: pyproject.toml .venv/.runtime
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.lock: | .venv/.made
	@$(PIP) uv
	@touch $@

node_modules/.installed: package-lock.json .npmrc
	@echo "Fetching style sheets by npm ..."
	@npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

$(VENDOR)/.copied: node_modules/.installed Makefile
	@mkdir -p $(VENDOR)
	@rm -rf $(VENDOR)/*
	@mkdir -p $(VENDOR)/components $(VENDOR)/fonts
	@cp $(DESIGN)/dist/src/*.css $(VENDOR)/components && rm $(VENDOR)/components/index.css
	@for face in source-sans-3:400 source-sans-3:600 source-serif-4:600; do \
		name=$${face%:*}; from=node_modules/@fontsource/$$name; \
		cp $$from/files/$$name-latin-$${face#*:}-normal.woff2 $$from/files/$$name-latin-ext-$${face#*:}-normal.woff2 $(VENDOR)/fonts; \
		cp $$from/LICENSE $(VENDOR)/fonts/$$name-LICENSE.txt; \
	done
	@from=node_modules/@fontsource/ibm-plex-sans-arabic; for weight in 400 600; do \
		cp $$from/files/ibm-plex-sans-arabic-arabic-$$weight-normal.woff2 $(VENDOR)/fonts; \
	done; cp $$from/LICENSE $(VENDOR)/fonts/ibm-plex-sans-arabic-LICENSE.txt
	@cp $(DESIGN)/dist/theme/designsystemet.css $(VENDOR)/designsystemet-theme.css
	@cp $(DESIGN)/LICENSE $(VENDOR)/designsystemet-LICENSE.txt
	@touch $@
