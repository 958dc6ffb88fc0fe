"""Drafts for a request: the commands of the nearest other phrasings, with the request's own values in them.

A stand-in for the memory of the product, good enough to teach a model what drafts are for: mostly near the truth, often
wrong in a detail, now and then useless. Nearness is the cosine of TF-IDF over words and word pairs.
"""

import re
from collections import Counter, defaultdict

import numpy as np

from . import slots

WORD = re.compile(r"\{[a-z_]+|[a-z0-9]+")


def terms(phrase: str) -> set[str]:
    """Returns the words and word pairs of a phrasing; a slot counts as a word of its type."""
    words = [w.rstrip("_0123456789") if w.startswith("{") else w for w in WORD.findall(phrase.lower())]
    return set(words) | {f"{a} {b}" for a, b in zip(words, words[1:])}


class Drafts:
    """An index over the training phrasings of intents of one shell family."""

    def __init__(self, intents: list[dict]):
        self.intents = intents
        self.owner = [i for i, row in enumerate(intents) for _ in row["train"]]
        self.position = {(i, n): k for k, (i, n) in enumerate((i, n) for i, row in enumerate(intents) for n, _ in row["train"])}
        documents = [terms(p) for row in intents for _, p in row["train"]]
        frequency = Counter(t for d in documents for t in d)
        self.idf = {t: float(np.log(len(documents) / n)) for t, n in frequency.items() if n > 1}
        postings = defaultdict(list)
        norms = np.ones(len(documents))
        for k, d in enumerate(documents):
            kept = [t for t in d if t in self.idf]
            norms[k] = max(1.0, sum(self.idf[t] ** 2 for t in kept)) ** 0.5
            for t in kept:
                postings[t].append(k)
        self.norms = norms
        self.postings = {t: np.array(ks, dtype=np.int64) for t, ks in postings.items()}

    def find(self, intent: int, number: int, phrase: str, values: dict[str, str], count: int, without_own: bool) -> list[str]:
        """Returns up to `count` distinct commands near `phrase`, phrasing `number` of `intent`, which itself is never used."""
        known = [t for t in terms(phrase) if t in self.postings]
        if not known:
            return []
        where = np.concatenate([self.postings[t] for t in known])
        weights = np.concatenate([np.full(len(self.postings[t]), self.idf[t] ** 2) for t in known])
        scores = np.bincount(where, weights, len(self.owner)) / self.norms
        scores[self.position[(intent, number)]] = 0.0
        found: list[str] = []
        seen = {intent} if without_own else set()
        for k in np.argpartition(-scores, 40)[:40][np.argsort(-scores[np.argpartition(-scores, 40)[:40]])]:
            i = self.owner[k]
            if i in seen or scores[k] <= 0:
                continue
            seen.add(i)
            command = borrow(self.intents[i], self.intents[intent], values)
            if command is not None and command not in found:
                found.append(command)
            if len(found) == count:
                break
        return found


def borrow(row: dict, asked: dict, values: dict[str, str]) -> str | None:
    """Returns the command of `row` with the values of another intent, matched by type and order; None where one is missing."""
    supply = defaultdict(list)
    for name, slot_type in asked["slots"].items():
        supply[slots.kind(slot_type)].append(values[name])
    filled = {}
    for name, slot_type in row["slots"].items():
        kind = slots.kind(slot_type)
        if supply[kind]:
            filled[name] = supply[kind].pop(0)
        elif kind == "dir":
            filled[name] = "."
        else:
            return None
    return slots.render(row["cmd"], filled)
