"""Random plans over the catalogue, with data as people make it: however a district is run, it is the same.

    random_districts.py PROGRAM [FIRST_SEED [HOW_MANY]]

A seed draws questionnaires and who fills them in, batteries, norms, rules, policies, languages and sheets; a district is simulated for
that plan, and its files are spoilt: cells, rows, quotes, lines.  Threads, a budget and the order of rows must change no byte, the other
writer and light compression no cell and no style.  A plan that is refused is refused by the same words each time, and leaves nothing."""
import csv
import filecmp
import io
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile

from expectations import end, expect
from workbook import MAIN

PROGRAM = sys.argv[1]
FIRST, HOW_MANY = (int(a) for a in (sys.argv[2:] + ["1", "8"][len(sys.argv) - 2:])[:2])
# Questionnaire, who may fill it in, a coding where there are several, scores that rules may read.
QUESTIONNAIRES = [
    ("mht", ["self"], None, ["total", "loneliness"]), ("phq9", ["self"], None, ["total"]), ("gad7", ["self"], None, ["total"]),
    ("scl90", ["self"], "1-5", ["dep", "anx"]), ("sds", ["self"], None, ["std"]), ("psqi", ["self"], None, ["global", "c1"]),
    ("sdq", ["self", "parent", "teacher"], None, ["total_difficulties", "prosocial"]), ("rses", ["self"], "0-3", ["total"]),
    ("psc17", ["parent", "self"], None, ["total"]), ("saebrs", ["teacher"], None, ["emotional"]), ("who5", ["self"], None, ["raw"]),
    ("cesd", ["self"], "0-3", ["total"]), ("obvq", ["self"], None, ["victim_global"]), ("ydq8", ["self"], None, ["total"]),
    ("cssrs_screener", ["self"], None, ["triage"]), ("mssmhs", ["self"], "0-4", ["depression"]), ("upi", ["self"], "blank_as_0", ["total"])]
FIELDS = {"student": "学籍号", "school": "学校标识码", "grade": "年级", "class": "班级", "sex": "性别"}
RARE = {"name": "姓名", "submitted_at": "测评时间", "duration": "所用时间"}
ON_ROSTER = {"birth_date": "出生日期", "required": "应测", "exempt_reason": "非应测原因", "consent": "知情同意", "former": "原学籍号"}
SHEETS = ["ledger", "participation", "scores", "profile", "classes", "class_scales", "quality", "dictionary"]
SPOILT = ["", "9", "99", "-1", "1.5", "x", "(跳过)", "是", '"', "a,b", "a\nb", "  1 ", "１", "=1+1", "#N/A", "1e5", "00", "3 ", "(空)", "A"]
SPOILT_FIELDS = ["", "王小明", "９", "x", "7-1", "2026-09-01", "13", "初一"]
# Findings of several rows name the first of them, which another order makes another.
OF_THE_ORDER = {"run.json", "findings.csv", "district.xlsx"}


def words(text):
    return {"en": f"a {text}", "zh": f"某{text}"}


def make_plan(chance):
    chosen = chance.sample(QUESTIONNAIRES, chance.choice([1, 2, 3, 5]))
    uses = {name: {"instrument": name, "informant": chance.choice(who), **({"variant": coding} if coding else {})}
            for name, who, coding, _ in chosen}
    scores = [f"{name}.{score}" for name, _, _, of in chosen for score in of]
    columns = {**FIELDS, **{key: text for key, text in RARE.items() if chance.random() < 0.75}}
    roster = {**FIELDS, "school_name": "学校名称", "name": "姓名",
              **{key: text for key, text in ON_ROSTER.items() if chance.random() < 0.75}}
    if "required" not in roster:
        roster.pop("exempt_reason", None)
    codes = {"sex": {"男": "male", "女": "female"}, "required": {"是": "yes", "否": "no"},
             "consent": {"同意": "yes", "不同意": "no", "未回": "unanswered"}}
    plan = {"format": "psyscreen/plan/1", "id": "drawn", "name": words("plan"), "wave": "2026-a", "as_of": "2026-10-15",
            "identity": chance.choice([{"output": "plain"}, {"output": "pseudonym", "key_file": "district.key", "schools": "names"}]),
            "inputs": {"responses": {"encoding": ["utf-8", "gb18030"], "header_row": 1, "columns": columns, "dates": "ymd",
                                     "codes": {"sex": codes["sex"]},
                                     "missing": {"blank": ["", "(空)"], "skipped": ["(跳过)"]}},
                       "roster": {"encoding": "utf-8", "header_row": 1, "columns": roster, "dates": "ymd",
                                  "codes": {key: codes[key] for key in codes if key in roster}}},
            "uses": uses, "duplicates": chance.choice(["manual", "first", "last", "most_complete"])}
    if "consent" in roster:
        plan["consent"] = {"no_consent": chance.choice(["critical_only", "ignore"]), "unanswered": chance.choice(["refuse", "allow"])}
    if chance.random() < 0.6 and "name" in columns:
        plan["match"] = ["student", ["school", "grade", "class", "name"], ["school", "grade", "class", "name", "sex"]]
    names = list(uses)
    batteries = chance.choice(["none", "all", "by grade", "second"])
    if batteries == "all" or batteries == "second" and len(names) == 1:
        plan["batteries"] = [{"id": "all", "name": words("battery"), "uses": names}]
    elif batteries == "by grade":
        plan["batteries"] = [
            {"id": "low", "name": words("battery"), "when": "student.grade in 4..6", "uses": names[:max(1, len(names) // 2)]},
            {"id": "high", "name": words("battery"), "when": "student.grade in 7..12", "uses": names}]
    elif batteries == "second":
        plan["batteries"] = [{"id": "all", "name": words("battery"), "uses": names[:1],
                              "second": {"when": f"{scores[0]} >= 2", "uses": names[1:]}}]
    if chance.random() < 0.6:
        plan["norms"] = [{"id": f"norm{i}", "scale": score, "metrics": chance.sample(["t", "z", "percentile", "t_blom"], 2),
                          "local": {"by": chance.choice([["stage"], ["stage", "grade"], ["sex", "grade"]]), "min_n": 30,
                                    "below": chance.choice(["pool", "shrink"])}}
                         for i, score in enumerate(chance.sample(scores, min(2, len(scores))))]
    plan["validity"] = {"policy": chance.choice(["default", "none"])}
    if "duration" in columns:
        plan["validity"]["rules"] = [{"id": "fast", "when": "quality.seconds_per_item < 1", "text": words("haste"),
                                      "status": chance.choice(["doubtful", "retest", "invalid"])}]
    rules = []
    for i in range(chance.choice([1, 3, 8])):
        when = f"{chance.choice(scores)} >= {chance.randint(1, 6)}"
        other = f"{chance.choice(scores)} >= {chance.randint(1, 6)}"
        when = chance.choice([when, when, f"{when} and {other}", f"{when} or {other}", f"count({when}, {other}) >= 2"])
        rules.append({"id": f"rule{i}", "rank": chance.choice([1, 2, 3]), "when": when, "text": words(f"rule {i}"),
                      **({"sex": "female"} if chance.random() < 0.2 else {}), **({"grades": "7..9"} if chance.random() < 0.2 else {})})
    plan["tiers"] = {"scheme": "three_first_worst", "rules": rules}
    plan["duty"] = {"urgent": {"hours": 24, "who": "值班员"}, "review": {"hours": 72, "who": "老师"}}
    plan["outputs"] = {"language": chance.choice([["zh"], ["en"], ["zh", "en"]]), "small_cell": chance.choice([3, 5, 10])}
    if chance.random() < 0.3:
        plan["outputs"]["sheets"] = chance.sample(SHEETS, chance.choice([1, 3, 5]))
    return plan


def rows_of(path):
    raw = path.read_bytes()
    try:
        text, encoding = raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = raw.decode("gb18030"), "gb18030"
    return list(csv.reader(io.StringIO(text))), encoding


def write_rows(path, rows, encoding, **how):
    text = io.StringIO()
    csv.writer(text, **how).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def spoil(chance, path):
    (head, *body), encoding = rows_of(path)
    rate = chance.choice([0, 0.002, 0.02, 0.1])
    n_fields = sum(column in {**FIELDS, **RARE}.values() for column in head)
    out = [head]
    for row in body:
        for i in range(len(row)):
            if i >= n_fields and chance.random() < rate:
                row[i] = chance.choice(SPOILT)
            elif head[i] != "性别" and i < n_fields and chance.random() < rate * 0.3:
                row[i] = chance.choice(SPOILT_FIELDS)
        fate = chance.random()
        if fate < rate * 0.2:
            row = row[:chance.randrange(len(row))]
        elif fate < rate * 0.3:
            row = [*row, "1"]
        elif fate < rate * 0.4:
            out.append(list(row))
        elif fate < rate * 0.5:
            out.append([""] * len(row))
        elif fate < rate * 0.55:
            out.append(list(head))
        out.append(row)
    write_rows(path, out, encoding, lineterminator=chance.choice(["\n", "\r\n"]),
               quoting=chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))


def shuffle(chance, source, target):
    target.mkdir()
    for path in source.iterdir():
        if path.is_file():
            shutil.copy(path, target / path.name)
    for path in [*target.glob("responses_*.csv"), target / "roster.csv"]:
        (head, *body), encoding = rows_of(path)
        chance.shuffle(body)
        write_rows(path, [head, *body], encoding, lineterminator="\n")


def files(directory):
    return {str(p.relative_to(directory)): p for p in directory.rglob("*") if p.is_file()}


def differences(a, b, but=frozenset()):
    left, right = files(a), files(b)
    return sorted(left.keys() ^ right.keys()) + sorted(
        name for name in (left.keys() & right.keys()) - but if not filecmp.cmp(left[name], right[name], shallow=False))


def styles(package):
    """What each style of a workbook looks like; their numbers are the writer's own."""
    root = ElementTree.fromstring(package.read("xl/styles.xml"))

    def parts(tag):
        found = root.find(MAIN + tag)
        return [ElementTree.tostring(part) for part in (found if found is not None else [])]

    fonts, fills, borders = parts("fonts"), parts("fills"), parts("borders")
    formats = {f.get("numFmtId"): f.get("formatCode") for f in root.iter(MAIN + "numFmt")}
    return [(fonts[int(x.get("fontId"))], fills[int(x.get("fillId"))], borders[int(x.get("borderId"))],
             formats.get(x.get("numFmtId"), x.get("numFmtId")), [ElementTree.tostring(part) for part in x])
            for x in root.find(MAIN + "cellXfs")]


def content(path):
    """Part -> what a reader sees of it: cells with their values and styles, all else as it stands."""
    with zipfile.ZipFile(path) as package:
        looks, out, shared = styles(package), {}, []
        if "xl/sharedStrings.xml" in package.namelist():
            for item in ElementTree.fromstring(package.read("xl/sharedStrings.xml")):
                shared.append("".join(t.text or "" for t in item.iter(MAIN + "t")))
        for name in package.namelist():
            if name.startswith("xl/worksheets/sheet"):
                for cell in ElementTree.fromstring(package.read(name)).iter(MAIN + "c"):
                    value = cell.find(MAIN + "v")
                    text = value.text if value is not None else "".join(t.text or "" for t in cell.iter(MAIN + "t"))
                    if cell.get("t") == "s":
                        text = shared[int(text)]
                    elif cell.get("t") is None and text:
                        text = float(text)  # libxlsxwriter prints sixteen digits, ours as few as say the same
                    out[name, cell.get("r")] = (text, looks[int(cell.get("s", "0"))])
            elif name.endswith(".xml") and not name.startswith("docProps") and name not in ("xl/sharedStrings.xml", "xl/styles.xml"):
                out[name] = package.read(name)
        return out


def first_difference(a, b):
    for name, path in sorted(files(a).items()):
        if name.endswith(".xlsx"):
            left, right = content(path), content(b / name)
            for key in sorted(left.keys() | right.keys(), key=str):
                if left.get(key) != right.get(key):
                    return name, key, str(left.get(key))[:120], str(right.get(key))[:120]
    return None


def score(given, out, *more):
    done = subprocess.run([str(a) for a in (PROGRAM, "score", "-q", "--plan", given / "plan.yaml", "--roster", given / "roster.csv",
                                            "--out", out, *more, *sorted(given.glob("responses_*")))], capture_output=True, text=True)
    return done.returncode, done.stderr.replace(str(out), "OUT").replace(str(given), "IN")


def look_at(seed, scratch):
    chance = random.Random(seed)
    plan, given = scratch / "plan.yaml", scratch / "in"
    plan.write_text(json.dumps(make_plan(chance), ensure_ascii=False, indent=1), encoding="utf-8")
    made = subprocess.run([PROGRAM, "simulate", "-q", "--plan", plan, "--students", str(chance.choice([12, 40, 150, 400])), "--schools",
                           str(chance.choice([1, 2, 5, 12])), "--seed", str(seed), "--out", given], capture_output=True, text=True)
    if made.returncode != 0:  # a rule that no score can reach, or one against the direction of a scale
        expect(f"{seed}: a refused plan says why", made.returncode == 3 and "error:" in made.stderr, made.stderr[-300:])
        return False
    for path in sorted(given.glob("responses_*.csv")):
        spoil(chance, path)
    if chance.random() < 0.3:
        spoil(chance, given / "roster.csv")
    more = (["--what-if"] if chance.random() < 0.5 else []) + (["--for", "leader,bureau"] if chance.random() < 0.5 else [])
    code, said = score(given, scratch / "one", "--threads", 1, *more)
    expect(f"{seed}: it ends as a run ends", code in (0, 1, 3), f"{code} {said[-300:]}")
    for name, how in (("three", ["--threads", 3]), ("budget", ["--threads", 2, "--memory", "1M"])):
        again = score(given, scratch / name, *how, *more)
        expect(f"{seed} {name}: the same end", again == (code, said), again[1][-300:])
        if code in (0, 1):
            different = differences(scratch / "one", scratch / name)
            expect(f"{seed} {name}: the same bytes", not different, different[:4])
    if code == 3:
        expect(f"{seed}: refused data leave nothing", not (scratch / "one").exists())
        return False
    for how in (["--writer", "reference"], ["--fast"]):
        expect(f"{seed} {how}: the same end", score(given, scratch / how[-1], *how, *more)[0] == code)
        different = [n for n in differences(scratch / "one", scratch / how[-1], {"run.json"}) if not n.endswith(".xlsx")]
        expect(f"{seed} {how}: the same files", not different, different[:4])
        expect(f"{seed} {how}: the same cells", (odd := first_difference(scratch / "one", scratch / how[-1])) is None, odd)
    shuffle(chance, given, scratch / "turned")
    expect(f"{seed} turned: the same end", score(scratch / "turned", scratch / "other", *more)[0] == code)
    different = [n for n in differences(scratch / "one", scratch / "other", OF_THE_ORDER) if not n.startswith("schools/")]
    expect(f"{seed} turned: the same scores and roles", not different, different[:4])
    return True


ran = 0
for seed in range(FIRST, FIRST + HOW_MANY):
    with tempfile.TemporaryDirectory() as folder:
        ran += look_at(seed, pathlib.Path(folder))
expect("most of what was drawn ran to its end", ran * 2 > HOW_MANY, f"{ran} of {HOW_MANY}")
end(f"{ran} of {HOW_MANY} districts ran to their end")
