# make build  sets everything up and runs the main job on real data
# make test   sets everything up and runs the tests
PYTHON ?= python3.11
VENV := .venv
SPARK := .venv-spark
PACKAGES := 'import sysconfig; print(sysconfig.get_path("purelib"))'
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-virtualenv

.PHONY: build test test-all test-spark check benchmark benchmark-large mutants lock clean
.DELETE_ON_ERROR:

build: $(VENV)/.run
	$(VENV)/bin/reo build

test: $(VENV)/.development
	$(VENV)/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not slow"

# Every test, with the slow ones and more random cases: before a release, and each night.
test-all: $(VENV)/.development
	HYPOTHESIS_PROFILE=thorough $(VENV)/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# The measures on Spark Connect give DuckDB's tables: Sail within the test, or the server that REO_SPARK names.
test-spark: $(SPARK)/.installed
	$(SPARK)/bin/python -m pytest tests/spark

check: $(VENV)/.development
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

# Ours beside what others or plain queries take, into docs/benchmarks.md; everything must be committed.
benchmark: $(VENV)/.development
	$(VENV)/bin/reo build
	$(VENV)/bin/python benchmarks/page.py

# The measures over trade on synthetic tables of 1.3, 25 and 250 million flows: about half an hour, 3 GB of disk; FOLDER keeps them.
# Before that a whole build with 25 million synthetic flows beside the real ones: ten minutes, 2 GB.
benchmark-large: $(VENV)/.development
	$(VENV)/bin/reo build
	$(VENV)/bin/python benchmarks/large_build.py
	$(VENV)/bin/python benchmarks/large.py $(if $(FOLDER),--folder $(FOLDER)) $(if $(ROWS),--rows $(ROWS))

# Changes one thing at a time in the measures and asks their tests: `make mutants MINUTES=60 MODULES="unit_values contract"`.
mutants: $(VENV)/.mutants
	$(VENV)/bin/python benchmarks/mutants.py --minutes $(or $(MINUTES),60) $(MODULES)

# A thousand changed files for each parser, other ones every time: only a table or a ReoError may come out.
fuzz: $(VENV)/.development
	REO_FUZZ=$(or $(CASES),1000) $(VENV)/bin/python -m pytest tests/fuzz -n auto

$(VENV)/.run: requirements.lock pyproject.toml
	@echo "Making the environment in $(VENV) (about a minute)"
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes --only-binary=:all: -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: $(VENV)/.run requirements-dev.lock
	@echo "Adding the test and lint tools to $(VENV)"
# jsonpath-rw, which the Croissant validator needs, has no wheel.
	@$(PIP) --require-hashes --only-binary=:all: --no-binary=jsonpath-rw -r requirements-dev.lock
	@touch $@

$(VENV)/.mutants: $(VENV)/.development requirements-mutants.lock
	@echo "Adding the mutation tool to $(VENV)"
# yattag, which cosmic-ray needs, has no wheel.
	@$(PIP) --require-hashes --only-binary=:all: --no-binary=yattag -r requirements-mutants.lock
	@touch $@

# Stands on $(VENV) and adds the Spark client and Sail to it, where nothing else sees them.
$(SPARK)/.installed: $(VENV)/.development requirements-spark.lock
	@echo "Making the environment in $(SPARK)"
	@test -x $(SPARK)/bin/python || $(VENV)/bin/python -m venv $(SPARK)
	@echo "import site; site.addsitedir('`$(VENV)/bin/python -c $(PACKAGES)`')" > `$(SPARK)/bin/python -c $(PACKAGES)`/below.pth
# pyspark-client has no wheel.
	@$(SPARK)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: \
	  --no-binary=pyspark-client -r requirements-spark.lock
	@touch $@

# Needs uv. Versions stay unless pyproject.toml asks for others (delete a lock to upgrade); the development lock follows the run lock.
lock:
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --no-strip-extras --python-version 3.11 \
	  --extra pipeline pyproject.toml -o requirements.lock
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --no-strip-extras --python-version 3.11 \
	  --extra pipeline --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	echo cosmic-ray | uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --no-strip-extras \
	  --python-version 3.11 -c requirements-dev.lock - -o requirements-mutants.lock
	printf 'pysail==0.7.*\npyspark-client==4.1.1\n' | uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
	  --no-strip-extras --python-version 3.11 -c requirements-dev.lock - -o requirements-spark.lock

clean:
	rm -rf $(VENV) $(SPARK) data/processed data/dagster data/raw/downloads
