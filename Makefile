# Everything runs from a fresh clone: each target makes the virtual environment it needs.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
BIN := .venv/bin
STAMP := .venv/.installed
DEV := .venv/.installed-dev

.PHONY: demo test lint audit bench fuzz truth docs interoperability torture soak keywalks hostility screenshots constraints clean

demo: $(STAMP)
	$(BIN)/mxwalk lab esa-hosted

test: $(DEV)
	$(BIN)/python -m pytest -m "not peers" $(ARGS)

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV)
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench_dnssec
	$(BIN)/python -m tests.pkix.bench_chains
	$(BIN)/python -m tests.revocation.bench_revocation
	$(BIN)/python -m tests.mtasts.bench_policies
	$(BIN)/python -m tests.tlsrpt.bench_reports
	$(BIN)/python -m tests.mailauth.bench_spf
	$(BIN)/python -m tests.dmarcrpt.bench_reports

# TIME: seconds for each target; NAMES: some targets instead of all.
TIME ?= 60
fuzz: $(DEV)
	@$(BIN)/python -c "import atheris" 2>/dev/null \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: -c constraints.txt \
			$$($(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml','rb'))['dependency-groups']['fuzz'])") \
		|| { echo "make fuzz needs atheris, and pip finds no wheel of it for $$($(BIN)/python -VV | cut -d'(' -f1)on this machine: it has one for CPython 3.11 on Linux x86_64. 'make test' runs the corpora without it."; exit 1; }
	$(BIN)/python -m tests.fuzz --time $(TIME) $(NAMES)

truth: $(DEV)
	$(BIN)/python -m tests.truth

# Exit codes: 0 nothing known against any pinned version, 1 something is, 3 the service did not tell.
audit: $(DEV)
	@$(BIN)/python -m tests.security.audit $(ARGS)

interoperability: $(DEV)
	$(BIN)/python -m tests.peers.matrix

docs: $(DEV)
	$(BIN)/python -m tests.docs.make

torture: $(DEV)
	$(BIN)/python -m tests.torture $(ARGS)

keywalks: $(DEV)
	$(BIN)/python -m tests.keywalks $(ARGS)

soak: $(DEV)
	$(BIN)/python -m tests.resources.soak --walks 1000
	$(BIN)/python -m tests.resources.killed --walks 200

hostility: $(DEV)
	$(BIN)/python -m tests.hostility $(ARGS)

screenshots: $(DEV)
	$(BIN)/python -m screenshots.make

constraints: $(DEV)
	@echo "# Pinned versions of everything \`make demo\` and \`make test\` install. Refresh with: make constraints" > constraints.txt
	$(BIN)/pip freeze --exclude-editable >> constraints.txt

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "mxwalk needs Python 3.11 or newer on the PATH (or PYTHON=/path/to/python)"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $(STAMP)

$(DEV): $(STAMP)
	$(BIN)/python -c "import tomllib; print('\n'.join(tomllib.load(open('pyproject.toml','rb'))['dependency-groups']['dev']))" > .venv/dev-requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r .venv/dev-requirements.txt
	@touch $(DEV)

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage
