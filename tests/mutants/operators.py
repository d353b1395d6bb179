"""Every way in which a person would damage a definition.

An operator takes a parsed instrument and yields (where, what, changes): `where` is the path
of the damage ("scales/total"), `what` says it in words, `changes` maps keys of the file to
their new values (None: the key goes).  Norm operators yield (where, what, {file: text})."""
import copy
import re

from reachable import expand, same_side, scores

NUMERIC = re.compile(r"-?\d+(\.\d+)?")
COMPARED = re.compile(r"(>=|<=|==|!=|>|<)(\s*)(\d+(?:\.\d+)?)(?![\d.]*%|\w)")
FROM_TO = re.compile(r"(\bin\s+)(\d+)\.\.(\d+)")


class Form:
    """What the operators need to know of an instrument."""

    def __init__(self, data):
        self.data = data
        self.items, self.coded, self.names = [], [], {}
        for row in data["items"]:
            ids = expand(row["ids"])
            self.items += ids
            response = data["responses"][row["response"]]
            if "codes" in response and row.get("scored", "true") != "false":
                self.coded += ids
            for i, name in zip(ids, row.get("names", [])):
                self.names[str(name)] = i
        self.reverse = expand(data.get("reverse", []))
        scales = list(data["scales"].items()) + list(data.get("derived", {}).items())
        self.used = set()
        for _, scale in scales:
            self.used |= set(expand(scale.get("items", [])) or [])

    def summed(self):
        """Scales that add up a list of items: (section, id, scale, ids)."""
        for section in ("scales", "derived"):
            for key, scale in self.data.get(section, {}).items():
                ids = expand(scale.get("items", []))
                if ids and scale.get("score") in ("sum", "mean"):
                    yield section, key, scale, ids

    def all_scales(self):
        for section in ("scales", "derived"):
            for key, scale in self.data.get(section, {}).items():
                yield section, key, scale

    def with_scale(self, section, key, **changes):
        """A copy of the section in which the scale has changed; None drops a key."""
        block = dict(self.data[section])
        scale = dict(block[key])
        for name, value in changes.items():
            if value is None:
                scale.pop(name, None)
            else:
                scale[name] = value
        block[key] = scale
        return {section: block}


def reverse_drop(form, _):
    for item in form.reverse:
        rest = [i for i in form.reverse if i != item]
        yield f"items/{item}", f"item {item} no longer reversed", {"reverse": rest or None}


def reverse_add(form, _):
    for item in form.coded:
        if item not in form.reverse and item in form.used:
            yield f"items/{item}", f"item {item} reversed", {"reverse": form.reverse + [item]}


def item_drop(form, _):
    for section, key, _scale, ids in form.summed():
        for item in ids if len(ids) > 1 else []:
            yield (f"{section}/{key}", f"item {item} left out of {key}",
                   form.with_scale(section, key, items=[i for i in ids if i != item]))
    for section, key, scale in form.all_scales():
        for part in scale.get("parts", []):
            yield (f"{section}/{key}", f"part {part} left out of {key}",
                   form.with_scale(section, key, parts=[p for p in scale["parts"] if p != part]))


def item_move(form, random):
    scales = list(form.summed())
    for section, key, _scale, ids in scales:
        for item in ids if len(ids) > 1 else []:
            others = [s for s in scales if item not in s[3]]
            if not others:
                continue
            to = random.choice(others)
            changes = form.with_scale(section, key, items=[i for i in ids if i != item])
            block = changes.setdefault(to[0], dict(form.data[to[0]]))
            block[to[1]] = dict(block[to[1]], items=to[3] + [item])
            yield f"{section}/{key}", f"item {item} moved from {key} to {to[1]}", changes


def item_swap(form, random):
    scales = list(form.summed())
    for section, key, _scale, ids in scales:
        for item in ids:
            pairs = [(s, i) for s in scales for i in s[3] if item not in s[3] and i not in ids]
            if not pairs:
                continue
            to, other = random.choice(pairs)
            changes = form.with_scale(section, key, items=[other if i == item else i for i in ids])
            block = changes.setdefault(to[0], dict(form.data[to[0]]))
            block[to[1]] = dict(block[to[1]], items=[item if i == other else i for i in to[3]])
            yield (f"{section}/{key}", f"item {item} of {key} swapped with item {other} of {to[1]}",
                   changes)


def stepped(text, by):
    if "." in text:
        digits = len(text.split(".")[1])
        return f"{float(text) + by * 10 ** -digits:.{digits}f}"
    return str(int(text) + by)


def with_levels(bands, visit):
    """Each (label, changed bands) when one level is passed through `visit`."""
    sets = [("", bands)] if bands and "levels" not in bands[0] else None
    for s, one in enumerate(bands if sets is None else [None]):
        levels = one["levels"] if sets is None else bands
        for n, level in enumerate(levels):
            for what, new in visit(n, level, sets is None and "of" in one):
                changed = levels[:n] + [new] + levels[n + 1:]
                if sets is None:
                    yield what, bands[:s] + [dict(one, levels=changed)] + bands[s + 1:]
                else:
                    yield what, changed


def band_shift(form, _):
    def visitor(values):
        def visit(n, level, of_a_norm):
            for word in ("from", "above"):
                for by in (1, -1) if word in level and n > 0 else ():
                    new = stepped(level[word], by)
                    if of_a_norm or not same_side(values, word, level[word], new):
                        yield (f"band {level['id']} {word} {level[word]} -> {new}",
                               dict(level, **{word: new}))
        return visit

    for section, key, scale in form.all_scales():
        visit = visitor(scores(form, scale))
        for what, bands in with_levels(scale.get("bands", []), visit):
            yield f"{section}/{key}", f"{key}: {what}", form.with_scale(section, key, bands=bands)
    for name, variant in (form.data.get("variants") or {}).items():
        for key, scale in (variant.get("scales", {}) if variant else {}).items():
            plain = dict(form.data["scales"].get(key, {}), **scale)
            visit = visitor(scores(form, plain, int(variant.get("shift", 0))))
            for what, bands in with_levels(scale.get("bands", []), visit):
                new = copy.deepcopy(form.data["variants"])
                new[name]["scales"][key]["bands"] = bands
                yield f"variants/{name}", f"{name}: {key}: {what}", {"variants": new}


def shifted_numbers(text):
    for m in COMPARED.finditer(text):
        for by in (1, -1):
            new = stepped(m[3], by)
            yield (f"{m[0]} -> {m[1]} {new}", type(text)(text[:m.start(3)] + new + text[m.end(3):]))
    for m in FROM_TO.finditer(text):
        for group in (2, 3):
            new = stepped(m[group], 1)
            yield (f"{m[0]} -> {new}", type(text)(text[:m.start(group)] + new + text[m.end(group):]))


def flag_shift(form, _):
    for key, flag in form.data.get("flags", {}).items():
        for what, when in shifted_numbers(flag["when"]):
            flags = dict(form.data["flags"])
            flags[key] = dict(flag, when=when)
            yield f"flags/{key}", f"{key}: {what}", {"flags": flags}


def formula_shift(form, _):
    for section, key, scale in form.all_scales():
        if scale.get("score", "sum") in ("sum", "mean"):
            continue
        for what, score in shifted_numbers(scale["score"]):
            yield f"{section}/{key}", f"{key}: {what}", form.with_scale(section, key, score=score)


def missing_drop(form, _):
    for section, key, scale in form.all_scales():
        if "missing" in scale:
            yield f"{section}/{key}", f"{key}: no missing rule", form.with_scale(
                section, key, missing=None)
    if "form" in form.data:
        yield "form", "no form gate", {"form": None}


def allow_shift(form, _):
    # Where the form is void from so many blanks on, allowing more changes nothing.
    most = int(form.data.get("form", {}).get("max_blank", 10000))
    # An expression knows itself which blanks it can do without: allowing one more, or one of
    # several less, changes nothing there; what a person can get wrong is to allow none.
    for section, key, scale in form.all_scales():
        if "missing" in scale and scale.get("score", "sum") not in ("sum", "mean"):
            yield f"{section}/{key}", f"{key}: allow 0", form.with_scale(
                section, key, missing=dict(scale["missing"], allow="0"))
        elif "missing" in scale:
            for by in (1, -1):
                allow = int(scale["missing"]["allow"]) + by
                if allow >= 0 and min(allow, allow - by) < most:
                    yield (f"{section}/{key}", f"{key}: allow {allow}", form.with_scale(
                        section, key, missing=dict(scale["missing"], allow=str(allow))))
    if "form" in form.data:
        for by in (1, -1):
            blank = int(form.data["form"]["max_blank"]) + by
            yield "form", f"max_blank {blank}", {"form": {"max_blank": str(blank)}}


def rounding(form, _):
    for section, key, scale in form.all_scales():
        if "round" in scale.get("missing", {}):
            for word in ("half_up", "up", "down", "none"):
                if word != scale["missing"]["round"]:
                    yield (f"{section}/{key}", f"{key}: round {word}", form.with_scale(
                        section, key, missing=dict(scale["missing"], round=word)))
        steps = scale.get("steps", [])
        for n, step in enumerate(steps):
            if not isinstance(step, dict):
                for word in ("floor", "ceil", "round_half_up"):
                    if word != step:
                        yield (f"{section}/{key}", f"{key}: {step} -> {word}", form.with_scale(
                            section, key, steps=steps[:n] + [word] + steps[n + 1:]))
            yield (f"{section}/{key}", f"{key}: without step {n + 1}", form.with_scale(
                section, key, steps=(steps[:n] + steps[n + 1:]) or None))


def responses(form, _):
    used = {row["response"] for row in form.data["items"] if row.get("scored", "true") != "false"}
    for key, response in form.data["responses"].items():
        codes = response.get("codes")
        if not codes or key not in used:
            continue
        numbers = [int(c) for c in codes]
        for what, new in (("one code more", numbers + [numbers[-1] + 1]),
                          ("the last code missing", numbers[:-1]),
                          ("all codes one higher", [n + 1 for n in numbers])):
            if len(new) > 1:
                block = dict(form.data["responses"])
                block[key] = dict(response, codes=[str(n) for n in new])
                yield f"responses/{key}", f"{key}: {what}", {"responses": block}


def option_map(form, _):
    rows = form.data["items"]
    for n, row in enumerate(rows):
        for code, value in row.get("map", {}).items():
            new = rows[:n] + [dict(row, map=dict(row["map"], **{code: stepped(value, 1)}))]
            yield "items", f"option {code} counts {int(value) + 1}", {"items": new + rows[n + 1:]}
    for name, variant in (form.data.get("variants") or {}).items():
        if variant and "shift" in variant:
            new = dict(form.data["variants"])
            new[name] = dict(variant, shift=stepped(variant["shift"], 1))
            yield f"variants/{name}", f"{name}: shift one more", {"variants": new}


def reference_break(form, _):
    text = repr({k: v for k, v in form.data.items() if k not in ("scales", "derived")})
    for section, key, scale in form.all_scales():
        others = repr([s for _, k, s in form.all_scales() if k != key])
        if re.search(rf"\b{key}\b", text + others):
            block = {(k + "_x" if k == key else k): v for k, v in form.data[section].items()}
            yield f"{section}/{key}", f"{key} renamed", {section: block}
    for key in form.data["responses"]:
        block = {(k + "_x" if k == key else k): v for k, v in form.data["responses"].items()}
        yield f"responses/{key}", f"response {key} renamed", {"responses": block}
    for n, row in enumerate(form.data["items"]):
        for i, name in enumerate(row.get("names", [])):
            if re.search(rf"\b{name}\b", repr(form.data.get("flags", {}))):
                names = row["names"][:i] + [name + "_x"] + row["names"][i + 1:]
                rows = form.data["items"]
                yield "items", f"item name {name} changed", {
                    "items": rows[:n] + [dict(row, names=names)] + rows[n + 1:]}


def sum_mean(form, _):
    for section, key, scale, ids in form.summed():
        if len(ids) == 1:
            continue  # the same
        other = "mean" if scale["score"] == "sum" else "sum"
        changes = {"score": other}
        if "then" in scale.get("missing", {}):
            then = {"prorate": "mean", "mean": "prorate"}.get(scale["missing"]["then"])
            if then:
                changes["missing"] = dict(scale["missing"], then=then)
        yield f"{section}/{key}", f"{key}: {other}", form.with_scale(section, key, **changes)


def worse_flip(form, _):
    for section, key, scale in form.all_scales():
        if section == "scales":
            other = "low" if scale["worse"] == "high" else "high"
            yield f"{section}/{key}", f"{key}: worse {other}", form.with_scale(
                section, key, worse=other)


def flag_drop(form, _):
    for key in form.data.get("flags", {}):
        flags = {k: v for k, v in form.data["flags"].items() if k != key}
        yield f"flags/{key}", f"flag {key} gone", {"flags": flags or None}
    for n, gate in enumerate(form.data.get("gates", [])):
        gates = form.data["gates"]
        yield f"gates/{gate['id']}", f"gate {gate['id']} gone", {
            "gates": (gates[:n] + gates[n + 1:]) or None}


OPERATORS = {f.__name__: f for f in (
    reverse_drop, reverse_add, item_drop, item_move, item_swap, band_shift, flag_shift,
    formula_shift, missing_drop, allow_shift, rounding, responses, option_map, reference_break,
    sum_mean, worse_flip, flag_drop)}
# Those that move a cut-off or the condition of a flag, and with it somebody's tier.
TIER = {"band_shift", "flag_shift", "flag_drop"}


def norm_row(name, lines):
    for n in range(1, len(lines)):
        yield f"norms/{name}", f"{name} row {n + 1} gone", lines[:n] + lines[n + 1:]


def norm_cell(name, lines):
    head = lines[0].split(",")
    for n in range(1, len(lines)):
        cells = lines[n].split(",")
        for column in ("standard", "mean", "sd"):
            at = head.index(column) if column in head else None
            if at is None or not NUMERIC.fullmatch(cells[at]):
                continue
            for by in (1, -1):
                new = cells[:at] + [stepped(cells[at], by)] + cells[at + 1:]
                yield (f"norms/{name}", f"{name} row {n + 1}: {column} {cells[at]} -> {new[at]}",
                       lines[:n] + [",".join(new)] + lines[n + 1:])


NORM_OPERATORS = {"norm_row": norm_row, "norm_cell": norm_cell}
