"""Killed at any moment, a run that encrypts leaves nothing readable and nothing half written: every workbook that is there opens
with its password and holds what an undisturbed run writes.  The next run finishes the rest (salts are new each time, so it is what
the workbooks hold that is compared), and keeps the bytes of what was finished.  A full disk, and a full place for plain parts, too.

    kill_sealed.py PROGRAM [--kills N] [--students N] [--seed S]"""
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from agile import opened
from csv_file import read
from expectations import end, expect
from interrupted import files, is_ours_to_clear, limited


def option(name, default):
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


PROGRAM = sys.argv[1]
KILLS, STUDENTS, SEED = option("--kills", 10), option("--students", 400), option("--seed", 1)
MEMORY = pathlib.Path("/dev/shm")
if not MEMORY.is_dir():
    print("skipped: no /dev/shm")
    sys.exit(77)
known = {}  # a workbook's bytes -> what it holds: opening one takes a tenth of a second


def passwords_in(path):
    return {row["school"]: row["password"] for row in read(path)}


def password_of(name, passwords):
    stem = pathlib.PurePath(name).stem
    return passwords.get(name) or passwords.get(stem if not stem.startswith("_") else "")


def inside(name, data, passwords):
    if not name.endswith(".xlsx"):
        return data
    if data not in known:
        try:
            known[data] = opened(data, password_of(name, passwords) or "")
        except (ValueError, KeyError, IndexError) as reason:
            return f"{name} does not open: {reason}"
    return known[data]


def readable(directory):
    """Files that begin as a workbook in plain does."""
    return [str(p) for p in directory.rglob("*") if p.is_file() and p.read_bytes()[:2] == b"PK"]


with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory(dir=MEMORY) as plain:
    scratch, plain = pathlib.Path(scratch), pathlib.Path(plain)
    apart = {**os.environ, "GCOV_PREFIX": str(scratch / "counts")}
    subprocess.run([PROGRAM, "simulate", "--plan", "district_demo", "--students", str(STUDENTS), "--schools", "5",
                    "--seed", "4", "--out", scratch / "in"], check=True, capture_output=True)
    inputs = ["--plan", scratch / "in/plan.yaml", "--roster", scratch / "in/roster.csv", *sorted((scratch / "in").glob("responses_*.csv"))]

    def command(out, *more):
        return [str(a) for a in (PROGRAM, "score", "-q", "--out", out, *more, *inputs)]

    def finish(out, *more, **how):
        return subprocess.run(command(out, *more), capture_output=True, text=True, **how)

    book = scratch / "passwords.csv"
    done = finish(scratch / "first", "--new-passwords", book)
    expect("new passwords", done.returncode in (0, 1) and book.exists(), done.stderr[-300:])
    given = ("--passwords", book, "--tmpdir", plain)
    began = time.monotonic()
    whole = finish(scratch / "whole", *given)
    length = time.monotonic() - began
    passwords = passwords_in(book)

    def contents(directory):
        """What there is but run.json, whose digests are of the bytes as they stand."""
        return {name: inside(name, data, passwords) for name, data in files(directory).items() if name != "run.json"}

    truth, first = contents(scratch / "whole"), contents(scratch / "first")
    sealed = [name for name in truth if name.endswith(".xlsx")]
    unlocked = [name for name in sealed if not isinstance(truth[name], bytes)]
    expect("an undisturbed run", whole.returncode in (0, 1) and len(sealed) >= 7 and not unlocked, [truth[n] for n in unlocked[:2]])
    expect("another run's workbooks hold the same", first == truth, [n for n in truth if first.get(n) != truth[n]][:3])
    expect("and are other bytes", all(files(scratch / "whole")[n] != files(scratch / "first")[n] for n in sealed))
    expect("no plain part is left", not list(plain.iterdir()), list(plain.iterdir())[:3])
    one = sealed[0]
    changed = bytearray(files(scratch / "whole")[one])
    changed[len(changed) // 2] ^= 1
    for what, data, password in (("a wrong password", files(scratch / "whole")[one], "wrong"), ("a changed byte", bytes(changed), None)):
        try:
            opened(data, password or password_of(one, passwords))
            refused = False
        except ValueError:
            refused = True
        expect(f"this test refuses {what}", refused)

    def look(what, out):
        """What a run that ended early has left."""
        found = contents(out)
        broken = [name for name, held in found.items() if not is_ours_to_clear(name) and truth.get(name) != held]
        expect(f"{what}: whole files only", not broken, broken[:3])
        expect(f"{what}: nothing readable beside them", not readable(out), readable(out)[:3])
        return {name: data for name, data in files(out).items() if name in sealed}

    def complete(what, out, before, done):
        expect(f"{what}: the next run finishes", done.returncode == whole.returncode, (done.returncode, done.stderr[-300:]))
        found, now = contents(out), files(out)
        expect(f"{what}: the workbooks hold the same", found == truth, [n for n in set(truth) | set(found) if found.get(n) != truth.get(n)][:3])
        expect(f"{what}: no plain part is left", not list(plain.iterdir()), list(plain.iterdir())[:3])
        return sum(now.get(name) == data for name, data in before.items())

    # ---- killed
    generator = random.Random(SEED)
    midway = kept = 0
    for number in range(KILLS):
        out = scratch / "killed"
        shutil.rmtree(out, ignore_errors=True)
        before = {}
        for _ in range(generator.choice((1, 1, 2))):
            process = subprocess.Popen(command(out, "--threads", generator.choice((1, 2)), *given), stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, env=apart)
            if number % 2 == 0:
                time.sleep(length * generator.choice((generator.random(), generator.uniform(0.3, 1.05))))
            else:  # by what is there: on a busy machine a time may miss the workbooks, which get their names one soon after another
                while process.poll() is None and not any((out / name).exists() for name in sealed):
                    time.sleep(0.0005)
            process.send_signal(signal.SIGKILL)
            process.wait()
            before = look(f"kill {number}", out)
            midway += 0 < len(before) < len(sealed)
        kept += complete(f"kill {number}", out, before, finish(out, *given))
    expect("some kills came while workbooks were written", midway > 0 or KILLS < 5, f"{midway} of {KILLS}")
    expect("what was finished was kept", kept > 0 or midway == 0, kept)

    # ---- killed while passwords were new: no workbook without a password that is known
    for number in range(max(2, KILLS // 4)):
        out, fresh = scratch / "new", scratch / "new.csv"
        shutil.rmtree(out, ignore_errors=True)
        fresh.unlink(missing_ok=True)
        process = subprocess.Popen(command(out, "--new-passwords", fresh, "--tmpdir", plain), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env=apart)
        time.sleep(length * generator.uniform(0.2, 1))
        process.kill()
        process.wait()
        there = [name for name in files(out) if name in sealed]
        expect(f"new passwords {number}: written before what they open", fresh.exists() or not there, there)
        if not fresh.exists():
            continue
        passwords = passwords_in(fresh)
        before = look(f"new passwords {number}", out)
        complete(f"new passwords {number}", out, before, finish(out, "--passwords", fresh, "--tmpdir", plain))
    passwords = passwords_in(book)

    # ---- no room
    refused = 0
    out = scratch / "full"
    sizes = sorted(len(data) for name, data in files(scratch / "whole").items() if name in sealed)
    for most in (sizes[0] - 1, sizes[len(sizes) // 2], sizes[-1] - 1):
        shutil.rmtree(out, ignore_errors=True)
        done = finish(out, *given, preexec_fn=limited(most), env=apart)
        before = look(f"at most {most} bytes a file", out)
        expect(f"at most {most} bytes a file: said so", done.returncode == 4 and "run.json" not in files(out), (done.returncode, done.stderr[-300:]))
        refused += done.returncode == 4
        complete(f"at most {most} bytes a file, then with room", out, before, finish(out, *given))
    expect("files too large were met", refused == 3, refused)

    small = scratch / "small"
    small.mkdir()
    half = sum(len(data) for data in files(scratch / "whole").values()) // 2
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={half}", "none", small], capture_output=True).returncode == 0:
        try:
            # the results' disk is full, then that of the plain parts
            done = finish(small / "out", *given)
            before = look("a full disk", small / "out")
            expect("a full disk: said so", done.returncode == 4 and "run.json" not in files(small / "out"), (done.returncode, done.stderr[-300:]))
            subprocess.run(["mount", "-o", "remount,size=100m", small], check=True)
            complete("a full disk, then with room", small / "out", before, finish(small / "out", *given))
            shutil.rmtree(small / "out")
            subprocess.run(["mount", "-o", "remount,size=40k", small], check=True)
            (small / "parts").mkdir()
            shutil.rmtree(out, ignore_errors=True)
            done = finish(out, "--passwords", book, "--tmpdir", small / "parts")
            before = look("no room for plain parts", out)
            expect("no room for plain parts: said so", done.returncode == 4, (done.returncode, done.stderr[-300:]))
            expect("no room for plain parts: none is left", not list((small / "parts").iterdir()), list((small / "parts").iterdir())[:3])
            complete("no room for plain parts, then with room", out, before, finish(out, *given))
        finally:
            subprocess.run(["umount", small], check=True)
    else:
        print("skipped: a full disk (no tmpfs may be mounted here)")

end(f"{midway} kills came while workbooks were written, {kept} finished workbooks were kept")
