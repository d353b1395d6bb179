"""Norms: standard scores of raw scores."""

from __future__ import annotations

import os
from typing import Any, Optional, Sequence, Tuple, Union

from ._calls import Findings, PathLike, c_path, c_text, made
from ._psyscreen import ffi, lib
from .errors import _check, _text

SEXES = {None: 0, 1: 1, 2: 2, "male": 1, "female": 2, "男": 1, "女": 2}
INFORMANTS = {None: 0, 1: 1, 2: 2, 3: 3, "self": 1, "parent": 2, "teacher": 3}


class Norms:
    """One norm file; does not change.

    Pickled by its path.
    """

    __slots__ = ("_pointer", "path", "__weakref__")
    _pointer: Any
    path: str

    def __init__(self) -> None:
        raise TypeError("use Norms.load()")

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
        self = object.__new__(cls)
        self._pointer, self.path = made(out, lib.psy_norms_free), full
        return self

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

    def __reduce__(self) -> Tuple[Any, ...]:
        return (Norms.load, (self.path,))

    def __repr__(self) -> str:
        return f"<psyscreen.Norms {self.id}: {self.population()}>"
