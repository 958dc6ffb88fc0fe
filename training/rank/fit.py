"""Fits the two models of generate/rank.rs and says how well they do.

The example `evidence` of cmdai-core turns requests into evidence, one JSON object a line; its three inputs are

- HELD: requests drawn from intents by `requests.py`, with `answers`, the commands that count as right. The memory may
  not use the phrasing, for a third of them not the whole intent. Only equal words count (in any order between bars),
  so this is a floor: many other commands are right too;
- JUDGED: `judged.jsonl`, everyday requests with `right` and `wrong`, candidates that a person has judged, and the tasks of
  the dev half, whose candidates were run;
- NONSENSE: `nonsense.txt` as requests, which no command answers.

To JUDGED come the requests of `asked.jsonl.gz`: 1,342 by ten people (the trees of today were fitted on the first 382), in their own words, each with up to six candidates that were judged
strictly. Their evidence is kept as it was, since intents were written around these requests afterwards; its features must be today's.

    python fit.py HELD.jsonl JUDGED.jsonl NONSENSE.jsonl TREES

`refit.sh` does all of it.

"right" is boosted trees (LightGBM) over the candidates of HELD and JUDGED together, written to TREES; a flaw may only count against a command. What
exact comparison misses in HELD goes into a column of its own, which is left out of the product, so that the confidence is on the scale of
JUDGED. "meant" is logistic, fitted on the best candidate of each request, those of HELD and JUDGED against those of NONSENSE. Numbers printed are
from ten folds over requests, never from rows that were fitted on.
"""

import gzip
import json
import pathlib
import sys

import lightgbm
import numpy as np

FOLDS = 10
# What a candidate of HELD counts beside one of JUDGED: its label is a floor. From 0.1 to 0.3 most of JUDGED comes first (ten folds, three draws: 258
# of 341; 254 where both count the same, 257 without HELD), and as much of HELD as with any other.
OF_HELD = 0.2
UNUSED = 9
TREES = 250
GROWN = {"objective": "binary", "learning_rate": 0.03, "num_leaves": 6, "min_data_in_leaf": 20, "feature_fraction": 0.6, "bagging_fraction": 0.8,
         "bagging_freq": 1, "lambda_l2": 5.0, "seed": 1, "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbose": -1}


def load(path: str) -> list[dict]:
    with open(path) as lines:
        return [json.loads(line) for line in lines]


def normal(command: str) -> str:
    """Quotes, blanks and the order of words between bars do not make another command."""
    parts = command.replace('"', "").replace("'", "").replace(" ./", " ").split("|")
    return " | ".join(" ".join([words[0], *sorted(words[1:])]) for words in (part.split() for part in parts) if words)


def fit(x: np.ndarray, y: np.ndarray, signs: np.ndarray, ridge: float = 2.0) -> np.ndarray:
    """Logistic regression by Newton steps with a ridge; weights with the wrong sign are held at 0.

    `signs` says which way a feature may speak (+1, -1, 0 for either, UNUSED for not at all), so that a quirk of a few hundred rows
    cannot make a flaw count in a command's favour.
    """
    active = signs != UNUSED
    while True:
        data = np.hstack([np.ones((len(x), 1)), x[:, active]])
        w = np.zeros(data.shape[1])
        penalty = np.full(data.shape[1], ridge)
        penalty[0] = 1e-6
        for _ in range(50):
            p = 1 / (1 + np.exp(-np.clip(data @ w, -30, 30)))
            gradient = data.T @ (p - y) + penalty * w
            hessian = (data * (p * (1 - p))[:, None]).T @ data + np.diag(penalty)
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
# What slips cost before a tree says anything, in logits: what an earlier fit on the model's own texts found (322 requests). Candidates of today
# have hardly any, so trees alone would not hold them against a command.
SLIPS = {"missing": -1.3, "missing_numbers": -0.6, "repaired": -0.5, "unknown_programs": -0.6, "unused_programs": -0.5, "invented": -0.1}
BEFORE = -1.0  # the logit before all of it
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


class Right:
    """Boosted trees for "right", beside what slips cost; the last column says whether a row is of HELD."""

    def __init__(self, x: np.ndarray, y: np.ndarray, counts: np.ndarray, names: list[str]):
        self.slips = np.array([SLIPS.get(n, 0.0) for n in names] + [0.0])
        ways = [RIGHT[n] if abs(RIGHT[n]) == 1 else 0 for n in names] + [0]
        data = lightgbm.Dataset(x, y, weight=counts, init_score=x @ self.slips + BEFORE)
        self.trees = lightgbm.train({**GROWN, "monotone_constraints": ways}, data, TREES)

    def predict(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-(x @ self.slips + BEFORE + self.trees.predict(x, raw_score=True))))


def written(right: Right, features: int) -> str:
    """The trees as generate/trees.rs reads them: as if no row were of HELD."""
    slips = [f"{at}*{weight:g}" for at, weight in enumerate(right.slips) if weight]
    lines = [f"trees over {features} features", " ".join([f"{BEFORE:g}", *slips])]
    trees = right.trees
    for info in trees.dump_model()["tree_info"]:
        nodes: list[str] = []

        def add(node: dict) -> int:
            while node.get("split_feature") == features:
                node = node["left_child"]
            at = len(nodes)
            nodes.append("")
            if "leaf_value" in node:
                nodes[at] = f"{node['leaf_value']:.5g}"
            else:
                no, yes = add(node["left_child"]), add(node["right_child"])
                nodes[at] = f"{node['split_feature']}>{node['threshold']:.6g}:{no}:{yes}"
            return at

        add(info["tree_structure"])
        lines.append(" ".join(nodes))
    return "\n".join(lines) + "\n"


def asked(names: list[str]) -> list[dict]:
    """Requests whose candidates were judged, with their evidence as it was."""
    with gzip.open(pathlib.Path(__file__).parent / "asked.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    if any(row["feature_names"] != names for row in rows):
        sys.exit("asked.jsonl.gz holds other features than the evidence of today: ask its requests again, without the intents that were written around them")
    return rows


def main(held_path: str, judged_path: str, nonsense_path: str, trees_path: str) -> None:
    held, judged, nonsense = load(held_path), load(judged_path), load(nonsense_path)
    names = held[0]["feature_names"]
    run = len(held) + len(judged)
    judged += asked(names)
    rng = np.random.default_rng(0)

    x, y, group, is_judged = map(np.array, rows(held, judged))
    fold = rng.integers(0, FOLDS, len(held) + len(judged))[group]
    counts = np.where(is_judged, 1.0, OF_HELD)
    p = np.zeros(len(y))
    for k in range(FOLDS):
        there = fold != k
        p[~there] = Right(x[there], y[there], counts[there], names).predict(x[~there])
    right = Right(x, y, counts, names)
    pathlib.Path(trees_path).write_text(written(right, len(names)))

    def first(score: np.ndarray, some: np.ndarray) -> str:
        best = [max(np.flatnonzero((group == i) & some), key=lambda j: score[j]) for i in set(group[some])]
        return f"{int(np.sum(y[best]))}/{len(best)}"

    for name, some in [("held", ~is_judged), ("judged", is_judged & (group < run)), ("asked", group >= run)]:
        greedy = {i: j for j, i in reversed(list(enumerate(group))) if some[j]}
        unaided = x[:, names.index("written")]
        cost = np.where(x[:, names.index("recalled")] > 0, -x[:, names.index("recall_cost")], -9)
        print(f"{name}: the greedy text right {first(unaided * 10 + x[:, 0], some)}, the nearest draft {first(cost, some)}")
        print(f"{name}: first right ranked {first(p, some)}, by mean log-probability {first(x[:, 0], some)}, "
              f"by sum {first(x[:, 1], some)}; written first by ranking or not, any right {sum(y[group == i].max() for i in greedy):.0f}")
        for low, high in [(0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)]:
            band = (p >= low) & (p < high) & some
            if band.any():
                print(f"  confidence {low:.1f}-{min(high, 1):.1f}: {band.sum():4d} candidates, said {p[band].mean():.2f}, right {y[band].mean():.2f}")

    def best_of(row: dict) -> list[float] | None:
        own = [c["features"] for c in row["candidates"] if c["origin"] != "request"]
        return own[int(right.predict(np.array([f + [0.0] for f in own])).argmax())] if own else None

    wished = held + judged
    real = [f for f in map(best_of, wished) if f]
    none = [f for f in map(best_of, nonsense) if f]
    x, y = np.array(real + none), np.array([1.0] * len(real) + [0.0] * len(none))
    signs = np.array([MEANT[n] for n in names])
    fold, p = rng.integers(0, FOLDS, len(y)), np.zeros(len(y))
    for k in range(FOLDS):
        p[fold == k] = predict(fit(x[fold != k], y[fold != k], signs), x[fold == k])
    meant = fit(x, y, signs)
    early = len(wished) - len(real)
    for least in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        refused = int(((p < least) & (y == 1)).sum()) + early
        in_held = int((p[: sum(1 for r in held if best_of(r))] < least).sum())
        answered = int(((p >= least) & (y == 0)).sum())
        print(f"  meant >= {least}: {refused}/{len(wished)} real requests refused ({early} before the ranking, {in_held} of HELD), "
              f"{answered}/{len(nonsense)} nonsense answered")

    print("\nconst BIAS: Row = (\"bias\", %.2f);" % meant[0])
    for name, m in zip(names, meant[1:]):
        print(f'    ("{name}", {m + 0:.2f}),')


if __name__ == "__main__":
    main(*sys.argv[1:5])
