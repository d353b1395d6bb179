"""A screening in shares of its schools: what :mod:`psyscreen.spark` runs on its executors."""

from __future__ import annotations

import os
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from ._calls import Findings, PathLike, c_path, c_texts, text_of
from ._psyscreen import ffi, lib
from .errors import _check
from .plan import Plan
from .table import Table


class Files(NamedTuple):
    """Where a wave lies; everybody reads all of it."""

    responses: Tuple[str, ...]
    rosters: Tuple[str, ...]
    external: Optional[str]
    previous: Optional[str]
    run: str  # directory of the run, whose frozen norms hold
    entries: Optional[str] = None  # of earlier workbooks
    fast: bool = False
    reference_writer: bool = False


class Share(NamedTuple):
    """Share `number` of `of`."""

    number: int
    of: int


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

    def fold(self, files: Files, share: Share, threads: int = 1) -> None:
        """Add a share: read everything, score the share, count it."""
        part, held = _part(files, share)
        options, kept = _options(files, threads)
        error = ffi.new("psy_error *")
        _check(lib.psy_wave_fold(self._pointer, part, options, error), error)
        del held, kept

    def merge(self, other: "Wave") -> None:
        error = ffi.new("psy_error *")
        _check(lib.psy_wave_merge(self._pointer, other._pointer, error), error)

    def text(self) -> str:
        """To be sent; ``Wave(plan, text)`` reads it back."""
        return text_of(lambda sink, error: lib.psy_wave_write(self._pointer, sink, error))


def _part(files: Files, share: Share) -> Tuple[Any, Any]:
    texts, held = c_texts(files.responses)
    rosters, held_rosters = c_texts(files.rosters)
    run = c_path(files.run)
    part = ffi.new("psy_screening_part *")
    part.share, part.n_shares = share
    part.run, part.roster_paths, part.n_rosters = run, rosters, len(held_rosters)
    part.response_paths, part.n_responses = texts, len(held)
    return part, (texts, held, rosters, held_rosters, run)


def _options(files: Files, threads: int) -> Tuple[Any, Any]:
    external, previous = c_path(files.external), c_path(files.previous)
    options = ffi.new("psy_screening_options *")
    options.version, options.n_threads = lib.PSY_SCREENING_OPTIONS_VERSION, threads
    options.external, options.previous = external, previous
    return options, (external, previous)


def run_share(wave: Wave, files: Files, share: Share, directory: Optional[PathLike],
              findings: Sequence[Tuple[Any, ...]] = (), *, capacity: int = 0,
              threads: int = 1) -> Table:
    """Run a share, given the wave of all: its workbooks into `directory`/schools.

    Args:
        findings: of the whole run, as :func:`findings_of` gives them: workbooks quote them.

    Returns:
        Why its students have the tiers they have (:attr:`psyscreen.Screening.reasons`).
    """
    part, held = _part(files, share)
    options, kept = _options(files, threads)
    entries = c_path(files.entries)
    options.no_workbooks, options.capacity = directory is None, capacity
    options.entries, options.fast, options.reference_writer = (entries, files.fast,
                                                               files.reference_writer)
    reasons, quoted, error = ffi.new("psy_table **"), Findings(), ffi.new("psy_error *")
    options.reasons = reasons
    if directory is not None:
        for one in findings:
            _add(quoted, one)
        part.findings = quoted.pointer
    found = Findings()
    status = lib.psy_screening_run_part(wave.plan._pointer, wave._pointer, part, c_path(directory),
                                        ffi.NULL, ffi.NULL, options, found.pointer, error)
    del held, kept, entries
    found.check(status, error)
    return Table._take(reasons[0])


_TEXTS = ("file", "field", "rule", "subject", "message", "remedy")


def findings_of(pointer: Any, names: Dict[str, str]) -> List[Tuple[Any, ...]]:
    """The findings of a psy_findings, to be sent; `names` are new names of files."""
    out: List[Tuple[Any, ...]] = []
    for i in range(lib.psy_findings_count(pointer)):
        one = lib.psy_findings_get(pointer, i)
        texts = [None if getattr(one, name) == ffi.NULL else ffi.string(getattr(one, name)).decode()
                 for name in _TEXTS]
        if texts[0] is not None:
            texts[0] = names.get(texts[0], texts[0])
        out.append((one.row, one.column, one.length, int(one.severity), *texts))
    return out


def _add(findings: Findings, one: Tuple[Any, ...]) -> None:
    raw, error = ffi.new("psy_finding *"), ffi.new("psy_error *")
    raw.row, raw.column, raw.length, raw.severity = one[:4]
    held = [ffi.NULL if text is None else ffi.new("char[]", text.encode()) for text in one[4:]]
    for name, text in zip(_TEXTS, held):
        setattr(raw, name, text)
    _check(lib.psy_findings_add(findings.pointer, raw, error), error)


def absolute(path: Optional[PathLike]) -> Optional[str]:
    return None if path is None else os.path.abspath(os.fspath(path))
