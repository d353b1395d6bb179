"""What every call of the library needs: texts, lists of texts, findings, streams of bytes."""

from __future__ import annotations

import os
from typing import Any, Callable, List, Optional, Sequence, Tuple, Union

from ._psyscreen import ffi, lib
from .errors import OutOfMemoryError, PsyscreenError, _check
from .table import Table

PathLike = Union[str, "os.PathLike[str]"]


@ffi.def_extern(error=1)  # type: ignore[untyped-decorator,unused-ignore]
def psypy_write(context: Any, data: Any, size: int) -> int:
    """psy_sink.write into a list of bytes."""
    ffi.from_handle(context).append(bytes(ffi.buffer(data, size)))
    return 0


class Reader:
    """Something with ``read(n)`` as a psy_source; what it raised is kept."""

    def __init__(self, file: Any, name: str) -> None:
        self._file = file
        self.error: Optional[BaseException] = None
        self._handle = ffi.new_handle(self)
        self._name = ffi.new("char[]", name.encode())
        self.source = ffi.new("psy_source *")
        self.source.read, self.source.context = lib.psypy_read, self._handle
        self.source.name = self._name

    def read(self, size: int) -> bytes:
        data: bytes = self._file.read(size)
        return data


@ffi.def_extern(error=ffi.cast("size_t", -1))  # type: ignore[untyped-decorator,unused-ignore]
def psypy_read(context: Any, buffer: Any, size: int) -> Any:
    """psy_source.read out of a Reader."""
    reader = ffi.from_handle(context)
    try:
        data = reader.read(size)
        ffi.memmove(buffer, data, len(data))
        return len(data)
    except BaseException as error:  # C cannot carry it; raised when the call returns
        reader.error = error
        return ffi.cast("size_t", -1)


def text_of(write: Callable[[Any, Any], int]) -> str:
    """What a function writes into a sink; `write` gets the sink and an error."""
    pieces: List[bytes] = []
    handle = ffi.new_handle(pieces)
    sink, error = ffi.new("psy_sink *"), ffi.new("psy_error *")
    sink.write, sink.context = lib.psypy_write, handle
    _check(write(sink, error), error)
    return b"".join(pieces).decode()


def c_text(text: Optional[str]) -> Any:
    """A text for C, NULL for None; owned by what is returned."""
    return ffi.NULL if text is None else ffi.new("char[]", text.encode())


def c_path(path: Optional[PathLike]) -> Any:
    """A path for C, NULL for None."""
    return ffi.NULL if path is None else ffi.new("char[]", os.fsencode(path))


def c_texts(items: Sequence[Any]) -> Tuple[Any, Any]:
    """An array of texts and what keeps them alive."""
    held = [item if isinstance(item, ffi.CData) else ffi.new("char[]", os.fsencode(item))
            for item in items]
    return ffi.new("const char *[]", held or 1), held


def paths_of(given: Union[PathLike, Sequence[PathLike], None]) -> List[PathLike]:
    """None, one path or several of them, as a list."""
    if given is None:
        return []
    return [given] if isinstance(given, (str, os.PathLike)) else list(given)


class Findings:
    """A psy_findings, to be filled by calls and read as a table."""

    def __init__(self) -> None:
        error, out = ffi.new("psy_error *"), ffi.new("psy_findings **")
        _check(lib.psy_findings_new(out, ffi.NULL, error), error)
        self.pointer = ffi.gc(out[0], lib.psy_findings_free)

    def table(self) -> Table:
        """file, row, column, rule, severity, subject, message, ... of each finding."""
        error, out = ffi.new("psy_error *"), ffi.new("psy_table **")
        _check(lib.psy_findings_table(out, self.pointer, ffi.NULL, error), error)
        return Table._take(out[0])

    def count(self, severity: int) -> int:
        n: int = lib.psy_findings_count_severity(self.pointer, severity)
        return n

    def sort(self) -> None:
        lib.psy_findings_sort(self.pointer)

    def check(self, status: int, error: Any) -> None:
        """Raise unless PSY_OK; the exception carries what was found so far."""
        if status != lib.PSY_OK:
            found = self.table() if lib.psy_findings_count(self.pointer) else None
            _check(status, error, found)


def made(out: Any, free: Any) -> Any:
    """What a call wrote to *out, freed when nobody needs it."""
    if out[0] == ffi.NULL:
        raise OutOfMemoryError("the library made nothing")
    return ffi.gc(out[0], free)


def wrong_argument(message: str) -> PsyscreenError:
    from .errors import ArgumentError

    return ArgumentError(message)
