"""A hidden number that could be worked out ends the run with 70, and nothing is handed over.

    leak.py PROGRAM PROGRAM_THAT_HIDES_NOTHING_BESIDE

The second is the program with a search that finds no cell to hide beside a hidden one: what it is about to publish
gives away what it hides, and only the audit stands in the way."""
import pathlib
import subprocess
import sys
import tempfile

import twice_plan
from csv_file import write
from expectations import end, expect, expect_same

PROGRAM, LEAKY = sys.argv[1:3]
HEAD = ["id", "school", "grade", "class", "sex"]


def score(program, folder, out, *options):
    return subprocess.run([program, "score", "-q", *options, "--plan", folder / "plan.yaml", "--roster", folder / "roster.csv",
                           "--out", out, folder / "answers.csv"], capture_output=True, text=True)


def contents(folder):
    return {p.relative_to(folder): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def district(folder, top):
    """Six schools of 100 pupils; of each grade and sex of a school, so many in the top tier, and six in the one below."""
    (folder / "plan.yaml").write_text(twice_plan.HEAD + twice_plan.TIERS + "outputs: {roles: [leader, bureau, centre]}\n",
                                      encoding="utf-8")
    pupils, sheets, seen = [], [], {}
    for i in range(600):
        pupil = [f"s{i}", f"S{i % 6}", 7 + i // 6 % 3, 1, "mf"[i // 18 % 2]]
        group = (pupil[1], pupil[2], pupil[4])
        at = seen[group] = seen.get(group, -1) + 1
        most = top(*group)
        pupils.append(pupil)
        sheets.append([*pupil, *[3 if at < most else 2 if at < most + 6 else 0] * 8, 0])
    write(folder / "roster.csv", [HEAD, *pupils])
    write(folder / "answers.csv", [[*HEAD, *[f"P{i}" for i in range(1, 10)]], *sheets])


with tempfile.TemporaryDirectory() as scratch:
    folder = pathlib.Path(scratch)

    # Two of one school: the number of all schools together less that of the others.
    district(folder, lambda school, grade, sex: (grade == 7 and sex == "m") * 2 if school == "S0" else 6)
    done = score(PROGRAM, folder, folder / "there")
    expect("as it is the district is published", done.returncode in (0, 1), done.stderr)
    before = contents(folder / "there")
    expect("published.csv hides something", b",*" in before.get(pathlib.Path("published.csv"), b""), sorted(before))
    done = score(LEAKY, folder, folder / "new")
    expect_same("exit of a leak", 70, done.returncode)
    expect("it says what must not be published", "must not be published" in done.stderr, done.stderr)
    expect("and whose tables", "tables of the district" in done.stderr, done.stderr)
    expect_same("files of a run that leaks", [], sorted(contents(folder / "new")) if (folder / "new").exists() else [])
    done = score(LEAKY, folder, folder / "there", "--force")
    expect_same("exit over an earlier run", 70, done.returncode)
    expect("an earlier run stays as it was", contents(folder / "there") == before)

    # Two of one grade and sex of every school: the file of its leader.
    district(folder, lambda school, grade, sex: 2 if (grade, sex) == (7, "m") else 6)
    done = score(LEAKY, folder, folder / "school")
    expect_same("exit of a leak in a school", 70, done.returncode)
    expect("it says of which school", "tables of school S" in done.stderr, done.stderr)
    made = sorted(str(p) for p in contents(folder / "school"))
    expect("no file of a leader, and nothing published", not any("leader" in p or "published" in p for p in made), made)
end("a leak")
