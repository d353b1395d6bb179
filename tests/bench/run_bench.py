#!/usr/bin/env python3
"""psyscreen beside what people use, and its parts beside their floors: one table.

    run_bench.py PSYSCREEN WORK [--students N,N] [--pairs N] [--peer-time S,S] [--schools N] [--python P] [--rust P]
                 [--benches DIR] [--narrow N]

For each size a district is made in WORK (make_district.py).  Every program that is there scores it and writes
its workbooks, in turns.  The peers write scores, students with a tier, a summary and a chart; psyscreen runs with
all its sheets and with those alone ("like the peers": plan_peers.yaml, which still has the legend, the lists of
whom to retest and who was not tested, and a district's workbook whose small counts are hidden and audited).
First their results are compared with ours, cell by cell: a peer that differs ends the run.

A row of the table holds something beside its peer, and says how many times the peer's time it took: the median
of the ratios within one turn, of the wall and of the processor; beside it the medians of both, and the peaks of
memory.  --narrow is a size for which R and Python are also measured on a district without norms: 45 columns a student and
not 85, as where the goals were set.  A peer that is slow takes part in fewer turns (the row says in how many): --peer-time is how many seconds of the
processor it may take at one size, and one that does not end within them is stopped: its row is a lower bound.  With
--benches the programs that measure the parts (bench_*.c) run first; their ratios are rows, too.  What is not
installed is named and left out.
"""
import argparse
import contextlib
import csv
import fcntl
import os
import pathlib
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
parser = argparse.ArgumentParser()
parser.add_argument("psyscreen")
parser.add_argument("work", type=pathlib.Path)
parser.add_argument("--students", default="12000,60000")
parser.add_argument("--schools", type=int, default=58)
parser.add_argument("--pairs", type=int, default=7)
parser.add_argument("--peer-time", default="300", help="one for all sizes, or one for each")
parser.add_argument("--python", default=sys.executable)
parser.add_argument("--rust", help="the built peers/rust; without it cargo builds it, where it is")
parser.add_argument("--benches", type=pathlib.Path, help="where the built bench_* are")
parser.add_argument("--narrow", type=int, default=0, help="students of the district with 45 columns each; 0: none")
parser.add_argument("--quiet", help="on a machine that others use: every run that does not take long holds this lock, and goes "
                    "before all other processes")
given = parser.parse_args()
table = []   # (what, beside, students, pairs, ratios, its medians, the peer's medians, goal)
absent = []


# ---- running ----

LONG = 25  # seconds

@contextlib.contextmanager
def quiet(command, short):
    if not given.quiet or not short:
        # What takes long goes before what builds and tests, but not before who holds the lock.
        yield ["chrt", "-f", "10", *command] if given.quiet else command
        return
    with open(given.quiet, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield ["chrt", "-f", "50", *command]


def run(command, out, limit=None, short=True):
    """Wall, processor seconds and peak MiB of a program and its children; None where it was stopped."""
    shutil.rmtree(out, ignore_errors=True)
    with quiet(command, short) as words:
        return measure(words, limit)


def measure(command, limit):
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=limit and (
        lambda: resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit) + 1))))
    text = process.stderr.read().decode(errors="replace")
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if limit and process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return None
    if process.returncode not in (0, 1):
        sys.exit(f"{command[0]} ended with {process.returncode}:\n{text[-2000:]}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def workbooks(out):
    return sum(path.stat().st_size for path in out.rglob("*.xlsx"))


def has(command, text):
    return shutil.which(command[0]) and subprocess.run([*command, text], capture_output=True).returncode == 0


def peers():
    found = {}
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
    return found


# ---- equality ----

def cells(path, student):
    with open(path, newline="", encoding="utf-8") as file:
        return {row[student]: row for row in csv.DictReader(file)}


def compare(name, out, narrow):
    """Every raw score, T and tier; scores that a double holds a hair below a tie may differ."""
    mine, other = cells(given.work / "ours/scores.csv", "student"), cells(out / "scores.csv", "id")
    if set(mine) != set(other):
        sys.exit(f"{name}: other students")
    n = ties = tiers = 0
    for student, row in mine.items():
        theirs = other[student]
        complete = row["tier"] != ""
        for scale in range(1, 41):
            pairs = ((f"bench.s{scale:02}", f"s{scale:02}"), (f"bench.s{scale:02}.t@bench_t", f"s{scale:02}.t"))
            for a, b in pairs[:1 if narrow else 2]:
                x, y = row[a], theirs[b]
                n += 1
                complete = complete and x != ""
                if (x == "") != (y in ("", "NA", "NaN")):
                    sys.exit(f"{name}: {b}: {x!r} beside {y!r}")
                if x and abs(float(x) - float(y)) > 1e-6:
                    if abs(float(x) - float(y)) > 0.1 + 1e-6 or not b.endswith(".t"):
                        sys.exit(f"{name}: {b}: {x} beside {y}")
                    ties += 1
        # Where a score is missing psyscreen also decides by what the blanks could still make it.
        tiers += complete and int(row["tier"]) != int(float(theirs["tier"]))
    if ties > n / 10000 or tiers > ties:
        sys.exit(f"{name}: {ties} T scores and {tiers} tiers differ")
    print(f"  {name}: {n:,} scores{'' if narrow else ' and T'}, {ties} on ties, {tiers} tiers differ", flush=True)


def compare_apart(name, out, narrow):
    """In a process of its own: what this one ever held would count as the peak of those it starts."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        compare(name, out, narrow)
        sys.stdout.flush()
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit(f"{name}: the results are not the same")


# ---- end to end ----

ALL, ALL_FAST, LIKE, LIKE_FAST = ("psyscreen, all sheets", "psyscreen --fast, all sheets", "psyscreen, like the peers",
                                  "psyscreen --fast, like the peers")
GOALS = {("Python", ALL): 20, ("Python", ALL_FAST): 35, ("Python", LIKE): 20, ("Python", LIKE_FAST): 35,
         ("R: psych::scoreItems", ALL): 38, ("R: psych::scoreItems", ALL_FAST): 65,
         ("R: psych::scoreItems", LIKE): 38, ("R: psych::scoreItems", LIKE_FAST): 65,
         ("Rust", ALL): 1, ("Rust", ALL_FAST): 1, ("Rust", LIKE): 1, ("Rust", LIKE_FAST): 1}


def goal(name, base):
    return next((f">= {value}" for (head, to), value in GOALS.items() if name.startswith(head) and to == base), "")


def end_to_end(students, found, peer_time, narrow=False):
    columns = ", 45 columns" if narrow else ""
    district = given.work / f"district_{students}_{given.schools}{'_narrow' if narrow else ''}"
    mine, theirs = given.work / "ours", given.work / "peer"
    key = district / "key.csv"
    # (One that an earlier version of the script made is made anew.)
    if not (district / "responses.csv").exists() or not (district / "plan_peers.yaml").exists() or \
            "cut" not in key.read_text(encoding="utf-8").split("\n")[0]:
        subprocess.run([sys.executable, str(HERE / "make_district.py"), str(students), str(given.schools), "1",
                        str(district), *(["raw"] if narrow else [])], check=True)

    def ours(*more, plan="plan.yaml"):
        return [given.psyscreen, "score", "-q", "-i", str(district / "instruments"), "--plan",
                str(district / plan), "--out", str(mine), *more, str(district / "responses.csv")]

    passwords = given.work / "passwords.csv"
    runs = {ALL: ours(), ALL_FAST: ours("--fast"), LIKE: ours(plan="plan_peers.yaml"),
            LIKE_FAST: ours("--fast", plan="plan_peers.yaml"),
            "one thread": ours("-t", "1"), "--writer reference": ours("--writer", "reference"),
            "--memory 48M: a spill file": ours("--memory", "48M"),
            "every workbook sealed": ours("--new-passwords", str(passwords))}
    if narrow:
        runs = {name: runs[name] for name in (ALL, ALL_FAST, LIKE, LIKE_FAST)}
        found = {name: command for name, command in found.items() if not name.startswith("Rust")}
    own = list(runs)
    for name, command in found.items():
        runs[name] = [*command, str(district), str(theirs), *(["fast"] if "scoreFast" in name else [])]

    print(f"{students:,} students, 231 items, 40 scales{columns}, {given.schools} + 1 workbooks; results first:", flush=True)
    scores = []
    for name in (ALL_FAST, LIKE, *own[6:7], ALL):
        run(runs[name], mine)
        # (No more is kept than a digest: what this program ever held counts as the peak of those it starts.)
        scores.append(subprocess.run(["sha256sum", str(mine / "scores.csv")], capture_output=True, text=True, check=True).stdout)
    if any(text != scores[0] for text in scores):
        sys.exit("psyscreen: other scores with other sheets")
    pairs = {name: given.pairs for name in own}
    sizes, long = {}, {}
    took = {name: [] for name in runs}
    for name in found:
        first = run(runs[name], theirs, peer_time, short=False)
        if first is None:
            print(f"  {name}: stopped after {peer_time:.0f} s of the processor, not compared", flush=True)
            pairs[name] = 0
            continue
        compare_apart(name, theirs, narrow)
        # Where there is time for one turn alone, this was it.
        often = int(peer_time / first[1])
        pairs[name] = min(given.pairs, often - 1) if often > 2 else 1
        long[name] = first[1] > LONG
        if often <= 2:
            took[name].append(first)
            sizes[name] = workbooks(theirs)
    for turn in range(given.pairs):
        print(f"  turn {turn + 1} of {given.pairs}", file=sys.stderr, flush=True)
        for name, command in runs.items():
            if len(took[name]) >= pairs[name]:
                continue
            passwords.unlink(missing_ok=True)
            out = mine if name in own else theirs
            took[name].append(run(command, out, short=not long.get(name, False)))
            sizes[name] = workbooks(out)

    def add(name, to, aim=""):
        n = min(pairs[name], pairs[to])
        if n == 0:
            # One thread that never waits: its wall time is no less than this.
            least = [peer_time / statistics.median(turn[what] for turn in took[to]) for what in (0, 1)]
            table.append((name + columns, to, students, 0, [f"> {value:.1f}" for value in least], (peer_time, peer_time, 0), None, aim, 0))
            return
        a, b = took[name][:n], took[to][:n]
        ratios = [f"{statistics.median(x[what] / y[what] for x, y in zip(a, b)):.2f}" for what in (0, 1)]
        middle = [tuple(statistics.median(turn[what] for turn in turns) for what in range(3)) for turns in (a, b)]
        table.append((name + columns, to, students, n, ratios, *middle, aim, sizes[name]))

    for name in found:
        for to in (ALL, ALL_FAST, LIKE, LIKE_FAST):
            add(name, to, goal(name, to))
    add(ALL_FAST, ALL)
    add(LIKE_FAST, LIKE)
    for name in own[4:5]:
        add(name, ALL, ">= 1.7")
    for name in own[5:]:
        add(name, ALL)


# ---- the parts, by their own programs ----

PARTS = [
    ("bench_score", [], r"kernel (\d), 40 scales +([\d.]+) ns/sheet, ([\d.]+) of the floor \(goal ([\d.]+)\)",
     lambda m: (f"kernel {('SSE2', 'AVX2', 'AVX-512')[int(m[1])]}, 222 MB", "reading the bytes", m[3], f"<= {m[4]}")),
    ("bench_intake", ["district"], r"libcsv / to answers less the digest, CPU +([\d.]+)",
     lambda m: ("libcsv", "CSV to answers, digest not counted", m[1], ">= 8")),
    ("bench_intake", ["district"], r"libcsv / to answers with the digest, CPU +([\d.]+)",
     lambda m: ("libcsv", "CSV to answers, with the digest", m[1], "")),
    ("bench_intake", ["district"], r"to answers less the digest / read\(2\), CPU +([\d.]+)",
     lambda m: ("CSV to answers, digest not counted", "read(2)", m[1], "")),
    ("bench_intake", ["district"], r"CSV to all scores, ns a student, CPU +([\d.]+)",
     lambda m: ("CSV to scores and T", "ns a student and thread", m[1], "<= 400")),
    ("bench_intake", ["percentiles"], r"CSV to all scores, ns a student, CPU +([\d.]+)",
     lambda m: ("CSV to scores, T and percentiles", "ns a student and thread", m[1], "<= 400")),
    ("bench_intake", ["district"], r"1 -> 2 threads, to all scores, wall +([\d.]+)",
     lambda m: ("CSV to scores, one thread", "two threads, wall", m[1], ">= 1.7")),
    ("bench_encrypt", [], r"naive SHA-512, digest by digest +[\d.]+ +([\d.]+)",
     lambda m: ("SHA-512, digest fetched each round", "bare loop on one context", m[1], "")),
    ("bench_encrypt", [], r"a workbook of 200 kB sealed +[\d.]+ +([\d.]+)",
     lambda m: ("a workbook of 200 kB sealed", "bare loop on one context", m[1], "")),
]


def parts():
    said, rows = {}, []
    for program, more, pattern, make in PARTS:
        key = (program, *more)
        if key not in said:
            arguments = []
            if more:
                where = given.work / more[0]
                if not (where / "responses.csv").exists():
                    subprocess.run([sys.executable, str(HERE / "make_district.py"), "60000", "58", "1", str(where),
                                    *more[1:], *(more if more[0] == "percentiles" else [])], check=True)
                arguments = [str(where)]
            with quiet([str(given.benches / program), *arguments], True) as words:
                done = subprocess.run(words, capture_output=True, text=True)
            print(done.stdout, end="", flush=True)
            if done.returncode != 0:
                sys.exit(f"{program} ended with {done.returncode}: {done.stderr}")
            said[key] = done.stdout
        matches = list(re.finditer(pattern, said[key]))
        if not matches and "libcsv: skipped" not in said[key]:
            sys.exit(f"{program} says nothing like {pattern}")
        rows += [make(match) for match in matches]
    return rows


# ---- the table ----

def show(i):
    """The rows that are new; after each size, for a whole run takes long."""
    if i == 0:
        print("""
x: how many times the time of what stands beside it, wall and (processor), medians of the ratios within a turn; s: medians
of wall (processor) seconds; MiB: medians of the peaks of memory; MB of workbooks; pairs: turns, 0: stopped, a lower bound
""")
        print(f"| {'':35} | {'beside':34} | students | pairs | {'x':>14} | {'goal':>7} | {'s':>14} | {'s beside':>14} | MiB | beside | MB |")
        print("|---|---|---|---|---|---|---|---|---|---|---|")
    for what, beside, students, pairs, ratios, mine, other, aim, size in table:
        other = other or (0, 0, 0)
        print(f"| {what:35} | {beside:34} | {students:8,} | {pairs:5} | {ratios[0] + ' (' + ratios[1] + ')':>14} | {aim:>7} | "
              f"{f'{mine[0]:.2f} ({mine[1]:.2f})':>14} | {f'{other[0]:.2f} ({other[1]:.2f})':>14} | {mine[2]:.0f} | {other[2]:.0f} | "
              f"{size / 1e6:.1f} |")
    table.clear()
    sys.stdout.flush()


given.work.mkdir(parents=True, exist_ok=True)
rows = parts() if given.benches else []
found = peers()
times = [float(text) for text in given.peer_time.split(",")]
for i, size in enumerate(given.students.split(",")):
    end_to_end(int(size), found, times[min(i, len(times) - 1)])
    show(i)

if given.narrow:
    end_to_end(given.narrow, found, times[-1], narrow=True)
    show(1)
for what, beside, ratio, aim in rows:
    print(f"| {what:35} | {beside:34} | {'':8} | {'':5} | {ratio:>14} | {aim:>7} | | | | | |")
for name in absent:
    print(f"{name}: not installed, not measured")
