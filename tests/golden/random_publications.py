"""Random districts published twice: can a reader who has both files work out a small number?

Schools of all sizes (a giant beside hamlets, one alone, two, one grade), invalid papers, and then some pupils more or
other answers of some. What the reader has is published.csv of both runs, every sum that they print, and that whoever was
counted is counted again: unknowns with bounds, narrowed row by row until nothing changes. The truth
is counted from scores.csv. A number that must be hidden may not have one value only, and must be able to be five (or as many as
there are); of few who came, no number may be known.

    random_publications.py PROGRAM [--districts N] [--first SEED]"""
import collections
import pathlib
import random
import subprocess
import sys
import tempfile

import twice_plan
from csv_file import read, write

PLAN = twice_plan.HEAD + twice_plan.TIERS + """outputs: {small_cell: 5}
"""
HEAD = ["id", "school", "grade", "class", "sex"]
TIERS = ("tier3", "tier2", "tier1")
OUTCOMES = [f"{t}.{k}" for t in (*TIERS, "any") for k in ("listed", "valid")] + ["critical", "not_judged", "retest"]
REASONS = {"exempt": ("exempt.leave", "exempt.exempt", "exempt.refused", "exempt.other"),
           "absent": ("absent.refused", "absent.pending", "absent.absent"),
           "invalid": ("invalid.scale", "invalid.rule", "invalid.signs", "invalid.other", "invalid.not_given", "invalid.blanks",
                       "invalid.consent")}
LEAST = 5


def option(name, default):
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


def run(program, folder, name, pupils, answers, *options):
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    write(folder / "roster.csv", [HEAD, *pupils])
    write(folder / "answers.csv", [[*HEAD, *[f"P{i}" for i in range(1, 10)]], *[[*p, *answers[p[0]]] for p in pupils if p[0] in answers]])
    done = subprocess.run([program, "score", "-q", *options, "--plan", folder / "plan.yaml", "--roster", folder / "roster.csv",
                           "--out", folder / name, folder / "answers.csv"], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{name}: exit {done.returncode} {done.stderr[-300:]}")
    numbers = {(r["sheet"], r["row"], r["figure"]): r["value"] for r in read(folder / name / "published.csv")}
    return numbers, count(read(folder / name / "scores.csv"))


def count(students):
    """Tiers by school, by grade and sex: on the list, and of these in V (never a paper that does not count)."""
    out = collections.Counter()
    for student in students:
        if student["tier"] in ("", "0"):
            continue
        sex = {"male": "1", "female": "2"}[student["sex"]]
        for line in (("school", student["school"]), ("district", ""), ("grade", student["grade"] + "/255"), ("grade", f"{student['grade']}/{sex}")):
            for tier in ("tier" + student["tier"], "any"):
                out[(*line, tier + ".listed")] += 1
                out[(*line, tier + ".valid")] += student["status"] in ("valid", "doubtful")
    return out


class Reader:
    """Unknowns with bounds, and rows of them that add up to nothing."""

    def __init__(self):
        self.low, self.high, self.rows, self.at = [], [], [], {}

    def unknown(self, name, low, high):
        self.at[name] = len(self.low)
        self.low.append(low)
        self.high.append(high)

    def balance(self, *terms):
        """(sign, name or number), ..."""
        row = [(s, self.at[n]) for s, n in terms if not isinstance(n, int)]
        self.rows.append((row, -sum(s * n for s, n in terms if isinstance(n, int))))

    def solve(self):
        low, high = self.low, self.high
        changed, passes = True, 0
        while changed and passes < 200:
            changed, passes = False, passes + 1
            for row, value in self.rows:
                least = sum(low[k] if s > 0 else -high[k] for s, k in row)
                most = sum(high[k] if s > 0 else -low[k] for s, k in row)
                assert least <= value <= most, "the files contradict each other"
                for s, k in row:
                    a = value - most + (high[k] if s > 0 else -low[k])
                    b = value - least + (low[k] if s > 0 else -high[k])
                    a, b = (a, b) if s > 0 else (-b, -a)
                    if a > low[k] or b < high[k]:
                        new = max(a, low[k]), min(b, high[k])
                        least += (new[0] - low[k]) if s > 0 else high[k] - new[1]
                        most -= (high[k] - new[1]) if s > 0 else new[0] - low[k]
                        low[k], high[k] = new
                        changed = True


def base_of(numbers, sheet, row, figure):
    target, exempt, tested, valid = (int(numbers[sheet, row, k]) for k in ("target", "exempt", "tested", "valid"))
    kind = figure.split(".")[0]
    return (exempt if kind == "exempt" else target - exempt - tested if kind == "absent" else
            tested - valid if kind == "invalid" or figure == "retest" else valid if figure.endswith(".valid") else tested)


def known(reader, time, numbers):
    """One publication: its numbers, and what adds up to what."""
    lines = []
    for sheet, row, _ in numbers:
        if sheet in ("school", "grade", "district", "untested", "untested all") and (sheet, row) not in lines:
            lines.append((sheet, row))
    figures = {line: [f for s, r, f in numbers if (s, r) == line and f not in ("target", "exempt", "tested", "valid")] for line in lines}
    for line in lines:
        for figure in figures[line]:
            value, most = numbers[(*line, figure)], base_of(numbers, *line, figure)
            reader.unknown((time, *line, figure), *((0, most) if value == "*" else (int(value), int(value))))
        if "any.listed" in figures[line]:
            invalid = base_of(numbers, *line, "retest")
            for kind in ("listed", "valid"):
                reader.balance((-1, (time, *line, f"any.{kind}")), *[(1, (time, *line, f"{t}.{kind}")) for t in TIERS])
            for t in (*TIERS, "any"):
                reader.unknown((time, *line, f"{t}.rest"), 0, invalid)
                reader.balance((-1, (time, *line, f"{t}.listed")), (1, (time, *line, f"{t}.valid")), (1, (time, *line, f"{t}.rest")))
        else:
            for kind, reasons in REASONS.items():
                reader.balance((-1, base_of(numbers, *line, reasons[0])), *[(1, (time, *line, f)) for f in reasons])

    def total(whole, parts):
        for figure in figures[whole] if parts else ():
            reader.balance((-1, (time, *whole, figure)), *[(1, (time, *part, figure)) for part in parts])

    total(("district", ""), [l for l in lines if l[0] == "school"])
    grades = [l for l in lines if l[0] == "grade" and l[1].endswith("/255")]
    total(("district", ""), grades)
    for grade in grades:
        total(grade, [l for l in lines if l[0] == "grade" and l != grade and l[1].split("/")[0] == grade[1].split("/")[0]])
    if ("untested all", "") in lines:
        total(("untested all", ""), [l for l in lines if l[0] == "untested"])
        total(("untested all", ""), [l for l in lines if l[0] == "untested all" and l[1]])
    for line in lines:
        there = ("untested", line[1]) if line[0] == "school" else ("untested all", line[1].split("/")[0]) if line[1].endswith("/255") else \
            ("untested all", "") if line[0] == "district" else None
        if there in lines and "retest" in figures[line]:
            reader.balance((-1, (time, *line, "retest")), *[(1, (time, *there, f)) for f in REASONS["invalid"][:4]])
    return lines, figures


def both(reader, lines, before, now):
    """Whoever was counted is counted again: of those who came a number grew by at most as many. Returns names of growths."""
    grown = {}
    for line in lines:
        for figure in OUTCOMES if ("any.listed" in {f for s, r, f in now if (s, r) == line}) else ():
            if (*line, figure) not in before or figure in ("not_judged", "retest"):
                continue
            base = "valid" if figure.endswith(".valid") else "tested"
            came = int(now[(*line, base)]) - int(before[(*line, base)])
            reader.unknown(("more", *line, figure), 0, came)
            reader.balance((-1, (2, *line, figure)), (1, (1, *line, figure)), (1, ("more", *line, figure)))
            grown["more", *line, figure] = came
    return grown


def is_small(value, base):
    return 0 < base < LEAST or 0 < value < LEAST or (base > 0 and base - value < LEAST)


def attack(what, numbers, truth, reader, time, lines, figures):
    """What is found of one of the publications; how many numbers were hidden."""
    found, hidden = [], 0
    for line in lines:
        for figure in figures[line]:
            told = figure.endswith((".listed", ".valid"))
            if numbers[(*line, figure)] != "*":
                shown = int(numbers[(*line, figure)])
                if 0 < shown < LEAST:
                    found.append(f"{what} {line} {figure}: {shown} is shown")
                if told and shown != truth[(*line, figure)]:
                    found.append(f"{what} {line} {figure}: {shown} is shown, {truth[(*line, figure)]} are there")
                continue
            hidden += 1
            if not told:
                continue
            k, value, base = reader.at[(time, *line, figure)], truth[(*line, figure)], base_of(numbers, *line, figure)
            assert reader.low[k] <= value <= reader.high[k], "the reader is wrong"
            if value > 0 and is_small(value, base) and (reader.low[k] == reader.high[k] or reader.high[k] < min(LEAST, base)):
                found.append(f"{what} {line} {figure}: {value} of {base}, found {reader.low[k]}..{reader.high[k]}")
    return found, hidden


def draw(r):
    kind = r.randrange(6)
    sizes = [[r.randint(40, 300)], [r.randint(30, 150), r.randint(5, 90)], [400, *[r.randint(3, 40) for _ in range(r.randint(2, 5))]],
             [r.randint(8, 30) for _ in range(12)], [r.randint(30, 80) for _ in range(5)], [r.randint(60, 160) for _ in range(3)]][kind]
    grades = [7] if r.random() < 0.2 else [7, 8, 9] if r.random() < 0.6 else [5, 6, 7, 8]
    pupils = [[f"s{len(sizes)}-{k}-{i}", f"S{k}", r.choice(grades), 1, r.choice("mf")] for k, n in enumerate(sizes) for i in range(n)]
    answers = {}
    share = r.choice([0.03, 0.1, 0.3])
    for p in pupils:
        if r.random() > 0.06:
            level = r.choice([1, 2, 3]) if r.random() < share else 0
            answers[p[0]] = [r.choice([level, level, max(0, level - 1)]) if r.random() < 0.995 else "" for _ in range(9)]
            if r.random() < 0.05:
                answers[p[0]][r.randrange(9):] = [""] * 9
                answers[p[0]] = answers[p[0]][:9]
    return pupils, answers


def main():
    program, first, n = sys.argv[1], option("--first", 0), option("--districts", 24)
    bad, hidden, held, refused = [], 0, 0, 0
    for seed in range(first, first + n):
        r = random.Random(seed)
        pupils, answers = draw(r)
        late = set(r.sample(sorted(answers), min(len(answers) - 1, r.choice([1, 2, 5, len(answers) // 4]))))
        early = {k: v for k, v in answers.items() if k not in late}
        only_more = r.random() < 0.7
        if not only_more:  # corrected, not come
            early = {**answers, **{k: [r.randint(0, 3) for _ in range(9)] for k in late}}
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            one, truth_of_one = run(program, folder, "one", pupils, early)
            two, truth_of_two = run(program, folder, "two", pupils, answers, "--previous-publication", folder / "one/published.csv")
        reader = Reader()
        of = [known(reader, time, numbers) for time, numbers in ((1, one), (2, two))]
        grown = both(reader, of[1][0], one, two) if only_more else {}
        reader.solve()
        for time, numbers, truth in ((1, one, truth_of_one), (2, two, truth_of_two)):
            found, asterisks = attack(f"district {seed}, publication {time}", numbers, truth, reader, time, *of[time - 1])
            bad += found
            hidden += asterisks
        for more, came in grown.items():
            k = reader.at[more]
            everybody = reader.at["more", "district", "", more[3]]
            none = reader.low[everybody] == reader.high[everybody] == 0 and grown["more", "district", "", more[3]] >= 4 * LEAST
            if 0 < came < LEAST and reader.low[k] == reader.high[k] and not none:
                bad.append(f"district {seed}: {more[1:]} of {came} who came {reader.low[k]} are known")
        held += sum(a == "*" and one.get(k, "*") != "*" for k, a in two.items())
    for text in bad[:40]:
        print("FAILED", text)
    print(f"{n} districts published twice: {hidden} numbers hidden, {held} of them shown before; {len(bad)} worked out")
    return 1 if bad or hidden < 20 * n or held < n else 0


sys.exit(main())
