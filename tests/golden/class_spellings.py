"""One class that the roster writes in eight ways is one class: one row of participation, one file for its teacher, and its
numbers are those counted here.  Classes with the same number in a senior and a vocational school of one campus are two.

    class_spellings.py PROGRAM"""
import pathlib
import subprocess
import sys
import tempfile

from csv_file import write
from expectations import end, expect, expect_same
from workbook import tables

PROGRAM = sys.argv[1]
PLAN = """format: psyscreen/plan/1
id: spelt
wave: 2026-autumn
as_of: 2026-10-15
identity: {output: plain, schools: names}
inputs:
  responses:
    columns: {student: id}
    items: {phq9: "P{n}"}
  roster:
    columns: {student: id, school: school, grade: grade, class: class, name: name, required: due, exempt_reason: why}
uses: {phq9: {instrument: phq9, edition: "2001", informant: self}}
batteries: [{id: all, uses: [phq9]}]
tiers:
  scheme: three_first_worst
  rules: [{id: high, rank: 2, when: "phq9.total >= 15", text: {zh: 高, en: high}}]
duty: {urgent: {hours: 24}, review: {hours: 72}}
outputs: {language: zh, roles: [homeroom]}
"""
SPELT = ["高一({n})班", "{n}班", "{han}班", "高一{n}班", "({n})班", "（{n}）班", " {n} 班", "{n}"]
GRADES = ["高一", "高中一年级", "10", "十年级"]


def pupils():
    out = []
    for number in (1, 2):
        for i in range(12):
            spelling = SPELT[i % 8].format(n=number, han="零一二"[number])
            out.append({"id": f"S{number}{i:02}", "school": "1", "grade": GRADES[i % 4], "class": spelling, "name": f"甲{number}{i}",
                        "due": "否" if i == 5 else "是", "why": "休学" if i == 5 else "", "of": f"{number}班", "sits": i % 3 != 2})
    for i in range(3):  # all write it alike
        out.append({"id": f"V{i}", "school": "1", "grade": "中职一年级", "class": "中职一年级1班", "name": f"乙{i}", "due": "是", "why": "",
                    "of": "中职一年级1班", "sits": True})
    return out


def main():
    with tempfile.TemporaryDirectory() as scratch:
        work = pathlib.Path(scratch)
        (work / "plan.yaml").write_text(PLAN, encoding="utf-8")
        people = pupils()
        columns = ["id", "school", "grade", "class", "name", "due", "why"]
        write(work / "roster.csv", [columns] + [[p[c] for c in columns] for p in people])
        write(work / "answers.csv", [["id"] + [f"P{n}" for n in range(1, 10)]] +
              [[p["id"]] + ["1"] * 9 for p in people if p["sits"]])
        done = subprocess.run([PROGRAM, "score", "-q", "--plan", work / "plan.yaml", "--roster", work / "roster.csv", "--out",
                               work / "out", work / "answers.csv"], capture_output=True, text=True)
        expect("the run", done.returncode == 0, done.stdout + done.stderr)
        wanted = {}
        for p in people:
            row = wanted.setdefault(p["of"], [0, 0, 0, 0])
            row[0] += 1
            row[1] += p["due"] == "否" and not p["sits"]
            row[2] += p["due"] == "是" or p["sits"]
            row[3] += p["sits"]
        book = tables(work / "out/schools/1.xlsx")
        rows = [row for row in book["参测情况"].values() if row.get("A") == "10" and row.get("B") != "年级合计"]
        expect_same("classes", sorted(wanted), sorted(row["B"] for row in rows))
        expect_same("T, E, D, C", wanted, {row["B"]: [int(row[c]) for c in "CDEF"] for row in rows})
        listed = [row["B"] for row in book["班级汇总"].values() if row.get("A") == "10" and "班" in row.get("B", "")]
        expect_same("classes of the summary", sorted(wanted), sorted(set(listed)))
        files = sorted(p.name for p in (work / "out/roles/homeroom").rglob("*.xlsx"))
        expect_same("files of teachers", ["10-01-2.xlsx", "10-01.xlsx", "10-02.xlsx"], files)
        about = tables(work / "out/roles/homeroom/1/10-02.xlsx")["说明"]
        expect_same("class of a file", ["10年级 2班"], [row["B"] for row in about.values() if row.get("A") == "班级"])
    end()


main()
