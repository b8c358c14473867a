# The front door: every target checks the Debian packages it needs, then hands over to CMake.
# A newcomer needs no other command than these; `make help` lists them.

BUILD  ?= build
JOBS   ?= $(shell nproc 2>/dev/null || echo 1)
PREFIX ?= /usr/local

# PASO_CC, else a CC from the environment or the command line; make's own default (cc) is left to CMake.
PASO_CC ?= $(if $(filter default undefined,$(origin CC)),,$(CC))
export PASO_CC

# The inner make must not inherit this one's flags and variables: -j and CC are already passed on.
CMAKE := env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL cmake

# $(call build,FOLDER,OPTIONS): a folder keeps its compiler, so another one starts it afresh.
define build
@fresh=; if [ -n "$$PASO_CC" ] && [ "$$PASO_CC" != "$$(cat $(1)/.compiler 2>/dev/null)" ]; then fresh=--fresh; fi; \
	$(CMAKE) -S . -B $(1) $$fresh --log-level=NOTICE $(2) >/dev/null && \
	{ [ -z "$$PASO_CC" ] || echo "$$PASO_CC" >$(1)/.compiler; } && \
	$(CMAKE) --build $(1) -j $(JOBS)
endef

.PHONY: all demo test test-long test-threads fuzz coverage bench lint install clean help

all: ## build the command, build/paso (release)
	@tools/deps.sh build
	$(call build,$(BUILD),-D PASO_TESTS=OFF)

demo: all ## build and run the demo: a shipped corridor, from its files to a report
	@$(BUILD)/paso demo

test: ## build with address and undefined-behaviour sanitizers and run the tests
	@tools/deps.sh test
	$(call build,$(BUILD)/asan,-D PASO_SANITIZE=ON)
	@tests/run.sh $(BUILD)/asan -j $(JOBS) -LE long

test-long: ## run all tests, the long ones too, on a release build
	@tools/deps.sh test
	$(call build,$(BUILD)/long)
	@PASO_LONG=1 tests/run.sh $(BUILD)/long -j $(JOBS)

test-threads: ## build with clang's thread sanitizer and run the tests that use threads
	@tools/deps.sh threads
	$(call build,$(BUILD)/tsan,-D PASO_SANITIZE=thread -D CMAKE_C_COMPILER=clang)
	@tests/run.sh $(BUILD)/tsan -R '^(test_(ensemble|pairing|summary|state|filter|flee|live|api|serve\.py|serve_edit\.py|serve_runs\.py)|cli/(fork|serve).sh)$$'

fuzz: ## run the fuzzers with clang's libFuzzer: SECONDS=60 each (INPUTS=0: no limit)
	@tools/deps.sh fuzz
	$(call build,$(BUILD)/fuzz,-D PASO_FUZZ=ON -D CMAKE_C_COMPILER=clang)
	@tests/fuzz/run.sh $(BUILD)/fuzz $(or $(SECONDS),60) $(or $(INPUTS),0)

coverage: ## line coverage of src/ by the short tests (what links from outside is left out)
	@tools/deps.sh coverage
	$(call build,$(BUILD)/coverage,-D PASO_COVERAGE=ON)
	@find $(BUILD)/coverage -name '*.gcda' -delete
	@tests/run.sh $(BUILD)/coverage -j $(JOBS) -LE long -E install.sh >$(BUILD)/coverage/tests.log 2>&1; tail -n 1 $(BUILD)/coverage/tests.log
	@gcovr --root . --filter src/ --sort-percentage $(BUILD)/coverage

bench: all ## build and run the benchmarks
	@PASO=$(BUILD)/paso BENCH=$(BUILD)/bench bench/run.sh

lint: ## check the format, clang's warnings and clang-tidy
	@tools/deps.sh lint
	$(call build,$(BUILD)/lint,-D CMAKE_C_COMPILER=clang)
	@failed=0; \
	find src include tests bench examples -name '*.[ch]' 2>/dev/null | sort | \
		xargs -r -n 1 clang-format --dry-run -Werror --ferror-limit=1 || failed=1; \
	find src -name '*.c' | sort | xargs -r -n 1 -P $(JOBS) clang-tidy --quiet -p $(BUILD)/lint 2>$(BUILD)/lint/tidy.log || failed=1; \
	grep -v 'warnings\? generated' $(BUILD)/lint/tidy.log; \
	exit $$failed

install: ## install under PREFIX (default /usr/local; DESTDIR is respected)
	@tools/deps.sh build
	$(call build,$(BUILD)/install,-D PASO_TESTS=OFF -D CMAKE_INSTALL_PREFIX=$(PREFIX) -D PASO_CORRIDOR_DIR=$(PREFIX)/share/paso/corridors)
	@$(CMAKE) --install $(BUILD)/install

clean: ## remove everything that was built
	rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | awk -F '\t' '{ printf "  make %-10s %s\n", $$1, $$2 }'
	@echo "Variables: BUILD (folder), JOBS, PREFIX, CC or PASO_CC (gcc 12 and clang 14 are tested)."
	@echo "Missing Debian packages are installed as root or through sudo; otherwise the command to type is printed."
