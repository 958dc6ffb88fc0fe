"""Draws requests from the intents for measuring the memory by leaving out: JSON lines on standard output.

    python rank/requests.py --count 4000 [--seed 1] [--whole 0.3] [--shell bash] [--held]

Each request is one phrasing with fresh values. `phrasing` tells which one the memory may not use; for a share of
`--whole` it is absent, and the whole intent may not be used. `answers` holds what counts as right. With `--held` only intents are drawn that
`likeness.py` does not learn from. Run from `training/`.
"""

import argparse
import hashlib
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from cmdai_training import expand, slots, wording  # noqa: E402


def is_held(file: str, intent: str) -> bool:
    """True for the intents, one in ten, that `likeness.py` does not learn from."""
    return int(hashlib.sha1(f"{file}:{intent}".encode()).hexdigest(), 16) % 10 == 0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whole", type=float, default=0.3)
    parser.add_argument("--shell", action="append")
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--intents", default=str(pathlib.Path(__file__).resolve().parent.parent / "intents"))
    options = parser.parse_args()
    rng = random.Random(options.seed)
    rows = []
    for path in sorted(pathlib.Path(options.intents).glob("*.jsonl")):
        for line in path.read_text().splitlines():
            row = json.loads(line)
            if (not options.shell or row.get("shell", "bash") in options.shell) and (not options.held or is_held(path.stem, row["id"])):
                rows.append((path.stem, row))
    made = 0
    while made < options.count:
        file, row = rng.choice(rows)
        number = rng.randrange(len(row["nl"]))
        spoken, shell = expand.draw(row, rng)
        try:
            text = expand.request(row["nl"][number], spoken, shell)
            answers = [slots.render(command, shell) for command in [row["cmd"], *row.get("alt", [])]]
        except KeyError:
            continue
        if "." in shell.values() and rng.random() < 0.5:
            text = wording.drop_here(text)
        whole = rng.random() < options.whole
        out = {"request": text, "shell": row.get("shell", "bash"), "file": file, "id": row["id"], "cmd": answers[0],
               "answers": answers}
        if row.get("os", "any") != "any":
            out["os"] = row["os"]
        if not whole:
            out["phrasing"] = number
        print(json.dumps(out))
        made += 1


if __name__ == "__main__":
    main()
