#!/bin/sh
# Run every fuzz target for a while, from its corpus; new inputs stay in the build directory.
# usage: .ci/fuzz.sh BUILD_DIRECTORY SECONDS
set -eu
build=$1
seconds=$2
ran=0
for target in "$build"/tests/fuzz_*; do
    [ -x "$target" ] || continue
    name=$(basename "$target" | sed 's/^fuzz_//')
    mkdir -p "$build/corpus/$name"
    given=
    [ -d "tests/fuzz/corpus/$name" ] && given=tests/fuzz/corpus/$name
    printf 'psyscreen: fuzzing %s for %s s\n' "$name" "$seconds" >&2
    # shellcheck disable=SC2086
    "$target" -max_total_time="$seconds" -timeout=1 -rss_limit_mb=1024 \
        -artifact_prefix="$build/crash-$name-" -print_final_stats=1 "$build/corpus/$name" $given \
        2>"$build/fuzz-$name.log" || { tail -n 40 "$build/fuzz-$name.log" >&2; exit 1; }
    grep -E 'stat::number_of_executed_units|cov:' "$build/fuzz-$name.log" | tail -n 2
    ran=$((ran + 1))
done
if [ "$ran" -eq 0 ]; then
    echo "psyscreen: no fuzz targets in $build" >&2
    exit 1
fi
printf 'psyscreen: %d fuzz targets ran without a crash\n' "$ran" >&2
