#!/bin/sh
# Say what a finished run left behind: students by status and by tier, findings, files.
# usage: .ci/demo_summary.sh RESULTS_DIRECTORY
set -eu
results=$1

# Columns are looked up by name, quoting is that of RFC 4180 within one line.
count_column() {
    python3 - "$results/$1" "$2" <<'PYTHON'
import collections
import csv
import sys

with open(sys.argv[1], encoding="utf-8", newline="") as file:
    counts = collections.Counter(row[sys.argv[2]] or "(empty)" for row in csv.DictReader(file))
for value, n in sorted(counts.items()):
    print(f"  {value:<16}{n:>9,}")
PYTHON
}

echo "students by status:"
count_column scores.csv status
echo "students by tier (0 = none, empty = not judged):"
count_column scores.csv tier
echo "findings by severity:"
count_column findings.csv severity
echo "workbooks: $(find "$results" -name '*.xlsx' | wc -l), in $results and $results/schools"
