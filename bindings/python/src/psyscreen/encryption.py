"""Workbooks that open with a password."""

from __future__ import annotations

import os
import tempfile
from typing import List, Optional, Union

from ._calls import PathLike, c_path, c_text
from ._psyscreen import ffi, lib
from .errors import ArgumentError, _check, _text


def encrypt_workbook(workbook: Union[PathLike, bytes], password: str,
                     out: Optional[PathLike] = None, *, spin: int = 0) -> Optional[bytes]:
    """Encrypt a workbook so that spreadsheet programs ask for the password.

    Args:
        workbook: path of an .xlsx file, or its bytes.
        password: 8 to 255 characters; the file is as strong as it.
        out: where to write; the file appears complete or not at all.  Without it the bytes
            are returned.
        spin: rounds of the password hash; 0 is 100,000.

    Raises:
        ArgumentError: the password is too short, too long, or cannot be typed reliably.
        FileError: the workbook cannot be read.
    """
    options, error = ffi.new("psy_encryption_options *"), ffi.new("psy_error *")
    options.version, options.spin = lib.PSY_ENCRYPTION_OPTIONS_VERSION, spin
    if "\0" in password:
        raise ArgumentError("a password holds no NUL")
    pieces: List[bytes] = []
    handle, sink = ffi.new_handle(pieces), ffi.new("psy_sink *")
    sink.write, sink.context = lib.psypy_write, handle
    raw = workbook if isinstance(workbook, bytes) else None
    held = ffi.NULL if raw is None else ffi.from_buffer(raw or b"\0")
    status = lib.psy_encrypt_workbook(ffi.NULL if isinstance(workbook, bytes) else
                                      c_path(workbook), held, len(raw or b""), c_text(password),
                                      options, sink, error)
    _check(status, error)
    data = b"".join(pieces)
    if out is None:
        return data
    directory = os.path.dirname(os.path.abspath(os.fspath(out)))
    descriptor, draft = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=directory)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, out)
    except BaseException:
        os.unlink(draft)
        raise
    return None


def key_new(path: PathLike) -> str:
    """Make a key for pseudonyms: a new file that its owner alone may read; its fingerprint.

    Raises:
        OutputError: something of that name is there; it is never overwritten.
    """
    error, out = ffi.new("psy_error *"), ffi.new("char[]", lib.PSY_KEY_FINGERPRINT)
    _check(lib.psy_key_new(c_path(path), out, error), error)
    return _text(out)


def key_fingerprint(path: PathLike) -> str:
    """Fingerprint of a key: by it two people find out whether they hold the same."""
    error, out = ffi.new("psy_error *"), ffi.new("char[]", lib.PSY_KEY_FINGERPRINT)
    _check(lib.psy_key_fingerprint(c_path(path), out, ffi.NULL, error), error)
    return _text(out)
