"""Norms: standard scores of raw scores."""

from __future__ import annotations

import os
from typing import Any, List, Optional, Sequence, Tuple, Union

from ._calls import Findings, PathLike, c_path, c_text, c_texts, made, paths_of
from ._psyscreen import ffi, lib
from .errors import ArgumentError, _check, _text
from .plan import Plan
from .table import Table

SEXES = {None: 0, 1: 1, 2: 2, "male": 1, "female": 2, "男": 1, "女": 2}
INFORMANTS = {None: 0, 1: 1, 2: 2, 3: 3, "self": 1, "parent": 2, "teacher": 3}


class Norms:
    """Norms: of a file, or counted from the scores of a wave; do not change.

    Pickled by their path; counts that are in no file are written first.
    """

    __slots__ = ("_pointer", "path", "__weakref__")
    _pointer: Any
    path: Optional[str]

    def __init__(self) -> None:
        raise TypeError("use Norms.load() or Norms.build()")

    @classmethod
    def load(cls, path: PathLike) -> "Norms":
        """Load ``<name>.yaml`` and the CSV beside it.

        Raises:
            DefinitionSyntaxError, SchemaError, LimitError, FileError: with the place, and with
                every problem in ``findings``.
        """
        full = os.path.abspath(os.fspath(path))
        error, out, findings = ffi.new("psy_error *"), ffi.new("psy_norms **"), Findings()
        findings.check(lib.psy_norms_load_file(out, c_path(full), ffi.NULL, findings.pointer,
                                               error), error)
        return cls._own(out, full)

    @classmethod
    def _own(cls, out: Any, path: Optional[str]) -> "Norms":
        self = object.__new__(cls)
        self._pointer, self.path = made(out, lib.psy_norms_free), path
        return self

    @classmethod
    def build(cls, plan: Union[Plan, PathLike], responses: Union[PathLike, Sequence[PathLike]], *,
              roster: Union[PathLike, Sequence[PathLike], None] = None,
              threads: int = 0) -> "List[Optional[Norms]]":
        """Count the local norms of a plan from a wave: exact counts, not frozen.

        Args:
            plan, responses, roster, threads: as in :meth:`psyscreen.Screening.run`.

        Returns:
            One for each of the plan's local norms, in its order; None where the plan brings a
            file along, the use is in no file, or nobody has a score.
        """
        chosen = plan if isinstance(plan, Plan) else Plan.load(plan)
        texts, held = c_texts(paths_of(responses))
        rosters, held_rosters = c_texts(paths_of(roster))
        n = lib.psy_norms_build_count(chosen._pointer)
        options = ffi.new("psy_screening_options *")
        options.version, options.n_threads = lib.PSY_SCREENING_OPTIONS_VERSION, threads
        error, out, findings = ffi.new("psy_error *"), ffi.new("psy_norms *[]", n or 1), Findings()
        status = lib.psy_norms_build(out, chosen._pointer, rosters, len(held_rosters), texts,
                                     len(held), options, findings.pointer, error)
        findings.check(status, error)
        return [None if out[i] == ffi.NULL else cls._own([out[i]], None) for i in range(n)]

    @classmethod
    def merge(cls, parts: "Sequence[Norms]", id: str) -> "Norms":
        """Add the counts of several norms: districts, or waves of one; not frozen.

        Integers are added, so the same parts give the same bytes in any order and grouping.
        """
        raw = ffi.new("const psy_norms *[]", [part._pointer for part in parts] or 1)
        error, out = ffi.new("psy_error *"), ffi.new("psy_norms **")
        _check(lib.psy_norms_merge(out, raw, len(parts), c_text(id), ffi.NULL, error), error)
        return cls._own(out, None)

    def freeze(self) -> "Norms":
        """The same counts, declared final: what a plan of a later wave names."""
        error, out = ffi.new("psy_error *"), ffi.new("psy_norms **")
        _check(lib.psy_norms_freeze(out, self._pointer, ffi.NULL, error), error)
        return Norms._own(out, None)

    def write(self, path: PathLike) -> "Norms":
        """Write counts to ``<id>.yaml`` and the CSV beside it; the norms, loaded from there."""
        error = ffi.new("psy_error *")
        _check(lib.psy_norms_write_file(self._pointer, c_path(path), error), error)
        return Norms.load(path)

    def table(self) -> Table:
        """The groups: norm, scale, stage, grade, sex, n, mean, sd, lowest, highest, judged_by, ..."""
        error, out = ffi.new("psy_error *"), ffi.new("psy_table **")
        _check(lib.psy_norms_table(out, self._pointer, ffi.NULL, error), error)
        return Table._take(out[0])

    @property
    def is_counts(self) -> bool:
        """Counted by psyscreen from the scores of a wave?"""
        return bool(lib.psy_norms_are_counts(self._pointer))

    @property
    def is_frozen(self) -> bool:
        """May a plan name them?"""
        return bool(lib.psy_norms_are_frozen(self._pointer))

    @property
    def id(self) -> str:
        return _text(lib.psy_norms_id(self._pointer))

    def population(self, language: str = "en") -> str:
        """The reference group, in ``"en"`` or ``"zh"``."""
        return _text(lib.psy_norms_population(self._pointer, c_text(language)))

    def standard(self, scale: str, raw: Union[float, Sequence[float]], *,
                 metric: Optional[str] = None, sex: Union[int, str, None] = None,
                 grade: Optional[int] = None, age: Optional[int] = None,
                 informant: Union[int, str, None] = None) -> Any:
        """Standard score of raw scores of one kind of person.

        Args:
            scale: id of the scale in the file.
            raw: one printed raw score, or several.
            metric: ``"t"``, ``"z"``, ``"iq"``, ``"percentile"`` or ``"standard"``; not needed
                where the file has one.
            sex: 1, 2, ``"male"``, ``"female"``.
            grade: 1 to 16.
            age: completed years.
            informant: ``"self"``, ``"parent"``, ``"teacher"``.

        Returns:
            A float, or a list of them; NaN where the norms have none for this person or score.
        """
        person = ffi.new("psy_norm_person *")
        person.sex, person.informant = SEXES[sex], INFORMANTS[informant]
        person.grade = grade or 0
        person.has_age, person.age = (0, 0) if age is None else (1, age)
        error, out = ffi.new("psy_error *"), ffi.new("double *")
        name, what = c_text(scale), c_text(metric)
        results = []
        one = isinstance(raw, (int, float))
        for value in [raw] if isinstance(raw, (int, float)) else raw:
            _check(lib.psy_norms_standard(self._pointer, name, what, person, value, out, error),
                   error)
            results.append(float(out[0]))
        return results[0] if one else results

    apply = standard

    def __reduce__(self) -> Tuple[Any, ...]:
        if self.path is None:
            raise ArgumentError(f"the norms {self.id} are in no file: write() them first")
        return (Norms.load, (self.path,))

    def __repr__(self) -> str:
        return f"<psyscreen.Norms {self.id}: {self.population()}>"
