"""The main job: a plan and files in, a directory of results out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

from ._calls import Findings, PathLike, c_path, c_text, c_texts, paths_of
from ._psyscreen import ffi, lib
from .errors import ArgumentError, _check, _text
from .plan import Plan
from .table import Table

Progress = Callable[[str, int, int], object]

STATUSES = ("no_consent", "absent", "invalid", "retest", "incomplete", "doubtful", "valid")


class _Watch:
    """Progress for one run; keeps what the callback raised."""

    def __init__(self, progress: Any) -> None:
        self.error: Optional[BaseException] = None
        self._bar: Any = None
        self._call: Optional[Progress] = None
        self._phase, self._done = "", 0
        if progress is True:
            from tqdm.auto import tqdm

            progress = tqdm(unit="", leave=False)
        if hasattr(progress, "update") and hasattr(progress, "total"):
            self._bar = progress
        elif progress is not None and progress is not False:
            self._call = progress

    def tell(self, phase: str, done: int, total: int) -> None:
        if self._call is not None:
            self._call(phase, done, total)
        if self._bar is None:
            return
        if phase != self._phase:
            self._phase, self._done = phase, 0
            if hasattr(self._bar, "set_description"):
                self._bar.set_description(phase, refresh=False)
            if hasattr(self._bar, "reset"):
                self._bar.reset()
        self._bar.total = total or None
        self._bar.update(done - self._done)
        self._done = done

    def finish(self) -> None:
        """Other threads finish files too, and only the caller's tells."""
        if self._bar is not None and self._bar.total:
            self._bar.update(self._bar.total - self._done)


def _lost(kind: Any, error: BaseException, trace: Any) -> None:
    """An interrupt that comes before the first line of a callback: it, too, is kept."""
    if trace is not None and "context" in trace.tb_frame.f_locals:
        ffi.from_handle(trace.tb_frame.f_locals["context"]).error = error


@ffi.def_extern(error=1, onerror=_lost)  # type: ignore[untyped-decorator,unused-ignore]
def psypy_progress(context: Any, progress: Any) -> int:
    """psy_screening_options.progress into a _Watch.

    Python looks for Ctrl-C while it runs this, so that an interrupt arrives here too.
    """
    watch = ffi.from_handle(context)
    try:
        watch.tell(_text(progress.phase), progress.done, progress.total)
        return 0
    except BaseException as error:  # C cannot carry it; raised when the call returns
        watch.error = error
        return 1


@dataclass(frozen=True)
class Summary:
    """Counts of a run; the letters are those of the reports.

    Attributes:
        target, exempt, due, tested, valid: T, E, D, C and V.
        status: students by status.
        tier: students by tier rank, 0 = none; index is the rank.
        seconds_read, seconds_score, seconds_write: what it took.
    """

    target: int
    exempt: int
    due: int
    tested: int
    valid: int
    records: int
    unmatched: int
    duplicates: int
    schools: int
    workbooks: int
    urgent: int
    review: int
    critical_unanswered: int
    not_judged: int
    status: Dict[str, int]
    tier: Tuple[int, ...]
    seconds_read: float
    seconds_score: float
    seconds_write: float

    @classmethod
    def _of(cls, raw: Any) -> "Summary":
        fields: Dict[str, Any] = {}
        for name, _ in ffi.typeof("psy_screening_summary").fields:
            if name in cls.__dataclass_fields__:
                fields[name] = getattr(raw, name)
        fields["status"] = dict(zip(STATUSES, list(raw.status)))
        ranks = list(raw.tier)
        while len(ranks) > 1 and ranks[-1] == 0:
            ranks.pop()
        fields["tier"] = tuple(ranks)
        return cls(**fields)


class _Schools:
    """Makes the workbooks of schools elsewhere; keeps what it raised."""

    def __init__(self, make: Callable[[str, Any], None]) -> None:
        self.make = make
        self.error: Optional[BaseException] = None


@ffi.def_extern(error=1, onerror=_lost)  # type: ignore[untyped-decorator,unused-ignore]
def psypy_schools(context: Any, directory: Any, findings: Any) -> int:
    """psy_screening_options.schools into a _Schools."""
    schools = ffi.from_handle(context)
    try:
        schools.make(os.fsdecode(ffi.string(directory)), findings)
        return 0
    except BaseException as error:  # C cannot carry it; raised when the call returns
        schools.error = error
        return 1


def _options(threads: int, force: bool, workbooks: bool, watch: _Watch) -> Tuple[Any, Any]:
    options = ffi.new("psy_screening_options *")
    handle = ffi.new_handle(watch)
    options.version, options.n_threads = lib.PSY_SCREENING_OPTIONS_VERSION, threads
    options.force, options.no_workbooks = force, not workbooks
    options.progress, options.progress_context = lib.psypy_progress, handle
    return options, handle


def _role(name: str) -> int:
    bit: int = lib.psy_role_named(c_text(name))
    if bit == 0:
        raise ArgumentError(f"there is no role {name!r}; there are homeroom, leader, centre, bureau, "
                            "psychology")
    return bit


def read_scores(plan: Plan, directory: PathLike) -> Table:
    """scores.csv of a run directory as a table with typed columns.

    Args:
        plan: the plan of the run, which says what the columns are.
        directory: of a run of the command line, of :meth:`Screening.run` or of Spark.

    Returns:
        The columns of the file: tiers, grades and numbers answered are int, scores float,
        flags bool, all else text; an empty cell is missing.
    """
    path = os.path.join(os.fspath(directory), "scores.csv")
    error, out = ffi.new("psy_error *"), ffi.new("psy_table **")
    _check(lib.psy_scores_read(out, plan._pointer, c_path(path), ffi.NULL, error), error)
    return Table._take(out[0])


class Screening:
    """A finished run.

    Attributes:
        plan: its plan.
        directory: where run.json, scores.csv, findings.csv and the workbooks are.
        summary: counts, a :class:`Summary`.
        findings: what findings.csv holds, a :class:`~psyscreen.Table`.
        reasons: why each student has the tier he has, a :class:`~psyscreen.Table`: one row for
            each value that a rule read which fired or stays open.  ``student``, ``school``;
            ``rule`` and its ``kind`` (``urgent``, ``review``, ``unanswered``, ``tier``),
            ``rank``, ``outcome`` (``fired`` or ``undecided``), ``cause`` (``blank`` or
            ``no_norm``), ``even_with_blanks``; then what was read: ``operand``
            (``mht.total``, ``phq9.item(9)``), ``value`` (float), ``low`` and ``high`` where it
            is not certain, ``word`` (a band or a category), ``state`` (``known``,
            ``prorated``, ``blank``, ``refused``, ``no_norm``, ``no_record``, ``unknown``);
            ``text_en`` and ``text_zh`` are the rule's own words; ``mark`` says why a standard
            score is no exact reading (``clipped;pooled;shrunk;stale;others``).
    """

    __slots__ = ("plan", "directory", "summary", "findings", "reasons", "_scores")

    def __init__(self, plan: Plan, directory: str, summary: Summary, findings: Table,
                 reasons: Table) -> None:
        self.plan, self.directory, self.summary = plan, directory, summary
        self.findings, self.reasons = findings, reasons
        self._scores: Optional[Table] = None

    @classmethod
    def run(cls, plan: Union[Plan, PathLike], responses: Union[PathLike, Sequence[PathLike]],
            out: PathLike, *, roster: Union[PathLike, Sequence[PathLike], None] = None,
            progress: Any = None, threads: int = 0, force: bool = False, workbooks: bool = True,
            roles: Sequence[str] = (), external: Optional[PathLike] = None,
            previous: Optional[PathLike] = None, capacity: int = 0, what_if: bool = False,
            memory: int = 0, passwords: Optional[PathLike] = None, new_passwords: Optional[PathLike] = None,
            mapping: Optional[PathLike] = None, tmpdir: Optional[PathLike] = None,
            counts: Optional[PathLike] = None, entries: Optional[PathLike] = None,
            fast: bool = False, reference_writer: bool = False,
            previous_publication: Union[PathLike, Sequence[PathLike], None] = None
            ) -> "Screening":
        """Run a whole screening, as ``psyscreen score --plan`` does: the same bytes.

        Args:
            plan: a :class:`Plan`, or what :meth:`Plan.load` takes.
            responses: one file or several.
            out: directory of the results; made if it is not there.
            roster: who should have answered: one file, or several, as of each school its own;
                their order does not matter.
            progress: ``True`` for a tqdm bar, a tqdm object, or ``f(phase, done, total)``;
                `total` 0 is unknown.  What it raises stops the run and is raised here.
            threads: 0 is one per core; any number gives the same result.
            force: go on over a directory of another run.
            workbooks: False: scores.csv, findings.csv and run.json only.
            roles: also files cut for these roles, as ``--for`` of the command line.
            external: reports from outside, read as ``inputs: external`` of the plan says.
            previous: directory of the results of the wave before; the plan's by default.
            capacity: interviews a school can hold: a line in its list; the plan's by default.
            memory: about how many bytes the run may take, at least a MiB; more lies in a file
                without a name, in `tmpdir` or beside the results.  0: what it needs.
            what_if: whatif.csv too: how many students with every other cut.
            passwords: CSV ``school,password``: workbooks are encrypted (docs/security.md).
            new_passwords: make that file, with a passphrase for each workbook.
            mapping: where to write which pseudonym is which student.
            tmpdir: where encrypted workbooks are put together; a tmpfs by default.
            counts: CSV that ``collect(..., counts=)`` wrote: the district's workbook says how far
                the cases have got.
            entries: CSV that ``collect(..., out=)`` wrote: new workbooks begin with what schools had
                entered into the old ones.
            fast: light compression of workbooks, sooner.
            reference_writer: workbooks by libxlsxwriter alone: the same cells, slower.
            previous_publication: published.csv of an earlier run of this wave whose district's
                workbook was handed out, or of several: what any of them together with this one
                would tell about few is hidden.

        Raises:
            DataError: an input cannot be read as declared.
            OutputError: a result could not be written, or belongs to another run.
            KeyboardInterrupt: Ctrl-C; the same call resumes the run.

        The lock of the interpreter is released, so that other threads go on.  Files appear
        complete or not at all.
        """
        return cls._run(plan, responses, out, None, roster=roster, progress=progress,
                        threads=threads, force=force, workbooks=workbooks, roles=roles,
                        external=external, previous=previous, capacity=capacity, what_if=what_if,
                        memory=memory, passwords=passwords, new_passwords=new_passwords, mapping=mapping,
                        tmpdir=tmpdir, counts=counts, entries=entries, fast=fast,
                        reference_writer=reference_writer,
                        previous_publication=previous_publication)

    @classmethod
    def _run(cls, plan: Union[Plan, PathLike], responses: Union[PathLike, Sequence[PathLike]],
             out: PathLike, schools: Optional[_Schools], *,
             roster: Union[PathLike, Sequence[PathLike], None], progress: Any, threads: int, force: bool, workbooks: bool, roles: Sequence[str],
             external: Optional[PathLike], previous: Optional[PathLike], capacity: int,
             what_if: bool, memory: int, passwords: Optional[PathLike], new_passwords: Optional[PathLike],
             mapping: Optional[PathLike], tmpdir: Optional[PathLike], counts: Optional[PathLike],
             entries: Optional[PathLike], fast: bool, reference_writer: bool,
             previous_publication: Union[PathLike, Sequence[PathLike], None]) -> "Screening":
        """The same; `schools` makes the workbooks of schools, and then reasons, too."""
        chosen = plan if isinstance(plan, Plan) else Plan.load(plan)
        texts, held = c_texts(paths_of(responses))
        rosters, held_rosters = c_texts(paths_of(roster))
        watch = _Watch(progress)
        options, handle = _options(threads, force, workbooks, watch)
        reasons = ffi.new("psy_table **")
        if schools is None:
            options.reasons = reasons
        else:
            made = ffi.new_handle(schools)
            options.schools, options.schools_context = lib.psypy_schools, made
        kept = [c_path(one) for one in (passwords, new_passwords, mapping, tmpdir, external,
                                        previous, counts, entries)]
        (options.passwords, options.new_passwords, options.mapping, options.tmpdir,
         options.external, options.previous, options.counts, options.entries) = kept
        publications, held_back = c_texts(paths_of(previous_publication))
        options.previous_publications, options.n_previous_publications = publications, len(held_back)
        options.fast, options.reference_writer = fast, reference_writer
        options.capacity, options.what_if, options.memory = capacity, what_if, memory
        for role in roles:
            options.roles |= _role(role)
        summary, findings = ffi.new("psy_screening_summary *"), Findings()
        error, directory = ffi.new("psy_error *"), os.path.abspath(os.fspath(out))
        status = lib.psy_screening_run(chosen._pointer, rosters, len(held_rosters), texts, len(held),
                                       c_path(directory), options, findings.pointer, summary,
                                       error)
        del handle
        if status == lib.PSY_OK:
            watch.finish()
        if status == lib.PSY_E_CANCELLED and watch.error is not None:
            raise watch.error
        if status == lib.PSY_E_CANCELLED and schools is not None and schools.error is not None:
            raise schools.error
        findings.check(status, error)
        return cls(chosen, directory, Summary._of(summary), findings.table(),
                   Table._take(reasons[0]) if schools is None else Table.from_columns({}))

    @property
    def scores(self) -> Table:
        """scores.csv as a table; read when it is first asked for."""
        if self._scores is None:
            self._scores = read_scores(self.plan, self.directory)
        return self._scores

    @property
    def workbooks(self) -> List[str]:
        """Paths of the workbooks that were written."""
        found: List[str] = []
        for directory, _, names in os.walk(self.directory):
            found += [os.path.join(directory, name) for name in names if name.endswith(".xlsx")]
        return sorted(found)

    def __reduce__(self) -> Tuple[Any, ...]:
        return (Screening, (self.plan, self.directory, self.summary, self.findings, self.reasons))

    def _tier(self, rank: int) -> str:
        """The name of a rank: a number alone says not which end is worst."""
        name = lib.psy_plan_tier_name(self.plan._pointer, rank, b"en")
        return f"rank {rank} (larger = worse)" if name == ffi.NULL else ffi.string(name).decode()

    def _legend(self) -> str:
        text = lib.psy_plan_tier_legend(self.plan._pointer, b"en")
        return "" if text == ffi.NULL else ffi.string(text).decode()

    def _lines(self) -> List[Tuple[str, str]]:
        s = self.summary
        tiers = ", ".join(f"{self._tier(rank)}: {n}" for rank, n in
                          reversed(list(enumerate(s.tier))) if rank)
        return [
            ("plan", self.plan.id),
            ("results", self.directory),
            ("students", f"target {s.target}, exempt {s.exempt}, due {s.due}, tested {s.tested}, "
                         f"valid {s.valid}"),
            ("tiers", f"{tiers or 'nobody on the list'}, {self._tier(0)}: {s.tier[0]}, "
                      f"not judged: {s.not_judged}"),
            *([("", self._legend())] if self._legend() else []),
            ("critical", f"urgent {s.urgent}, review {s.review}, item unanswered "
                         f"{s.critical_unanswered}"),
            ("sheets", f"{s.records} records, {s.unmatched} unmatched, {s.duplicates} students "
                       "with several"),
        ]

    def __repr__(self) -> str:
        lines = "\n".join(f"  {name:9} {text}" for name, text in self._lines())
        return f"<psyscreen.Screening\n{lines}>"

    def _repr_html_(self) -> str:
        import html

        rows = "".join(f"<tr><th>{name}</th><td>{html.escape(text)}</td></tr>"
                       for name, text in self._lines())
        return f"<table>{rows}</table>"


def critical(plan: Union[Plan, PathLike], responses: Union[PathLike, Sequence[PathLike]], *,
             workbook: Optional[PathLike] = None) -> Table:
    """The critical list alone, from item columns only, on partial exports too.

    Args:
        plan, responses: as in :meth:`Screening.run`.
        workbook: also write the list there, as a workbook; never over a file that is there.

    Returns:
        due, class, student, school, grade, class_name, submitted_at, flags, row, file (texts),
        most urgent first; ids as the plan prints them.
    """
    import csv
    import io

    from ._calls import text_of

    chosen = plan if isinstance(plan, Plan) else Plan.load(plan)
    files = [responses] if isinstance(responses, (str, os.PathLike)) else list(responses)
    texts, held = c_texts(files)
    findings, listed = Findings(), ffi.new("uint64_t *")
    text = text_of(lambda sink, error: lib.psy_critical_write(
        chosen._pointer, texts, len(held), sink, c_path(workbook), ffi.NULL, findings.pointer,
        listed, error))
    head, *lines = list(csv.reader(io.StringIO(text)))
    return Table.from_columns({name: [line[i] or None for line in lines]
                               for i, name in enumerate(head)})


def dossier(plan: Union[Plan, PathLike], student: str, directories: Sequence[PathLike],
            out: PathLike, *, school: Optional[str] = None,
            entries: Sequence[PathLike] = ()) -> int:
    """Write the dossier of one student over several waves, as a workbook.

    Args:
        plan: words, language, tier scheme and ``change``; its key, where waves print pseudonyms.
        student: as scores.csv prints it, or the student number where the key is at hand.
        directories: results of the waves, in any order.
        out: path of the workbook; a file that is there already is never overwritten.
        school: its code, where several schools have the student's id.
        entries: what :func:`collect` wrote of the ledgers (``out=``), in any number of files: the
            student's contacts stand in 跟进与家校沟通.

    Returns:
        In how many of the directories the student stands.
    """
    chosen = plan if isinstance(plan, Plan) else Plan.load(plan)
    texts, held = c_texts(list(directories))
    options, named = ffi.new("psy_dossier_options *"), c_text(school)
    options.version, options.school = lib.PSY_DOSSIER_OPTIONS_VERSION, named
    files, kept = c_texts(list(entries))
    options.entries, options.n_entries = files, len(kept)
    error, waves = ffi.new("psy_error *"), ffi.new("size_t *")
    _check(lib.psy_dossier_write(chosen._pointer, c_text(student), texts, len(held), c_path(out),
                                 options, waves, error), error)
    return int(waves[0])
