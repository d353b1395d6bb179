"""Real answers of real people, where they are at hand (skipped, exit 77, elsewhere): the open
DASS-21 file with one workbook per country, and the PHQ-9 file that holds every answer twice.

    open_data.py PROGRAM SOURCE"""
import csv
import filecmp
import lzma
import pathlib
import subprocess
import sys
import tempfile

from csv_file import read
from expectations import end, expect

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
DATA = SOURCE.parent / "shared" / "data"
if not (DATA / "dass42").is_dir():
    print("skipped: the open data sets are not beside the project")
    sys.exit(77)


def run(plan, out, file, code):
    done = subprocess.run([PROGRAM, "score", "--plan", str(plan), "--out", str(out), str(file)], capture_output=True,
                          text=True)
    expect(f"{plan.name}: exit {code}", done.returncode == code, done.stderr[-400:])
    return done.stderr


def rows(path, encoding="utf-8"):
    with open(path, encoding=encoding, newline="") as file:
        return list(csv.reader(file))


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    for name in ("dass42/dass21cleaned.csv", "phq9_text/PHQ9_data.csv"):
        (scratch / pathlib.Path(name).name).write_bytes(lzma.open(DATA / (name + ".xz")).read())

    # DASS-21: printed 1-4, sums doubled; bands of the DASS-42 metric, upper ends.
    keys = {"depression": [3, 5, 10, 13, 16, 17, 21], "anxiety": [2, 4, 7, 9, 15, 19, 20],
            "stress": [1, 6, 8, 11, 12, 14, 18]}
    ends = {"depression": (9, 13, 20, 27), "anxiety": (7, 9, 14, 19), "stress": (14, 18, 25, 33)}
    names = ("normal", "mild", "moderate", "severe", "extremely_severe")
    run(SOURCE / "instruments/plans/dass21_open.yaml", scratch / "dass", scratch / "dass21cleaned.csv", 0)
    people = {r[0]: r for r in rows(scratch / "dass21cleaned.csv", "latin-1")[1:]}
    scores = read(scratch / "dass/scores.csv")
    expect("22,662 people", len(scores) == len(people) == 22662)
    wrong = 0
    for r in scores:
        for scale, items in keys.items():
            total = 2 * sum(int(people[r["student"]][i]) - 1 for i in items)
            band = names[sum(total > end for end in ends[scale])]
            wrong += r[f"dass21.{scale}"] != str(total) or r[f"dass21.{scale}.band"] != band
    expect("every sum and band", wrong == 0, wrong)
    countries = {r["school"] for r in scores}
    books = [p for p in (scratch / "dass/schools").glob("*.xlsx") if p.name != "_unmatched.xlsx"]
    expect("a workbook per country", len(books) == len(countries), f"{len(books)} {len(countries)}")
    plan = (SOURCE / "instruments/plans/dass21_open.yaml").read_text(encoding="utf-8")
    bare = scratch / "bare.yaml"
    bare.write_text("".join(line for line in plan.splitlines(True) if "encoding:" not in line and "header: {2" not in line))
    said = run(bare, scratch / "none", scratch / "dass21cleaned.csv", 3)
    expect("the broken header cell is named, with a remedy", ":1:5:" in said and "windows-1252" in said, said)
    bare.write_text("".join(line for line in plan.splitlines(True) if "header: {2" not in line))
    said = run(bare, scratch / "none", scratch / "dass21cleaned.csv", 3)
    expect("then the header that must be declared", "header: {2: Q1A}" in said, said)

    # PHQ-9: numbers and option texts of the same answers.
    for kind in ("numbers", "texts"):
        run(SOURCE / f"tests/golden/phq9_{kind}.yaml", scratch / kind, scratch / "PHQ9_data.csv", 0)
    expect("numbers and texts: the same scores", filecmp.cmp(scratch / "numbers/scores.csv", scratch / "texts/scores.csv",
                                                           shallow=False))
    sums = {r["ObservationID"]: r["SumScore"] for r in read(scratch / "PHQ9_data.csv")}
    scores = read(scratch / "texts/scores.csv")
    expect("every sum is the file's own", all(r["phq9.total"] == sums[r["student"]] for r in scores) and len(scores) == 2177)
    listed = [r for r in scores if "phq9.critical_9" in r["rules"].split(";")]
    expect("679 people are listed for item 9", len(listed) == 679, len(listed))
    expect("215 of them urgent", sum("phq9.urgent_9" in r["rules"] for r in listed) == 215)

end()
