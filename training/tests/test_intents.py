"""Every intent in the repository can be rendered, and says what it is."""

import random
from collections import Counter
from pathlib import Path

import pytest

from cmdai_training import expand, files, fillers, slots

FOLDER = Path(__file__).parents[1] / "intents"
SHELLS, SYSTEMS = {"bash", "zsh", "fish", "nu", "powershell"}, {"linux", "macos", "any", "windows"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.jsonl")), ids=lambda p: p.stem)
def test_file(path):
    rows = list(files.read(path))
    assert [id for id, n in Counter(r["id"] for r in rows).items() if n > 1] == []
    rng = random.Random(1)
    for row in rows:
        assert slots.problems(row) == [], row["id"]
        assert row["shell"] in SHELLS and row["os"] in SYSTEMS, row["id"]
        for slot_type in (row.get("slots") or {}).values():
            fillers.fill(slots.kind(slot_type), rng)
        made = list(expand.pairs(row, row["nl"], rng))
        assert len(made) == len(row["nl"]), row["id"]
        assert all("\n" not in text for text, _, _ in made), row["id"]
