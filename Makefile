# The commands around the two of the README.
SHELL := /bin/bash
export CARGO_TARGET_DIR ?= $(CURDIR)/target
VENV := $(CARGO_TARGET_DIR)/compat-venv

.PHONY: test lint compat bench screenshots deny

test:
	cargo test --locked

lint:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --quiet

# The AWS CLI reads the served drill; watchfloor reads a moto server. Python packages go into a folder of their own.
# The program is built as for the tests: built alone, the SDK crates have other features and are all built again.
compat: $(VENV)/ready
	cargo test --locked --no-run --quiet
	$(VENV)/bin/python tests/compat/run.py --binary $(CARGO_TARGET_DIR)/debug/watchfloor

$(VENV)/ready: tests/compat/requirements.txt
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --requirement tests/compat/requirements.txt
	touch $@

# Prints every figure with its target. `make bench CHECK=--check` fails where one is missed.
bench:
	cargo bench --locked --no-fail-fast --bench wall --bench storm --bench screens -- $(CHECK)

screenshots:
	cargo run --locked --release -- screenshot --out screenshots

deny:
	cargo deny check
