#!/usr/bin/env python3
"""Exports of a questionnaire platform, made up: the same answers as XLSX, GB18030 CSV and UTF-8 CSV, by option text and
by option number, with title rows, date cells, durations in three spellings, skipped and empty cells.  psyscreen must draft
a plan for each of them, the plan must pass its own check, and all must be scored alike.

usage: platform_export.py PSYSCREEN INSTRUMENTS_DIRECTORY WORK_DIRECTORY
"""
import csv
import datetime
import io
import os
import random
import shutil
import subprocess
import sys

from plain_xlsx import write_xlsx

PHQ = ["完全不会", "好几天", "一半以上的天数", "几乎每天"]
HEAD = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP", "1、您的学号：", "2、您的姓名：", "3、您的性别："]
SPELLINGS = ["{n}、题干甲", "{n}.题干", "{n} 题干", "第{n}题 题干", "Q{n} 题干", "{n}．题干", "{n}）题干", "{n}、题干（—行）"]


def write_csv(path, rows, encoding):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([v.strftime("%Y/%m/%d %H:%M:%S") if isinstance(v, datetime.datetime) else "" if v is None else v
                         for v in row])
    with open(path, "wb") as file:
        file.write(out.getvalue().encode(encoding))


def table(mode, seed=7, n=40, decorate=False):
    """Rows of one export: 9 questions with the options of PHQ-9; `mode` text or index."""
    rng = random.Random(seed)
    names = ["王·小", "李", "=HYPERLINK(\"x\")", "欧阳娜娜", "同名", "同名"]
    rows = [HEAD + [SPELLINGS[i % len(SPELLINGS)].format(n=i + 4) for i in range(9)] + ["13、1班人数", "总分"]]
    for i in range(n):
        answers = [rng.choice([0, 0, 0, 1, 1, 2, 3]) for _ in range(9)]
        answers[8] = 0 if rng.random() < .9 else rng.choice([1, 2, 3])
        when = datetime.datetime(2026, 9, 3, 8, 0, 0) + datetime.timedelta(seconds=97 * i)
        took = [f"{100 + i}秒", f"{100 + i}s", f"{100 + i}"][i % 3]
        cells = []
        for j, a in enumerate(answers):
            if mode == "text":
                cells.append(("ABCD"[a] + "." if decorate else "") + PHQ[a])
            else:
                cells.append(a + 1)
            if i % 11 == 5 and j == 3:
                cells[-1] = "(跳过)" if mode == "text" else -3
            if i % 13 == 6 and j == 2:
                cells[-1] = "(空)" if mode == "text" else -2
        rows.append([i + 1, when, took, "手机提交", "直接访问", f"10.0.0.{i}", f"S{i:03}", names[i % len(names)], "男女"[i % 2],
                     *cells, 45, sum(answers)])
    return rows


MATRIX = ["13、请选择—感觉紧张", "13、请选择—{n}、感觉紧张", "13、{n}. 感觉紧张", "13({n})、感觉紧张", "Q13_{n}", "Q13_R{n}"]


def with_matrix(mode, rows_of=0, decorate=False):
    """The same export with GAD-7 as the rows of a matrix question and a multiple choice behind it; times as text where the
    row is odd, as a date cell where it is even; durations in the spellings of several versions of the platform."""
    rng = random.Random(11)
    rows = table(mode, decorate=decorate)
    rows[0][18:18] = [MATRIX[rows_of].format(n=i + 1) + ("" if "{n}" in MATRIX[rows_of] else "甲乙丙丁戊己庚"[i]) for i in range(7)] + [
        "14、您参加的社团"]
    rows[0][rows[0].index("13、1班人数")] = "15、1班人数"
    for i, row in enumerate(rows[1:]):
        cells = []
        for j in range(7):
            code = rng.choice([0, 0, 1, 2, 3])
            skipped, empty = i % 7 == 3 and j == 5, i % 9 == 4 and j == 6
            cells.append(("(跳过)" if mode == "text" else -3) if skipped else ("(空)" if mode == "text" else -2) if empty else
                         ("ABCD"[code] + "." if decorate else "") + PHQ[code] if mode == "text" else code + 1)
        row[18:18] = cells + [["合唱┋足球", "足球", "(跳过)", "合唱┋足球┋围棋"][i % 4] if mode == "text" else "1┋2"]
        row[2] = ["123秒", "5340秒", "3600s", "3600", "1分2秒"][i % 5]
        if i % 2:
            row[1] = row[1].strftime("%Y/%m/%d %H:%M:%S")
    return rows


BY_NUMBER = """format: psyscreen/plan/1
id: export
wave: draft
identity: {output: plain}
inputs:
  responses:
    encoding: [utf-8, gb18030]
    columns: {student: "{question:1}", name: "{question:2}", sex: "{question:3}", submitted_at: 提交答卷时间, duration: 所用时间}
    items:
      phq9: {1..9: "{question+3}"}
      gad7: "{question:13}{row}"
    missing: {blank: ["(空)", "-2"], skipped: ["(跳过)", "-3"]}%s
uses:
  phq9: {instrument: phq9, edition: "%s"}
  gad7: {instrument: gad7, edition: "%s"}
duplicates: manual
duty: {urgent: {hours: 24}, review: {hours: 72}}
"""
BY_OPTION = """
    codes: {phq9: {"1": 0, "2": 1, "3": 2, "4": 3}, gad7: {"1": 0, "2": 1, "3": 2, "4": 3}}"""


def run(*arguments, expect=0):
    done = subprocess.run(arguments, capture_output=True, text=True)
    if done.returncode != expect:
        sys.exit(f"{' '.join(arguments)}\nexit {done.returncode} instead of {expect}\n{done.stdout}{done.stderr}")
    return done.stdout, done.stderr


def scores(psyscreen, instruments, work, name, file, uses, *options):
    plan, out = os.path.join(work, name + ".yaml"), os.path.join(work, name + ".out")
    _, report = run(psyscreen, "plan", "-i", instruments, "--from", file, "--instrument", uses, "--out", plan,
                    "--id", "export", *options)
    run(psyscreen, "check", "-i", instruments, plan)
    run(psyscreen, "score", "-i", instruments, "--quiet", "--plan", plan, "--out", out, file)
    with open(os.path.join(out, "scores.csv"), encoding="utf-8") as found:
        return found.read(), report


def refused(psyscreen, instruments, file, uses, rule, *options):
    _, said = run(psyscreen, "plan", "-i", instruments, "--from", file, "--instrument", uses, *options, expect=3)
    if f"[{rule}]" not in said:
        sys.exit(f"{file}: expected {rule}, found:\n{said}")


def main():
    psyscreen, instruments, work = sys.argv[1:4]
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)

    def at(name):
        return os.path.join(work, name)

    text = table("text")
    files = {"shared.xlsx": (write_xlsx, text), "inline.xlsx": (lambda p, r: write_xlsx(p, r, False), text),
             "gb.csv": (lambda p, r: write_csv(p, r, "gb18030"), text), "utf8.csv": (lambda p, r: write_csv(p, r, "utf-8"), text),
             "bom.csv": (lambda p, r: write_csv(p, r, "utf-8-sig"), text),
             "title.xlsx": (write_xlsx, [["2026 心理普查"], []] + text + [[], []]),
             "letters.xlsx": (write_xlsx, table("text", decorate=True)),
             "index.xlsx": (write_xlsx, table("index")), "index.csv": (lambda p, r: write_csv(p, r, "utf-8"), table("index"))}
    found = {}
    for name, (write, rows) in files.items():
        path = at(name)
        write(path, rows)
        options = ["--encoding", "gb18030"] if name == "gb.csv" else []
        uses = "phq9:index" if name.startswith("index") else "phq9"
        if name.startswith("index"):  # in which order the options stood is not in the file
            refused(psyscreen, instruments, path, "phq9", "coding_open")
        found[name], report = scores(psyscreen, instruments, work, os.path.splitext(name)[0] + name[-4:].strip("."), path, uses,
                                     *options)
        if "'完全不会' -> 0 (完全不会)" not in report and name in ("shared.xlsx", "gb.csv"):
            sys.exit(f"{name}: no map of what was observed in the report:\n{report}")
    for name, scored in found.items():
        if scored != found["utf8.csv"]:
            sys.exit(f"{name} is scored otherwise than utf8.csv:\n{scored}\n{found['utf8.csv']}")
    lines = found["utf8.csv"].splitlines()
    if len(lines) != 41 or sum("S0" in line for line in lines) != 40:
        sys.exit("not every student has a row")
    total = lines[0].split(",").index("phq9.total")
    wanted = {f"S{i:03}": row[-1] for i, row in enumerate(text[1:])}
    for line in csv.reader(lines[1:]):
        blanks = int(line[0][1:]) % 11 == 5 or int(line[0][1:]) % 13 == 6
        if not blanks and int(line[total]) != wanted[line[0]]:
            sys.exit(f"{line[0]}: {line[total]} instead of {wanted[line[0]]}")

    # The whole form: two questionnaires, one of them a matrix, in three files and every spelling of its rows.  The drafted
    # plan and one that names questions by their numbers read the same.
    def edition(instrument):
        with open(os.path.join(instruments, instrument + ".yaml"), encoding="utf-8") as file:
            return next(line.split('"')[1] for line in file if line.startswith("edition:"))

    whole = {}
    for n, (mode, spelling, decorate) in enumerate([("text", k, k == 1) for k in range(len(MATRIX))] + [("index", 0, False)]):
        rows = with_matrix(mode, spelling, decorate)
        for kind, write in (("xlsx", write_xlsx), ("gb.csv", lambda p, r: write_csv(p, r, "gb18030")),
                            ("utf8.csv", lambda p, r: write_csv(p, r, "utf-8"))):
            path = at(f"whole{n}.{kind}")
            write(path, rows)
            uses = "phq9:index,gad7:index" if mode == "index" else "phq9,gad7"
            name = f"whole{n}{kind.replace('.', '')}"
            whole[name], _ = scores(psyscreen, instruments, work, name, path, uses,
                                    *(["--encoding", "gb18030"] if kind == "gb.csv" else []))
            if decorate:
                continue  # what "A.完全不会" stands for is the draft's finding
            plan, out = at(name + ".by_number.yaml"), at(name + ".by_number")
            with open(plan, "w", encoding="utf-8") as file:
                file.write(BY_NUMBER % (BY_OPTION if mode == "index" else "", edition("phq9"), edition("gad7")))
            run(psyscreen, "check", "-i", instruments, plan)
            run(psyscreen, "score", "-i", instruments, "--quiet", "--plan", plan, "--out", out, path)
            with open(os.path.join(out, "scores.csv"), encoding="utf-8") as file:
                whole[name + " by number"] = file.read()
    first = whole["whole0utf8csv"]
    for name, scored in whole.items():
        if scored != first:
            sys.exit(f"{name} is scored otherwise than whole0.utf8.csv:\n{scored}\n{first}")
    rows = with_matrix("text")
    lines = list(csv.DictReader(io.StringIO(first)))
    for i, line in enumerate(lines):
        answers = [PHQ.index(cell) if cell in PHQ else None for cell in rows[i + 1][18:25]]
        given = sum(a is not None for a in answers)
        if line["student"] != rows[i + 1][6] or int(line["gad7.total.answered"]) != given or (
                given == 7 and int(line["gad7.total"]) != sum(answers)):
            sys.exit(f"{line['student']}: the matrix was read as {line['gad7.total']} of {line['gad7.total.answered']}: {answers}")
    # A row short, a row more than once, rows in two places: told, not guessed.
    for name, edit, words in (
            ("short", lambda row: row.pop(24), "question 13 row 7"),
            ("twice", lambda row: row.insert(18, row[18]), "stands there twice"),
            ("apart", lambda row: row.append(row.pop(18)), "beside")):
        rows = with_matrix("text")
        for row in rows:
            edit(row)
        write_csv(at(name + ".csv"), rows, "utf-8")
        _, said = run(psyscreen, "score", "-i", instruments, "--quiet", "--plan", at("whole0utf8csv.by_number.yaml"), "--out",
                      at(name + ".out"), at(name + ".csv"), expect=3)
        if words not in said:
            sys.exit(f"{name}: {said}")

    # Two readings: where a questionnaire stands, what a number and a sex code mean, which column is the student's.
    def change(name, edit):
        rows = [list(row) for row in text]
        for i, row in enumerate(rows):
            edit(i, row)
        path = at(name)
        write_csv(path, rows, "utf-8")
        return path

    longer = change("longer.csv", lambda i, row: row.insert(9, "4、再一题" if i == 0 else "好几天"))
    refused(psyscreen, instruments, longer, "phq9", "items_open")
    scores(psyscreen, instruments, work, "longer", longer, "phq9", "--at", "phq9=11")
    sexes = change("sexes.csv", lambda i, row: row.__setitem__(8, row[8] if i == 0 else "12"[i % 2]))
    refused(psyscreen, instruments, sexes, "phq9", "sex_code")
    scores(psyscreen, instruments, work, "sexes", sexes, "phq9", "--sex", "1=male,2=female")
    nobody = change("nobody.csv", lambda i, row: row.__setitem__(6, "1、甲" if i == 0 else row[6]))
    refused(psyscreen, instruments, nobody, "phq9", "student_missing")
    scores(psyscreen, instruments, work, "nobody", nobody, "phq9", "--student", "1、甲")
    # A form that words its options otherwise: its texts are shown with the codes, and what a person says goes into the plan.
    other = dict(zip(PHQ, ["毫无", "有=几天", "一半以上的天数", "天天"]))
    worded = change("worded.csv", lambda i, row: row.__setitem__(slice(0, None), [other.get(cell, cell) for cell in row]))
    _, said = run(psyscreen, "plan", "-i", instruments, "--from", worded, "--instrument", "phq9", expect=3)
    if "columns 10 to 18 could be phq9, but 3 of the 4 texts" not in said or "'天天' (" not in said or "3 几乎每天" not in said:
        sys.exit(f"the words of a form are not asked:\n{said}")
    refused(psyscreen, instruments, worded, "phq9", "items_not_found", "--answer", "phq9:毫无=0", "--answer", "phq9:天天=3")
    scored, report = scores(psyscreen, instruments, work, "worded", worded, "phq9", "--answer", "phq9:毫无=0", "--answer",
                            "phq9:有=几天=好几天", "--answer", "phq9:天天=3")
    if scored != found["utf8.csv"] or "'有=几天' -> 1 (好几天)" not in report:
        sys.exit(f"a form with other words is scored otherwise:\n{report}")
    odd = change("odd.csv", lambda i, row: row.__setitem__(10, "有时候" if i == 7 else row[10]))
    refused(psyscreen, instruments, odd, "phq9", "items_not_found")
    _, said = run(psyscreen, "plan", "-i", instruments, "--from", odd, "--instrument", "phq9", expect=3)
    if "'有时候' (1 time, first in row 8)" not in said:
        sys.exit(f"a cell that is no answer is not named:\n{said}")
    dates = change("dates.csv", lambda i, row: row.__setitem__(1, "03/09/2026 08:00" if i else row[1]))
    refused(psyscreen, instruments, dates, "phq9", "date_order")
    scores(psyscreen, instruments, work, "dates", dates, "phq9", "--dates", "dmy")
    consent = change("consent.csv", lambda i, row: row.append("知情同意" if i == 0 else "不同意" if i == 3 else "同意"))
    refused(psyscreen, instruments, consent, "phq9", "consent_open")
    scored, _ = scores(psyscreen, instruments, work, "consent", consent, "phq9", "--consent", "ignore")
    if scored.count("no_consent") != 1:
        sys.exit("a refusal of consent was not read")
    # Two questionnaires with the same answers, side by side: in the order in which they are named, and not otherwise.
    both = change("both.csv", lambda i, row: row.__setitem__(slice(18, 18), [f"{k + 13}、题" if i == 0 else "好几天" for k in range(7)]))
    refused(psyscreen, instruments, both, "phq9", "items_open")
    scored, report = scores(psyscreen, instruments, work, "both", both, "phq9,gad7")
    if "column 19 '13、题'" not in report or ",7," not in scored:
        sys.exit(f"GAD-7 was not found behind PHQ-9:\n{report}")

    # What platforms and people put around the texts of options; what a person must be asked stands in questions of the form.
    decorations = {"dot": "{t}。", "circled": "{c}{t}", "bracket": "({i}){t}", "equals": "{i}={t}", "points": "{t}（{i}分）；",
                   "inner": "{a} {b}"}
    around = {}
    for name, form in {"bare": "{t}", **decorations}.items():
        rows = [list(row) for row in text]
        for n, row in enumerate(rows):
            row[7:9] = [f"初{'一二三'[n % 3]}", f"{n % 4 + 1}班", row[8]] if n else ["2、您所在的年级", "3、班级（如：3班）", "4、您的性别【必选】"]
            for j, cell in enumerate(row):
                if cell in PHQ:
                    i = PHQ.index(cell)
                    row[j] = form.format(t=cell, i=i, c="①②③④"[i], a=cell[0], b=cell[1:])
                if n == 0 and j > 9 and cell.startswith("13、"):
                    row[j] = "15、1班人数"
        write_xlsx(at(name + ".around.xlsx"), rows)
        around[name], report = scores(psyscreen, instruments, work, name + "around", at(name + ".around.xlsx"), "phq9")
        if "'2、您所在的年级'" not in report or "'3、班级(如:3班)'" not in report.replace("（", "(").replace("）", ")").replace("：", ":"):
            sys.exit(f"{name}: grade or class were not found:\n{report}")
        for kind, encoding in (("gb.csv", "gb18030"), ("utf8.csv", "utf-8")):  # the plan of one file reads the others
            write_csv(at(name + ".around." + kind), rows, encoding)
            out = at(name + kind + ".again")
            run(psyscreen, "score", "-i", instruments, "--quiet", "--plan", at(name + "around.yaml"), "--out", out,
                at(name + ".around." + kind))
            with open(os.path.join(out, "scores.csv"), encoding="utf-8") as file:
                around[name + kind] = file.read()
    for name, scored in around.items():
        if scored != around["bare"]:
            sys.exit(f"{name} is scored otherwise than the bare texts:\n{scored}\n{around['bare']}")
    if {line["grade"] for line in csv.DictReader(io.StringIO(around["bare"]))} != {"7", "8", "9"}:
        sys.exit("grades were not read")
    # "1.2" is no option 2 with a number before it, and a grade of option numbers is left out.
    tenths = change("tenths.csv", lambda i, row: row.__setitem__(10, "1.2" if i == 7 else row[10]))
    refused(psyscreen, instruments, tenths, "phq9", "items_not_found")
    rows = table("index")
    for n, row in enumerate(rows):
        row[7] = n % 3 + 1 if n else "2、您所在的年级"
    write_xlsx(at("grades.xlsx"), rows)
    scored, report = scores(psyscreen, instruments, work, "grades", at("grades.xlsx"), "phq9:index")
    if "[option_number]" not in report or any(line["grade"] for line in csv.DictReader(io.StringIO(scored))):
        sys.exit(f"a grade was read from a number of an option:\n{report}")
    # Headers of persons in further spellings, options with what a web editor leaves, and a sex with the letter of its option:
    # all are scored like the plain form.
    spelt = {"underline": "Q{n}_{t}", "bracket": "（{n}）{t}", "square": "[{n}]{t}", "star": "*{n}、{t}", "wide": "{w}、{t}",
             "tags": "<p>{n}、&nbsp;{t}<br/></p>", "word": "问题{n}、{t}", "kind": "{n}、{t}[单选题]"}
    left = {"nbsp": "{t}&nbsp;", "break": "{t}<br>", "span": '<span class="a">{t}</span>', "square points": "{t}[{i}分]",
            "comma points": "{t}，{i}分"}
    alike = {}
    for name, (header, option) in {**{k: (v, "{t}") for k, v in spelt.items()}, **{k: ("{n}、{t}", v) for k, v in left.items()},
                                   "plain": ("{n}、{t}", "{t}")}.items():
        rows = [list(row) for row in text]
        for n, row in enumerate(rows):
            for j, cell in enumerate(row):
                if n == 0 and 6 <= j < 18:
                    row[j] = header.format(n=j - 5, w="".join(chr(ord(c) + 0xFEE0) for c in str(j - 5)),
                                           t=["学号", "姓名", "性别"][j - 6] if j < 9 else "题干")
                elif cell in PHQ:
                    row[j] = option.format(t=cell, i=PHQ.index(cell))
            if n and name in spelt:
                row[8] = {"男": "A.男", "女": "B.女"}[row[8]]
        path = at(name.replace(" ", "_") + ".spelt.csv")
        write_csv(path, rows, "utf-8")
        alike[name], _ = scores(psyscreen, instruments, work, name.replace(" ", "_") + "spelt", path, "phq9")
    for name, scored in alike.items():
        if scored != found["utf8.csv"]:
            sys.exit(f"{name} is scored otherwise than the plain form:\n{scored}")

    # What stands in the way is named, and not something else: a cell among two questionnaires, a second header, a sum.
    def asked(name, rows, words, *options):
        write_csv(at(name), rows, "utf-8")
        _, said = run(psyscreen, "plan", "-i", instruments, "--from", at(name), "--instrument", "phq9,gad7", *options, expect=3)
        if words not in said or said.count("error:") != 1:
            sys.exit(f"{name}: expected one question, of {words}:\n{said}")

    rows = with_matrix("text")
    rows[3][12] = "-"
    asked("dash.csv", rows, "dash.csv:4: error: '-' is no answer of item 4 of phq9; 1 row has it")
    plain = [list(row) for row in rows]
    plain[3][12] = "(空)"
    write_csv(at("blank.csv"), plain, "utf-8")
    wanted, _ = scores(psyscreen, instruments, work, "blank", at("blank.csv"), "phq9,gad7")
    said, _ = scores(psyscreen, instruments, work, "dash", at("dash.csv"), "phq9,gad7", "--answer", "phq9:-=blank")
    if said != wanted:
        sys.exit(f"a dash that was said to be blank is scored otherwise than a blank:\n{said}\n{wanted}")
    asked("second.csv", plain[:1] + [[f"Q{j + 1}" for j in range(len(plain[0]))]] + plain[1:],
          "second.csv:2: error: the row below the header has what no other row has")
    letters = [row[:8] + ["Sex" if n == 0 else {"男": "M", "女": "F"}[row[8]]] + row[9:] for n, row in enumerate(plain)]
    asked("letters.csv", letters, "--sex 'F=male,M=female' (or the other way round)" if letters[1][8] == "F" else
          "--sex 'M=male,F=female' (or the other way round)")
    coded = [["1、考号" if n == 0 and j == 6 else cell for j, cell in enumerate(row)] for n, row in enumerate(plain)]
    asked("coded.csv", coded, "columns with many values: '1、考号'")
    asked("coded.csv", coded, "no column is called '考生号'", "--student", "考生号")
    write_xlsx(at("sheets.xlsx"), plain, sheets=("答卷", "统计"))
    _, said = run(psyscreen, "plan", "-i", instruments, "--from", at("sheets.xlsx"), "--instrument", "phq9,gad7", expect=3)
    if "remedy: say which one: --sheet NAME" not in said:
        sys.exit(f"several sheets: {said}")
    summed = plain + [["", "", "", "", "", "平均", "", "", ""] + [1.2] * (len(plain[0]) - 9)]
    write_csv(at("summed.csv"), summed, "utf-8")
    said, _ = scores(psyscreen, instruments, work, "summed", at("summed.csv"), "phq9,gad7")
    if said != wanted:
        sys.exit(f"a row of means changes the scores:\n{said}\n{wanted}")
    print(f"platform exports: 9 and {len(whole)} files scored alike, 9 questions asked")


main()
