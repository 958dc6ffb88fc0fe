"""The text a model reads and writes: `<|im_start|>` request (`<repo_name>` draft)* `<file_sep>` command `<|im_end|>`.

No system text. The four marks are special tokens that the tokenizer already has; they are never written in a request.
"""

BOS, EOS, DRAFT, SEPARATOR = 1, 2, 3, 5
MARKS = {"bos": (BOS, "<|im_start|>"), "eos": (EOS, "<|im_end|>"), "draft": (DRAFT, "<repo_name>"), "separator": (SEPARATOR, "<file_sep>")}
MAX_REQUEST, MAX_COMMAND, MAX_PROMPT = 64, 80, 190  # tokens


def encode(tokenizer, texts: list[str]) -> list[list[int]]:
    """Returns the tokens of each text. `tokenizer` is a `tokenizers.Tokenizer`."""
    return [e.ids for e in tokenizer.encode_batch(texts, add_special_tokens=False)] if texts else []


def assemble(request: list[int], drafts: list[list[int]]) -> list[int]:
    """Returns the tokens of a prompt, up to and with the separator."""
    return [BOS, *request, *(t for d in drafts for t in (DRAFT, *d)), SEPARATOR]


def examples(tokenizer, rows: list[dict]) -> list[tuple[list[int], list[int]]]:
    """Returns (prompt, command with its end mark) in tokens for every row that is short enough."""
    requests, commands = encode(tokenizer, [r["p"] for r in rows]), encode(tokenizer, [r["cmd"] for r in rows])
    drafts = iter(encode(tokenizer, [d for r in rows for d in r.get("drafts", [])]))
    made = []
    for row, request, command in zip(rows, requests, commands):
        prompt = assemble(request, [next(drafts) for _ in row.get("drafts", [])])
        if len(request) <= MAX_REQUEST and len(command) <= MAX_COMMAND and len(prompt) <= MAX_PROMPT:
            made.append((prompt, [*command, EOS]))
    return made
