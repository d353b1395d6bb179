"""What README.md tells a new user to type runs, in its order, on files such as he would have, and says what it shows.

    readme.py PROGRAM README"""
import csv
import datetime
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

from csv_file import read, write
from expectations import end, expect
from plain_xlsx import write_xlsx

PROGRAM, TEXT = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
OPTIONS = ["完全不会", "好几天", "一半以上的天数", "几乎每天"]


def block(kind, start):
    return next(body for name, body in BLOCKS if name == kind and body.startswith(start))


def type_in(folder, line, code=(0, 1)):
    """A line of README.md as a shell reads it, without its remark; `psyscreen` is the program under test."""
    line = re.sub(r"\s+#.*", "", line.strip())
    done = subprocess.run(["bash", "-c", f'psyscreen() {{ "{PROGRAM}" "$@"; }}\n{line}'], cwd=folder, capture_output=True, text=True)
    expect(f"it runs: {line}", done.returncode in code, (done.returncode, done.stderr[-400:]))
    return done


def export(folder):
    """A form's export of a class and a half, one of whom was away and one of whom forgot his number; and the roster."""
    rng = random.Random(7)
    head = ["序号", "提交答卷时间", "所用时间", "来源", "来自IP", "1、您的学籍号：", "2、您的姓名：", "3、您的性别：", "4、学校标识码", "5、年级", "6、班级"]
    rows, roster = [head + [f"{i + 7}、题干{i}" for i in range(9)]], [["学校标识码", "学校名称", "学籍号", "年级", "班级", "姓名", "性别"]]
    for i in range(40):
        who = ["3651000001", "实验初中", f"2026{i:04}", "七年级", f"{1 + i // 25}班", f"学生{i}", "男女"[i % 2]]
        roster.append(who)
        if i != 7:
            answers = [OPTIONS[min(3, int(rng.random() ** 2 * 4.5))] for _ in range(9)]
            rows.append([i + 1, datetime.datetime(2026, 9, 21, 9, i), f"{90 + i}秒", "手机提交", "10.0.0.1",
                         "" if i == 11 else who[2], who[5], who[6], who[0], who[3], who[4], *answers])
    write_xlsx(folder / "export.xlsx", rows)
    text = [[f"{c:%Y/%m/%d %H:%M:%S}" if isinstance(c, datetime.datetime) else c for c in row] for row in rows]
    write(folder / "responses.csv", text)
    write(folder / "half_a_day.csv", text[:20])
    write(folder / "roster.csv", roster)


def add_to(plan, more):
    """As the README says it: `inputs` below what is there, the rest at the end."""
    roster = re.match(r"inputs:.*\n((?:  .*\n)*)", more)
    before, after = plan.split("uses:\n", 1)
    return before + roster[1] + "uses:\n" + after + more[roster.end():]


with tempfile.TemporaryDirectory() as scratch:
    folder = pathlib.Path(scratch)
    # ---- score a file: the file and the answer that are printed
    lines = block("sh", "$ cat answers.csv").splitlines()
    second = next(i for i, line in enumerate(lines) if i > 0 and line.startswith("$"))
    (folder / "answers.csv").write_text("\n".join(lines[1:second]) + "\n", encoding="utf-8")
    said = type_in(folder, lines[second][2:]).stdout.splitlines()
    expect("as many lines as are shown", len(said) == len(lines) - second - 1, said)
    for shown, line in zip(lines[second + 1:], said):
        expect(f"what is shown: {shown[:40]}", re.fullmatch(".*".join(map(re.escape, shown.split("..."))), line), line)

    # ---- read and write a key
    expect("a search finds something", "gad7" in type_in(folder, "psyscreen list anxiety").stdout)
    expect("a description names its source", "Kroenke" in type_in(folder, "psyscreen describe phq9").stdout)
    (folder / "calm4.yaml").write_text(block("yaml", "format: psyscreen/instrument/1\nid: calm4"), encoding="utf-8")
    rng = random.Random(3)
    kinds = [rng.randrange(4) for _ in range(60)]
    write(folder / "file.csv", [["id", *[f"calm4_{i}" for i in range(1, 5)]],
                                *[[i, *[(3 - k if item == 1 else k) if rng.random() < 0.7 else rng.randrange(4) for item in range(4)]]
                                  for i, k in enumerate(kinds)]])
    for line in block("sh", "psyscreen check calm4.yaml").splitlines():
        said = type_in(folder, line, (0,)).stdout
    expect("a score for each line", len(said.splitlines()) == 61, len(said.splitlines()))
    line = re.search(r"`(psyscreen keycheck [^`]*)`", TEXT)[1]
    verdicts = [row["verdict"] for row in csv.DictReader(type_in(folder, line, (0,)).stdout.splitlines())]
    expect("a right key fits", len(verdicts) == 4 and "fits" in verdicts and "against" not in verdicts, verdicts)

    # ---- run a screening
    export(folder)
    commands = block("sh", "psyscreen plan").splitlines()
    words = [line.split()[1] for line in commands]
    expect("the steps of a screening", words == ["plan", "check", "score", "critical", "collect", "dossier"], words)
    type_in(folder, commands[0], (0,))
    plan = (folder / "plan.yaml").read_text(encoding="utf-8")
    (folder / "plan.yaml").write_text(add_to(plan, block("yaml", "inputs:")), encoding="utf-8")
    done = type_in(folder, commands[1], (0,))
    expect("the plan of the README has no fault", "0 errors, 0 warnings" in done.stdout, done.stdout + done.stderr)
    done = type_in(folder, commands[2], (0,))
    rows = read(folder / "results/scores.csv")
    expect("a line for everybody on the roster", len(rows) == 40 and sum(r["status"] == "absent" for r in rows) == 1, len(rows))
    found = read(folder / "results/findings.csv")
    counts = re.search(r"findings: (\d+) errors?, (\d+) warnings?, (\d+) notes?", done.stderr)
    expect("as many findings as are said", counts and [int(c) for c in counts.groups()] ==
           [sum(f["severity"] == s for f in found) for s in ("error", "warning", "note")], (counts and counts[0], len(found)))
    expect("a workbook for the school, one for the centre", (folder / "results/schools/3651000001.xlsx").exists() and
           (folder / "results/district.xlsx").exists())
    expect("who forgot his number is found by class and name", all(r["status"] != "absent" for r in rows if r["student"] == "20260011"))
    done = type_in(folder, commands[3])
    listed = list(csv.DictReader(done.stdout.splitlines()))
    expect("the critical list of half a day", 0 < len(listed) < 20, len(listed))
    shutil.copytree(folder / "results/schools", folder / "returned")
    type_in(folder, commands[4], (0,))
    expect("a ledger", (folder / "ledger.csv").exists())
    text = (folder / "plan.yaml").read_text(encoding="utf-8")
    for wave in ("autumn", "spring"):
        (folder / "plan.yaml").write_text(text.replace('wave: "draft"', f'wave: "{wave}"'), encoding="utf-8")
        type_in(folder, commands[2].replace("results", wave), (0,))
    type_in(folder, commands[5].replace("ID", "20260003"), (0,))
    expect("a dossier", (folder / "one.xlsx").exists())

end()
