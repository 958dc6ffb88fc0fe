"""The text a model reads and writes: `<|im_start|>` request (`<repo_name>` draft)* `<file_sep>` command `<|im_end|>`.

No system text. The four marks are special tokens that the tokenizer already has; they are never written in a request.

A line that is continued stands behind those before it: see `turns`.
"""

from typing import NamedTuple

BOS, EOS, DRAFT, SEPARATOR = 1, 2, 3, 5
MARKS = {"bos": (BOS, "<|im_start|>"), "eos": (EOS, "<|im_end|>"), "draft": (DRAFT, "<repo_name>"), "separator": (SEPARATOR, "<file_sep>")}
MAX_REQUEST, MAX_COMMAND, MAX_PROMPT, MAX_STRETCH = 64, 80, 190, 128  # tokens


def encode(tokenizer, texts: list[str]) -> list[list[int]]:
    """Returns the tokens of each text. `tokenizer` is a `tokenizers.Tokenizer`."""
    return [e.ids for e in tokenizer.encode_batch(texts, add_special_tokens=False)] if texts else []


def assemble(request: list[int], drafts: list[list[int]]) -> list[int]:
    """Returns the tokens of a prompt, up to and with the separator."""
    return [BOS, *request, *(t for d in drafts for t in (DRAFT, *d)), SEPARATOR]


class Example(NamedTuple):
    tokens: list[int]
    learn: list[bool]  # which of them the loss looks at
    against: tuple["Example", ...] = ()  # the same request with wrong commands, which should become less likely than the right one


def example(prompt: list[int], command: list[int]) -> Example:
    return Example([*prompt, *command, EOS], [False] * len(prompt) + [True] * (len(command) + 1))


def examples(tokenizer, rows: list[dict]) -> list[Example]:
    """Returns every row that is short enough, in tokens: requests with a command, of which the command is learnt, and stretches of lines."""
    turns, rows = [r["turns"] for r in rows if "turns" in r], [r for r in rows if "turns" not in r]
    requests, commands = encode(tokenizer, [r["p"] for r in rows]), encode(tokenizer, [r["cmd"] for r in rows])
    drafts = iter(encode(tokenizer, [d for r in rows for d in r.get("drafts", [])]))
    wrong = iter(encode(tokenizer, [c for r in rows for c in r.get("against", [])]))
    made = []
    for row, request, command in zip(rows, requests, commands):
        prompt = assemble(request, [next(drafts) for _ in row.get("drafts", [])])
        against = [next(wrong) for _ in row.get("against", [])]
        if len(request) <= MAX_REQUEST and len(command) <= MAX_COMMAND and len(prompt) <= MAX_PROMPT:
            made.append(example(prompt, command)._replace(against=tuple(example(prompt, c) for c in against if len(c) <= MAX_COMMAND)))
    return made + [e for e in (stretch(tokenizer, t) for t in turns) if any(e.learn)]


def stretch(tokenizer, turns: list[dict]) -> Example:
    """Returns lines in the order typed, a place where it changes; cut before the line with which it gets too long."""
    tokens, learn, named = [], [], None
    for turn in turns:
        [where, line] = encode(tokenizer, [turn["place"], turn["cmd"]])
        asked = ([BOS, *where] if turn["place"] != named else []) + [SEPARATOR]
        if len(tokens) + len(asked) + len(line) >= MAX_STRETCH:
            break
        tokens += [*asked, *line, EOS]
        learn += [False] * len(asked) + [turn["learn"]] * (len(line) + 1)
        named = turn["place"]
    return Example(tokens, learn)
