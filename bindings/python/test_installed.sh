#!/bin/sh
# Build the package a second time, against the library of build/dev installed into a prefix of
# its own, and run the tests that score and screen with it: what links an installed libpsyscreen must do what
# the wheel does that carries its own.
# usage: bindings/python/test_installed.sh      after test.sh, whose environment it borrows
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv=${PSY_PYTHON_VENV:-$root/build/python-venv}
place=$root/build/python-installed
log=$root/build/python-installed.log

say() {
    printf 'psyscreen: %s\n' "$*"
}

fail() {
    cat "$log"
    say "the Python package $*"
    exit 1
}

# Where test.sh was skipped there is nothing to build with, and it has said so.
[ -x "$venv/bin/python" ] && [ -f "$venv/psyscreen-tests" ] || exit 0
say "building the Python package against an installed library"
rm -rf "$place"
cmake --install "$root/build/dev" --prefix "$place/prefix" >"$log" 2>&1 || fail "has no library to link"
CMAKE_PREFIX_PATH=$place/prefix "$venv/bin/pip" install -q --disable-pip-version-check --no-deps \
    --target "$place/site" --config-settings=cmake.define.PSYSCREEN_INSTALLED=ON \
    --config-settings=build-dir="$root/build/python-package-installed" "$here" >>"$log" 2>&1 ||
    fail "could not be built against an installed library"
# Found before what test.sh installed; a test wants the package to lie there.
cd "$here"
PYTHONPATH=$place/site PSY_INSTALLED_PREFIX=$place/prefix exec "$venv/bin/python" -m pytest -q \
    -p no:cacheprovider tests/test_package_installed.py tests/test_package_inputs.py \
    tests/test_package_tables.py
