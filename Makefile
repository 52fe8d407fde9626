# Short names for plain commands. `make help` lists them.

PYTHON3 ?= python3
HALL ?= ./hall
PORT ?= 8080
SCREENS ?=
WORKERS ?= auto
LOCK_FLAGS ?=

# Debian packages that the checks need beside python3 and make.
APT_PACKAGES := python3-venv chromium libatomic1
# The locks are written by this release of uv; it is fetched for `make lock` alone.
UV := uv==0.13.9

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check
COMPILE = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links $(LOCK_FLAGS) pyproject.toml --extra fast

.DELETE_ON_ERROR:
.PHONY: help setup run test check bench golden lock clean debian-packages

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# A stamp is newer than all it was made from, so that a second `make setup` does nothing.
$(VENV)/server.stamp: pyproject.toml requirements.lock
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Python 3.11 or newer is needed; name one with: make PYTHON3=/path/to/python3 ...' >&2; exit 1; }
	@$(PYTHON3) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo 'python3-venv is missing. On Debian: apt-get install python3-venv' >&2; exit 1; }
	@echo 'Setting up $(VENV) for the server ...'
	@$(PYTHON) -c 'import pip, sys; sys.exit(sys.prefix == sys.base_prefix)' 2>/dev/null \
		|| $(PYTHON3) -m venv --clear $(VENV)
	@$(PIP) install --quiet --requirement requirements.lock
	@$(PIP) install --quiet --no-deps --editable .
	@touch $@

$(VENV)/checks.stamp: $(VENV)/server.stamp requirements-dev.lock
	@echo 'Setting up $(VENV) for the checks ...'
	@$(PIP) install --quiet --requirement requirements-dev.lock
	@touch $@

setup: $(VENV)/checks.stamp  ## the server and everything that checks it, in .venv

run: $(VENV)/server.stamp  ## run a hall; PORT=8080 HALL=./hall SCREENS=1, Ctrl-C stops it
	@test -e '$(HALL)/hall.toml' || $(PYTHON) -m queue_server init '$(HALL)'
	@test -z '$(SCREENS)' || echo 'SCREENS: no kiosk and lobby windows yet; the pages are at the address below.'
	@exec $(PYTHON) -m queue_server run '$(HALL)' --port '$(PORT)'

test: debian-packages  ## what CI runs: Debian packages where it may, then setup and check
	@$(MAKE) --no-print-directory check

debian-packages:
	@command -v dpkg-query >/dev/null || { echo 'No Debian: see that these are there: $(APT_PACKAGES)'; exit 0; }; \
	missing=; for package in $(APT_PACKAGES); do \
		dpkg-query --show --showformat='$${db:Status-Status}' $$package 2>/dev/null | grep -qx installed \
			|| missing="$$missing $$package"; \
	done; \
	test -n "$$missing" || exit 0; \
	if test "$$(id -u)" = 0; then as_root=env; \
	elif sudo -n true 2>/dev/null || { test -t 0 && command -v sudo >/dev/null; }; then as_root='sudo env'; \
	else echo "Missing Debian packages; ask an administrator to run: apt-get install$$missing" >&2; exit 1; fi; \
	$$as_root apt-get update -qq && \
	$$as_root DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing

check: setup  ## lint, types, contracts, tests
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/pytest -n $(WORKERS)

bench: setup  ## measure, and compare with the promised figures
	$(PYTHON) -m tests.bench

golden: setup  ## write the golden files anew; read the difference like code
	GOLDEN=write $(VENV)/bin/pytest -n 0 -k golden

lock: $(VENV)/server.stamp  ## write the locks anew from pyproject.toml; LOCK_FLAGS=--upgrade takes newer releases
	$(PIP) install --quiet '$(UV)'
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

clean:  ## remove the environment and every cache; halls stay
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
