"""The slot language of intents: `{name}` is a slot, `{{` and `}}` are literal braces, read from left to right.

Reading left to right matters: `'{{print ${col}}}'` holds the slot `col`, while a reader that replaces `}}` first corrupts it.
"""

import re

TOKEN = re.compile(r"\{\{|\}\}|\{([a-z_0-9]+)\}")
LITERAL = {"{{": "{", "}}": "}"}


def render(template: str, values: dict[str, str]) -> str:
    """Returns `template` with every slot replaced by its value. Raises KeyError for a slot without one."""
    return TOKEN.sub(lambda m: LITERAL.get(m.group()) or values[m.group(1)], template)


def names(template: str) -> set[str]:
    """Returns the slot names that occur in `template`."""
    return {m.group(1) for m in TOKEN.finditer(template) if m.group(1)}


def kind(slot_type: str) -> str:
    """Returns the type of a slot without the number that tells two slots of one type apart (`file2` -> `file`)."""
    return re.sub(r"\d+$", "", slot_type)


def problems(row: dict) -> list[str]:
    """Returns what is wrong with an intent, as sentences; an empty list means it can be used."""
    found = [f"no {key}" for key in ("id", "shell", "nl", "cmd") if not row.get(key)]
    if found:
        return found
    declared = set(row.get("slots") or {})
    for template in [row["cmd"], *row.get("alt", [])]:
        found += [f"the command uses an undeclared slot {{{n}}}" for n in sorted(names(template) - declared)]
    spoken = declared | {n + "_in" for n in declared}
    for phrase in row["nl"]:
        found += [f"a request uses an undeclared slot {{{n}}}" for n in sorted(names(phrase) - spoken)]
    return found
