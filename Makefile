# `make help` lists what there is to make.

PYTHON ?= python3
# A process that starts others is quicker where what Python compiled is kept.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin

.PHONY: bench help run test coverage check lint types quick call bench-line bench-studio bench-voices bench-callers proof audit mutants clean

help:
	@echo "make run           set up, render what is missing, and serve"
	@echo "make test          set up, and run every check and test"
	@echo "make coverage      run every test, and list the lines that none reaches"
	@echo "make check         while working: format, lint, types and the quick tests"
	@echo "make call          ring the line from this terminal"
	@echo "make bench-line    measure what a key press and a sound cost"
	@echo "make bench         every benchmark; it takes hours"
	@echo "make proof         the long proofs of what the line promises; it takes hours"
	@echo "make bench-studio  measure how fast the studio is"
	@echo "make bench-voices  measure how well the voices are understood"
	@echo "make bench-callers measure how fast the database is"
	@echo "make audit         check the installed packages for known holes"
	@echo "make mutants       count the changes to the code that no test notices; it takes an hour"
	@echo "make clean         remove what was installed and rendered"

run: .venv/ready
	$(BIN)/python scripts/render_audio.py
	$(BIN)/python app.py

test: .venv/tested lint types
	$(BIN)/python -m pytest -n 2 --dist worksteal

# Apart, as counting the lines takes a quarter longer.
coverage: .venv/tested
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term:skip-covered

check: .venv/tested
	$(BIN)/ruff format .
	@$(MAKE) --no-print-directory -j2 lint types quick

lint: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/tested
	$(BIN)/mypy

quick: .venv/tested
	$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not slow" --hypothesis-profile=quick \
	  --ignore=tests/stories --ignore=tests/proofs

call: .venv/ready
	$(BIN)/python scripts/dial.py

bench-line: .venv/tested
	$(BIN)/python -m tests.proofs bench-line

bench-studio: .venv/tested
	$(BIN)/python -m tests.proofs bench-studio

bench: bench-studio bench-voices bench-callers bench-line

# Names of voices may be given: make bench-voices VOICES="flite:rms flite:awb"
bench-voices: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-listen.txt
	$(BIN)/python scripts/bench_voices.py $(VOICES)

bench-callers: .venv/tested
	$(BIN)/python -m tests.proofs bench-callers

# Some of them: make proof NAMES="hostile steps" MINUTES=5
proof: .venv/tested
	$(BIN)/python -m tests.proofs $(NAMES) $(if $(MINUTES),--minutes $(MINUTES))

# Asks a database of known holes about every package that is installed; skipped aloud without it.
DATABASE_OF_HOLES := https://pypi.org/pypi
audit: .venv/tested
	@if ! $(BIN)/python -c 'from importlib.metadata import version; import requests; \
	    page = "$(DATABASE_OF_HOLES)/flask/" + version("flask") + "/json"; \
	    requests.get(page, timeout=10).json()["vulnerabilities"]' 2>/dev/null; then \
	  echo "SKIPPED: no database of known holes can be reached, so nothing was audited."; \
	else \
	  $(PYTHON) -m venv .venv/audit && \
	  .venv/audit/bin/python -m pip install --quiet --disable-pip-version-check \
	    -r requirements-audit.txt && \
	  .venv/audit/bin/pip-audit --path "$$($(BIN)/python -c \
	    'import sysconfig; print(sysconfig.get_path("purelib"))')"; \
	fi

# Paths may be given: make mutants MODULES="ivr/call/flow.py"
mutants: .venv/tested
	$(BIN)/python -m scripts.mutants $(MODULES)

clean:
	rm -rf .venv instance tests/node/node_modules

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
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --prefix tests/node; fi
	@touch $@
