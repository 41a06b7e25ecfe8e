# `make check` is what must hold before a commit; `make test` only tests; `make pictures` makes those of the README anew;
# `make docs` builds the documentation as a site; `make notebooks` executes all notebooks in place.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: check test pictures docs notebooks

$(BIN)/.ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $@

check: $(BIN)/.ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

test: $(BIN)/.ready
	$(BIN)/pytest

pictures: $(BIN)/.ready
	$(BIN)/python docs/layers.py
	$(BIN)/python docs/pictures.py

docs: $(BIN)/.ready
	$(BIN)/mkdocs build --strict
	@echo 'Open site/index.html'

notebooks: $(BIN)/.ready
	$(BIN)/python notebooks/build.py
