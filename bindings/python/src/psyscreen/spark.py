"""A whole screening on PySpark: every file of it the same, byte for byte, as on one machine.

The driver reads and judges the wave, which is quick, and writes what speaks about everybody:
scores.csv, findings.csv, district.xlsx, _unmatched.xlsx, files by role, run.json.  What takes
long are the workbooks of the schools, and those are made by the executors, in two passes over
shares of the schools (``mapInArrow``).  In the first each share is folded into a wave: exact
counts, among them the histograms of local norms, which the driver adds up.  In the second each
share scores and judges its students, given the sum, and writes the workbooks of its schools.

Every plan can be run so: who is who (numbers that have changed, sheets without a number,
duplicates across schools) is decided by each share over everybody, before it lets the sheets of
other schools go.

Executors need the package, and the same paths of the plan, its key, its instruments, the input
files and the output directory (a shared file system).  ``DataFrame`` inputs are written there as
CSV first, and removed afterwards.
"""

from __future__ import annotations

import csv
import functools
import os
import shutil
import tempfile
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple, Union

from ._calls import PathLike
from ._wave import Files, Share, Wave, absolute, findings_of, run_share
from .errors import OutputError, UnsupportedError
from .instrument import Catalog
from .plan import Plan
from .screening import Screening, Summary, _Schools, read_scores
from .table import Table

_REASONS = {"student": "string", "school": "string", "rule": "string", "kind": "string",
            "rank": "long", "outcome": "string", "cause": "string", "even_with_blanks": "boolean",
            "operand": "string", "state": "string", "value": "double", "low": "double",
            "high": "double", "word": "string", "text_en": "string", "text_zh": "string",
            "mark": "string"}
_SCHEMA = ", ".join(f"`{name}` {kind}" for name, kind in _REASONS.items())


class SparkScreening:
    """A finished run on Spark.

    Attributes:
        plan: its plan.
        directory: where run.json, scores.csv, findings.csv and the workbooks are.
        summary: counts, a :class:`psyscreen.Summary`.
        findings: what findings.csv holds, a :class:`psyscreen.Table`.
        reasons: a Spark DataFrame with the columns and rows of
            :attr:`psyscreen.Screening.reasons`, kept by the executors.
    """

    def __init__(self, done: Screening, reasons: Any) -> None:
        self.plan: Plan = done.plan
        self.directory: str = done.directory
        self.summary: Summary = done.summary
        self.findings: Table = done.findings
        self.reasons = reasons

    @property
    def scores(self) -> Table:
        """scores.csv as a table with typed columns, on the driver."""
        return read_scores(self.plan, self.directory)

    def __repr__(self) -> str:
        return f"<psyscreen.spark.SparkScreening {self.plan.id}: {self.directory}>"


# ---- what executors do ----


@functools.lru_cache(maxsize=4)
def _plan_of(path: str, directories: Tuple[str, ...], fingerprint: str) -> Plan:
    plan = Plan.load(path, Catalog(list(directories)))
    if plan.fingerprint != fingerprint:
        raise UnsupportedError(f"the plan {path} is another one on this executor")
    return plan


def _numbers(batches: Iterator[Any]) -> Iterator[int]:
    for batch in batches:
        yield from batch.column(0).to_pylist()


class _Task:
    """What executors do; sent to them."""

    def __init__(self, plan: Plan, files: Files, n_shares: int, capacity: int) -> None:
        self._plan = plan.path, tuple(plan.catalog.directories), plan.fingerprint
        self._files, self._n, self._capacity = files, n_shares, capacity
        self._wave, self._out, self._findings = "", None, None  # type: str, Optional[str], Any

    def given(self, wave: str, out: Optional[str], findings: Any) -> "_Task":
        self._wave, self._out, self._findings = wave, out, findings
        return self

    def fold(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Pass 1: the counts of a share."""
        import pyarrow as pa

        for number in _numbers(batches):
            wave = Wave(_plan_of(*self._plan))
            wave.fold(self._files, Share(number, self._n))
            yield pa.RecordBatch.from_pydict({"wave": [wave.text()]})

    def run(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Pass 2: the workbooks and reasons of a share, given the counts of all."""
        plan = _plan_of(*self._plan)
        findings = self._findings.value if self._findings is not None else ()
        for number in _numbers(batches):
            reasons = run_share(Wave(plan, self._wave), self._files, Share(number, self._n),
                                self._out, findings, capacity=self._capacity)
            yield from _batches(reasons)


def _batches(reasons: Table) -> Iterator[Any]:
    import pyarrow as pa

    types = {"string": pa.string(), "long": pa.int64(), "double": pa.float64(),
             "boolean": pa.bool_()}
    schema = pa.schema([(name, types[kind]) for name, kind in _REASONS.items()])
    yield from reasons.to_arrow().select(list(_REASONS)).cast(schema).to_batches(
        max_chunksize=10000)


# ---- inputs ----


def _name(given: Any, otherwise: str) -> str:
    name = os.path.basename(str(given[0])) if isinstance(given, tuple) else otherwise
    return name if name.lower().endswith(".csv") else name + ".csv"


class _Inputs:
    """Files as they are; DataFrames as CSV in a directory beside the results, while it runs."""

    def __init__(self, out: str) -> None:
        self._out, self._directory, self._made = out, "", False

    def __enter__(self) -> "_Inputs":
        return self

    def __exit__(self, *_: Any) -> None:
        if self._made:
            shutil.rmtree(self._directory, ignore_errors=True)

    def path(self, given: Any, otherwise: str) -> str:
        if isinstance(given, (str, os.PathLike)):
            return os.fspath(given)
        if not self._made:
            parent = os.path.dirname(self._out)
            os.makedirs(parent, exist_ok=True)
            self._directory = tempfile.mkdtemp(prefix=".psyscreen-input-", dir=parent)
            self._made = True
        frame = given[1] if isinstance(given, tuple) else given
        path = os.path.join(self._directory, _name(given, otherwise))
        if os.path.exists(path):
            raise OutputError(f"two inputs are called {os.path.basename(path)}: give each a name "
                              "of its own, as (name, DataFrame)")
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(frame.columns)
            for row in frame.toLocalIterator(prefetchPartitions=True):
                writer.writerow(["" if cell is None else cell for cell in row])
        return path


# ---- the whole ----


def screen(spark: Any, plan: Union[Plan, PathLike], responses: Any, out: PathLike, *,
           roster: Any = None, shares: Optional[int] = None, workbooks: bool = True,
           progress: Any = None, threads: int = 0, force: bool = False,
           roles: Sequence[str] = (), external: Optional[PathLike] = None,
           previous: Optional[PathLike] = None, capacity: int = 0, what_if: bool = False,
           memory: int = 0, passwords: Optional[PathLike] = None, new_passwords: Optional[PathLike] = None,
           mapping: Optional[PathLike] = None, tmpdir: Optional[PathLike] = None,
           counts: Optional[PathLike] = None, entries: Optional[PathLike] = None,
           fast: bool = False, reference_writer: bool = False,
           previous_publication: Union[PathLike, Sequence[PathLike], None] = None) -> SparkScreening:
    """Run a whole screening on Spark: the files of :meth:`psyscreen.Screening.run`, all of them.

    Args:
        spark: a SparkSession.
        plan: a :class:`psyscreen.Plan`, or what :meth:`psyscreen.Plan.load` takes; its file, its
            key and its instruments must be at the same paths on all executors.
        responses: a file as the plan describes it (CSV, xlsx, sav), a DataFrame whose columns are
            those of such a file, or ``(name, DataFrame)`` with the name that reports print; or a
            list of these.  The plan must take UTF-8 for DataFrames.
        out: directory of the results, on a file system that driver and executors share.
        roster: who should have answered, in the same forms; a list of several is one of each
            school.
        shares: how many shares of schools to make; one for each core of the executors by default.
            Every share reads all inputs, twice.
        workbooks: False: scores.csv, findings.csv and run.json only.
        threads: of the driver.
        memory: of the driver, in bytes.
        progress, force, roles, external, previous, capacity, what_if, mapping, counts, entries,
            fast, reference_writer, previous_publication: as in :meth:`psyscreen.Screening.run`.
        passwords, new_passwords, tmpdir: the same; encrypted workbooks are all made by the driver,
            because nothing may lie on a shared disk in plain.

    Returns:
        :class:`SparkScreening`.

    Raises:
        DataError, OutputError, ...: as :meth:`psyscreen.Screening.run`; what an executor raises
        comes as an exception of Spark.
    """
    chosen = plan if isinstance(plan, Plan) else Plan.load(plan)
    directory = os.path.abspath(os.fspath(out))
    given = list(responses) if isinstance(responses, list) else [responses]
    n = shares or spark.sparkContext.defaultParallelism
    made: List[Any] = []
    with _Inputs(directory) as inputs:
        files = [inputs.path(one, f"responses_{i + 1}") for i, one in enumerate(given)]
        lists = roster if isinstance(roster, list) else [] if roster is None else [roster]
        pupils = [inputs.path(one, f"roster_{i + 1}" if len(lists) > 1 else "roster")
                  for i, one in enumerate(lists)]
        names: Dict[str, str] = {path: os.path.abspath(path) for path in [*files, *pupils]}
        where = Files(tuple(map(os.path.abspath, files)), tuple(map(os.path.abspath, pupils)),
                      absolute(external), absolute(previous), directory,
                      absolute(entries), fast, reference_writer)
        task = _Task(chosen, where, n, capacity)

        def passes(place: Optional[str], findings: Any) -> None:
            total = Wave(chosen)
            numbers = spark.range(n, numPartitions=n)
            for row in numbers.mapInArrow(task.fold, "wave string").collect():
                total.merge(Wave(chosen, row["wave"]))
            told = None
            if place is not None:
                told = spark.sparkContext.broadcast(findings_of(findings, names))
            run = task.given(total.text(), place, told).run
            # Every share once, and here: a copy of the reasons stays, with no way back to it.
            made.append(numbers.mapInArrow(run, _SCHEMA).localCheckpoint(eager=True))
            if told is not None:
                told.unpersist()

        done = Screening._run(chosen, files, directory, _Schools(passes), roster=pupils,
                              progress=progress, threads=threads, force=force,
                              workbooks=workbooks, roles=roles, external=external,
                              previous=previous, capacity=capacity, what_if=what_if,
                              memory=memory, passwords=passwords, new_passwords=new_passwords, mapping=mapping,
                              tmpdir=tmpdir, counts=counts, entries=entries, fast=fast,
                              reference_writer=reference_writer,
                              previous_publication=previous_publication)
        if not made:  # no workbooks, or encrypted ones
            passes(None, None)
    return SparkScreening(done, made[0])
