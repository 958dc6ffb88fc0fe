"""Counts in how many authored intents each word of a request occurs; writes generate/vocabulary.txt.

Slots are taken out first, so that names of files and hosts do not count as words.

    python vocabulary.py INTENTS_DIR > ../../cmdai-core/src/generate/vocabulary.txt
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


def main(folder: str) -> None:
    counts: collections.Counter[str] = collections.Counter()
    for path in sorted(pathlib.Path(folder).glob("*.jsonl")):
        for line in path.read_text().splitlines():
            intent = json.loads(line)
            counts.update(set().union(*(words(phrase) for phrase in intent["nl"])))
    for word, count in sorted(counts.items()):
        if count >= LEAST:
            print(word, count)


if __name__ == "__main__":
    main(sys.argv[1])
