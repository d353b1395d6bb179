#!/usr/bin/env python3
"""Small random districts with planted defects, reconciled twice: by the program, and by a slow plain reading of the rules
in docs/data.md (match ladder, numbers that changed, duplicates, consent, exemption, spellings of grades and classes).
Students, statuses, tiers, rules and the counts T, E, D, C, V and N of the scale must agree.

usage: reconcile.py PSYSCREEN [--districts N] [--seed S]
"""
import collections
import csv
import datetime
import json
import pathlib
import random
import subprocess
import sys
import tempfile


def option(name, default):
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


PROGRAM, DISTRICTS, SEED = sys.argv[1], option("--districts", 60), option("--seed", 1)
ITEMS = 9
DAY = datetime.date(2026, 10, 12)
PLAN = """format: psyscreen/plan/1
id: random_district
wave: 2026-autumn
as_of: 2026-10-15
identity: {{output: plain}}
inputs:
  responses:
    columns: {{student: 学籍号, local_no: 学号, school: 学校标识码, grade: 年级, class: 班级, name: 姓名, sex: 性别, age: 年龄,
      submitted_at: 测评时间, consent: 同意}}
    items: {{phq9: "PHQ_{{n}}"}}
  roster:
    columns: {{school: 学校标识码, school_name: 学校名称, student: 学籍号, local_no: 学号, grade: 年级, class: 班级, name: 姓名,
      sex: 性别, birth_date: 出生日期, required: 应测, exempt_reason: 原因, consent: 知情同意, former: 原学籍号}}
match: [student, [school, local_no], [school, grade, class, name], [school, grade, class, name, sex], [school, grade, class, name, sex, age]]
uses: {{phq9: {{instrument: phq9, edition: "2001", informant: self}}}}
batteries: [{{id: all, when: "student.grade in 7..12", uses: [phq9]}}]
consent: {{no_consent: {no_consent}, unanswered: {unanswered}}}
duplicates: {duplicates}
tiers:
  scheme: three_first_worst
  rules: [{{id: high, rank: 2, when: "phq9.total >= 15", text: {{zh: 总分, en: total}}}}]
duty: {{urgent: {{hours: 24}}, review: {{hours: 72}}}}
outputs: {{language: [en]}}
"""
FIGURES = "零一二三四五六七八九"
TENS = {10: "十", 11: "十一", 12: "十二"}


def chinese(n):
    return TENS.get(n) or FIGURES[n]


def spell_grade(rng, grade):
    year = (grade - 6 if grade < 10 else grade - 9)
    short, school = ("初", "初中") if grade < 10 else ("高", "高中")
    return rng.choice([str(grade), f"{grade}.0", f" {grade} ", f"{short}{chinese(year)}", f"{chinese(grade)}年级", f"{grade}年级",
                       f"{school}{chinese(year)}年级", f"{chinese(grade)}年级({short}{chinese(year)})", f"G{grade}",
                       f"Grade {grade}", f"{short} {chinese(year)}", "".join(chr(ord(c) + 0xFEE0) for c in str(grade))])


def spell_class(rng, grade, number):
    return rng.choice([str(number), f"{number}班", f"{chinese(number)}班", f"({number})班", f"（{number}）班", f"第{number}班",
                       f"{chinese(grade)}年级{chinese(number)}班", f"{chinese(grade)}({number})班", f"{grade}-{number}",
                       f"{grade}({number})", f"{grade}{number:02}", f"{number}.0"])


class Student:
    pass


def make_district(rng):
    """(students, sheets, policies): what is true, before it is written down."""
    schools = [f"31510000{i:02}" for i in range(rng.choice([1, 2, 2, 3]))]
    students = []
    for i in range(rng.randint(4, 22)):
        s = Student()
        s.school = rng.choice(schools)
        s.number = f"G5108{i:014d}" if rng.random() < .93 else ""
        s.local = str(1000 + len([t for t in students if t.school == s.school])) if rng.random() < .8 else ""
        s.grade, s.klass = rng.choice([(7, 1), (7, 2), (8, 1), (9, 1), (10, 2)])
        s.name = rng.choice(["王小", "李娜", "王小明", "欧阳·雪", "李娜", "买买提·艾力"])
        s.sex = rng.choice("男女")
        s.born = datetime.date(2026 - s.grade - 6, rng.randint(1, 12), rng.randint(1, 28))
        s.required = rng.random() > .1
        s.consent = rng.choice(["同意"] * 8 + ["不同意", "未回"])
        s.former = f"L5108{i:014d}" if s.number and rng.random() < .15 else ""
        students.append(s)
    sheets = []
    for s in students:
        for _ in range(rng.choice([0, 1, 1, 1, 1, 1, 2, 2, 3])):
            sheets.append(make_sheet(rng, s, schools, sheets))
    for _ in range(rng.choice([0, 0, 1, 2])):  # strangers
        s = Student()
        s.__dict__.update(rng.choice(students).__dict__)
        s.number, s.local, s.former, s.name = "G9" + str(rng.randint(0, 9)) * 17, "", "", rng.choice(["王小", "陌生"])
        sheets.append(make_sheet(rng, s, schools, []))
    rng.shuffle(sheets)
    return students, sheets


def make_sheet(rng, s, schools, earlier):
    sheet = Student()
    how = rng.random()
    sheet.number = s.number if how < .72 else s.former if how < .8 else s.number.lower() if how < .84 else ""
    sheet.local = s.local if rng.random() < .3 else ""
    sheet.school = s.school if rng.random() < .9 else rng.choice(["", "9999999999", rng.choice(schools)])
    sheet.grade = s.grade
    sheet.klass = s.klass if rng.random() < .93 else 3 - min(s.klass, 2)
    sheet.name = s.name if rng.random() < .9 else s.name.replace("·", "") if "·" in s.name else s.name[0] + " " + s.name[1:]
    sheet.sex = s.sex if rng.random() < .95 else ""
    hour = rng.choice([8, 8, 9, 10, 11])
    sheet.time = datetime.datetime.combine(DAY, datetime.time(hour, rng.choice([0, 0, 30]))) if rng.random() < .93 else None
    age = DAY.year - s.born.year - ((DAY.month, DAY.day) < (s.born.month, s.born.day))
    sheet.age = "" if rng.random() < .3 else age if rng.random() < .95 else age + 1
    sheet.consent = rng.choice([""] * 14 + ["同意", "不同意"])
    again = [e for e in earlier if e.of is s]
    if again and rng.random() < .4:
        sheet.answers = list(again[-1].answers)
    else:
        top = rng.choice([1, 2, 3, 3])
        sheet.answers = [rng.randint(0, top) for _ in range(ITEMS)]
        sheet.answers[8] = rng.choice([0, 0, 0, 0, 1, 2, 3])
        for _ in range(rng.choice([0, 0, 0, 0, 1, 2, 3, 5, 9])):
            sheet.answers[rng.randrange(ITEMS)] = None
    sheet.of = s
    return sheet


def write(rng, folder, students, sheets):
    with open(folder / "roster.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow("学校标识码 学校名称 学籍号 学号 年级 班级 姓名 性别 出生日期 应测 原因 知情同意 原学籍号".split())
        for s in students:
            out.writerow([s.school, "校" + s.school[-2:], s.number, s.local, spell_grade(rng, s.grade),
                          spell_class(rng, s.grade, s.klass), s.name, s.sex, s.born.isoformat(), "是" if s.required else "否",
                          "" if s.required else "请假", s.consent, s.former])
    with open(folder / "answers.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow("学籍号 学号 学校标识码 年级 班级 姓名 性别 年龄 测评时间 同意".split() + [f"PHQ_{i + 1}" for i in range(ITEMS)])
        for s in sheets:
            out.writerow([s.number, s.local, s.school, spell_grade(rng, s.grade), spell_class(rng, s.grade, s.klass), s.name, s.sex,
                          s.age, s.time.strftime(rng.choice(["%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M"])) if s.time else "", s.consent,
                          *["" if a is None else a for a in s.answers]])


# ---- the slow reading

def plain_name(name):
    return name.replace("·", "").replace(" ", "")


def age_on(born, day):
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def who(sheet, students):
    """The student of a sheet, or None."""
    latest = {s.former: s.number for s in students if s.former}
    number = latest.get(sheet.number, sheet.number)
    known = {s.school for s in students}
    school = sheet.school if sheet.school in known else next(iter(known)) if len(known) == 1 and sheet.school == "" else None
    numberless_only = False
    if number:
        exact = [s for s in students if s.number == number]
        if exact:
            return exact[0]
        near = [s for s in students if s.number and s.number.upper() == number.upper()]
        if len(near) == 1:
            return near[0]
        numberless_only = True
    day = sheet.time.date() if sheet.time else DAY
    same = {
        "school": (school is not None, lambda s: s.school == school),
        "local": (sheet.local != "", lambda s: s.local == sheet.local),
        "grade": (True, lambda s: s.grade == sheet.grade),
        "class": (True, lambda s: s.klass == sheet.klass),
        "name": (True, lambda s: plain_name(s.name) == plain_name(sheet.name)),
        "sex": (sheet.sex != "", lambda s: s.sex == sheet.sex),
        "age": (sheet.age != "", lambda s: age_on(s.born, day) == sheet.age),
    }
    hopeful = None
    for rung in (["school", "local"], ["school", "grade", "class", "name"], ["school", "grade", "class", "name", "sex"],
                 ["school", "grade", "class", "name", "sex", "age"]):
        if not all(same[f][0] for f in rung):
            continue
        here = [s for s in students if all(same[f][1](s) for f in rung)]
        narrowed = [s for s in here if hopeful is None or s in hopeful]
        if narrowed:
            hopeful = narrowed
        if hopeful is not None and len(hopeful) == 1:
            break
    if hopeful is None or len(hopeful) != 1:
        return None
    return hopeful[0] if not numberless_only or hopeful[0].number == "" else None


def choose(sheets, policy):
    """(the sheet that counts or None, those of which nobody decides)."""
    given = [s for s in sheets if any(a is not None for a in s.answers)]
    apart = {}
    for s in given:
        group = apart.setdefault(tuple(s.answers), [])
        group.append(s)
    if len(apart) <= 1:
        return (given[0] if given else None), []
    if policy in ("first", "last"):
        known = [s for s in given if s.time is not None]
        if known:
            best = (min if policy == "first" else max)(known, key=lambda s: s.time)
            # whoever has no time may have been the one
            rivals = [s for s in given if s.answers != best.answers and s.time in (None, best.time)]
            if not rivals:
                return best, []
    elif policy == "most_complete":
        most = max(sum(x is not None for x in a) for a in apart)
        winners = [a for a in apart if sum(x is not None for x in a) == most]
        if len(winners) == 1:
            return apart[winners[0]][0], []
    return None, [group[0] for group in apart.values()]


def total_rule(answers):
    """(True, False or None for undecided, the total or None)."""
    answered = [a for a in answers if a is not None]
    missing = len(answers) - len(answered)
    if missing <= 2:
        total = (2 * 9 * sum(answered) + len(answered)) // (2 * len(answered))  # 9 * sum / n, rounded half up
        return total >= 15, total
    low, high = sum(answered), sum(answered) + 3 * missing
    return (True if low >= 15 else False if high < 15 else None), None


def any_true(values):
    values = list(values)
    return True if True in values else None if None in values else False


def expected(students, sheets, no_consent, unanswered, policy):
    of = collections.defaultdict(list)
    unmatched = 0
    for sheet in sheets:
        student = who(sheet, students)
        if student is None:
            unmatched += 1
        else:
            of[student].append(sheet)
    rows, counts = {}, collections.Counter(T=len(students))
    for s in students:
        mine = [x for x in of[s] if any(a is not None for a in x.answers)]
        refused = s.consent == "不同意" or any(x.consent == "不同意" for x in of[s]) or (s.consent == "未回" and unanswered == "refuse")
        row = {"status": "", "tier": "", "rules": set(), "total": None}
        chosen, open_ = choose(mine, policy)
        read = [chosen] if chosen is not None else open_
        # A positive answer of any sheet counts; a blank one where the sheet does.
        urgent, review = (any_true([any((x.answers[8] or 0) >= cut for x in mine) or False] +
                                   [None for x in read if x.answers[8] is None]) for cut in (2, 1))
        counts["E"] += not s.required and not mine  # who sat it all the same was due
        if refused:
            row["status"] = "no_consent"
        elif not mine:
            row["status"] = "absent"
        else:
            outcomes = [total_rule(x.answers) for x in read]
            high = any_true(o[0] for o in outcomes)
            row["total"] = outcomes[0][1] if chosen is not None else None
            fired = set()
            if urgent:
                fired.add("phq9.urgent_9")
            if review:
                fired.add("phq9.critical_9")
            if any(x.answers[8] is None and sum(a is not None for a in x.answers) * 2 >= ITEMS for x in mine):
                fired.add("phq9.critical_unanswered")
            if high:
                fired.add("high")
            row["rules"] = fired
            undecided = high is None or urgent is None or review is None
            row["status"] = "incomplete" if undecided else "doubtful" if chosen is None else "valid"
            rank = 3 if urgent else 2 if review or high else None
            row["tier"] = str(rank) if rank else "0" if row["status"] == "valid" else ""
        if mine:
            counts["C"] += 1
        counts["V"] += row["status"] in ("valid", "doubtful")
        counts["N"] += row["total"] is not None and row["status"] in ("valid", "doubtful")
        rows[s] = row
    counts["D"] = counts["T"] - counts["E"]
    return rows, counts, unmatched


def run(number, folder):
    rng = random.Random(SEED * 1000003 + number)
    students, sheets = make_district(rng)
    choice = dict(no_consent=rng.choice(["critical_only", "ignore"]), unanswered=rng.choice(["refuse", "allow"]),
                  duplicates=rng.choice(["manual", "first", "last", "most_complete"]))
    (folder / "plan.yaml").write_text(PLAN.format(**choice), encoding="utf-8")
    write(rng, folder, students, sheets)
    done = subprocess.run([PROGRAM, "score", "-q", "--force", "--no-workbooks", "--plan", folder / "plan.yaml", "--roster",
                           folder / "roster.csv", "--out", folder / "out", folder / "answers.csv"], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        return [f"exit {done.returncode}: {done.stderr[-400:]}"], None
    want, counts, unmatched = expected(students, sheets, choice["no_consent"], choice["unanswered"], choice["duplicates"])
    with open(folder / "out/scores.csv", encoding="utf-8", newline="") as file:
        got = list(csv.DictReader(file))
    faults = []
    found = {r["student"]: r for r in got}
    if len(found) != len(students):
        faults.append(f"{len(found)} rows for {len(students)} students")
    numberless = collections.Counter()
    for s in students:
        w = want[s]
        if s.number == "":
            numberless[(w["status"], w["tier"], ";".join(sorted(w["rules"])))] += 1
            continue
        r = found.get(s.number)
        if r is None:
            faults.append(f"{s.number} has no row")
            continue
        have = (r["status"], r["tier"], {x for x in r["rules"].split(";") if x})
        if have != (w["status"], w["tier"], w["rules"]):
            faults.append(f"{s.number}: {have} and not {(w['status'], w['tier'], w['rules'])}")
        if r["phq9.total"] != ("" if w["total"] is None else str(w["total"])):
            faults.append(f"{s.number}: total {r['phq9.total']} and not {w['total']}")
    others = collections.Counter((r["status"], r["tier"], ";".join(sorted(x for x in r["rules"].split(";") if x)))
                                 for r in got if not r["student"].startswith("G"))
    if others != numberless:
        faults.append(f"pupils without a number: {dict(others)} and not {dict(numberless)}")
    told = json.loads((folder / "out/run.json").read_text(encoding="utf-8"))
    evaluable = sum(r["phq9.total"] != "" and r["status"] in ("valid", "doubtful") for r in got)
    if evaluable != counts["N"]:
        faults.append(f"N: {evaluable} and not {counts['N']}")
    return faults + compare_counts(told, counts, unmatched), (choice, told)


def compare_counts(told, counts, unmatched):
    have = told["counts"]
    names = {"T": "T_target", "E": "E_exempt", "D": "D_due", "C": "C_tested", "V": "V_valid"}
    faults = [f"{k}: {have[n]} and not {counts[k]}" for k, n in names.items() if have[n] != counts[k]]
    if have["unmatched"] != unmatched:
        faults.append(f"unmatched: {have['unmatched']} and not {unmatched}")
    return faults


def main():
    bad = 0
    seen = collections.Counter()
    for number in range(DISTRICTS):
        with tempfile.TemporaryDirectory() as folder:
            faults, what = run(number, pathlib.Path(folder))
        if faults:
            bad += 1
            print(f"FAILED district {number}: {what[0] if what else ''}")
            for f in faults[:6]:
                print("   ", f)
            if bad >= 5:
                break
        else:
            for k, v in what[1]["counts"].items():
                if isinstance(v, int):
                    seen[k] += v
    print(dict(seen))
    print(f"{DISTRICTS - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
