#!/bin/sh
# Build the package in isolation, install it into a virtual environment of its own and run its
# tests, doctests, type check and notebook.  Where Python's venv, its headers or PyPI are
# missing nothing is run, and it says so; with CI=true that is a failure.
# usage: bindings/python/test.sh [pytest arguments]      the environment: build/python-venv
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv=${PSY_PYTHON_VENV:-$root/build/python-venv}
log=$root/build/python-venv.log
python=${PYTHON:-python3}

say() {
    printf 'psyscreen: %s\n' "$*"
}

skip() {
    say "the Python tests are skipped: $*"
    [ "${CI:-}" != true ] || exit 1
    exit 0
}

mkdir -p "$root/build"
command -v "$python" >/dev/null 2>&1 || skip "there is no $python"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))' || skip "$python is older than 3.9"
"$python" -c 'import venv, ensurepip' 2>/dev/null || skip "python3-venv is not installed"
"$python" -c 'import os, sysconfig
raise SystemExit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))' ||
    skip "the headers of Python are not installed (python3-dev)"

requirements=$here/tests/requirements.txt
more=
if command -v java >/dev/null 2>&1; then
    more="-r $here/tests/requirements-spark.txt"
fi
wanted=$("$python" -V; cat "$requirements" "$here/tests/requirements-spark.txt"; echo "$more")
if [ "$(cat "$venv/psyscreen-tests" 2>/dev/null)" != "$wanted" ]; then
    say "installing what the Python tests use into $venv"
    rm -rf "$venv"
    "$python" -m venv "$venv" >"$log" 2>&1 || skip "no virtual environment could be made, see $log"
    # shellcheck disable=SC2086
    if ! "$venv/bin/pip" install -q --disable-pip-version-check -r "$requirements" $more \
        >>"$log" 2>&1; then
        tail -n 3 "$log"
        skip "PyPI is not reachable, see $log"
    fi
    printf '%s\n' "$wanted" >"$venv/psyscreen-tests"
fi
say "building the Python package"
if ! "$venv/bin/pip" install -q --disable-pip-version-check --force-reinstall --no-deps \
    --config-settings=build-dir="$root/build/python-package" "$here" >"$log" 2>&1 ||
    ! "$venv/bin/pip" install -q --disable-pip-version-check 'cffi>=1.15' >>"$log" 2>&1; then
    cat "$log"
    say "the Python package could not be built"
    exit 1
fi
say "running the Python tests"
cd "$here" || exit 1
# Nothing is imported from here but the tests: what was installed is tested.
exec "$venv/bin/python" -m pytest -p no:cacheprovider --doctest-modules --pyargs psyscreen \
    tests "$@"
