"""Learns how alike a request and a command are; writes generate/likeness.bin.

Late interaction (Khattab and Zaharia 2020) over two small tables of vectors: each word of the request looks for the token of the command that is most like it, each
token for its word, and what finds no partner costs what it is worth. Learnt by choice: the right command beside what the memory offers for a request
whose own phrasing it may not use, and beside commands of other requests. One intent in ten (`is_held`) is left out, so that the ranking can be
fitted on requests that this table has not seen.

    python requests.py --count 90000 --seed 101 --whole 0.35 > requests.jsonl
    cargo run --release -p cmdai-recall --example leave_one_out -- training/intents --drafts < requests.jsonl > drafts.jsonl
    python likeness.py requests.jsonl drafts.jsonl ../../cmdai-core/src/generate     (needs torch; some 10 minutes)

Beside the table goes `likeness_check.jsonl`: requests and commands with their likeness as computed here, which a test of the product
compares with its own. The file: `LIKE`, then little-endian u32: dimensions, words, tokens; f32 scales: of the words' vectors, of their left and right neighbours',
of the tokens' vectors, of the four weights, and the worth of a copy; names of words and tokens, each ended by a newline; then bytes (i8) in that order.
"""

import collections
import json
import random
import re
import struct
import sys

import numpy as np

from requests import is_held

DIMENSIONS = 24
LEAST_WORD, LEAST_TOKEN = 8, 40  # requests that have it
MOST_WORDS, MOST_TOKENS = 28, 40
ROUNDS = 3
OPERATOR = re.compile(r"(\|\||&&|;|\||>>|>|<|\$\(|\)|\(|`)")
# Programs whose long options have a single dash.
LONG_DASH = {"find", "fd", "ffmpeg", "java", "openssl", "defaults", "magick", "convert"}


def stem(word: str) -> str:
    for ending, put in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: len(word) - len(ending)] + put
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "lse":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def request_words(text: str) -> list[tuple[str, str]]:
    """The words of a request, stems or kinds of things, each with its spelling."""
    found = []
    for quoted, plain in re.findall(r"""("[^"]*"|'[^' ][^']*')|(\S+)""", text):
        if quoted:
            found.append(("#quoted", ""))
            continue
        thing = plain.strip(",?!:;()[]\"'`").lower()
        word = thing.strip(".")
        if not word:
            continue
        if re.fullmatch(r"[a-z][a-z'-]*", word):
            found.append((stem(word.removesuffix("'s")), word.removesuffix("'s")))
        elif number := re.fullmatch(r"[+-]?[0-9]+(?:\.[0-9]+)?([a-z%]*)", word):
            found.append(("#num" + number[1], word))
        elif "/" in thing:
            found.append(("#path", thing))
        elif name := re.fullmatch(r"[a-z0-9_.-]*(\.[a-z][a-z0-9]{0,4})", word):
            found += [("#file", word), (name[1], "")]
        else:
            found.append(("#odd", word))
    return found[:MOST_WORDS] or [("#odd", "")]


def command_tokens(command: str, request: str) -> list[tuple[str, str]]:
    """What a command is made of, alone and beside its program; each with what it copies of the request, if anything."""
    spelled = set(re.findall(r"[^\s,?!;()\[\]\"'`]+", request.lower()))
    spelled |= {word.rstrip(".:") for word in spelled}
    found: dict[tuple[str, str], None] = {}

    def add(token: str, copied: str = "") -> None:
        found[(token, copied)] = None

    program, is_first = "", True
    for token in OPERATOR.sub(r" \1 ", command).split():
        token = token.strip("'\"")
        if not token:
            continue
        if OPERATOR.fullmatch(token):
            add(token)
            is_first = token not in (">", ">>", "<", ")")
            continue
        if is_first and "=" not in token:
            program, is_first = token, False
            add("P:" + token)
            continue
        lower = token.lower()
        if len(lower) > 2 and lower in spelled or re.fullmatch(r"[0-9]+", lower) and lower in spelled:
            kind = "=num" if re.fullmatch(r"[+-]?[0-9.]+[a-z]?", lower) else "=path" if "/" in lower else "=file" if "." in lower else "=word"
            add(kind, lower)
            add(f"{program} {kind}")
            if kind != "=word":
                continue
        if re.fullmatch(r"-[a-zA-Z]{2,5}", token) and program not in LONG_DASH:
            add(token)
            for letter in token[1:]:
                add("-" + letter)
                add(f"{program} -{letter}")
        elif re.fullmatch(r"[+-]?[0-9]+[a-zA-Z]*", token):
            shape = re.sub(r"[0-9]+", "0", token)
            add(shape)
            add(f"{program} {shape}")
        else:
            add(token)
            if token.startswith("-") or len(found) < 6:
                add(f"{program} {token}")
            for part in re.findall(r"[A-Za-z_]{2,}|[!$%^*@#]", token):
                if part != token:
                    add("~" + part)
                    if len(part) > 2 and part.lower() in spelled:
                        add("=part", part.lower())
    return list(found)[:MOST_TOKENS] or [(";", "")]


def normal(command: str) -> str:
    """Quotes, blanks and the order of words between bars do not make another command."""
    parts = command.replace('"', "").replace("'", "").replace(" ./", " ").split("|")
    return " | ".join(" ".join([words[0], *sorted(words[1:])]) for words in (part.split() for part in parts) if words)


def read(requests: str, drafts: str) -> list[tuple]:
    """Requests as (words, tokens of the right command, [(tokens, is right, cost of the draft)])."""
    made = []
    with open(requests) as asked, open(drafts) as offered:
        for row, found in zip(map(json.loads, asked), map(json.loads, offered)):
            if is_held(row["file"], row["id"]):
                continue
            right = {tuple(sorted(normal(answer).split())) for answer in row["answers"]}
            seen, choices = set(), []
            for draft in found["drafts"][:12]:
                form = normal(draft["command"])
                if form not in seen:
                    seen.add(form)
                    choices.append((command_tokens(draft["command"], row["request"]), tuple(sorted(form.split())) in right, draft["cost"]))
            made.append((request_words(row["request"]), command_tokens(row["cmd"], row["request"]), choices))
    return made


def learn(rows: list[tuple], seed: int = 1) -> dict[str, np.ndarray | list[str] | float]:
    import torch
    import torch.nn.functional as F

    torch.manual_seed(seed)
    rng = random.Random(seed)
    said, ran = collections.Counter(), collections.Counter()
    for words, tokens, choices in rows:
        said.update({word for word, _ in words})
        ran.update({token for tokens in [tokens, *(c[0] for c in choices)] for token, _ in tokens})
    names = ["#unknown", *sorted(word for word, n in said.items() if n >= LEAST_WORD and "\n" not in word)]
    parts = ["#unknown", *sorted(token for token, n in ran.items() if n >= LEAST_TOKEN and "\n" not in token)]
    word_at, token_at = {w: i + 1 for i, w in enumerate(names)}, {t: i + 1 for i, t in enumerate(parts)}
    print(f"{len(rows)} requests, {len(names)} words, {len(parts)} tokens", flush=True)

    def table(count: int, width: int, spread: float, at: float = 0.0) -> torch.nn.Parameter:
        return torch.nn.Parameter(torch.randn(count + 1, width) * spread + at)

    p = {"word": table(len(names), DIMENSIONS, 0.3), "left": table(len(names), DIMENSIONS, 0.05), "right": table(len(names), DIMENSIONS, 0.05),
         "token": table(len(parts), DIMENSIONS, 0.3), "weight": table(len(names), 1, 0, 1), "alone": table(len(names), 1, 0),
         "asks": table(len(parts), 1, 0, 1), "worth": table(len(parts), 1, 0), "copy": torch.nn.Parameter(torch.tensor(1.0))}

    def score(q, qi, c, ci):
        there, held = (q > 0).float(), (c > 0).float()
        e = F.embedding(q, p["word"])
        nothing = torch.zeros_like(e[:, :1])
        e = e + torch.cat([nothing, F.embedding(q[:, :-1], p["left"]) * there[:, :-1, None]], 1) + torch.cat([F.embedding(q[:, 1:], p["right"]) * there[:, 1:, None], nothing], 1)
        alike = torch.einsum("bid,bnjd->bnij", e, F.embedding(c, p["token"]))
        alike = alike + p["copy"] * ((qi[:, None, :, None] == ci[:, :, None, :]) & (ci > 0)[:, :, None, :])
        alone = F.embedding(q, p["alone"])[:, None].expand(-1, c.shape[1], -1, -1)
        explained = torch.logsumexp(torch.cat([alike - (1 - held)[:, :, None, :] * 1e4, alone], -1), -1)
        weight = (F.softplus(F.embedding(q, p["weight"])).squeeze(-1) * there)[:, None]
        asked = torch.tanh((alike - (1 - there)[:, None, :, None] * 1e4).amax(2) / 2)
        asks = F.softplus(F.embedding(c, p["asks"])).squeeze(-1) * held
        return 3 * (explained * weight).sum(-1) / (weight.sum(-1) + 1) + 3 * (asked * asks).sum(-1) / (asks.sum(-1) + 2) + (F.embedding(c, p["worth"]).squeeze(-1) * held).sum(-1)

    def numbered(words, tokens_of):
        spelled = {spelling: i + 1 for i, spelling in enumerate(dict.fromkeys(s for _, s in words if s))}
        q = [(word_at.get(w, 1) if rng.random() > 0.04 else 1, spelled.get(s, 0)) for w, s in words]
        return q, [[(token_at.get(t, 1), spelled.get(copied, 0) if copied else 0) for t, copied in tokens] for tokens in tokens_of]

    def choose(row, others):
        words, right, choices = row
        if any(c[1] for c in choices) and rng.random() < 0.6:
            best = rng.choice([c for c in choices if c[1]])
            wrong = [c for c in choices if not c[1] and c[0] != best[0]]
            return [best[0], *(c[0] for c in wrong)], [-2 * best[2], *(-2 * c[2] for c in wrong)]
        wrong = [c[0] for c in choices if not c[1] and c[0] != right][:11] + [o for o in others if o != right]
        return [right, *wrong], [0.0] * (1 + len(wrong))

    optimizer = torch.optim.Adam(p.values(), lr=1e-2)
    steps, order, mean = ROUNDS * len(rows) // 64, [], None
    for step in range(steps):
        if len(order) < 64:
            order = list(range(len(rows)))
            rng.shuffle(order)
        batch = [rows[order.pop()] for _ in range(64)]
        others = [row[1] for row in rng.sample(batch, 3)]
        chosen = [choose(row, others) for row in batch]
        made = [numbered(row[0], choices) for row, (choices, _) in zip(batch, chosen)]
        widest, most = max(len(q) for q, _ in made), max(len(c) for _, c in made)
        longest = max(len(tokens) for _, c in made for tokens in c)
        q = torch.tensor([q + [(0, 0)] * (widest - len(q)) for q, _ in made])
        c = torch.tensor([[t + [(0, 0)] * (longest - len(t)) for t in c] + [[(0, 0)] * longest] * (most - len(c)) for _, c in made])
        offset = torch.tensor([o + [0.0] * (most - len(o)) for _, o in chosen])
        s = score(q[..., 0], q[..., 1], c[..., 0], c[..., 1]) + offset
        loss = F.cross_entropy(s.masked_fill((c[..., 0] > 0).sum(-1) == 0, -1e4), torch.zeros(len(batch), dtype=torch.long))
        for group in optimizer.param_groups:
            group["lr"] = 1e-2 * min(1, step / 100 + 0.01) * (1 - step / steps) + 1e-5
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        mean = loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()
        if step % 200 == 199:
            print(f"step {step + 1} of {steps}: loss {mean:.3f}", flush=True)
    got = {name: value.detach().numpy() for name, value in p.items()}
    got["weight"], got["asks"] = np.log1p(np.exp(got["weight"])), np.log1p(np.exp(got["asks"]))
    return {**{name: value[1:] if value.ndim else float(value) for name, value in got.items()}, "words": names, "tokens": parts}


ORDER = ("word", "left", "right", "token", "weight", "alone", "asks", "worth")


def rounded(learnt: dict) -> dict:
    """The table as it will be stored: bytes and a scale a part."""
    for name in ORDER:
        scale = float(np.float32(np.abs(learnt[name]).max() / 127))
        learnt[name + "_scale"] = scale
        learnt[name + "_bytes"] = np.clip(np.rint(learnt[name] / scale), -127, 127).astype(np.int8)
        learnt[name] = learnt[name + "_bytes"].astype(np.float32) * np.float32(scale)
    return learnt


def likeness(table: dict, request: str, command: str) -> float:
    """How alike they are: as `score` in `learn`, for one pair."""
    words, tokens = request_words(request), command_tokens(command, request)
    if "at" not in table:
        table["at"] = ({w: i for i, w in enumerate(table["words"])}, {t: i for i, t in enumerate(table["tokens"])})
    q, c = [table["at"][0].get(w, 0) for w, _ in words], [table["at"][1].get(t, 0) for t, _ in tokens]
    e = table["word"][q].copy()
    e[1:] += table["left"][q[:-1]]
    e[:-1] += table["right"][q[1:]]
    alike = e @ table["token"][c].T
    alike += table["copy"] * np.array([[s != "" and s == copied for _, copied in tokens] for _, s in words])
    explained = np.log(np.exp(alike).sum(1) + np.exp(table["alone"][q, 0]))
    weight, asks = table["weight"][q, 0], table["asks"][c, 0]
    asked = np.tanh(alike.max(0) / 2)
    return float(3 * (explained * weight).sum() / (weight.sum() + 1) + 3 * (asked * asks).sum() / (asks.sum() + 2) + table["worth"][c, 0].sum())


def write(table: dict, out: str) -> None:
    scales = [table[name + "_scale"] for name in ORDER] + [table["copy"]]
    with open(f"{out}/likeness.bin", "wb") as file:
        file.write(b"LIKE" + struct.pack("<3I9f", DIMENSIONS, len(table["words"]), len(table["tokens"]), *scales))
        file.write("".join(name + "\n" for name in [*table["words"], *table["tokens"]]).encode())
        for name in ORDER:
            file.write(table[name + "_bytes"].tobytes())


def load(path: str) -> dict:
    """The table as it lies in the product."""
    with open(path, "rb") as file:
        data = file.read()
    width, words, tokens, *scales = struct.unpack_from("<3I9f", data, 4)
    names, rest = [], data[4 + 12 + 36:]
    for _ in range(words + tokens):
        name, rest = rest.split(b"\n", 1)
        names.append(name.decode())
    table = {"words": names[:words], "tokens": names[words:], "copy": scales.pop()}
    for part, scale in zip(ORDER, scales):
        shape = (words if part in ("word", "left", "right", "weight", "alone") else tokens, width if part in ("word", "left", "right", "token") else 1)
        size = shape[0] * shape[1]
        table[part] = np.frombuffer(rest[:size], dtype=np.int8).reshape(shape).astype(np.float32) * np.float32(scale)
        rest = rest[size:]
    return table


def main(requests: str, drafts: str, out: str) -> None:
    table = rounded(learn(read(requests, drafts)))
    write(table, out)
    with open(requests) as asked, open(drafts) as offered, open(f"{out}/likeness_check.jsonl", "w") as check:
        for number, (row, found) in enumerate(zip(map(json.loads, asked), map(json.loads, offered))):
            if number % 500 == 0 and found["drafts"]:
                command = found["drafts"][0]["command"]
                made = {"request": row["request"], "command": command, "words": request_words(row["request"]),
                        "tokens": command_tokens(command, row["request"]), "likeness": round(likeness(table, row["request"], command), 3)}
                check.write(json.dumps(made, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
