"""A whole screening on PySpark.

Students are divided into parts of whole schools.  In the first pass every executor folds its
parts into a wave: exact counts, which the driver adds up.  In the second, executors score,
judge and write the workbooks of their schools, given the sum.  scores.csv and the workbooks
of the schools are, byte for byte, those of one machine (:meth:`psyscreen.Screening.run`).

Not made here, because they speak about everybody at once: district.xlsx, _unmatched.xlsx,
files by role, run.json and findings.csv.  Refused, because it does not add up: plans with a
policy of validity that ranks sheets among all others, with a ``match`` ladder, or with numbers that have
changed; and schools whose codes differ in upper and lower case only.

Executors need the package, and the same paths of the plan, its key, its instruments and the
output directory (a shared file system).
"""

from __future__ import annotations

import csv
import functools
import io
import os
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple, Union

from ._calls import PathLike
from ._wave import Part, Wave, run_part
from .errors import ArgumentError, OutputError, UnsupportedError
from .instrument import Catalog
from .plan import Plan
from .screening import read_scores
from .table import Table

_WIDE = "".join(map(chr, range(0xFF01, 0xFF5F))) + "\u3000"
_NARROW = "".join(map(chr, range(0x21, 0x7F))) + " "

_REASONS = {"student": "string", "rule": "string", "kind": "string", "rank": "long",
            "outcome": "string", "cause": "string", "even_with_blanks": "boolean",
            "operand": "string", "state": "string", "value": "double", "low": "double",
            "high": "double", "word": "string", "text_en": "string", "text_zh": "string",
            "mark": "string"}
_FINDINGS = {"file": "string", "row": "long", "column": "string", "severity": "string",
             "subject": "string", "message": "string", "remedy": "string"}
_OUT: Dict[str, str] = {"what": "string", "school": "string", "lines": "string", **_REASONS,
                        **_FINDINGS}


class _Input(NamedTuple):
    """A DataFrame of texts and what messages call it."""

    name: str
    frame: Any


class SparkScreening:
    """A finished run on Spark.

    Attributes:
        plan: its plan.
        directory: where scores.csv and schools/ are.
        reasons: a Spark DataFrame with the columns of :attr:`psyscreen.Screening.reasons`.
        findings: a Spark DataFrame: file, row (a line of the part the record was in), column,
            rule, severity, subject, message, remedy.
    """

    def __init__(self, plan: Plan, directory: str, reasons: Any, findings: Any) -> None:
        self.plan, self.directory = plan, directory
        self.reasons, self.findings = reasons, findings

    @property
    def scores(self) -> Table:
        """scores.csv as a table with typed columns, on the driver."""
        return read_scores(self.plan, self.directory)

    def __repr__(self) -> str:
        return f"<psyscreen.spark.SparkScreening {self.plan.id}: {self.directory}>"


def _key(column: Any) -> Any:
    """Codes that could be one and the same get one key (others may get it too)."""
    from pyspark.sql import functions as F

    narrow = F.translate(F.coalesce(column.cast("string"), F.lit("")), _WIDE, _NARROW)
    return F.lower(F.regexp_replace(narrow, r"[\s\u00a0]+", ""))


def _open(spark: Any, given: Any, name: str, multiline: bool) -> _Input:
    if isinstance(given, tuple):
        return _Input(str(given[0]), given[1])
    if isinstance(given, (str, os.PathLike)):
        path = os.fspath(given)
        frame = spark.read.csv(path, header=True, inferSchema=False, encoding="UTF-8", quote='"',
                               escape='"', multiLine=multiline, ignoreLeadingWhiteSpace=False,
                               ignoreTrailingWhiteSpace=False, nullValue="", emptyValue="")
        return _Input(path, frame)
    return _Input(name, given)


def _column(plan: Plan, which: str, field: str, frame: Any, named: Optional[str]) -> Any:
    from pyspark.sql import functions as F

    accepted = [named] if named else plan.headers(which, field)
    for name in accepted:
        if name in frame.columns:
            return F.col("`" + name.replace("`", "``") + "`")
        if name.startswith("#") and name[1:].isdigit():
            return F.col("`" + frame.columns[int(name[1:]) - 1].replace("`", "``") + "`")
    if field == "school":
        return F.lit("")
    raise ArgumentError(f"the {which} have none of the columns {', '.join(accepted) or '(none)'}: "
                        f"say in `{field}` what it is called")


def _lines(which: int, source: _Input, plan: Plan, kind: str, student: Optional[str],
           school: Optional[str]) -> Any:
    """Rows as lines of CSV, with the keys they are divided by."""
    from pyspark.sql import functions as F

    columns = ["`" + name.replace("`", "``") + "`" for name in source.frame.columns]
    text = F.to_csv(F.struct(*[F.col(name).cast("string") for name in columns]),
                    {"quote": '"', "escape": '"', "ignoreLeadingWhiteSpace": "false",
                     "ignoreTrailingWhiteSpace": "false", "emptyValue": "", "nullValue": ""})
    return source.frame.select(
        F.lit(which).alias("file"),
        _key(_column(plan, kind, "student", source.frame, student)).alias("code"),
        _key(_column(plan, kind, "school", source.frame, school)).alias("school"),
        text.alias("line"))


def _groups(keys: Any) -> Dict[str, str]:
    """Schools that share a code, each under the name of one of them."""
    from pyspark.sql import functions as F

    shared = (keys.filter(F.col("code") != "").groupBy("code")
              .agg(F.sort_array(F.collect_set("school")).alias("schools"))
              .filter(F.size("schools") > 1).select("schools").distinct().collect())
    parent: Dict[str, str] = {}

    def root(school: str) -> str:
        while parent.setdefault(school, school) != school:
            school = parent[school]
        return school

    for row in shared:
        for other in row["schools"][1:]:
            a, b = sorted((root(row["schools"][0]), root(other)))
            parent[b] = a
    return {school: root(school) for school in parent if root(school) != school}


def _grouped(spark: Any, frame: Any, groups: Dict[str, str], name: str) -> Any:
    """`frame` with the group of its school in column `name`."""
    from pyspark.sql import functions as F

    if not groups:
        return frame.withColumn(name, F.col("school"))
    table = spark.createDataFrame(sorted(groups.items()), "school string, other string")
    return (frame.join(F.broadcast(table), "school", "left")
            .withColumn(name, F.coalesce("other", "school")).drop("other"))


def _divided(spark: Any, responses: Any, roster: Optional[Any], groups: Dict[str, str]) -> Any:
    """All rows, with the group of schools they belong to."""
    from pyspark.sql import functions as F

    if roster is None:
        return _grouped(spark, responses, groups, "part").select("part", "file", "line")
    known = _grouped(spark, roster, groups, "part")
    codes = (known.filter(F.col("code") != "").select("code", F.col("part").alias("by_code"))
             .dropDuplicates(["code"]))
    schools = known.select("school", F.col("part").alias("by_school")).dropDuplicates(["school"])
    sheets = (responses.join(codes, "code", "left").join(schools, "school", "left")
              .withColumn("part", F.coalesce("by_code", "by_school", F.lit(""))))
    return known.select("part", "file", "line").unionByName(sheets.select("part", "file", "line"))


def _header(frame: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(frame.columns)
    return text.getvalue()


@functools.lru_cache(maxsize=4)
def _plan_of(path: str, directories: Tuple[str, ...], fingerprint: str) -> Plan:
    plan = Plan.load(path, Catalog(list(directories)))
    if plan.fingerprint != fingerprint:
        raise UnsupportedError(f"the plan {path} is another one on this executor")
    return plan


class _Task:
    """What executors do; sent to them."""

    def __init__(self, plan: Plan, names: Sequence[str], headers: Sequence[str],
                 has_roster: bool) -> None:
        self._plan = plan.path, tuple(plan.catalog.directories), plan.fingerprint
        self._names, self._headers, self._has_roster = list(names), list(headers), has_roster
        self._wave, self._out = "", None  # type: str, Optional[str]
        self._released: Optional[str] = None

    def given(self, wave: str, out: Optional[str], released: Optional[PathLike] = None) -> "_Task":
        self._wave, self._out = wave, out
        self._released = os.path.abspath(os.fspath(released)) if released is not None else None
        return self

    def _part(self, batches: Iterator[Any]) -> Optional[Part]:
        pieces: List[List[str]] = [[] for _ in self._names]
        empty = True
        for batch in batches:
            for file, line in zip(batch.column("file").to_pylist(),
                                  batch.column("line").to_pylist()):
                pieces[file].append(line)
                empty = False
        if empty:
            return None
        texts = [(name, (header + "".join(line + "\n" for line in lines)).encode())
                 for name, header, lines in zip(self._names, self._headers, pieces)]
        return Part(texts[1:], texts[0]) if self._has_roster else Part(texts)

    def fold(self, batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        part = self._part(batches)
        if part is not None:
            wave = Wave(_plan_of(*self._plan))
            wave.fold(part)
            yield pa.RecordBatch.from_pydict({"wave": [wave.text()]})

    def run(self, batches: Iterator[Any]) -> Iterator[Any]:
        part = self._part(batches)
        if part is None:
            return
        plan = _plan_of(*self._plan)
        told: List[Tuple[Optional[str], str]] = []
        reasons, findings = run_part(Wave(plan, self._wave), part, self._out,
                                     lambda code, lines: told.append((code, lines)),
                                     released=self._released)
        for code, lines in told:
            what = "header" if code is None else "scores"
            yield _batch({"what": [what], "school": [code or ""], "lines": [lines]}, 1)
        yield _batch({"what": ["reason"] * len(reasons), **reasons.to_dict()}, len(reasons))
        found = findings.to_dict()
        yield _batch({"what": ["finding"] * len(findings), **{
            name: found[name] for name in (*_FINDINGS, "rule")}}, len(findings))


def _batch(columns: Dict[str, List[Any]], n_rows: int) -> Any:
    import pyarrow as pa

    types = {"string": pa.string(), "long": pa.int64(), "double": pa.float64(),
             "boolean": pa.bool_()}
    return pa.RecordBatch.from_arrays(
        [pa.array(columns.get(name, [None] * n_rows), types[kind]) for name, kind in _OUT.items()],
        names=list(_OUT))


def _check_schools(schools: Sequence[str]) -> None:
    seen: Dict[str, str] = {}
    for school in schools:
        other = seen.setdefault(school.lower(), school)
        if other != school:
            raise UnsupportedError(f"the codes of two schools differ in upper and lower case only "
                                   f"({other}, {school}): their workbooks would need names that "
                                   "only a run in one piece can give")


def screen(spark: Any, plan: Union[Plan, PathLike], responses: Any, out: PathLike, *,
           roster: Any = None, partitions: Optional[int] = None, workbooks: bool = True,
           multiline: bool = True, student: Optional[str] = None,
           school: Optional[str] = None,
           released: Optional[PathLike] = None) -> SparkScreening:
    """Run a whole screening on Spark.

    Args:
        spark: a SparkSession.
        plan: a :class:`psyscreen.Plan`, or what :meth:`psyscreen.Plan.load` takes; its file, its
            key and its instruments must be at the same paths on all executors.
        responses: a CSV file (UTF-8, header in the first line), a DataFrame whose columns are
            those of the file, or ``(name, DataFrame)`` with the name that reports print; or a
            list of these.
        out: a directory that is not there or empty, on a file system that driver and executors
            share.
        roster: who should have answered, in the same forms.
        partitions: parts to make, at most one a school; 4 for each core by default.
        workbooks: False: scores.csv only.
        multiline: cells of files may hold line breaks (then each file is read by one task).
        student, school: names of the columns with the codes, where the plan does not say.
        released: the results of an earlier release of this wave, at the same path on all
            executors: local norms that were frozen there judge, so that a make-up test changes
            nobody else's tier.

    Returns:
        :class:`SparkScreening`.

    Raises:
        UnsupportedError: the plan is one that cannot be run in parts.
        OutputError: there is something in `out`.
    """
    from pyspark.sql import functions as F

    chosen = plan if isinstance(plan, Plan) else Plan.load(plan)
    directory = os.path.abspath(os.fspath(out))
    if os.path.isdir(directory) and os.listdir(directory):
        raise OutputError(f"{directory} is not empty: a run on Spark writes into a new directory")
    total = Wave(chosen)  # refuses what cannot be divided, before anything is read
    given = responses if isinstance(responses, list) else [responses]
    inputs = [_open(spark, one, f"responses_{i + 1}", multiline) for i, one in enumerate(given)]
    lists = [_open(spark, roster, "roster", multiline)] if roster is not None else []
    files = [*lists, *inputs]

    sheets = [_lines(len(lists) + i, one, chosen, "responses", student, school)
              for i, one in enumerate(inputs)]
    pupils = _lines(0, lists[0], chosen, "roster", student, school) if lists else None
    answered = functools.reduce(lambda a, b: a.unionByName(b), sheets)
    keys = (pupils if pupils is not None else answered).select("code", "school").distinct()
    first = lists[0] if lists else inputs[0]
    codes = first.frame.select(_column(chosen, "roster" if lists else "responses", "school",
                                       first.frame, school).alias("s")).distinct().collect()
    _check_schools([str(row["s"]).strip() for row in codes if row["s"]])

    n = partitions or 4 * spark.sparkContext.defaultParallelism
    parts = _divided(spark, answered, pupils, _groups(keys)).repartition(n, "part").persist()
    task = _Task(chosen, [one.name for one in files], [_header(one.frame) for one in files],
                 bool(lists))
    try:
        for row in parts.mapInArrow(task.fold, "wave string").collect():
            total.merge(Wave(chosen, row["wave"]))
        os.makedirs(directory, exist_ok=True)
        schema = ", ".join(f"`{name}` {kind}" for name, kind in _OUT.items())
        results = parts.mapInArrow(task.given(total.text(), directory if workbooks else None,
                                               released).run,
                                   schema).persist()
        results.count()  # everything is run once, and here
    finally:
        parts.unpersist()
    _write_scores(results, directory)
    is_reason, is_finding = F.col("what") == "reason", F.col("what") == "finding"
    order = ["file", "row", "column", "rule", "severity", "subject", "message", "remedy"]
    return SparkScreening(chosen, directory,
                          results.filter(is_reason).select("student", "school", *[
                              name for name in _REASONS if name != "student"]),
                          results.filter(is_finding).select(*order).distinct())


def _write_scores(results: Any, directory: str) -> None:
    """scores.csv, schools in order of their codes; it appears when it is whole."""
    from pyspark.sql import functions as F

    header = results.filter(F.col("what") == "header").select("lines").first()
    draft = os.path.join(directory, ".scores.csv.tmp")
    with open(draft, "w", encoding="utf-8", newline="") as file:
        file.write(header["lines"] if header else "")
        rows = (results.filter(F.col("what") == "scores").select("school", "lines")
                .orderBy("school"))
        for row in rows.toLocalIterator():
            file.write(row["lines"])
    os.replace(draft, os.path.join(directory, "scores.csv"))
