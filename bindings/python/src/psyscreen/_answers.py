"""Answers out of whatever holds them: arrays, frames, Arrow.

Nothing is converted that need not be: arrays of numbers are read where they lie, with their
strides; frames that speak Arrow hand their columns over.
"""

from __future__ import annotations

import math
from typing import Any, Iterable, List, Mapping, Optional, Sequence, Tuple

from ._calls import Findings, c_text, made
from ._psyscreen import ffi, lib
from .errors import ArgumentError, DataError, UnsupportedError, _check
from .instrument import Instrument
from .table import (_bits, _encode, _fill_column, _is_missing, _open_capsule, _STREAM_NAME)

PERSON = ("sex", "grade", "age", "informant")
_FIELDS = {name: i for i, name in enumerate(PERSON)}
_TYPES = {"i1": lib.PSY_INT8, "i2": lib.PSY_INT16, "i4": lib.PSY_INT32, "i8": lib.PSY_INT64,
          "u1": lib.PSY_UINT8, "u2": lib.PSY_UINT16, "u4": lib.PSY_UINT32, "u8": lib.PSY_UINT64,
          "b1": lib.PSY_UINT8, "f4": lib.PSY_FLOAT, "f8": lib.PSY_DOUBLE}
_NATIVE = {"=", "|", "<" if memoryview(b"\1\0").cast("H")[0] == 1 else ">"}


class Answers:
    """A psy_answers and the number of its rows."""

    def __init__(self, pointer: Any) -> None:
        self.pointer = pointer

    def __len__(self) -> int:
        n: int = lib.psy_answers_row_count(self.pointer)
        return n


def read(instrument: Instrument, data: Any, columns: Optional[Sequence[str]],
         variant: Optional[str], missing: Optional[float], findings: Findings) -> Answers:
    """Answers to one instrument out of `data`; see :func:`psyscreen.score`."""
    if columns is None and not _is_frame(data):
        if hasattr(data, "__arrow_c_stream__"):
            return _from_stream(instrument, data, variant, findings)
        if hasattr(data, "__arrow_c_array__"):
            return _from_array(instrument, data, variant, findings)
    named = _named(instrument, data, columns)
    return _from_columns(instrument, named, variant, missing, findings)


def _is_frame(data: Any) -> bool:
    """A pandas DataFrame: its columns are read one by one, where they lie."""
    return hasattr(data, "iloc") and hasattr(data, "columns")


def _named(instrument: Instrument, data: Any,
           columns: Optional[Sequence[str]]) -> Mapping[str, Any]:
    """The columns of `data` that mean something to the instrument, by name."""
    wanted = [*instrument.columns, *PERSON]
    if isinstance(data, Mapping):
        return {name: data[name] for name in wanted if name in data}
    if _is_frame(data):
        twice = [name for name in wanted if list(data.columns).count(name) > 1]
        if twice:
            raise DataError(f"there are two columns '{twice[0]}'")
        return {name: data[name] for name in wanted if name in data.columns}
    dtype = getattr(data, "dtype", None)
    if dtype is not None and getattr(dtype, "names", None):
        return {name: data[name] for name in wanted if name in dtype.names}
    if getattr(data, "ndim", 0) == 2:
        names = instrument.columns if columns is None else list(columns)
        if len(names) != data.shape[1]:
            whose = f"{instrument.id} has {len(names)} items" if columns is None else (
                f"`columns` has {len(names)} names")
            raise ArgumentError(f"the array has {data.shape[1]} columns, and {whose}: say what the "
                                f"columns are, as in columns=[{wanted[0]!r}, {wanted[1]!r}, ...]; "
                                "items that nothing scored needs may be left out")
        unknown = [name for name in names if name not in wanted]
        if columns is not None and unknown == names:
            raise ArgumentError(f"none of the columns is one of {instrument.id}: they are called "
                                f"{wanted[0]!r}, ..., sex, grade, age, informant")
        if len(set(names)) < len(names):
            raise DataError("a column is named twice")
        return {name: data[:, i] for i, name in enumerate(names) if name in wanted}
    raise ArgumentError(f"{type(data).__name__} holds no answers: give a dict of columns, a 2-D "
                        "or structured array, or a frame")


# ---- Arrow ----

def _from_stream(instrument: Instrument, data: Any, variant: Optional[str],
                 findings: Findings) -> Answers:
    capsule = data.__arrow_c_stream__()
    stream = _open_capsule(capsule, _STREAM_NAME, "struct ArrowArrayStream *")
    error, out = ffi.new("psy_error *"), ffi.new("psy_answers **")
    status = lib.psy_answers_import_stream(out, instrument._pointer, c_text(variant), stream,
                                           ffi.NULL, findings.pointer, error)
    del capsule
    findings.check(status, error)
    return Answers(made(out, lib.psy_answers_free))


def _capsules(data: Any) -> Tuple[Any, Any, Any]:
    """Schema and array of something with __arrow_c_array__, and what keeps them."""
    held = data.__arrow_c_array__()
    return (_open_capsule(held[0], b"arrow_schema", "struct ArrowSchema *"),
            _open_capsule(held[1], b"arrow_array", "struct ArrowArray *"), held)


def _from_array(instrument: Instrument, data: Any, variant: Optional[str],
                findings: Findings) -> Answers:
    schema, array, held = _capsules(data)
    answers = _new(instrument, variant, array.length)
    error = ffi.new("psy_error *")
    status = lib.psy_answers_import_arrow(answers.pointer, schema, array, findings.pointer, error)
    del held
    findings.check(status, error)
    return answers


# ---- columns ----

def _new(instrument: Instrument, variant: Optional[str], n_rows: int) -> Answers:
    error, out = ffi.new("psy_error *"), ffi.new("psy_answers **")
    _check(lib.psy_answers_new(out, instrument._pointer, c_text(variant), n_rows, ffi.NULL, error),
           error)
    return Answers(made(out, lib.psy_answers_free))


def _from_columns(instrument: Instrument, named: Mapping[str, Any], variant: Optional[str],
                  missing: Optional[float], findings: Findings) -> Answers:
    columns = {name: _column(name, values) for name, values in named.items()}
    lengths = {name: column.n_rows for name, column in columns.items()}
    n_rows = next(iter(lengths.values()), 0)
    for name, length in lengths.items():
        if length != n_rows:
            raise DataError(f"column '{name}' has {length} rows, others have {n_rows}")
    answers = _new(instrument, variant, n_rows)
    blank = ffi.NULL if missing is None or math.isnan(missing) else ffi.new("double *", missing)
    items = {name: i for i, name in enumerate(instrument.columns)}
    # In the order of the definition, so that findings come in one order from every input.
    for name in [*items, *PERSON]:
        if name in columns:
            columns[name].give(answers, name, items.get(name, -1), blank, findings)
    error = ffi.new("psy_error *")
    findings.check(lib.psy_answers_complete(answers.pointer, findings.pointer, error), error)
    return answers


class _Strided:
    """Numbers where they lie: an address, a type and the way from one to the next."""

    def __init__(self, owner: Any, address: int, kind: int, stride: int, n_rows: int) -> None:
        self.owner = owner
        self.address, self.kind, self.stride, self.n_rows = address, kind, stride, n_rows

    def give(self, answers: Answers, name: str, item: int, missing: Any,
             findings: Findings) -> None:
        data, error = ffi.cast("const void *", self.address), ffi.new("psy_error *")
        if item < 0:
            status = lib.psy_answers_set_person(answers.pointer, _FIELDS[name], data, self.kind,
                                                self.stride, missing, error)
        else:
            status = lib.psy_answers_set_column(answers.pointer, item, data, self.kind,
                                                self.stride, missing, findings.pointer, error)
        findings.check(status, error)


class _Arrow:
    """An Arrow array; `held` keeps what it points at."""

    def __init__(self, schema: Any, array: Any, held: Any) -> None:
        self.schema, self.array, self.held = schema, array, held
        self.n_rows = int(array.length)

    def give(self, answers: Answers, name: str, item: int, missing: Any,
             findings: Findings) -> None:
        del item, missing
        error = ffi.new("psy_error *")
        status = lib.psy_answers_import_column(answers.pointer, c_text(name), self.schema,
                                               self.array, findings.pointer, error)
        findings.check(status, error)


def _column(name: str, values: Any) -> Any:
    """One column in a form the library reads."""
    if hasattr(values, "iloc") and hasattr(values, "to_numpy"):
        return _series(name, values)
    if hasattr(values, "__array_interface__"):
        return _array(name, values)
    if hasattr(values, "__arrow_c_array__"):
        schema, array, held = _capsules(values)
        return _Arrow(schema, array, held)
    if hasattr(values, "__arrow_c_stream__"):
        return _chunks(name, values)
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise ArgumentError(f"column '{name}' is one {type(values).__name__}, not a column")
    return _listed(name, list(values))


def _array(name: str, values: Any) -> Any:
    """A NumPy array, or what looks like one."""
    if getattr(values, "ndim", 1) != 1:
        raise ArgumentError(f"column '{name}' has {values.ndim} dimensions")
    interface = values.__array_interface__
    order, kind = interface["typestr"][0], interface["typestr"][1:]
    if kind[0] in "OUSV" or (kind[0] not in "iufb"):
        if kind[0] not in "OUS":
            raise UnsupportedError(f"column '{name}' holds {values.dtype}; numbers and texts are "
                                   "read")
        return _listed(name, values.tolist())
    if hasattr(values, "mask") and hasattr(values, "filled"):
        values = values.astype("f8").filled(math.nan)
    elif kind not in _TYPES:  # float16 and long double
        values = values.astype("f8")
    elif order not in _NATIVE:
        values = values.astype(values.dtype.newbyteorder("="))
    interface = values.__array_interface__
    kind, n_rows = interface["typestr"][1:], interface["shape"][0]
    stride = interface.get("strides")
    step = stride[0] if stride else int(kind[1:])
    return _Strided(values, interface["data"][0], _TYPES[kind], step, n_rows)


def _series(name: str, values: Any) -> Any:
    """A pandas Series."""
    dtype = values.dtype
    if type(dtype).__name__ == "CategoricalDtype":
        return _categories(name, values)
    kind = getattr(dtype, "kind", "O")
    if type(dtype).__module__.startswith("numpy"):
        return _array(name, values.to_numpy())
    if type(dtype).__name__ == "ArrowDtype" or kind not in "iufb":
        return _listed(name, values.tolist())
    return _array(name, values.to_numpy(dtype="float64", na_value=math.nan))


def _categories(name: str, values: Any) -> Any:
    """A categorical Series: its codes as an Arrow dictionary over its categories."""
    codes = values.cat.codes.to_numpy().astype("<i4")
    there = _bits((codes >= 0).tolist())
    keep: List[Any] = []
    words = _encode("", [_cell(each) for each in values.cat.categories])
    schema, array = ffi.new("struct ArrowSchema *"), ffi.new("struct ArrowArray *")
    dictionary, entries = ffi.new("struct ArrowSchema *"), ffi.new("struct ArrowArray *")
    _fill_column(keep, dictionary, entries, words, len(values.cat.categories))
    _fill_column(keep, schema, array, (name, "i", there, [codes.tobytes()]), len(values))
    schema.dictionary, array.dictionary = dictionary, entries
    return _Arrow(schema, array, (keep, dictionary, entries, codes))


def _cell(value: Any) -> Any:
    """A Python value of a cell: numbers of other libraries become Python's."""
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    return value.decode() if isinstance(value, bytes) else value


def _number_text(value: Any) -> str:
    """A number among texts, written as it is in a file."""
    if isinstance(value, bool):
        return str(int(value))
    return repr(value)


def _listed(name: str, values: List[Any]) -> Any:
    """Python values: all numbers, or texts (among which numbers are written out)."""
    cells = [_cell(value) for value in values]
    known = [cell for cell in cells if not _is_missing(cell)]
    for cell in known:
        if not isinstance(cell, (str, int, float)):
            raise UnsupportedError(f"column '{name}' holds a {type(cell).__name__}; numbers and "
                                   "texts are read")
    if any(isinstance(cell, str) for cell in known):
        cells = [None if _is_missing(c) else c if isinstance(c, str) else _number_text(c)
                 for c in cells]
    else:
        cells = [None if _is_missing(c) else float(c) for c in cells]
    keep: List[Any] = []
    schema, array = ffi.new("struct ArrowSchema *"), ffi.new("struct ArrowArray *")
    _fill_column(keep, schema, array, _encode(name, cells), len(cells))
    return _Arrow(schema, array, keep)


def _chunks(name: str, values: Any) -> Any:
    """A stream of pieces of one column; one piece is read where it lies."""
    capsule = values.__arrow_c_stream__()
    stream = _open_capsule(capsule, _STREAM_NAME, "struct ArrowArrayStream *")
    schema = ffi.gc(ffi.new("struct ArrowSchema *"), lib.psypy_release_schema)
    first = ffi.gc(ffi.new("struct ArrowArray *"), lib.psypy_release_array)
    second = ffi.gc(ffi.new("struct ArrowArray *"), lib.psypy_release_array)
    if (lib.psypy_stream_schema(stream, schema) or lib.psypy_stream_next(stream, first)
            or (first.release != ffi.NULL and lib.psypy_stream_next(stream, second))):
        raise DataError(f"column '{name}' could not be read from its Arrow stream")
    if first.release != ffi.NULL and second.release == ffi.NULL:
        return _Arrow(schema, first, (schema, first, capsule))
    for method in ("to_pylist", "to_list", "tolist"):
        if hasattr(values, method):
            return _listed(name, list(getattr(values, method)()))
    return _listed(name, list(values))
