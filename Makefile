# For work on aludel itself; `make` lists the targets. A project that uses aludel includes aludel.mk instead.

.DEFAULT_GOAL := help

# Node 24, and every other tool, is a package of this repository.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
# The TypeScript of this repository is compiled once, not at every start (68 ms instead of 300).
export NODE_COMPILE_CACHE := $(CURDIR)/node_modules/.cache/node

ALUDEL := node scripts/aludel.ts
include aludel.mk

# npm writes it at the end of an installation.
installed := node_modules/.package-lock.json
targets := install demo test faults fault chaos check format bench build
.PHONY: help $(targets)
$(targets) $(aludel_targets): $(installed)

# With the PATH from before: the Node that runs npm must not be the one that npm takes away.
$(installed): package-lock.json
	@echo 'Installing packages (once, about a minute) …' >&2
	@PATH="$${PATH#*:}" npm ci --loglevel=error >&2
	@touch $@

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-24s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## Install the packages, when package-lock.json changed
	@:

demo: ## Walk through the main job on an embedded SQLite database
	@node scripts/demo.ts

test: ## Run all tests; the table at the end says on which databases
	@npm run --silent test

faults: ## Provoke every fault that a run must survive: [DB=pg|mariadb|mysql|sqlite]
	@node test/faults/run.ts

fault: ## Provoke one: F=07 [DB=pg]
	@node test/faults/run.ts "$$F"

chaos: ## Kill runners at random for minutes: [SEED=1] [KILLS=60] [RUNNERS=4] [DB=pg|mariadb|mysql|sqlite]
	@vitest run --config test/chaos/vitest.config.ts

check: ## Check format, lint, types, unused code, layers
	@npm run --silent check

format: ## Format all files
	@npm run --silent format

bench: ## Measure start-up against bare Node and a raw driver
	@npm run --silent bench

build: ## Make dist/, as it is published
	@npm run --silent build && npm run --silent check:package
