"""What a golden test expects: counted, told where it is not so, and an end that fails when nothing was looked at."""
import sys

_passed = 0
_failed = []


def expect(what, condition, detail=""):
    global _passed
    if condition:
        _passed += 1
    else:
        _failed.append(what)
        print(f"FAILED {what} {detail}")


def expect_same(what, wanted, found):
    expect(what, wanted == found, f"wanted {wanted!r}"[:600] + f", found {found!r}"[:600])


def end(more=""):
    """The closing line, and the exit status of the test."""
    print(f"{_passed} passed, {len(_failed)} failed{more and '; '}{more}")
    sys.exit(1 if _failed or not _passed else 0)
