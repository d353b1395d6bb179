"""Score reference answers with psyscreen and compare every number with the reference.

compare_scores.py PROGRAM SOURCE_DIR a_scoring|real|psych_live
Exit 77 (skipped) where the data folder beside the project is not there.
"""
import csv
import io
import json
import lzma
import os
import subprocess
import sys
import tempfile

TOLERANCE = 1e-12  # absolute on scores below 1000: both sides are correctly rounded sums


def read(path, delimiter=","):
    opener = lzma.open if path.endswith(".xz") else open
    with opener(path, "rt", encoding="ascii", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def score(program, definition, instrument, rows):
    """`rows`: dicts from item id to text, all with the same keys."""
    text = io.StringIO()
    items = list(rows[0])
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["row"] + ["%s_%s" % (instrument, item) for item in items])
    writer.writerows([number] + [row[item] for item in items]
                     for number, row in enumerate(rows, 1))
    run = subprocess.run([program, definition, instrument, "row"], input=text.getvalue().encode(),
                         stdout=subprocess.PIPE, check=True)
    return list(csv.DictReader(io.StringIO(run.stdout.decode())))


def same(got, expected):
    if got == "" or expected in ("", "NA"):
        return got == "" and expected in ("", "NA")
    return abs(float(got) - float(expected)) <= TOLERANCE


def compare(name, got, expected, columns):
    """`columns`: reference column -> column of psyscreen."""
    if len(got) != len(expected):
        sys.exit("%s: %d rows, expected %d" % (name, len(got), len(expected)))
    wrong = values = 0
    for number, (row, reference) in enumerate(zip(got, expected), 1):
        for theirs, ours in columns.items():
            values += 1
            if not same(row[ours], reference[theirs]):
                wrong += 1
                if wrong <= 10:
                    print("%s row %d: %s is %s, expected %s"
                          % (name, number, ours, row[ours], reference[theirs]))
    if wrong:
        sys.exit("%s: %d of %d values differ" % (name, wrong, values))
    print("%s: %d values of %d sheets agree" % (name, values, len(got)))


def table(rows):
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def a_scoring(program, source):
    folder = os.path.join(source, "tests", "reference", "a_scoring")
    answers = table(read(os.path.join(folder, "input.csv")))
    expected = table(read(os.path.join(folder, "expected_rules.csv")))
    items = [item for item in answers[0] if item != "id"]
    rows = [{item.lower(): row[item] for item in items} for row in answers]
    got = score(program, os.path.join(folder, "bfi.yaml"), "bfi", rows)
    columns = {}
    for column in expected[0]:
        if column == "id":
            continue
        scale, rule = column.split(".")
        ours = {"n_answered": "sum.answered", "sum_strict": "sum", "sum_available": "available",
                "mean_available": "mean", "prorated_min1": "prorated", "prorated_min_half": "half",
                "prorated_min80pct": "most", "prorated_max1missing_round": "rounded"}[rule]
        columns[column] = "bfi.%s_%s" % (scale, ours)
    compare("a_scoring", got, expected, columns)
    against_psych(folder, rows, got)


def against_psych(folder, rows, got):
    """psych::scoreItems: `none` is ours, the mean of the answered and their sum, but for a person
    who answered nothing, whose sum psych calls 0 and nobody here calls anything.  Imputation by
    the sample's means or medians is not offered: somebody's score would change with who else is
    in the file.  The columns of it are shown to be that, and are no score here."""
    expected = table(read(os.path.join(folder, "expected_psych_scoreItems.csv")))
    with open(os.path.join(folder, "expected_summary.json"), encoding="ascii") as file:
        summary = json.load(file)
    scales = ("agree", "conscientious", "extraversion", "neuroticism", "openness")
    columns = {}
    for scale in scales:
        columns["psych.none.means." + scale] = "bfi.%s_mean" % scale
        columns["psych.none.totals." + scale] = "bfi.%s_available" % scale
    for row, ours in zip(expected, got):
        for scale in scales:
            if ours["bfi.%s_sum.answered" % scale] == "0":
                if float(row["psych.none.totals." + scale]) != 0:
                    sys.exit("psych: the sum of nothing is not 0 any more")
                row["psych.none.totals." + scale] = ""
    compare("a_scoring, psych", got, expected, columns)
    imputed = {"mean": summary["item_means"], "median": summary["item_medians"]}
    reverse = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}
    for name, fill in imputed.items():
        for row, answers in zip(expected, rows):
            for letter, scale in zip("ACENO", scales):
                total = 0
                for number in range(1, 6):
                    item = "%s%d" % (letter, number)
                    given = answers[item.lower()]
                    value = float(given) if given != "" else fill[item]
                    total += 7 - value if item in reverse else value
                for kind, value in (("totals", total), ("means", total / 5)):
                    if abs(value - float(row["psych.%s.%s.%s" % (name, kind, scale)])) > 1e-12 * 30:
                        sys.exit("psych.%s.%s.%s is no imputed score" % (name, kind, scale))
    if summary["n"] != len(rows):
        sys.exit("expected_summary.json speaks of other rows")


REAL = {
    "bfi": {"file": "bfi.csv.xz", "definition": "../a_scoring/bfi.yaml", "missing": ("",)},
    "big5": {"file": "data.csv.xz", "delimiter": "\t", "missing": ("0",)},
    "hsq": {"file": "data.csv.xz", "missing": ("-1",)},
    "kims": {"file": "data.csv.xz", "missing": ("0",)},
}


def shipped(program, source, shared):
    """Instruments of the project over answers with sums of their own."""
    instruments = os.path.join(source, "instruments")
    answers = table(read(os.path.join(shared, "phq9_text", "PHQ9_data.csv.xz")))
    items = range(1, 10)
    rows = [{str(i): row["Item%d_num" % i] for i in items} for row in answers]
    got = score(program, os.path.join(instruments, "phq9.yaml"), "phq9", rows)
    compare("phq9_text", got, answers, {"SumScore": "phq9.total"})
    critical = [sum(row["phq9." + flag] == "true" for row in got)
                for flag in ("critical_9", "urgent_9")]
    if critical != [679, 215]:
        sys.exit("phq9_text: item 9 fires %s times, expected [679, 215]" % critical)
    answers = table(read(os.path.join(shared, "dass42", "dass42_5000.csv.xz")))
    names = [name for name in answers[0] if name.startswith("dass") and "_" in name]
    rows = [{name[4:].split("_")[0]: str(int(row[name]) - 1) for name in names}
            for row in answers]
    expected = [{scale: str(int(row[scale]) - 14) for scale in ("Depression", "Anxiety", "Stress")}
                for row in answers]
    got = score(program, os.path.join(instruments, "dass42.yaml"), "dass42", rows)
    compare("dass42_5000", got, expected,
            {scale: "dass42." + scale.lower() for scale in expected[0]})


def real(program, source):
    shared = os.path.join(source, "..", "shared", "data")
    if not os.path.isdir(shared):
        print("skipped: no data folder beside the project")
        sys.exit(77)
    here = os.path.join(source, "tests", "reference", "real")
    for name, how in REAL.items():
        folder = os.path.join(shared, name)
        answers = table(read(os.path.join(folder, how["file"]), how.get("delimiter", ",")))
        expected = table(read(os.path.join(folder, "ref_r_scores.csv.xz")))
        keyed = {row[1] for row in read(os.path.join(folder, "ref_r_items.csv"))[1:]}
        items = [item for item in answers[0] if item in keyed]
        rows = [{item.lower(): "" if row[item] in how["missing"] else row[item]
                 for item in items} for row in answers]
        got = score(program, os.path.join(here, how.get("definition", name + ".yaml")), name, rows)
        columns = {}
        for column in expected[0]:
            scale, _, rule = column.rpartition("_")
            if rule in ("sum", "mean", "prorated") and "psych" not in column:
                columns[column] = "%s.%s_%s" % (name, scale.lower(), rule)
            elif rule == "nans":
                columns[column] = "%s.%s_sum.answered" % (name, scale.lower())
        compare(name, got, expected, columns)
    shipped(program, source, shared)


def psych_live(program, source):
    """Sheets that R makes up, scored by the psych that is installed."""
    here = os.path.join(source, "tests", "reference", "psych_live")
    with tempfile.TemporaryDirectory() as directory:
        try:
            made = subprocess.run(["Rscript", os.path.join(here, "scoring.R"), directory],
                                  stderr=subprocess.DEVNULL).returncode
        except FileNotFoundError:
            made = 77
        if made == 77:
            print("skipped: no Rscript with the package psych")
            sys.exit(77)
        if made != 0:
            sys.exit("scoring.R ends with %d" % made)
        answers = table(read(os.path.join(directory, "answers.csv")))
        expected = table(read(os.path.join(directory, "expected.csv")))
    rows = [{item.lower(): row[item] for item in row} for row in answers]
    bfi = os.path.join(source, "tests", "reference", "a_scoring", "bfi.yaml")
    got = score(program, bfi, "bfi", rows)
    columns = {}
    for column in expected[0]:
        rule, scale = column.split(".")
        columns[column] = "bfi.%s_%s" % (scale, "mean" if rule == "mean" else "available")
        for ours, theirs in zip(got, expected):
            # psych calls the sum of nothing 0.
            if rule == "sum" and ours["bfi.%s_sum.answered" % scale] == "0":
                theirs[column] = ""
    compare("psych_live", got, expected, columns)


if __name__ == "__main__":
    {"a_scoring": a_scoring, "real": real, "psych_live": psych_live}[sys.argv[3]](sys.argv[1], sys.argv[2])
