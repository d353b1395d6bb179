"""Districts of a handful: the run always comes to its end (a pilot class needs its lists, too), and of fewer
than five pupils no count of an outcome is shown.

    tiny_districts.py PROGRAM [--districts N] [--first SEED]"""
import pathlib
import random
import re
import subprocess
import sys
import tempfile

from csv_file import write
from workbook import head_name, tables


def option(name, default):
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


PROGRAM = sys.argv[1]
FIRST, N = option("--first", 0), option("--districts", 40)
OUTCOME = re.compile(".级预警|.*级预警合计|重点题人数|未能判定|待复测")
RULES = {
    1: "{id: high, rank: 2, when: 'phq9.total >= 15', text: {zh: 高, en: high}}",
    3: "{id: top, rank: 3, when: 'phq9.total >= 20', text: {zh: 最高, en: top}}, "
       "{id: high, rank: 2, when: 'phq9.total >= 15', text: {zh: 高, en: high}}, "
       "{id: low, rank: 1, when: 'phq9.total >= 5', text: {zh: 低, en: low}}",
}
PLAN = """format: psyscreen/plan/1
id: tiny
wave: 2026-autumn
as_of: 2026-10-15
identity: {{output: plain}}
inputs:
  responses:
    encoding: utf-8
    columns: {{student: id, school: school, grade: grade, class: class, sex: sex}}
    items: {{phq9: "P{{n}}"}}
    codes: {{sex: {{m: male, f: female}}}}
  roster:
    encoding: utf-8
    columns: {{student: id, school: school, grade: grade, class: class, sex: sex}}
    codes: {{sex: {{m: male, f: female}}}}
uses: {{phq9: {{instrument: phq9, edition: "2001", informant: self}}}}
batteries: [{{id: all, uses: [phq9]}}]
tiers: {{scheme: three_first_worst, rules: [{rules}]}}
duty: {{urgent: {{hours: 24}}, review: {{hours: 72}}}}
"""
failed, shown = [], 0


def make(folder, at_random):
    n, n_schools = at_random.randint(1, at_random.choice([4, 6, 12, 30, 60])), at_random.randint(1, 5)
    (folder / "plan.yaml").write_text(PLAN.format(rules=RULES[at_random.choice([1, 3])]), encoding="utf-8")
    pupils = [[f"s{i}", f"S{at_random.randint(1, n_schools)}", at_random.randint(7, 9), at_random.randint(1, 2),
               at_random.choice("mf")] for i in range(n)]
    sheets = []
    for pupil in pupils:
        level = at_random.choice([0, 1, 2, 3])
        answers = [min(3, max(0, level + at_random.choice([-1, 0, 0, 1]))) if at_random.random() < 0.95 else "" for _ in range(9)]
        if at_random.random() < 0.9:
            sheets.append([*pupil, *answers])
    head = ["id", "school", "grade", "class", "sex"]
    write(folder / "roster.csv", [head, *pupils])
    write(folder / "answers.csv", [[*head, *[f"P{i}" for i in range(1, 10)]], *sheets])
    return n


for seed in range(FIRST, FIRST + N):
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        n = make(folder, random.Random(seed))
        done = subprocess.run([PROGRAM, "score", "-q", "--plan", folder / "plan.yaml", "--roster", folder / "roster.csv",
                               "--out", folder / "out", folder / "answers.csv"], capture_output=True, text=True)
        if done.returncode not in (0, 1):
            failed.append(seed)
            print(f"FAILED district {seed} of {n}: exit {done.returncode} {done.stderr[-200:]}")
            continue
        for rows in tables(folder / "out" / "district.xlsx").values():
            columns = [c for c, text in rows.get(1, {}).items() if OUTCOME.match(head_name(text))]
            for number in sorted(rows):
                for column in columns if number > 1 and n < 5 else []:
                    text = rows[number].get(column, "")
                    shown += 1
                    if re.fullmatch("[1-9][0-9]*", text):
                        failed.append(seed)
                        print(f"FAILED district {seed} of {n}: {column}{number} shows {text}")
if shown == 0:
    failed.append("nothing looked at")
print(f"{N - len(set(failed))} passed, {len(set(failed))} failed; {shown} cells of districts below five looked at")
sys.exit(bool(failed))
