# Make targets for aludel. In a Makefile:  include node_modules/aludel/aludel.mk
#
# A person's words are data here, never code: make would expand `$(shell …)` in them and the shell would run
# backquotes. So each value goes, as it was written, into an environment variable, and the recipe names only that.

ALUDEL ?= node_modules/.bin/aludel

# Make hands variables of its command line to every recipe, expanded. Those of the environment pass as they are.
unexport $(foreach name,msg rev_id empty from_empty from_history to rev purge url json statement applied yes head splice \
  branch_label depends_on version_path revs range verbose check_heads resolve_dependencies from idempotent \
  dry_run without_proof drift,\
  $(if $(findstring command,$(origin $(name))),$(name)))

export ALUDEL_MSG := $(value msg)
export ALUDEL_REV_ID := $(value rev_id)
export ALUDEL_TO := $(value to)
export ALUDEL_FROM := $(value from)
export ALUDEL_REV := $(value rev)
export ALUDEL_STATEMENT := $(value statement)
export ALUDEL_HEAD := $(value head)
export ALUDEL_BRANCH_LABEL := $(value branch_label)
export ALUDEL_DEPENDS_ON := $(value depends_on)
export ALUDEL_VERSION_PATH := $(value version_path)
export ALUDEL_REVS := $(value revs)
export ALUDEL_RANGE := $(value range)
ifneq ($(value url),)
export ALUDEL_DATABASE_URL := $(value url)
endif

aludel_on = $(filter-out 0 no false,$(value $1))
aludel_sql = --sql $(if $(call aludel_on,idempotent),--idempotent) $(aludel_json)
aludel_json = $(if $(call aludel_on,json),--json)
aludel_verbose = $(if $(call aludel_on,verbose),--verbose)
aludel_new = $(if $(value msg),--message="$$ALUDEL_MSG") $(if $(value rev_id),--rev-id="$$ALUDEL_REV_ID") \
  $(if $(call aludel_on,splice),--splice) $(if $(value branch_label),--branch-label="$$ALUDEL_BRANCH_LABEL") \
  $(if $(value version_path),--version-path="$$ALUDEL_VERSION_PATH")
aludel_create = $(if $(call aludel_on,empty),,--autogenerate) $(if $(call aludel_on,from_empty),--from-empty) \
  $(if $(call aludel_on,from_history),--from-history) \
  $(if $(value head),--head="$$ALUDEL_HEAD") $(if $(value depends_on),--depends-on="$$ALUDEL_DEPENDS_ON")

aludel_targets := migrate-help migrate-create migrate-merge migrate-up migrate-down migrate-history \
  migrate-current migrate-heads migrate-branches migrate-show migrate-edit migrate-log migrate-lock \
  migrate-stamp migrate-accept migrate-repair migrate-check migrate-adopt migrate-ensure-version \
  migrate-sql migrate-sql-down
.PHONY: $(aludel_targets)

# The including Makefile keeps its own default goal, wherever it includes this.
aludel_goal := $(.DEFAULT_GOAL)

migrate-help: ## Say what aludel can do
	@$(ALUDEL) help

migrate-create: ## Write a revision from the entities: msg="Add users" [empty=1] [from_empty=1] [from_history=1] [rev_id=…] [head=…]
	@$(ALUDEL) revision $(aludel_create) $(aludel_new) $(aludel_json)

# The shell parts revs into words, and does no more with it: it is expanded already, and -f keeps a `*` what it is.
migrate-merge: ## Write a revision that joins branches: [msg="Join"] [revs="a1 b2"], all heads without them
	@set -f; $(ALUDEL) merge $(aludel_new) $(aludel_json) -- $(if $(value revs),$$ALUDEL_REVS,heads)

migrate-up: ## Apply revisions: [to=head], to=+1, to=<id>, [yes=1] although data are lost
	@$(ALUDEL) upgrade $(if $(call aludel_on,yes),--yes) $(aludel_json) -- $(if $(value to),"$$ALUDEL_TO",head)

migrate-down: ## Take revisions back: [to=-1], to=<id>, to=base
	@$(ALUDEL) downgrade $(aludel_json) -- $(if $(value to),"$$ALUDEL_TO",-1)

migrate-sql: ## Print a script that applies revisions, for the database's own client: [from=base] [to=head] [idempotent=1] [yes=1]
	@$(ALUDEL) upgrade $(aludel_sql) $(if $(call aludel_on,yes),--yes) -- "$${ALUDEL_FROM:-base}:$${ALUDEL_TO:-head}"

migrate-sql-down: ## Print a script that takes revisions back: from=<id> [to=-1] [idempotent=1]
	@$(ALUDEL) downgrade $(aludel_sql) -- $(if $(value from),"$$ALUDEL_FROM:$${ALUDEL_TO:--1}","$${ALUDEL_TO:--1}")

migrate-history: ## List the revisions, newest first: [range=<from>:<to>] [verbose=1] [applied=1]
	@$(ALUDEL) history $(if $(value range),--rev-range="$$ALUDEL_RANGE") $(aludel_verbose) \
	  $(if $(call aludel_on,applied),--indicate-current) $(aludel_json)

migrate-current: ## Say which revisions the database has: [verbose=1] [check_heads=1]
	@$(ALUDEL) current $(aludel_verbose) $(if $(call aludel_on,check_heads),--check-heads) $(aludel_json)

migrate-heads: ## List the revisions that nothing follows: [verbose=1] [resolve_dependencies=1]
	@$(ALUDEL) heads $(aludel_verbose) $(if $(call aludel_on,resolve_dependencies),--resolve-dependencies) \
	  $(aludel_json)

migrate-branches: ## List the revisions that several others follow: [verbose=1]
	@$(ALUDEL) branches $(aludel_verbose) $(aludel_json)

migrate-show: ## Show one revision: rev=<id>
	@$(ALUDEL) show $(aludel_json) $(if $(value rev),-- "$$ALUDEL_REV")

migrate-edit: ## Open the file of a revision in your editor: rev=<id>
	@$(ALUDEL) edit $(aludel_json) $(if $(value rev),-- "$$ALUDEL_REV")

migrate-log: ## List what was done to the database
	@$(ALUDEL) log $(aludel_json)

migrate-lock: ## Say who holds the lock of the database
	@$(ALUDEL) lock $(aludel_json)

migrate-stamp: ## Record revisions as applied without running them: to=head [purge=1]
	@$(ALUDEL) stamp $(if $(call aludel_on,purge),--purge) $(aludel_json) $(if $(value to),-- "$$ALUDEL_TO")

migrate-repair: ## Say how far a half done step is: rev=<id> statement=<n> applied=1 (or applied=0)
	@$(ALUDEL) repair $(aludel_json) $(if $(value statement),--statement="$$ALUDEL_STATEMENT") \
	  $(if $(value applied),$(if $(call aludel_on,applied),--applied,--not-applied)) $(if $(value rev),-- "$$ALUDEL_REV")

migrate-accept: ## Record the file of an edited revision as what was applied: rev=<id>
	@$(ALUDEL) accept $(aludel_json) $(if $(value rev),-- "$$ALUDEL_REV")

migrate-check: ## Fail when entities, history and database differ: [drift=1] without the entities
	@$(ALUDEL) check $(if $(call aludel_on,drift),--drift) $(aludel_json)

migrate-adopt: ## Take over the migrations of MikroORM's own migrator: [dry_run=1] [without_proof=1] [version_path=…]
	@$(ALUDEL) adopt $(if $(call aludel_on,dry_run),--dry-run) $(if $(call aludel_on,without_proof),--without-proof) \
	  $(if $(value version_path),--version-path="$$ALUDEL_VERSION_PATH") $(aludel_json) -- mikro-orm

migrate-ensure-version: ## Make the tables of aludel's ledger where they are missing
	@$(ALUDEL) ensure-version $(aludel_json)

.DEFAULT_GOAL := $(aludel_goal)
