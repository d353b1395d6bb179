"""Reliability of a scale in a sample.

Items are scored (reversed where keyed).  Formulas and their sources are those of
``<psyscreen/reliability.h>``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple

from ._arrays import doubles, named_columns, table_of, whole_column
from ._psyscreen import ffi, lib
from .errors import ArgumentError, _check
from .table import Table

ROWS = {"listwise": lib.PSY_ROWS_LISTWISE, "pairwise": lib.PSY_ROWS_PAIRWISE}


def _rows(rows: str) -> int:
    if rows not in ROWS:
        raise ArgumentError(f"rows is 'listwise' or 'pairwise', not {rows!r}")
    value: int = ROWS[rows]
    return value


@dataclass(frozen=True)
class Reliability:
    """Reliability of the sum of the items; NaN where undefined.

    Attributes:
        items: one row an item: ``item``, ``n``, ``constant``, ``mean``, ``sd``,
            ``alpha_if_dropped``, ``item_rest_r``, ``item_total_r``.
        alpha, alpha_lo, alpha_hi: Cronbach's alpha and its interval by Feldt.
        sem: standard error of measurement, in points of the sum.

    The other numbers are those of ``psy_reliability`` in C.
    """

    items: Table
    n_items: int
    n_constant: int
    n_rows: int
    n_complete: int
    n_used: int
    few_rows: bool
    indefinite: bool
    alpha: float
    alpha_lo: float
    alpha_hi: float
    alpha_standardised: float
    alpha_standardised_from_covariance: float
    mean_r: float
    lambda6: float
    r_halves: float
    spearman_brown: float
    horst: float
    rulon: float
    mean_total: float
    sd_total: float
    sem: float

    def __repr__(self) -> str:
        return (f"<psyscreen.Reliability: alpha {self.alpha:.3f} [{self.alpha_lo:.3f}, "
                f"{self.alpha_hi:.3f}], {self.n_items} items, {self.n_used} rows>")


def reliability(data: Any, *, columns: Optional[Sequence[str]] = None, rows: str = "listwise",
                level: float = 0.95) -> Reliability:
    """Reliability of a scale: alpha, split halves, lambda 6, item statistics.

    Args:
        data: scored items: dict of columns, array of shape (rows, items), or frame; NaN and
            None are missing.
        columns: which columns; or the names of those of a 2-D array.
        rows: ``"listwise"`` or ``"pairwise"``.
        level: of the interval.

    Raises:
        NumericError: fewer than two items vary, or fewer than two rows count.

    >>> import psyscreen
    >>> r = psyscreen.reliability({"a": [1, 2, 3, 4], "b": [2, 2, 3, 5], "c": [1, 3, 3, 4]})
    >>> round(r.alpha, 4)
    0.9474
    """
    items = doubles(named_columns(data, columns))
    options, error = ffi.new("psy_reliability_options *"), ffi.new("psy_error *")
    options.version, options.rows = lib.PSY_RELIABILITY_OPTIONS_VERSION, _rows(rows)
    options.level = level
    out, each = ffi.new("psy_reliability *"), ffi.new("psy_reliability_item[]", len(items) or 1)
    _check(lib.psy_reliability_estimate(items.pointers, len(items), items.n_rows, options, out,
                                        each, error), error)
    columns_of: Dict[str, Tuple[str, Any]] = {"item": ("text", items.names)}
    for name, field in ffi.typeof("psy_reliability_item").fields:
        kind = "double" if field.type.cname == "double" else "int64_t"
        values = [getattr(each[i], name) for i in range(len(items))]
        columns_of[name] = (kind, ffi.new(f"{kind}[]", values))
    numbers = {name: getattr(out, name) for name, _ in ffi.typeof("psy_reliability").fields}
    numbers["few_rows"], numbers["indefinite"] = bool(out.few_rows), bool(out.indefinite)
    known = {name: value for name, value in numbers.items()
             if name in Reliability.__dataclass_fields__}
    return Reliability(items=table_of(columns_of, len(items)), **known)


def alpha_interval(alpha: float, n: int, k: int, level: float = 0.95) -> Tuple[float, float]:
    """Feldt's interval of alpha of `n` persons and `k` items."""
    error, lo, hi = ffi.new("psy_error *"), ffi.new("double *"), ffi.new("double *")
    _check(lib.psy_alpha_interval(alpha, n, k, level, lo, hi, error), error)
    return lo[0], hi[0]


def covariance(data: Any, *, columns: Optional[Sequence[str]] = None,
               rows: str = "listwise") -> List[List[float]]:
    """Covariance matrix of items, n - 1 below it; shape (items, items)."""
    items = doubles(named_columns(data, columns))
    n = len(items)
    error, out = ffi.new("psy_error *"), ffi.new("double[]", n * n or 1)
    _check(lib.psy_covariance(items.pointers, n, items.n_rows, _rows(rows), out, ffi.NULL,
                              ffi.NULL, error), error)
    return [ffi.unpack(out + i * n, n) for i in range(n)]


@dataclass(frozen=True)
class OneFactor:
    """One common factor: S = l l' + diag(u).

    Attributes:
        loadings, unique: shape (items,).
        at_bound: items held at the lower bound of u (a Heywood case: do not print omega).
    """

    loadings: List[float]
    unique: List[float]
    at_bound: int

    def omega(self, observed: float = float("nan")) -> float:
        """Omega total; `observed`: variance of the sum as denominator, else the model's own."""
        return omega_total(self.loadings, self.unique, observed)


def one_factor(matrix: Sequence[Sequence[float]], method: str = "ml") -> OneFactor:
    """One common factor of a covariance matrix, by ``"ml"`` or ``"minres"``."""
    how = {"ml": lib.PSY_FACTOR_ML, "minres": lib.PSY_FACTOR_MINRES}
    if method not in how:
        raise ArgumentError(f"method is 'ml' or 'minres', not {method!r}")
    rows = [[float(cell) for cell in row] for row in matrix]
    n = len(rows)
    if any(len(row) != n for row in rows):
        raise ArgumentError("the covariance matrix is not square")
    raw = ffi.new("double[]", [cell for row in rows for cell in row] or 1)
    loadings, unique = ffi.new("double[]", n or 1), ffi.new("double[]", n or 1)
    bound, error = ffi.new("size_t *"), ffi.new("psy_error *")
    _check(lib.psy_factor_fit(raw, n, how[method], loadings, unique, bound, ffi.NULL, error),
           error)
    return OneFactor(ffi.unpack(loadings, n), ffi.unpack(unique, n), bound[0])


def omega_total(loadings: Sequence[float], unique: Optional[Sequence[float]] = None,
                observed: float = float("nan")) -> float:
    """Omega total of one factor; `observed` variance of the sum, or the model's own (NaN)."""
    n = len(loadings)
    raw = ffi.new("double[]", list(map(float, loadings)) or 1)
    rest = ffi.NULL if unique is None else ffi.new("double[]", list(map(float, unique)) or 1)
    if unique is not None and len(unique) != n:
        raise ArgumentError(f"{n} loadings and {len(unique)} unique variances")
    error, out = ffi.new("psy_error *"), ffi.new("double *")
    _check(lib.psy_omega_total(raw, rest, n, observed, out, error), error)
    return float(out[0])


@dataclass(frozen=True)
class OmegaBifactor:
    """Omegas of a bifactor model: total, hierarchical, explained common variance, subscales."""

    total: float
    hierarchical: float
    ecv: float
    subscales: List[float]


def omega_bifactor(general: Sequence[float], group: Sequence[float],
                   group_of: Sequence[int]) -> OmegaBifactor:
    """Omegas of published loadings.

    Args:
        general, group: shape (items,), standardised loadings on the general factor and on the
            item's own group factor.
        group_of: shape (items,), group of each item, from 0.
    """
    n, groups = len(general), 1 + max(group_of, default=-1)
    if len(group) != n:
        raise ArgumentError(f"{n} loadings on the general factor, {len(group)} on the groups")
    own = whole_column("group_of", "uint32_t", group_of, n)
    a = ffi.new("double[]", list(map(float, general)) or 1)
    b = ffi.new("double[]", list(map(float, group)) or 1)
    out, subscales = ffi.new("psy_omega_bifactor_result *"), ffi.new("double[]", groups or 1)
    error = ffi.new("psy_error *")
    _check(lib.psy_omega_bifactor(a, b, own, n, groups, out, subscales, error), error)
    return OmegaBifactor(out.total, out.hierarchical, out.ecv, ffi.unpack(subscales, groups))
