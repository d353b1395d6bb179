"""Careless and invalid responding: indices over answers.

An index says how unusual a sheet is, not whether a child was careless; single marks flag many
attentive people, so combine families of indices, and never let one lower a warning.  Which
marks were published, and where the formulas come from, is said in ``<psyscreen/validity.h>``.
"""

from __future__ import annotations

import math
from typing import Any, Dict, List, Optional, Sequence, Tuple

from ._arrays import (NO_ROW, Columns, answers, double_column, named_columns, states, table_of,
                      whole_column)
from ._psyscreen import ffi, lib
from .errors import ArgumentError, _check
from .table import Table

RUN_BLANKS = {"end": lib.PSY_BLANKS_END_RUNS, "run": lib.PSY_BLANKS_ARE_RUNS,
              "skip": lib.PSY_BLANKS_SKIPPED}

_Columns = Dict[str, Tuple[str, Any]]


class AnswerGrid:
    """Answers of many people to the same items, one row a person.

    Each index says which answers it wants: *as given* (codes before reversal) or *as scored*
    (after it).  What cannot be computed is NaN (0 for counts) with a reason in a column
    ``<index>.state``: ``defined``, ``no_variance`` (itself evidence), ``blanks``, ``too_few``.

    >>> import psyscreen
    >>> grid = psyscreen.AnswerGrid({"a": [1, 2], "b": [1, 3], "c": [1, 0], "d": [1, 1]})
    >>> grid.runs()["longest_run"]
    [4, 1]
    """

    def __init__(self, data: Any, *, columns: Optional[Sequence[str]] = None,
                 threads: int = 0) -> None:
        """Take the answers.

        Args:
            data: dict of columns, 2-D array of shape (rows, items), structured array or frame;
                whole numbers from 0 to 127; negative numbers, None and NaN are missing.  int8
                columns that are contiguous are not copied.
            columns: which columns, in which order; or the names of those of a 2-D array.
            threads: 0 is one per core; any number gives the same result.
        """
        self._items: Columns = answers(named_columns(data, columns))
        self._grid = ffi.new("psy_answer_grid *")
        self._grid.version, self._grid.n_threads = lib.PSY_ANSWER_GRID_VERSION, threads
        self._grid.n_items, self._grid.n_rows = len(self._items), self._items.n_rows
        self._grid.items = self._items.pointers

    def __len__(self) -> int:
        return self._items.n_rows

    @property
    def items(self) -> List[str]:
        return list(self._items.names)

    def _new(self, ctype: str) -> Any:
        return ffi.new(f"{ctype}[]", len(self) or 1)

    def _state(self) -> Any:
        return self._new("uint8_t")

    def _table(self, columns: _Columns, state: Any = None, of: str = "") -> Table:
        if state is not None:
            columns[f"{of}.state"] = ("text", states(state, len(self)))
        return table_of(columns, len(self))

    def runs(self, blanks: str = "end") -> Table:
        """Longest and mean run of identical answers, as given, in the order shown.

        Args:
            blanks: a missing answer ``"end"``s a run, is a ``"run"`` of 1, or is ``"skip"``ped.
        """
        if blanks not in RUN_BLANKS:
            raise ArgumentError(f"blanks is one of {', '.join(RUN_BLANKS)}, not {blanks!r}")
        error, state = ffi.new("psy_error *"), self._state()
        longest, mean = self._new("uint32_t"), self._new("double")
        _check(lib.psy_validity_runs(self._grid, RUN_BLANKS[blanks], longest, mean, state, error),
               error)
        return self._table({"longest_run": ("uint32_t", longest), "mean_run": ("double", mean)},
                           state, "run")

    def patterns(self) -> Table:
        """Longest repeating pattern of period 2 to 5, as given, in the order shown."""
        error = ffi.new("psy_error *")
        length, period = self._new("uint32_t"), self._new("uint8_t")
        _check(lib.psy_validity_patterns(self._grid, length, period, error), error)
        return self._table({"pattern_length": ("uint32_t", length),
                            "pattern_period": ("uint8_t", period)})

    def irv(self) -> Table:
        """Intra-individual response variability: the standard deviation of a row, as given."""
        error, state, out = ffi.new("psy_error *"), self._state(), self._new("double")
        _check(lib.psy_validity_irv(self._grid, out, state, error), error)
        return self._table({"irv": ("double", out)}, state, "irv")

    def even_odd(self, scale_of: Sequence[Optional[int]]) -> Table:
        """Even-odd consistency, high is consistent; answers as scored.

        Args:
            scale_of: shape (items,), number of the scale of each item; None for no scale.
        """
        numbers = [lib.PSY_NO_SCALE if one is None else int(one) for one in scale_of]
        scales = whole_column("scale_of", "uint32_t", numbers, len(self._items))
        n = 1 + max([one for one in numbers if one != lib.PSY_NO_SCALE], default=-1)
        error, state, out = ffi.new("psy_error *"), self._state(), self._new("double")
        _check(lib.psy_validity_even_odd(self._grid, scales, n, out, state, error), error)
        return self._table({"even_odd": ("double", out)}, state, "even_odd")

    def mahalanobis(self, dependent: str = "refuse") -> Table:
        """Mahalanobis distance D2 from the mean of the complete rows, and its p.

        Args:
            dependent: ``"refuse"`` or ``"drop"`` items that others determine.
        """
        how = {"refuse": lib.PSY_DEPENDENT_REFUSED, "drop": lib.PSY_DEPENDENT_DROPPED}
        if dependent not in how:
            raise ArgumentError(f"dependent is 'refuse' or 'drop', not {dependent!r}")
        error, state = ffi.new("psy_error *"), self._state()
        d2, p = self._new("double"), self._new("double")
        _check(lib.psy_validity_mahalanobis(self._grid, how[dependent], d2, p, state, ffi.NULL,
                                            ffi.NULL, error), error)
        return self._table({"mahalanobis": ("double", d2), "mahalanobis.p": ("double", p)}, state,
                           "mahalanobis")

    def find_pairs(self, limit: float) -> List[Tuple[int, int]]:
        """Pairs of items that correlate beyond a limit: synonyms above it, antonyms below a
        negative one; by index."""
        error, n = ffi.new("psy_error *"), ffi.new("size_t *")
        _check(lib.psy_validity_find_pairs(self._grid, limit, ffi.NULL, 0, n, error), error)
        pairs = ffi.new("psy_item_pair[]", n[0] or 1)
        _check(lib.psy_validity_find_pairs(self._grid, limit, pairs, n[0], n, error), error)
        return [(pairs[i].first, pairs[i].second) for i in range(n[0])]

    def pairs(self, pairs: Sequence[Tuple[int, int]]) -> Table:
        """Within-person correlation over pairs of items, as given."""
        raw = ffi.new("psy_item_pair[]", [{"first": a, "second": b} for a, b in pairs] or 1)
        error, state, out = ffi.new("psy_error *"), self._state(), self._new("double")
        _check(lib.psy_validity_pairs(self._grid, raw, len(pairs), out, state, error), error)
        return self._table({"pairs": ("double", out)}, state, "pairs")

    def person_total(self) -> Table:
        """Correlation of a row with the item means of all other complete rows."""
        error, state, out = ffi.new("psy_error *"), self._state(), self._new("double")
        _check(lib.psy_validity_person_total(self._grid, out, state, error), error)
        return self._table({"person_total": ("double", out)}, state, "person_total")

    def guttman(self, highest: Sequence[int]) -> Table:
        """Guttman errors over item steps, and U3; answers as scored, 0 to ``highest[item]``."""
        most = whole_column("highest", "uint8_t", highest, len(self._items))
        error, state, u3_state = ffi.new("psy_error *"), self._state(), self._state()
        errors, u3 = self._new("uint32_t"), self._new("double")
        _check(lib.psy_validity_guttman(self._grid, most, errors, u3, state, u3_state, error),
               error)
        columns: _Columns = {"guttman": ("uint32_t", errors),
                             "guttman.state": ("text", states(state, len(self))),
                             "u3": ("double", u3)}
        return self._table(columns, u3_state, "u3")

    def person_fit(self, highest: Sequence[int], slopes: Sequence[float],
                   intercepts: Sequence[Sequence[float]]) -> Table:
        """l_z and l*_z under a graded response model; answers as scored.

        Args:
            highest: shape (items,), largest score of each item, 1 to 63.
            slopes: shape (items,), not 0.
            intercepts: for each item its ``highest`` intercepts, falling.
        """
        n = len(self._items)
        most = whole_column("highest", "uint8_t", highest, n)
        flat = [float(d) for item in intercepts for d in item]
        if len(slopes) != n or [len(item) for item in intercepts] != list(most)[:n]:
            raise ArgumentError("each item needs a slope and as many intercepts as its highest "
                                "score")
        a, d = ffi.new("double[]", list(map(float, slopes)) or 1), ffi.new("double[]", flat or 1)
        model = ffi.new("psy_graded_items *")
        model.n_items, model.highest, model.a, model.d = n, most, a, d
        error, state = ffi.new("psy_error *"), self._state()
        theta, lz, star = self._new("double"), self._new("double"), self._new("double")
        _check(lib.psy_validity_person_fit(self._grid, model, theta, lz, star, state, error), error)
        return self._table({"theta": ("double", theta), "lz": ("double", lz),
                            "lz_star": ("double", star)}, state, "lz")

    def counts(self, highest: Sequence[int], lowest: Optional[Sequence[int]] = None) -> Table:
        """Answers there are, and how many at the lowest and highest code; as scored."""
        n = len(self._items)
        most = whole_column("highest", "uint8_t", highest, n)
        least = ffi.NULL if lowest is None else whole_column("lowest", "uint8_t", lowest, n)
        error, out = ffi.new("psy_error *"), [self._new("uint32_t") for _ in range(3)]
        _check(lib.psy_validity_counts(self._grid, least, most, *out, error), error)
        return self._table({name: ("uint32_t", one)
                            for name, one in zip(("answered", "at_lowest", "at_highest"), out)})

    def infrequency(self, good_low: Sequence[int], good_high: Sequence[int]) -> Table:
        """How many attention items were failed, of how many answered; as given."""
        n = len(self._items)
        low = whole_column("good_low", "uint8_t", good_low, n)
        high = whole_column("good_high", "uint8_t", good_high, n)
        error = ffi.new("psy_error *")
        failed, asked = self._new("uint32_t"), self._new("uint32_t")
        _check(lib.psy_validity_infrequency(self._grid, low, high, failed, asked, error), error)
        return self._table({"failed": ("uint32_t", failed), "asked": ("uint32_t", asked)})

    def near_copies(self, class_of: Sequence[int], min_common: int = 0) -> Table:
        """Share of equal answers with the most similar sheet of the same class, and its row
        (-1: none); as given.

        Args:
            class_of: shape (rows,), any numbers from 0; rows of one number are compared.
            min_common: fewest items both must have answered; 0: half of them.
        """
        groups = whole_column("class_of", "uint32_t", class_of, len(self))
        error, state = ffi.new("psy_error *"), self._state()
        same, twin = self._new("double"), self._new("size_t")
        _check(lib.psy_validity_near_copies(self._grid, groups, min_common, same, twin, state,
                                            error), error)
        rows = [-1 if one == NO_ROW else one for one in ffi.unpack(twin, len(self) or 1)]
        return self._table({"same": ("double", same),
                            "twin": ("int64_t", ffi.new("int64_t[]", rows))}, state, "same")


def response_time(seconds: Any, n_items: Sequence[int]) -> Table:
    """Seconds per item shown, and how much faster than the median.

    Args:
        seconds: shape (rows,), time on the sheet; NaN, 0 or less: unknown.
        n_items: shape (rows,), items shown to each.
    """
    time, n_rows, held = double_column("seconds", seconds)
    shown = whole_column("n_items", "uint32_t", n_items, n_rows)
    per_item, relative = ffi.new("double[]", n_rows or 1), ffi.new("double[]", n_rows or 1)
    state, error = ffi.new("uint8_t[]", n_rows or 1), ffi.new("psy_error *")
    _check(lib.psy_validity_time(time, shown, n_rows, per_item, relative, state, ffi.NULL, error),
           error)
    del held
    return table_of({"seconds_per_item": ("double", per_item),
                     "relative_speed": ("double", relative),
                     "time.state": ("text", states(state, n_rows))}, n_rows)


def bursts(submitted: Sequence[Optional[float]], window: int,
           group_of: Optional[Sequence[int]] = None) -> List[int]:
    """Largest number of sheets one group handed in within any `window` seconds around each.

    Args:
        submitted: shape (rows,), whole seconds since any moment; None or NaN: unknown.
        window: seconds.
        group_of: shape (rows,), device, address or class; all one group by default.
    """
    times = [lib.PSY_NO_TIME if one is None or math.isnan(one) else int(one) for one in submitted]
    n = len(times)
    raw = whole_column("submitted", "int64_t", times, n)
    groups = ffi.NULL if group_of is None else whole_column("group_of", "uint32_t", group_of, n)
    error, count = ffi.new("psy_error *"), ffi.new("uint32_t[]", n or 1)
    _check(lib.psy_validity_bursts(raw, groups, n, window, count, ffi.NULL, error), error)
    return list(ffi.unpack(count, n)) if n else []


def validity(data: Any, *, columns: Optional[Sequence[str]] = None,
             scale_of: Optional[Sequence[Optional[int]]] = None,
             class_of: Optional[Sequence[int]] = None, blanks: str = "end",
             threads: int = 0) -> Table:
    """The indices of careless responding that need nothing but the answers, side by side.

    Args:
        data, columns, threads: as in :class:`AnswerGrid`; answers as given, in the order
            shown.
        scale_of: shape (items,), scale of each item: adds even-odd consistency (the answers
            must then be as scored).
        class_of: shape (rows,): adds near copies within a class.
        blanks: what a missing answer is to a run.

    Returns:
        One row a person: ``longest_run``, ``mean_run``, ``pattern_length``,
        ``pattern_period``, ``irv``, ``mahalanobis`` (items that others determine are left
        out) with ``mahalanobis.p``, ``person_total``; each with its ``.state``.

    >>> import psyscreen
    >>> t = psyscreen.validity({"a": [1, 2, 0], "b": [1, 3, 1], "c": [1, 0, 2]})
    >>> t["longest_run"], t["irv.state"][0]
    ([3, 1, 1], 'defined')
    """
    grid = AnswerGrid(data, columns=columns, threads=threads)
    tables = [grid.runs(blanks), grid.patterns(), grid.irv(), grid.mahalanobis("drop"),
              grid.person_total()]
    if scale_of is not None:
        tables.append(grid.even_odd(scale_of))
    if class_of is not None:
        tables.append(grid.near_copies(class_of))
    return Table._beside(tables)
