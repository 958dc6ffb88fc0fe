"""Stretches of lines, and how a model reads them."""

import json
import random

from cmdai_training import prompt, turns


class Letters:
    """A tokenizer with one token a letter."""

    def encode_batch(self, texts, add_special_tokens):
        return [type("Encoding", (), {"ids": [ord(c) for c in text]}) for text in texts]


def shown(tokens):
    return "".join(f"<{t}>" if t < 10 else chr(t) for t in tokens)


def test_a_place_stands_where_it_changes_and_failures_are_not_learnt():
    rows = [("[~] a/", "cd a", True), ("[a]", "sl", False), ("[a]", "ls", True)]
    [made] = prompt.examples(Letters(), [{"turns": [dict(zip(("place", "cmd", "learn"), row)) for row in rows]}])
    assert shown(made.tokens) == "<1>[~] a/<5>cd a<2><1>[a]<5>sl<2><5>ls<2>"
    assert shown([t for t, learn in zip(made.tokens, made.learn) if learn]) == "cd a<2>ls<2>"


def test_requests_are_learnt_as_before():
    [made] = prompt.examples(Letters(), [{"p": "list", "cmd": "ls", "drafts": ["l"]}])
    assert shown(made.tokens) == "<1>list<3>l<5>ls<2>" and sum(made.learn) == 3


def test_a_place_is_told_as_the_product_does():
    assert turns.place("~/x", [".git/", "b", "a b", "a/"]) == "[~/x] a/ b"
    assert turns.place(None, ["a"]) == ""


def test_every_line_of_a_person_comes_once_a_round(tmp_path):
    runs = [{"s": n % 2, "cwd": "~", "cmd": f"make {n}", "exit": n % 3} for n in range(90)]
    (tmp_path / "me.jsonl").write_text("\n".join(json.dumps(r) for r in [{"p": "me", "dirs": {"~": ["a"]}}, *runs]))
    made = list(turns.person(tmp_path / "me.jsonl", random.Random(1)))
    assert sorted(t["cmd"] for row in made for t in row["turns"]) == sorted(r["cmd"] for r in runs)
    rows = [{"p": "x", "cmd": f"tar xf {n}.tar"} for n in range(20)]
    mixed = turns.mix(rows, tmp_path, ("you",), 2, 1)
    counts = {name: sum(len(row.get("turns", [0])) for row in mixed if row.get("from") == name) for name in (None, "people", "related")}
    assert counts[None] == 20 and counts["people"] == 2 * len(runs) and counts["related"] > 0
    assert turns.mix(rows, None, (), 2, 1) == rows
    assert not any("turns" in row for row in turns.mix(rows, tmp_path, ("me",), 2, 1))
