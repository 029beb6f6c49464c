# hoso: `make help` says what there is to do.
PYTHON3 ?= python3
BIN := .venv/bin
# where the demo leaves its results, and the folder of scans it sends (empty: the made specimens)
OUT ?= out
SCANS ?=
# the units and procedures `make run` begins with
REFERENCE ?= deploy/demo/province
# where back-ups lie; not below var, which make clean deletes
BACKUP ?= backups
# what pytest gets beside its usual arguments, e.g. make test ARGS="tests/ocr -x", and bench-ocr
ARGS ?=
CHECKED := $(wildcard services shared deploy docs tests bench)

DEMO = $(BIN)/python -m deploy.demo --out "$(OUT)" $(if $(SCANS),--scans "$(SCANS)")

.DEFAULT_GOAL := help
.PHONY: help setup setup-servers demo demo-real run servers test check manifests format bench bench-ocr backup restore clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what the demo needs (.venv, tesseract); nothing twice
	@$(PYTHON3) -m deploy.local.setup demo

setup-servers: setup ## install the real servers, veraPDF and what checks manifests; 6 to 14 minutes once
	@$(PYTHON3) -m deploy.local.setup servers

demo: setup ## the main job on one machine, nothing beside it: [SCANS=folder] [OUT=out]
	@$(DEMO)

demo-real: setup-servers ## the same on Kafka, MinIO and PostgreSQL: [SCANS=folder] [OUT=out]
	@$(DEMO) --real

run: setup ## all three services, until Ctrl-C; state is kept in var/hoso: [REFERENCE=folder]
	@$(BIN)/python -m services --reference "$(REFERENCE)"

servers: setup-servers ## the real servers, until Ctrl-C, with the settings that use them; state in var/servers
	@$(BIN)/python -m deploy.local

test: setup-servers ## every test, on the real servers too: [ARGS="tests/ocr -x"]
	@$(BIN)/python -m pytest $(ARGS)

check: setup ## lint, format, types, layers, generated documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy $(CHECKED)
	$(BIN)/lint-imports
	$(BIN)/python -m docs.generate --check

manifests: setup-servers ## build every overlay of deploy/k8s and check it against schemas and rules
	@$(BIN)/python -m deploy.local.manifests

format: setup ## put the code in form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup-servers ## the measurements of bench/README.md
	@$(BIN)/python -m bench

bench-ocr: setup-servers ## hoso, tesseract and OCRmyPDF on the same pages: [ARGS="--quick --only poor"]
	@$(PYTHON3) -m deploy.local.setup bench
	@$(BIN)/python -m bench.ocr $(ARGS)

backup: setup ## back up the system of the HOSO_ settings, or of var/hoso, while it runs: [BACKUP=folder]
	@$(BIN)/python -m deploy.recovery backup "$(BACKUP)"

restore: setup ## make it again of the newest back-up, into empty stores beside a new log: [BACKUP=folder]
	@$(BIN)/python -m deploy.recovery restore "$(BACKUP)"

clean: ## delete what runs and tests left (out, var, caches); .venv and the built servers stay
	@if [ -L var/servers/postgresql/elsewhere ]; then rm -rf "$$(readlink var/servers/postgresql/elsewhere)"; fi
	rm -rf out var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
