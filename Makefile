# The system Python that makes the virtual environments: 3.11 where it is there, else any newer one.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export DO_NOT_TRACK = 1
# Prefect and Scrapy start twice as slowly when every process compiles them anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## print the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: run
run: .venv/installed ## set up, then run both sites once over the fixtures under Prefect's own server
	$(BIN)/district-news serve --once --replay fixtures --since 2016-01-01 lanshan jdxwwcn
	$(BIN)/district-news articles show http://www.lyls.gov.cn/info/1055/200120.htm
	$(BIN)/district-news articles show http://www.jdxwwcn.com/a/difangzhuankan/2018/0125/10286.html
	@echo
	@echo "All records:      $(BIN)/district-news articles list"
	@echo "One as JSON:      $(BIN)/district-news articles show ID --json"
	@echo "The database:     sqlite3 data/district-news.db 'select title from articles'"
	@echo "Prefect's own UI: $(BIN)/district-news serve --replay fixtures"

.PHONY: test
test: .venv/developing ## set up, then run every test
	$(BIN)/pytest -n 2 --dist worksteal

.PHONY: lint
lint: .venv/developing ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: .venv/developing ## mypy, strict
	$(BIN)/mypy

.PHONY: format
format: .venv/developing ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: clean
clean: ## remove the environments and the data
	rm -rf .venv .venv-bench .venv-dedupe data

.venv/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt --editable .
	touch $@

.venv/developing: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt --editable '.[dev]'
	touch $@

.PHONY: bench
bench: bench-archive bench-reparse bench-warc ## every benchmark that needs nobody else's pages

.PHONY: bench-archive
bench-archive: .venv/developing ## [BENCH="--pages 500"]: what archiving costs a crawl, what revisit records save
	$(BIN)/python -m tests.bench.archive $(BENCH)

.PHONY: bench-reparse
bench-reparse: .venv/developing ## [BENCH="--pages 2000"]: reading an archive again, its speed and its memory
	$(BIN)/python -m tests.bench.reparse $(BENCH)

.PHONY: bench-warc
bench-warc: .venv/developing ## [BENCH="--pages 4000"]: taking pages from a WARC file of another tool, and passing over others'
	$(BIN)/python -m tests.bench.warc $(BENCH)

.PHONY: bench-backfill
bench-backfill: .venv/developing ## ARTICLES=200000 [BENCH="--kills 10"]: a simulated site, its backfill killed on the way
	$(BIN)/python -m tests.bench.backfill --articles $(or $(ARTICLES),200000) $(BENCH)

.PHONY: bench-clusters
bench-clusters: .venv/developing ## [BENCH="--most 100000"]: near-duplicates through the store, and what a batch costs beside a million texts
	$(BIN)/python -m tests.bench.clusters $(BENCH)

.PHONY: bench-extract
bench-extract: .venv-bench/installed ## PAGES=folder [BENCH="--worst 10 --grown-to 118"]: the page reader beside its peers
	@test -n "$(PAGES)" || { echo 'say which pages: make bench-extract PAGES=folder-with-gold.jsonl'; exit 2; }
	.venv-bench/bin/python -m tests.bench.extract "$(PAGES)" --seconds $(BENCH)

# The peers have a venv of their own, unpinned: they want other versions. Older versions of pip stop
# at newspaper4k's lxml[html-clean]; magic-html declares Python 3.12 and runs on 3.11.
.venv-bench/installed: pyproject.toml
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --upgrade 'pip>=24'
	.venv-bench/bin/pip install --quiet --editable '.[bench]'
	.venv-bench/bin/pip install --quiet --no-deps --ignore-requires-python 'magic-html==0.1.8'
	touch $@

.PHONY: bench-dedupe
bench-dedupe: .venv-dedupe/installed ## [DOCUMENTS=20000] [SEED=1] [TEXTS=folder] [CORPUS=file]: who finds reposts and lets serials be
	.venv-dedupe/bin/python -m tests.bench.dedupe $(CORPUS) $(if $(DOCUMENTS),--documents $(DOCUMENTS)) \
		$(if $(SEED),--seed $(SEED)) $(if $(TEXTS),--texts "$(TEXTS)") $(BENCH)

# text-dedup 0.4.0 is the newest for Python 3.11 and asks for an older Rich, which it only logs with.
.venv-dedupe/installed: pyproject.toml
	test -x .venv-dedupe/bin/python || $(PYTHON) -m venv .venv-dedupe
	.venv-dedupe/bin/pip install --quiet --upgrade 'pip>=24'
	.venv-dedupe/bin/pip install --quiet -c constraints.txt --editable '.[bench-dedupe]'
	.venv-dedupe/bin/pip install --quiet --no-deps 'text-dedup==0.4.0'
	touch $@
