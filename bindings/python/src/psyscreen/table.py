"""Results as columns.

A :class:`Table` holds the columns as the C library made them, in the layout of Apache Arrow,
and hands them on without a copy: to anything that reads the Arrow PyCapsule interface (Polars,
pandas, PyArrow, DuckDB) and to NumPy.
"""

from __future__ import annotations

import ctypes
import html
import os
from typing import (TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple,
                    Union)

from ._psyscreen import ffi, lib
from .errors import OutOfMemoryError, _check, _text

if TYPE_CHECKING:
    import numpy
    import pandas
    import polars
    import pyarrow

Cell = Union[bool, int, float, str, None]

_FORMATS = {"b": "bool", "l": "int", "g": "float", "u": "str"}
_SHOWN_ROWS = 10
_SHOWN_COLUMNS = 12


class _Share:
    """One table of the library, kept as long as anything reads it."""

    __slots__ = ("pointer", "columns", "__weakref__")

    def __init__(self, table: Any) -> None:
        share = lib.psypy_share_new(table)
        if share == ffi.NULL:
            lib.psy_table_free(table)
            raise OutOfMemoryError("out of memory for a table")
        self.pointer = ffi.gc(share, lib.psypy_share_done)
        schema = lib.psypy_share_schema(share)
        self.columns = [_text(schema.children[i].name) for i in range(schema.n_children)]

    def array(self, column: int) -> Any:
        return lib.psypy_share_array(self.pointer).children[column]

    def format(self, column: int) -> str:
        return _text(lib.psypy_share_schema(self.pointer).children[column].format)


class Table:
    """Named columns of equal length; any cell may be missing.

    Tables come out of the library and do not change.  ``table["name"]`` is one column as a
    list of Python values, ``table[["a", "b"]]`` a table of these columns.

    >>> import psyscreen
    >>> t = psyscreen.Table.from_columns({"student": ["a", "b"], "total": [9.0, None]})
    >>> t.columns, len(t), t["total"]
    (['student', 'total'], 2, [9.0, None])
    >>> print(t.to_csv(), end="")
    student,total
    a,9
    b,
    """

    __slots__ = ("_parts", "_index", "_n_rows", "__weakref__")
    _parts: List[Tuple[_Share, int]]
    _index: Dict[str, int]
    _n_rows: int

    def __init__(self) -> None:
        raise TypeError("tables come out of the library; Table.from_columns() makes one")

    # ---- making ----

    @classmethod
    def _make(cls, parts: List[Tuple[_Share, int]], n_rows: int) -> "Table":
        table = object.__new__(cls)
        table._parts = parts
        table._n_rows = n_rows
        table._index = {share.columns[column]: i for i, (share, column) in enumerate(parts)}
        return table

    @classmethod
    def _take(cls, pointer: Any) -> "Table":
        """Of a psy_table, which is taken over."""
        n_rows = lib.psy_table_row_count(pointer)
        share = _Share(pointer)
        return cls._make([(share, i) for i in range(len(share.columns))], n_rows)

    @classmethod
    def _beside(cls, tables: Sequence["Table"]) -> "Table":
        """The columns of all tables side by side; they have the same rows."""
        parts = [part for table in tables for part in table._parts]
        return cls._make(parts, tables[0]._n_rows)

    @classmethod
    def from_columns(cls, columns: Mapping[str, Sequence[Cell]]) -> "Table":
        """A table of Python values.

        Args:
            columns: name to values, all of one length.  ``None`` (and NaN) is missing; a column
                is of texts, of booleans, of whole numbers or else of floats.
        """
        raw = [_encode(name, list(values)) for name, values in columns.items()]
        return cls._take(_build(raw, len(next(iter(columns.values()), ()))))

    # ---- looking ----

    @property
    def columns(self) -> List[str]:
        """Names of the columns, in order."""
        return list(self._index)

    @property
    def shape(self) -> Tuple[int, int]:
        """Rows and columns."""
        return self._n_rows, len(self._parts)

    @property
    def types(self) -> Dict[str, str]:
        """Column to ``"bool"``, ``"int"``, ``"float"`` or ``"str"``."""
        return {name: _FORMATS[share.format(column)]
                for name, (share, column) in zip(self._index, self._parts)}

    def __len__(self) -> int:
        return self._n_rows

    def __contains__(self, name: object) -> bool:
        return name in self._index

    def __iter__(self) -> Iterator[str]:
        return iter(self._index)

    def __getitem__(self, name: Union[str, Sequence[str]]) -> Any:
        if isinstance(name, str):
            return self._values(self._find(name))
        return Table._make([self._parts[self._find(each)] for each in name], self._n_rows)

    def _find(self, name: str) -> int:
        try:
            return self._index[name]
        except KeyError:
            raise KeyError(f"there is no column {name!r}; there are "
                           + ", ".join(map(repr, list(self._index)[:20]))) from None

    def rows(self) -> Iterator[Dict[str, Cell]]:
        """One dictionary a row."""
        values = [self._values(i) for i in range(len(self._parts))]
        for row in zip(*values):
            yield dict(zip(self._index, row))

    def to_dict(self) -> Dict[str, List[Cell]]:
        """Column to list of values; ``None`` where a cell is missing."""
        return {name: self._values(i) for i, name in enumerate(self._index)}

    def _validity(self, part: int) -> Optional[bytes]:
        """Bits of the cells that are there, or None when all are."""
        share, column = self._parts[part]
        array = share.array(column)
        if array.null_count == 0 or array.buffers[0] == ffi.NULL:
            return None
        return bytes(ffi.buffer(ffi.cast("char *", array.buffers[0]), (self._n_rows + 7) // 8))

    def _values(self, part: int, first: int = 0, last: Optional[int] = None) -> List[Any]:
        share, column = self._parts[part]
        array, kind = share.array(column), share.format(column)
        last = self._n_rows if last is None else min(last, self._n_rows)
        n = last - first
        values: List[Any]
        if n <= 0:
            return []
        if kind == "g":
            values = ffi.unpack(ffi.cast("double *", array.buffers[1]) + first, n)
        elif kind == "l":
            values = ffi.unpack(ffi.cast("int64_t *", array.buffers[1]) + first, n)
        elif kind == "b":
            bits = ffi.cast("uint8_t *", array.buffers[1])
            values = [bool(bits[i >> 3] >> (i & 7) & 1) for i in range(first, last)]
        else:
            offsets = ffi.unpack(ffi.cast("int32_t *", array.buffers[1]) + first, n + 1)
            base = offsets[0]
            text = bytes(ffi.buffer(ffi.cast("char *", array.buffers[2]) + base,
                                    offsets[-1] - base))
            values = [text[a - base:b - base].decode() for a, b in zip(offsets, offsets[1:])]
        valid = self._validity(part)
        if valid is None:
            return values
        return [value if valid[i >> 3] >> (i & 7) & 1 else None
                for i, value in enumerate(values, first)]

    # ---- Arrow ----

    def _lend(self) -> Tuple[Any, Any]:
        shares = ffi.new("psypy_share *[]", [share.pointer for share, _ in self._parts] or 1)
        return shares, ffi.new("size_t[]", [column for _, column in self._parts] or 1)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The Arrow PyCapsule interface: a stream of one batch, without a copy."""
        del requested_schema  # types are not converted; the protocol allows to ignore it
        shares, columns = self._lend()
        stream = lib.psypy_share_stream(shares, columns, len(self._parts), self._n_rows)
        if stream == ffi.NULL:
            raise OutOfMemoryError("out of memory for an Arrow stream")
        return _new_capsule(int(ffi.cast("uintptr_t", stream)), _STREAM_NAME,
                            int(ffi.cast("uintptr_t", lib.psypy_stream_destructor())))

    # ---- leaving ----

    def to_numpy(self) -> Dict[str, "numpy.ndarray[Any, Any]"]:
        """Column to array of shape (rows,).

        Floats are float64, NaN where missing; whole numbers int64 and booleans bool, both
        masked arrays where a cell is missing; texts are objects, ``None`` where missing.
        Numbers without missing cells are views: nothing is copied, and they are read-only.
        """
        return {name: self._numpy(i) for i, name in enumerate(self._index)}

    def _numpy(self, part: int) -> "numpy.ndarray[Any, Any]":
        import numpy as np

        share, column = self._parts[part]
        array, kind, n = share.array(column), share.format(column), self._n_rows
        out: "numpy.ndarray[Any, Any]"
        if kind == "u":
            out = np.empty(n, dtype=object)
            out[:] = self._values(part)
            return out
        if n == 0:
            out = np.empty(0, dtype={"g": np.float64, "l": np.int64, "b": np.bool_}[kind])
            return out

        def unpacked(bits: "numpy.ndarray[Any, Any]") -> "numpy.ndarray[Any, Any]":
            flags: "numpy.ndarray[Any, Any]"
            flags = np.unpackbits(bits, count=n, bitorder="little").astype(np.bool_)
            return flags

        if kind == "b":
            out = unpacked(np.asarray(_Bytes(share, array.buffers[1], (n + 7) // 8)))
        else:
            out = np.asarray(_Bytes(share, array.buffers[1], 8 * n)).view(
                np.float64 if kind == "g" else np.int64)
        bits = self._validity(part)
        if bits is None:
            out.flags.writeable = False
            return out
        there = unpacked(np.frombuffer(bits, dtype=np.uint8))
        if kind == "g":
            out = np.where(there, out, np.nan)
        else:
            out = np.ma.MaskedArray(out, mask=~there)  # type: ignore[no-untyped-call, unused-ignore]
        return out

    def to_pandas(self) -> "pandas.DataFrame":
        """A pandas DataFrame.

        Whole numbers and booleans with missing cells become ``Int64`` and ``boolean``; missing
        floats are NaN, missing texts ``None``.
        """
        import pandas as pd

        columns: Dict[str, Any] = {}
        for name, values in self.to_numpy().items():
            if hasattr(values, "mask"):
                dtype = "boolean" if values.dtype == bool else "Int64"
                columns[name] = pd.array(values.tolist(), dtype=dtype)
            else:
                columns[name] = values
        return pd.DataFrame(columns, index=pd.RangeIndex(self._n_rows))

    def to_polars(self) -> "polars.DataFrame":
        """A Polars DataFrame over the same memory."""
        import polars as pl

        frame = pl.DataFrame(self)
        assert isinstance(frame, pl.DataFrame)
        return frame

    def to_arrow(self) -> "pyarrow.Table":
        """A PyArrow table over the same memory."""
        import pyarrow as pa

        return pa.RecordBatchReader.from_stream(self).read_all()

    def to_csv(self, path: Union[str, "os.PathLike[str]", None] = None) -> Optional[str]:
        """The table as the command line prints it: UTF-8, LF, missing cells empty.

        Args:
            path: where to write; without it the text is returned.
        """
        return self._written(lib.psy_table_write_csv, path)

    def to_json(self, path: Union[str, "os.PathLike[str]", None] = None) -> Optional[str]:
        """One JSON object a line; missing cells null.  `path` as in :meth:`to_csv`."""
        return self._written(lib.psy_table_write_json, path)

    def _written(self, write: Any, path: Union[str, "os.PathLike[str]", None]) -> Optional[str]:
        sink = ffi.new("psy_sink *")
        pieces: List[bytes] = []
        handle = ffi.new_handle(pieces)
        sink.write, sink.context = lib.psypy_write, handle
        error = ffi.new("psy_error *")
        table, keep = self._whole()
        _check(write(table, sink, error), error)
        del keep
        data = b"".join(pieces)
        if path is None:
            return data.decode()
        with open(path, "wb") as file:
            file.write(data)
        return None

    def _whole(self) -> Tuple[Any, Any]:
        """A psy_table of exactly these columns, and what keeps it alive."""
        first = self._parts[0][0] if self._parts else None
        if first is not None and self._parts == [(first, i) for i in range(len(first.columns))]:
            return lib.psypy_share_table(first.pointer), first
        shares, columns = self._lend()
        schema, array = ffi.new("struct ArrowSchema *"), ffi.new("struct ArrowArray *")
        if lib.psypy_share_lend(shares, columns, len(self._parts), self._n_rows, schema, array):
            raise OutOfMemoryError("out of memory for a table")
        error, out = ffi.new("psy_error *"), ffi.new("psy_table **")
        status = lib.psy_table_import_arrow(out, schema, array, ffi.NULL, error)
        lib.psypy_release_array(array)
        lib.psypy_release_schema(schema)
        _check(status, error)
        made = ffi.gc(out[0], lib.psy_table_free)
        return made, made

    # ---- pickling, comparing, showing ----

    def __reduce__(self) -> Tuple[Any, ...]:
        raw = [self._raw(i) for i in range(len(self._parts))]
        return (_unpickle, (type(self), raw, self._n_rows))

    def _raw(self, part: int) -> Tuple[str, str, Optional[bytes], List[bytes]]:
        """Name, type, bits of the cells that are there, and the buffers of one column."""
        share, column = self._parts[part]
        array, kind, n = share.array(column), share.format(column), self._n_rows
        sizes = {"g": [8 * n], "l": [8 * n], "b": [(n + 7) // 8], "u": [4 * (n + 1)]}[kind]
        if kind == "u":
            sizes.append(ffi.cast("int32_t *", array.buffers[1])[n])
        data = [bytes(ffi.buffer(ffi.cast("char *", array.buffers[i + 1]), size))
                for i, size in enumerate(sizes)]
        return share.columns[column], kind, self._validity(part), data

    def __eq__(self, other: object) -> bool:
        """Same columns, types and cells."""
        if not isinstance(other, Table):
            return NotImplemented
        return (self._n_rows == other._n_rows
                and [self._raw(i) for i in range(len(self._parts))]
                == [other._raw(i) for i in range(len(other._parts))])

    __hash__ = None  # type: ignore[assignment]

    def _head(self) -> Tuple[List[str], List[List[str]]]:
        names = self.columns
        shown = names[:_SHOWN_COLUMNS]
        cells = [[_show(v) for v in self._values(i, 0, _SHOWN_ROWS)] for i in range(len(shown))]
        lines = [list(row) for row in zip(*cells)]
        if len(names) > len(shown):
            shown = [*shown, "..."]
            lines = [[*line, "..."] for line in lines]
        return shown, lines

    def _caption(self) -> str:
        return f"{self._n_rows} rows x {len(self._parts)} columns"

    def __repr__(self) -> str:
        names, lines = self._head()
        widths = [max([len(name), *(len(line[i]) for line in lines)])
                  for i, name in enumerate(names)]
        out = ["  ".join(n.ljust(w) for n, w in zip(names, widths)).rstrip()]
        out += ["  ".join(c.ljust(w) for c, w in zip(line, widths)).rstrip() for line in lines]
        if self._n_rows > len(lines):
            out.append("...")
        return "\n".join([*out, f"[{type(self).__name__}: {self._caption()}]"])

    def _repr_html_(self) -> str:
        names, lines = self._head()
        head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in line) + "</tr>"
                       for line in lines)
        more = "<p>...</p>" if self._n_rows > len(lines) else ""
        return (f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"
                f"<p>{self._caption()}</p>")


def _show(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


class _Bytes:
    """Read-only memory of a share, as NumPy's array interface: keeps the share alive."""

    def __init__(self, share: _Share, address: Any, size: int) -> None:
        self._share = share
        self.__array_interface__ = {"version": 3, "shape": (size,), "typestr": "|u1",
                                    "data": (int(ffi.cast("uintptr_t", address)), True)}


# ---- out of Python values ----

_Raw = Tuple[str, str, Optional[bytes], List[bytes]]


def _bits(flags: Sequence[bool]) -> bytes:
    out = bytearray((len(flags) + 7) // 8)
    for i, flag in enumerate(flags):
        if flag:
            out[i >> 3] |= 1 << (i & 7)
    return bytes(out)


def _is_missing(value: Any) -> bool:
    """None, NaN, NaT or NA."""
    if value is None:
        return True
    if type(value).__name__ in ("NAType", "NaTType", "MaskedConstant"):
        return True
    return isinstance(value, float) and value != value


def _encode(name: str, values: List[Any]) -> _Raw:
    """One column of Python values as Arrow buffers."""
    import array

    there = [not _is_missing(value) for value in values]
    valid = None if all(there) else _bits(there)
    known = [value for value, is_there in zip(values, there) if is_there]
    if any(isinstance(value, str) for value in known):
        pieces = [str(v).encode() if t else b"" for v, t in zip(values, there)]
        offsets, at = array.array("i", [0]), 0
        for piece in pieces:
            at += len(piece)
            offsets.append(at)
        return name, "u", valid, [offsets.tobytes(), b"".join(pieces)]
    if known and all(isinstance(value, bool) for value in known):
        return name, "b", valid, [_bits([bool(t and v) for v, t in zip(values, there)])]
    if known and all(isinstance(value, int) for value in known):
        data = array.array("q", [int(v) if t else 0 for v, t in zip(values, there)])
        return name, "l", valid, [data.tobytes()]
    floats = array.array("d", [float(v) if t else 0.0 for v, t in zip(values, there)])
    return name, "g", valid, [floats.tobytes()]


def _fill_column(keep: List[Any], schema: Any, array: Any, raw: _Raw, n_rows: int) -> None:
    """Point the structs of one column at bytes that `keep` holds."""
    name, kind, valid, data = raw
    texts = [ffi.new("char[]", kind.encode()), ffi.new("char[]", name.encode())]
    buffers = ffi.new("const void *[]", 3)
    for i, piece in enumerate([valid, *data]):
        if piece is not None:
            held = ffi.from_buffer(piece if piece else b"\0")
            keep.append(held)
            buffers[i] = held
    keep += [texts, buffers]
    schema.format, schema.name, schema.flags = texts[0], texts[1], 2
    array.length, array.n_buffers, array.buffers = n_rows, 1 + len(data), buffers
    array.null_count = -1 if valid is not None else 0
    lib.psypy_own_schema(schema)
    lib.psypy_own_array(array)


def _build(columns: List[_Raw], n_rows: int) -> Any:
    """A psy_table of raw columns."""
    n = len(columns)
    keep: List[Any] = []
    schemas, arrays = ffi.new("struct ArrowSchema[]", n or 1), ffi.new("struct ArrowArray[]", n or 1)
    schema_children = ffi.new("struct ArrowSchema *[]", n or 1)
    array_children = ffi.new("struct ArrowArray *[]", n or 1)
    for i, raw in enumerate(columns):
        schema_children[i], array_children[i] = schemas + i, arrays + i
        _fill_column(keep, schema_children[i], array_children[i], raw, n_rows)
    schema, array = ffi.new("struct ArrowSchema *"), ffi.new("struct ArrowArray *")
    form, none = ffi.new("char[]", b"+s"), ffi.new("const void *[]", 1)
    schema.format, schema.name, schema.n_children, schema.children = form, form, n, schema_children
    array.length, array.n_buffers, array.buffers = n_rows, 1, none
    array.n_children, array.children = n, array_children
    lib.psypy_own_schema(schema)
    lib.psypy_own_array(array)
    error, out = ffi.new("psy_error *"), ffi.new("psy_table **")
    _check(lib.psy_table_import_arrow(out, schema, array, ffi.NULL, error), error)
    return out[0]


def _unpickle(kind: Any, columns: List[_Raw], n_rows: int) -> Table:
    table: Table = kind._take(_build(columns, n_rows))
    return table


# ---- capsules ----

_STREAM_NAME = b"arrow_array_stream"
_capsule_new = ctypes.pythonapi.PyCapsule_New
_capsule_new.restype = ctypes.py_object
_capsule_new.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_capsule_pointer.restype = ctypes.c_void_p
_capsule_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]


def _new_capsule(pointer: int, name: bytes, destructor: int) -> object:
    return _capsule_new(pointer, name, destructor)


def _open_capsule(capsule: object, name: bytes, kind: str) -> Any:
    """What a capsule points at; it belongs to the capsule."""
    return ffi.cast(kind, _capsule_pointer(capsule, name))
