"""Learns which words of requests go with which tokens of commands; writes generate/associations.txt.

IBM Model 1 (Brown et al. 1993) from commands to requests over the phrasings of the POSIX shells' intents: t(word | token) by
expectation maximisation, with an empty token for words that no token explains. A line of the table is a word, its weight (negative
logarithm of the share of phrasings that have it, in tenths), what it is worth unexplained, and for its best tokens what it is worth beside them:

    ln((t(word | token) + 0.001) / (t(word | nothing) / 2 + share / 5 + 0.001)), in tenths, -20 to 30

    python associations.py INTENTS_DIR ../../cmdai-core/src/generate     (needs numpy; some 20 s)

Beside the table goes `associations_check.txt`: a few requests, commands and tokens as cut here, which a test of the product compares with its own.
"""

import collections
import json
import math
import pathlib
import re
import sys

import numpy as np

LEAST_WORD, LEAST_TOKEN = 15, 20  # phrasings that have it
TOKENS = 10  # of a word, at most
ROUNDS = 6
OPERATOR = re.compile(r"(\|\||&&|;|\||>>|>|<|\$\(|\)|\(|`)")
SLOT = re.compile(r"\{[a-z_0-9]+\}")


def stem(word: str) -> str:
    for ending, put in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: len(word) - len(ending)] + put
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "lse":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def request_words(text: str) -> list[str]:
    """The stems of a request's plain words, each once."""
    found = {}
    for token in text.split():
        token = token.strip(".,?!:;()[]\"'`").lower()
        if re.fullmatch(r"[a-z][a-z'-]*", token):
            found[stem(token.removesuffix("'s"))] = None
    return list(found)


def command_tokens(command: str) -> list[str]:
    """Words and operators of a command, flags also one by one, and parts of words behind a tilde; each once."""
    found = {}
    for token in OPERATOR.sub(r" \1 ", command).split():
        token = token.strip("'\"")
        if re.fullmatch(r"-[a-zA-Z]{2,5}", token):
            found[token] = None
            found.update(dict.fromkeys("-" + letter for letter in token[1:]))
        elif re.fullmatch(r"[+-]?[0-9]+[a-zA-Z]*", token):
            found[re.sub(r"[0-9]+", "0", token)] = None
        elif token:
            found[token] = None
            found.update(dict.fromkeys("~" + part for part in re.findall(r"[A-Za-z_]{2,}|[!$%^*@#]", token) if part != token))
    return list(found)


def pairs(folder: str) -> list[tuple[list[str], list[str]]]:
    made = []
    for path in sorted(pathlib.Path(folder).glob("*.jsonl")):
        for line in path.read_text().splitlines():
            intent = json.loads(line)
            if intent.get("shell", "bash") in ("bash", "zsh", "sh", "fish"):
                tokens = command_tokens(SLOT.sub(" ", intent["cmd"]))
                made += [(words, tokens) for words in (request_words(SLOT.sub(" ", phrase)) for phrase in intent["nl"]) if words and tokens]
    return made


def main(folder: str, out: str) -> None:
    data = pairs(folder)
    word_count = collections.Counter(word for words, _ in data for word in words)
    token_count = collections.Counter(token for _, tokens in data for token in tokens)
    words = {word: i for i, word in enumerate(sorted(w for w, n in word_count.items() if n >= LEAST_WORD))}
    tokens = {token: i for i, token in enumerate(sorted(t for t, n in token_count.items() if n >= LEAST_TOKEN))}
    nothing = len(tokens)
    token_of, word_of, place = [], [], []
    places = 0
    for said, ran in data:
        near = [tokens[t] for t in ran if t in tokens] + [nothing]
        for word in said:
            if word in words:
                token_of += near
                word_of += [words[word]] * len(near)
                place += [places] * len(near)
                places += 1
    links, link = np.unique(np.array(token_of, dtype=np.int64) * len(words) + np.array(word_of), return_inverse=True)
    place, owner = np.array(place), links // len(words)
    t = np.ones(len(links)) / len(words)
    for _ in range(ROUNDS):
        shares = t[link]
        shares /= np.bincount(place, shares, places)[place]
        counts = np.bincount(link, shares, len(links))
        t = counts / (np.bincount(owner, counts, nothing + 1)[owner] + 2.0)
    alone = {int(link % len(words)): value for link, value in zip(links.tolist(), t.tolist()) if link // len(words) == nothing}

    by_word = collections.defaultdict(list)
    names = list(tokens)
    for link, value, count in zip(links.tolist(), t.tolist(), counts.tolist()):
        token, word = divmod(link, len(words))
        if token != nothing:
            by_word[word].append((count, value, names[token]))
    lines = []
    for word, number in words.items():
        share = word_count[word] / len(data)
        base = alone.get(number, 0.0) / 2 + share / 5 + 1e-3
        worth = lambda value: round(10 * max(-2.0, min(3.0, math.log((value + 1e-3) / base))))  # noqa: E731
        unexplained = worth(0.0)
        # Those seen most often with it, not those that explain it best: rare tokens explain whatever they came with.
        best = [(token, worth(value)) for _, value, token in sorted(by_word[number], key=lambda one: (-one[0], one[2]))[:TOKENS]]
        kept = " ".join(f"{token} {value}" for token, value in best if value > unexplained + 10)
        if kept:
            lines.append(f"{word} {round(-10 * math.log(share))} {unexplained} {kept}\n")
    pathlib.Path(out, "associations.txt").write_text("".join(lines))
    intents = [json.loads(line) for path in sorted(pathlib.Path(folder).glob("*.jsonl")) for line in path.read_text().splitlines()[::150]]
    check = [f"{phrase}\t{' '.join(request_words(phrase))}\t{intent['cmd']}\t{' '.join(command_tokens(intent['cmd']))}\n" for intent in intents for phrase in intent["nl"][:1]]
    pathlib.Path(out, "associations_check.txt").write_text("".join(check))


if __name__ == "__main__":
    main(*sys.argv[1:3])
