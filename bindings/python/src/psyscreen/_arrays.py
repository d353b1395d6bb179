"""Plain arrays for the statistics: columns in, columns out, with or without NumPy."""

from __future__ import annotations

import array
import math
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from ._psyscreen import ffi, lib
from .errors import ArgumentError, DataError
from .table import Table, _bits, _build, _is_missing

Named = List[Tuple[str, Any]]


def named_columns(data: Any, columns: Optional[Sequence[str]] = None) -> Named:
    """Names and columns of a table: dict, frame, 2-D or structured array, Arrow table.

    Columns of a 2-D array are called by `columns`, or ``"1"``, ``"2"``, ...
    """
    if isinstance(data, Table):
        data = {name: data[name] for name in (columns or data.columns)}
    if hasattr(data, "iloc") and hasattr(data, "columns"):
        return [(str(name), data[name]) for name in (columns or data.columns)]
    if isinstance(data, Mapping):
        return [(str(name), data[name]) for name in (columns or data)]
    names = getattr(getattr(data, "dtype", None), "names", None)
    if names:
        return [(name, data[name]) for name in (columns or names)]
    if getattr(data, "ndim", 0) == 2:
        labels = columns or [str(i + 1) for i in range(data.shape[1])]
        if len(labels) != data.shape[1]:
            raise ArgumentError(f"the array has {data.shape[1]} columns and {len(labels)} names")
        return [(name, data[:, i]) for i, name in enumerate(labels)]
    for method in ("to_pydict", "to_dict"):  # PyArrow, Polars
        if hasattr(data, method):
            held = (getattr(data, method)() if method == "to_pydict"
                    else getattr(data, method)(as_series=False))
            return [(str(name), held[name]) for name in (columns or held)]
    if hasattr(data, "fetchall"):  # DuckDB relation
        rows, labels = data.fetchall(), list(data.columns)
        return [(name, [row[labels.index(name)] for row in rows]) for name in (columns or labels)]
    raise ArgumentError(f"{type(data).__name__} has no columns: give a dict of columns, a 2-D "
                        "array or a frame")


def _as(kind: str, typecode: str, blank: float, name: str, values: Any) -> Tuple[Any, int]:
    """A column as contiguous memory of one type, and its length; copied where it must be."""
    dtype = getattr(values, "dtype", None)
    if dtype is not None and hasattr(values, "to_numpy") and hasattr(values, "iloc"):
        if getattr(dtype, "kind", "O") not in "iufb" or not type(dtype).__module__.startswith(
                "numpy"):
            values = values.to_numpy(dtype="float64", na_value=math.nan)
        else:
            values = values.to_numpy()
        dtype = values.dtype
    if dtype is not None and hasattr(values, "__array_interface__") and dtype.kind in "iufb":
        if hasattr(values, "filled") and hasattr(values, "mask"):
            values = values.astype("f8").filled(math.nan)
        if typecode == "b":
            return _small(name, values)
        contiguous = values.astype(kind, order="C", copy=False)
        if contiguous.strides != (contiguous.itemsize,):
            contiguous = contiguous.copy()
        return contiguous, len(contiguous)
    cells = [blank if _is_missing(value) else value for value in values]
    if typecode == "b":
        return _fitting(name, cells), len(cells)
    return array.array(typecode, [float(cell) for cell in cells]), len(cells)


def _refuse(name: str, value: Any) -> DataError:
    return DataError(f"column '{name}' holds {value}; answers are whole numbers from 0 to 127, "
                     "negative where missing")


def _fitting(name: str, cells: List[Any]) -> "array.array[int]":
    out = array.array("b")
    for cell in cells:
        if cell != int(cell) or cell > 127:
            raise _refuse(name, cell)
        out.append(max(int(cell), -1))
    return out


def _small(name: str, values: Any) -> Tuple[Any, int]:
    """An array of answers as int8, where every number fits."""
    if values.dtype.str == "|i1":
        out = values
    else:
        if values.dtype.kind == "f":
            values = values.copy()
            values[values != values] = -1
        # Negative numbers all mean missing, however large.
        given = values
        values = values.clip(-1, 128) if values.dtype.kind != "u" else values.clip(0, 128)
        out = values.astype("i1")
        wrong = out != values
        if wrong.any():
            raise _refuse(name, given[wrong][0])
    if out.strides != (1,):
        out = out.copy()
    return out, len(out)


class Columns:
    """Columns of one length for C: `pointers`, and what keeps them."""

    def __init__(self, named: Named, kind: str, typecode: str, blank: float) -> None:
        self.names = [name for name, _ in named]
        self._held = []
        self.n_rows = 0
        for i, (name, values) in enumerate(named):
            held, n_rows = _as(kind, typecode, blank, name, values)
            if i and n_rows != self.n_rows:
                raise DataError(f"column '{name}' has {n_rows} rows, others have {self.n_rows}")
            self.n_rows = n_rows
            self._held.append(held)
        ctype = "double" if typecode == "d" else "int8_t"
        self.pointers = ffi.new(f"const {ctype} *[]",
                                [ffi.from_buffer(f"{ctype}[]", one) for one in self._held] or 1)

    def __len__(self) -> int:
        return len(self.names)


def doubles(named: Named) -> Columns:
    """Columns of floats, NaN where missing."""
    return Columns(named, "f8", "d", math.nan)


def answers(named: Named) -> Columns:
    """Columns of answers 0 to 127, negative where missing."""
    return Columns(named, "i1", "b", -1)


def double_column(name: str, values: Any) -> Tuple[Any, int, Any]:
    """One column of floats: pointer, length, and what keeps it."""
    held, n_rows = _as("f8", "d", math.nan, name, values)
    return ffi.from_buffer("double[]", held), n_rows, held


def whole_column(name: str, ctype: str, values: Any, n_rows: Optional[int] = None) -> Any:
    """One column of whole numbers as a C array of its own."""
    cells = [int(value) for value in (values.tolist() if hasattr(values, "tolist") else values)]
    if n_rows is not None and len(cells) != n_rows:
        raise DataError(f"'{name}' has {len(cells)} values, {n_rows} are needed")
    try:
        return ffi.new(f"{ctype}[]", cells or 1)
    except OverflowError:
        raise DataError(f"a value of '{name}' is outside its range") from None


STATES = ("defined", "no_variance", "blanks", "too_few")
_State = Callable[[int], bool]


def states(raw: Any, n_rows: int) -> List[str]:
    """psy_index_state in words."""
    return [STATES[state] for state in ffi.unpack(raw, n_rows)]


def table_of(columns: Dict[str, Tuple[str, Any]], n_rows: int) -> Table:
    """A table out of C arrays: name to ("double" | an integer type | "text", array)."""
    raw = []
    for name, (kind, values) in columns.items():
        if kind == "text":
            from .table import _encode

            raw.append(_encode(name, values) if n_rows else (name, "u", None, [bytes(4), b""]))
        elif kind == "double":
            data = bytes(ffi.buffer(values, 8 * n_rows))
            raw.append((name, "g", None, [data]))
        else:
            whole = array.array("q", ffi.unpack(values, n_rows) if n_rows else [])
            raw.append((name, "l", None, [whole.tobytes()]))
    return Table._take(_build(raw, n_rows))


def masked(name: str, values: Iterable[int], there: Sequence[bool]) -> Any:
    """A raw column of whole numbers, some of them missing."""
    data = array.array("q", list(values))
    return name, "l", _bits(there), [data.tobytes()]


NO_ROW = int(ffi.cast("size_t", -1))
assert lib.PSY_INDEX_DEFINED == 0
