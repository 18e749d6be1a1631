# Countersign. `make` alone says what there is.

CARGO ?= cargo
TOOLS := $(CURDIR)/.tools
FONTS := $(TOOLS)/npm/node_modules/dejavu-fonts-ttf/ttf

# cargo-deny is no part of a Rust installation, so a pinned one is built here once (1 to 3 minutes).
CARGO_DENY_VERSION := 0.20.2
CARGO_DENY := $(TOOLS)/cargo/bin/cargo-deny
CARGO_DENY_STAMP := $(TOOLS)/cargo/deny-$(CARGO_DENY_VERSION).stamp

.DEFAULT_GOAL := help
.PHONY: help demo test servers lint format clippy doc deny advisories bench screenshots install

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The debug profile on purpose: whoever built or tested has it already, it compiles in half the
# time of a release build, and its hot crates are optimised in Cargo.toml.
demo: ## Open the console on an invented company, with no account and no network
	@$(CARGO) run --locked --quiet -- demo

test: servers ## Set up the test servers and run every test against them
	$(CARGO) test --locked --lib --bins --tests --no-run
	tests/servers/run.py -- $(CARGO) test --locked --lib --bins --tests -- --include-ignored
	$(CARGO) test --locked --doc

servers: ## Install the pinned test servers into .tools/ (part of `make test`)
	@tests/servers/setup.sh

lint: format clippy doc deny advisories ## Check format, lints, documentation links and dependencies

format:
	$(CARGO) fmt --check

clippy:
	$(CARGO) clippy --locked --all-targets --all-features -- -D warnings

doc:
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --document-private-items

# Duplicates are listed in deny.toml's terms but not printed: `cargo deny check bans` shows them.
deny: $(CARGO_DENY_STAMP)
	$(CARGO_DENY) --locked check --allow duplicate licenses bans sources

# Known vulnerabilities. The database is a git repository on the network; where it cannot be had
# this says so and goes on, unless REQUIRE_ADVISORIES=1.
advisories: $(CARGO_DENY_STAMP)
	@if $(CARGO_DENY) --locked fetch db; then \
	    $(CARGO_DENY) --locked check --disable-fetch advisories; \
	else \
	    echo; \
	    echo "=====================================================================" ; \
	    echo " NOT CHECKED: the advisory database could not be fetched (see above)." ; \
	    echo " Nothing is known about vulnerabilities in the dependencies." ; \
	    echo " Run \`make advisories\` where https://github.com can be reached." ; \
	    echo "=====================================================================" ; \
	    test "$(REQUIRE_ADVISORIES)" != 1; \
	fi

$(CARGO_DENY_STAMP):
	CARGO_TARGET_DIR=$(TOOLS)/cargo/target \
	CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off \
	CARGO_PROFILE_RELEASE_DEBUG=false CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
	    $(CARGO) install cargo-deny --locked --force --version $(CARGO_DENY_VERSION) --root $(TOOLS)/cargo
	rm -rf $(TOOLS)/cargo/target
	touch $@

# The build comes first, so that nothing compiles while something is measured.
bench: servers ## Measure: small parts with criterion, then the figures of large worlds
	benches/peers/setup.sh
	$(CARGO) bench --locked --benches --no-run
	$(CARGO) bench --locked --bench micro
	tests/servers/run.py -- $(CARGO) bench --locked --bench figures

screenshots: servers ## Draw the console's states into screenshots/ as SVG and PNG
	COUNTERSIGN_FONTS=$(FONTS) $(CARGO) run --locked --quiet --features screenshots --example screenshots -- screenshots

# `make install PREFIX=/usr/local` puts it into /usr/local/bin instead of ~/.cargo/bin.
install: ## Build with link-time optimisation and install into ~/.cargo/bin
	$(CARGO) install --locked --path . --profile dist $(if $(PREFIX),--root $(PREFIX))
