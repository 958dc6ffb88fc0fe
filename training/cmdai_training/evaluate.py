"""Answers of models on held-out phrasings: exact matches, and how much of a reference model's text a smaller one keeps.

An exact match undercounts, since many commands are right in several spellings: use it to compare models on the same requests.
What a model is worth is measured by running its commands, in `eval/`.
"""

import json
import random
from pathlib import Path

from . import files, stats


def normal(command: str) -> str:
    return " ".join(command.split())


def sample(heldout: Path, count: int, seed: int) -> list[dict]:
    rows = list(files.read(heldout))
    random.Random(seed).shuffle(rows)
    return rows[:count]


def answers(model: Path, rows: list[dict], out: Path) -> list[str]:
    """Returns the greedy answer to each row, kept in `out` so that a model answers a sample once."""
    from .engine import Engine

    if out.exists():
        kept = list(files.read(out))
        if [k["p"] for k in kept] == [r["p"] for r in rows]:
            return [k["answer"] for k in kept]
    engine = Engine(model)
    given = [engine.answer(row["p"]) for row in rows]
    files.write(out, ({"p": r["p"], "answer": a} for r, a in zip(rows, given)))
    return given


def rate(passed: list[bool]) -> dict:
    low, high = stats.wilson(sum(passed), len(passed))
    return {"rate": round(sum(passed) / max(1, len(passed)), 4), "low": round(low, 4), "high": round(high, 4), "n": len(passed)}


def report(rows: list[dict], given: dict[str, list[str]], reference: str | None) -> dict:
    """Returns exact-match rates by model (all, and by file), agreement with the reference, and paired tests between all models."""
    right = {name: [normal(a) in {normal(c) for c in [r["cmd"], *r["alt"]]} for a, r in zip(answered, rows)] for name, answered in given.items()}
    groups = {"all": lambda r: True, "whole intents": lambda r: r["whole"]}
    groups.update({name: lambda r, name=name: r["file"] == name for name in sorted({r["file"] for r in rows})})
    made: dict = {"exact": {name: {group: rate([ok for ok, r in zip(right[name], rows) if member(r)]) for group, member in groups.items()} for name in given}}
    names = list(given)
    made["paired"] = [{"a": a, "b": b, **dict(zip(("only_a", "only_b", "p"), stats.mcnemar(right[a], right[b])))} for i, a in enumerate(names) for b in names[i + 1:]]
    if reference:
        made["same text as " + reference] = {n: rate([normal(x) == normal(y) for x, y in zip(given[n], given[reference])]) for n in names if n != reference}
    return made


def run(models: dict[str, Path], heldout: Path, work: Path, count: int, seed: int, reference: str | None) -> dict:
    rows = sample(heldout, count, seed)
    given = {name: answers(folder, rows, work / "answers" / f"{name}.jsonl") for name, folder in models.items()}
    made = report(rows, given, reference)
    (work / "evaluation.json").write_text(json.dumps(made, indent=1) + "\n")
    return made
