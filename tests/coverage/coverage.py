"""Print line and branch coverage of every floor, and hold it to the bar.

coverage.py BUILD_DIR [--no-bar] [--all]

Reads the counts that a build with PSY_COVERAGE left in BUILD_DIR, through gcovr.  Prints one row
a floor of lib/, then every branch that no test takes and that explained.txt beside this
file does not explain.  Fails when a floor of BARRED has fewer than BAR of its branches
covered, or an unexplained one.

What is compiled a second time for other machines (PORTABLE) is left out. Nothing else is: no option
of gcovr leaves branches out, and a marker of gcovr in the code is a failure here. So explained
branches count as not covered.
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys

BAR = 95.0
BARRED = ("expr", "score", "norm", "tier")
FLOORS = ("base", "math", "table", "expr", "definition", "answers", "intake", "norm", "validity",
          "score", "tier", "cohort", "stats", "report", "screening")
PORTABLE = r".*_portable\.dir"
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXPLAINED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "explained.txt")


def squeezed(text):
    return " ".join(text.split())


def read_explanations(path=EXPLAINED):
    """{(file, code): [how many, why, line number, used]}

    An entry is `FILE xN: CODE` with, indented below it, why no test takes these N branches.
    """
    entries, last = collections.OrderedDict(), None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.startswith("#") or not line.strip():
                continue
            if line[0] in " \t":
                if last is None:
                    sys.exit("explained.txt:%d: a reason of nothing" % number)
                entries[last][1] = (entries[last][1] + " " + line.strip()).strip()
                continue
            found = re.match(r"(\S+) x(\d+): (.+)$", line.rstrip("\n"))
            if found is None:
                sys.exit("explained.txt:%d: not `FILE xN: CODE`" % number)
            last = (found.group(1), squeezed(found.group(3)))
            if last in entries:
                sys.exit("explained.txt:%d: twice" % number)
            entries[last] = [int(found.group(2)), "", number, 0]
    for key, entry in entries.items():
        if len(entry[1]) < 10:
            sys.exit("explained.txt:%d: says no reason" % entry[2])
    return entries


def counts(build):
    """What gcovr knows, as its own JSON."""
    # It searches BUILD alone: other builds below the root have counts of their own.  The halves for
    # other machines (PSYI_PORTABLE) are compiled from the same files a second time, where one function
    # stands on other lines, which gcovr cannot put together: what is counted is this machine's.
    run = subprocess.run(["gcovr", "--root", ROOT, "--filter", "lib/", "--exclude-directories", PORTABLE,
                          "--object-directory", build, build, "--json"], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return json.loads(run.stdout.decode())["files"]


class Floor:
    def __init__(self):
        self.lines = self.lines_hit = self.branches = self.hit = 0
        self.explained = self.unexplained = 0


def check(files, entries):
    """Fill one Floor a floor; returns them and the unexplained [(file, line, n, code)]."""
    floors = {name: Floor() for name in FLOORS}
    unexplained, markers = [], []
    for file in sorted(files, key=lambda f: f["file"]):
        path = file["file"]
        floor = floors[path.split("/")[1]]
        with open(os.path.join(ROOT, path), encoding="utf-8") as source:
            code = source.read().split("\n")
        markers += ["%s:%d" % (path, n) for n, text in enumerate(code, 1)
                    if re.search(r"(GCOVR?|LCOV)_EXCL", text)]
        for line in file["lines"]:
            if line.get("gcovr/noncode"):
                continue
            floor.lines += 1
            floor.lines_hit += line["count"] > 0
            missed = sum(branch["count"] == 0 for branch in line["branches"])
            floor.branches += len(line["branches"])
            floor.hit += len(line["branches"]) - missed
            if missed == 0:
                continue
            text = squeezed(code[line["line_number"] - 1])
            entry = entries.get((path, text))
            room = 0 if entry is None else entry[0] - entry[3]
            told = min(missed, room)
            if entry is not None:
                entry[3] += told
            floor.explained += told
            floor.unexplained += missed - told
            if missed > told:
                unexplained.append((path, line["line_number"], missed - told, text))
    return floors, unexplained, markers


def percent(part, whole):
    return 100.0 * part / whole if whole else 100.0


def print_table(floors):
    print("%-12s %7s %8s  %8s %8s %8s %9s %11s" % ("floor", "lines", "covered", "branches",
                                                  "covered", "", "explained", "unexplained"))
    total = Floor()
    for name in FLOORS + ("all",):
        f = total if name == "all" else floors[name]
        print("%-12s %7d %7.2f%%  %8d %8d %7.2f%% %9d %11d%s"
              % (name, f.lines, percent(f.lines_hit, f.lines), f.branches, f.hit,
                 percent(f.hit, f.branches), f.explained, f.unexplained,
                 "  bar %.0f%%" % BAR if name in BARRED else ""))
        if name != "all":
            for key, value in vars(f).items():
                setattr(total, key, getattr(total, key) + value)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--no-bar", action="store_true", help="only print")
    parser.add_argument("--all", action="store_true", help="name the misses of all floors")
    options = parser.parse_args()
    entries = read_explanations()
    floors, unexplained, markers = check(counts(os.path.abspath(options.build)), entries)
    for path, line, n, text in unexplained:
        if options.all or path.split("/")[1] in BARRED:
            print("%s:%d: %d branches never taken: %s" % (path, line, n, text))
    print_table(floors)
    failed = []
    for name in BARRED:
        f = floors[name]
        if f.branches == 0 or percent(f.hit, f.branches) < BAR:
            failed.append("%s has %.2f%% of its branches covered" % (name,
                                                                    percent(f.hit, f.branches)))
        if f.unexplained:
            failed.append("%s has %d branches that nobody explains" % (name, f.unexplained))
    for marker in markers:
        failed.append("%s: a marker hides code from the count" % marker)
    for (path, text), entry in entries.items():
        if entry[3] < entry[0]:
            print("explained.txt:%d: %d of %d branches are covered now, or gone: %s: %s"
                  % (entry[2], entry[0] - entry[3], entry[0], path, text))
    for problem in failed:
        print("coverage: %s" % problem)
    sys.exit(1 if failed and not options.no_bar else 0)


if __name__ == "__main__":
    main()
