"""Reliable change between two testings, and clinical significance.

Methods disagree: a report names its method and where its reliability comes from.  Formulas
and sources are those of ``<psyscreen/change.h>``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Optional, Tuple

from ._arrays import double_column, table_of
from ._psyscreen import ffi, lib
from .errors import ArgumentError, DataError, _check
from .table import Table

METHODS = {
    "jacobson_truax": lib.PSY_CHANGE_JACOBSON_TRUAX,
    "iverson": lib.PSY_CHANGE_IVERSON,
    "chelune": lib.PSY_CHANGE_CHELUNE,
    "chelune_differences": lib.PSY_CHANGE_CHELUNE_DIFFERENCES,
    "edwards_nunnally": lib.PSY_CHANGE_EDWARDS_NUNNALLY,
    "regression": lib.PSY_CHANGE_REGRESSION,
    "regression_simple": lib.PSY_CHANGE_REGRESSION_SIMPLE,
    "crawford_howell": lib.PSY_CHANGE_CRAWFORD_HOWELL,
}
CLASSES = (None, "recovered", "improved", "unchanged", "deteriorated")


@dataclass(frozen=True)
class ChangeGroup:
    """A group tested twice, described or taken from a manual.

    Attributes:
        n: people; 0: not known.
        mean_pre, mean_post, sd_pre, sd_post, r: of both testings.
        reliability: what the errors are made of: r, or alpha in its place.
        sd_difference, intercept, slope, see: of the differences, and of post on pre.
    """

    n: int = 0
    mean_pre: float = 0.0
    mean_post: float = 0.0
    sd_pre: float = 0.0
    sd_post: float = 0.0
    r: float = 0.0
    reliability: float = 0.0
    sd_difference: float = 0.0
    intercept: float = 0.0
    slope: float = 0.0
    see: float = 0.0

    @classmethod
    def describe(cls, pre: Any, post: Any) -> "ChangeGroup":
        """Describe two testings of one stable group; rows with a missing score are left out.

        Raises:
            NumericError: fewer than 3 pairs, or one testing does not vary.
        """
        a, b, n, held = _pair(pre, post)
        error, out = ffi.new("psy_error *"), ffi.new("psy_change_group *")
        _check(lib.psy_change_describe(a, b, n, out, error), error)
        del held
        return cls(**{name: getattr(out, name)
                      for name, _ in ffi.typeof("psy_change_group").fields})

    def _raw(self) -> Any:
        raw = ffi.new("psy_change_group *")
        for name in self.__dataclass_fields__:
            setattr(raw, name, getattr(self, name))
        return raw

    def limits(self, pre: float, method: str = "jacobson_truax",
               critical: float = 1.96) -> Dict[str, float]:
        """Second scores that would be reliable change for one first score.

        Returns:
            ``expected``, ``error``, ``lo``, ``hi``, and in whole points ``low_score`` (largest
            that is a reliable fall) and ``high_score`` (smallest that is a reliable rise).
        """
        error, out = ffi.new("psy_error *"), ffi.new("psy_change_limits *")
        _check(lib.psy_change_limits_of(self._raw(), _method(method), pre, critical, out, error),
               error)
        return {name: getattr(out, name) for name, _ in ffi.typeof("psy_change_limits").fields}


def _method(method: str) -> int:
    if method not in METHODS:
        raise ArgumentError(f"method is one of {', '.join(METHODS)}, not {method!r}")
    value: int = METHODS[method]
    return value


def _pair(pre: Any, post: Any) -> Tuple[Any, Any, int, Any]:
    a, n, held_a = double_column("pre", pre)
    b, m, held_b = double_column("post", post)
    if n != m:
        raise DataError(f"{n} first and {m} second scores")
    return a, b, n, (held_a, held_b)


def change_cutoffs(mean_ill: float, sd_ill: float, mean_well: float,
                   sd_well: float) -> Dict[str, float]:
    """Cut-offs a, b and c between a dysfunctional and a functional population."""
    error, out = ffi.new("psy_error *"), ffi.new("psy_change_cutoffs *")
    _check(lib.psy_change_cutoffs_of(mean_ill, sd_ill, mean_well, sd_well, out, error), error)
    return {"a": out.a, "b": out.b, "c": out.c}


def reliable_change(pre: Any, post: Any, *, group: Optional[ChangeGroup] = None,
                    method: str = "jacobson_truax", critical: float = 1.96,
                    cutoff: Optional[float] = None, worse: str = "high") -> Table:
    """Did people change, more than the error of the scale explains?

    Args:
        pre, post: shape (rows,), first and second scores; NaN and None are missing.
        group: a stable group; these people themselves by default.
        method: ``jacobson_truax``, ``iverson``, ``chelune``, ``chelune_differences``,
            ``edwards_nunnally``, ``regression``, ``regression_simple``, ``crawford_howell``.
        critical: mark of the index (for Edwards-Nunnally 2 is usual).
        cutoff: adds ``class``: recovered (reliably better and across it), improved, unchanged,
            deteriorated.
        worse: ``"high"`` or ``"low"`` scores are worse.

    Returns:
        One row a person: ``index`` (float; missing where a score is), and ``class``.

    >>> import psyscreen
    >>> group = psyscreen.ChangeGroup(n=100, sd_pre=7.5, sd_post=7.5, reliability=0.8, r=0.8)
    >>> t = psyscreen.reliable_change([20, 20], [18, 8], group=group, cutoff=10)
    >>> [round(x, 2) for x in t["index"]], t["class"]
    ([-0.42, -2.53], ['unchanged', 'recovered'])
    """
    if worse not in ("high", "low"):
        raise ArgumentError(f"worse is 'high' or 'low', not {worse!r}")
    a, b, n, held = _pair(pre, post)
    chosen = group if group is not None else ChangeGroup.describe(pre, post)
    error, index = ffi.new("psy_error *"), ffi.new("double[]", n or 1)
    _check(lib.psy_change_index(chosen._raw(), _method(method), a, b, n, index, error), error)
    columns: Dict[str, Tuple[str, Any]] = {"index": ("double", index)}
    if cutoff is not None:
        classes = ffi.new("uint8_t[]", n or 1)
        _check(lib.psy_change_classify(index, a, b, n, cutoff, critical, worse == "high", classes,
                                       error), error)
        columns["class"] = ("text", [CLASSES[one] for one in ffi.unpack(classes, n or 1)][:n])
    del held
    return table_of(columns, n)
