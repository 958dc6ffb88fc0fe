"""The training mixture: how much of what, shuffled so that every stretch of it holds the same shares."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from . import compose, corpus, expand, files, turns
from .drafts import Drafts

# Shares of rows. New files and dialects weigh more than the first set, which the starting checkpoint has seen.
SHARES = {"everyday": 0.05, "new": 0.33, "first": 0.215, "dialects": 0.10, "portable": 0.035, "compose": 0.07, **corpus.PAIR_SHARES}
GROUPS = {"everyday": "everyday", **dict.fromkeys(["tools", "admin", "pipes_files", "pipes_text", "pipes_system", "composite", "shells", "people", "requests", "textwork", "composed", "asked", "shells_more", "threads"], "new"),
          **dict.fromkeys(["dialects", "mac_zsh_fish", "pwsh_nu"], "dialects")}
DRAFT_SHARE = 0.2  # of the rows from intents: drafts in the prompt
AGAINST_SHARE = 0.0  # 0.35 in 0.2.0, where it won nothing that could be shown; of the rows from intents: commands that are not the answer, for the model to tell apart
AGAINST = 2
# What bash, zsh and fish spell alike: no expansions, assignments, keywords or redirections beyond the plain ones.
PORTABLE = re.compile(r"^(?!.*(?:\$|`|\[\[|<<|<\(|>\(|!!|\b(?:for|while|until|if|case|export|unset|alias|set|shopt|read|declare|local|trap|source)\b|\w+=))[^\n]+$")


def family(row: dict) -> str:
    """Returns the shells whose drafts may stand beside a request: POSIX ones together, macOS apart."""
    return "macos" if row["os"] == "macos" else row["shell"] if row["shell"] in expand.TAGS else "bash"


def shape(command: str) -> tuple[str, ...]:
    """Returns the words of a command without quotes and in no order: what has the same shape is hardly a wrong answer."""
    return tuple(sorted(command.replace("'", "").replace('"', "").split()))


class Mixture:
    def __init__(self, intents: list[dict], pairs: list[dict], seed: int):
        self.rng = random.Random(seed)
        self.intents, self.pairs = intents, defaultdict(list)
        for pair in pairs:
            self.pairs[pair["family"]].append(pair)
        self.families: dict[str, list[dict]] = defaultdict(list)
        self.place = {}
        for i, row in enumerate(intents):
            self.place[i] = len(self.families[family(row)])
            self.families[family(row)].append(row)
        self.drafts = {name: Drafts(rows) for name, rows in self.families.items()}
        self.pools = defaultdict(list)
        for i, row in enumerate(intents):
            for n, phrase in row["train"]:
                group = GROUPS.get(row["file"], "first")
                self.pools[group].append((i, n, phrase))
                if row["os"] == "any" and row["shell"] == "bash" and PORTABLE.match(row["cmd"]):
                    self.pools["portable"].append((i, n, phrase))

    def from_intent(self, item: tuple[int, int, str], label: str | None = None) -> Iterator[dict]:
        i, n, phrase = item
        row = self.intents[i]
        for text, command, values in expand.pairs(row, [phrase], self.rng):
            made = {"p": (expand.tag(row["shell"], row["os"]) if label is None else label) + text, "cmd": command, "from": GROUPS.get(row["file"], "first")}
            draw = 1.0 if label is not None else self.rng.random()
            if draw < DRAFT_SHARE:
                found = self.drafts[family(row)].find(self.place[i], n, phrase, values, 3, self.rng.random() < 0.25)
                if len(found) == 3:
                    made["drafts"] = found
            elif draw < DRAFT_SHARE + AGAINST_SHARE:
                right = {shape(c) for c in [command, *(expand.slots.render(a, values) for a in row["alt"])]}
                found = self.drafts[family(row)].find(self.place[i], n, phrase, values, AGAINST + 3, True)
                made["against"] = [c for c in found if shape(c) not in right][:AGAINST]
            yield made

    def stream(self, name: str) -> Iterator[dict]:
        """Yields rows of one share without end: every item once, in a new order and with new values each time round."""
        while True:
            if name == "compose":
                text, command = compose.pair(self.rng)
                yield {"p": text, "cmd": command, "from": name}
            elif name in self.pairs:
                self.rng.shuffle(self.pairs[name])
                for pair in list(self.pairs[name]):
                    yield {"p": pair["p"], "cmd": pair["cmd"], "from": name}
            else:
                items = list(self.pools[name])
                self.rng.shuffle(items)
                for item in items:
                    yield from self.from_intent(item, self.rng.choice(["[zsh] ", "[macos] ", "[fish] "]) if name == "portable" else None)

    def rows(self, count: int) -> Iterator[dict]:
        streams = {name: self.stream(name) for name in SHARES}
        names, weights = list(SHARES), list(SHARES.values())
        for _ in range(count):
            row = next(streams[self.rng.choices(names, weights)[0]])
            if len(row["p"]) <= 220 and len(row["cmd"]) <= 200:
                yield row


def heldout(intents: list[dict], seed: int) -> Iterator[dict]:
    """Yields the held-out phrasings, filled once: {"p", "cmd", "alt", "file", "whole"}."""
    rng = random.Random(seed)
    for row in intents:
        for phrase in row["held"]:
            for text, command, values in expand.pairs(row, [phrase], rng):
                alt = [expand.slots.render(a, values) for a in row["alt"]]
                yield {"p": expand.tag(row["shell"], row["os"]) + text, "cmd": command, "alt": alt, "file": row["file"], "whole": row["whole"]}


def build(work: Path, count: int, seed: int, people: Path | None = None, leave: tuple[str, ...] = (), rounds: int = 2) -> dict[str, int]:
    """Writes `train.jsonl.gz` and `heldout.jsonl.gz` into `work` and returns the numbers of rows."""
    intents, pairs = list(files.read(work / "intents.jsonl.gz")), list(files.read(work / "pairs.jsonl.gz"))
    rows = turns.mix(list(Mixture(intents, pairs, seed).rows(count)), people, leave, rounds, seed)
    return {"train": files.write(work / "train.jsonl.gz", rows),
            "heldout": files.write(work / "heldout.jsonl.gz", heldout(intents, seed + 1))}
