"""What people wrote into the workbooks of schools, brought together again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Union

from ._calls import Findings, PathLike, c_path, c_text, c_texts, made
from ._psyscreen import ffi, lib
from .errors import _check
from .plan import Plan
from .table import Table


@dataclass(frozen=True)
class Collected:
    """Entries of ledgers and warning lists of one run.

    Attributes:
        entries: one row for each row of a ledger, and for each row of a warning list that people
            wrote into: ``file``, ``sheet``, ``row``, ``school``, ``case_id``, ``student_code``,
            ``tier``, ``touched``, ``problem``, ``due_by``, then the columns of the ledger.
        counts: cases by ``school`` and ``tier``: ``interviewed``, ``on_time``, ``overdue``, ...;
            nobody's name or number.
        findings: rows that were changed, lost or doubled, with file and row.

    The columns one by one: ``<psyscreen/collected.h>``.
    """

    entries: Table
    counts: Table
    findings: Table


def collect(plan: Union[Plan, PathLike], directory: PathLike,
            workbooks: Optional[Sequence[PathLike]] = None, *,
            passwords: Optional[PathLike] = None, as_of: Optional[str] = None,
            out: Optional[PathLike] = None, counts: Optional[PathLike] = None) -> Collected:
    """Read what schools wrote into their workbooks, as ``psyscreen collect`` does.

    Args:
        plan: of the run.
        directory: of its results, which say what cases there are.
        workbooks: edited or not, in any order; those in ``directory/schools`` by default.
        passwords: CSV ``school,password`` of workbooks that have one.
        as_of: YYYY-MM-DD: what was due before it is overdue; None: not said.
        out, counts: also write the entries and the counts as CSV there; only their owner may
            read them.

    Raises:
        DataError: no results of psyscreen; a file that is no workbook; a wrong password.
    """
    chosen = plan if isinstance(plan, Plan) else Plan.load(plan)
    texts, held = c_texts(list(workbooks or ()))
    options, kept = ffi.new("psy_collect_options *"), (c_path(passwords), c_text(as_of))
    options.version = lib.PSY_COLLECT_OPTIONS_VERSION
    options.passwords, options.as_of = kept
    findings, error, raw = Findings(), ffi.new("psy_error *"), ffi.new("psy_collected **")
    status = lib.psy_collect_run(raw, chosen._pointer, c_path(directory),
                                 texts if held else ffi.NULL, len(held), options,
                                 findings.pointer, error)
    findings.check(status, error)
    found = made(raw, lib.psy_collected_free)
    for part, path in ((lib.PSY_COLLECT_ENTRIES, out), (lib.PSY_COLLECT_COUNTS, counts)):
        if path is not None:
            _check(lib.psy_collected_save(found, part, c_path(path), error), error)
    entries, by_tier = (Table._take(lib.psy_collected_take(found, part)) for part in (
        lib.PSY_COLLECT_ENTRIES, lib.PSY_COLLECT_COUNTS))
    return Collected(entries, by_tier, findings.table())
