"""A screening on a real local Spark: byte for byte the one of a single machine."""

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
    """A simulated district with everything that crosses schools planted in it."""
    directory = tmp_path_factory.mktemp("messy")
    own = pathlib.Path(__file__).with_name("spark_district.yaml")
    made = psyscreen.simulate(psyscreen.Plan.load(own), directory, students=500, schools=7,
                              seed=11)
    for one in map(pathlib.Path, made.responses):  # some schools export GB18030
        data = one.read_bytes()
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            one.write_bytes(data.decode("gb18030").encode("utf-8"))
    plan = pathlib.Path(made.plan)
    text = plan.read_text(encoding="utf-8")
    # What sheets are held against adds up over parts, and some groups are pooled; there is no
    # as_of: it is the latest sheet.
    assert "validity:\n  " in text
    text = text.replace("validity:\n  ", "validity:\n  policy: {inconsistency: {min_n: 100}}\n  ")
    plan.write_text(text.replace("min_n: 100,", "min_n: 40,"), encoding="utf-8")
    roster, sheets = read(made.roster), read(made.responses[0])
    code, school, name = (roster[0].index(one) for one in ("学籍号", "学校标识码", "姓名"))
    at, where, who = (sheets[0].index(one) for one in ("学籍号", "学校标识码", "姓名"))
    schools = sorted({row[school] for row in roster[1:]})
    # One code in two schools, and a sheet of it that names neither.
    pupils = {one: [row for row in roster[1:] if row[school] == one] for one in schools}
    pupils[schools[3]][0][code] = pupils[schools[1]][0][code]
    sheets[5][at], sheets[5][where] = pupils[schools[1]][0][code], ""
    # A sheet that names another school; codes in other letters; one nobody has; one of a
    # school nobody knows; the same sheet twice, the second time under another school.
    sheets[6][where] = schools[-1]
    sheets[7][at] = " " + sheets[7][at].lower()
    sheets[8][at] = "".join(chr(ord(c) + 0xFEE0) for c in sheets[8][at])
    sheets[9][at] = "X000"
    sheets[10][at], sheets[10][where] = "X001", "nowhere"
    again = list(sheets[11])
    again[where] = schools[0]
    sheets.append(again)
    other = list(sheets[12])
    other[-1] = "1" if other[-1] != "1" else "0"
    sheets.append(other)
    # Cells that CSV must quote.
    sheets[13][who] = 'a "b", c'
    pupils[schools[2]][1][name] = "line\nbreak, and \"quotes\""
    write(made.roster, roster)
    write(made.responses[0], sheets)
    return made


@pytest.fixture(scope="module")
def single(messy, tmp_path_factory):
    return psyscreen.Screening.run(messy.plan, messy.responses, tmp_path_factory.mktemp("single"),
                                   roster=messy.roster)


def same_files(directory, single):
    expected = pathlib.Path(single.directory)
    assert (pathlib.Path(directory) / "scores.csv").read_bytes() == (
        expected / "scores.csv").read_bytes()
    names = {path.name for path in (expected / "schools").iterdir()} - {"_unmatched.xlsx"}
    assert {path.name for path in (pathlib.Path(directory) / "schools").iterdir()} == names
    for name in names:
        assert (pathlib.Path(directory) / "schools" / name).read_bytes() == (
            expected / "schools" / name).read_bytes(), name


def test_the_same_bytes_from_files(spark, messy, single, tmp_path):
    from psyscreen.spark import screen

    done = screen(spark, messy.plan, list(messy.responses), tmp_path / "out",
                  roster=messy.roster, partitions=4)
    same_files(done.directory, single)
    assert done.scores == single.scores
    rows = sorted(map(tuple, done.reasons.select(*single.reasons.columns).collect()), key=str)
    assert rows == sorted((tuple(row.values()) for row in single.reasons.rows()), key=str)
    assert {row["rule"] for row in done.findings.collect()} >= {"duplicate_undecided"}
    with pytest.raises(psyscreen.OutputError, match="not empty"):
        screen(spark, messy.plan, list(messy.responses), tmp_path / "out", roster=messy.roster)


def test_the_same_bytes_from_data_frames(spark, messy, tmp_path):
    """Without a roster, from DataFrames in another order of rows, in other parts."""
    from psyscreen.spark import screen

    alone = psyscreen.Screening.run(messy.plan, messy.responses, tmp_path / "single")
    frames = []
    for path in messy.responses:
        rows = read(path)
        # Texts all of them, also where a file has no rows.
        types = ", ".join(f"`{name}` string" for name in rows[0])
        frames.append((path, spark.createDataFrame(rows[:0:-1], types).repartition(3)))
    done = screen(spark, psyscreen.Plan.load(messy.plan), frames, tmp_path / "out", partitions=3)
    same_files(done.directory, alone)


def test_plans_that_cannot_be_divided_are_refused(spark, messy, tmp_path):
    from psyscreen.spark import screen

    divided = "policy: {inconsistency: {min_n: 100}}"
    for policy, more, said in (("policy: {inconsistency: {guttman: 0.9}}", "", "guttman"),
                               (divided, "match: [student, [school, grade, class, name]]\n", "match")):
        text = pathlib.Path(messy.plan).read_text(encoding="utf-8")
        assert divided in text
        text = text.replace(divided, policy) + more
        plan = tmp_path / "plan.yaml"
        plan.write_text(text, encoding="utf-8")
        shutil.copy(pathlib.Path(messy.plan).with_name("district.key"), tmp_path)
        with pytest.raises(psyscreen.UnsupportedError, match=said):
            screen(spark, plan, list(messy.responses), tmp_path / "out", roster=messy.roster)
    assert not (tmp_path / "out").exists()


def test_schools_that_differ_in_case_only_are_refused(spark, messy, tmp_path):
    from psyscreen.spark import screen

    rows = read(messy.roster)
    at = rows[0].index("学校标识码")
    for i, row in enumerate(rows[1:]):
        row[at] = "ab" if i % 2 else "AB"
    write(tmp_path / "roster.csv", rows)
    with pytest.raises(psyscreen.UnsupportedError, match="upper and lower case"):
        screen(spark, messy.plan, list(messy.responses), tmp_path / "out",
               roster=tmp_path / "roster.csv")
