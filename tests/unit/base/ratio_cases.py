"""Write ratio_cases.csv: operations on ratios as Python's fractions module computes them.

A result whose parts do not fit into 64 bits is "none" (0/0).
Run:  python3 ratio_cases.py > ratio_cases.csv
"""
import math
import random
from fractions import Fraction

LEAST, MOST = -(2**63), 2**63 - 1


def fits(value):
    return LEAST <= value.numerator <= MOST and value.denominator <= MOST


def text(value):
    if value is None or not fits(value):
        return "0,0"
    return f"{value.numerator},{value.denominator}"


def round_half_up(value, decimals):
    scale = 10**decimals
    return Fraction(math.floor(value * scale + Fraction(1, 2)), scale)


def draw_part(draw):
    kind = draw.choice([0, 0, 1, 1, 1, 2, 2, 3, 4])
    if kind == 0:
        return draw.randint(-3, 3)
    if kind == 1:
        return draw.randint(-100, 100)
    if kind == 2:
        return draw.randint(-(10**9), 10**9)
    if kind == 3:
        return draw.randint(LEAST, MOST)
    return draw.choice([LEAST, LEAST + 1, MOST, MOST - 1, 2**53, 2**53 + 1, -(2**53) - 1, 2**62])


def main():
    draw = random.Random(20260902)
    print("a_num,a_den,b_num,b_den,add,,sub,,mul,,div,,compare,floor,,ceil,,round0,,round1,,"
          "round3,,round9,,double")
    for _ in range(1500):
        pairs = []
        while len(pairs) < 2:
            den = draw_part(draw)
            if den == 0:
                continue
            value = Fraction(draw_part(draw), den)
            if fits(value):
                pairs.append(value)
        a, b = pairs
        if draw.random() < 0.2:
            b = a
        cells = [text(a), text(b), text(a + b), text(a - b), text(a * b),
                 text(a / b if b else None), str((a > b) - (a < b)),
                 text(Fraction(math.floor(a))), text(Fraction(math.ceil(a)))]
        cells += [text(round_half_up(a, d)) for d in (0, 1, 3, 9)]
        cells.append(repr(a.numerator / a.denominator))  # Python divides integers exactly
        print(",".join(cells))


main()
