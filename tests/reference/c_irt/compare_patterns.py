#!/usr/bin/env python3
"""T scores of answer patterns, missing answers included, and of sums, through the program:
against the numbers of R in this folder, to half a unit of the sixth decimal.

    compare_patterns.py PROGRAM"""
import csv
import io
import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
ITEMS = ["N1", "N2", "N3", "N4", "N5"]


def main():
    patterns = list(csv.DictReader(open(here / "expected_patterns_grm.csv", encoding="ascii")))
    sums = {int(row["sum_score"]): float(row["T"])
            for row in csv.DictReader(open(here / "expected_eapsum_grm.csv", encoding="ascii"))}
    text = ",".join(f"grm5_{i}" for i in range(1, 6)) + "\n"
    text += "".join(",".join(row[item] for item in ITEMS) + "\n" for row in patterns)
    done = subprocess.run([sys.argv[1], "score", "--instrument", "grm5", "--instruments", str(here / "definitions"),
                           "-q"], input=text, capture_output=True, text=True, check=True)
    got = list(csv.DictReader(io.StringIO(done.stdout)))
    wrong = missing = 0
    if len(got) != len(patterns):
        sys.exit(f"{len(got)} rows for {len(patterns)} patterns")
    for number, (row, out) in enumerate(zip(patterns, got)):
        answers = [row[item] for item in ITEMS]
        blanks = answers.count("")
        missing += blanks > 0
        pattern, by_sum = out["grm5.total.t@grm_pattern"], out["grm5.total.t@grm_sum"]
        good = (pattern == "") == (blanks == 5) and (by_sum == "") == (blanks > 0)
        if blanks < 5:
            good = good and abs(float(pattern) - float(row["EAP_T"])) <= 5.1e-7
        if blanks == 0:
            good = good and abs(float(by_sum) - sums[sum(map(int, answers))]) <= 5.1e-7
        if not good:
            wrong += 1
            print(f"pattern {number + 1} {answers}: {pattern!r} and {by_sum!r}, R has {row['EAP_T']}")
    print(f"{len(patterns)} patterns, {missing} with missing answers, {wrong} wrong")
    return 1 if wrong or missing < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
