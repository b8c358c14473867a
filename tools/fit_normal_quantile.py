"""Fits the rational function in paso_normal_quantile (src/random/math.h) and judges the one in use.

With t = min(u, 1 - u) and r = sqrt(-2 log t), z = r - N(r)/D(r). N and D, of degree 7, come from
least squares made linear by the last D, with weights raised where the error is largest (Lawson's
way to the smallest largest error). Sixty digits throughout; about a second, standard library only.
"""

import math
import pathlib
import re
from decimal import Decimal, getcontext

getcontext().prec = 60
DEGREE = 7
SOURCE = pathlib.Path(__file__).resolve().parent.parent / "src/random/math.h"


def arctangent_of_inverse(n):
    total, power, k = Decimal(0), Decimal(1) / n, 0
    while power > Decimal(10) ** -70:
        total += power / (2 * k + 1) if k % 2 == 0 else -power / (2 * k + 1)
        power /= n * n
        k += 1
    return total


ROOT_TWO_PI = (8 * (4 * arctangent_of_inverse(5) - arctangent_of_inverse(239))).sqrt()


def lower_tail(z):
    """Chance below -z: a half less the density times z + z^3/3 + z^5/15 + ..."""
    term, total, k = z, z, 1
    while term > Decimal(10) ** -65:
        k += 2
        term *= z * z / k
        total += term
    return Decimal("0.5") - (-z * z / 2).exp() / ROOT_TWO_PI * total


def points(n, top):
    """(r, r - z), close together at both ends as Chebyshev's."""
    chosen = []
    for i in range(n):
        z = Decimal(top / 2 * (1 - math.cos(math.pi * i / (n - 1))))
        r = (-2 * lower_tail(z).ln()).sqrt()
        chosen.append((r, r - z))
    return chosen


def polynomial(coefficients, x):
    total = Decimal(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def solve(matrix, right):
    """Gauss with the largest pivot; the matrix is small and the digits are many."""
    n = len(right)
    rows = [list(row) + [b] for row, b in zip(matrix, right)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(i + 1, n):
            factor = rows[k][i] / rows[i][i]
            rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i])]
    x = [Decimal(0)] * n
    for i in reversed(range(n)):
        x[i] = (rows[i][n] - sum(rows[i][j] * x[j] for j in range(i + 1, n))) / rows[i][i]
    return x


def fit(data, rounds):
    weights = [Decimal(1)] * len(data)
    den, best = [Decimal(1)], None
    for _ in range(rounds):
        unknowns = 2 * DEGREE + 1
        matrix = [[Decimal(0)] * unknowns for _ in range(unknowns)]
        right = [Decimal(0)] * unknowns
        for (r, g), w in zip(data, weights):
            powers = [r**k for k in range(DEGREE + 1)]
            row = powers + [-g * p for p in powers[1:]]
            scale = w / polynomial(den, r) ** 2
            for i, a in enumerate(row):
                right[i] += scale * a * g
                for j in range(i, unknowns):
                    matrix[i][j] += scale * a * row[j]
        for i in range(unknowns):
            for j in range(i):
                matrix[i][j] = matrix[j][i]
        x = solve(matrix, right)
        num, den = x[: DEGREE + 1], [Decimal(1)] + x[DEGREE + 1 :]
        errors = errors_of(num, den, data)
        worst = max(errors)
        if best is None or worst < best[0]:
            best = (worst, num, den)
        weights = [w * (e / worst + Decimal("0.01")) for w, e in zip(weights, errors)]
        total = sum(weights)
        weights = [w / total for w in weights]
    return best


def errors_of(num, den, data):
    return [abs(polynomial(num, r) / polynomial(den, r) - g) for r, g in data]


def in_use():
    """The coefficients in the header: in each statement the higher power comes second."""
    text = SOURCE.read_text()
    found = {}
    for name in ("num", "den"):
        pairs = re.findall(rf"^ +{name} = ([\d.e-]+) \+ r \* \(?([\d.e-]+)", text, flags=re.M)
        low = [Decimal(float(x)) for pair in reversed(pairs) for x in pair if re.search(r"\d", x)]
        found[name] = low
    return found["num"], found["den"]


def main():
    check = points(1500, 8.2095361516)
    num, den = in_use()
    print(f"in use: {len(num)} and {len(den)} coefficients, worst error {max(errors_of(num, den, check)):.3e}")
    _, num, den = fit(points(160, 8.2095361516), 40)
    num, den = ([Decimal(float(c)) for c in part] for part in (num, den))
    print(f"fitted: worst error {max(errors_of(num, den, check)):.3e}, rounded to doubles")
    print("N", *(f"{float(c):.17g}" for c in num))
    print("D", *(f"{float(c):.17g}" for c in den))


if __name__ == "__main__":
    main()
