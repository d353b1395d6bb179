"""Killed at any moment, a run leaves only whole files, and the next one finishes the rest with the
same bytes.  A disk that is full leaves nothing half written; what people have edited stays.

    kill.py PROGRAM [--kills N] [--students N] [--seed S]"""
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from csv_file import read
from expectations import end, expect
from interrupted import files, is_ours_to_clear, left_in_memory, limited


def option(name, default):
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


PROGRAM = sys.argv[1]
PARTS = ((), ("--memory", "2M"))  # in one part, or in several: the journal is the same
KILLS, STUDENTS, SEED = option("--kills", 20), option("--students", 900), option("--seed", 1)


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    # A coverage build writes its counts last: what is killed or has no room for them must not leave
    # half of them among those of all other programs.
    apart = {**os.environ, "GCOV_PREFIX": str(scratch / "counts")}
    subprocess.run([PROGRAM, "simulate", "--plan", "district_demo", "--students", str(STUDENTS), "--schools", "6",
                    "--seed", "4", "--out", scratch / "in"], check=True, capture_output=True)
    inputs = ["--plan", scratch / "in/plan.yaml", "--roster", scratch / "in/roster.csv", "--for",
              "homeroom,leader,centre,bureau", *sorted((scratch / "in").glob("responses_*.csv"))]

    def command(out, *more):
        return [str(a) for a in (PROGRAM, "score", "-q", "--out", out, *more, *inputs)]

    def finish(out, *more, **how):
        return subprocess.run(command(out, *more), capture_output=True, text=True, **how)

    began = time.monotonic()
    whole = finish(scratch / "whole")
    length = time.monotonic() - began
    truth = files(scratch / "whole")
    expect("an undisturbed run", whole.returncode in (0, 1) and "run.json" in truth and len(truth) > 20, whole.stderr[-300:])
    expect("it leaves no journal", not any(is_ours_to_clear(name) for name in truth))
    expect("every kind of file is among them", {"scores.csv", "findings.csv", "run.json", "district.xlsx", "schools/_sealed.xlsx",
                                                "schools/_unmatched.xlsx", "roles/centre/key_list.xlsx", "roles/bureau/summary.xlsx"}
           <= set(truth) and any(n.startswith("roles/homeroom/") for n in truth) and any(n.startswith("roles/leader/") for n in truth),
           sorted(truth)[:40])

    # ---- killed
    generator = random.Random(SEED)
    midway = 0
    for number in range(KILLS):
        out = scratch / "killed"
        shutil.rmtree(out, ignore_errors=True)
        for _ in range(generator.choice((1, 1, 1, 2, 4))):
            since = time.time()
            process = subprocess.Popen(command(out, "--threads", generator.choice((1, 2, 4)), *generator.choice(PARTS)),
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=apart)
            # Most of a run is writing; aim there more often than not.
            time.sleep(length * generator.choice((generator.random(), generator.uniform(0.3, 1.1))))
            process.send_signal(signal.SIGKILL)
            process.wait()
            expect(f"kill {number}: no draft is left in memory", not (left := left_in_memory(process, since)), left)
            found = files(out) if out.exists() else {}
            midway += 0 < len(found) < len(truth)
            broken = [name for name, bytes_ in found.items() if not is_ours_to_clear(name) and truth.get(name) != bytes_]
            expect(f"kill {number}: whole files only", not broken, broken[:3])
        done = finish(out, *generator.choice(PARTS))
        expect(f"kill {number}: the next run finishes", done.returncode == whole.returncode, done.stderr[-300:])
        expect(f"kill {number}: the same bytes", files(out) == truth,
               [n for n in set(truth) ^ set(files(out))][:3])
    expect("some kills came while files were written", midway > 0 or KILLS < 5, f"{midway} of {KILLS}")

    # ---- two at once: one of them says so, and what the other writes is whole
    for number in range(2):
        out = scratch / "two"
        shutil.rmtree(out, ignore_errors=True)
        first, second = (subprocess.Popen(command(out, *more), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
                         for more in ((), ("--threads", 1)))
        told = first.communicate()[1] + second.communicate()[1]
        codes = {first.returncode, second.returncode}
        expect(f"two at once {number}: one ends", whole.returncode in codes and codes <= {whole.returncode, 4}, (codes, told[-300:]))
        expect(f"two at once {number}: the other says why", 4 not in codes or "another run is at work" in told, told[-300:])
        expect(f"two at once {number}: the same bytes", files(out) == truth)

    # ---- one file: the critical list and a dossier are whole or not there, and a draft is not taken for one
    student = next(r["student"] for r in read(scratch / "whole/scores.csv") if r["tier"] not in ("", "0"))
    answers = [str(p) for p in sorted((scratch / "in").glob("responses_*.csv"))]
    plan = str(scratch / "in/plan.yaml")
    for name, line in (("critical", ["critical", "-q", "--out", "@", plan, *answers]),
                       ("dossier", ["dossier", "--plan", plan, "--student", student, "--out", "@", str(scratch / "whole")])):
        def single(to):
            return [PROGRAM, *(str(to) if part == "@" else part for part in line)]
        began = time.monotonic()
        done = subprocess.run(single(scratch / f"{name}.xlsx"), capture_output=True, text=True)
        takes = time.monotonic() - began
        expect(f"{name}: undisturbed", done.returncode in (0, 1), (done.returncode, done.stderr[-300:]))
        whole_book = (scratch / f"{name}.xlsx").read_bytes()
        for number in range(KILLS):
            folder = scratch / "single"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            since = time.time()
            process = subprocess.Popen(single(folder / "a.xlsx"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       env=apart)
            time.sleep(takes * generator.uniform(0, 1.05))
            process.send_signal(signal.SIGKILL)
            process.wait()
            expect(f"{name} {number}: no draft is left in memory", not (left := left_in_memory(process, since)), left)
            there = (folder / "a.xlsx").exists()
            expect(f"{name} {number}: whole or not there", not there or (folder / "a.xlsx").read_bytes() == whole_book)
            if not there:
                subprocess.run(single(folder / "a.xlsx"), capture_output=True)
            expect(f"{name} {number}: then whole", (folder / "a.xlsx").read_bytes() == whole_book)

    # ---- edited by people
    out = scratch / "edited"
    shutil.copytree(scratch / "whole", out)
    for name in ("schools/" + sorted(p.name for p in (out / "schools").glob("[!_]*.xlsx"))[0], "roles/centre/key_list.xlsx"):
        path = out / name
        path.write_bytes(path.read_bytes() + b"somebody wrote into it")
        edited = files(out)
        done = finish(out)
        expect(f"{name}: edited, the same run again", done.returncode == 4 and files(out) == edited, done.stderr[-300:])
        done = finish(out, "--force")
        expect(f"{name}: edited, with --force", done.returncode == 4 and files(out) == edited and name in done.stderr,
               done.stderr[-300:])
        path.write_bytes(truth[name])
    # Edited between a kill and the next run.
    shutil.rmtree(out)
    process = subprocess.Popen(command(out, "--threads", 1), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env=apart)
    book = None
    while process.poll() is None and book is None:
        book = next(iter(sorted((out / "schools").glob("[!_.]*.xlsx"))), None) if (out / "schools").exists() else None
    process.kill()
    process.wait()
    if book is not None and not (out / "run.json").exists():
        book.write_bytes(b"people were quick")
        done = finish(out)
        expect("edited between a kill and the next run", done.returncode == 4 and book.read_bytes() == b"people were quick",
               done.stderr[-300:])

    # ---- no room
    refused = 0
    for most in (0, 700, 3000, 9000, 20000, 45000, 90000, 10 ** 9):
        out = scratch / "full"
        shutil.rmtree(out, ignore_errors=True)
        done = finish(out, preexec_fn=limited(most), env=apart)
        found = files(out) if out.exists() else {}
        broken = [name for name, bytes_ in found.items() if not is_ours_to_clear(name) and truth.get(name) != bytes_]
        expect(f"at most {most} bytes a file: whole files only", not broken, broken[:3])
        refused += done.returncode == 4
        expect(f"at most {most} bytes a file: said so", done.returncode == 4 and "run.json" not in found or
               done.returncode == whole.returncode and found == truth, (done.returncode, done.stderr[-300:]))
        done = finish(out)
        expect(f"at most {most} bytes a file: then with room", files(out) == truth, done.stderr[-300:])
    expect("files too large were met", refused >= 5, refused)

    small = scratch / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "none", small], capture_output=True).returncode == 0
    if mounted:
        try:
            done = finish(small / "out")
            found = files(small / "out")
            broken = [name for name, bytes_ in found.items() if not is_ours_to_clear(name) and truth.get(name) != bytes_]
            expect("a full disk: whole files only", done.returncode == 4 and not broken and "run.json" not in found,
                   (done.returncode, done.stderr[-300:], broken[:3]))
            subprocess.run(["mount", "-o", "remount,size=100m", small], check=True)
            done = finish(small / "out")
            expect("a full disk: then with room", files(small / "out") == truth, done.stderr[-300:])
        finally:
            subprocess.run(["umount", small], check=True)
    else:
        print("skipped: a full disk (no tmpfs may be mounted here)")

end(f"{midway} kills came while files were written")
