"""Learns what requests mean, as vectors; writes cmdai-recall/src/embedding.bin.

A bag of words: the vector of a request is the sum of one vector for each of its features (stems, kinds of things, extensions) and for each usual pair of neighbours, brought to length 1. Learnt
by contrast (InfoNCE, van den Oord et al. 2018): of some hundred phrasings, which one asks for the same as this one? Intents of different files with the same command
ask for the same. A word begins as the language model's own vector for it, projected, so that rare words lie near to those that mean the same. One intent in ten (`is_held`) is left out, so that what uses
the vectors can be fitted on requests that they have not seen.

    cargo run --release -p cmdai-recall --example features -- training/intents > phrasings.jsonl
    python requests.py --count 70000 --seed 101 > requests.jsonl
    cargo run --release -p cmdai-recall --example features -- training/intents --requests < requests.jsonl > features.jsonl
    python embedding.py phrasings.jsonl requests.jsonl features.jsonl CHECKPOINT ../../cmdai-recall/src/embedding.bin     (needs torch, safetensors, tokenizers; five minutes)

CHECKPOINT is a folder with the model's safetensors and its tokenizer. The file: `EMBD`, then little-endian u32: width, features; f32: the worth of 1 in the bytes; names of features, each ended by a newline,
sorted by their bytes, a pair with a blank in it; then their vectors as bytes (i8), what a feature tells counted in.
"""

import collections
import json
import math
import pathlib
import random
import re
import struct
import sys
import time

import numpy as np

from requests import is_held

WIDTH = 64
LEAST = 3  # phrasings that have a feature
PAIRS = 6000
MOST = 40  # features and pairs of a request
STEPS, BATCH, TEMPERATURE = 4000, 768, 0.05
FORGET, STORY = 0.1, 0.2
INTENTS = pathlib.Path(__file__).resolve().parent.parent / "intents"


def commands() -> dict[tuple[str, str], tuple[str, str]]:
    """The shell and the command of every intent, the names of slots taken out."""
    found = {}
    for path in sorted(INTENTS.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            row = json.loads(line)
            found[(path.stem, row["id"])] = (row.get("shell", "bash"), re.sub(r"\{[a-z_]+\d*\}", "{}", row["cmd"]))
    return found


def pairs(bag: list[str]) -> list[str]:
    """Neighbours. Texts with blanks are no features."""
    return [f"{a} {b}" for a, b in zip(bag, bag[1:]) if " " not in a + b]


def begin(names: list[str], checkpoint: str):
    """The model's own vectors of the features' words."""
    import torch
    from safetensors import safe_open
    from tokenizers import Tokenizer

    folder = pathlib.Path(checkpoint)
    with safe_open(next(folder.glob("*.safetensors")), "pt") as file:
        table = file.get_tensor("model.embed_tokens.weight").float()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    made = torch.zeros(len(names) + 1, table.shape[1])
    for at, name in enumerate(names):
        if " " in name:
            continue  # a pair begins at 0
        made[at + 1] = table[tokenizer.encode(" " + name.lstrip("\1\2\4"), add_special_tokens=False).ids].mean(0)
    is_there = made.abs().sum(1, keepdim=True) > 0
    return torch.nn.functional.normalize(torch.where(is_there, made - made[is_there[:, 0]].mean(0), made), dim=1)


def learn(phrasings: str, requests: str, features: str, checkpoint: str, seed: int = 1) -> tuple[list[str], np.ndarray]:
    import torch
    import torch.nn.functional as F

    torch.manual_seed(seed)
    rng = random.Random(seed)
    command, bags, by_intent, by_command = commands(), [], collections.defaultdict(list), collections.defaultdict(list)
    counts, together = collections.Counter(), collections.Counter()
    with open(phrasings) as file:
        for row in map(json.loads, file):
            if (key := (row["file"], row["id"])) in command:
                counts.update(feature for feature in row["features"] if " " not in feature)
                together.update(pairs(row["features"]))
                if not is_held(*key):
                    by_intent[key].append(len(bags))
                    by_command[command[key]].append(len(bags))
                bags.append(row["features"])
    spoken = []
    with open(requests) as asked, open(features) as held:
        for row, bag in zip(map(json.loads, asked), map(json.loads, held)):
            key = (row["file"], row["id"])
            if not is_held(*key) and key in by_intent:
                phrasing = row.get("phrasing")
                spoken.append((key, len(bags), None if phrasing is None else by_intent[key][0] + phrasing))
                bags.append(bag)
    counts.update(dict(together.most_common(PAIRS)))
    names = sorted((name for name, n in counts.items() if n >= LEAST and "\n" not in name), key=str.encode)
    at = {name: i + 1 for i, name in enumerate(names)}
    print(f"{len(bags)} bags, {len(spoken)} requests, {len(names)} features", flush=True)
    x = np.zeros((len(bags), MOST), np.int64)
    for row, bag in zip(x, bags):
        known = [at[name] for name in [*bag, *pairs(bag)] if name in at][:MOST]
        row[: len(known)] = known
    x = torch.tensor(x)
    tells = torch.tensor([0.0] + [max(0.5, math.log(len(bags) / counts[name])) / 5 for name in names])

    start = begin(names, checkpoint)
    project = torch.nn.Parameter((torch.pca_lowrank(start, WIDTH)[2].T * 3).contiguous())
    own = torch.nn.Parameter(torch.zeros(len(names) + 1, WIDTH))
    tells = torch.nn.Parameter(tells)

    def table():
        return (own + start @ project.T) * tells[:, None]

    def vectors(rows, t):
        return F.normalize((F.embedding(rows, t) * (rows > 0)[..., None]).sum(1), dim=1)

    number = {key: i for i, key in enumerate(by_command)}
    choices = [(key, place, not_this) for key, place, not_this in spoken]
    choices += [(key, place, place) for key, places in by_intent.items() for place in places if len(by_command[command[key]]) > 1]
    optimizer = torch.optim.Adam([{"params": [own], "most": 3e-3}, {"params": [project, tells], "most": 1e-3}])
    started, mean = time.time(), None
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = group["most"] * (1 - step / STEPS + 0.01)
        batch = rng.sample(choices, BATCH)
        others = [rng.choice([p for p in by_command[command[key]] if p != not_this] or [place]) for key, place, not_this in batch]
        kinds = torch.tensor([number[command[key]] for key, _, _ in batch])
        rows = x[[place for _, place, _ in batch]].clone()
        rows[torch.rand(rows.shape) < FORGET] = 0
        # A story around the request: words of another one.
        told = x[torch.randint(0, len(bags), (BATCH,))]
        told = told * ((torch.rand(told.shape) < 0.5) & (torch.rand(BATCH, 1) < STORY))
        t = table()
        a, b = vectors(torch.cat([rows, told], 1), t), vectors(x[others], t)
        alike = (a @ b.T / TEMPERATURE).masked_fill((kinds[:, None] == kinds) & ~torch.eye(BATCH, dtype=torch.bool), -1e4)
        right = torch.arange(BATCH)
        loss = F.cross_entropy(alike, right) + F.cross_entropy(alike.T, right)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        mean = loss.item() if mean is None else 0.97 * mean + 0.03 * loss.item()
        if step % 250 == 249:
            print(f"step {step + 1} of {STEPS}: loss {mean:.3f}, {time.time() - started:.0f} s", flush=True)
    return names, table().detach().numpy()[1:]


def write(names: list[str], vectors: np.ndarray, out: str) -> None:
    # Some features tell so little that they would take the steps of all others with the largest.
    scale = float(np.float32(np.percentile(np.abs(vectors), 99.95) / 127))
    with open(out, "wb") as file:
        file.write(b"EMBD" + struct.pack("<2If", WIDTH, len(names), scale))
        file.write("".join(name + "\n" for name in names).encode())
        file.write(np.clip(np.rint(vectors / scale), -127, 127).astype(np.int8).tobytes())


if __name__ == "__main__":
    write(*learn(*sys.argv[1:5]), sys.argv[5])
