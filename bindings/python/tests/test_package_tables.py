"""Tables: columns out, without a copy where nothing is missing; pickling; lifetimes."""

import gc
import math
import pickle
import weakref

import psyscreen
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")
pa = pytest.importorskip("pyarrow")
pl = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
CELLS = {
    "b": st.booleans(), "i": st.integers(-2**63, 2**63 - 1), "f": FLOATS,
    "t": st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
}


@st.composite
def columns(draw):
    n = draw(st.integers(0, 40))
    return {name: draw(st.lists(st.one_of(st.none(), cells), min_size=n, max_size=n))
            for name, cells in CELLS.items()}


@settings(max_examples=60, deadline=None)
@given(columns())
def test_what_goes_in_comes_out_everywhere(given_columns):
    table = psyscreen.Table.from_columns(given_columns)
    assert table.to_dict() == given_columns
    assert pickle.loads(pickle.dumps(table)) == table
    n = len(given_columns["b"])
    for frame in (table.to_arrow().to_pydict(), table.to_polars().to_dict(as_series=False)):
        assert frame == given_columns
    for name, values in table.to_numpy().items():
        assert len(values) == n
        back = [None if v is None or v is np.ma.masked or (isinstance(v, float) and math.isnan(v))
                else v for v in (values.tolist())]
        assert back == given_columns[name]
    frame = table.to_pandas()
    assert frame.shape == (n, 4)
    selected = table[["t", "i"]]
    assert selected.to_csv().split("\n", 1)[0] == "t,i"
    assert selected.to_dict() == {name: given_columns[name] for name in ("t", "i")}


def test_numbers_are_views_and_cannot_be_written():
    table = psyscreen.Table.from_columns({"f": [1.0, 2.0], "i": [1, 2]})
    one, two = table.to_numpy()["f"], table.to_numpy()["f"]
    assert np.shares_memory(one, two)
    assert pa.array(table.to_arrow()["f"].chunk(0)).buffers()[1].address == one.ctypes.data
    assert table.to_polars()["f"].to_numpy().ctypes.data == one.ctypes.data
    with pytest.raises(ValueError):
        one[0] = 5
    del table, two
    gc.collect()
    assert one.tolist() == [1.0, 2.0]  # the memory lives as long as the view


def test_consumers_may_outlive_the_table():
    table = psyscreen.Table.from_columns({"f": [1.0, None], "t": ["x", "学"]})
    arrow, frame = table.to_arrow(), table.to_polars()
    unused = table.__arrow_c_stream__()  # a capsule nobody opens
    ref = weakref.ref(table)
    del table, unused
    gc.collect()
    assert ref() is None
    assert arrow.to_pydict() == {"f": [1.0, None], "t": ["x", "学"]}
    assert frame.to_dict(as_series=False) == {"f": [1.0, None], "t": ["x", "学"]}


def test_other_readers():
    result = table = psyscreen.Table.from_columns({"a": [1, 2, None]})
    assert duckdb.sql("select sum(a) from result").fetchall() == [(3,)]
    assert pl.DataFrame(table)["a"].to_list() == [1, 2, None]
    if hasattr(pd.DataFrame, "from_arrow"):
        assert pd.DataFrame.from_arrow(table).shape == (3, 1)


def test_showing():
    table = psyscreen.Table.from_columns({"a<b": list(range(30)), "t": [None] * 30})
    assert "30 rows x 2 columns" in repr(table)
    shown = table._repr_html_()
    assert "a&lt;b" in shown and "<table>" in shown and shown.count("<tr>") == 11
    assert table.types == {"a<b": "int", "t": "float"}
    with pytest.raises(KeyError, match="a<b"):
        table["nothing"]


def test_scores_keep_their_findings_through_pickling():
    scores = psyscreen.score("gad7", {f"gad7_{i}": [0, 9] for i in range(1, 8)})
    copy = pickle.loads(pickle.dumps(scores))
    assert copy == scores and copy.findings == scores.findings
    assert type(copy) is psyscreen.Scores and len(copy.findings) == 7


def test_json_lines():
    table = psyscreen.Table.from_columns({"a": [1, None], "t": ["x", '"']})
    assert table.to_json() == '{"a":1,"t":"x"}\n{"a":null,"t":"\\""}\n'
