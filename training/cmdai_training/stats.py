"""Intervals for pass rates and tests for pairs of them."""

import math


def wilson(passed: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Returns the 95 % interval of a rate."""
    if n == 0:
        return 0.0, 1.0
    rate, spread = passed / n, z * z / n
    middle = (rate + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(rate * (1 - rate) / n + spread / (4 * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def mcnemar(a: list[bool], b: list[bool]) -> tuple[int, int, float]:
    """Returns (only a right, only b right, two-sided exact p) for two systems on the same requests."""
    only_a, only_b = sum(x and not y for x, y in zip(a, b)), sum(y and not x for x, y in zip(a, b))
    n, k = only_a + only_b, min(only_a, only_b)
    p = min(1.0, 2 * sum(math.comb(n, i) for i in range(k + 1)) / 2 ** n) if n else 1.0
    return only_a, only_b, p
