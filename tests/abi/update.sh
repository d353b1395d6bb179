#!/bin/sh
# Rewrite psyscreen.symbols from a built library; look at the difference before you commit:
# a name that disappears breaks every program that uses it.
# usage: tests/abi/update.sh [build directory, default build/dev]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../../build/dev}
python3 "$here/check_symbols.py" --update "$build/lib/libpsyscreen.so"
git -C "$here" --no-pager diff --stat -- psyscreen.symbols 2>/dev/null || true
