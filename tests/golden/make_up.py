"""A second release of a wave: two district workbooks, subtracted, tell about those who came between.

    make_up.py PROGRAM"""
import csv
import json
import pathlib
import resource
import subprocess
import sys
import tempfile

import twice_plan
from csv_file import write
from expectations import end, expect_same

PROGRAM = sys.argv[1]
PLAN = twice_plan.HEAD + """tiers: {scheme: three_first_worst, rules: [{id: high, rank: 2, when: 'phq9.total >= 15', text: {zh: 高, en: high}}]}
duty: {urgent: {hours: 24}, review: {hours: 72}}
"""
HEAD = ["id", "school", "grade", "class", "sex"]
PUPILS = [[f"s{i}", f"S{1 + i % 2}", 7, 1, "mf"[i // 2 % 2]] for i in range(60)]
SHEETS = [[*pupil, *([2] * 8 + [0] if i % 4 == 0 else [0] * 9)] for i, pupil in enumerate(PUPILS)]


def run(folder, sheets, *options):
    """One run over folder/out with these sheets: its exit, and what it finds of an earlier release."""
    write(folder / "answers.csv", [[*HEAD, *[f"P{i}" for i in range(1, 10)]], *sheets])
    done = subprocess.run([PROGRAM, "score", "-q", *options, "--plan", folder / "plan.yaml", "--roster", folder / "roster.csv",
                           "--out", folder / "out", folder / "answers.csv"], capture_output=True, text=True)
    with open(folder / "out" / "findings.csv", encoding="utf-8", newline="") as file:
        return done.returncode, [(row["subject"], row["severity"]) for row in csv.DictReader(file)
                                 if row["rule"] == "published_before"]


def killed(folder, sheets):
    """The same run, forced, and killed by its first workbook: no file may be larger than 4 KiB."""
    write(folder / "answers.csv", [[*HEAD, *[f"P{i}" for i in range(1, 10)]], *sheets])
    done = subprocess.run([PROGRAM, "score", "-q", "--force", "--threads", "1", "--plan", folder / "plan.yaml", "--roster",
                           folder / "roster.csv", "--out", folder / "out", folder / "answers.csv"], capture_output=True,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
    expect_same("the run was stopped", True, done.returncode != 0)
    expect_same("and left its journal, beside what it had not touched", (True, True),
                ((folder / "out" / ".psyscreen" / "journal").exists(), (folder / "out" / "run.json").exists()))
    (folder / "out" / "run.json").unlink()  # as it is once a file has its place: then the journal alone remembers


with tempfile.TemporaryDirectory() as scratch:
    folder = pathlib.Path(scratch)
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    write(folder / "roster.csv", [HEAD, *PUPILS])
    expect_same("the first release has none before it", (0, []), run(folder, SHEETS[:44]))
    expect_same("the same run again changes nobody", (0, []), run(folder, SHEETS[:44]))
    expect_same("other answers need --force", 4, run(folder, SHEETS[:46])[0])
    # Pupils 44 and 45: one of each school.
    expect_same("a make-up test of two is told", (0, [("S1", "warning")]), run(folder, SHEETS[:46], "--force"))
    expect_same("and stays told when the same run is forced", (0, [("S1", "warning")]), run(folder, SHEETS[:46], "--force"))
    expect_same("or made again without", (0, [("S1", "warning")]), run(folder, SHEETS[:46]))
    expect_same("one more of one school: of both", (0, [("S1", "warning")]), run(folder, SHEETS[:47], "--force"))
    # What a run that is killed has found is in its journal, and no longer in run.json.
    codes = json.loads((folder / "out" / "run.json").read_text(encoding="utf-8"))["published_before"]
    expect_same("both schools are remembered", ["S1", "S2"], codes)
    killed(folder, SHEETS[:47])
    expect_same("a run that was killed is told again", (0, [("S1", "warning")]), run(folder, SHEETS[:47]))
    codes = json.loads((folder / "out" / "run.json").read_text(encoding="utf-8"))["published_before"]
    expect_same("and both schools are remembered", ["S1", "S2"], codes)
    expect_same("seven more of each school are enough", (0, []), run(folder, SHEETS[:60], "--force"))
    gone = [sheet for sheet in SHEETS if sheet[0] not in ("s1", "s3")]
    expect_same("two whose answers were taken out", (0, [("S2", "warning")]), run(folder, gone, "--force"))
    # Somebody else's directory is not subtracted from.
    (folder / "plan.yaml").write_text(PLAN.replace("2026-autumn", "2027-spring"), encoding="utf-8")
    expect_same("another wave", (0, []), run(folder, SHEETS, "--force"))
    (folder / "plan.yaml").write_text(PLAN + "outputs: {small_cell: 0}\n", encoding="utf-8")
    run(folder, SHEETS, "--force")
    expect_same("where nothing is hidden, nothing is said", (0, []), run(folder, gone, "--force"))

end()
