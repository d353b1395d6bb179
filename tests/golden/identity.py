"""The same input gives the same bytes: for any number of threads, any order of rows, other locales, and
any memory budget; and what a budget puts into a file vanishes with the process, however that ends.

    identity.py PROGRAM LOCALES IN_LOCALE [--students N] [--schools K]

LOCALES is a directory with de_DE.UTF-8 and zh_CN.UTF-8 (LOCPATH); what is not there is named.  IN_LOCALE is the program within
a host that has taken its user's locale (locale_first.c): PROGRAM never asks for one, and would pass whatever it printed by."""
import filecmp
import os
import pathlib
import random
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import time

from expectations import end, expect


def option(name, default):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else default


PROGRAM, LOCALES, IN_LOCALE = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
STUDENTS, SCHOOLS = option("--students", "2500"), option("--schools", "6")
# What names lines of files, or files by their hash: another order of rows is another input.
OF_THE_ORDER = {"run.json", "findings.csv", "schools/_unmatched.xlsx", "district.xlsx"}


def names(directory):
    return {str(p.relative_to(directory)) for p in directory.rglob("*") if p.is_file()}


def differences(a, b, but=frozenset()):
    left, right = names(a), names(b)
    return sorted(left ^ right) + [n for n in sorted((left & right) - but)
                                   if not filecmp.cmp(a / n, b / n, shallow=False)]


def shuffled(source, target, seed):
    head, *body = source.read_text(encoding="utf-8").splitlines()
    random.Random(seed).shuffle(body)
    target.write_text("\n".join([head, *body]) + "\n", encoding="utf-8")
    return target


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    # A coverage build writes its counts last: those of what is killed or finds no room stay apart.
    apart = {**os.environ, "GCOV_PREFIX": str(scratch / "counts")}
    subprocess.run([PROGRAM, "simulate", "--plan", "district_demo", "--students", STUDENTS, "--schools", SCHOOLS,
                    "--seed", "31", "--out", scratch / "in"], check=True, capture_output=True)
    given = scratch / "in"
    answers = sorted(given.glob("responses_*"))

    def command(out, *more, roster=given / "roster.csv", files=answers):
        return [str(a) for a in (PROGRAM, "score", "-q", "--plan", given / "plan.yaml", "--roster", roster, "--what-if",
                                 "--for", "homeroom,leader,centre,bureau", "--out", out, *more, *files)]

    def run(out, *more, code=(0, 1), environment={}, program=PROGRAM, **inputs):
        done = subprocess.run([program, *command(scratch / out, *more, **inputs)[1:]], capture_output=True, text=True,
                              env=dict(os.environ, **environment))
        if done.returncode not in code:
            sys.exit(f"{out} {more}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    whole = scratch / "whole"
    run("whole", "--threads", 1)

    # ---- threads and budgets
    for budget in (None, "1M", "8M", "1T"):
        for threads in (1, 2, 3, 8):
            if budget is None and threads == 1:
                continue
            out = f"{budget}_{threads}"
            run(out, "--threads", threads, *(("--memory", budget) if budget else ()))
            different = differences(whole, scratch / out)
            expect(f"budget {budget}, {threads} threads: same bytes", not different, different[:4])

    # ---- locales and time zones
    for locale, zone in (("de_DE.UTF-8", "America/New_York"), ("zh_CN.UTF-8", "Asia/Shanghai")):
        if not (LOCALES / locale).exists():
            print(f"skipped: no locale {locale}")
            continue
        for budget in ((), ("--memory", "1M")):
            out = f"{locale}{len(budget)}"
            run(out, *budget, program=IN_LOCALE, environment={"LC_ALL": locale, "LOCPATH": str(LOCALES), "TZ": zone})
            different = differences(whole, scratch / out)
            expect(f"{locale} {budget}: same bytes", not different, different[:4])

    # ---- any order of rows
    (scratch / "mixed").mkdir()
    roster = shuffled(given / "roster.csv", scratch / "mixed/roster.csv", 1)
    files = [shuffled(p, scratch / "mixed" / p.name, i) if p.name in ("responses_1.csv", "responses_2.csv") else p
             for i, p in enumerate(answers)]
    run("mixed_whole", roster=roster, files=files)
    run("mixed_spilled", "--memory", "1M", "--threads", 3, roster=roster, files=files)
    different = differences(scratch / "mixed_whole", scratch / "mixed_spilled")
    expect("rows in another order, a budget: the bytes without one", not different, different[:4])
    different = differences(whole, scratch / "mixed_spilled", OF_THE_ORDER)
    expect("rows in another order: scores.csv, whatif.csv, every school's workbook and every role's", not different,
           different[:4])

    # ---- any order of files
    for budget in ((), ("--memory", "1M")):
        run(f"turned{len(budget)}", "--threads", 2, *budget, files=answers[::-1])
        different = differences(whole, scratch / f"turned{len(budget)}", OF_THE_ORDER)
        expect(f"files in another order {budget}: the same but for what names files", not different, different[:4])

    # ---- one number in two schools, and sheets that come again under another one
    (scratch / "twice").mkdir()
    chance = random.Random(5)
    head, *pupils = (given / "roster.csv").read_text(encoding="utf-8").splitlines()
    code, school = head.split(",").index("学籍号"), head.split(",").index("学校标识码")
    schools = sorted({line.split(",")[school] for line in pupils})

    def elsewhere(line, at):
        cells = line.split(",")
        cells[at] = chance.choice([s for s in schools if s != cells[at]])
        return ",".join(cells)

    both = chance.sample(pupils, 40)
    (scratch / "twice/roster.csv").write_text("\n".join([head, *pupils, *(elsewhere(p, school) for p in both)]) + "\n",
                                              encoding="utf-8")
    first, *sheets = answers[0].read_text(encoding="utf-8").splitlines()
    at = first.split(",").index("学校标识码")
    again = [elsewhere(line, at) for line in chance.sample(sheets, 200)]
    again += [",".join(line.split(",")[:-9] + ["1"] * 9) for line in chance.sample(sheets, 200)]
    (scratch / "twice/responses_1.csv").write_text("\n".join([first, *sheets, *again]) + "\n", encoding="utf-8")
    twice = dict(roster=scratch / "twice/roster.csv", files=[scratch / "twice/responses_1.csv", *answers[1:]])
    run("twice_whole", "--threads", 1, **twice)
    for budget, threads in (("1M", 1), ("1M", 3), ("2M", 8)):
        run(f"twice_{budget}_{threads}", "--memory", budget, "--threads", threads, **twice)
        different = differences(scratch / "twice_whole", scratch / f"twice_{budget}_{threads}")
        expect(f"numbers and sheets twice, budget {budget}, {threads} threads: same bytes", not different, different[:4])
    told = (scratch / "twice_whole/findings.csv").read_text(encoding="utf-8")
    for rule in ("code_in_two_schools", "school_differs", "duplicate"):
        expect(f"and there is something to get wrong: {rule}", f",{rule}" in told)

    # ---- of many findings of a kind the first are told: those of the first rows, whichever thread read them first
    (scratch / "bad").mkdir()
    rows = [line.split(",") for line in sheets]
    for i in range(len(rows) // 4):
        rows[i] = [f'"{cell}"' for cell in rows[i]]  # read cell by cell: what stands first is ready last
    for i in range(0, len(rows), 3):
        rows[i][-1] = "99"
    bad = scratch / "bad/responses_1.csv"
    bad.write_text("\n".join([first, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    # (As many times: which of two threads is ready first is chance.)
    for turn, threads in enumerate((1, 2, 3, 8, 3, 8)):
        run(f"bad_{turn}", "--threads", threads, "--no-workbooks", files=[bad, *answers[1:]])
        different = differences(scratch / "bad_0", scratch / f"bad_{turn}")
        expect(f"too many bad cells to tell them all, {threads} threads: same bytes", not different, different[:4])
    told = (scratch / "bad_0/findings.csv").read_text(encoding="utf-8").count("out_of_range")
    expect("and only some of them are told", 20 <= told < len(rows) // 3, told)

    # ---- with passwords the file is in memory, unless a place is named; what is encrypted differs by its salt
    done = run("sealed", "--new-passwords", scratch / "passwords.csv", "--memory", "1M", "--no-workbooks")
    # Every file without a name that such a run has open lies in memory.
    def is_tmpfs(device):
        mounts = [line.split() for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines()]
        return any(m[2] == f"{os.major(device)}:{os.minor(device)}" and m[m.index("-") + 1] == "tmpfs" for m in mounts)

    devices, process = set(), subprocess.Popen(
        command(scratch / "sealed_seen", "--new-passwords", scratch / "passwords_seen.csv", "--memory", "1M", "--no-workbooks"),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=apart)
    while process.poll() is None:
        try:
            for link in pathlib.Path(f"/proc/{process.pid}/fd").iterdir():
                file = os.stat(link)
                # The lock of the journal goes last, and holds nothing.
                if os.readlink(link).endswith(" (deleted)") and file.st_size > 0:
                    devices.add(file.st_dev)
        except OSError:
            pass
        time.sleep(0.001)
    expect("with passwords a file without a name was seen", bool(devices))
    expect("with passwords no such file lies on a disk", all(is_tmpfs(d) for d in devices), devices)
    expect("with passwords: same scores", filecmp.cmp(whole / "scores.csv", scratch / "sealed/scores.csv", shallow=False))

    # ---- no room: said, and nothing left
    done = run("nowhere", "--memory", "1M", "--tmpdir", scratch / "not there", code=(0, 1, 2, 3, 4))
    expect("a place that is not there is refused", done.returncode not in (0, 1) and "not there" in done.stderr, done)
    expect("and leaves nothing", not (scratch / "nowhere").exists())

    def small_disk():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, 2 << 20))

    done = subprocess.run(command(scratch / "full", "--memory", "1M"), capture_output=True, text=True,
                          preexec_fn=small_disk, env=apart)
    expect("a full disk is said", done.returncode not in (0, 1) and "memory budget" in done.stderr, done)
    expect("and leaves nothing", not (scratch / "full").exists())

    # ---- the file has no name while it is there, and is gone after a kill
    place = scratch / "place"
    place.mkdir()
    seen, modes = 0, set()

    def open_file(process):
        try:
            links = list(pathlib.Path(f"/proc/{process.pid}/fd").iterdir())
            files = [link for link in links if str(place) in os.readlink(link)]
            modes.update(stat.S_IMODE(os.stat(link).st_mode) for link in files)
            return bool(files)
        except OSError:
            return False

    for i in range(6):
        process = subprocess.Popen(command(scratch / "killed", "--memory", "1M", "--tmpdir", place, "--force"),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=apart)
        # Until the file is there, on a busy machine too, and a little longer each time.
        while process.poll() is None and not open_file(process):
            time.sleep(0.002)
        seen += process.poll() is None
        time.sleep(0.01 * i)
        expect("no name in the place", not any(place.iterdir()))
        process.kill()
        process.wait()
        expect("nothing after a kill", not any(place.iterdir()))
    expect("the file was seen at work", seen > 0)
    expect("nobody but its owner may read it", modes == {0o600}, modes)
    run("killed", "--memory", "1M", "--force")
    different = differences(whole, scratch / "killed")
    expect("what was killed is finished by the next run: same bytes", not different, different[:4])

end()
