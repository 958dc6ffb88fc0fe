"""Pairs from public sources and authored intents, cleaned and split into training and held-out.

Held out are single phrasings (their intent stays in training with its other phrasings) and, more rarely, whole intents.
The split is by a hash of file, id and position, so it does not move when rows are added elsewhere.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from . import files, slots
from .expand import tag

HELD_PHRASINGS = 40  # one phrasing in so many
HELD_INTENTS = 200  # one intent in so many
# Sources of pairs by share: `fig` and `tldr` keep placeholders, which teach a model to answer with placeholders.
PAIR_SHARES = {"ainix": 0.06, "nl2bash": 0.06, "tldr_filled": 0.035, "dialect_docs": 0.015, "sheets": 0.03}
FAMILY = {"ainix": "ainix", "nl2bash": "nl2bash", "tldr_filled": "tldr_filled", "nushell_examples": "dialect_docs", "powershell_docs": "dialect_docs",
          **dict.fromkeys("""101_linux_commands bash_cheat_sheet bash_oneliner cheat_sheets cheatsheets_cc0 docker_docs gh_examples git_cheat_sheet
                             git_tips kubectl_examples secret_knowledge""".split(), "sheets")}
PLACEHOLDER = re.compile(r"\{\{|\}\}|<[A-Za-z][\w -]*>|path/to|\.\.\.")


def bucket(*key: object) -> int:
    """Returns a number that depends on `key` alone."""
    return int.from_bytes(hashlib.sha256("\0".join(map(str, key)).encode()).digest()[:6], "big")


def usable(row: dict) -> bool:
    """Whether a pair is short, filled and meant for a shell that we teach."""
    nl, cmd = row["nl"], row["cmd"]
    if row["shell"] == "cmd" or len(nl) > 200 or len(cmd) > 170:
        return False
    if any(p not in nl for p in PLACEHOLDER.findall(cmd)):
        return False
    return row.get("platform") != "windows"


def pairs(data: Path) -> Iterator[dict]:
    """Yields the usable pairs of a data folder as {"p", "cmd", "family"}."""
    for path in sorted(data.glob("*.jsonl.gz")):
        family = FAMILY.get(path.name.removesuffix(".jsonl.gz"))
        if family is None:
            continue
        for row in files.read(path):
            if usable(row):
                yield {"p": tag(row["shell"], "macos" if row.get("platform") == "osx" else "any") + row["nl"], "cmd": row["cmd"], "family": family}


def intents(folder: Path) -> Iterator[dict]:
    """Yields the intents of a folder with `file`, and `nl` split into `train` and `held`."""
    for path in sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz")]):
        name = path.name.split(".")[0]
        for row in files.read(path):
            if slots.problems(row):
                continue
            whole = bucket(name, row["id"]) % HELD_INTENTS == 0 and name != "everyday"
            held = [i for i in range(len(row["nl"])) if whole or bucket(name, row["id"], i) % HELD_PHRASINGS == 0]
            yield {**{k: row.get(k) for k in ("id", "shell", "os", "cmd")}, "alt": row.get("alt", []), "slots": row.get("slots") or {}, "file": name, "whole": whole,
                   "train": [[i, p] for i, p in enumerate(row["nl"]) if i not in held], "held": [row["nl"][i] for i in held]}


def build(data: Path, intent_folder: Path, work: Path) -> dict[str, int]:
    """Writes `pairs.jsonl.gz` and `intents.jsonl.gz` into `work` and returns the numbers of rows."""
    return {"pairs": files.write(work / "pairs.jsonl.gz", pairs(data)), "intents": files.write(work / "intents.jsonl.gz", intents(intent_folder))}
