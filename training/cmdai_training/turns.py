"""Lines in the order in which they were typed, from which a model learns how a line goes on.

A row is `{"turns": [{"place", "cmd", "learn"}]}`: a stretch of one terminal. The model reads it as
`<|im_start|>` place `<file_sep>` line `<|im_end|>` `<file_sep>` line `<|im_end|>`..., a place only where it changes, exactly as the product
asks for the rest of a line (`engine::onnx::text::render_past`). Every line is learnt behind those before it, so a stretch teaches all cuts of
all its lines at once; lines that failed are read and not learnt.

Two sources: recorded people (`--people`, one file a person), and stretches made of commands of the mixture that share a program, in an invented
directory that holds the files they name.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ENTRIES = 8  # of a directory, as in the product
LIMITS = [200, 300, 400, 400]  # characters of a stretch, some 64 to 128 tokens
NAME = re.compile(r"^[\w.+-]+\.[a-z0-9]{1,5}$|^[\w-]+/$")
DIRS = ["~", "~/work", "~/src", "~/code/app", "~/code/api", "~/projects/site", "~/data", "/var/log", "/etc", "/srv/app", "~/Documents", "~/infra", "~/Downloads", "/tmp"]


def place(cwd: str | None, entries: list[str]) -> str:
    """Returns a directory as the product tells it to a model: `[~/code] Makefile src/`."""
    shown = sorted(e for e in entries if not e.startswith(".") and not any(c.isspace() for c in e))[:ENTRIES]
    return " ".join([f"[{cwd}]", *shown]) if cwd else ""


def person(path: Path, rng: random.Random) -> Iterator[dict]:
    """Yields the stretches of one person's terminals, each line in one of them."""
    head, *runs = (json.loads(line) for line in path.read_text().splitlines() if line.strip())
    terminals = defaultdict(list)
    for run in runs:
        if len(run["cmd"]) <= 200 and "\n" not in run["cmd"]:
            terminals[run["s"]].append(run)
    for lines in terminals.values():
        turns, size, limit = [], 0, rng.choice(LIMITS)
        listed, named = rng.random() < 0.6, rng.random() < 0.93
        for run in lines:
            if turns and size + len(run["cmd"]) > limit:
                yield {"turns": turns, "from": "people"}
                turns, size, limit = [], 0, rng.choice(LIMITS)
                listed, named = rng.random() < 0.6, rng.random() < 0.93
            where = place(run["cwd"] if named else None, head["dirs"].get(run["cwd"], []) if listed else [])
            size += len(run["cmd"]) + (len(where) if not turns or turns[-1]["place"] != where else 0)
            turns.append({"place": where, "cmd": run["cmd"], "learn": run["exit"] == 0})
        if turns:
            yield {"turns": turns, "from": "people"}


def related(commands: list[str], rng: random.Random) -> Iterator[dict]:
    """Yields stretches of commands that share a program, without end."""
    groups = defaultdict(list)
    for command in sorted(set(commands)):
        words = [w for w in command.split() if w != "sudo" and "=" not in w]
        if words and len(command) <= 200 and "\n" not in command:
            groups[words[0]].append(command)
    names = [name for name, group in groups.items() if len(group) >= 6]
    weights = [len(groups[name]) ** 0.5 for name in names]
    while names:
        some = rng.choices(names, weights, k=2)
        lines = rng.sample(groups[some[0]], rng.randrange(2, 6)) + (rng.sample(groups[some[1]], 2) if rng.random() < 0.4 else [])
        rng.shuffle(lines)
        files = sorted({w.strip("'\"") for line in lines for w in line.split() if NAME.match(w.strip("'\""))})
        rng.shuffle(files)
        where = place(rng.choice(DIRS) if rng.random() < 0.9 else None, files[:rng.randrange(ENTRIES + 1)])
        yield {"turns": [{"place": where, "cmd": line, "learn": True} for line in lines], "from": "related"}


def mix(rows: list[dict], people: Path | None, leave: tuple[str, ...], rounds: int, seed: int) -> list[dict]:
    """Returns the rows with stretches among them: each person's lines `rounds` times, cut elsewhere each time, and half as many made ones."""
    rng, made = random.Random(seed), []
    if people is None:
        return rows
    for _ in range(rounds):
        for path in sorted(people.glob("*.jsonl")):
            if path.stem not in leave:
                made += person(path, rng)
    stream = related([row["cmd"] for row in rows], rng)
    made += [row for _, row in zip(range(len(made) // 2), stream)]
    mixed = rows + made
    rng.shuffle(mixed)
    return mixed
