"""The psychometric report of a wave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Union

from ._calls import Findings, PathLike, c_path, c_text, c_texts, made, paths_of, text_of
from ._psyscreen import ffi, lib
from ._reliability import _rows
from .errors import ArgumentError, _check
from .plan import Plan
from .table import Table

BY = {"stage": lib.PSY_QUALITY_BY_STAGE, "grade": lib.PSY_QUALITY_BY_GRADE,
      "sex": lib.PSY_QUALITY_BY_SEX}


@dataclass(frozen=True)
class Quality:
    """How the scales of a wave worked, and how the sheets were filled in; no row names a child.

    Attributes:
        scales: one row for each use, scale and group: ``use``, ``scale``, ``group`` (``all``,
            ``stage=junior``), ``n``, ``mean``, ``sd``, ``floor``, ``ceiling``, ``alpha`` with
            its interval, ``omega``, ``sem``, ``notes``, ...
        items: one row for each item of each scale: ``n``, ``missing``, ``mean``, ``sd``,
            ``item_rest_r``, ``alpha_dropped``, ``loading``, ``key``.
        validity: how the indices of careless answering lie, by ``use`` and ``sign``.
        checks: whether the numbers look like those of published surveys.
        findings: what was noticed about the files and keys.
        text_en, text_zh: the report to be read, Markdown.

    The columns one by one: ``<psyscreen/quality.h>``.
    """

    scales: Table
    items: Table
    validity: Table
    checks: Table
    findings: Table
    text_en: str
    text_zh: str

    def _repr_markdown_(self) -> str:
        return self.text_en


def quality(plan: Union[Plan, PathLike], responses: Union[PathLike, Sequence[PathLike]], *,
            roster: Union[PathLike, Sequence[PathLike], None] = None,
            by: Sequence[str] = ("stage", "sex"), few: int = 100, rows: str = "listwise", level: float = 0.95, threads: int = 0,
            out: Optional[PathLike] = None) -> Quality:
    """Look at a wave as a psychometrician does, as ``psyscreen quality`` does.

    Args:
        plan, responses, roster: as in :meth:`psyscreen.Screening.run`.
        by: groups in which scales are looked at besides everybody: of ``stage``, ``grade`` and
            ``sex``; an empty list is everybody alone.
        few: groups of fewer are marked ``few``.
        rows: ``"listwise"`` (complete sheets only) or ``"pairwise"``.
        level: of intervals, in (0, 1).
        threads: 0 is one per core; any number gives the same result.
        out: also write scales.csv, items.csv, validity.csv, checks.csv, quality.en.md and
            quality.zh.md into this directory.

    Returns:
        :class:`Quality`.  Who counts: students who consent and whose sheet is chosen and not set
        aside.  The same for any order of rows.

    Raises:
        DataError: an input cannot be read as declared.
        OutputError: a file could not be written.

    >>> import tempfile, psyscreen
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     made = psyscreen.simulate(psyscreen.Plan.load("district_demo"), directory,
    ...                               students=300, schools=2)
    ...     found = psyscreen.quality(made.plan, made.responses, roster=made.roster, by=[])
    >>> [row["scale"] for row in found.scales.rows() if row["use"] == "phq9"]
    ['total']
    """
    chosen = plan if isinstance(plan, Plan) else Plan.load(plan)
    groups = [by] if isinstance(by, str) else list(by)
    texts, held = c_texts(paths_of(responses))
    rosters, held_rosters = c_texts(paths_of(roster))
    options = ffi.new("psy_quality_options *")
    options.version, options.n_threads = lib.PSY_QUALITY_OPTIONS_VERSION, threads
    options.few, options.rows, options.level = few, _rows(rows), level
    if not groups:
        options.by = lib.PSY_QUALITY_BY_NOTHING
    for group in groups:
        if group not in BY:
            raise ArgumentError(f"by is of {', '.join(BY)}, not {group!r}")
        options.by |= BY[group]
    findings, error, raw = Findings(), ffi.new("psy_error *"), ffi.new("psy_quality **")
    status = lib.psy_quality_run(raw, chosen._pointer, rosters, len(held_rosters), texts, len(held),
                                 options, findings.pointer, error)
    findings.check(status, error)
    report = made(raw, lib.psy_quality_free)
    if out is not None:
        _check(lib.psy_quality_save(report, c_path(out), error), error)

    def words(language: str) -> str:
        return text_of(lambda sink, failed: lib.psy_quality_write(report, c_text(language), sink,
                                                                  failed))

    in_words = words("en"), words("zh")  # while the report still has its tables
    scales, items, validity, checks = (
        Table._take(lib.psy_quality_take(report, part)) for part in (
            lib.PSY_QUALITY_SCALES, lib.PSY_QUALITY_ITEMS, lib.PSY_QUALITY_VALIDITY,
            lib.PSY_QUALITY_CHECKS))
    return Quality(scales, items, validity, checks, findings.table(), *in_words)
