# The interpreter that .venv is made with: make demo PYTHON=python3.12
PYTHON = python3
# More flags: make demo ARGS="--seed=3", make lock ARGS=--upgrade
ARGS =
UV = uv

INSTALLED = .venv/installed

# Two processes, each with half of the tests; the one that is done first takes over some of the other's.
PYTEST = .venv/bin/python -m pytest -q -n 2 --dist=worksteal
UNITS = $(addprefix tests/, losses layers metrics data flags system test_architecture.py test_errors.py)

export TF_CPP_MIN_LOG_LEVEL ?= 3
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL = help
.DELETE_ON_ERROR:
.PHONY: help demo check test lint docs lock clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

demo: $(INSTALLED) ## train GN-GAN on 25 Gaussians in about two minutes (more flags: ARGS="--seed=3")
	@.venv/bin/python -m tfgan2.train --flagfile=configs/demo.cfg $(ARGS)
	@echo "For the commands of the documentation first: source .venv/bin/activate"

check: lint ## lint, then the unit tests that need no training
	$(PYTEST) -m "not slow" $(UNITS) $(ARGS)

test: lint ## lint, then all tests (some of them: ARGS="-k gngan")
	@# In portions, as TensorFlow keeps what it has compiled: one process would need 8 GB.
	@status=0; for portion in 1/3 2/3 3/3; do \
		echo "portion $$portion of the tests"; \
		$(PYTEST) --portion=$$portion $(ARGS) || { code=$$?; [ $$code = 5 ] || status=$$code; }; \
	done; exit $$status

lint: $(INSTALLED) ## check the code with ruff, and the spelling with codespell
	.venv/bin/ruff check .
	.venv/bin/codespell

docs: $(INSTALLED) ## build the site of the documentation: build/site/index.html
	NO_MKDOCS_2_WARNING=1 .venv/bin/python -m mkdocs build --strict
	@echo "build/site/index.html"

lock: ## write requirements.lock anew from requirements.in (needs uv; newest versions: ARGS=--upgrade)
	$(UV) pip compile -q --no-config --universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command "make lock" $(ARGS) requirements.in -o requirements.lock

clean: ## remove caches and build outputs; runs and .venv stay
	rm -rf build dist *.egg-info .pytest_cache .ruff_cache
	find . \( -path ./.git -o -path ./.venv -o -path ./runs \) -prune -o \
		-type d -name __pycache__ -prune -exec rm -rf {} +

# An install that was cut off can leave half a package which pip takes for a whole one, so such an environment, and one of
# another Python, is made anew.
$(INSTALLED): requirements.lock setup.py
	@rm -f $@
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "There is no '$(PYTHON)' here; tfgan2 needs Python 3.11 to 3.13. Name one: make PYTHON=/path/to/python3" >&2; \
		exit 1; }
	@"$(PYTHON)" -c 'import sys; found = sys.version_info[:3]; (3, 11) <= found[:2] <= (3, 13) or sys.exit( \
		"%s is Python %d.%d.%d; tfgan2 needs Python 3.11 to 3.13. Name one: make PYTHON=/path/to/python3" \
		% ((sys.executable,) + found))'
	@echo "Installing TensorFlow and the other dependencies into .venv: about two minutes and 2.6 GB ..."
	@[ ! -e .venv/unfinished ] && [ "$$(.venv/bin/python -V 2>/dev/null)" = "$$("$(PYTHON)" -V)" ] || rm -rf .venv/bin .venv
	@mkdir -p .venv && touch .venv/unfinished
	@"$(PYTHON)" -m venv .venv
	@.venv/bin/python -m pip install -q --require-hashes -r requirements.lock
	@.venv/bin/python -m pip install -q --no-deps --no-build-isolation -e .
	@mv .venv/unfinished $@
