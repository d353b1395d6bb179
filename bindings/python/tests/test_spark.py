"""A screening on a real local Spark: every file of it byte for byte that of a single machine."""

import csv
import os
import pathlib
import shutil
import sys

import psyscreen
import pytest

pytest.importorskip("pyspark")
pytest.importorskip("pyarrow")
if shutil.which("java") is None:
    pytest.skip("there is no Java", allow_module_level=True)

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (SparkSession.builder.master("local[2]").appName("psyscreen")
               .config("spark.ui.enabled", "false")
               .config("spark.ui.showConsoleProgress", "false")
               .config("spark.driver.bindAddress", "127.0.0.1")
               .config("spark.driver.host", "127.0.0.1")
               .config("spark.sql.shuffle.partitions", "4").getOrCreate())
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


@pytest.fixture(scope="module")
def messy(tmp_path_factory):
    """The demonstration district with all that the simulator plants, and more that crosses
    schools; one file is GB18030, one a workbook."""
    made = psyscreen.simulate(psyscreen.Plan.load("district_demo"),
                              tmp_path_factory.mktemp("messy"), students=500, schools=7, seed=11)
    assert {pathlib.Path(one).suffix for one in made.responses} == {".csv", ".xlsx"}
    roster, sheets = read(made.roster), read(made.responses[0])
    code, school, name = (roster[0].index(one) for one in ("学籍号", "学校标识码", "姓名"))
    at, where, who = (sheets[0].index(one) for one in ("学籍号", "学校标识码", "姓名"))
    schools = sorted({row[school] for row in roster[1:]})
    # One code in two schools, and a sheet of it that names neither.
    pupils = {one: [row for row in roster[1:] if row[school] == one] for one in schools}
    pupils[schools[3]][0][code] = pupils[schools[1]][0][code]
    sheets[5][at], sheets[5][where] = pupils[schools[1]][0][code], ""
    # A sheet that names another school; codes in other letters; one nobody has; one of a
    # school nobody knows; the same sheet twice, the second time under another school; a sheet
    # without a code, whose name and class stand in two schools, but not which of them.
    sheets[6][where] = schools[-1]
    sheets[7][at] = " " + sheets[7][at].lower()
    sheets[8][at] = "".join(chr(ord(c) + 0xFEE0) for c in sheets[8][at])
    sheets[9][at] = "X000"
    sheets[10][at], sheets[10][where] = "X001", "nowhere"
    again = list(sheets[11])
    again[where] = schools[0]
    other = list(sheets[12])
    other[-1] = "1" if other[-1] != "1" else "0"
    nameless = list(sheets[14])
    nameless[at] = nameless[where] = ""
    sheets += [again, other, nameless]
    # Cells that CSV must quote.
    sheets[13][who] = 'a "b", c'
    pupils[schools[2]][1][name] = "line\nbreak, and \"quotes\""
    write(made.roster, roster)
    write(made.responses[0], sheets)
    return made


def bent(made, directory, *changes):
    """Another plan for the same files: with one text for another."""
    text = pathlib.Path(made.plan).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = pathlib.Path(directory) / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    shutil.copy(pathlib.Path(made.plan).with_name("district.key"), directory)
    return path


def same_files(directory, expected, without=()):
    """Every file in two directories; the names of all."""
    both = []
    for one in (directory, expected):
        files = [path for path in pathlib.Path(one).rglob("*") if path.is_file()]
        both.append({str(path.relative_to(one)): path.read_bytes() for path in files})
    assert set(both[0]) == set(both[1])
    for name in sorted(set(both[0]) - set(without)):
        assert both[0][name] == both[1][name], name
    return set(both[0])


def reasons_of(table):
    return sorted((tuple(row.values()) for row in table.rows()), key=str)


def collected(done, single):
    return sorted(map(tuple, done.reasons.select(*single.reasons.columns).collect()), key=str)


def test_every_file_of_the_demonstration(spark, messy, tmp_path):
    """The shipped plan as it stands: ladder, numbers that have changed, the default policy."""
    from psyscreen.spark import screen

    more = {"roster": messy.roster, "what_if": True, "capacity": 3,
            "roles": ["homeroom", "leader", "centre", "bureau"]}
    single = psyscreen.Screening.run(messy.plan, messy.responses, tmp_path / "single", **more)
    done = screen(spark, messy.plan, list(messy.responses), tmp_path / "out", **more)
    names = same_files(done.directory, single.directory)
    assert names >= {"run.json", "scores.csv", "findings.csv", "whatif.csv", "district.xlsx",
                     "schools/_unmatched.xlsx", "schools/_sealed.xlsx", "roles/bureau/summary.xlsx"}
    assert sum(name.startswith("schools/") for name in names) == 9
    assert done.scores == single.scores and done.findings == single.findings
    assert done.summary.tier == single.summary.tier
    assert collected(done, single) == reasons_of(single.reasons)
    assert set(single.findings["rule"]) >= {
        "matched_otherwise", "former_number", "duplicate_undecided", "code_in_two_schools",
        "school_differs", "code_case", "class_differs", "unmatched"}
    assert not [path for path in tmp_path.rglob(".psyscreen*")]
    # What schools entered into workbooks of that run begins new ones.
    psyscreen.collect(single.plan, single.directory, out=tmp_path / "ledger.csv")
    ledger = read(tmp_path / "ledger.csv")
    touched, owner = ledger[0].index("touched"), ledger[0].index("owner")
    for row in ledger[1:]:
        row[touched], row[owner] = "true", "duty"
    write(tmp_path / "ledger.csv", ledger)
    again = psyscreen.Screening.run(messy.plan, messy.responses, tmp_path / "carried",
                                    entries=tmp_path / "ledger.csv", **more)
    other = screen(spark, messy.plan, list(messy.responses), tmp_path / "carried_out",
                   entries=tmp_path / "ledger.csv", **more)
    same_files(other.directory, again.directory)
    book = pathlib.Path("schools") / (ledger[1][ledger[0].index("school")] + ".xlsx")
    assert ((pathlib.Path(single.directory) / book).read_bytes()
            != (pathlib.Path(again.directory) / book).read_bytes())
    # The same again: everything is there, and is this run's.
    screen(spark, messy.plan, list(messy.responses), tmp_path / "out", shares=5, **more)
    same_files(done.directory, single.directory)


def test_what_is_decided_over_everybody(spark, messy, tmp_path, monkeypatch):
    """Signs that rank each sheet among all, frozen norms, the wave before, reports from outside,
    no as_of, paths that are not absolute."""
    from psyscreen.spark import screen

    monkeypatch.chdir(tmp_path)
    before = psyscreen.Screening.run(messy.plan, messy.responses[:2], "before",
                                     roster=messy.roster, workbooks=False)
    plan = bent(messy, tmp_path, ("as_of: 2026-10-15\n", ""),
                ("policy: default", "policy: {time: {relative_speed: 1.5}, inconsistency: "
                 "{person_total: 0, mahalanobis: 0.001, guttman: 0.9, min_n: 60}}"),
                ("by: [stage, grade], min_n: 100, below: pool", "by: [stage, grade, sex], "
                 "min_n: 30, below: shrink, freeze: first_release"),
                ("  roster:\n", "  previous: before\n  external:\n    encoding: utf-8\n    columns: "
                 "{student: 学籍号, code: 类别}\n    codes: {code: {自杀言论: suicidal_remark}}\n  roster:\n"),
                ("    - {id: mht_total_65,", "    - {id: told, rank: 2, when: "
                 "\"external.suicidal_remark or previous.tier >= 2\", text: {zh: 外部报告或上轮, "
                 "en: told or before}}\n    - {id: mht_total_65,"))
    roster = read(messy.roster)
    code = roster[0].index("学籍号")
    write("told.csv", [["学籍号", "类别"], *([roster[i][code], "自杀言论"] for i in range(3, 90, 9)),
                       ["NOBODY", "自杀言论"]])
    relative = [os.path.relpath(one, tmp_path) for one in messy.responses]
    more = {"roster": os.path.relpath(messy.roster, tmp_path), "external": "told.csv"}
    for part in (relative[:1], relative):  # the second release is judged by the first's norms
        single = psyscreen.Screening.run(plan, part, "single", force=True, **more)
        done = screen(spark, plan, part, "out", shares=3, force=True, **more)
        names = same_files(done.directory, single.directory)
        assert collected(done, single) == reasons_of(single.reasons)
    assert any(name.startswith("norms/") for name in names)
    assert {"norm_frozen"} <= set(single.findings["rule"])
    assert {"told"} <= set(single.reasons["rule"])
    assert before.summary.tested > 0


def test_data_frames(spark, messy, tmp_path):
    """Without a roster, from DataFrames: all but what prints the places and digests of files."""
    from psyscreen.spark import screen

    files = [one for one in messy.responses if one.endswith(".csv")]
    frames = []
    for path in files:
        data = pathlib.Path(path).read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        rows = list(csv.reader(text.splitlines(keepends=True)))
        # Texts all of them, also where a file has no rows; in another order.
        types = ", ".join(f"`{name}` string" for name in rows[0])
        frames.append((path, spark.createDataFrame(rows[:0:-1], types).repartition(3)))
    alone = psyscreen.Screening.run(messy.plan, files, tmp_path / "single")
    done = screen(spark, psyscreen.Plan.load(messy.plan), frames, tmp_path / "out")
    same_files(done.directory, alone.directory, {"findings.csv", "run.json",
                                                 "schools/_unmatched.xlsx"})
    assert not list(tmp_path.glob(".psyscreen*"))
    with pytest.raises(psyscreen.OutputError, match="a name of its own"):
        screen(spark, messy.plan, [frames[0], frames[0]], tmp_path / "twice")


def test_a_roster_of_each_school(spark, messy, tmp_path):
    """All of them called alike, and one a DataFrame."""
    from psyscreen.spark import screen

    head, *rows = read(messy.roster)
    school, rosters = head.index("学校标识码"), []
    for code in sorted({row[school] for row in rows}):
        (tmp_path / code).mkdir()
        rosters.append(str(tmp_path / code / "roster.csv"))
        write(rosters[-1], [head, *(row for row in rows if row[school] == code)])
    single = psyscreen.Screening.run(messy.plan, messy.responses, tmp_path / "single",
                                     roster=rosters)
    done = screen(spark, messy.plan, list(messy.responses), tmp_path / "out",
                  roster=rosters[::-1])
    same_files(done.directory, single.directory)
    last = [row for row in rows if row[school] == rows[-1][school]]
    frame = spark.createDataFrame(last, ", ".join(f"`{name}` string" for name in head))
    done = screen(spark, messy.plan, list(messy.responses), tmp_path / "frame",
                  roster=[*rosters[:-1], ("last.csv", frame)], workbooks=False)
    assert done.scores == single.scores


def test_encrypted_workbooks_are_made_by_the_driver(spark, messy, tmp_path):
    from psyscreen.spark import screen

    single = psyscreen.Screening.run(messy.plan, messy.responses, tmp_path / "single",
                                     roster=messy.roster, workbooks=False)
    done = screen(spark, messy.plan, list(messy.responses), tmp_path / "out", roster=messy.roster,
                  new_passwords=tmp_path / "passwords.csv", tmpdir=tmp_path)
    books = [path for path in pathlib.Path(done.directory).rglob("*.xlsx")]
    assert len(books) == 10
    assert all(path.read_bytes()[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" for path in books)
    assert done.scores == single.scores
    assert collected(done, single) == reasons_of(single.reasons)


def test_what_fails_on_an_executor_is_raised(spark, messy, tmp_path, monkeypatch):
    """And the same call finishes the run afterwards."""
    from psyscreen import spark as module

    def broken(self, batches):
        raise RuntimeError("an executor that is out of sorts")

    with monkeypatch.context() as patch:
        patch.setattr(module._Task, "fold", broken)
        with pytest.raises(Exception, match="out of sorts"):
            module.screen(spark, messy.plan, list(messy.responses), tmp_path / "out",
                          roster=messy.roster)
    assert not (tmp_path / "out" / "run.json").exists()
    done = module.screen(spark, messy.plan, list(messy.responses), tmp_path / "out",
                         roster=messy.roster)
    single = psyscreen.Screening.run(messy.plan, messy.responses, tmp_path / "single",
                                     roster=messy.roster)
    same_files(done.directory, single.directory)
