"""What every workbook of the demonstration plan must say, reckoned again from scores.csv, the roster, the list of
pseudonyms and the answers themselves, and compared cell by cell.

A column of a workbook's dictionary is compared here, or stands in ELSEWHERE with the reason why not: one that is in
neither is a failure, so that a new column is thought about."""
import csv
import datetime
import math
import re
from fractions import Fraction

from csv_file import read
from expectations import expect
from workbook import letters

STATUS = {"no_consent": ("未同意", "no consent"), "absent": ("未测", "absent"), "invalid": ("无效", "invalid"),
          "retest": ("建议重测", "retest"), "incomplete": ("未完成", "incomplete"), "doubtful": ("存疑", "doubtful"),
          "valid": ("有效", "valid")}
TIER = {"3": ("一级预警", "level 1 (most severe)"), "2": ("二级预警", "level 2"), "1": ("三级预警", "level 3 (mildest)"),
        "0": ("一般", "no warning"), "": ("未能判定", "not judged")}
SEX = {"male": ("男", "male"), "female": ("女", "female")}
CRITICAL = {"urgent": ("紧急", "urgent"), "review": ("复核", "review"), "verify": ("需当面核实", "verify in person"),
            "unanswered": ("重点题缺答", "item blank")}
STAGE = {1: ("小学", "primary"), 2: ("初中", "junior"), 3: ("高中", "senior")}
ALL, DISTRICT, SCHOOL, CLASSES = ("全部", "all"), ("全区", "District"), ("全校", "School"), ("年级合计", "all classes")
# The worst cut that a rule of the plan reads on a scale; the MHT's content scales in a rule of three of them.
CUTS = {"mht.total": 65, "phq9.total": 20, "gad7.total": 15, "sds.std": 73,
        **{f"mht.{s}": 8 for s in ("study_anxiety", "social_anxiety", "loneliness", "self_blame", "sensitivity", "somatic",
                                   "phobia", "impulsivity")}}
RANGES = {"mht.study_anxiety": (0, 15), "mht.somatic": (0, 15), "mht.total": (0, 90), "phq9.total": (0, 27), "gad7.total": (0, 21),
          "sds.raw": (20, 80), "sds.std": (25, 100)}
METRIC = {"T分": "t", "T": "t", "百分等级": "percentile", "percentile": "percentile", "z分": "z", "z": "z"}
SMALL = 5
ELSEWHERE = {  # what scores.csv does not hold, and which test compares it
    "items": "answers to single items: tests/unit and golden.platform_export",
    "fill": "filled in by the school: empty, and that is compared",
    "words": "sentences of the program: tests/golden/report compares them by the letter",
    "district": "golden.district_hidden, golden.district_charts and tests/unit reckon them again",
    "findings": "findings.csv, golden.district compares it with the planted truth",
}


class Checks:
    """How many cells each reader was held against, and how many were hidden."""

    def __init__(self):
        self.cells, self.hidden = {}, 0


def plain(value):
    """A cell as text: numbers in their shortest form, dates as days since 1899-12-30."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        value = (value - datetime.datetime(1899, 12, 30)) / datetime.timedelta(days=1)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:.12g}"
    text = str(value)
    if re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?(E-?\d+)?", text) and (len(text) < 12 or "." in text):
        return f"{float(text):.12g}"
    return text


def moments(values):
    """n, mean, sd (of a sample), median and quartiles: the smallest score that so large a share does not exceed."""
    n = len(values)
    out = {"n": n}
    if n == 0:
        return out
    values = sorted(values)
    mean = sum(values) / n
    at = lambda share: values[max(0, math.ceil(share * n) - 1)]
    out |= {"mean": mean, "median": at(Fraction(1, 2)), "p25": at(Fraction(1, 4)), "p75": at(Fraction(3, 4))}
    out["sd"] = math.sqrt(sum((v - mean) ** 2 for v in values) / (n - 1)) if n > 1 else None
    return out


def wilson(part, n, z=1.959963984540054):
    share, half = part / n, z * math.sqrt(part / n * (1 - part / n) / n + z * z / (4 * n * n))
    return [max(0.0, (share + z * z / (2 * n) - half) / (1 + z * z / n)), min(1.0, (share + z * z / (2 * n) + half) / (1 + z * z / n))]


class Truth:
    def __init__(self, out, roster, mapping, answers):
        two_papers = {row["subject"] for row in read(out / "findings.csv") if row["rule"] == "duplicate_undecided"}
        code = {row["student"]: row["code"] for row in read(mapping)}
        listed = {row["学籍号"]: row for row in read(roster)}
        given = set()
        for path in answers:
            data = path.read_bytes()
            lines = data.decode("gb18030" if data.startswith("学籍号".encode("gb18030")) else "utf-8-sig").splitlines()
            given |= {row["学籍号"] for row in csv.DictReader(lines) if any(row[c] for c in row if re.match("MHT|PHQ|GAD|SDS", c))}
        self.students = read(out / "scores.csv")
        for s in self.students:
            s["roster"] = listed[code[s["student"]]]
            numbers = {s["roster"]["学籍号"], s["roster"]["原学籍号"]} - {""}
            # With consent the status says who answered; without, the files do.
            s["tested"] = bool(numbers & given) if s["status"] == "no_consent" else s["status"] != "absent"
            s["exempt"] = s["roster"]["应测"] == "否" and not s["tested"]
            s["valid"] = s["status"] in ("valid", "doubtful")
            s["undecided_papers"] = s["student"] in two_papers
            s["fired"] = [r for r in s["rules"].split(";") if r]
            flags = [r.split(".")[1] for r in s["fired"] if "." in r]
            s["critical"] = ("urgent" if any(f.startswith("urgent") for f in flags) else
                             "review" if any(re.fullmatch(r"critical_\d+", f) for f in flags) else
                             "unanswered" if "critical_unanswered" in flags else "")
        self.by_id = {s["student"]: s for s in self.students}
        self.scales = [k for k in self.students[0] if k.count(".") == 1 and k + ".status" in self.students[0]]
        self.labels, self.rule_words = {}, {}

    def school(self, code):
        return [s for s in self.students if s["school"] == code]

    def counts(self, some):
        out = {"target": len(some), "exempt": sum(s["exempt"] for s in some), "tested": sum(s["tested"] for s in some),
               "valid": sum(s["valid"] for s in some)}
        out["due"] = out["target"] - out["exempt"]
        out["participation"], out["valid_rate"] = (out["tested"], out["due"]), (out["valid"], out["tested"])
        out["retest"] = out["retest_n"] = sum(s["status"] in ("invalid", "retest") for s in some)
        out["not_judged"] = out["incomplete_n"] = sum(s["tier"] == "" and s["status"] not in ("no_consent", "absent") for s in some)
        out["untested_n"] = sum(s["status"] == "absent" for s in some)
        out["refused_n"] = sum(s["status"] == "no_consent" for s in some)
        out["critical"] = sum(s["critical"] in ("urgent", "review") for s in some)
        out["untested"], out["not_counted"] = out["due"] - out["tested"], out["tested"] - out["valid"]
        for tier in "321":
            some_of = [s for s in some if s["tier"] == tier]
            out[f"tier_{tier}_list"] = out[f"tier_{tier}_n"] = len(some_of)
            out[f"tier_{tier}_valid"] = sum(s["valid"] for s in some_of)
        out["any_list"] = sum(out[f"tier_{t}_list"] for t in "321")
        out["any_valid"] = sum(out[f"tier_{t}_valid"] for t in "321")
        for name in ("tier_3", "tier_2", "tier_1", "any"):
            part, n = out[name + "_valid"], out["valid"]
            out[name + "_rate"] = (part, n)
            if n > 0:
                out[name + "_low"], out[name + "_high"] = wilson(part, n)
        return out

    def values(self, some, scale):
        return [Fraction(s[scale]) for s in some if s["valid"] and s[scale] != ""]

    def about(self, some, scale):
        values = self.values(some, scale)
        out = moments(values)
        if scale in CUTS:
            out["high_n"] = out["high"] = sum(v >= CUTS[scale] for v in values)
            out["high_rate"] = (out["high_n"], out["n"])
        return out


class Book:
    """One workbook as one reader sees it: tables by key."""

    def __init__(self, cells, order, language):
        self.language, self.sheets, self.order = language, cells, order
        self.keys = {}
        dictionary = cells.get(("字段说明", "Dictionary")[language], {})
        for row in sorted({r for r, _ in dictionary}):
            if row > 1 and dictionary.get((row, "A")):
                self.keys.setdefault(dictionary[(row, "A")], []).append(
                    (dictionary[(row, "D")], dictionary.get((row, "BC"[language]))))

    def table(self, sheet):
        """Lines under the header as dicts by key; a blank line ends the table."""
        cells = self.sheets[sheet]
        keys = self.keys[sheet]
        columns = [letters(i + 1) for i in range(len(keys))]
        flat = lambda text: re.sub(r"\s", "", str(text))
        head = next(row for row in sorted({r for r, _ in cells})
                    if all(flat(cells.get((row, c), "")) == flat(label) for c, (_, label) in zip(columns, keys)))
        out, row = [], head + 1
        while plain(cells.get((row, "A"))) != "" and any(plain(cells.get((row, c))) for c in columns[1:]):
            out.append({key: plain(cells.get((row, c))) for c, (key, _) in zip(columns, keys)})
            row += 1
        return out


class Compare:
    """One sheet of one workbook against the truth: what is right, cell by cell."""

    def __init__(self, checks, where, book, truth, hide):
        self.checks, self.where, self.book, self.truth, self.hide = checks, where, book, truth, hide
        self.language, self.wrong, self.seen, self.compared, self.hidden = book.language, [], set(), 0, 0

    def word(self, pair):
        return pair[self.language]

    def same(self, row, key, shown, wanted):
        self.seen.add(key)
        self.compared += 1
        if self.hide and shown == "*":
            self.hidden += 1
        elif plain(shown) != plain(wanted):
            self.wrong.append((row, key, shown, wanted))

    def number(self, row, key, shown, wanted, decimals):
        """`wanted` exact, or a part and a whole; rounded to so many decimals, half either way."""
        self.seen.add(key)
        self.compared += 1
        if isinstance(wanted, tuple):
            wanted = None if wanted[1] == 0 else Fraction(wanted[0], wanted[1])
        if self.hide and shown == "*":
            self.hidden += 1
        elif wanted is None:
            if shown != "—":
                self.wrong.append((row, key, shown, "—"))
        elif not re.fullmatch(r"-?[\d.]+(e-\d+)?", shown) or abs(Fraction(shown) - Fraction(wanted)) > Fraction(1, 2 * 10 ** decimals) + Fraction(1, 10 ** 9) or \
                abs(round(float(shown), decimals) - float(shown)) > 1e-9:
            self.wrong.append((row, key, shown, float(wanted)))

    def person(self, row, line, s):
        """Who it is, wherever a line says so."""
        for key in line:
            if key in ("grade", "class", "school"):
                self.same(row, key, line[key], s[key])
            elif key == "sex":
                self.same(row, key, line[key], self.word(SEX[s["sex"]]))
            elif key == "name":
                self.same(row, key, line[key], s["roster"]["姓名"])
            elif key == "school_name":
                self.same(row, key, line[key], s["roster"]["学校名称"])
            elif key in ("tier_auto", "tier_first"):
                # Whom a list has only because his sheet may be somebody else's has no tier to show.
                listed = s["tier"] != "" or s["status"] not in ("no_consent", "absent")
                self.same(row, key, line[key], self.word(TIER[s["tier"]]) if listed else "")
            elif key == "tier_upper":
                self.same(row, key, line[key], self.word(TIER[s["tier_upper"]])
                          if s["tier_upper"] not in ("", "0") and (s["tier"] == "" or int(s["tier_upper"]) > int(s["tier"])) else "")
            elif key == "validity":
                self.same(row, key, line[key], self.word(STATUS[s["status"]]))
            elif key == "no":
                self.same(row, key, line[key], row)
            elif key == "wave":
                self.same(row, key, line[key], "2026-autumn")

    def empty(self, row, line, keys):
        for key in keys:
            if key in line:
                self.same(row, key, line[key], "")

    def rules(self, row, key, shown, s):
        """A line a rule, in the order of scores.csv, each begun with the rule's words."""
        self.seen.add(key)
        self.compared += 1
        lines = shown.split("\n") if shown else []
        # two flags of one item, of which the more urgent one speaks for both
        words = list(dict.fromkeys(self.truth.rule_words[self.language][r] for r in s["fired"]))
        if len(lines) != len(words) or any(not line.startswith(text) for line, text in zip(lines, words)):
            self.wrong.append((row, key, shown, words))

    def score_words(self, row, key, shown, s):
        """'GAD-7 total 11; ...': each number is that of its scale."""
        self.seen.add(key)
        self.compared += 1
        labels = self.truth.labels[self.language]
        text = shown
        for part in [p.strip() for p in re.split("[；;]", text) if p.strip()]:
            match = next(((scale, part[len(label):]) for scale, label in labels.items() if part.startswith(label + " ")), None)
            if match is None and key == "to_next_tier":
                continue  # the second half of a sentence
            number = re.match(r" (-?[\d.]+)", match[1]) if match else None
            if match is None or (number and Fraction(number.group(1)) != Fraction(s[match[0]] or "-999")):
                self.wrong.append((row, key, part, s[match[0]] if match else "?"))

    def done(self, sheet, elsewhere, at_least=1):
        known = {key for key, _ in self.book.keys.get(sheet, [])}
        unknown = known - self.seen - set(elsewhere)
        expect(f"{self.where} {sheet}: as reckoned again", self.compared - self.hidden >= at_least and not self.wrong,
                           (self.compared, self.hidden, self.wrong[:3]))
        expect(f"{self.where} {sheet}: every column is compared or named", not unknown, sorted(unknown))
        name = self.where.split(":")[0]
        self.checks.cells[name] = self.checks.cells.get(name, 0) + self.compared - self.hidden
        self.checks.hidden += self.hidden


def names(*keys, why):
    assert why in ELSEWHERE
    return dict.fromkeys(keys, why)


FILL = ("tier_final", "interviewer", "interview_date", "interview_result", "guardian_informed", "note", "planned_date", "mode", "proctor",
        "done_date", "validity_2", "tier_2", "adopted", "by", "reason_found", "makeup_date", "known_case", "owner", "date", "present",
        "facts", "risk_ideation", "risk_plan", "risk_means", "risk_history", "risk_support", "conclusion", "action", "informed_on",
        "referral", "referred_to", "slip_no", "feedback", "return_to_school", "next_date", "close_reason", "closed_on", "at", "contact",
        "opened_by", "reviewed_by", "reviewed_on", "found")


def list_members(truth, students):
    return {s["student"] for s in students if s["status"] != "no_consent" and (s["tier"] not in ("", "0") or s["critical"] or s["undecided_papers"])}


def school_book(checks, where, book, truth, code, names_of):
    """Every sheet of a school's workbook; names_of: the English name of a sheet -> the Chinese one."""
    mine = truth.school(code)
    lang = book.language
    sheet = {names_of.get(s, s): s for s in book.order}
    new = lambda hide=False: Compare(checks, where, book, truth, hide)

    # -- scores: the labels of scales are those of this sheet's columns
    rows, c = book.table(sheet["得分总表"]), new()
    expect(f"{where}: a line for every student", sorted(r["student_code"] for r in rows) == sorted(s["student"] for s in mine), len(rows))
    bands = {}
    for i, line in enumerate(rows, 1):
        s = truth.by_id[line["student_code"]]
        hidden = s["status"] == "no_consent"
        c.person(i, {k: v for k, v in line.items() if k != "tier_auto"}, s)
        c.seen |= {"student_code", "tier_auto"}
        c.same(i, "tier_auto", line["tier_auto"], "" if s["status"] in ("no_consent", "absent") else c.word(TIER[s["tier"]]))
        if line["age"] != "" and line["test_date"] != "":
            born = datetime.date.fromisoformat(s["roster"]["出生日期"])
            day = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(float(line["test_date"])))
            c.same(i, "age", line["age"], day.year - born.year - ((day.month, day.day) < (born.month, born.day)))
        for key, shown in line.items():
            if key == "rules_fired":
                c.same(i, key, shown, c.word(("；", "; ")).join(dict.fromkeys(truth.rule_words[lang][r] for r in s["fired"])))
            elif key == "to_next_tier":
                c.score_words(i, key, shown, s)
            elif key in ("phq9.item(9)", "sds.item(19)", "mht.item(85)", "mht.item(97)"):
                c.seen.add(key)
                c.compared += 1
                flag = key.replace("item(", "critical_").rstrip(")")
                # A positive answer is a critical one; a paper that lost may have one as well.
                if shown not in ("", "0", "1" if key.startswith("sds") else "0") and s[flag] != "true" and key[:3] != "sds":
                    c.wrong.append((i, key, shown, s[flag]))
            elif key in s and "." in key:
                wanted = s[key]
                c.seen.add(key)
                c.compared += 1
                if ".band" in key or ".mark@" in key:
                    bands.setdefault((key, wanted), set()).add(shown)
                elif shown in ("<1", ">99"):  # a percentile on paper
                    if not (float(wanted) < 1 if shown == "<1" else float(wanted) > 99):
                        c.wrong.append((i, key, shown, wanted))
                elif (shown == "") != (wanted == "") or (shown and abs(Fraction(shown) - Fraction(wanted)) > Fraction(1, 200) + Fraction(1, 10 ** 9)):
                    c.wrong.append((i, key, shown, wanted))
        if hidden:
            c.same(i, "empty without consent", "".join(v for k, v in line.items() if "." in k), "")
    for (key, band), shown in bands.items():
        if len(shown) != 1 or ("" in shown) != (band == ""):
            c.wrong.append((key, band, shown))
    c.done(sheet["得分总表"], names("test_date", "duration_s", "validity_reason", "missing_n", why="items"), 20 * len(mine))

    # -- who is to be talked to
    rows, c = book.table(sheet["预警名单"]), new()
    wanted = list_members(truth, mine)
    order, cases = [], {}
    for i, line in enumerate(rows, 1):
        s = truth.by_id[line["student_code"]]
        c.person(i, line, s)
        c.seen |= {"student_code", "due_by", "submitted_at"}
        verify = line["critical_hit"] == c.word(CRITICAL["verify"])
        if not verify:
            c.same(i, "critical_hit", line["critical_hit"], c.word(CRITICAL[s["critical"]]) if s["critical"] else "")
            c.rules(i, "rules_text", line["rules_text"], s)
            c.score_words(i, "key_scores", line["key_scores"], s)
            hours = {"urgent": 24, "review": 72, "unanswered": 72}.get(s["critical"])
            if hours:
                c.compared += 1
                if abs(float(line["due_by"]) - float(line["submitted_at"]) - hours / 24) > 1e-6:
                    c.wrong.append((i, "due_by", line["due_by"], line["submitted_at"]))
        if "to_next_tier" in line:
            c.score_words(i, "to_next_tier", line["to_next_tier"], s)
        c.empty(i, line, FILL + ("status",))
        cases[line["student_code"]] = line["case_id"]
        c.seen.add("case_id")
        rank = {"urgent": 0, "review": 1}.get(s["critical"], 1 if verify else 2 if s["critical"] else 3)
        order.append((rank, -int(s["tier"] or 0) if rank == 3 else 0))
    shown = {r["student_code"] for r in rows}
    extra = {r["student_code"] for r in rows if r["critical_hit"] == c.word(CRITICAL["verify"])}
    expect(f"{where}: whoever has a tier or a critical item is on the list", wanted <= shown and shown - wanted <= extra and
                  len(shown) == len(rows) and rows, (len(wanted - shown), [{k: truth.by_id[x][k] for k in ("status", "tier", "tier_upper", "rules", "undecided")}
                                    for x in shown - wanted - extra]))
    expect(f"{where}: the most urgent first", [o[0] for o in order] == sorted(o[0] for o in order) and
                  [o for o in order if o[0] == 3] == sorted(o for o in order if o[0] == 3), order[:5])
    c.done(sheet["预警名单"], names("items_to_ask", "validity_reason", "suggested_action", why="items"), 5 * len(rows))

    rows, c = book.table(sheet["跟进台账"]), new()
    for i, line in enumerate(rows, 1):
        s = truth.by_id[line["student_code"]]
        c.person(i, line | {"tier_auto": line["tier_auto"] or c.word(TIER[""])}
                 if s["tier"] == "" and s["status"] not in ("no_consent", "absent") else line, s)
        c.same(i, "case_id", line["case_id"], cases.get(line["student_code"]))
        c.same(i, "seq", line["seq"], 1)
        c.empty(i, line, FILL)
        c.seen |= {"student_code"}
    expect(f"{where}: the ledger follows the list", [r["student_code"] for r in rows] == list(cases), len(rows))
    c.done(sheet["跟进台账"], names("opened_on", "origin", "status", "mode", why="words"), 5 * len(rows))

    if "复测名单" in sheet:
        rows, c = book.table(sheet["复测名单"]), new()
        for i, line in enumerate(rows, 1):
            s = truth.by_id[line["student_code"]]
            c.person(i, line, s)
            c.seen |= {"student_code"}
            if line["student_code"] not in extra:
                c.same(i, "critical_first", line["critical_first"] == c.word(("无", "no")), s["critical"] not in ("urgent", "review"))
            c.seen.add("critical_first")
            if line["student_code"] in cases or line["case_id"]:
                c.same(i, "case_id", line["case_id"], cases.get(line["student_code"], line["case_id"]))
            c.seen.add("case_id")
            c.empty(i, line, FILL)
        shown = [r["student_code"] for r in rows]
        again = {s["student"] for s in mine if s["status"] in ("invalid", "retest", "incomplete", "doubtful") or
                 (s["tier"] == "0" and s["tier_upper"] not in ("", "0"))}
        expect(f"{where}: who is to be tested again", len(shown) == len(set(shown)) and again <= set(shown) and
                      set(shown) - again <= extra | {s["student"] for s in mine if s["status"] == "absent"}, (len(shown), len(again)))
        c.done(sheet["复测名单"], names("first_date", "reason", "reason_value", "items_to_ask", why="items"), 5 * len(rows))

    if "未测名单" in sheet:
        rows, c = book.table(sheet["未测名单"]), new()
        for i, line in enumerate(rows, 1):
            s = truth.by_id[line["student_code"]]
            c.person(i, line, s)
            c.seen |= {"student_code"}
            r = s["roster"]
            why = (("非应测：" + r["非应测原因"], "exempt: " + r["非应测原因"]) if s["exempt"] else
                   ("不同意", "no consent") if s["status"] == "no_consent" and r["知情同意"] == "不同意" else
                   ("同意书未回", "consent not returned") if s["status"] == "no_consent" else
                   ("未作答（原因待查）", "no answers (reason unknown)"))
            c.same(i, "reason", line["reason"], c.word(why))
            c.empty(i, line, FILL)
        expect(f"{where}: who did not take part", sorted(r["student_code"] for r in rows) ==
                      sorted(s["student"] for s in mine if s["status"] in ("absent", "no_consent")), len(rows))
        c.done(sheet["未测名单"], {}, 5 * len(rows))

    participation(checks, where, book, truth, sheet["参测情况"], mine)

    # -- the mean profile of the list beside everybody's
    rows, c = book.table(sheet["名单剖面"]), new()
    labels = {label: scale for scale, label in truth.labels[lang].items()}
    on_list = [truth.by_id[i] for i in cases]
    for i, line in enumerate(rows, 1):
        scale = labels[line["scale"]]
        low, high = RANGES.get(scale, (0, 10))
        c.seen |= {"scale"}
        c.same(i, "range", line["range"], f"{low}–{high}")
        for who, some in (("listed", on_list), ("school", mine)):
            m = truth.about(some, scale)
            c.same(i, who + "_n", line[who + "_n"], m["n"])
            if m["n"] < SMALL:
                c.same(i, who + "_mean", line[who + "_mean"] in ("*", "—"), True)
                c.same(i, who + "_share", line[who + "_share"] in ("*", "—"), True)
            else:
                c.number(i, who + "_mean", line[who + "_mean"], m["mean"], 2)
                c.number(i, who + "_share", line[who + "_share"], (m["mean"] - low) / (high - low), 4)
    c.done(sheet["名单剖面"], {}, 6)

    # -- classes
    groups = by_class(mine)
    c = new()
    rows = book.table(sheet["班级汇总"])
    expect(f"{where}: classes, grades, the school", len(rows) == len(groups), (len(rows), len(groups)))
    for i, line in enumerate(rows, 1):
        some, grade = group_of(c, i, line, groups)
        counts = truth.counts(some)
        for key in line:
            if key in ("due", "tested", "valid"):
                c.same(i, key, line[key], counts[key])
            elif re.fullmatch(r"tier_\d_n", key):
                c.same(i, key, line[key], "—" if counts["tested"] == 0 else "*" if counts["tested"] < SMALL else counts[key])
            elif re.fullmatch(r"tier_\d_rate", key):
                rated(c, i, key, line[key], counts[key], counts["valid"], 4)
            elif "." in key:
                scale, part = key.rsplit(".", 1)
                if line["class"] in (c.word(CLASSES), "") and part in ("grade_mean", "diff"):
                    c.same(i, key, line[key], "")
                else:
                    moment(c, i, key, line[key], truth.about(some, scale), truth.about(grade, scale), part)
    c.done(sheet["班级汇总"], {}, 20)
    c = new()
    rows = book.table(sheet["班级量表"])
    n_classes = sum(g[1] is not None for g in groups)
    n_scales = sum(any(s["battery"] in used for s in mine) for _, used in battery_scales(truth))
    expect(f"{where}: each class on each scale", len(rows) == n_classes * n_scales, (len(rows), n_classes, n_scales))
    for i, line in enumerate(rows, 1):
        scale = labels[line["scale"]]
        c.seen.add("scale")
        some, grade = group_of(c, i, line, groups)
        m, g = truth.about(some, scale), truth.about(grade, scale)
        for key in ("n", "mean", "sd", "median", "high_n", "high_rate", "grade_mean", "diff"):
            if key.startswith("high") and scale not in CUTS:
                c.same(i, key, line[key], "—")
            else:
                moment(c, i, key, line[key], m, g, key)
    c.done(sheet["班级量表"], {}, 50)


def battery_scales(truth):
    uses = {"primary": ("mht",), "junior": ("mht", "phq9", "gad7"), "senior": ("mht", "phq9", "gad7", "sds")}
    for scale in truth.scales:
        yield scale, {b for b, some in uses.items() if scale.split(".")[0] in some}


def by_class(students):
    """[(grade, class, students)], class None for a whole grade, both None for everybody."""
    out = []
    for grade in sorted({s["grade"] for s in students}, key=int):
        of = [s for s in students if s["grade"] == grade]
        out += [(grade, name, [s for s in of if s["class"] == name]) for name in sorted({s["class"] for s in of})]
        out.append((grade, None, of))
    return out + [(None, None, students)]


def group_of(c, row, line, groups):
    c.seen |= {"grade", "class"}
    if line["grade"] == c.word(SCHOOL):
        return groups[-1][2], groups[-1][2]
    name = None if line["class"] == c.word(CLASSES) else line["class"]
    some = next((g[2] for g in groups if g[0] == line["grade"] and g[1] == name), None)
    if some is None:
        c.wrong.append((row, "no such class", line))
    return some or [], next(g[2] for g in groups if g[0] == line["grade"] and g[1] is None)


def rated(c, row, key, shown, wanted, n, decimals):
    if n == 0:
        c.same(row, key, shown, "—")
    elif n < SMALL:
        c.same(row, key, shown, "*")
    else:
        c.number(row, key, shown, wanted, decimals)


def moment(c, row, key, shown, own, grade, part):
    if part == "n":
        c.same(row, key, shown, own["n"])
    elif part == "diff":
        both = own["n"] > 0 and grade["n"] > 0
        rated(c, row, key, shown, own["mean"] - grade["mean"] if both else None, min(own["n"], grade["n"]), 2)
    elif part == "grade_mean":
        rated(c, row, key, shown, grade.get("mean"), grade["n"], 2)
    elif part == "high_n":
        rated(c, row, key, shown, own["high_n"], own["n"], 0)
    elif part == "high_rate":
        rated(c, row, key, shown, own["high_rate"], own["n"], 4)
    else:
        rated(c, row, key, shown, own.get(part), own["n"], 2)


def participation(checks, where, book, truth, sheet, mine):
    c = Compare(checks, where, book, truth, False)
    groups = by_class(mine)
    rows = book.table(sheet)
    expect(f"{where}: participation of classes, grades, the school", len(rows) == len(groups), (len(rows), len(groups)))
    for i, line in enumerate(rows, 1):
        counts = truth.counts(group_of(c, i, line, groups)[0])
        for key in set(line) - {"grade", "class"}:
            if isinstance(counts[key], tuple):
                c.number(i, key, line[key], counts[key], 4)
            else:
                c.same(i, key, line[key], counts[key])
    c.done(sheet, {}, 20)


def outcome_line(c, row, line, counts):
    for key in line:
        if key in counts and isinstance(counts[key], (tuple, float)):
            c.number(row, key, line[key], counts[key], 4)
        elif key in counts:
            c.same(row, key, line[key], counts[key])


def stage_of(some):
    return {1 if int(s["grade"]) <= 6 else 2 if int(s["grade"]) <= 9 else 3 for s in some}


def sex_sheet(checks, where, book, truth, sheet, students, whole):
    c = Compare(checks, where, book, truth, True)
    for i, line in enumerate(book.table(sheet), 1):
        some = students
        if line["stage"] != c.word(whole):
            some = [s for s in some if s["grade"] == line["grade"]]
            c.same(i, "stage", line["stage"], c.word(STAGE[stage_of(some).pop()]) if some else "?")
            c.seen.add("grade")
        if line["sex"] != c.word(ALL):
            some = [s for s in some if c.word(SEX[s["sex"]]) == line["sex"]]
            c.seen.add("sex")
        if not some:
            c.wrong.append((i, "nobody", line))
        outcome_line(c, i, line, truth.counts(some))
    c.done(sheet, {}, 20)


def schools_sheet(checks, where, book, truth, sheet):
    c = Compare(checks, where, book, truth, True)
    codes = []
    for i, line in enumerate(book.table(sheet), 1):
        some = truth.students
        if line["school"] != c.word(DISTRICT):
            some = truth.school(line["school"])
            codes.append(line["school"])
            c.same(i, "school_name", line["school_name"], some[0]["roster"]["学校名称"])
            c.same(i, "stage", line["stage"], c.word(STAGE[stage_of(some).pop()]))
            c.seen.add("school")
        outcome_line(c, i, line, truth.counts(some))
    expect(f"{where}: schools in the order of their codes", codes == sorted({s["school"] for s in truth.students}), codes)
    c.done(sheet, names("area", "interviewed", "interviewed_rate", "referred", "suppressed", why="district"), 20)


def district_book(checks, where, book, truth, names_of):
    sheet = {names_of.get(s, s): s for s in book.order}
    schools_sheet(checks, where, book, truth, sheet["学校汇总"])
    sex_sheet(checks, where, book, truth, sheet["年级性别"], truth.students, DISTRICT)
    lang = book.language

    c = Compare(checks, where, book, truth, True)
    labels = {label: scale for scale, label in truth.labels[lang].items()}
    told = set()
    for i, line in enumerate(book.table(sheet["量表均值"]), 1):
        scale, some = labels[line["scale"]], truth.students
        told.add((scale, line["grade"] if line["stage"] != c.word(DISTRICT) else None, line["sex"]))
        c.seen |= {"scale", "stage", "grade", "sex"}
        c.same(i, "max", line["max"], RANGES.get(scale, (0, 10))[1])
        if line["stage"] != c.word(DISTRICT):
            some = [s for s in some if s["grade"] == line["grade"]]
        if line["sex"] != c.word(ALL):
            some = [s for s in some if c.word(SEX[s["sex"]]) == line["sex"]]
        m = truth.about(some, scale)
        c.same(i, "n", line["n"], m["n"])
        for key in ("mean", "sd", "median", "p25", "p75"):
            if m["n"] == 0:
                c.same(i, key, line[key], "—")
            elif m["n"] < SMALL:
                c.same(i, key, line[key], "*")
            else:
                c.number(i, key, line[key], m[key], 2)
        if scale in CUTS:
            c.same(i, "cut", line["cut"], f"≥ {CUTS[scale]}")
            c.same(i, "high", line["high"], m["high"])
            c.number(i, "high_rate", line["high_rate"], m["high_rate"], 4)
        else:
            c.same(i, "high", line["high"], "")
            c.same(i, "high_rate", line["high_rate"], "")
    sexes = {c.word(ALL), *(c.word(SEX[s["sex"]]) for s in truth.students)}  # groups somebody of whom has a score, no other
    for scale in {t[0] for t in told}:
        for grade in {s["grade"] for s in truth.students}:
            for sex in sexes:
                some = [s for s in truth.students if s["grade"] == grade and sex in (c.word(ALL), c.word(SEX[s["sex"]]))]
                c.same(0, f"{scale} {grade} {sex}", (scale, grade, sex) in told, truth.about(some, scale)["n"] > 0)
    c.done(sheet["量表均值"], names("use", "reference", "ref_source", why="words"), 500)

    c = Compare(checks, where, book, truth, True)
    valid = sum(s["valid"] for s in truth.students)
    seen = set()
    for i, line in enumerate(book.table(sheet["规则命中"]), 1):
        some = [s for s in truth.students if line["rule"] in s["fired"]]
        seen.add(line["rule"])
        c.seen |= {"rule", "text"}
        c.same(i, "fired", line["fired"], len(some))
        c.same(i, "fired_valid", line["fired_valid"], sum(s["valid"] for s in some))
        c.number(i, "share_valid", line["share_valid"], (sum(s["valid"] for s in some), valid), 4)
        c.same(i, "unique_n", line["unique_n"], sum(len(s["fired"]) == 1 for s in some))
    expect(f"{where}: every rule that found somebody", {r for s in truth.students for r in s["fired"]} <= seen, seen)
    c.done(sheet["规则命中"], names("tier", why="words"), 10)

    c = Compare(checks, where, book, truth, True)
    for i, line in enumerate(book.table(sheet["学校比较"]), 1):
        some = truth.school(line["school"])
        counts = truth.counts(some)
        c.seen |= {"school"}
        c.same(i, "school_name", line["school_name"], some[0]["roster"]["学校名称"])
        c.same(i, "stage", line["stage"], c.word(STAGE[stage_of(some).pop()]))
        c.same(i, "valid", line["valid"], counts["valid"])
        c.same(i, "found", line["found"], counts["any_valid"])
        c.number(i, "participation", line["participation"], counts["participation"], 4)
        c.number(i, "rate", line["rate"], counts["any_rate"], 4)
    c.done(sheet["学校比较"], names("battery", "standardised", "low_95", "high_95", "low_998", "high_998", "place", why="district"), 8)

    c = Compare(checks, where, book, truth, True)
    for i, line in enumerate(book.table(sheet["未测与无效"]), 1):
        some = truth.students if line["school"] == c.word(DISTRICT) else truth.school(line["school"])
        whole = line["grade"] == c.word(ALL)
        if not whole:
            some = [s for s in some if s["grade"] == line["grade"]]
        c.seen |= {"school", "grade", "school_name"}
        outcome_line(c, i, line, truth.counts(some))
        reason = lambda text: sum(s["exempt"] and s["roster"]["非应测原因"] == text for s in some)
        consent = lambda text, tested: sum(not s["exempt"] and s["tested"] == tested and s["roster"]["知情同意"] in text for s in some)
        part = line["school"] != c.word(DISTRICT) and not whole
        told = {"leave": reason("请假"), "exempt_refused": reason("不同意"), "excused": reason("免测") + reason(""),
                "refused": consent(("不同意",), False), "not_returned": consent(("未回",), False),
                "absent": consent(("同意",), False), "no_consent": consent(("不同意", "未回"), True)}
        told["exempt_other"] = sum(s["exempt"] for s in some) - told["leave"] - told["exempt_refused"] - told["excused"]
        for key, wanted in told.items():
            c.same(i, key, line[key], "" if part else wanted)
        why = [line[k] for k in ("validity_scale", "validity_rule", "careless", "retest_other", "not_given", "blanks", "no_consent")]
        if not part and "*" not in why:
            c.same(i, "the reasons add up", sum(map(int, why)), line["not_counted"])
    c.done(sheet["未测与无效"], names("validity_scale", "validity_rule", "careless", "retest_other", "not_given", "blanks", why="items"), 100)


def key_list(checks, where, book, truth, names_of):
    sheet = next(s for s in book.order if names_of.get(s, s) == "区级重点名单")
    c = Compare(checks, where, book, truth, False)
    rows = book.table(sheet)
    who = {(s["school"], s["grade"], s["class"], s["roster"]["姓名"], s["roster"]["学籍号"][-4:]): s for s in truth.students}
    found = []
    for i, line in enumerate(rows, 1):
        tail = line["code_tail"].zfill(4)
        s = who.get((line["school"], line["grade"], line["class"], line["name"], tail))
        if s is None:
            c.wrong.append((i, "nobody", line))
            continue
        found.append(s["student"])
        c.person(i, line, s)
        c.seen |= {"code_tail"}
        c.rules(i, "rules_text", line["rules_text"], s)
        c.empty(i, line, FILL)
    expect(f"{where}: the worst tier and nobody else", sorted(found) == sorted(s["student"] for s in truth.students if s["tier"] == "3")
                  and found, len(found))
    c.done(sheet, names("due_by", why="items"), 5)


def sealed_book(checks, where, book, truth, names_of):
    sheet = next(s for s in book.order if names_of.get(s, s) == "密封名单")
    c = Compare(checks, where, book, truth, False)
    for i, line in enumerate(book.table(sheet), 1):
        s = truth.by_id[line["student"]]
        c.person(i, line, s)
        c.seen.add("student")
        c.same(i, "without consent, with answers", (s["status"], s["tested"]) == ("no_consent", True), True)
        c.same(i, "status_reason", line["status_reason"],
               c.word(("未同意", "consent refused") if s["roster"]["知情同意"] == "不同意" else ("知情同意未回复", "consent not answered")))
        c.empty(i, line, FILL)
    c.done(sheet, names("critical_class", "due_by", "opened_on", "action", why="items"), 5)


def care_file(checks, where, cells, language, truth, code, names_of):
    """A class teacher's file: who is done, who needs care."""
    sheet = next(s for s in cells if names_of.get(s, s) == "班级关怀")
    rows = sorted({r for (r, _), text in cells[sheet].items() if r > 1 and plain(text)})
    mine, shown = truth.school(code), []
    listed = list_members(truth, mine)
    for row in rows:
        shown.append(tuple(plain(cells[sheet].get((row, column))) for column in "ABCDE"))
    first = shown[0][:2] if shown else None
    words = lambda zh, en: (zh, en)[language]
    done = lambda s: words("不参加", "not due") if s["status"] == "no_consent" or s["exempt"] else \
        words("是", "yes") if s["tested"] else words("否", "no")
    of = [s for s in mine if (s["grade"], s["class"]) == first]
    compare = lambda s: (s["grade"], s["class"], s["roster"]["姓名"], done(s))
    expect(f"{where}: the class, and who is done", sorted(r[:4] for r in shown) == sorted(map(compare, of)) and of,
                  sorted(set(r[:4] for r in shown) ^ set(map(compare, of)))[:3])
    need = [r[2] for r in shown if r[4] == words("需关注", "needs care")]
    wanted = [s["roster"]["姓名"] for s in of if s["student"] in listed]
    expect(f"{where}: who needs care", sorted(need) == sorted(wanted) or set(wanted) <= set(need), (len(need), len(wanted)))
    checks.cells[where.split(":")[0]] = checks.cells.get(where.split(":")[0], 0) + 5 * len(shown)


def dossier_book(checks, where, book, truth, student, names_of):
    sheet = {names_of.get(s, s): s for s in book.order}
    s = truth.by_id[student]
    labels = {label: scale for scale, label in truth.labels[book.language].items()}
    c = Compare(checks, where, book, truth, False)
    rows = book.table(sheet["测评记录"])
    shown = set()
    for i, line in enumerate(rows, 1):
        scale = labels[line["scale"]]
        shown.add(scale)
        c.person(i, line, s)
        c.seen.add("scale")
        c.same(i, "scale_version", line["scale_version"].split("@")[0], scale.split(".")[0])
        c.same(i, "score", line["score"], s[scale])
        c.same(i, "answered", line["answered"], s[scale + ".answered"])
        c.same(i, "score_status", line["score_status"], {"scored": c.word(("已计分", "scored")), "not_scored": c.word(("未计分", "not scored")),
                                                         "prorated": c.word(("折算", "prorated")), "not_given": c.word(("未施测", "not given"))}[s[scale + ".status"]])
        c.same(i, "band", bool(line["band"]), s.get(scale + ".band", "") != "")
        values = {k.split(".", 2)[2]: v for k, v in s.items() if isinstance(v, str) and k.startswith(scale + ".") and "@" in k and ".band" not in k and ".mark" not in k and v}
        parts = {METRIC[words.strip()] + "@" + norm: number for words, norm, number in
                 re.findall(r"(\w+|\w+（[^（]+）) ?[（(](\w+)[）)] (-?[\d.]+)", line["standard"])}
        c.same(i, "standard", sorted(parts), sorted(values))
        for k in set(parts) & set(values):
            c.number(i, "standard", parts[k], Fraction(values[k]), 2)
    expect(f"{where}: every scale of the student", shown == {x for x in truth.scales if s[x + ".status"] != ""}, len(shown))
    c.done(sheet["测评记录"], names("date", "rule_version", "interval", why="words"), 20)
    c = Compare(checks, where, book, truth, False)
    for i, line in enumerate(book.table(sheet["等级历程"]), 1):
        c.person(i, line, s)
        c.same(i, "tier_rank", line["tier_rank"], s["tier"])
        c.rules(i, "rules_text", line["rules_text"], s)
        c.empty(i, line, ("tier_final", "reviewed_by", "reviewed_on"))
    c.done(sheet["等级历程"], names("date", "legend", "since_before", why="words"), 5)


def critical_book(checks, where, book, lines, names_of):
    """The list of a testing day is what the program printed, line by line."""
    sheet = next(s for s in book.order if names_of.get(s, s) == "重点题名单")
    rows = book.table(sheet)
    flag = {"urgent": CRITICAL["urgent"], "review": CRITICAL["review"], "unanswered": ("重点题缺答", "item blank")}
    days = lambda text: (datetime.datetime.fromisoformat(text) - datetime.datetime(1899, 12, 30)) / datetime.timedelta(days=1)
    wrong = [] if len(rows) == len(lines) else [("lines", len(rows), len(lines))]
    for i, (line, printed) in enumerate(zip(rows, lines), 1):
        good = (line["no"] == str(i) and line["critical_hit"] == flag[printed["class"]][book.language] and
                line["school"] == plain(printed["school"]) and line["grade"] == printed["grade"] and
                line["class"] == plain(printed["class_name"]) and line["student_code"] == plain(printed["student"]) and
                abs(float(line["due_by"]) - days(printed["due"])) < 1e-6 and abs(float(line["submitted_at"]) - days(printed["submitted_at"])) < 1e-6
                and line["row"] == printed["row"] and printed["file"].endswith(line["file"]))
        if not good:
            wrong.append((line, printed))
    expect(f"{where}: what was printed, line by line", rows and not wrong, wrong[:2])
    checks.cells[where.split(":")[0]] = checks.cells.get(where.split(":")[0], 0) + 10 * len(rows)
