"""Scoring without a plan, and checking a key against data."""

from __future__ import annotations

import os
from typing import Any, List, Optional, Sequence, Tuple, Type, TypeVar, Union

from . import _answers
from ._calls import Findings, PathLike, Reader, c_path, c_text, c_texts
from ._psyscreen import ffi, lib
from .errors import ArgumentError
from .instrument import AnyInstrument, Catalog, Instrument, _own_catalog, _resolve
from .table import Table, _unpickle

_T = TypeVar("_T", bound="WithFindings")


class WithFindings(Table):
    """A table beside what was noticed while it was made.

    Attributes:
        findings: file, row (from 1), column, rule, severity, subject, message.
    """

    __slots__ = ("findings",)
    findings: Table

    @classmethod
    def _with(cls: Type[_T], table: Table, findings: Table) -> _T:
        self = cls._make(table._parts, table._n_rows)
        assert isinstance(self, cls)
        self.findings = findings
        return self

    def __reduce__(self) -> Tuple[Any, ...]:
        raw = [self._raw(i) for i in range(len(self._parts))]
        return (_restore, (type(self), raw, self._n_rows, self.findings))


def _restore(kind: Type[_T], columns: List[Any], n_rows: int, findings: Table) -> _T:
    return kind._with(_unpickle(Table, columns, n_rows), findings)


class Scores(WithFindings):
    """Scores, one row a sheet.

    For each scale ``<instrument>.<scale>`` (float; missing: not scored), ``.band`` (text),
    ``.band@<population>`` of further cut-off sets, ``.answered`` (int); for each flag
    ``<instrument>.<flag>`` (bool; missing: undecided); then
    ``<instrument>.<scale>.<metric>@<norm>`` (float).
    """

    __slots__ = ()


class KeyCheck(WithFindings):
    """One row an item of each scale: does the key fit the data?

    Columns ``scale``, ``item``, ``reversed``, ``n``, ``item_rest_r``, ``low``, ``high``,
    ``loading``, ``verdict`` (``fits``, ``against``, ``weak``, ``unclear``, ``few``,
    ``constant``).
    """

    __slots__ = ()


def _is_path(data: Any) -> bool:
    return isinstance(data, (str, os.PathLike))


def _uses(instruments: Sequence[AnyInstrument], variant: Optional[str],
          catalog: Optional[Catalog]) -> Tuple[List[str], Catalog]:
    """Instruments as the command line names them, and where these names are known."""
    where = catalog or _own_catalog()
    names: List[str] = []
    added: List[str] = []
    for each in instruments:
        if isinstance(each, str):
            names.append(each)
            continue
        names.append(f"{each.id}@{each.edition}" + (f":{variant}" if variant else ""))
        if each not in [one for one in where if one.id == each.id]:
            if each.path is None:
                raise ArgumentError(f"{each.id} was loaded from memory; files are scored by "
                                    "instruments that are files too")
            added.append(each.path)
    if added:
        where = Catalog(where.directories)
        for path in added:
            where.add(path)
    return names, where


def score(instrument: Union[AnyInstrument, Sequence[AnyInstrument]], data: Any, *,
          columns: Optional[Sequence[str]] = None, variant: Optional[str] = None,
          population: Optional[str] = None, missing: Optional[float] = None,
          keep: Sequence[str] = (), encoding: Optional[str] = None, threads: int = 0,
          catalog: Optional[Catalog] = None) -> Scores:
    """Score answers: what ``psyscreen score --instrument`` does, from memory or a file.

    Args:
        instrument: an :class:`Instrument`, an id (``"phq9"``, ``"phq9@2001:variant"``), or
            several of these; the results of several stand side by side.
        data: answers, one row a sheet, in any of these forms:

            * a dict of columns ``<instrument>_<item>`` (``phq9_1``), each of shape (rows,)
            * a NumPy array of shape (rows, items), in the order of ``instrument.columns`` or
              with names in `columns`; or a structured array with these names
            * a pandas DataFrame; anything with ``__arrow_c_stream__`` or ``__arrow_c_array__``
              (Polars, PyArrow, DuckDB relations)
            * the path of a CSV file, or an open binary file

            Integers, floats and booleans are codes as given (before reversal); texts are read
            as the cells of a file: codes or option labels in either language.  None, NaN, NA
            and masked cells are blank.  Columns ``sex`` (1 or male, 2 or female), ``grade``
            (1 to 16), ``age`` (completed years), ``informant`` choose bands and norms.
        columns: names of the columns of a 2-D array.
        variant: coding variant the answers are written in.
        population: cut-off set that ``.band`` takes; the first by default.
        missing: a number that means blank, for arrays.
        keep: columns of a file handed through in front.
        encoding: of a file; it must be valid UTF-8 by default.
        threads: 0 is one per core; any number gives the same result.
        catalog: where ids are looked up.

    Returns:
        :class:`Scores`: one row a sheet, in the order of `data`.

    Raises:
        DataError: a column that something scored needs is missing, or `sex`, `grade`, `age` or
            `informant` have a value without a meaning.
        NotFoundError: no such instrument, variant or population.

    Wrong codes are blank and a warning in ``.findings``, never an exception.  The lock of the
    interpreter is released while scoring.  Integer arrays of any stride are not copied.

    >>> import psyscreen
    >>> answers = {f"gad7_{i}": [0, 2, 3] for i in range(1, 8)}
    >>> s = psyscreen.score("gad7", answers)
    >>> s["gad7.total"], s["gad7.total.band"]
    ([0.0, 14.0, 21.0], ['minimal', 'moderate', 'severe'])
    """
    several = [instrument] if isinstance(instrument, (str, Instrument)) else list(instrument)
    if not several:
        raise ArgumentError("name at least one instrument")
    if _is_path(data) or hasattr(data, "read"):
        if columns is not None or missing is not None:
            raise ArgumentError("`columns` and `missing` are for arrays, not for files")
        return _score_file(several, data, variant, population, keep, encoding, threads, catalog)
    if keep or encoding is not None:
        raise ArgumentError("`keep` and `encoding` are for files")
    findings = Findings()
    tables = [_score_one(each, data, columns, variant, population, missing, threads, catalog,
                         findings) for each in several]
    names = [name for table in tables for name in table.columns]
    if len(set(names)) < len(names):
        raise ArgumentError("an instrument is named twice; its columns would be the same")
    return Scores._with(Table._beside(tables), findings.table())


def _options(threads: int, variant: Optional[str], population: Optional[str],
             encoding: Optional[str]) -> Tuple[Any, Any]:
    held = c_text(variant), c_text(population), c_text(encoding)
    options = ffi.new("psy_score_options *")
    options.version, options.n_threads = lib.PSY_SCORE_OPTIONS_VERSION, threads
    options.variant, options.population, options.encoding = held
    return options, held


def _score_one(instrument: AnyInstrument, data: Any, columns: Optional[Sequence[str]],
               variant: Optional[str], population: Optional[str], missing: Optional[float],
               threads: int, catalog: Optional[Catalog], findings: Findings) -> Table:
    found, named = _resolve(instrument, catalog)
    answers = _answers.read(found, data, columns, named or variant, missing, findings)
    options, held = _options(threads, None, population, None)
    error, out = ffi.new("psy_error *"), ffi.new("psy_table **")
    status = lib.psy_score_answers(out, answers.pointer, options, findings.pointer, error)
    del held
    findings.check(status, error)
    return Table._take(out[0])


def _score_file(instruments: Sequence[AnyInstrument], data: Any, variant: Optional[str],
                population: Optional[str], keep: Sequence[str], encoding: Optional[str],
                threads: int, catalog: Optional[Catalog]) -> Scores:
    names, where = _uses(instruments, variant, catalog)
    uses, held_uses = c_texts(names)
    kept, held_kept = c_texts(list(keep))
    options, held = _options(threads, variant, population, encoding)
    reader = None if _is_path(data) else Reader(data, str(getattr(data, "name", "<file>")))
    error, out, findings = ffi.new("psy_error *"), ffi.new("psy_table **"), Findings()
    status = lib.psy_score_csv(out, where._pointer, uses, len(held_uses), kept, len(held_kept),
                               c_path(data) if reader is None else ffi.NULL,
                               ffi.NULL if reader is None else reader.source, options,
                               findings.pointer, error)
    del held
    if reader is not None and reader.error is not None:
        raise reader.error
    findings.check(status, error)
    return Scores._with(Table._take(out[0]), findings.table())


def keycheck(instrument: AnyInstrument, data: Any, *, columns: Optional[Sequence[str]] = None,
             variant: Optional[str] = None, missing: Optional[float] = None, level: float = 0.95,
             encoding: Optional[str] = None, catalog: Optional[Catalog] = None) -> KeyCheck:
    """Does the scoring key fit the data?  Finds items that run against their scale.

    Args:
        instrument, data, columns, variant, missing, encoding, catalog: as in :func:`score`.
        level: of the intervals.

    Returns:
        :class:`KeyCheck`: one row an item of each scale that adds up items.  An item that
        looks mis-keyed has the verdict ``against`` and a warning in ``.findings``.
    """
    options = ffi.new("psy_keycheck_options *")
    options.version, options.level = lib.PSY_KEYCHECK_OPTIONS_VERSION, level
    error, out, findings = ffi.new("psy_error *"), ffi.new("psy_table **"), Findings()
    if _is_path(data) or hasattr(data, "read"):
        names, where = _uses([instrument], variant, catalog)
        held = c_text(encoding)
        options.encoding = held
        reader = None if _is_path(data) else Reader(data, str(getattr(data, "name", "<file>")))
        status = lib.psy_keycheck_csv(out, where._pointer, c_text(names[0]),
                                      c_path(data) if reader is None else ffi.NULL,
                                      ffi.NULL if reader is None else reader.source, options,
                                      findings.pointer, error)
        del held
        if reader is not None and reader.error is not None:
            raise reader.error
    else:
        found, named = _resolve(instrument, catalog)
        answers = _answers.read(found, data, columns, named or variant, missing, findings)
        status = lib.psy_keycheck(out, answers.pointer, options, findings.pointer, error)
    findings.check(status, error)
    return KeyCheck._with(Table._take(out[0]), findings.table())
