"""Random tables whose hidden cells are worked out by a solver that is not psyscreen.

1,000 tables (rows by columns with margins; two tables that share a margin; grades of sexes;
three-way tables; some with a part of each cell printed beside it).  Small cells are hidden.
Here every whole table of integers that agrees with what is shown is enumerated, exactly, in
fractions; where there are too many, SciPy's HiGHS (skipped, by name, where it is absent) finds the
extremes.  The auditor must find every cell that has one possible value only, and no other;
after suppression the same solver must find none, and for the small ones an interval of the
asked width.

usage: check_suppression.py AUDIT_TABLES [TABLES [SEED]]
"""
import fractions
import itertools
import random
import subprocess
import sys

THRESHOLD = 5
MOST = 4_000  # combinations that are enumerated
FAR = 10**6

try:
    import numpy
    from scipy.optimize import Bounds, LinearConstraint, milp
except ImportError:
    milp = None


class Tables:
    def __init__(self):
        self.values, self.prices, self.sums, self.orders, self.most = [], [], [], [], []

    def cell(self, value, price=1, most=-1):
        self.values.append(value)
        self.prices.append(price)
        self.most.append(most)
        return len(self.values) - 1

    def add(self, parts, price=2):
        whole = self.cell(sum(self.values[p] for p in parts), price)
        self.sums.append([whole, *parts])
        return whole

    def small(self, i):
        return 0 < self.values[i] < THRESHOLD

    def text(self, hidden):
        lines = [f"{len(self.values)} {len(self.sums)} {len(self.orders)}"]
        for i, value in enumerate(self.values):
            small = self.small(i)
            lines.append(f"{value} 0 {self.most[i]} {THRESHOLD if small else 1} {THRESHOLD if small else 0} "
                         f"{self.prices[i]} {int(hidden[i])}")
        lines += [" ".join(map(str, [len(s), *s])) for s in self.sums]
        lines += [f"{p} {w}" for p, w in self.orders]
        return "\n".join(lines)


def count(r):
    kind = r.random()
    return 0 if kind < 0.15 else r.randint(1, 4) if kind < 0.4 else r.randint(5, 12) if kind < 0.75 else r.randint(13, 80)


def two_way(r, t, rows, columns, margin=None):
    grid = [[t.cell(count(r)) for _ in range(columns)] for _ in range(rows)]
    across = [t.add(row) for row in grid]
    down = [t.add([grid[i][j] for i in range(rows)]) for j in range(columns)]
    total = t.add(across, 3)
    t.sums.append([total, *down])
    return grid, across, down, total


def make(r):
    t = Tables()
    kind = r.randrange(5)
    if kind == 0:
        two_way(r, t, r.randint(2, 5), r.randint(2, 4))
    elif kind == 1:  # two tables of the same people: by school, by grade
        schools = [t.cell(count(r)) for _ in range(r.randint(2, 5))]
        total = t.add(schools, 3)
        rest, grades = t.values[total], []
        n = r.randint(2, 4)
        cuts = sorted(r.randint(0, rest) for _ in range(n - 1))
        for a, b in zip([0, *cuts], [*cuts, rest]):
            grades.append(t.cell(b - a))
        t.sums.append([total, *grades])
    elif kind == 2:  # sexes of grades
        wholes = [t.add([t.cell(count(r)) for _ in range(r.randint(2, 3))]) for _ in range(r.randint(2, 4))]
        t.add(wholes, 3)
    elif kind == 3:  # three-way, all two-way margins shown
        a, b, c = 2, r.randint(2, 3), 2
        cube = {k: t.cell(count(r)) for k in itertools.product(range(a), range(b), range(c))}
        for i, j in itertools.product(range(a), range(b)):
            t.add([cube[i, j, k] for k in range(c)])
        for i, k in itertools.product(range(a), range(c)):
            t.add([cube[i, j, k] for j in range(b)])
        for j, k in itertools.product(range(b), range(c)):
            t.add([cube[i, j, k] for i in range(a)])
    else:  # on the list, and of them valid
        n = r.randint(2, 4)
        listed = [t.cell(count(r)) for _ in range(n)]
        valid = [t.cell(r.randint(0, t.values[x])) for x in listed]
        all_listed, all_valid = t.add(listed, 3), t.add(valid, 3)
        t.orders += [(v, x) for v, x in zip([*valid, all_valid], [*listed, all_listed])]
    return t


class Solver:
    """The hidden cells of a table as unknowns of exact rows."""

    def __init__(self, t, hidden):
        self.cells = [i for i, h in enumerate(hidden) if h]
        at = {c: k for k, c in enumerate(self.cells)}
        self.truth = [t.values[c] for c in self.cells]
        n = len(self.cells)
        self.equal, self.below = [], []
        for s in t.sums:
            row = [0] * n
            for k, c in enumerate(s):
                if c in at:
                    row[at[c]] += 1 if k == 0 else -1
            if any(row):
                self.equal.append((row, sum(x * v for x, v in zip(row, self.truth))))
        self.low = [0] * n
        self.high = [FAR if t.most[c] < 0 else t.most[c] for c in self.cells]
        for p, w in t.orders:
            if p in at and w not in at:
                self.high[at[p]] = min(self.high[at[p]], t.values[w])
            elif w in at and p not in at:
                self.low[at[w]] = max(self.low[at[w]], t.values[p])
            elif p in at:
                row = [0] * n
                row[at[p]] += 1
                row[at[w]] -= 1
                self.below.append(row)

    def narrow(self):
        """Intervals by every row in turn: only to bound what is enumerated."""
        for _ in range(20):
            for row, value in self.equal:
                least = sum(x * (self.low[k] if x > 0 else self.high[k]) for k, x in enumerate(row))
                most = sum(x * (self.high[k] if x > 0 else self.low[k]) for k, x in enumerate(row))
                for k, x in enumerate(row):
                    if x > 0:
                        low, high = value - most + self.high[k], value - least + self.low[k]
                    elif x < 0:
                        low, high = least + self.high[k] - value, most + self.low[k] - value
                    else:
                        continue
                    self.low[k], self.high[k] = max(self.low[k], low), min(self.high[k], high)
                    least = sum(x * (self.low[k] if x > 0 else self.high[k]) for k, x in enumerate(row))
                    most = sum(x * (self.high[k] if x > 0 else self.low[k]) for k, x in enumerate(row))
            for row in self.below:
                p, w = row.index(1), row.index(-1)
                self.high[p] = min(self.high[p], self.high[w])
                self.low[w] = max(self.low[w], self.low[p])

    def intervals(self):
        """[(low, high)] of every unknown over all integer solutions, or None."""
        if not self.cells:
            return []
        self.narrow()
        n = len(self.cells)
        rows = [[fractions.Fraction(x) for x in row] + [fractions.Fraction(v)] for row, v in self.equal]
        pivots, done = [], 0
        order = sorted(range(n), key=lambda k: self.low[k] - self.high[k])  # solve for the widest
        for k in order:
            found = next((i for i in range(done, len(rows)) if rows[i][k]), None)
            if found is None:
                continue
            rows[done], rows[found] = rows[found], rows[done]
            by = rows[done][k]
            rows[done] = [x / by for x in rows[done]]
            for i in range(len(rows)):
                if i != done and rows[i][k]:
                    times = rows[i][k]
                    rows[i] = [x - times * y for x, y in zip(rows[i], rows[done])]
            pivots.append(k)
            done += 1
        free = [k for k in range(n) if k not in pivots]
        size = 1
        for k in free:
            size *= self.high[k] - self.low[k] + 1
        if size > MOST:
            return self.by_program()
        low, high = [None] * n, [None] * n
        for values in itertools.product(*(range(self.low[k], self.high[k] + 1) for k in free)):
            x = [None] * n
            for k, v in zip(free, values):
                x[k] = v
            good = True
            for row, k in zip(rows, pivots):
                v = row[n] - sum(row[f] * w for f, w in zip(free, values))
                if v.denominator != 1 or not self.low[k] <= v <= self.high[k]:
                    good = False
                    break
                x[k] = int(v)
            if not good or any(sum(c * v for c, v in zip(row, x)) > 0 for row in self.below):
                continue
            for k in range(n):
                low[k] = x[k] if low[k] is None else min(low[k], x[k])
                high[k] = x[k] if high[k] is None else max(high[k], x[k])
        return list(zip(low, high))

    def by_program(self):
        if milp is None:
            return None
        n = len(self.cells)
        constraints = []
        if self.equal:
            constraints.append(LinearConstraint(numpy.array([r for r, _ in self.equal]),
                                                [v for _, v in self.equal], [v for _, v in self.equal]))
        if self.below:
            constraints.append(LinearConstraint(numpy.array(self.below), -numpy.inf, 0))
        out = []
        for k in range(n):
            ends = []
            for sign in (1, -1):
                aim = numpy.zeros(n)
                aim[k] = sign
                found = milp(aim, constraints=constraints, integrality=numpy.ones(n), bounds=Bounds(self.low, self.high))
                if not found.success:
                    return None
                ends.append(round(found.x[k]))
            out.append(tuple(ends))
        return out


def main():
    program = sys.argv[1]
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    r = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 2026)
    tables = [make(r) for _ in range(wanted)]
    hidden = [[t.small(i) for i in range(len(t.values))] for t in tables]
    run = subprocess.run([program], input="\n".join(t.text(h) for t, h in zip(tables, hidden)) + "\n",
                         capture_output=True, text=True)
    lines = run.stdout.splitlines()
    if run.returncode or len(lines) != 2 * wanted:
        print("FAIL", run.stderr, len(lines))
        return 1
    bad = skipped = exposed = primaries = more = leaking = unproved = 0
    for n, (t, h) in enumerate(zip(tables, hidden)):
        verdicts = [tuple(map(int, v.split(":"))) for v in lines[2 * n].split()]
        after = lines[2 * n + 1].split()
        solver = Solver(t, h)
        truth = solver.intervals()
        if truth is None:
            skipped += 1
        else:
            for c, (low, high) in zip(solver.cells, truth):
                kind, said_low, said_high = verdicts[c]
                primaries += 1
                exposed += low == high
                unproved += kind == 3
                # Exposed if and only if there is one value; what is said is inside or at the truth.
                wrong = (kind == 4) != (low == high) or (kind == 4 and said_low != t.values[c])
                wrong |= kind == 1 and not (low <= said_low and (said_high <= high or high >= FAR) and
                                            said_high - said_low >= THRESHOLD and said_high >= THRESHOLD)
                wrong |= kind == 2 and (said_low, said_high) != (low, high)
                if wrong:
                    bad += 1
                    print(f"FAIL table {n} cell {c}: said {verdicts[c]}, true interval {low}..{high}")
        leaking += any("*" in word for word in after)
        solver = Solver(t, [word[0] == "1" for word in after])
        if any(a and word[0] == "0" for a, word in zip(h, after)):
            bad += 1
            print(f"FAIL table {n}: a small cell came into the open")
        more += len(solver.cells) - sum(h)
        truth = solver.intervals()
        if truth is None:
            skipped += 1
            continue
        for c, (low, high) in zip(solver.cells, truth):
            if high == low or (t.small(c) and (high - low < THRESHOLD or high < THRESHOLD)):
                bad += 1
                print(f"FAIL table {n} cell {c}: after suppression {low}..{high}")
    print(f"{wanted} tables, {primaries} hidden cells, {exposed} of them exposed before suppression; {more} more "
          f"hidden by it; {leaking} tables leak after it; {unproved} searches given up")
    if skipped:
        print(f"skipped: {skipped} systems too large to enumerate" + ("" if milp else " (no SciPy)"))
    return 1 if bad or leaking or exposed < wanted / 2 or skipped > wanted / 2 else 0


if __name__ == "__main__":
    sys.exit(main())
