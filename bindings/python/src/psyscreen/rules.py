"""Rules of the rule language over columns of your own (docs/rules.md explains it)."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ._arrays import doubles
from ._calls import c_text, c_texts, made
from ._psyscreen import ffi, lib
from .errors import ArgumentError, _check


class Rule:
    """A compiled rule; does not change.

    >>> import psyscreen
    >>> rule = psyscreen.Rule("total >= 15 and sex == 1", ["total", "sex"])
    >>> rule.decide({"total": [20, 10, None], "sex": [1, 1, 1]})
    [True, False, None]
    """

    __slots__ = ("_pointer", "text", "names", "__weakref__")

    def __init__(self, text: str, names: Sequence[str]) -> None:
        """Compile.

        Args:
            text: at most 4,096 bytes.
            names: names of the number columns it may use.

        Raises:
            ExpressionError: with the column of the token.
        """
        raw, held = c_texts([name.encode() for name in names])
        error, out = ffi.new("psy_error *"), ffi.new("psy_program **")
        _check(lib.psy_program_compile(out, c_text(text), raw, len(held), ffi.NULL, error), error)
        self._pointer = made(out, lib.psy_program_free)
        self.text, self.names = text, list(names)

    def _columns(self, columns: Mapping[str, Any]) -> Any:
        absent = [name for name in self.names if name not in columns]
        if absent:
            raise ArgumentError(f"there is no column '{absent[0]}'")
        return doubles([(name, columns[name]) for name in self.names])

    def decide(self, columns: Mapping[str, Any]) -> List[Optional[bool]]:
        """True, False, or None where it is undecided; shape (rows,).

        Args:
            columns: name to values of shape (rows,); None and NaN are missing.
        """
        given = self._columns(columns)
        error, out = ffi.new("psy_error *"), ffi.new("int8_t[]", given.n_rows or 1)
        _check(lib.psy_program_decide(self._pointer, given.pointers, given.n_rows, out, error),
               error)
        meaning: Dict[int, Optional[bool]] = {1: True, 0: False, -1: None}
        return [meaning[one] for one in list(out)[:given.n_rows]]

    def compute(self, columns: Mapping[str, Any]) -> List[float]:
        """Value of a rule that is a number, NaN where it is unknown; shape (rows,)."""
        given = self._columns(columns)
        error, out = ffi.new("psy_error *"), ffi.new("double[]", given.n_rows or 1)
        _check(lib.psy_program_compute(self._pointer, given.pointers, given.n_rows, out, error),
               error)
        return list(out)[:given.n_rows]

    def __reduce__(self) -> Tuple[Any, ...]:
        return (Rule, (self.text, self.names))

    def __repr__(self) -> str:
        return f"<psyscreen.Rule {self.text!r}>"
