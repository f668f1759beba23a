PYTHON ?= python3.11

.PHONY: bench-extract
# This project's reader beside its peers: make bench-extract PAGES=folder [BENCH="--worst 10"]
bench-extract: .venv-bench/installed
	@test -n "$(PAGES)" || { echo 'say which pages: make bench-extract PAGES=folder-with-gold.jsonl'; exit 2; }
	.venv-bench/bin/python -m tests.bench.extract "$(PAGES)" --seconds $(BENCH)

# The peers have a venv of their own: some pin what the project does not. Older versions of pip stop
# at newspaper4k's lxml[html-clean]; magic-html declares Python 3.12 and runs on 3.11.
.venv-bench/installed: pyproject.toml
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --upgrade 'pip>=24'
	.venv-bench/bin/pip install --quiet --editable '.[bench]'
	.venv-bench/bin/pip install --quiet --no-deps --ignore-requires-python 'magic-html==0.1.8'
	touch $@
