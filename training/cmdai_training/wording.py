"""How people type: a place left out, lower case, dropped punctuation, typos. Words that the command needs stay as they are."""

import random
import re

HERE = re.compile(r"\s+(?:here\b|(?:in|inside|under|below|within|from|of)\s+(?:the current (?:directory|folder|dir)|this (?:folder|directory)|the working directory)\b)")
FILLER_WORDS = re.compile(r"^(?:please |can you |could you |i want to |i need to |how do i |how can i |how to )", re.I)


def drop_here(request: str) -> str:
    """Returns the request without its mention of the current directory: no place named means here."""
    return " ".join(HERE.sub("", request, count=1).split())


def typo(word: str, rng: random.Random) -> str:
    """Returns `word` with one slip of the fingers: two letters swapped, one missing, or one doubled."""
    i = rng.randrange(1, len(word) - 1)
    slip = rng.random()
    if slip < 0.45:
        return word[:i] + word[i + 1] + word[i] + word[i + 2:]
    if slip < 0.8:
        return word[:i] + word[i + 1:]
    return word[:i] + word[i] + word[i:]


def as_typed(request: str, command: str, rng: random.Random) -> str:
    """Returns the request as it might be typed in a hurry: lower case, no full stop, now and then a typo.

    A word that occurs in the command (a name, a path, a value) is never touched, since it has to be copied.
    """
    words = request.rstrip("?.! ").split(" ")
    words = [w if w in command or not re.fullmatch(r"[A-Za-z',.?!;:-]+", w) or w.isupper() else w.lower() for w in words]
    if rng.random() < 0.35:
        able = [i for i, w in enumerate(words) if len(w) >= 5 and w.isalpha() and w.lower() not in command.lower()]
        if able:
            i = rng.choice(able)
            words[i] = typo(words[i], rng)
    text = " ".join(words)
    return FILLER_WORDS.sub("", text) if rng.random() < 0.3 else text
