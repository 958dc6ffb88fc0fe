"""Intents to request/command pairs: slots filled with open-ended values, in the words people use."""

import random
import re
from collections.abc import Iterator

from . import fillers, slots, wording

TAGS = {"fish": "[fish] ", "nu": "[nu] ", "powershell": "[powershell] ", "zsh": "[zsh] "}
DOUBLED = re.compile(r"\b(?:the|this|my) (the|this|my) ")


def tag(shell: str, os: str) -> str:
    """Returns the text put in front of a request: other shells by name, macOS for its POSIX shells, nothing for bash."""
    if os == "macos" and shell in ("bash", "zsh"):
        return "[macos] "
    return TAGS.get(shell, "")


def in_phrase(words: str) -> str:
    """Returns the words of a directory with their preposition, the value of `{dir_in}`."""
    if words == "here":
        return words
    return ("on " if words == "the whole system" else "in ") + words


def draw(row: dict, rng: random.Random) -> tuple[dict[str, str], dict[str, str]]:
    """Returns the spoken and the shell values of an intent's slots; no two slots get the same shell value."""
    spoken, shell = {}, {}
    for name, slot_type in (row.get("slots") or {}).items():
        kind = slots.kind(slot_type)
        for _ in range(10):
            words, value = fillers.fill(kind, rng)
            if value not in shell.values():
                break
        spoken[name], shell[name] = words, value
        spoken[name + "_in"], shell[name + "_in"] = in_phrase(words), value
    return spoken, shell


def request(phrase: str, spoken: dict[str, str], shell: dict[str, str]) -> str:
    """Returns a phrasing with its slots in words, with the seams mended ("the file the file x", "in here")."""
    spoken = dict(spoken)
    for name in slots.names(phrase):
        if re.search(r"file \{" + name + r"\}|\{" + name + r"\}\.[a-z]", phrase):
            spoken[name] = shell[name]
    text = slots.render(phrase, spoken)
    text = re.sub(r"\bin here\b", "here", text)
    return DOUBLED.sub(r"\1 ", text)


def pairs(row: dict, phrases: list[str], rng: random.Random) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yields (request, command, shell values) for each of `phrases`, filled once with fresh values."""
    for phrase in phrases:
        spoken, shell = draw(row, rng)
        try:
            text, command = request(phrase, spoken, shell), slots.render(row["cmd"], shell)
        except KeyError:
            continue
        if "." in shell.values() and rng.random() < 0.5:
            text = wording.drop_here(text)
        k = rng.random()
        if k < 0.2:
            text = wording.as_typed(text, command, rng)
        elif k < 0.4:
            text = text[:1].lower() + text[1:]
        yield text, command, shell
