# What one runs: `make run` serves the sample estate, `make test` tests, `make check` is the gate before a push.
# All of it lives in .venv; nothing is installed twice. PYTHON=python3.12 chooses another Python (3.11 or newer).

PYTHON ?= python3
JOBS ?= 2
BIN := .venv/bin
INPUTS := pyproject.toml constraints.txt $(wildcard hatch_build.py) \
	$(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

# With it every program that a test starts compiles all its modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-fast check format docs constraints clean

run: .venv/.run
	$(BIN)/poise demo

test: .venv/.test
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -rs

test-fast: .venv/.test
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -rs -m "not server"

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy -p tools
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.docs site

format: .venv/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: .venv/.dev
	$(BIN)/python -m tools.docs site

# Writes the pins again from what is installed in .venv.
constraints: .venv/.dev
	$(BIN)/python -m tools.pins constraints.txt

clean:
	rm -rf .venv site

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Poise needs Python 3.11 or newer: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

.venv/.run: .venv/.made $(INPUTS)
	@echo "Installing Poise into .venv (about a minute the first time) ..."
	@$(INSTALL) -e .
	@touch $@

.venv/.test: .venv/.made $(INPUTS)
	@echo "Installing Poise and what its tests need into .venv ..."
	@$(INSTALL) -e '.[postgres,test]'
	@touch .venv/.run $@

.venv/.dev: .venv/.made $(INPUTS)
	@echo "Installing Poise and the tools of its developers into .venv ..."
	@$(INSTALL) -e '.[postgres,test,dev]'
	@touch .venv/.run .venv/.test $@
