#!/usr/bin/env python3
"""The quality report of a made-up wave against other programs.

A district is simulated, scored and reported.  From scores.csv and the response files this
script works out who counts and recomputes, in exact rational arithmetic of its own, n, mean,
SD, floor and ceiling of every scale and group; alpha, SEM, item-rest r and alpha if dropped
of every scale.  Where R with the package psych is installed it also computes standardised
alpha, lambda 6, the interval of alpha and omega (from the loadings of a one-factor
maximum-likelihood fit, factanal).

usage: check_wave.py PSYSCREEN PROJECT
"""
import collections
import csv
import fractions
import glob
import io
import math
import os
import shutil
import subprocess
import sys
import tempfile

F = fractions.Fraction
# Exact arithmetic here, two passes of doubles there.
CLOSE = 1e-9
# Our fit stops at a gradient of 1e-11, factanal where its objective moves by 1e-7 or less.
FIT = 2e-4

psyscreen, project = map(os.path.abspath, sys.argv[1:3])
problems = []


def run(*arguments):
    done = subprocess.run([psyscreen, *arguments, "--quiet", "-i", f"{project}/instruments"],
                          capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"{arguments}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def compare(what, ours, theirs, tolerance):
    ours = float(ours) if ours != "" else math.nan
    theirs = float(theirs) if theirs is not None else math.nan
    if math.isnan(ours) and math.isnan(theirs):
        return
    if not abs(ours - theirs) <= tolerance * max(1, abs(theirs)):
        problems.append(f"{what}: {ours!r}, expected {theirs!r}")


def variance(values):
    n, total = len(values), sum(values)
    return (n * sum(v * v for v in values) - total * total) / F(n * (n - 1))


def covariance(a, b):
    n = len(a)
    return (n * sum(x * y for x, y in zip(a, b)) - sum(a) * sum(b)) / F(n * (n - 1))


def root(x):
    return math.sqrt(x.numerator / x.denominator)


# The scored code of each item: (use, {item: reversed?}, codes) as the published keys say.
ITEMS = {
    "mht": (100, 0, 1, set()),
    "phq9": (9, 0, 3, set()),
    "gad7": (7, 0, 3, set()),
    "sds": (20, 1, 4, {2, 5, 6, 11, 12, 14, 16, 17, 18, 20}),
}
COLUMN = {"mht": "MHT_%03d", "phq9": "PHQ9_%d", "gad7": "GAD7_%d", "sds": "SDS_%d"}
SCALES = {
    ("mht", "study_anxiety"): range(1, 16), ("mht", "social_anxiety"): range(16, 26),
    ("mht", "loneliness"): range(26, 36), ("mht", "self_blame"): range(36, 46),
    ("mht", "sensitivity"): range(46, 56), ("mht", "somatic"): range(56, 71),
    ("mht", "phobia"): range(71, 81), ("mht", "impulsivity"): [81, *range(83, 100, 2)],
    ("phq9", "total"): range(1, 10), ("gad7", "total"): range(1, 8), ("sds", "raw"): range(1, 21),
}


def item_score(use, number, text):
    n, low, high, turned = ITEMS[use]
    if text in ("", "(空)", "(跳过)"):
        return None
    code = int(text)
    if not low <= code <= high:
        return None
    return low + high - code if number in turned else code


def in_group(row, group):
    if group == "all":
        return True
    key, value = group.split("=")
    if key == "sex":
        return {"男": "male", "女": "female", "male": "male", "female": "female"}.get(row["sex"]) == value
    grade = int(row["grade"] or 0)
    return {"primary": 1 <= grade <= 6, "junior": 7 <= grade <= 9, "senior": 10 <= grade <= 12}[value]


def reliability(columns):
    """alpha, SEM, and for each item r with the rest and alpha without it; exact but for roots."""
    k = len(columns)
    s = [[None] * k for _ in columns]
    for i in range(k):
        for j in range(i, k):
            s[i][j] = s[j][i] = covariance(columns[i], columns[j])
    total = sum(map(sum, s))
    trace = sum(s[i][i] for i in range(k))
    alpha = F(k, k - 1) * (1 - trace / total)
    items = []
    for i in range(k):
        own, row = s[i][i], sum(s[i])
        rest = total - 2 * row + own
        dropped = (F(k - 1, k - 2) * (1 - (trace - own) / rest)) if k > 2 else None
        items.append((float(row - own) / math.sqrt(float(own) * float(rest)), dropped))
    return alpha, root(total * (1 - alpha)), items


def ask_r(columns, directory):
    """What psych says of these items, or None where it is not installed."""
    if shutil.which("Rscript") is None:
        return None
    path = os.path.join(directory, "items.csv")
    with open(path, "w") as out:
        for row in zip(*columns):
            out.write(",".join(map(str, row)) + "\n")
    script = (
        'if (!suppressWarnings(requireNamespace("psych", quietly=TRUE))) quit(status=77);'
        'A <- read.csv(commandArgs(TRUE)[1], header=FALSE);'
        'a <- suppressWarnings(psych::alpha(A, check.keys=FALSE, warnings=FALSE));'
        'k <- psych::alpha.ci(a$total$raw_alpha, n.obs=nrow(A), n.var=ncol(A), p.val=.05, digits=15);'
        'f <- factanal(covmat=cov(A), factors=1, n.obs=nrow(A), control=list(opt=list(factr=10)));'
        's <- apply(A, 2, sd); l <- f$loadings[,1]*s; u <- f$uniquenesses*s^2;'
        'o <- sum(l)^2/(sum(l)^2+sum(u));'
        'cat(sprintf("%.17g\\n", c(a$total$std.alpha, a$total[["G6(smc)"]], a$total$average_r,'
        ' k$lower.ci, k$upper.ci, o)))')
    done = subprocess.run(["Rscript", "-e", script, path], capture_output=True, text=True)
    if done.returncode == 77:
        return None
    if done.returncode != 0:
        sys.exit(done.stderr)
    return [float(x) for x in done.stdout.split()]


def main():
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        plan = open(f"{project}/instruments/plans/district_demo.yaml", encoding="utf-8").read()
        plan = plan.replace("output: pseudonym, key_file: district.key", "output: plain")
        # Whose sheet is whose is not the matter here: by number alone.
        plan = "\n".join(line for line in plan.split("\n")
                         if not line.startswith("match:") and "former:" not in line)
        open("plan.yaml", "w", encoding="utf-8").write(plan)
        run("simulate", "--plan", "plan.yaml", "--students", "1500", "--schools", "3", "--seed",
            "11", "--out", "sim")
        files = sorted(glob.glob("sim/responses*.csv"))
        run("score", "--plan", "plan.yaml", "--roster", "sim/roster.csv", "--out", "out", *files)
        run("quality", "--plan", "plan.yaml", "--roster", "sim/roster.csv", "--out", "q", *files)
        answers = collections.defaultdict(list)
        for name in files:
            text = open(name, "rb").read()
            try:
                text = text.decode("utf-8-sig")
            except UnicodeDecodeError:  # as some schools export it
                text = text.decode("gb18030")
            for row in csv.DictReader(io.StringIO(text, newline="")):
                answers[row["学籍号"].strip()].append(row)
        people = [row for row in csv.DictReader(open("out/scores.csv", encoding="utf-8"))
                  if row["status"] in ("valid", "doubtful", "incomplete")]
        scales = {(r["use"], r["scale"], r["group"]): r for r in csv.DictReader(open("q/scales.csv"))}
        items = {(r["use"], r["scale"], r["item"]): r for r in csv.DictReader(open("q/items.csv"))}

        def given(person, use):
            """The answers of the chosen sheet: of sheets that differ none is chosen."""
            numbers = range(1, ITEMS[use][0] + 1)
            sheets = []
            for row in answers[person["student"]]:
                sheet = [item_score(use, n, row.get(COLUMN[use] % n, "")) for n in numbers]
                if any(s is not None for s in sheet) and sheet not in sheets:
                    sheets.append(sheet)
            return sheets[0] if len(sheets) == 1 else None

        sheets = {use: {p["student"]: given(p, use) for p in people} for use in ITEMS}
        with_r = compared = 0
        for (use, scale, group), ours in scales.items():
            there = [p for p in people if in_group(p, group) and sheets[use][p["student"]]]
            name = f"{use}.{scale}"
            scores = [F(p[name]) for p in there if p[name] != ""]
            at = f"{name} {group}"
            compare(at + " n", ours["n"], len(there), 0)
            compare(at + " scored", ours["scored"], len(scores), 0)
            compare(at + " mean", ours["mean"], float(sum(scores) / len(scores)), CLOSE)
            compare(at + " sd", ours["sd"], root(variance(scores)), CLOSE)
            numbers = SCALES.get((use, scale))
            if numbers is None:
                continue
            lowest, highest = (ITEMS[use][i] * len(numbers) for i in (1, 2))
            compare(at + " floor", ours["floor"], sum(x == lowest for x in scores) / len(scores), CLOSE)
            compare(at + " ceiling", ours["ceiling"], sum(x == highest for x in scores) / len(scores),
                    CLOSE)
            complete = [[sheets[use][p["student"]][n - 1] for n in numbers] for p in there]
            complete = [row for row in complete if None not in row]
            columns = list(zip(*complete))
            alpha, sem, of_items = reliability(columns)
            compared += 1
            compare(at + " complete", ours["complete"], len(complete), 0)
            compare(at + " alpha", ours["alpha"], alpha, CLOSE)
            compare(at + " sem", ours["sem"], sem, CLOSE)
            # Whole numbers: the least that is not below 1.96 sqrt 2 SEM.
            least = math.ceil(1.96 * math.sqrt(2) * float(sem))
            if ours["reliable_change"] != str(least):
                problems.append(f"{at} reliable_change: {ours['reliable_change']}, not {least}")
            if group != "all":
                continue
            for n, (rest, dropped) in zip(numbers, of_items):
                mine = items[use, scale, str(n)]
                compare(f"{at} item {n} rest", mine["item_rest_r"], rest, CLOSE)
                compare(f"{at} item {n} dropped", mine["alpha_dropped"], dropped, CLOSE)
                answered = [sheets[use][p["student"]][n - 1] for p in there]
                answered = [x for x in answered if x is not None]
                compare(f"{at} item {n} n", mine["n"], len(answered), 0)
                compare(f"{at} item {n} mean", mine["mean"], F(sum(answered), len(answered)), CLOSE)
                if mine["key"] not in ("fits", "weak"):
                    problems.append(f"{at} item {n}: key {mine['key']}, and it is right")
            r = ask_r(columns, directory)
            if r is None:
                continue
            with_r += 1
            for key, theirs, tolerance in zip(("alpha_std", "lambda6", "mean_r", "alpha_lo", "alpha_hi",
                                               "omega"), r, (CLOSE,) * 5 + (FIT,)):
                compare(f"{at} {key}", ours[key], theirs, tolerance)
        if compared < 40 or len(scales) < 60:
            problems.append(f"only {compared} of {len(scales)} rows were compared")
        print(f"{len(scales)} rows, {compared} reliabilities in exact arithmetic, {with_r} by R")
    for problem in problems[:30]:
        print(problem)
    sys.exit(1 if problems else 0)


main()
