# Two commands: `make` and `make test`. Each first sets up what is missing.

python := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)/python
.PHONY: build test quick zoo check lint bench clean lock needs needs-of-tests \
	setup setup-cluster setup-tests setup-bench
.NOTPARALLEL:

# .venv holds the packages of a lock when this file is there, named after the lock and the Python.
version := $(shell python3 -c "import sys; print(sys.implementation.cache_tag)")
mark = .venv/$(1)-$(version)-$(shell git hash-object $(1))
packages := $(call mark,requirements.lock)
cluster-packages := $(call mark,requirements-cluster.lock)
test-packages := $(call mark,requirements-test.lock)
bench-packages := $(call mark,requirements-bench.lock)
# --no-deps: a lock is complete. --only-binary: to compile a package would fetch others, unlocked.
define install
@echo "Setting up: Python packages of $(1) (about a minute)"
@$(python) -m pip install --quiet --disable-pip-version-check --no-input --timeout 60 --retries 3 \
	--require-hashes --no-deps --only-binary=:all: --requirement $(1) \
	|| (echo "Check the internet connection and the disk, then give the same command again." && exit 2)
@echo ready > $@
endef

# Builds the website and the handouts into site/.
build: setup
	@$(python) build.py

# Runs lint and every test, those in a real browser too.
test: lint
	$(python) -m pytest -n auto --dist worksteal

# Runs the tests that need neither a browser nor a full build.
quick: setup-tests
	$(python) -m pytest -m "not slow" -n auto

# Prints every sheet for a zoo of clinics that stretch it, and looks at each page; an hour or more.
zoo: setup-tests
	$(python) -m pytest tests/zoo/whole.py

# Names every problem in the texts, handouts and clinics; writes nothing.
check: setup
	@$(python) build.py check

# Looks over the code: style, layout, types, and that no folder knows one above it.
lint: setup-tests
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy
	$(dir $(python))lint-imports --no-cache

# Compares this project with its peers, in about ten minutes: build/bench/table.md.
# Up to 10,000 sheets (hours): make bench sheets=10000. Another project: project=FOLDER.
bench: setup-bench
	@$(python) -m bench.compare --sheets $(or $(sheets),100) $(if $(project),--project $(project))

# Removes what was built; .venv stays.
clean:
	rm -rf site build .mypy_cache .pytest_cache .ruff_cache

# Writes the locks anew from pyproject.toml, one version for all systems; needs uv.
lock: compile = uv pip compile pyproject.toml --quiet --upgrade --universal --fork-strategy fewest \
	--python-version 3.11 --only-binary :all: --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock"
lock:
	$(compile) --output-file requirements.lock
	$(compile) --output-file requirements-cluster.lock --extra cluster \
		--constraints requirements.lock
	$(compile) --output-file requirements-test.lock --extra test \
		--constraints requirements-cluster.lock
	$(compile) --output-file requirements-bench.lock --extra test --extra bench \
		--constraints requirements-test.lock

# Sets up what `make` needs.
setup: needs $(packages)

# Sets up what a build on a cluster needs, here and on each machine of it.
setup-cluster: needs $(cluster-packages)

# Sets up what `make test` needs.
setup-tests: needs-of-tests $(test-packages)

# Sets up what `make bench` needs.
setup-bench: needs-of-tests $(bench-packages)

# Names what the computer lacks; as root on Debian, installs it.
needs:
	@python3 -m plainleaf.machine.needs
needs-of-tests:
	@python3 -m plainleaf.machine.needs --tests

# Another list of what a build needs, another Python or a lost one: .venv is made anew.
$(packages): $(python)
	@echo "Setting up: .venv"
	@python3 -m venv --clear .venv || (echo "Check that you may write here, then give the same command again." && exit 2)
	$(call install,requirements.lock)
$(python):

# The other lists hold that one, and are added to it.
$(cluster-packages): $(packages)
	$(call install,requirements-cluster.lock)
$(test-packages): $(packages)
	$(call install,requirements-test.lock)
$(bench-packages): $(packages)
	$(call install,requirements-bench.lock)
