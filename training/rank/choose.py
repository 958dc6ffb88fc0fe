"""Fits the weights by which the memory's drafts are put in order: `distance` of generate/recalled.rs, and without likeness `Draft::distance` of cmdai-recall.

    python choose.py requests.jsonl drafts.jsonl ../../cmdai-core/src/generate/likeness.bin     (needs numpy; a minute)

Requests and drafts are those of `likeness.py`. Only the intents count that its table and the embedding have not seen. A logistic choice: the right draft's share among
all drafts of a request, by the softmax of a linear score. Numbers printed are from four folds.
"""

import json
import sys

import numpy as np

from likeness import likeness, load, normal
from requests import is_held

NAMES = ["cost", "unsaid", "extra", "lost", "unsaid_share", "likeness", "alike"]
MOST = 4000
FOLDS = 4


def sets(requests: str, drafts: str, table: dict) -> list[tuple[np.ndarray, np.ndarray]]:
    made = []
    with open(requests) as asked, open(drafts) as offered:
        for line, found in zip(asked, offered):
            row = json.loads(line)
            if not is_held(row["file"], row["id"]):
                continue
            right, seen, x, y = {tuple(sorted(normal(answer).split())) for answer in row["answers"]}, set(), [], []
            for draft in json.loads(found)["drafts"][:12]:
                form = tuple(sorted(normal(draft["command"]).split()))
                if form not in seen:
                    seen.add(form)
                    share = draft["unsaid"] / max(draft["weight"], 0.1)
                    x.append([draft["cost"], draft["unsaid"], draft["extra"], min(draft["lost"], 3), share, likeness(table, row["request"], draft["command"]), draft["alike"]])
                    y.append(form in right)
            if any(y) and not all(y):
                made.append((np.array(x), np.array(y)))
                if len(made) == MOST:
                    break
    return made


def fit(data: list[tuple[np.ndarray, np.ndarray]], used: list[int], rounds: int = 60) -> np.ndarray:
    """Weights by Newton steps on the log-probability of the right drafts."""
    w = np.zeros(len(used))
    for _ in range(rounds):
        gradient, hessian = -1e-2 * w, 1e-2 * np.eye(len(used))
        for x, y in data:
            x = x[:, used]
            p = np.exp(x @ w - (x @ w).max())
            p /= p.sum()
            q = p * y / max((p * y).sum(), 1e-12)
            gradient = gradient + x.T @ (q - p)
            hessian += (x * p[:, None]).T @ x - np.outer(x.T @ p, x.T @ p)
        step = np.linalg.solve(hessian, gradient)
        w = w + step * min(1.0, 2.0 / np.abs(step).max())
        if np.abs(step).max() < 1e-5:
            break
    return w


def main(requests: str, drafts: str, table: str) -> None:
    data = sets(requests, drafts, load(table))
    for used in ([0], [0, 1, 2, 3, 4], [6], [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 6], [0, 1, 2, 3, 4, 5, 6]):
        first = 0
        for k in range(FOLDS):
            w = fit([s for i, s in enumerate(data) if i % FOLDS != k], used)
            first += sum(bool(y[np.argmax(x[:, used] @ w)]) for i, (x, y) in enumerate(data) if i % FOLDS == k)
        print(f"{' '.join(NAMES[i] for i in used)}: the right draft first in {first} of {len(data)}")
        w = fit(data, used)
        print("    " + ", ".join(f"{NAMES[i]} {value / w[0]:.3f}" for i, value in zip(used, w)))


if __name__ == "__main__":
    main(*sys.argv[1:4])
