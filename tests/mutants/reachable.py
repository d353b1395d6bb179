"""Which scores a scale can have: a cut-off moved between two of them changes nothing."""
import fractions
import math
import re

F = fractions.Fraction


def expand(selection):
    """['1..9'] -> the ids; None for {all_of: ...} and what else is no list."""
    if isinstance(selection, str):
        selection = [selection]
    if not isinstance(selection, list):
        return None
    ids = []
    for part in selection:
        m = re.fullmatch(r"(\d+)\s*\.\.\s*(\d+)", part)
        ids += [str(n) for n in range(int(m[1]), int(m[2]) + 1)] if m else [str(part)]
    return ids


def item_range(form, item):
    for row in form.data["items"]:
        if item in expand(row["ids"]):
            codes = form.data["responses"][row["response"]].get("codes")
            if not codes:
                return None
            values = list(row["map"].values()) if "map" in row else codes
            return min(map(int, values)), max(map(int, values)), 1 if "map" not in row else None
    return None


def round_half_up(x):
    return F(math.floor(x + F(1, 2)))


ROUND = {"half_up": round_half_up, "up": lambda x: F(math.ceil(x)), "down": lambda x: F(math.floor(x)),
         "none": lambda x: x}
STEPS = {"floor": lambda x, _: F(math.floor(x)), "ceil": lambda x, _: F(math.ceil(x)),
         "multiply": lambda x, by: x * F(by), "add": lambda x, by: x + F(by)}


def step(x, one):
    name, by = next(iter(one.items())) if isinstance(one, dict) else (one, "0")
    if name == "round_half_up":
        return round_half_up(x * 10 ** int(by)) / 10 ** int(by)
    return STEPS[name](x, by)


def scores(form, scale, shift=0):
    """All scores of a sum or mean of coded items, complete or with blanks allowed; None when
    this file does not know (expressions, parts, maps)."""
    ids = expand(scale.get("items", []))
    if scale.get("score") not in ("sum", "mean") or not ids:
        return None
    ranges = [item_range(form, i) for i in ids]
    if any(r is None or r[2] is None for r in ranges) or len(set(ranges)) > 1:
        return None
    low, high, _ = ranges[0]
    missing = scale.get("missing", {})
    found = set()
    for blank in range(int(missing.get("allow", 0)) + 1):
        known = len(ids) - blank
        for total in range(known * (low - shift), known * (high - shift) + 1) if known else ():
            then = missing.get("then") if blank else None
            value = F(total * len(ids), known) if then == "prorate" else F(total)
            if scale["score"] == "mean":
                value = F(total, len(ids) if then == "zero" else known)
            for one in scale.get("steps", []):
                value = step(value, one)
            found.add(ROUND[missing.get("round", "none")](value))
    return found


def same_side(values, word, old, new):
    """No score lies on different sides of the two cut-offs."""
    side = (lambda v, cut: v >= cut) if word == "from" else (lambda v, cut: v > cut)
    return values is not None and all(side(v, F(old)) == side(v, F(new)) for v in values)
