"""A screening in parts: what :mod:`psyscreen.spark` runs on its executors."""

from __future__ import annotations

import io
from typing import Any, Callable, List, Optional, Sequence, Tuple

from ._calls import Findings, PathLike, Reader, c_path, text_of
from ._psyscreen import ffi, lib
from .errors import _check
from .plan import Plan
from .table import Table


class Part:
    """Records of one part: the whole files' names, and their lines in it (UTF-8 CSV)."""

    def __init__(self, responses: Sequence[Tuple[str, bytes]],
                 roster: Optional[Tuple[str, bytes]] = None) -> None:
        self._responses, self._roster = list(responses), roster

    def open(self) -> Tuple[Any, List[Reader]]:
        """A psy_screening_part and its readers; each reading needs its own."""
        readers = [Reader(io.BytesIO(text), name) for name, text in self._responses]
        part = ffi.new("psy_screening_part *")
        sources = ffi.new("psy_source[]", len(readers) or 1)
        for i, reader in enumerate(readers):
            sources[i] = reader.source[0]
        part.responses, part.n_responses = sources, len(readers)
        if self._roster is not None:
            readers.append(Reader(io.BytesIO(self._roster[1]), self._roster[0]))
            part.roster = readers[-1].source
        return (part, sources), readers


class Wave:
    """Counts that the parts of a wave add up: exact integers, and nothing about anybody."""

    def __init__(self, plan: Plan, text: Optional[str] = None) -> None:
        error, out = ffi.new("psy_error *"), ffi.new("psy_wave **")
        if text is None:
            status = lib.psy_wave_new(out, plan._pointer, ffi.NULL, error)
        else:
            raw = text.encode()
            status = lib.psy_wave_read(out, plan._pointer, ffi.from_buffer(raw), len(raw),
                                       ffi.NULL, error)
        _check(status, error)
        self.plan, self._pointer = plan, ffi.gc(out[0], lib.psy_wave_free)

    def fold(self, part: Part, threads: int = 1) -> None:
        """Add a part: read it, score it, count it."""
        (raw, sources), readers = part.open()
        options, error = _options(threads, True), ffi.new("psy_error *")
        _check(lib.psy_wave_fold(self._pointer, raw, options, error), error)
        del sources, readers

    def merge(self, other: "Wave") -> None:
        error = ffi.new("psy_error *")
        _check(lib.psy_wave_merge(self._pointer, other._pointer, error), error)

    def text(self) -> str:
        """To be sent; ``Wave(plan, text)`` reads it back."""
        return text_of(lambda sink, error: lib.psy_wave_write(self._pointer, sink, error))


def _options(threads: int, workbooks: bool) -> Any:
    options = ffi.new("psy_screening_options *")
    options.version, options.n_threads = lib.PSY_SCREENING_OPTIONS_VERSION, threads
    options.no_workbooks = not workbooks
    return options


@ffi.def_extern(error=1)  # type: ignore[untyped-decorator,unused-ignore]
def psypy_school(context: Any, school: Any, lines: Any, length: int) -> int:
    """The lines of a school into a list of (code or None, lines)."""
    code = None if school == ffi.NULL else ffi.string(school).decode()
    ffi.from_handle(context)(code, bytes(ffi.buffer(lines, length)).decode())
    return 0


Told = Callable[[Optional[str], str], None]


def run_part(wave: Wave, part: Part, directory: Optional[PathLike], told: Told,
             threads: int = 1, released: Optional[PathLike] = None) -> Tuple[Table, Table]:
    """Run a part: workbooks into `directory`, lines of scores.csv to `told`.

    `released` has the results of an earlier release, whose frozen norms judge.

    Returns:
        Its reasons and its findings.
    """
    (raw, sources), readers = part.open()
    options, error = _options(threads, directory is not None), ffi.new("psy_error *")
    reasons, findings = ffi.new("psy_table **"), Findings()
    options.reasons = reasons
    frozen = c_path(released)
    options.released = frozen
    handle = ffi.new_handle(told)
    status = lib.psy_screening_run_part(wave.plan._pointer, wave._pointer, raw, c_path(directory),
                                        lib.psypy_school, handle, options, findings.pointer, error)
    del sources, readers, handle, frozen
    findings.check(status, error)
    return Table._take(reasons[0]), findings.table()
