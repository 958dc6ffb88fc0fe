"""Counts words of authored requests; writes two tables of cmdai-core/src/generate.

`vocabulary.txt`: in how many intents each word occurs. Slots are taken out first, so that names of files and hosts do not count as words.
`not_places.txt`: the words that stand after a preposition and are no slot, so that "in seconds" names no folder.

    python vocabulary.py INTENTS_DIR ../../cmdai-core/src/generate
"""

import collections
import json
import pathlib
import re
import sys

# Words of fewer intents are mostly names and slips; they cost more space than they tell.
LEAST = 3


def words(phrase: str) -> set[str]:
    """The words of one phrasing, lower case, without slots and punctuation."""
    phrase = re.sub(r"\{[a-z_0-9]+\}", " ", phrase)
    found = (token.strip(".,?!:;()\"'`").lower() for token in phrase.split())
    return {word for word in found if re.fullmatch(r"[a-z][a-z'-]*[a-z]|[a-z]", word)}


# Authors write slips of the finger, too, so that requests with them are found. A word that is one such slip away
# from one of this many times as many is no word: to know it would keep the slip from being set right.
RARER = 40


def is_slip(word: str, counts: collections.Counter[str]) -> bool:
    """True for "delte" and "alredy": two letters swapped, or one within the word missing or too many."""
    if len(word) < 3 or "'" in word:
        return False
    swapped = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    letters = "abcdefghijklmnopqrstuvwxyz"
    inner = range(1, len(word))
    longer = (word[:at] + letter + word[at:] for at in inner for letter in letters) if len(word) > 3 else ()
    shorter = (word[:at] + word[at + 1 :] for at in range(1, len(word) - 1)) if len(word) > 5 else ()
    near = {*swapped, *longer, *shorter} - {word}
    # Of four letters many are words: "font" is no "front"; and what many intents hold is hardly a slip.
    rarer = RARER if len(word) > 4 and counts[word] <= 10 else 8 * RARER
    return any(counts[other] >= rarer * counts[word] for other in near)


# As in generate/places.rs.
PREPOSITION = r"below|beneath|from|in|inside|into|to|under|within"
BETWEEN = r"a|all|an|any|called|dir|directory|each|every|folder|folders|my|named|of|our|subfolder|that|the|this"
AFTER = re.compile(rf"\b(?:{PREPOSITION}) (?:(?:{BETWEEN}) )*([a-z][\w-]*)")


def after_prepositions(phrase: str) -> set[str]:
    """The words of one phrasing that stand where a place could, lower case; a slot is none."""
    return set(AFTER.findall(re.sub(r"\{[a-z_0-9]+\}", "0", phrase.lower())))


def main(folder: str, out: str) -> None:
    counts: collections.Counter[str] = collections.Counter()
    after: collections.Counter[str] = collections.Counter()
    for path in sorted(pathlib.Path(folder).glob("*.jsonl")):
        for line in path.read_text().splitlines():
            intent = json.loads(line)
            counts.update(set().union(*(words(phrase) for phrase in intent["nl"])))
            after.update(set().union(*(after_prepositions(phrase) for phrase in intent["nl"])))
    vocabulary = [f"{word} {count}\n" for word, count in sorted(counts.items()) if count >= LEAST and not is_slip(word, counts)]
    pathlib.Path(out, "vocabulary.txt").write_text("".join(vocabulary))
    pathlib.Path(out, "not_places.txt").write_text("".join(f"{word}\n" for word, count in sorted(after.items()) if count >= LEAST))


if __name__ == "__main__":
    main(*sys.argv[1:3])
