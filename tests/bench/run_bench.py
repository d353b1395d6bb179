#!/usr/bin/env python3
"""psyscreen beside what people use, end to end, in one run.

    run_bench.py PSYSCREEN WORK [--pairs N] [--students N] [--schools N] [--python P] [--rust P]

Makes a district in WORK (make_district.py) and lets every program that is there score it and
write its workbooks, in turns, N times.  The peers write scores, students with a tier, a summary and a
chart; psyscreen runs with all its sheets and with those alone ("like the peers": plan_peers.yaml, which
still has the legend, the lists of whom to retest and who was not tested, and a district's workbook
whose small counts are hidden and audited).  First their results are compared with ours, cell by cell; then the table gives the medians of wall time, processor time and peak memory, and of the
ratios, each taken within one turn.  A peer that is not installed is named as such.
"""
import argparse
import csv
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
parser = argparse.ArgumentParser()
parser.add_argument("psyscreen")
parser.add_argument("work", type=pathlib.Path)
parser.add_argument("--pairs", type=int, default=7)
parser.add_argument("--students", type=int, default=60000)
parser.add_argument("--schools", type=int, default=58)
parser.add_argument("--python", default=sys.executable)
parser.add_argument("--rust", help="the built peers/rust; without it cargo builds it, where it is")
given = parser.parse_args()
DISTRICT = given.work / f"district_{given.students}_{given.schools}"


def run(command, out):
    """Wall, processor seconds and peak KiB of a program and its children."""
    shutil.rmtree(out, ignore_errors=True)
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    text = process.stderr.read().decode(errors="replace")
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{command[0]} ended with {process.returncode}:\n{text[-2000:]}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss


def ours(*more, plan="plan.yaml"):
    return [given.psyscreen, "score", "-q", "-i", str(DISTRICT / "instruments"), "--plan", str(DISTRICT / plan),
            "--out", str(given.work / "ours"), *more, str(DISTRICT / "responses.csv")]


def has(command, text):
    return shutil.which(command[0]) and subprocess.run([*command, text], capture_output=True).returncode == 0


def peers():
    found, absent = {}, []
    if has([given.python, "-c"], "import pandas, xlsxwriter"):
        found["Python: pandas + XlsxWriter"] = [given.python, str(HERE / "peers/peer_pandas.py")]
    else:
        absent.append("pandas + XlsxWriter")
    if has(["Rscript", "-e"], "library(psych); library(openxlsx)"):
        script = str(HERE / "peers/peer_psych.R")
        found["R: psych::scoreItems + openxlsx"] = ["Rscript", "--vanilla", script]
        found["R: psych::scoreFast + openxlsx"] = ["Rscript", "--vanilla", script]
    else:
        absent.append("R with psych and openxlsx")
    rust = given.rust
    if rust is None and shutil.which("cargo"):
        target = given.work / "rust"
        if subprocess.run(["cargo", "build", "--release", "-q", "--manifest-path", str(HERE / "peers/rust/Cargo.toml"),
                           "--target-dir", str(target)]).returncode == 0:
            rust = str(target / "release" / "peer_rust")
    if rust:
        found["Rust: csv + rayon + rust_xlsxwriter"] = [rust]
    else:
        absent.append("Rust")
    return found, absent


def table(path, student):
    with open(path, newline="", encoding="utf-8") as file:
        return {row[student]: row for row in csv.DictReader(file)}


def compare(name, out):
    """Every raw score, T and tier; scores that a double holds a hair below a tie may differ."""
    mine, other = table(given.work / "ours/scores.csv", "student"), table(out / "scores.csv", "id")
    if set(mine) != set(other):
        sys.exit(f"{name}: other students")
    cells = ties = tiers = 0
    for student, row in mine.items():
        theirs = other[student]
        complete = row["tier"] != ""
        for scale in range(1, 41):
            for a, b in ((f"bench.s{scale:02}", f"s{scale:02}"), (f"bench.s{scale:02}.t@bench_t", f"s{scale:02}.t")):
                x, y = row[a], theirs[b]
                cells += 1
                complete = complete and x != ""
                if (x == "") != (y in ("", "NA", "NaN")):
                    sys.exit(f"{name}: {b}: {x!r} beside {y!r}")
                if x and abs(float(x) - float(y)) > 1e-6:
                    if abs(float(x) - float(y)) > 0.1 + 1e-6 or not b.endswith(".t"):
                        sys.exit(f"{name}: {b}: {x} beside {y}")
                    ties += 1
        # Where a score is missing psyscreen also decides by what the blanks could still make it.
        tiers += complete and int(row["tier"]) != int(float(theirs["tier"]))
    if ties > cells / 10000 or tiers > ties:
        sys.exit(f"{name}: {ties} T scores and {tiers} tiers differ")
    print(f"  {name}: {cells:,} scores and T, {ties} on ties, {tiers} tiers differ")


given.work.mkdir(parents=True, exist_ok=True)
if not (DISTRICT / "responses.csv").exists() or not (DISTRICT / "plan_peers.yaml").exists():
    subprocess.run([sys.executable, str(HERE / "make_district.py"), str(given.students), str(given.schools), "1",
                    str(DISTRICT)], check=True)
found, absent = peers()
runs = {"psyscreen": ours(), "psyscreen --fast": ours("--fast"),
        "psyscreen, like the peers": ours(plan="plan_peers.yaml"),
        "psyscreen --fast, like the peers": ours("--fast", plan="plan_peers.yaml"),
        "psyscreen -t 1": ours("-t", "1"), "psyscreen --writer reference": ours("--writer", "reference")}
MEASURES = list(runs)[:4]
for name, command in found.items():
    runs[name] = [*command, str(DISTRICT), str(given.work / "peer"), *(["fast"] if "scoreFast" in name else [])]

print(f"{given.students:,} students, 231 items, 40 scales, {given.schools} + 1 workbooks; results first:")
scores = []
for name in ("psyscreen, like the peers", "psyscreen"):
    run(runs[name], given.work / "ours")
    scores.append((given.work / "ours/scores.csv").read_bytes())
if scores[0] != scores[1]:
    sys.exit("psyscreen: other scores with other sheets")
del scores
sizes = {}
for name in found:
    run(runs[name], given.work / "peer")
    # In a process of its own: what this one ever held would count as the peak of those it starts.
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        compare(name, given.work / "peer")
        sys.stdout.flush()
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit(f"{name}: the results are not the same")
took = {name: [] for name in runs}
for _ in range(given.pairs):
    for name, command in runs.items():
        out = given.work / ("ours" if name.startswith("psyscreen") else "peer")
        took[name].append(run(command, out))
        sizes[name] = sum(path.stat().st_size for path in out.rglob("*.xlsx"))


def middle(name, what):
    return statistics.median(turn[what] for turn in took[name])


def ratio(name, to, what):
    return statistics.median(a[what] / b[what] for a, b in zip(took[name], took[to]))


print(f"\nmedians of {given.pairs} turns; x: times the wall (processor) time of psyscreen with all its sheets, by default and")
print("with --fast, and with the sheets that the peers write, too, by default and with --fast\n")
print(f"{'':40}{'wall s':>8}{'CPU s':>8}{'MiB':>7}{'xlsx MB':>9}" +
      "".join(f"{head:>15}" for head in ("x all", "x all --fast", "x like", "x like --fast")))
for name in runs:
    print(f"{name:40}{middle(name, 0):8.2f}{middle(name, 1):8.2f}{middle(name, 2) / 1024:7.0f}{sizes[name] / 1e6:9.1f}" +
          "".join(f"{ratio(name, to, 0):8.1f} ({ratio(name, to, 1):4.1f})" for to in MEASURES))
for name in absent:
    print(f"{name}: not installed, not measured")
