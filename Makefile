# One definition of every command. `make` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
MEMBERS := shared services/sbom-ingest services/policy-eval services/obligations services/gateway deploy/standalone
EDITABLE := $(addprefix -e ./,$(MEMBERS))
# The client is no part of a server: it is installed where it is developed, and alone by whoever uses it.
DEV_MEMBERS := $(MEMBERS) deploy/ci
DEV_EDITABLE := $(addprefix -e ./,$(DEV_MEMBERS))
UV := .venv-uv/bin/uv
RUN := .venv/bin
DEV := .venv-dev/bin

.PHONY: help
help: ## List the commands
	@awk 'BEGIN {FS = ":.*## "} \
	  /^##@ / {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Run

.PHONY: demo
demo: .venv/ready build/demo/licet.cdx.json ## Scan this project, send the SBOM through all services, show verdict and NOTICE
	@$(RUN)/python tools/demo.py build/demo/licet.cdx.json --out build/demo

.PHONY: run
run: .venv/ready ## Run Licet on this machine until Ctrl-C (LICET_HOST, LICET_PORT, LICET_DATA_DIR, LICET_ADMIN_KEY)
	@exec $(RUN)/python -m standalone

.PHONY: up
up: .venv-dev/ready servers ## Run the four services as processes on RabbitMQ and PostgreSQL until Ctrl-C (LICET_BROKER_URL, LICET_POSTGRES_URL, LICET_PORT)
	@exec $(DEV)/python -m tools.up

# The scan is made anew only when the pinned requirements have changed.
build/demo/licet.cdx.json: requirements/runtime.txt .venv-scan/ready | .venv/ready
	@mkdir -p build/demo
	@echo "scanning the runtime environment with cyclonedx-py"
	@.venv-scan/bin/cyclonedx-py environment --of JSON --gather-license-texts -o $@ .venv/bin/python

##@ Check

.PHONY: check
check: .venv-dev/ready ## Lint, types, import contracts, clean locks
	$(DEV)/ruff check .
	$(DEV)/ruff format --check .
	$(DEV)/mypy
	$(DEV)/lint-imports
	@if grep -nE '(https?|file)://' requirements/*.txt deploy/ci/requirements.txt; then echo "a lock names a URL"; exit 1; fi

.PHONY: format
format: .venv-dev/ready ## Format the code
	$(DEV)/ruff check --fix -q . || true
	$(DEV)/ruff format -q .

# Each worker runs whole files, and starts servers of its own. Hundreds of processes share what Python has compiled.
WORKERS ?= 2
unexport PYTHONDONTWRITEBYTECODE
.PHONY: test
test: .venv-dev/ready servers ## All tests, on real RabbitMQ and PostgreSQL too, WORKERS (2) files at a time
	$(DEV)/pytest -q -n $(WORKERS) -m "not long"

.PHONY: test-long
test-long: .venv-dev/ready servers pythons ## The long tests that `make test` leaves out, and the properties with ten times as many examples
	$(DEV)/pytest -q -n $(WORKERS) -m long
	LICET_EXAMPLES=10 $(DEV)/pytest -q -n $(WORKERS) -m "hypothesis and not long" tests/unit

PYTHONS ?= 3.12 3.13
.PHONY: pythons
pythons: $(UV) ## Install the runtime requirements under other PYTHONS (3.12 3.13; names or paths), for the test of equal bytes
	@for each in $(PYTHONS); do \
	  folder=.venv-pythons/$${each//\//_}; \
	  if [ -e $$folder/ready ]; then continue; fi; \
	  if ! $(UV) venv -q --clear --no-python-downloads -p $$each $$folder 2>/dev/null; then echo "without Python $$each"; rm -rf $$folder; continue; fi; \
	  VIRTUAL_ENV=$$folder $(UV) pip install -q --require-hashes -r requirements/runtime.txt; \
	  touch $$folder/ready; done

.PHONY: servers
servers: ## Install the RabbitMQ and PostgreSQL binaries that the tests start for themselves
	@tools/install_test_servers.sh

.PHONY: bench
bench: .venv-dev/ready ## Measure speed and memory beside the floor, standalone, and passing requests on
	@$(DEV)/python -m tools.bench
	-@$(MAKE) bench-gateway

.PHONY: bench-distributed
bench-distributed: .venv-dev/ready servers ## The same on RabbitMQ and PostgreSQL
	@$(DEV)/python -m tools.bench --distributed

ROWS ?= 5000000
.PHONY: bench-search
bench-search: .venv-dev/ready servers ## Measure searches over ROWS (5000000) stored components, on SQLite and PostgreSQL
	@$(DEV)/python -m tools.bench.search --rows $(ROWS)

.PHONY: bench-queue
bench-queue: .venv-dev/ready servers ## Measure the reviewers' queue over 100,000 releases, on SQLite and PostgreSQL
	@$(DEV)/python -m tools.bench.queue

.PHONY: bench-evaluating
bench-evaluating: .venv-dev/ready servers ## Measure evaluations beside the parsing of their expressions, and with the database
	@$(DEV)/python -m tools.bench.evaluating
	@$(DEV)/python -m tools.bench.reevaluating

.PHONY: bench-notice
bench-notice: .venv-dev/ready ## Measure printing, making and serving NOTICEs of 10,000 and 50,000 components beside a plain join
	@$(DEV)/python -m tools.bench.notice

.PHONY: bench-reading
bench-reading: .venv-dev/ready servers ## Measure reading and storing beside a plain parse and COPY, and a reader's memory
	@$(DEV)/python -m tools.bench.reading

.PHONY: bench-overfull
bench-overfull: .venv-dev/ready ## Measure 8 MiB in one place of a document, in every reader: verdict, CPU and memory
	@$(DEV)/python -m tools.bench.overfull

.PHONY: bench-upload
bench-upload: .venv-dev/ready ## Measure what an upload costs beside the floor, and how long others wait meanwhile
	@$(DEV)/python -m tools.bench.uploads

.PHONY: bench-gateway
bench-gateway: .venv-dev/ready ## Measure passing requests on beside a bare relay, the obvious one and nginx
	@tools/install_bench_tools.sh || true
	@$(DEV)/python -m tools.bench.gateway

.PHONY: footprint
footprint: .venv-dev/ready servers ## Measure memory and CPU of each service, for the requests and limits of deploy/k8s
	@$(DEV)/python -m tools.bench.footprint

.PHONY: sizing
sizing: .venv-dev/ready servers ## Measure what a document costs, and write the tables of docs/sizing.md
	@$(DEV)/python -m tools.sizing --measure

.PHONY: manifests
manifests: ## Render deploy/k8s with kubectl (1.27 or newer) into deploy/k8s/rendered
	@for each in $(notdir $(wildcard deploy/k8s/overlays/*)); do \
	  kubectl kustomize deploy/k8s/overlays/$$each > deploy/k8s/rendered/$$each.yaml; done

MINUTES ?= 10
.PHONY: chaos
chaos: .venv-dev/ready servers ## Do one fault after another to Licet under load for MINUTES (10), and tell what was lost
	@$(DEV)/python -m tools.chaos --minutes $(MINUTES)

KILLS_EVERY ?= 60
REPLICAS ?= 1
GATEWAYS ?= 1
SBOMS_A_SECOND ?= 0.5
.PHONY: soak
soak: .venv-dev/ready servers ## Kill parts by chance every KILLS_EVERY (60) seconds for MINUTES, with REPLICAS (1) of each service and GATEWAYS (1), and measure availability
	@$(DEV)/python -m tools.chaos.soak --minutes $(MINUTES) --kills-every $(KILLS_EVERY) --replicas $(REPLICAS) --gateways $(GATEWAYS) \
	  --sboms-a-second $(SBOMS_A_SECOND)

.PHONY: load
load: .venv-dev/ready servers ## Measure SBOMs a second and the time to a verdict, standalone and with 1 to 4 replicas
	@$(DEV)/python -m tools.load --replicas 1 2 4

SECONDS_EACH ?= 60
.PHONY: fuzz
fuzz: .venv-fuzz/ready ## Fuzz each SBOM reader for SECONDS_EACH (60), guided by coverage
	@.venv-fuzz/bin/python -m tools.fuzz --seconds $(SECONDS_EACH)

.PHONY: security
security: .venv-dev/ready ## Ask all that the OpenAPI document describes, for SECONDS_OF_FUZZING (600): no 5xx, nothing undescribed
	@$(DEV)/python -m tools.api_fuzz --seconds $(or $(SECONDS_OF_FUZZING),600)

.PHONY: unit
unit: .venv-dev/ready ## The unit tests alone, in seconds
	$(DEV)/pytest -q tests/unit

##@ Maintain

.PHONY: lock
lock: $(UV) ## Renew the pinned requirements
	@rm -f uv.lock
	for each in bootstrap build scan; do \
	  $(UV) pip compile -q --upgrade --universal -p 3.11 --generate-hashes --no-header --no-annotate requirements/$$each.in -o requirements/$$each.txt; done
	$(UV) pip compile -q --upgrade --universal -p 3.11 --generate-hashes --no-header --no-annotate \
	  $(foreach m,$(MEMBERS),--no-emit-package licet-$(notdir $m)) $(addsuffix /pyproject.toml,$(MEMBERS)) -o requirements/runtime.txt
	$(UV) pip compile -q --upgrade --universal -p 3.11 --generate-hashes --no-header --no-annotate -c requirements/runtime.txt \
	  $(foreach m,$(DEV_MEMBERS),--no-emit-package licet-$(notdir $m)) $(addsuffix /pyproject.toml,$(DEV_MEMBERS)) requirements/dev.in -o requirements/dev.txt
	$(UV) pip compile -q --upgrade --universal -p 3.11 --generate-hashes --no-header --no-annotate -c requirements/dev.txt \
	  deploy/ci/pyproject.toml -o deploy/ci/requirements.txt
	$(MAKE) service-locks
	$(UV) pip compile -q --upgrade --universal -p 3.11 --generate-hashes --no-header --no-annotate -c requirements/runtime.txt \
	  requirements/fuzz.in -o requirements/fuzz.txt

# What the image of each service holds: a part of runtime.txt, in the same versions.
SERVICES := $(notdir $(wildcard services/*))
.PHONY: service-locks
service-locks: $(UV) requirements/runtime.txt
	@for each in $(SERVICES); do \
	  $(UV) pip compile -q --universal -p 3.11 --generate-hashes --no-header --no-annotate -c requirements/runtime.txt \
	    --no-emit-package licet-shared --no-emit-package licet-$$each \
	    shared/pyproject.toml services/$$each/pyproject.toml -o requirements/service-$$each.txt; done

.PHONY: notice
notice: .venv-dev/ready build/demo/licet.cdx.json ## Make NOTICE.txt, Licet's own, anew from a scan of the runtime environment
	$(DEV)/python -m tools.own_notice --scan build/demo/licet.cdx.json --environment .venv

.PHONY: clean
clean: ## Remove environments and everything built
	rm -rf .venv .venv-uv .venv-dev .venv-scan .venv-fuzz .venv-pythons build .mypy_cache .ruff_cache .import_linter_cache

# Environments. uv itself comes from the pinned bootstrap file through pip; everything after that goes through uv, by hash.
$(UV): requirements/bootstrap.txt
	@rm -rf .venv-uv && $(PYTHON) -m venv .venv-uv
	@.venv-uv/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

MEMBER_FILES := $(addsuffix /pyproject.toml,$(MEMBERS))
DEV_MEMBER_FILES := $(addsuffix /pyproject.toml,$(DEV_MEMBERS))

.venv/ready: $(UV) requirements/runtime.txt $(MEMBER_FILES)
	@echo "installing the runtime environment (.venv)"
	@$(UV) venv -q --clear -p $(PYTHON) .venv
	@VIRTUAL_ENV=.venv $(UV) pip install -q --require-hashes -r requirements/runtime.txt
	@VIRTUAL_ENV=.venv $(UV) pip install -q --no-deps --build-constraints requirements/build.txt $(EDITABLE)
	@touch $@

.venv-scan/ready: $(UV) requirements/scan.txt
	@echo "installing the scanner (.venv-scan)"
	@$(UV) venv -q --clear -p $(PYTHON) .venv-scan
	@VIRTUAL_ENV=.venv-scan $(UV) pip install -q --require-hashes -r requirements/scan.txt
	@touch $@

.venv-fuzz/ready: $(UV) requirements/runtime.txt requirements/fuzz.txt $(MEMBER_FILES)
	@echo "installing the fuzzer (.venv-fuzz)"
	@$(UV) venv -q --clear -p $(PYTHON) .venv-fuzz
	@VIRTUAL_ENV=.venv-fuzz $(UV) pip install -q --require-hashes -r requirements/runtime.txt -r requirements/fuzz.txt
	@VIRTUAL_ENV=.venv-fuzz $(UV) pip install -q --no-deps --build-constraints requirements/build.txt $(EDITABLE)
	@touch $@

.venv-dev/ready: $(UV) requirements/dev.txt $(DEV_MEMBER_FILES)
	@echo "installing the development environment (.venv-dev)"
	@$(UV) venv -q --clear -p $(PYTHON) .venv-dev
	@VIRTUAL_ENV=.venv-dev $(UV) pip install -q --require-hashes -r requirements/dev.txt
	@VIRTUAL_ENV=.venv-dev $(UV) pip install -q --no-deps --build-constraints requirements/build.txt $(DEV_EDITABLE)
	@touch $@
