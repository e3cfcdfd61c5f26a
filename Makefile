# Quietline: `make` shows the targets. All that they make lies under var/.

PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help run prepare keys staff test test-faults hours check bench bench-desk pictures audit messages clean

RUN := var/venv/bin/python
DEV := var/venv-dev/bin/python

# One shell function, so that nothing depends on a file time: a virtual environment is made anew only if the hash of
# what it was made from has changed. A half-made one has no stamp.
define VENV
venv() { \
	folder="var/$$1"; shift; \
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Quietline needs Python 3.11 or newer, and '$(PYTHON)' is not. Name one: make PYTHON=python3.12 ..." >&2; exit 1; }; \
	wanted=`{ "$(PYTHON)" -VV; pwd; cat "$$@"; } | cksum`; \
	[ "$$wanted" = "`cat "$$folder/stamp" 2>/dev/null`" ] && return; \
	echo "Installing the packages of $$folder (once; 1 to 2 minutes) ..."; \
	mkdir -p var && rm -rf "$$folder" && umask 022 && "$(PYTHON)" -m venv "$$folder" || { \
		echo "'$(PYTHON) -m venv' failed. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }; \
	"$$folder/bin/python" -m pip install -qq --disable-pip-version-check --no-input --prefer-binary \
		`printf -- '-r %s ' "$$@"` || { \
		echo "The packages could not be installed; the lines above say why." >&2; exit 1; }; \
	pwd > "`echo "$$folder"/lib/python3*/site-packages`/quietline.pth"; \
	echo "$$wanted" > "$$folder/stamp"; \
}; set -e
endef

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile

run: ## set up on first use, then serve on http://127.0.0.1:8000 (PORT=8001, DEMO=off)
	@$(VENV); venv venv requirements.txt; exec $(RUN) -m config.launch.start --end-with-parent

prepare: ## the database, for parts that run apart: DATABASE_URL=... of its owner; after each upgrade again
	@$(VENV); venv venv requirements.txt; export ROLE=all DEMO=off; exec $(RUN) -m config.manage prepare

keys: ## the keys of each role in a file of its own, in var/keys/ (made on first use)
	@$(VENV); venv venv requirements.txt; exec $(RUN) -m config.launch.keys

# What stands on the command line of make alone: the environment may hold a ROLE (of the process) and a NAME already.
given = $(if $(findstring command,$(origin $(1))),$($(1)))

staff: ## an account: NAME=maria ROLE=consultant; new password and phone: ARGS=--reset; shut: ARGS=--off
	@$(if $(call given,NAME),,echo "Say whose account: make staff NAME=maria ROLE=consultant" >&2; exit 1;) \
	$(VENV); venv venv requirements.txt; $(if $(call given,ROLE),unset ROLE;) exec $(RUN) -m config.manage add_staff \
		"$(NAME)" $(if $(call given,ROLE),--role "$(ROLE)") $(ARGS)

test: ## the whole test suite (ARGS="-k receipt" for a part)
	@$(VENV); venv venv-dev requirements.txt requirements-dev.txt; exec $(DEV) -m pytest -n 2 --dist loadgroup $(ARGS)

test-faults: ## what a crash or an attacker does, at length (half an hour)
	@$(VENV); venv venv-dev requirements.txt requirements-dev.txt; \
	FAULTS=at_length FORM_EXAMPLES=10000 HISTORY_ACTS=10000 exec $(DEV) -m pytest tests/faults \
		tests/intake/test_any_request.py tests/intake/test_any_history.py $(ARGS)

HOURS ?= 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
hours: ## the tests without browsers at every hour of the day (HOURS="5 13" for some)
	@$(VENV); venv venv-dev requirements.txt requirements-dev.txt; \
	for hour in $(HOURS); do \
		echo "As if it were $$hour o'clock, UTC:"; \
		$(DEV) -m pytest -q -m "not browser and not start" --hour $$hour $(ARGS); \
	done

check: ## format, lint, missing migrations, deploy check
	@$(VENV); venv venv-dev requirements.txt requirements-dev.txt; \
	$(DEV) -m ruff format --check . ; \
	$(DEV) -m ruff check . ; \
	exec $(DEV) -m config.launch.check

bench: ## the benchmark report
	@$(VENV); venv venv-dev requirements.txt requirements-dev.txt; exec $(DEV) -m benchmarks $(ARGS)

pictures: ## the pictures of docs/desk.md and of the README, of a demo that runs at PORT
	@$(VENV); venv venv-dev requirements.txt requirements-dev.txt; exec $(DEV) docs/pictures.py

bench-desk: ## what a page of the desk costs at a thousand and at a million leads (15 minutes, 8 GB of disk)
	@$(VENV); venv venv-dev requirements.txt requirements-dev.txt; exec $(DEV) -m benchmarks.desk $(ARGS)

audit: ## known vulnerabilities in the pinned packages
	@$(VENV); venv venv-dev requirements.txt requirements-dev.txt; \
	exec $(DEV) -m pip_audit --strict -r requirements.txt --progress-spinner off

messages: ## new sentences of code and templates, for locale/es (needs xgettext: apt install gettext)
	@$(VENV); venv venv-dev requirements.txt requirements-dev.txt; exec $(DEV) -m config.launch.catalogues

clean: ## remove what can be made again; data and keys under var/ stay
	@rm -rf var/venv var/venv-dev var/static var/test-* .pytest_cache .ruff_cache .hypothesis
	@find . -path ./var -prune -o -name __pycache__ -type d -exec rm -rf {} +
