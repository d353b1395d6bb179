# The front door.  The build itself is CMake's; see CMakePresets.json for all its flavours.
#
#   make               the release build, in build/release
#   make test          install what is missing, build with warnings as errors, run all tests
#   make test-python   only those of the Python package, in an environment of their own
#   make demo          a district of 60,000 students, simulated and scored, in build/demo
#   make bench         the benchmarks: psyscreen beside Python, R and Rust, end to end, and its parts
#                      beside their floors, in one table (docs/performance.md); PAIRS=n
#                      STUDENTS=n,n SCHOOLS=n PYTHON=python PEERS_TIME=seconds of a peer at one size
#                      NARROW=students of the district with 45 columns, 0: none; QUIET=a file to lock
#                      while a run that does not take long goes before all other processes
#   make bench-peers   that without the parts
#   make bench-scale   60,000, 1 and 10 million students within one memory budget; SIZES=n,n,...
#                      MEMORY=128M, or as far as the disk allows
#   make mutants       damage every definition in every way; does `check` see it?
#   make coverage      which lines and branches the tests reach, a table by floor; fails below
#                      95 % of the branches of expr, score, norm or tier, and where one that no
#                      test takes is not explained in tests/coverage/explained.txt
#   make fuzz          each fuzz target for FUZZ_SECONDS (default 60); needs clang-14
#   make format        lay all C code out by .clang-format
#   make install PREFIX=DIR
#   make clean
#
# JOBS=n sets how many compilers and tests run at once.

JOBS         ?= $(shell nproc 2>/dev/null || echo 2)
PREFIX       ?= /usr/local
FUZZ_SECONDS ?= 60
PAIRS        ?= 7
STUDENTS     ?= 12000,60000
SCHOOLS      ?= 58
PEERS_TIME   ?= 300
NARROW       ?= 60000
QUIET        ?=
PYTHON       ?= python3
SIZES        ?= 60000,1000000,10000000
MEMORY       ?= 128M

psyscreen = build/release/bin/psyscreen
demo      = build/demo
say       = @printf 'psyscreen: %s\n'

.PHONY: all setup test test-python demo bench bench-peers bench-scale mutants coverage fuzz format install clean

all:
	$(say) "building build/release"
	@cmake --preset release -DPSY_BUILD_TESTS=OFF >/dev/null
	@cmake --build --preset release -j $(JOBS)

setup:
	@.ci/setup.sh

test: setup
	$(say) "building build/dev, warnings are errors"
	@cmake --preset dev >/dev/null
	@cmake --build --preset dev -j $(JOBS)
	$(say) "running the tests"
	@ctest --preset dev -j $(JOBS)
	@bindings/python/test.sh
	@bindings/python/test_installed.sh

test-python: setup
	@cmake --preset dev >/dev/null
	@cmake --build --preset dev -j $(JOBS) --target psyscreen_cli
	@bindings/python/test.sh
	@bindings/python/test_installed.sh

demo: setup all
	@rm -rf $(demo)
	@mkdir -p $(demo)
	$(say) "simulating 58 schools with 60,000 students into $(demo)/input"
	$(psyscreen) simulate --plan district_demo --students 60000 --schools 58 --seed 1 \
	    --out $(demo)/input
	$(say) "screening them into $(demo)/results"
	@$(psyscreen) score --plan $(demo)/input/plan.yaml --roster $(demo)/input/roster.csv \
	    --out $(demo)/results $(demo)/input/responses_* || [ $$? -eq 1 ]
	$(say) "(exit 1 says: sheets of nobody on the roster were left out, and findings.csv names them)"
	$(say) "holding the results against what was planted"
	@python3 tests/golden/truth.py $(demo)/input $(demo)/results

run_bench = python3 tests/bench/run_bench.py $(psyscreen) build/bench --pairs $(PAIRS) \
	    --students $(STUDENTS) --schools $(SCHOOLS) --python $(PYTHON) --peer-time $(PEERS_TIME) \
	    --narrow $(NARROW) $(if $(QUIET),--quiet $(QUIET))

# (run_bench.py runs the parts that have a row in its table; the others run here.)
bench: setup
	@cmake --preset release -DPSY_BUILD_TESTS=ON >/dev/null
	@cmake --build --preset release -j $(JOBS) --target psyscreen_cli bench_programs
	@cmake --build --preset release -j 1 --target run_bench_expr run_bench_decide \
	    run_bench_validity run_bench_validity_peers
	@if [ -x build/python-venv/bin/python ]; then build/python-venv/bin/python \
	    bindings/python/bench_score.py; \
	else echo "python: skipped, make test-python makes its environment"; fi
	@$(run_bench) --benches build/release/tests

bench-peers: setup all
	@mkdir -p build/bench
	@$(run_bench)

bench-scale: setup all
	@mkdir -p build/bench
	@python3 tests/bench/run_scale.py $(psyscreen) build/bench --students $(SIZES) \
	    --memory $(MEMORY)

mutants: all
	$(say) "damaging the definitions of instruments/"
	@python3 tests/mutants/mutate.py $(psyscreen) instruments --jobs $(JOBS) --cap 150

coverage: setup
	@cmake --preset coverage >/dev/null
	@cmake --build --preset coverage -j $(JOBS)
	@find build/coverage -name '*.gcda' -delete
	@ctest --preset coverage -j $(JOBS)
	@mkdir -p build/coverage/report
	@gcovr --root . --filter lib/ --exclude-directories '.*_portable\.dir' \
	    --object-directory build/coverage build/coverage \
	    --html-details build/coverage/report/index.html >/dev/null
	$(say) "line by line: build/coverage/report/index.html"
	@python3 tests/coverage/coverage.py build/coverage

fuzz:
	@cmake --preset fuzz >/dev/null
	@cmake --build --preset fuzz -j $(JOBS)
	@.ci/fuzz.sh build/fuzz $(FUZZ_SECONDS)

format:
	@find include lib bindings/cli tests -name '*.[ch]' -print0 | xargs -0 clang-format-14 -i

install:
	@cmake --preset release -DPSY_BUILD_TESTS=OFF \
	    -DCMAKE_INSTALL_PREFIX=$(abspath $(PREFIX)) >/dev/null
	@cmake --build --preset release -j $(JOBS)
	@cmake --install build/release >/dev/null
	$(say) "installed into $(abspath $(PREFIX))"

clean:
	rm -rf build
