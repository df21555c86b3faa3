# What one does with the program, from a fresh machine on. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet -c requirements.lock

.DEFAULT_GOAL := help
.PHONY: help install demo test bench docs tutorial lock clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/.ok ## set up: an environment in .venv, with exact versions
	@echo "ready: $(BIN)/territory"

demo: $(VENV)/.ok ## play the built-in comparison: four designs, two goal policies, twenty years each
	@$(BIN)/territory simulate experiment=demo

test: $(VENV)/.tested ## check style and types, run all tests
	@$(BIN)/python -m tests.compiling & $(BIN)/ruff check . && $(BIN)/mypy && wait
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

bench: $(VENV)/.ok ## measure how fast the years are played
	@$(BIN)/python -m benchmarks

docs: $(VENV)/.ok ## write the tables of parameters and output columns anew
	@$(BIN)/python -m command.reference

tutorial: $(VENV)/.tested ## play docs/tutorial.md, write what it shows and its pictures anew (a minute)
	@$(BIN)/python -m tests.tutorial

lock: ## write the exact versions anew (needs uv)
	@echo '# Exact versions for Python 3.11 and later, for `pip install -c requirements.lock`. Made by `make lock`.' > $@.new
	@uv pip compile pyproject.toml --all-extras --universal --quiet --no-header --no-annotate >> $@.new
	@mv $@.new requirements.lock

clean: ## take away the environment and everything cached; results stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed; name one: make install PYTHON=python3.12"; exit 1; }
	@if $(PYTHON) -c 'import ensurepip' 2> /dev/null; then \
		$(PYTHON) -m venv $(VENV); \
	else \
		echo "this Python has no ensurepip (Debian: apt install python3-venv); trying virtualenv instead"; \
		$(PYTHON) -m pip install --quiet --target .boot virtualenv && PYTHONPATH=.boot $(PYTHON) -m virtualenv --quiet $(VENV); \
	fi
	@touch $@

$(VENV)/.ok: $(VENV)/.python pyproject.toml requirements.lock
	@echo "installing into $(VENV) (about a minute)"
	@$(PIP) -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.python pyproject.toml requirements.lock
	@echo "installing into $(VENV), with what tests need (about a minute)"
	@$(PIP) -e '.[dev]'
	@touch $@ $(VENV)/.ok
