"""Names that want to be formulas, paths or nothing; schools of one, of nobody, of five thousand.

    hostile.py PROGRAM"""
import csv
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

from csv_file import write
from expectations import end, expect
from workbook import head_of, listed, tables

PROGRAM = sys.argv[1]
LONG = "利州区第一实验中学教育集团东坝校区附属国际部与乡村振兴联合办学试点学校🎒" + "长" * 24  # 60 characters
FORMULA = '=HYPERLINK("x")'
PLAN = """format: psyscreen/plan/1
id: hostile
wave: 2026-autumn
as_of: 2026-10-15
identity: {output: plain}
inputs:
  responses:
    encoding: utf-8
    columns: {student: id, school: school, grade: grade, class: class, sex: sex, name: name, submitted_at: at}
    items: {phq9: "P{n}"}
    codes: {sex: {m: male, f: female}}
    dates: ymd
  roster:
    encoding: utf-8
    columns: {student: id, school: school, school_name: school_name, grade: grade, class: class, sex: sex, name: name}
    codes: {sex: {m: male, f: female}}
uses: {phq9: {instrument: phq9, edition: "2001", informant: self}}
batteries: [{id: all, uses: [phq9]}]
tiers:
  scheme: three_first_worst
  rules: [{id: high, rank: 2, when: "phq9.total >= 15", text: {zh: 高, en: high}}]
duty: {urgent: {hours: 24}, review: {hours: 72}}
outputs: {language: [zh, en], roles: [homeroom, leader, centre, bureau]}
"""


def run(folder, pupils, code=(0, 1)):
    """pupils: (id, school, school name, grade, class, name, answers)"""
    folder.mkdir()
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    write(folder / "roster.csv", [["id", "school", "school_name", "grade", "class", "sex", "name"],
                                  *[[p[0], p[1], p[2], p[3], p[4], "f", p[5]] for p in pupils]])
    write(folder / "answers.csv", [["id", "school", "grade", "class", "sex", "name", "at", *[f"P{i}" for i in range(1, 10)]],
                                   *[[p[0], p[1], p[3], p[4], "f", p[5], "2026-10-01 08:00", *p[6]] for p in pupils]])
    done = subprocess.run([PROGRAM, "score", "-q", "--plan", folder / "plan.yaml", "--roster", folder / "roster.csv", "--out",
                           folder / "out", folder / "answers.csv"], capture_output=True, text=True)
    expect(f"{folder.name}: runs", done.returncode in code, (done.returncode, done.stderr[-400:]))
    return folder / "out", done


def books(out):
    return sorted(p for p in out.rglob("*.xlsx"))


def texts(path):
    return {text for rows in tables(path).values() for row in rows.values() for text in row.values()}


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    worst, calm = "333333333", "000000000"
    pupils = [("s1", "A1", LONG, 7, "../../x", FORMULA, worst),
              ("=1+1", "A1", LONG, 7, "../../x", "@SUM(1)", worst),
              ("s3", "A1", LONG, 7, "=cmd|' /C calc'!A0", "张\u202e三", worst),  # right-to-left override
              ("s4", "A1", LONG, 7, "a/b\\c:*?[x]", "<b>&amp;\"'</b>", worst),
              ("s5", "a1", "小写一校", 8, "1班", "-2+3", worst),
              ("s6", "../../etc", "上级目录", 8, "1班", "李四", worst),
              ("s7", "CON", "设备名", 9, "1班", "王·五", calm),
              ("s8", "B.", "点", 9, "1班", "欧阳" * 40, calm)]
    out, done = run(scratch / "names", pupils)
    found = books(out)
    names = [str(p.relative_to(out)) for p in found]
    expect("every file lies inside", all(p.resolve().is_relative_to(out.resolve()) for p in found) and
           not (scratch / "etc").exists() and not (scratch / "x").exists())
    expect("names of files are letters, digits, - and _", all(re.fullmatch(r"[A-Za-z0-9_./-]+", n) and ".." not in n for n in names), names)
    expect("no two names differ in case only", len({n.lower() for n in names}) == len(names), names)
    expect("a workbook for each school", len([n for n in names if n.startswith("schools/")]) == 5, names)
    expect("two schools whose codes differ in case", {"schools/A1.xlsx", "schools/a1-2.xlsx"} <= set(names), names)
    expect("a file for each class", len([n for n in names if n.startswith("roles/homeroom/")]) == 3 + 4, names)
    shown = set()
    for path in found:
        with zipfile.ZipFile(path) as package:
            expect(f"{path.name}: whole", package.testzip() is None)
            expect(f"{path.name}: no formula, no link, nothing from outside", not any(
                b"<f>" in package.read(n) or b"TargetMode" in package.read(n) for n in package.namelist()
                if n.startswith("xl/worksheets/sheet") or n.endswith(".rels")))
        shown |= texts(path)
    for pupil in pupils:
        expect(f"{pupil[0]}: the name as it is", pupil[5] in shown, pupil[5])
    for text in (LONG, "../../x", "=1+1"):
        expect(f"{text[:12]}: as it is", any(text in s for s in shown))
    expect("scores.csv keeps spreadsheets from calculating", "\n'=1+1," in (out / "scores.csv").read_text(encoding="utf-8") and
           not re.search(r"(^|,)[=@]", (out / "scores.csv").read_text(encoding="utf-8"), re.MULTILINE))
    # ---- the other files of the school's side: the critical list, a dossier, the sealed list, and what is collected
    def command(*arguments, code=(0, 1)):
        done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
        expect(f"{arguments[0]}: runs", done.returncode in code, (done.returncode, done.stderr[-300:]))
        return done
    folder = scratch / "names"
    command("critical", "-q", "--out", folder / "critical.xlsx", folder / "plan.yaml", folder / "answers.csv")
    command("dossier", "--plan", folder / "plan.yaml", "--student", "=1+1", "--out", folder / "dossier.xlsx", out)
    command("dossier", "--plan", folder / "plan.yaml", "--student", "s1", "--out", folder / "dossier2.xlsx", out)
    refusing = (folder / "plan.yaml").read_text(encoding="utf-8").replace("name: name}", "name: name, consent: consent}").replace(
        "uses: {phq9", "consent: {no_consent: critical_only, unanswered: refuse}\nuses: {phq9")
    (folder / "sealed.yaml").write_text(refusing, encoding="utf-8")
    rows = list(csv.reader(open(folder / "roster.csv", encoding="utf-8", newline="")))
    write(folder / "refused.csv", [rows[0] + ["consent"]] + [row + ["no" if i < 2 else "yes"] for i, row in enumerate(rows[1:])])
    command("score", "-q", "--plan", folder / "sealed.yaml", "--roster", folder / "refused.csv", "--out", folder / "sealed",
            folder / "answers.csv")
    command("collect", "--plan", folder / "plan.yaml", "--out", folder / "ledger.csv", out)
    command("score", "-q", "--plan", folder / "plan.yaml", "--roster", folder / "roster.csv", "--entries", folder / "ledger.csv",
            "--out", folder / "again", folder / "answers.csv")
    others = [folder / "critical.xlsx", folder / "dossier.xlsx", folder / "dossier2.xlsx", folder / "sealed/schools/_sealed.xlsx",
              *books(folder / "again")]
    for path in others:
        with zipfile.ZipFile(path) as package:
            expect(f"{path.name}: whole, no formula, no link, nothing from outside", package.testzip() is None and not any(
                b"<f>" in package.read(n) or b"<f " in package.read(n) or b"TargetMode" in package.read(n)
                for n in package.namelist() if n.startswith("xl/worksheets/sheet") or n.endswith(".rels")))
    expect("the critical list: names as they are", {FORMULA, "@SUM(1)", "../../x"} <= texts(folder / "critical.xlsx") or
           {"=1+1", "s1"} <= texts(folder / "critical.xlsx"), sorted(texts(folder / "critical.xlsx"))[:30])
    expect("the dossier: the id as it is", "=1+1" in texts(folder / "dossier.xlsx"))
    expect("the sealed list: names or ids as they are", {"=1+1", "s1"} <= texts(folder / "sealed/schools/_sealed.xlsx") or
           FORMULA in texts(folder / "sealed/schools/_sealed.xlsx"))
    ledger = (folder / "ledger.csv").read_text(encoding="utf-8")
    expect("collected: spreadsheets calculate nothing", not re.search(r'(^|,)"?[=@]', ledger, re.MULTILINE))
    try:
        import openpyxl
        for path in [*found, *others]:
            book = openpyxl.load_workbook(path)
            expect(f"{path.name}: openpyxl finds no formula and no link", not any(
                cell.data_type == "f" or cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row))
            seen = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
            missing = {t for t in texts(path) if t and not re.fullmatch(r"-?[\d.]+(E-?\d+)?", t)} - seen
            expect(f"{path.name}: openpyxl reads the same texts", not missing, sorted(missing)[:3])
    except ImportError:
        print("skipped: openpyxl (not installed)")
    home = next(p for p in found if "homeroom" in str(p) and FORMULA in texts(p))
    line = next(r for r in listed(tables(home)["班级关怀"], 1) if r["姓名"] == FORMULA)
    expect("the formula's child needs care", line["关怀提示"] == "需关注" and line["班级"] == "../../x", line)

    # ---- findings that name a line of a file alone stand with the student of that line, in his school's workbook only
    lined = [("t1", "L1", "甲校", 7, "1班", "一", calm), ("t2", "L1", "甲校", 7, "八年级2班", "二", calm),
             ("t3", "L2", "乙校", 7, "1班", "三", calm), ("t4", "L2", "乙校", 7, "九年级1班", "四", calm)]
    out, done = run(scratch / "lines", lined)
    with open(out / "findings.csv", encoding="utf-8", newline="") as file:
        named = [r for r in csv.DictReader(file) if r["rule"] == "contradiction"]
    expect("contradictions name lines, not students", len(named) >= 2 and all(r["row"] and not r["subject"] for r in named), named)
    for school, mine, other in (("L1", "t2", "t4"), ("L2", "t4", "t2")):
        rows = tables(out / f"schools/{school}.xlsx")["数据质量"]
        lines = [set(row.values()) for row in rows.values() if any("矛盾" in t for t in row.values())]
        expect(f"{school}: with its student", any(mine in line for line in lines), lines)
        expect(f"{school}: and with nobody else's", not any(other in t for row in rows.values() for t in row.values()))

    # ---- every other kind of file, of the hostile school, of one student, of nobody, of five thousand
    def other_kinds(name, student):
        folder = scratch / name
        plan, out = folder / "plan.yaml", folder / "out"
        command("critical", "-q", "--out", folder / "list.xlsx", plan, folder / "answers.csv")
        command("quality", "-q", "--plan", plan, "--roster", folder / "roster.csv", "--out", folder / "quality", folder / "answers.csv")
        carried = ("--counts", folder / "counts.csv", "--entries", folder / "collected.csv") if student else ()
        done = command("collect", "--plan", plan, "--out", folder / "collected.csv", "--counts", folder / "counts.csv", out,
                       code=(0, 1) if student else (2,))
        expect(f"{name}: what there is to collect", student or "holds no workbook to collect" in done.stderr, done.stderr[-200:])
        command("score", "-q", "--plan", plan, "--roster", folder / "roster.csv", *carried, "--what-if", "--out", folder / "out2",
                folder / "answers.csv")
        if student:
            command("dossier", "--plan", plan, "--student", student, "--out", folder / "its.xlsx", out, folder / "out2")
        made = [*folder.glob("*.xlsx"), *books(folder / "out2")]
        for path in made:
            with zipfile.ZipFile(path) as package:
                expect(f"{name}/{path.name}: whole, no formula, no link", package.testzip() is None and not any(
                    b"<f>" in package.read(n) or b"<f " in package.read(n) or b"TargetMode" in package.read(n)
                    for n in package.namelist() if n.startswith("xl/worksheets/sheet") or n.endswith(".rels")))
        for path in [*(folder / "quality").iterdir(), *folder.glob("co*.csv"), *folder.glob("out2/*.csv")]:
            text = path.read_text(encoding="utf-8")
            expect(f"{name}/{path.name}: spreadsheets calculate nothing", not re.search(r'(^|,)"?[=@]', text, re.MULTILINE))
        for path in (folder / "quality").glob("*.md"):
            expect(f"{name}/{path.name}: no tag, no name", not re.search("<b>|HYPERLINK|<script", path.read_text(encoding="utf-8")))
        return made

    other_kinds("names", "=1+1")

    # ---- how many
    def charts(path):
        with zipfile.ZipFile(path) as package:
            return [name for name in package.namelist() if name.startswith("xl/charts/chart")]

    out, done = run(scratch / "one", [("s1", "A", "一人校", 7, "1班", "独", worst)])
    book = tables(out / "schools/A.xlsx")
    expect("a school of one", len(listed(book["预警名单"], head_of(book["预警名单"]))) == 1 and len(listed(book["得分总表"], 1)) == 1)
    expect("its head learns nothing about one child", all(
        text == "*" or not re.fullmatch(r"[1-9]\d*", text)
        for row in listed(tables(out / "roles/leader/A.xlsx")["年级性别"], 1)
        for head, text in row.items() if re.match(".级预警|合计|重点题", head)))
    expect("and no chart: its frame would be empty", not charts(out / "schools/A.xlsx"), charts(out / "schools/A.xlsx"))
    other_kinds("one", "s1")
    out, done = run(scratch / "none", [], code=(0, 1, 3))
    other_kinds("none", None)
    expect("nobody at all: an answer, no crash", done.returncode in (0, 1, 3) and "Traceback" not in done.stderr, done.stderr[-200:])
    classes = [f"{n + 1}班" for n in range(26)]
    out, done = run(scratch / "many", [(f"s{i:05}", "BIG", "五千人校", 7, classes[i % 26], f"生{i}", worst if i % 50 == 0 else calm)
                                       for i in range(5000)])
    other_kinds("many", "s00000")
    book = tables(out / "schools/BIG.xlsx")
    expect("5,000 students", len(listed(book["得分总表"], 1)) == 5000)
    expect("100 of them listed", len(listed(book["预警名单"], head_of(book["预警名单"]))) == 100)
    expect("charts of them", len(charts(out / "schools/BIG.xlsx")) > 1)
    expect("26 classes", len(list((out / "roles/homeroom/BIG").glob("*.xlsx"))) == 26)
    rows = listed(book["参测情况"], 1)
    expect("26 classes, their grade, the school", len([r for r in rows if r.get("目标人数 T")]) == 28, len(rows))

end()
