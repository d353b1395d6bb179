"""Plans: a whole screening as data."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, List, Optional, Sequence, Tuple

from ._calls import Findings, PathLike, c_path, c_text, c_texts, made, text_of
from ._psyscreen import ffi, lib
from .errors import DataError, _check, _text
from .instrument import Catalog, _own_catalog
from .table import Table


class Plan:
    """Inputs, batteries, norms, rules and outputs of a screening; does not change.

    >>> import psyscreen
    >>> plan = psyscreen.Plan.load("district_demo")
    >>> plan.id
    'district_demo'
    """

    __slots__ = ("_pointer", "catalog", "path", "findings", "__weakref__")
    _pointer: Any
    catalog: Catalog
    path: str
    findings: Table

    def __init__(self) -> None:
        raise TypeError("use Plan.load()")

    @classmethod
    def load(cls, plan: PathLike, catalog: Optional[Catalog] = None) -> "Plan":
        """Load a plan.

        Args:
            plan: the path of a YAML file, or the id of a plan of the catalogue.
            catalog: where its instruments are; the package's by default.

        Raises:
            NotFoundError, DefinitionSyntaxError, SchemaError, ExpressionError, FileError: with
                the place; every problem is in the exception's ``findings``.

        What the lint has to say about a plan that loads is in ``.findings``.
        """
        where = catalog or _own_catalog()
        text = os.fspath(plan)
        path = text if os.sep in text or os.path.exists(text) else where._plan_path(text)
        path = os.path.abspath(path)
        error, out, findings = ffi.new("psy_error *"), ffi.new("psy_plan **"), Findings()
        status = lib.psy_plan_load_file(out, c_path(path), where._pointer, ffi.NULL,
                                        findings.pointer, error)
        findings.check(status, error)
        self = object.__new__(cls)
        self.catalog, self.path = where, path
        self._pointer = made(out, lib.psy_plan_free)
        findings.sort()
        self.findings = findings.table()
        return self

    @property
    def id(self) -> str:
        return _text(lib.psy_plan_id(self._pointer))

    @property
    def fingerprint(self) -> str:
        """64 hex digits; changes whenever a result could."""
        return _text(lib.psy_plan_fingerprint(self._pointer))

    def headers(self, input: str, field: str) -> List[str]:
        """Header texts the plan accepts for a column: ``plan.headers("roster", "school")``.

        Args:
            input: ``"responses"`` or ``"roster"``.
            field: ``"student"``, ``"school"``, ``"grade"``, ...
        """
        return text_of(lambda sink, error: lib.psy_plan_headers(
            self._pointer, c_text(input), c_text(field), sink, error)).splitlines()

    def __reduce__(self) -> Tuple[Any, ...]:
        return (_restore, (self.path, self.catalog, self.fingerprint))

    def __eq__(self, other: object) -> bool:
        """Same id, and the same results of the same inputs."""
        if not isinstance(other, Plan):
            return NotImplemented
        return (self.id, self.fingerprint) == (other.id, other.fingerprint)

    def __hash__(self) -> int:
        return hash((self.id, self.fingerprint))

    def __repr__(self) -> str:
        return f"<psyscreen.Plan {self.id}: {self.path}>"


def _restore(path: str, catalog: Catalog, fingerprint: str) -> Plan:
    plan = Plan.load(path, catalog)
    if plan.fingerprint != fingerprint:
        raise DataError(f"the plan {path} decides otherwise here than where it was pickled")
    return plan


@dataclass(frozen=True)
class Simulation:
    """Files of a district that does not exist."""

    directory: str
    plan: str
    roster: str
    responses: Tuple[str, ...]
    truth: str


def simulate(plan: Plan, out: PathLike, *, students: int, schools: int,
             seed: int = 1) -> Simulation:
    """A plausible district for trying things out; always the same for a seed.

    Args:
        plan: whose uses are answered.
        out: directory for roster.csv, responses*.csv, truth.csv (what was planted), plan.yaml
            and district.key; made if it is not there.
        students: how many in all.
        schools: how many schools; at most one a student.
        seed: any whole number.
    """
    directory = os.path.abspath(os.fspath(out))
    error = ffi.new("psy_error *")
    _check(lib.psy_simulate(plan._pointer, students, schools, seed, c_path(directory), ffi.NULL,
                            error), error)
    names = sorted(name for name in os.listdir(directory)
                   if name.startswith("responses") and name.endswith((".csv", ".xlsx")))

    def join(name: str) -> str:
        return os.path.join(directory, name)

    return Simulation(directory, join("plan.yaml"), join("roster.csv"),
                      tuple(join(name) for name in names), join("truth.csv"))


def draft_plan(file: PathLike, instruments: Sequence[str], *,
               catalog: Optional[Catalog] = None, encoding: Optional[str] = None,
               sheet: Optional[str] = None, header_row: int = 0, id: Optional[str] = None,
               wave: Optional[str] = None, student: Optional[str] = None,
               dates: Optional[str] = None, sex: Optional[str] = None,
               consent: Optional[str] = None, at: Optional[str] = None,
               key_file: Optional[PathLike] = None,
               answers: Sequence[str] = (),
               without: Optional[str] = None) -> Tuple[str, str]:
    """Write a first plan for an export, as ``psyscreen plan`` does: a draft to be read.

    Nothing is guessed: where two readings are possible no plan is made, and each open question
    says how to answer it, which is with one of these arguments.

    Args:
        file: the responses: CSV, xlsx or SPSS.
        instruments: what was given, in the order in which it stands in the file:
            ``"ID[@EDITION][:VARIANT]"``; the variant ``index`` reads option numbers from 1.
        catalog: where instruments are looked up; the package's by default.
        encoding: of a text file that is not UTF-8, ``"gb18030"``.
        sheet: of a workbook with several.
        header_row: where the header stands; found by default.
        id, wave: of the plan; ``draft`` by default.
        student: header of the column that tells students apart, where none is usual.
        dates: ``"ymd"``, ``"dmy"`` or ``"mdy"``.
        sex: what its codes mean, ``"1=male,2=female"``.
        consent: ``"critical_only"`` or ``"ignore"``, where a column has consent.
        at: column of the first item of each, ``"phq9=12,gad7=21"``.
        key_file: pseudonyms by this key; plain ids by default.
        answers: what texts of the file stand for where the definition words them otherwise,
            ``["phq9:偶有几天=1"]``.
        without: columns that belong to no questionnaire, ``"14,20"``: own questions among items.

    Returns:
        The text of the plan, and what was found.

    Raises:
        DataError: there are open questions, all of them in its ``findings``, or the file cannot
            be read.
        NotFoundError: there is no such instrument.

    >>> import os, tempfile, psyscreen
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     path = os.path.join(directory, "export.csv")
    ...     with open(path, "w", encoding="utf-8") as export:
    ...         _ = export.write("学籍号,性别,年级," + ",".join(f"gad7_{i}" for i in range(1, 8)))
    ...         _ = export.write("\\nS1,男,8,0,1,2,3,0,1,2\\n")
    ...     text, report = psyscreen.draft_plan(path, ["gad7"])
    >>> "instrument: gad7" in text
    True
    """
    where = catalog or _own_catalog()
    names = [instruments] if isinstance(instruments, str) else list(instruments)
    texts, held = c_texts(names)
    options = ffi.new("psy_draft_options *")
    kept = [c_text(one) for one in (encoding, sheet, id, wave, student, dates, sex, consent, at,
                                   without)]
    key = c_path(key_file)
    options.version, options.header_row = lib.PSY_DRAFT_OPTIONS_VERSION, header_row
    (options.encoding, options.sheet, options.id, options.wave, options.student, options.dates,
     options.sex, options.consent, options.at, options.without) = kept
    options.key_file = key
    meanings, held_answers = c_texts(list(answers))
    options.answers, options.n_answers = meanings, len(held_answers)
    findings, report, status = Findings(), [""], [0]

    def write(plan: Any, error: Any) -> int:
        def both(sink: Any, inner: Any) -> int:
            status[0] = lib.psy_plan_draft(where._pointer, c_path(file), texts, len(held), plan,
                                           sink, options, findings.pointer, error)
            return int(lib.PSY_OK)

        report[0] = text_of(both)
        findings.check(status[0], error)
        return int(lib.PSY_OK)

    return text_of(write), report[0]
