# Quietline: `make` shows the targets. All that they make lies under var/.

PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help run prepare keys backup restore staff manage test test-faults hours check bench bench-desk pictures audit lock messages clean

# Where a server runs, a new environment is made beside its own: config/launch/packages.py. These print the Python of one.
define PYTHON_OF
"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "Quietline needs Python 3.11 or newer, and '$(PYTHON)' is not. Name one: make PYTHON=python3.12 ..." >&2; \
	exit 1; }; python=`"$(PYTHON)" -B -m config.launch.packages
endef
RUN := $(PYTHON_OF) venv requirements.lock` || exit 1; exec "$$python"
BESIDE := $(PYTHON_OF) venv requirements.lock --keep` || exit 1; exec "$$python"
DEV := $(PYTHON_OF) venv-dev requirements-dev.lock` || exit 1; exec "$$python"

# What is given on the command line goes on as it is: make would take the $$ of a path or a password for its own.
$(foreach name,VAR_DIR SPOOL_DIR DATABASE_URL SECRET_KEY EMAIL_URL CACHE_URL,$(if \
	$(findstring command,$(origin $(name))),$(eval override $(name) := $$(value $(name)))))

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile

run: ## set up on first use, then serve on http://127.0.0.1:8000 (PORT=8001, DEMO=off)
	@$(RUN) -m config.launch.start --end-with-parent

prepare: ## the database, for parts that run apart: DATABASE_URL=... of its owner; after each upgrade again
	@export ROLE=all DEMO=off; $(BESIDE) -m config.manage prepare

keys: ## the keys of each role in a file of its own, in var/keys/ (made on first use)
	@$(BESIDE) -m config.launch.keys

backup: ## a dump of the database, with the pictures and a manifest, in var/backups/ (TO=folder)
	@$(BESIDE) -m config.launch.backup make "$(call given,TO)"

restore: ## a backup, into an empty database: FROM=folder; put the keys back first
	@$(BESIDE) -m config.launch.backup restore "$(call given,FROM)"

# What stands on the command line of make alone: the environment may hold a ROLE (of the process) and a NAME already.
given = $(if $(findstring command,$(origin $(1))),$($(1)))

staff: ## an account: NAME=maria ROLE=consultant; new password and phone: ARGS=--reset; shut: ARGS=--off
	@$(if $(call given,NAME),,echo "Say whose account: make staff NAME=maria ROLE=consultant" >&2; exit 1;) \
	$(if $(call given,ROLE),unset ROLE;) $(BESIDE) -m config.manage add_staff \
		"$(NAME)" $(if $(call given,ROLE),--role "$(ROLE)") $(ARGS)

test: ## the whole test suite (ARGS="-k receipt" for a part)
	@$(DEV) -m pytest -n 2 --dist loadgroup $(ARGS)

test-faults: ## what a crash or an attacker does, at length (half an hour)
	@export FAULTS=at_length FORM_EXAMPLES=10000 HISTORY_ACTS=10000; $(DEV) -m pytest tests/faults \
		tests/intake/test_any_request.py tests/intake/test_any_history.py $(ARGS)

HOURS ?= 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
hours: ## the tests without browsers at every hour of the day (HOURS="5 13" for some)
	@set -e; for hour in $(HOURS); do \
		echo "As if it were $$hour o'clock, UTC:"; \
		( $(DEV) -m pytest -q -m "not browser and not start" --hour $$hour $(ARGS) ); \
	done

check: ## format, lint, missing migrations, deploy check
	@( $(DEV) -m ruff format --check . ) && ( $(DEV) -m ruff check . ) && ( $(DEV) -m config.launch.check )

bench: ## the benchmark report
	@$(DEV) -m benchmarks $(ARGS)

pictures: ## the pictures of docs/desk.md and of the README, of a demo that runs at PORT
	@$(DEV) docs/pictures.py

bench-desk: ## what a page of the desk costs at a thousand and at a million leads (15 minutes, 8 GB of disk)
	@$(DEV) -m benchmarks.desk $(ARGS)

audit: ## known vulnerabilities in the pinned packages
	@$(DEV) -m pip_audit --strict -r requirements.txt --progress-spinner off

lock: ## after a change of requirements*.txt: every package that they bring, with hashes (needs uv)
	@for of in requirements requirements-dev; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
			$$of.txt -o $$of.lock || exit 1; done

manage: ## any other command, with the keys and the database of `make run`: ARGS="reencrypt"
	@$(BESIDE) -m config.manage $(ARGS)

messages: ## new sentences of code and templates, for locale/es (needs xgettext: apt install gettext)
	@$(DEV) -m config.launch.catalogues

clean: ## remove what can be made again; data and keys under var/ stay
	@rm -rf var/venv var/venv-* var/static var/test-* .pytest_cache .ruff_cache .hypothesis
	@find . -path ./var -prune -o -name __pycache__ -type d -exec rm -rf {} +
