"""District workbooks of strange sizes: every run comes to its end, every sheet is there, nothing of few is shown; and
what schools wrote into their ledgers stands on the centre's list.

    district_sizes.py PROGRAM"""
import pathlib
import subprocess
import sys
import tempfile

from csv_file import read, write
from expectations import end, expect
from workbook import head_name, tables

PROGRAM = sys.argv[1]
PLAN = """format: psyscreen/plan/1
id: sizes
wave: 2026-autumn
as_of: 2026-10-15
identity: {output: plain}
inputs:
  responses:
    encoding: utf-8
    columns: {student: id, school: school, grade: grade, class: class, sex: sex}
    items: {phq9: "P{n}"}
    codes: {sex: {m: male, f: female}}
  roster:
    encoding: utf-8
    columns: {student: id, school: school, school_name: school_name, grade: grade, class: class, sex: sex}
    codes: {sex: {m: male, f: female}}
uses: {phq9: {instrument: phq9, edition: "2001", informant: self}}
batteries: [{id: all, uses: [phq9]}]
tiers: {scheme: three_first_worst, rules: [{id: high, rank: 2, when: 'phq9.total >= 15', text: {zh: 高, en: high}}]}
duty: {urgent: {hours: 24}, review: {hours: 72}}
outputs: {roles: [centre, bureau]}
"""
SHEETS = ["学校汇总", "年级性别", "量表均值", "规则命中", "学校比较", "处置进度", "波次对比", "未测与无效", "质量与口径"]
NAME = "利州区第一实验中学教育集团东坝校区附属国际部与乡村振兴联合办学试点学校🎒" + "长" * 24
HEAD = ["id", "school", "school_name", "grade", "class", "sex"]


def run(folder, name, pupils, *options):
    """pupils: six columns of the roster, then answers or None (absent)."""
    write(folder / "roster.csv", [HEAD, *[p[:6] for p in pupils]])
    write(folder / "answers.csv", [[*HEAD[:2], *HEAD[3:], *[f"P{i}" for i in range(1, 10)]],
                                   *[[*p[:2], *p[3:6], *p[6]] for p in pupils if p[6] is not None]])
    done = subprocess.run([PROGRAM, "score", "-q", *options, "--plan", folder / "plan.yaml", "--roster", folder / "roster.csv",
                           "--out", folder / name, folder / "answers.csv"], capture_output=True, text=True)
    expect(f"{name}: exit", done.returncode in (0, 1), (done.returncode, done.stderr[-300:]))
    return folder / name


def look(what, out, schools):
    """The sheets, as many lines as schools, and no count of an outcome from 1 to 4."""
    book = tables(out / "district.xlsx")
    expect(f"{what}: sheets", all(name in book for name in SHEETS), list(book))
    rows = book["学校汇总"]
    heads = {column: head_name(text) for column, text in rows[1].items()}
    code = next(c for c, text in heads.items() if text.startswith("学校标识码"))
    expect(f"{what}: a line each", sum(1 for n, row in rows.items() if n > 1 and row.get(code) in schools) == len(schools))
    numbers = {(r["sheet"], r["row"], r["figure"]): r["value"] for r in read(out / "published.csv")}
    small = [key for key, value in numbers.items() if key[0] in ("school", "district", "grade", "rule", "untested", "untested all")
             and key[2] not in ("target", "exempt", "tested", "valid") and value.isdigit() and 0 < int(value) < 5]
    expect(f"{what}: nothing small", not small, small[:3])
    return {row["rule"] for row in read(out / "findings.csv")}, numbers


def district(sizes, high):
    """Pupils of schools by size; `high` says of which number somebody is found."""
    pupils = []
    for code, n in sizes:
        for i in range(n):
            answers = [2] * 8 + [0] if high(len(pupils)) else [0] * 9
            pupils.append([f"s{len(pupils)}", code, NAME, 7 + i % 3, 1 + i % 26, "mf"[i // 3 % 2], answers])
    return pupils


with tempfile.TemporaryDirectory() as scratch:
    folder = pathlib.Path(scratch)
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    one = district([("A", 1)], lambda i: True)
    rules, _ = look("one pupil", run(folder, "one", one), {"A"})
    expect("one pupil: all is hidden, and said", "all_hidden" in rules, rules)
    nobody = [[*p[:6], None] for p in district([("A", 30), ("a", 20)], lambda i: True)]
    nobody[0][6] = [0] * 9
    look("nobody but one", run(folder, "nobody", nobody), {"A", "a"})
    # ---- nobody answered, by no line and by lines without an answer; nobody at all
    pupils = district([("A", 7), ("a", 5)], lambda i: True)
    for what, answers in (("no line", None), ("no answer", [""] * 9)):
        _, numbers = look(what, run(folder, what, [[*p[:6], answers] for p in pupils]), {"A", "a"})
        expect(f"{what}: who they are", [numbers["district", "", k] for k in ("target", "exempt", "tested", "valid")] == ["12", "0", "0", "0"])
        expect(f"{what}: nobody is found, and nothing hidden", {v for k, v in numbers.items() if k[:2] == ("district", "")} == {"12", "0"})
    rules, numbers = look("nobody at all", run(folder, "empty", []), set())
    expect("nobody at all: told, and 0", "no_rows" in rules and numbers["district", "", "target"] == "0", rules)
    book = tables(folder / "empty/district.xlsx")
    heads = {head_name(text): column for column, text in book["学校汇总"][1].items()}
    expect("nobody at all: a share of nobody is a dash", book["学校汇总"][2][heads["参测率"]] == "—", book["学校汇总"][2])
    for what, high in (("nearly none", lambda i: i % 97 == 0), ("nearly all", lambda i: i % 97 != 0), ("none", lambda i: False),
                       ("all", lambda i: True)):
        look(what, run(folder, what, district([("A", 300), ("a", 200), ("B", 78)], high)), {"A", "a", "B"})
    many = [(f"S{i:03}", 12 + i % 9) for i in range(200)]
    rules, numbers = look("200 schools", run(folder, "many", district(many, lambda i: i % 5 == 0)), {code for code, _ in many})
    expect("200 schools: the district is told", numbers["district", "", "any.listed"] != "*")
    expect("200 schools: not all is hidden", "all_hidden" not in rules)
    # ---- schools of forty: the most that can be asked is that some of their numbers are told, and all of the district's
    subprocess.run([PROGRAM, "simulate", "-q", "--plan", "district_demo", "--students", "4800", "--schools", "120", "--out", folder / "small"],
                   check=True)
    done = subprocess.run([PROGRAM, "score", "-q", "--plan", folder / "small/plan.yaml", "--roster", folder / "small/roster.csv", "--out",
                           folder / "told", *sorted((folder / "small").glob("responses*.csv"))], capture_output=True, text=True)
    expect("120 schools of 40: exit", done.returncode in (0, 1), (done.returncode, done.stderr[-300:]))
    numbers = read(folder / "told/published.csv")
    share = sum(n["value"] == "*" for n in numbers) / len(numbers)
    expect("120 schools of 40: less than a quarter is hidden", share < 0.25, share)
    told = [n["value"] for n in numbers if n["sheet"] in ("district", "scale") and n["figure"] in ("mean", "any.listed", "any.valid")]
    expect("120 schools of 40: the district's numbers are told", told.count("*") < len(told) / 20, (told.count("*"), len(told)))

    large = district([("L", 5000), ("M", 40)], lambda i: i % 7 == 0)
    _, numbers = look("one of 5,000", run(folder, "large", large), {"L", "M"})

    # ---- entries on the centre's list
    pupils = district([("A", 60), ("B", 60)], lambda i: False)
    for i in (3, 70):
        pupils[i][6] = [3] * 9  # 27, and the item about hurting oneself
    out = run(folder, "lists", pupils)
    ledger = tables(out / "schools" / "A.xlsx")["跟进台账"]
    head = next(n for n, row in sorted(ledger.items()) if any(t.startswith("案例编号") for t in row.values()))
    column = next(c for c, text in ledger[head].items() if text.startswith("案例编号"))
    case = ledger[head + 1][column]
    write(folder / "ledger.csv", [
        ["file", "sheet", "row", "school", "case_id", "touched", "problem", "date", "conclusion", "guardian_informed", "referred_to"],
        ["A.xlsx", "alert_list", "2", "A", case, "true", "", "2026-10-16", "by the list", "", ""],
        ["A.xlsx", "follow_up", "2", "A", case, "true", "", "2026-10-17", "seen", "no", ""],
        ["A.xlsx", "follow_up", "3", "A", case, "true", "", "2026-10-19", "", "yes", "=1+1"]])
    out = run(folder, "lists2", pupils, "--entries", folder / "ledger.csv")
    rows = tables(out / "roles" / "centre" / "key_list.xlsx")["区级重点名单"]
    head = next(n for n, row in sorted(rows.items()) if any(t.startswith("访谈结论") for t in row.values()))
    heads = {head_name(text): c for c, text in rows[head].items()}
    lines = {row[heads["学校标识码"]]: row for n, row in rows.items() if n > head and row.get(heads["学校标识码"])}
    found = [lines["A"].get(heads[key], "") for key in ("访谈结论", "监护人是否知情", "转介去向")]
    expect("the centre's list has what was written last", found == ["seen", "是", "=1+1"], found)
    expect("and nothing of whom nobody wrote", not any(lines["B"].get(heads[k], "") for k in ("访谈结论", "转介去向")))

end()
