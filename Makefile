# make run   installs what the app needs and opens it        make lint, types, layers   further checks; also readme
# make test  installs what the tests need and runs them      make bench                 speed, measured
# make lock  writes the two locks anew (UPGRADE=1: newest)   make scenarios             refreshes the expected figures
# make clean removes what was made here                   make defaults              fits the parameters anew

PYTHON ?= python3
RUN  := build/venv-run
TEST := build/venv-test
LOCK := build/venv-lock
PYTEST ?=

.DEFAULT_GOAL := help
.PHONY: help run test browser lint types layers readme bench scenarios lock defaults clean

help:
	@sed -n '1,4s/^# //p' Makefile

run: $(RUN)/.ready
	$(RUN)/bin/python -m simulator.cli app

# One worker for the browser's tests (one server, one Chromium), the other for the rest.
test: $(TEST)/.ready browser
	$(TEST)/bin/python -m pytest -n 2 --dist loadgroup -p no:benchmark $(PYTEST)

browser: $(TEST)/.ready
	@$(TEST)/bin/python tools/install/browser.py --install

lint: $(TEST)/.ready
	$(TEST)/bin/ruff check .

types: $(TEST)/.ready
	$(TEST)/bin/mypy

# One direction, no circle; then how many rooms, floors and arrows there are.
layers: $(TEST)/.ready
	$(TEST)/bin/lint-imports --no-cache
	$(TEST)/bin/python -m tools.check.rooms

readme: $(TEST)/.ready
	$(TEST)/bin/python tools/check/readme.py

bench: $(TEST)/.ready
	$(TEST)/bin/python -m benchmarks

# On purpose only, in a commit that says which formula or figure changed.
scenarios: $(TEST)/.ready
	$(TEST)/bin/python -m tools.build.refresh_scenarios

defaults: $(TEST)/.ready
	$(TEST)/bin/python -m tools.research.fit_defaults

$(RUN)/.ready: requirements.lock pyproject.toml tools/install/make_env.py
	@$(PYTHON) tools/install/make_env.py $(RUN) requirements.lock

$(TEST)/.ready: requirements-test.lock pyproject.toml tools/install/make_env.py
	@$(PYTHON) tools/install/make_env.py $(TEST) requirements-test.lock

# One version of each package for every Python and system; the tests' lock holds the run's lock whole.
COMPILE = $(LOCK)/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-header --no-annotate --group build $(if $(UPGRADE),--upgrade)

lock: $(LOCK)/bin/uv
	$(COMPILE) --extra app --output-file requirements.lock
	$(COMPILE) --extra app --extra test --constraint requirements.lock --output-file requirements-test.lock

$(LOCK)/bin/uv:
	$(PYTHON) -m venv $(LOCK)
	$(LOCK)/bin/python -m pip install --quiet --disable-pip-version-check uv

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks .coverage
	find simulator tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
