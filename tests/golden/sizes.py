"""Workbooks are no larger than the reference writer's, or hardly: by default at most 1.05 times, all together
and each of some size, for the demonstration district, a school of 5,000, and many small schools.  Packed lightly
(--fast) they are above that, which shows that the limit can be missed, and at most 1.25 times.

    sizes.py PROGRAM
"""
import pathlib
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
MOST, MOST_FAST = 1.05, 1.25
failed = False


def sizes(given, out, *more):
    done = subprocess.run([PROGRAM, "score", "-q", "--plan", given / "plan.yaml", "--roster", given / "roster.csv",
                           "--out", out, *more, *sorted(given.glob("responses_*"))], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"exit {done.returncode}\n{done.stderr}")
    return {path.name: path.stat().st_size for path in out.rglob("*.xlsx")}


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    for students, schools in ((2500, 6), (5000, 1), (1200, 20)):
        here = scratch / f"{students}"
        here.mkdir()
        subprocess.run([PROGRAM, "simulate", "--plan", "district_demo", "--students", str(students), "--schools",
                        str(schools), "--seed", "7", "--out", here / "in"], check=True, capture_output=True)
        ours = sizes(here / "in", here / "ours")
        reference = sizes(here / "in", here / "reference", "--writer", "reference")
        if set(ours) != set(reference) or len(ours) < schools + 1:
            sys.exit(f"other workbooks: {sorted(set(ours) ^ set(reference))}")
        ratio = sum(ours.values()) / sum(reference.values())
        # (A workbook of a page is its head; what a student costs shows in those with some.)
        worst = max(ours[name] / reference[name] for name in ours if reference[name] >= 100000 or schools > 6)
        print(f"{students} students in {schools} schools: {ratio:.3f} together, {worst:.3f} at most")
        fast = sum(sizes(here / "in", here / "fast", "--fast").values()) / sum(reference.values())
        print(f"  --fast: {fast:.3f} together")
        failed = failed or ratio > MOST or worst > MOST or not MOST < fast <= MOST_FAST
sys.exit(f"more than {MOST} times the reference writer's size, or light packing out of {MOST} to {MOST_FAST}" if failed else 0)
