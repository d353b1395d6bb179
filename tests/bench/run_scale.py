#!/usr/bin/env python3
"""The same plan for more and more students within one memory budget.

    run_scale.py PSYSCREEN WORK [--students N,N,...] [--per-school N] [--memory SIZE] [--threads N]
                 [--no-workbooks] [--keep]

Simulates a district of each size in WORK, screens it with the budget, and prints processor time a
student, peak memory and what was written, each beside the smallest size.  A size for which the disk
has no room (three KiB a student, measured generously) is named and left out; inputs and results are
removed again unless --keep.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("psyscreen")
parser.add_argument("work", type=pathlib.Path)
parser.add_argument("--students", default="60000,1000000,10000000")
parser.add_argument("--per-school", type=int, default=1034)
parser.add_argument("--memory", default="128M")
parser.add_argument("--threads", default="2")
parser.add_argument("--no-workbooks", action="store_true")
parser.add_argument("--keep", action="store_true")
given = parser.parse_args()
BYTES_A_STUDENT = (1500 if given.no_workbooks else 2300) + 2500


def run(command):
    """Wall and processor seconds, peak MiB."""
    began = time.perf_counter()
    process = subprocess.Popen([str(a) for a in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    text = process.stderr.read().decode(errors="replace")
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{text[-2000:]}")
    return time.perf_counter() - began, used.ru_utime, used.ru_stime, used.ru_maxrss / 1024


def size(directory):
    return sum(p.stat().st_size for p in directory.rglob("*") if p.is_file())


given.work.mkdir(parents=True, exist_ok=True)
print(f"budget {given.memory}, {given.threads} threads, {given.per_school} students a school"
      f"{', no workbooks' if given.no_workbooks else ''}")
print(f"{'students':>12} {'schools':>8} {'ns CPU/student':>15} {'(user':>9} {'system)':>9} {'wall s':>8} {'peak MiB':>9}"
      f" {'in MB':>8} {'out MB':>8}  beside the smallest")
first = None
for n in map(int, given.students.split(",")):
    free = shutil.disk_usage(given.work).free
    if free < n * BYTES_A_STUDENT:
        print(f"{n:>12,} left out: the disk has {free / 1e9:.1f} GB, {n * BYTES_A_STUDENT / 1e9:.1f} may be needed")
        continue
    schools = max(1, round(n / given.per_school))
    inputs, out = given.work / f"scale_{n}", given.work / f"scale_{n}_out"
    shutil.rmtree(out, ignore_errors=True)
    if not (inputs / "truth.csv").exists():
        shutil.rmtree(inputs, ignore_errors=True)
        run([given.psyscreen, "simulate", "--plan", "district_demo", "--students", n, "--schools", schools, "--seed", 1,
             "--out", inputs])
    wall, user, system, peak = run([given.psyscreen, "score", "-q", "--memory", given.memory, "-t", given.threads,
                                    *(["--no-workbooks"] if given.no_workbooks else []), "--plan", inputs / "plan.yaml",
                                    "--roster", inputs / "roster.csv", "--out", out, *sorted(inputs.glob("responses_*"))])
    each = (user + system) * 1e9 / n
    first = first or (each, peak)
    print(f"{n:>12,} {schools:>8,} {each:>15,.0f} {user * 1e9 / n:>9,.0f} {system * 1e9 / n:>9,.0f} {wall:>8.1f} {peak:>9.1f}"
          f" {size(inputs) / 1e6:>8,.0f} {size(out) / 1e6:>8,.0f}  {each / first[0]:.2f} x time, {peak / first[1]:.2f} x memory",
          flush=True)
    if not given.keep:
        shutil.rmtree(inputs, ignore_errors=True)
        shutil.rmtree(out, ignore_errors=True)
