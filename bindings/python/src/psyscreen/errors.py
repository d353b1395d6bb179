"""What went wrong, where, and inside what.

Every failure of the library is a :class:`PsyscreenError`; one subclass stands for each status
of the C library, and where Python has a word for it the subclass is that as well
(:class:`DataError` is a ``ValueError``, :class:`NotFoundError` a ``LookupError``).
"""

from __future__ import annotations

from typing import Any, Dict, Tuple, Type

from ._psyscreen import ffi, lib


class PsyscreenError(Exception):
    """A call of the library failed.

    Attributes:
        status: name of the status in C, ``"PSY_E_SCHEMA"``.
        source: file the place is in, or ``""``.
        line, column: the place, from 1; 0 where there is none.
        length: code points underlined; 0 where there is no place.
        path: where inside, ``"scales/total/score"``; may be empty.
        message: one sentence that names the thing, what was found and what was expected.
        findings: for definitions, every problem as a :class:`~psyscreen.Table`, else ``None``.
    """

    status = "PSY_E_INTERNAL"

    def __init__(self, message: str, *, source: str = "", line: int = 0, column: int = 0,
                 length: int = 0, path: str = "", status: str = "", findings: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.line = line
        self.column = column
        self.length = length
        self.path = path
        self.findings = findings
        if status:
            self.status = status

    def __str__(self) -> str:
        place = self.source
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        parts = [part for part in (place, self.path) if part]
        return ": ".join([*parts, self.message])

    def __reduce__(self) -> Tuple[Any, ...]:
        fields = {"source": self.source, "line": self.line, "column": self.column,
                  "length": self.length, "path": self.path, "status": self.status,
                  "findings": self.findings}
        return (_restore, (type(self), self.message, fields))


def _restore(kind: Type[PsyscreenError], message: str, fields: Dict[str, Any]) -> PsyscreenError:
    return kind(message, **fields)


class OutOfMemoryError(PsyscreenError, MemoryError):
    """Out of memory."""

    status = "PSY_E_NOMEM"


class ArgumentError(PsyscreenError, ValueError):
    """An argument outside the documented domain."""

    status = "PSY_E_ARGUMENT"


class FileError(PsyscreenError):
    """A file could not be read."""

    status = "PSY_E_IO"


class DefinitionSyntaxError(PsyscreenError, ValueError):
    """A text is not well formed."""

    status = "PSY_E_SYNTAX"


class SchemaError(PsyscreenError, ValueError):
    """Well formed, but not a valid definition."""

    status = "PSY_E_SCHEMA"


class ExpressionError(PsyscreenError, ValueError):
    """A rule does not compile."""

    status = "PSY_E_EXPR"


class DataError(PsyscreenError, ValueError):
    """Data cannot be read as declared."""

    status = "PSY_E_DATA"


class NotFoundError(PsyscreenError, LookupError):
    """No object of that name."""

    status = "PSY_E_NOT_FOUND"


class LimitError(PsyscreenError):
    """A limit was exceeded."""

    status = "PSY_E_LIMIT"


class UnsupportedError(PsyscreenError, NotImplementedError):
    """A feature that is not available."""

    status = "PSY_E_UNSUPPORTED"


class NumericError(PsyscreenError, ArithmeticError):
    """The computation is undefined for this input."""

    status = "PSY_E_NUMERIC"


class CancelledError(PsyscreenError):
    """Stopped by a progress callback."""

    status = "PSY_E_CANCELLED"


class OutputError(PsyscreenError):
    """A result could not be written, or belongs to another run."""

    status = "PSY_E_OUTPUT"


class InternalError(PsyscreenError):
    """A bug in psyscreen."""

    status = "PSY_E_INTERNAL"


_BY_STATUS: Dict[str, Type[PsyscreenError]] = {
    kind.status: kind
    for kind in (OutOfMemoryError, ArgumentError, FileError, DefinitionSyntaxError, SchemaError,
                 ExpressionError, DataError, NotFoundError, LimitError, UnsupportedError,
                 NumericError, CancelledError, OutputError, InternalError)
}


def _text(value: Any) -> str:
    """A C string of the library as text; NULL is ''."""
    if value == ffi.NULL:
        return ""
    raw: bytes = ffi.string(value)
    return raw.decode("utf-8", "replace")


def _error_of(error: Any, findings: Any = None) -> PsyscreenError:
    """The exception for a filled-in psy_error."""
    status = _text(lib.psy_status_name(error.status))
    kind = _BY_STATUS.get(status, InternalError)
    message = _text(error.message) or _text(lib.psy_status_message(error.status))
    return kind(message, source=_text(error.where.source), line=error.where.line,
                column=error.where.column, length=error.where.length, path=_text(error.path),
                status=status, findings=findings)


def _check(status: int, error: Any, findings: Any = None) -> None:
    """Raise unless `status` is PSY_OK."""
    if status != lib.PSY_OK:
        raise _error_of(error, findings)
