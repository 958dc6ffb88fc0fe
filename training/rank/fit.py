"""Fits the two logistic models of generate/rank.rs and says how well they do.

The example `evidence` of cmdai-core turns requests into evidence, one JSON object a line; its three inputs are

- HELD: requests drawn from intents by `requests.py`, with `answers`, the commands that count as right. The memory may
  not use the phrasing, for a third of them not the whole intent. Only equal words count (in any order between bars),
  so this is a floor: many other commands are right too;
- JUDGED: `judged.jsonl`, everyday requests with `right` and `wrong`, candidates that a person has judged;
- NONSENSE: `nonsense.txt` as requests, which no command answers.

    python fit.py HELD.jsonl JUDGED.jsonl NONSENSE.jsonl

`refit.sh` does all of it.

"right" is fitted on the candidates of HELD and JUDGED together. What exact comparison misses in HELD goes into a
column of its own, which is left out of the product, so that the confidence is on the scale of JUDGED. "meant" is fitted
on the best candidate of each request, those of HELD and JUDGED against those of NONSENSE. Numbers printed are from ten folds
over requests, never from rows that were fitted on.
"""

import json
import sys

import numpy as np

FOLDS = 10
# What a candidate of HELD counts beside one of JUDGED: its label is a floor. From 0.1 to 0.3 most of JUDGED comes first (ten folds, three draws: 258
# of 341; 254 where both count the same, 257 without HELD), and as much of HELD as with any other.
OF_HELD = 0.2
UNUSED = 9


def load(path: str) -> list[dict]:
    with open(path) as lines:
        return [json.loads(line) for line in lines]


def normal(command: str) -> str:
    """Quotes, blanks and the order of words between bars do not make another command."""
    parts = command.replace('"', "").replace("'", "").replace(" ./", " ").split("|")
    return " | ".join(" ".join([words[0], *sorted(words[1:])]) for words in (part.split() for part in parts) if words)


def fit(
    x: np.ndarray, y: np.ndarray, signs: np.ndarray, prior: np.ndarray | None = None, counts: np.ndarray | None = None, ridge: float = 2.0
) -> np.ndarray:
    """Logistic regression by Newton steps with a ridge towards `prior` (0); weights with the wrong sign are held at 0. A row counts as `counts` says (1).

    `signs` says which way a feature may speak (+1, -1, 0 for either, UNUSED for not at all), so that a quirk of a few hundred rows
    cannot make a flaw count in a command's favour.
    """
    active = signs != UNUSED
    counts = np.ones(len(x)) if counts is None else counts
    while True:
        data = np.hstack([np.ones((len(x), 1)), x[:, active]])
        w = np.zeros(data.shape[1])
        towards = np.concatenate([[0.0], (np.zeros(x.shape[1]) if prior is None else prior)[active]])
        penalty = np.full(data.shape[1], ridge)
        # A prior is worth some 50 requests.
        penalty[1:][towards[1:] != 0] *= 10
        penalty[0] = 1e-6
        for _ in range(50):
            p = 1 / (1 + np.exp(-np.clip(data @ w, -30, 30)))
            gradient = data.T @ (counts * (p - y)) + penalty * (w - towards)
            hessian = (data * (counts * p * (1 - p))[:, None]).T @ data + np.diag(penalty)
            step = np.linalg.solve(hessian, gradient)
            w -= step
            if np.abs(step).max() < 1e-6:
                break
        full = np.zeros(x.shape[1])
        full[active] = w[1:]
        wrong = active & (signs * full < 0)
        if not wrong.any():
            return np.concatenate([w[:1], full])
        active &= ~wrong


def predict(w: np.ndarray, x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(w[0] + x @ w[1:])))


# Which way each feature may speak.
RIGHT = {
    "mean_logprob": 1, "total_logprob": 1, "missing": -1, "missing_numbers": -1,
    "invented": -1, "repaired": -1, "unknown_programs": -1, "unused_programs": -1, "content_words": 0, "familiar": 1,
    "unknown_words": -1, "root_logprob": 1, "written": 0, "edited": 0, "recalled": 0, "recall_cost": -1,
    "recall_unsaid": -1, "recall_behind": -1, "nearest_other": 0, "agreement": 1, "named": 0, "behind": -1, "missing_places": -1, "likeness": 1, "less_alike": -1,
    "recall_alike": 1, "other_alike": 0,
}
# What slips are worth as an earlier fit on the model's own texts found (322 requests). Drafts have hardly any slips, so
# requests of today say little about them.
PRIOR = {"missing": -1.3, "missing_numbers": -0.6, "repaired": -0.5, "unknown_programs": -0.6, "unused_programs": -0.5,
         "invented": -0.1}
# The lengths of the two sets say nothing about sense, and short everyday requests must not pay for theirs.
MEANT = dict(RIGHT, content_words=UNUSED, total_logprob=UNUSED, repaired=UNUSED, root_logprob=UNUSED, written=UNUSED,
             edited=UNUSED, agreement=UNUSED, recall_behind=UNUSED, behind=UNUSED, missing_places=UNUSED, less_alike=UNUSED, named=1)


def rows(held: list[dict], judged: list[dict]) -> tuple[list, list, list, list]:
    """Features with the column for HELD, labels, the request each belongs to, and which are judged."""
    x, y, group, real = [], [], [], []
    for index, row in enumerate(held + judged):
        for candidate in row["candidates"]:
            command = normal(candidate["command"])
            if index < len(held):
                label = command in {normal(answer) for answer in row["answers"]}
            elif command in map(normal, row["right"]):
                label = True
            elif command in map(normal, row["wrong"]):
                label = False
            else:
                continue
            if candidate["origin"] != "request":
                x.append(candidate["features"] + [float(index < len(held))])
                y.append(float(label))
                group.append(index)
                real.append(index >= len(held))
    return x, y, group, real


def folds(
    x: np.ndarray, y: np.ndarray, signs: np.ndarray, fold: np.ndarray, prior: np.ndarray | None = None, counts: np.ndarray | None = None
) -> np.ndarray:
    """Predictions for each row by a model that has not seen its fold."""
    p = np.zeros(len(y))
    for k in range(FOLDS):
        some = None if counts is None else counts[fold != k]
        p[fold == k] = predict(fit(x[fold != k], y[fold != k], signs, prior, some), x[fold == k])
    return p


def main(held_path: str, judged_path: str, nonsense_path: str) -> None:
    held, judged, nonsense = load(held_path), load(judged_path), load(nonsense_path)
    names = held[0]["feature_names"]
    rng = np.random.default_rng(0)

    x, y, group, is_judged = map(np.array, rows(held, judged))
    fold = rng.integers(0, FOLDS, len(held) + len(judged))[group]
    signs = np.array([RIGHT[n] for n in names] + [0])
    prior = np.array([PRIOR.get(n, 0.0) for n in names] + [0.0])
    counts = np.where(is_judged, 1.0, OF_HELD)
    p = folds(x, y, signs, fold, prior, counts)
    right = fit(x, y, signs, prior, counts)

    def first(score: np.ndarray, some: np.ndarray) -> str:
        best = [max(np.flatnonzero((group == i) & some), key=lambda j: score[j]) for i in set(group[some])]
        return f"{int(np.sum(y[best]))}/{len(best)}"

    for name, some in [("held", ~is_judged), ("judged", is_judged)]:
        greedy = {i: j for j, i in reversed(list(enumerate(group))) if some[j]}
        written = x[:, names.index("written")]
        cost = np.where(x[:, names.index("recalled")] > 0, -x[:, names.index("recall_cost")], -9)
        print(f"{name}: the greedy text right {first(written * 10 + x[:, 0], some)}, the nearest draft {first(cost, some)}")
        print(f"{name}: first right ranked {first(p, some)}, by mean log-probability {first(x[:, 0], some)}, "
              f"by sum {first(x[:, 1], some)}; written first by ranking or not, any right {sum(y[group == i].max() for i in greedy):.0f}")
        for low, high in [(0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)]:
            band = (p >= low) & (p < high) & some
            if band.any():
                print(f"  confidence {low:.1f}-{min(high, 1):.1f}: {band.sum():4d} candidates, said {p[band].mean():.2f}, right {y[band].mean():.2f}")

    def best_of(row: dict) -> list[float] | None:
        own = [c["features"] for c in row["candidates"] if c["origin"] != "request"]
        return max(own, key=lambda f: predict(right[:-1], np.array(f))) if own else None

    asked = held + judged
    real = [f for f in map(best_of, asked) if f]
    none = [f for f in map(best_of, nonsense) if f]
    x, y = np.array(real + none), np.array([1.0] * len(real) + [0.0] * len(none))
    signs = np.array([MEANT[n] for n in names])
    p = folds(x, y, signs, rng.integers(0, FOLDS, len(y)))
    meant = fit(x, y, signs)
    early = len(asked) - len(real)
    for least in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        refused = int(((p < least) & (y == 1)).sum()) + early
        in_held = int((p[: sum(1 for r in held if best_of(r))] < least).sum())
        answered = int(((p >= least) & (y == 0)).sum())
        print(f"  meant >= {least}: {refused}/{len(asked)} real requests refused ({early} before the ranking, {in_held} of HELD), "
              f"{answered}/{len(nonsense)} nonsense answered")

    print("\nconst BIAS: Row = (\"bias\", %.2f, %.2f);" % (right[0], meant[0]))
    for name, r, m in zip(names, right[1:], meant[1:]):
        print(f'    ("{name}", {r + 0:.2f}, {m + 0:.2f}),')


if __name__ == "__main__":
    main(*sys.argv[1:4])
