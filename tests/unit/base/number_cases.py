"""Write number_cases.csv: doubles as bits, and their shortest text as Python's repr has it.

Python prints exponents with a sign and two digits and integers with ".0"; psyscreen does
not.  Run:  python3 number_cases.py > number_cases.csv
"""
import math
import random
import struct


def shortest(value):
    text = repr(value)
    if "e" in text:
        mantissa, exponent = text.split("e")
        return f"{mantissa}e{int(exponent)}"
    return text[:-2] if text.endswith(".0") else text


def main():
    draw = random.Random(20260901)
    values = [0.1, 0.2, 0.3, 1 / 3, 2 / 3, 1e-7, 1e15, 1e16, 123456789012345680.0, 5e-324,
              1.7976931348623157e308, 2.2250738585072014e-308, 0.0001, 0.00001, 9007199254740993.0]
    for exponent in range(-1074, 1024, 7):
        values += [2.0**exponent, math.nextafter(2.0**exponent, 0)]
    # Powers of two whose shortest text lies above them, where doubles are less dense.
    values += [2.0**e for e in (-1017, -383, -140, -44, -24, 89, 172, 976)]
    values += [math.nextafter(float(f"1e{e}"), 0) for e in range(-300, 308, 10)]
    values += [float(f"1e{e}") for e in range(-30, 30)]
    values += [draw.randint(1, 300) / draw.randint(1, 60) for _ in range(500)]
    values += [round(draw.uniform(0, 200), draw.randint(0, 7)) for _ in range(500)]
    values += [math.ldexp(draw.random(), draw.randint(-300, 300)) for _ in range(300)]
    print("bits,text")
    for value in values:
        (bits,) = struct.unpack("<Q", struct.pack("<d", value))
        print(f"{bits:016x},{shortest(value)}")


main()
