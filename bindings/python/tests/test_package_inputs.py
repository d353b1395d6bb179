"""Whatever holds the answers, the scores are the same: those of the command line."""

import subprocess

import psyscreen
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")
pa = pytest.importorskip("pyarrow")
pl = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")

PHQ9 = psyscreen.Instrument.load("phq9")
COLUMNS = PHQ9.columns[:9]
LABELS = ["not at all", "several days", "more than half the days", "nearly every day"]


def texts_of(values):
    return [None if v is None else str(v) for v in values]


def forms(answers):
    """Every kind of input of a dict of lists of int or None."""
    frame = pd.DataFrame({k: pd.array(v, dtype="Int64") for k, v in answers.items()})
    floats = pd.DataFrame({k: [np.nan if v is None else float(v) for v in vs]
                           for k, vs in answers.items()})
    table = pa.table({k: pa.array(v, pa.int8()) for k, v in answers.items()})
    many = pa.concat_tables([table.slice(i, 1) for i in range(len(table))]) if len(table) else table
    texts = pa.table({k: pa.array(texts_of(v), pa.string()) for k, v in answers.items()})
    polars = pl.DataFrame({k: pl.Series(v, dtype=pl.Int16) for k, v in answers.items()})
    matrix = np.array([[-1 if v is None else v for v in vs] for vs in answers.values()],
                      dtype=np.int8).T
    masked = {k: np.ma.MaskedArray([v or 0 for v in vs], mask=[v is None for v in vs],
                                   dtype=np.int32) for k, vs in answers.items()}
    structured = np.zeros(len(frame), dtype=[(k, "i4") for k in answers])
    for i, k in enumerate(answers):
        structured[k] = matrix[:, i]
    yield "lists", answers
    yield "lists of texts", {k: texts_of(v) for k, v in answers.items()}
    yield "float arrays", {k: floats[k].to_numpy() for k in answers}
    yield "masked", masked
    yield "objects", {k: np.array(v, dtype=object) for k, v in answers.items()}
    yield "pandas nullable", frame
    yield "pandas floats", floats
    yield "pandas categorical", frame.astype("category")
    yield "pandas strings", pd.DataFrame({k: pd.array(texts_of(v), dtype="string")
                                          for k, v in answers.items()})
    yield "pandas text categorical", pd.DataFrame({k: pd.Categorical(texts_of(v))
                                                   for k, v in answers.items()})
    yield "pyarrow", table
    yield "pyarrow chunks", many
    yield "pyarrow reader", table.to_reader()
    yield "pyarrow texts", texts
    yield "pyarrow dictionary", pa.table({k: texts[k].dictionary_encode() for k in answers})
    yield "pyarrow slice", pa.concat_tables([table, table]).slice(len(table))
    yield "polars", polars
    yield "polars texts", polars.cast(pl.String)
    yield "polars categorical", polars.cast(pl.String).cast(pl.Categorical)
    yield "polars series", {k: polars[k] for k in answers}
    yield "duckdb", duckdb.sql("select * from polars")
    for name, data in (("matrix", matrix), ("fortran", np.asfortranarray(matrix)),
                       ("reversed", matrix[::-1, ::-1].copy()[::-1, ::-1]),
                       ("every second", np.repeat(np.repeat(matrix, 2, 0), 2, 1)[::2, ::2]),
                       ("big endian", matrix.astype(">i4")), ("int64", matrix.astype("i8"))):
        yield name, (data, {"columns": list(answers), "missing": -1})
    yield "structured", (structured, {"missing": -1})


def score(form):
    data, options = form if isinstance(form, tuple) else (form, {})
    return psyscreen.score(PHQ9, data, **options)


SHEETS = st.lists(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=9, max_size=9),
                  min_size=1, max_size=70)


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(SHEETS)
def test_all_kinds_of_input_score_alike(rows):
    answers = {name: [row[i] for row in rows] for i, name in enumerate(COLUMNS)}
    expected = score(answers)
    for name, form in forms(answers):
        got = score(form)
        assert got.to_csv() == expected.to_csv(), name
        assert got.findings == expected.findings, name


def csv_of(answers):
    lines = [",".join(answers)]
    for row in zip(*answers.values()):
        lines.append(",".join("" if v is None else str(v) for v in row))
    return "\n".join(lines) + "\n"


# Numbers are minutes after midnight in memory; a file has clock times.
CLOCKS = {"psqi": ("psqi_q1_bed", "psqi_q3_up")}


@pytest.mark.parametrize("instrument", [i.id for i in psyscreen.catalog()])
def test_same_bytes_as_the_command_line(instrument, cli, tmp_path):
    """Random answers to every instrument of the catalogue: codes, some of them wrong."""
    found = psyscreen.Instrument.load(instrument)
    rng = np.random.default_rng(7)
    # Some codes are wrong or out of range for some items: both ways must say the same.
    answers = {name: [None if v < 0 else int(v) for v in rng.integers(-1, 5, 40)]
               for name in found.columns}
    for name in CLOCKS.get(instrument, ()):
        answers[name] = [f"{v // 60}:{v % 60:02}" if v % 7 else None
                         for v in rng.integers(0, 1440, 40)]
    answers["sex"] = ["male" if v else "female" for v in rng.integers(0, 2, 40)]
    answers["grade"] = [int(v) for v in rng.integers(4, 13, 40)]
    answers["age"] = [int(v) for v in rng.integers(9, 19, 40)]
    path = tmp_path / "answers.csv"
    path.write_text(csv_of(answers), encoding="utf-8")
    by_cli = subprocess.run([cli, "score", "--quiet", "--instrument", instrument, str(path)],
                            capture_output=True, check=False)
    assert by_cli.returncode in (0, 1), by_cli.stderr.decode()
    assert psyscreen.score(instrument, answers).to_csv() == by_cli.stdout.decode()
    assert psyscreen.score(instrument, path).to_csv() == by_cli.stdout.decode()
    with open(path, "rb") as file:
        assert psyscreen.score(instrument, file).to_csv() == by_cli.stdout.decode()
    frame = pd.read_csv(path, dtype=str)
    assert psyscreen.score(instrument, frame).to_csv() == by_cli.stdout.decode()


def test_labels_are_read_as_in_a_file(cli, tmp_path):
    described = PHQ9.describe("en").lower()
    labels = [label for label in LABELS if label in described] or LABELS[:1]
    answers = {name: [labels[(i + j) % len(labels)] for j in range(5)]
               for i, name in enumerate(COLUMNS)}
    path = tmp_path / "labels.csv"
    path.write_text(csv_of(answers), encoding="utf-8")
    by_cli = subprocess.run([cli, "score", "--quiet", "--instrument", "phq9", str(path)],
                            capture_output=True, check=False).stdout.decode()
    for data in (answers, pd.DataFrame(answers), pd.DataFrame(answers).astype("category"),
                 pa.table(answers), pl.DataFrame(answers)):
        scores = psyscreen.score("phq9", data)
        assert scores.to_csv() == by_cli
        assert scores["phq9.total.answered"] == [9] * 5


def test_wrong_codes_are_blank_and_told():
    answers = {name: [0, 1, 2] for name in COLUMNS}
    answers["phq9_3"] = [0, 7, 2]
    scores = psyscreen.score("phq9", answers)
    warnings = [f for f in scores.findings.rows() if f["severity"] == "warning"]
    assert len(warnings) == 1
    assert (warnings[0]["row"], warnings[0]["column"]) == (2, "phq9_3")
    assert "7 is not one of the codes" in warnings[0]["message"]
    answers["phq9_3"] = ["0", "often", "2"]
    scores = psyscreen.score("phq9", answers)
    assert "'often' is neither a label nor one of the codes" in scores.findings["message"][0]


def test_strided_integers_are_not_copied():
    """The library is given the address of the array itself."""
    from psyscreen import _answers

    matrix = np.zeros((10, 20), dtype=np.int8)
    view = matrix[::2, 3]
    column = _answers._column("phq9_1", view)
    assert column.address == view.__array_interface__["data"][0] == matrix.ctypes.data + 3
    assert (column.stride, column.n_rows) == (40, 5)
    series = pd.DataFrame(matrix)[4]
    address = series.to_numpy().__array_interface__["data"][0]
    assert _answers._column("phq9_1", series).address == address


def test_persons_choose_norms_and_bands():
    sdq = psyscreen.Instrument.load("mht")
    answers = {name: [0, 0] for name in sdq.columns}
    for sex in ([1, 2], ["male", "女"], pd.Series(["male", "female"], dtype="category"),
                pa.array(["男", "女"])):
        psyscreen.score(sdq, {**answers, "sex": sex})
    with pytest.raises(psyscreen.DataError, match="row 2: sex is 1"):
        psyscreen.score(sdq, {**answers, "sex": [1, 3]})
    with pytest.raises(psyscreen.DataError, match="row 1: sex is 1"):
        psyscreen.score(sdq, {**answers, "sex": ["boy", "girl"]})


@pytest.mark.parametrize("data, message", [
    ({"phq9_1": [1]}, "no column 'phq9_2'"),
    ({name: [1] * (1 + (name == "phq9_2")) for name in COLUMNS}, "has 2 rows"),
    ({name: np.array(["2026-01-01"], dtype="M8[D]") for name in COLUMNS}, "datetime64"),
    ({name: [object()] for name in COLUMNS}, "holds a object"),
    (np.zeros((3, 4), dtype=np.int8), "4 columns, and phq9 has 10 items"),
    (7, "holds no answers"),
    (pa.table({name: pa.array([0], pa.date32()) for name in COLUMNS}), "Arrow type 'tdD'"),
])
def test_what_cannot_be_read_is_refused(data, message):
    with pytest.raises(psyscreen.PsyscreenError, match=message):
        psyscreen.score("phq9", data)


def test_two_columns_of_one_name():
    frame = pd.DataFrame([[0] * 10], columns=[*COLUMNS, "phq9_1"])
    with pytest.raises(psyscreen.DataError, match="two columns 'phq9_1'"):
        psyscreen.score("phq9", frame)


def test_no_rows():
    scores = psyscreen.score("phq9", {name: [] for name in COLUMNS})
    assert len(scores) == 0 and scores["phq9.total"] == []
    assert scores.to_polars().shape[0] == 0 and scores.to_pandas().shape[0] == 0
    assert len(psyscreen.score("phq9", pa.table({name: pa.array([], pa.int8())
                                                 for name in COLUMNS}))) == 0


def test_several_instruments_side_by_side():
    answers = {name: [1, 2] for one in ("phq9", "gad7")
               for name in psyscreen.Instrument.load(one).columns}
    both = psyscreen.score(["phq9", "gad7"], answers)
    alone = psyscreen.score("gad7", answers)
    assert both[alone.columns].to_csv() == alone.to_csv()
    with pytest.raises(psyscreen.ArgumentError, match="named twice"):
        psyscreen.score(["phq9", "phq9"], answers)
