"""Draws and functions of the day in plain Python: src/random once more, operation by operation, for
tests/reference.py. Python's floats are the same doubles; nothing here asks its libm."""

import math
import struct

NAN, INF = math.nan, math.inf
WORD = 0xFFFFFFFF
LONG = 0xFFFFFFFFFFFFFFFF

# ---------------------------------------------------------------- functions of the day (math.h)


def bits_of(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def from_bits(bits):
    return struct.unpack("<d", struct.pack("<Q", bits & LONG))[0]


def divide(a, b):
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a or b != b:
        return NAN
    return math.copysign(INF, a) * math.copysign(1.0, b)


def square_root(x):
    return math.sqrt(x) if x >= 0.0 else NAN


def horner(x, *ascending):
    total = ascending[-1]
    for c in reversed(ascending[:-1]):
        total = c + x * total
    return total


LN2_HIGH, LN2_LOW = float.fromhex("0x1.62e42feep-1"), float.fromhex("0x1.a39ef35793c76p-33")
LN2, LOG2_E = float.fromhex("0x1.62e42fefa39efp-1"), float.fromhex("0x1.71547652b82fep0")
TINY, ROOT_HALF = 2.0**-1022, 0x3FE6A09E667F3BCD
SHIFT = 1.5 * 2.0**52


def log_parts(k, f):
    s = f / (2.0 + f)
    y = s * s
    even = horner(y * y, 2 / 3, 2 / 7, 2 / 11, 2 / 15, 2 / 19)
    odd = horner(y * y, 2 / 5, 2 / 9, 2 / 13, 2 / 17, 2 / 21)
    rest = y * (even + y * odd)
    return k * LN2_HIGH - ((s * (f - rest) - k * LN2_LOW) - f)


def log_normal(x):
    bits = (bits_of(x) + 0x3FF0000000000000 - ROOT_HALF) & LONG
    k = from_bits(0x4330000000000000 | bits >> 52) - (2.0**52 + 1023.0)
    return log_parts(k, from_bits((bits & 0xFFFFFFFFFFFFF) + ROOT_HALF) - 1.0)


def log(x):
    if not x > 0.0:
        return -INF if x == 0.0 else NAN
    if x == INF:
        return x
    return log_normal(x) if x >= TINY else log_normal(x * 2.0**54) - 54.0 * LN2


def log1m_half(p):
    far = p > 0.29289321881345248
    return -log_parts(-1.0 if far else 0.0, 1.0 - 2.0 * p if far else -p)


def exp_reduce(x):
    t = x * LOG2_E + SHIFT
    k = t - SHIFT
    return (x - k * LN2_HIGH) - k * LN2_LOW, int(k)


def exp_taylor(r):
    y = r * r
    even = horner(y, 1 / 24, 1 / 720, 1 / 40320, 1 / 3628800, 1 / 479001600)
    odd = horner(y, 1 / 6, 1 / 120, 1 / 5040, 1 / 362880, 1 / 39916800, 1 / 6227020800)
    return r + y * (0.5 + (y * even + r * odd))


def exp(x):
    if x != x:
        return x
    r, k = exp_reduce(min(max(x, -746.0), 710.0))
    half = (k + 2048) >> 1
    return (1.0 + exp_taylor(r)) * from_bits(half - 1 << 52) * from_bits(k + 2048 - half - 1 << 52)


def rise(h):
    """1 - exp(-h)"""
    if h != h or h < -709.0:
        return h if h != h else -INF
    r, k = exp_reduce(min(-42.0 if h > 42.0 else -h, 709.0))
    power = from_bits(k + 1023 << 52)
    return (1.0 - power) - power * exp_taylor(r)


def logistic(x):
    e = exp(-x if x > 0.0 else x)
    return (1.0 if x > 0.0 else e) / (1.0 + e)


def power(a, b):
    if b != b or b == 1.0:
        return b if b != b else a
    if b == 2.0:
        return a * a
    if b == 0.5:
        return square_root(a)
    if a == 0.0:
        return 0.0 if b > 0.0 else 1.0
    return exp(b * log(a))


NUMERATOR = (3.6541350453341406, 32.407640959918538, 46.847203525693949, 15.044433022700206,
             2.3892540015889083, 0.24788082075969442, 0.0069585641610121823, 7.5222127203788822e-06)
DENOMINATOR = (1.0, 14.008295812105475, 34.469249135088745, 23.418017807784327,
               5.451971765383151, 0.78246482281679741, 0.061507513541788031, 0.001173743112798077)


def normal_quantile(u):
    if not 0.0 < u < 1.0:
        return NAN
    r = math.sqrt(-2.0 * log_normal(u if u < 0.5 else 1.0 - u))
    z = r - horner(r, *NUMERATOR) / horner(r, *DENOMINATOR)
    return -z if u < 0.5 else z


# ---------------------------------------------------------------- draws (philox.c, count.c, deal.c)

START, ENTER, EXIT, STEP, LIMIT, DEAL, BINS, ACROSS, SHOCK, COMMON, EVENT, SIZE, LASTS = range(13)
PARAMETER = 13


def philox(counter, key):
    a, b, c, d = counter
    for i in range(10):
        key_a, key_b = key[0] + i * 0x9E3779B9 & WORD, key[1] + i * 0xBB67AE85 & WORD
        from_a, from_c = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (from_c >> 32) ^ b ^ key_a, from_c & WORD, (from_a >> 32) ^ d ^ key_b, from_a & WORD
    return a, b, c, d


def uniform(seed, member, day, name, purpose, cell, index):
    where, when = purpose << 24 | cell & 0xFFFFFF, (index << 16 | day & 0xFFFF) & WORD
    counter = (member & WORD, name & WORD, where, when)
    low, high, _, _ = philox(counter, (seed & WORD, seed >> 32 & WORD))
    return (from_bits(0x3FF0000000000000 | (high << 32 | low) >> 12) - 1.0) + 2.0**-53


def whole_below(x):
    near = (x + 2.0**52) - 2.0**52
    return near - 1.0 if near > x else near


def expansion(mean, v, k3, k4, k5, u):
    z = normal_quantile(u)
    z2 = z * z
    w = v - 1.0 / 12
    root, per = math.sqrt(w), 1.0 / w
    a, b, c = k3 * per, (k4 + 1.0 / 120) * per, k5 * per
    a2 = a * a
    second = b * (z * (z2 - 3.0)) * (1.0 / 24) - a2 * (z * (2.0 * z2 - 5.0)) * (1.0 / 36)
    third = (c * ((z2 - 6.0) * z2 + 3.0) * (1.0 / 120)
             - a * b * ((z2 - 5.0) * z2 + 2.0) * (1.0 / 24)
             + a2 * a * ((12.0 * z2 - 53.0) * z2 + 17.0) * (1.0 / 324))
    x = mean + (root * (z + second * per) + (a * (z2 - 1.0) * (1.0 / 6) + third * per)) + 0.5
    return whole_below(0.0 if x < 0.0 else x)


def walk(u, f, a, s):
    up_to, x = f, 0.0
    for k in range(80):
        if not (u > up_to and f > 1e-18):
            break
        x += 1.0
        f *= a * (1.0 / (k + 1)) - s
        up_to += f
    return x


def binomial(n, p, u):
    if n <= 0.0 or p <= 0.0:
        return 0.0
    if p >= 1.0:
        return n
    folded = p > 0.5
    if folded:
        p, u = 1.0 - p, 1.0 - u
    m = n * p
    if m >= 10.0:
        q, pq = 1.0 - p, p * (1.0 - p)
        v = n * pq
        k3 = v * (q - p)
        x = expansion(m, v, k3, v * (1.0 - 6.0 * pq), k3 * (1.0 - 12.0 * pq), u)
    elif u <= 1.0 - m - 1e-15:
        x = 0.0
    else:
        s = p / (1.0 - p)
        x = walk(u, exp(-n * log1m_half(p)), (n + 1.0) * s, s)
    x = min(x, n)
    return n - x if folded else x


def poisson(m, u):
    if m <= 0.0:
        return 0.0
    if m >= 10.0:
        return expansion(m, m, m, m, m, u)
    return 0.0 if u <= 1.0 - m - 1e-15 else walk(u, exp(-m), m, 0.0)


def student(draw, df):
    """draw(index) gives uniforms; df 0 is the normal law"""
    z = normal_quantile(draw(0))
    if df == 0:
        return z
    total = 0.0
    for i in range(1, df + 1):
        part = normal_quantile(draw(i))
        total += part * part
    return z / math.sqrt(total / df) * math.sqrt((df - 2.0) / df)


def deal(k, u, weights):
    """k whole items over whole weights by systematic rounding"""
    items, total = int(k), int(sum(weights))
    if total == 0:
        assert items == 0
        return [0.0] * len(weights)
    left = min(int(u * float(total)), total - 1)
    dealt = []
    for w in weights:
        turns, left = divmod(left + items * int(w), total)
        dealt.append(float(turns))
    return dealt
