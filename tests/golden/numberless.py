"""Pupils to whom the roster gives no number: an id and a case each, and what is noted about one comes back to him.

    numberless.py PROGRAM"""
import pathlib
import random
import subprocess
import sys
import tempfile

from csv_file import read, write
from expectations import end, expect
from edit_workbook import Book
from workbook import listed, tables

PROGRAM = sys.argv[1]
LEDGER = "跟进台账"
PLAN = """format: psyscreen/plan/1
id: numberless
wave: 2026-autumn
as_of: 2026-10-15
identity: {%s}
match: [student, [school, grade, class, name], [school, grade, class, name, sex]]
inputs:
  responses:
    columns: {student: id, school: school, grade: grade, class: class, sex: sex, name: name, submitted_at: at}
    items: {phq9: "P{n}"}
  roster:
    columns: {student: id, school: school, grade: grade, class: class, sex: sex, name: name, birth_date: born}
uses: {phq9: {instrument: phq9, edition: "2001", informant: self}}
batteries: [{id: all, uses: [phq9]}]
tiers:
  scheme: three_first_worst
  rules: [{id: high, rank: 2, when: "phq9.total >= 15", text: {zh: 高, en: high}}]
duty: {urgent: {hours: 24}, review: {hours: 72}}
outputs: {language: zh}
"""
# number, name, class, sex, born; sheets follow the roster
PUPILS = [("", "王小明", "1班", "男", "2013-01-05"), ("", "王小明", "1班", "女", "2013-01-05"),
          ("", "李静", "1班", "女", "2013-02-01"), ("", "李静", "2班", "女", "2013-02-01"), ("G7", "赵一", "2班", "男", "2013-03-01")]


def command(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    expect(f"{arguments[0]} runs", done.returncode in (0, 1), (done.returncode, done.stderr))
    return done


def inputs(folder, seed):
    """The same pupils, in another order for every seed."""
    pupils = PUPILS[:]
    random.Random(seed).shuffle(pupils)
    write(folder / "roster.csv", [("id", "school", "grade", "class", "sex", "name", "born")] +
          [(n, "S1", 7, c, s, name, b) for n, name, c, s, b in pupils])
    write(folder / "answers.csv", [("id", "school", "grade", "class", "sex", "name", "at") + tuple(f"P{i}" for i in range(1, 10))] +
          [(n, "S1", 7, c, s, name, "2026-10-10 09:00:00") + (2,) * 8 + (1 + (name == "李静"),) for n, name, c, s, b in pupils])


with tempfile.TemporaryDirectory() as scratch:
    for identity in ("output: plain", "output: pseudonym, key_file: key, schools: names"):
        folder = pathlib.Path(scratch) / identity[8:13]
        folder.mkdir()
        (folder / "plan.yaml").write_text(PLAN % identity, encoding="utf-8")
        if "key_file" in identity:
            command("key", "new", folder / "key")

        def score(name, seed, *more):
            inputs(folder, seed)
            command("score", "-q", "--plan", folder / "plan.yaml", "--roster", folder / "roster.csv", "--out", folder / name, *more,
                    folder / "answers.csv")
            return folder / name

        out = score("first", 1)
        rows = read(out / "scores.csv")
        expect(f"{identity}: an id each", len({r["student"] for r in rows}) == 5 and all(r["student"] for r in rows))
        expect(f"{identity}: nobody's name in it", not any(n in (out / "scores.csv").read_text("utf-8") for _, n, *_ in PUPILS))
        sheet = tables(out / "schools/S1.xlsx")[LEDGER]
        cases = listed(sheet, 1)
        cases = [c for c in cases if c.get("案例编号")]
        expect(f"{identity}: a case each", len({c["案例编号"] for c in cases}) == 5, cases)
        who = {c["案例编号"]: (c["姓名"], c["班级"], c["性别"]) for c in cases}

        # what a school writes about each comes back to each, whatever the order of the roster
        book = Book(out / "schools/S1.xlsx")
        head = book.columns(LEDGER, 1)
        for number, row in book.rows(LEDGER).items():
            if number > 1 and row.get(head["案例编号"]):
                book.put(LEDGER, number, head["主要事实"], "谈到" + "".join(who[row[head["案例编号"]]]))
        book.save(folder / "S1 filled.xlsx")
        command("collect", "--plan", folder / "plan.yaml", "--out", folder / "ledger.csv", out, folder / "S1 filled.xlsx")
        collected = read(folder / "ledger.csv")
        expect(f"{identity}: collected, each its own", {r["case_id"]: r["facts"] for r in collected} ==
               {case: "谈到" + "".join(person) for case, person in who.items()}, collected)
        expect(f"{identity}: with its id", {r["student_code"] for r in collected} == {r["student"] for r in rows})
        again = score("second", 2, "--entries", folder / "ledger.csv")
        carried = [c for c in listed(tables(again / "schools/S1.xlsx")[LEDGER], 1) if c.get("案例编号")]
        expect(f"{identity}: carried, each to its own", len(carried) == 5 and all(
            c["主要事实"] == "谈到" + c["姓名"] + c["班级"] + c["性别"] for c in carried), carried)
        expect(f"{identity}: any order of rows, the same scores", (out / "scores.csv").read_bytes() == (again / "scores.csv").read_bytes())

        # a dossier by the printed id
        some = next(r["student"] for r in rows if r["class"] == "2班" and r["phq9.total"] == "18")
        command("dossier", "--plan", folder / "plan.yaml", "--student", some, "--out", folder / "one.xlsx", out)
        expect(f"{identity}: a dossier", some in str(tables(folder / "one.xlsx")))

end()
