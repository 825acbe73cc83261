# make run: set up, render what is missing, serve.   make test: set up, check everything.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test lint call bench-studio clean
run: .venv/ready
	$(BIN)/python scripts/render_audio.py
	$(BIN)/python app.py

test: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered

call: .venv/ready
	$(BIN)/python scripts/dial.py

bench-studio: .venv/ready
	$(BIN)/python scripts/bench_studio.py

clean:
	rm -rf .venv instance

# Made once, and again when requirements.txt changes; so a second start needs no network.
.venv/ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

# What only tests need.
TESTED := test s3 dask listen piper
.venv/tested: .venv/ready $(TESTED:%=requirements-%.txt)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  $(TESTED:%=-r requirements-%.txt)
	@touch $@
