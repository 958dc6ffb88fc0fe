"""Composed requests: conditions of `find` and actions on what it finds, combined in words and in flags together, and one-file text jobs.

A model learns that each phrase adds one flag. Every condition is a function of a `Draw` that returns `(words, flags, place)`;
`place` says where the words go: `head` around the noun ("{F}" is the noun), `tail` after it, `depth` and `last` at the end.
"""

import random

from . import fillers
from .fillers import EXTENSIONS, NUMBERS, STEMS, USERS, WORDS, fill

Condition = tuple[str, str, str]
PRUNED = [".git", "node_modules", "vendor", ".cache", "target", "venv", "__pycache__", "build", "dist"]
SPOKEN_EXTENSIONS = {"py": "python {F}", "sh": "shell scripts", "md": "markdown {F}", "txt": "text {F}"}


def _past(words: str) -> str:
    """"the last a week" is not English."""
    return words.replace("last a ", "last ").replace("last an ", "last ").replace("past a ", "past ").replace("last one ", "last ")


class Draw:
    """The random choices of one request."""

    def __init__(self, rng: random.Random):
        self.rng = rng

    def one(self, *options):
        return self.rng.choice(options)

    def extension(self) -> Condition:
        e = fill("ext", self.rng)[0]
        words = self.one(f".{e} {{F}}", f"{e} {{F}}", f"{{F}} with extension .{e}", f"{{F}} ending in .{e}", f"*.{e} {{F}}",
                         f"{{F}} with the {e} extension", f"{{F}} that end with .{e}", f"{{F}} named *.{e}")
        if e in SPOKEN_EXTENSIONS and self.rng.random() < 0.3:
            words = SPOKEN_EXTENSIONS[e]
        return words, f"-name '*.{e}'", "head"

    def two_extensions(self) -> Condition:
        a, b = self.rng.sample(EXTENSIONS[:24], 2)
        words = self.one(f".{a} and .{b} {{F}}", f"{a} or {b} {{F}}", f"{{F}} ending in .{a} or .{b}", f"*.{a} and *.{b} {{F}}")
        return words, f"\\( -name '*.{a}' -o -name '*.{b}' \\)", "head"

    def empty(self) -> Condition:
        return "empty {F}", "-empty", "head"

    def hidden(self) -> Condition:
        return "hidden {F}", "-name '.*'", "head"

    def other_extension(self) -> Condition:
        e = fill("ext", self.rng)[0]
        words = self.one(f"not ending in .{e}", f"that are not .{e} files", f"except *.{e}", f"other than .{e} files", f"without the .{e} extension")
        return words, f"! -name '*.{e}'", "tail"

    def name(self) -> Condition:
        f = fillers.filename(self.rng).split("/")[-1]
        return self.one(f"named {f}", f"called {f}", f"with the name {f}", f'named "{f}"', f"whose name is {f}"), f"-name {f}", "tail"

    def prefix(self) -> Condition:
        s = self.rng.choice(STEMS + WORDS[:20])
        words = self.one(f"starting with {s}", f"whose name starts with '{s}'", f"beginning with {s}", f'that start with "{s}"', f"with prefix {s}")
        return words, f"-name '{s}*'", "tail"

    def contains(self) -> Condition:
        s = self.rng.choice(STEMS + WORDS)
        words = self.one(f"with {s} in the name", f"containing '{s}' in their name", f"whose name contains {s}",
                         f'with names containing "{s}"', f"that have {s} in their filename")
        if self.rng.random() < 0.25:
            return words + self.one(", ignoring case", " case-insensitively", " (case insensitive)"), f"-iname '*{s}*'", "tail"
        return words, f"-name '*{s}*'", "tail"

    def size(self) -> Condition:
        w, s = fillers.size(self.rng)
        if self.rng.random() < 0.6:
            return self.one(f"larger than {w}", f"bigger than {w}", f"over {w}", f"greater than {w}", f"more than {w}", f"above {w}",
                            f"> {w}", f"of size more than {w}", f"that exceed {w}"), f"-size +{s}", "tail"
        return self.one(f"smaller than {w}", f"under {w}", f"less than {w}", f"below {w}", f"< {w}", f"of size less than {w}"), f"-size -{s}", "tail"

    def modified(self) -> Condition:
        w, n = fill("days", self.rng)
        if self.rng.random() < 0.5:
            words = self.one(f"modified in the last {w}", f"changed within the last {w}", f"modified within {w}", f"edited in the past {w}",
                             f"modified less than {w} ago", f"newer than {w}", f"updated in the last {w}")
            return _past(words), f"-mtime -{n}", "tail"
        words = self.one(f"older than {w}", f"modified more than {w} ago", f"not modified in the last {w}", f"last modified over {w} ago",
                         f"that have not changed for {w}", f"not touched for {w}")
        return _past(words), f"-mtime +{n}", "tail"

    def accessed(self) -> Condition:
        w, n = fill("days", self.rng)
        if self.rng.random() < 0.5:
            return _past(self.one(f"accessed in the last {w}", f"read within the last {w}", f"accessed less than {w} ago")), f"-atime -{n}", "tail"
        return _past(self.one(f"not accessed in the last {w}", f"accessed more than {w} ago", f"not read for {w}")), f"-atime +{n}", "tail"

    def modified_minutes(self) -> Condition:
        w, n = fill("mins", self.rng)
        return _past(self.one(f"modified in the last {w}", f"changed in the last {w}", f"modified less than {w} ago")), f"-mmin -{n}", "tail"

    def modified_lately(self) -> Condition:
        return self.one(("modified today", "-daystart -mtime 0", "tail"), ("changed in the last 24 hours", "-mtime -1", "tail"),
                        ("modified in the last hour", "-mmin -60", "tail"), ("modified yesterday", "-daystart -mtime 1", "tail"))

    def permission(self) -> Condition:
        m = fill("mode", self.rng)[0]
        words, flags = self.one((f"with permissions {m}", f"-perm {m}"), (f"with permission {m}", f"-perm {m}"), (f"that have mode {m}", f"-perm {m}"),
                                ("that are world writable", "-perm -o+w"), ("writable by everyone", "-perm -o+w"), ("that are executable", "-executable"),
                                ("with the setuid bit set", "-perm -4000"), ("executable by the owner", "-perm -u+x"), ("readable by all", "-perm -a+r"))
        return words, flags, "tail"

    def user(self) -> Condition:
        u = self.rng.choice(USERS)
        return self.one(f"owned by {u}", f"owned by user {u}", f"belonging to {u}", f"that belong to {u}"), f"-user {u}", "tail"

    def group(self) -> Condition:
        g = fill("group", self.rng)[0]
        return self.one(f"owned by group {g}", f"belonging to the group {g}", f"in group {g}"), f"-group {g}", "tail"

    def newer(self) -> Condition:
        f = fillers.filename(self.rng)
        return self.one(f"newer than {f}", f"modified after {f}", f"changed more recently than {f}"), f"-newer {f}", "tail"

    def depth(self) -> Condition:
        n = self.rng.randint(1, 4)
        if n == 1:
            return self.one("not in subdirectories", "without recursing", "at the top level only", "without descending into subdirectories",
                            "in this level only", "non-recursively"), "-maxdepth 1", "depth"
        return self.one(f"at most {n} levels deep", f"up to depth {n}", f"max depth {n}", f"going down at most {NUMBERS[n]} levels",
                        f"no deeper than {n} levels"), f"-maxdepth {n}", "depth"

    def prune(self) -> Condition:
        d = self.rng.choice(PRUNED)
        return self.one(f"excluding {d}", f"skipping the {d} directory", f"ignoring {d}", f"but not in {d}", f"except those under {d}"), \
            f"-not -path '*/{d}/*'", "last"


TIMES = {Draw.modified, Draw.modified_minutes, Draw.modified_lately, Draw.newer}
FILE_TAILS = [Draw.name, Draw.prefix, Draw.contains, Draw.contains, Draw.size, Draw.size, Draw.size, Draw.modified, Draw.modified,
              Draw.modified, Draw.accessed, Draw.modified_minutes, Draw.modified_lately, Draw.permission, Draw.user, Draw.group,
              Draw.newer, Draw.other_extension]
DIRECTORY_TAILS = [Draw.name, Draw.prefix, Draw.contains, Draw.modified, Draw.permission, Draw.user, Draw.group, Draw.modified_lately]


def _target(rng: random.Random) -> tuple[str, str]:
    k = rng.random()
    if k < 0.72:
        return "files", "-type f"
    if k < 0.88:
        return rng.choice(["directories", "folders"]), "-type d"
    if k < 0.93:
        return rng.choice(["symlinks", "symbolic links"]), "-type l"
    return rng.choice(["files and directories", "entries", "everything"]), ""


def _conditions(draw: Draw, kind: str) -> list[Condition]:
    rng, chosen = draw.rng, []
    k = rng.random()
    if kind == "-type f":
        for limit, head in ((0.5, Draw.extension), (0.56, Draw.two_extensions), (0.62, Draw.empty), (0.67, Draw.hidden)):
            if k < limit:
                chosen.append(head(draw))
                break
    elif kind == "-type d" and k < 0.3:
        chosen.append(draw.empty() if rng.random() < 0.7 else draw.hidden())
    by_name = bool(chosen) and chosen[0][1].startswith(("-name", "\\("))
    used: set = set()
    for _ in range(rng.choice([0, 1, 1, 1, 2, 2] if chosen else [1, 1, 1, 2, 2])):
        make = rng.choice(FILE_TAILS if kind == "-type f" else DIRECTORY_TAILS)
        if make in used or (by_name and make in (Draw.name, Draw.other_extension)) or (make in TIMES and used & TIMES):
            continue
        used.add(make)
        chosen.append(make(draw))
    if rng.random() < 0.12:
        chosen.append(draw.depth())
    if rng.random() < 0.07:
        chosen.append(draw.prune())
    return chosen


def _at(chosen: list[Condition], place: str) -> list[Condition]:
    return [c for c in chosen if c[2] == place]


def _describe(rng: random.Random, noun: str, chosen: list[Condition], where: str) -> str:
    head, tails, ends = _at(chosen, "head"), [c[0] for c in _at(chosen, "tail")], _at(chosen, "depth") + _at(chosen, "last")
    subject = head[0][0].replace("{F}", noun) if head else noun
    if where == "here":
        place = "here"
    else:
        forms = ["in {}", "in {}", "under {}", "in {} and its subdirectories", "below {}", "inside {}", "within {}", "in {} recursively"]
        place = rng.choice(["in {}", "under {}"] if _at(chosen, "depth") else forms).format(where)
    if where in fillers.CURRENT and rng.random() < 0.4:
        place = ""
    rng.shuffle(tails)
    joined = rng.choice([" and ", " and ", ", "]).join(tails)
    body = f"{subject} {place} {joined}" if rng.random() < 0.5 else f"{subject} {joined} {place}"
    for words, _, _ in ends:
        body += rng.choice([", ", " "]) + words
    return " ".join(body.replace(" ,", ",").split())


LEADS = ["list", "find", "find all", "show", "show me", "list all", "search for", "get", "which are the", "print", "locate",
         "display all", "give me", "look for", "display", "print the names of all", "find every one of the", ""]
GREPS = [("-H", ["search for {w} in {b}", "grep {w} in {b}", "lines with {w} in {b}", "look for '{w}' inside {b}", 'find the text "{w}" in {b}']),
         ("-l", ["{b} that contain {w}", "which {b} contain the word {w}", "{b} containing '{w}'", "names of {b} that mention {w}"]),
         ("-Hn", ["search for {w} in {b} with line numbers", "grep {w} in {b}, showing line numbers"]),
         ("-Hi", ["search {b} for {w} ignoring case", "case insensitive search for {w} in {b}"]),
         ("-c", ["count lines matching {w} in each of the {b}"])]
LONG = ["show details of {b}", "long listing of {b}", "list {b} with details", "show permissions and sizes of {b}"]


def _file_action(rng: random.Random, k: float, body: str, find: str) -> tuple[str, str] | None:
    """Actions that only make sense for regular files, by the share of `k` from 0.62 on."""
    n, digits = fillers.number(rng, 1, 30)
    word, mode, user = rng.choice(WORDS), fill("mode", rng)[0], rng.choice(USERS)
    if k < 0.66:
        return rng.choice(LONG).format(b=body), f"{find} -exec ls -l {{}} +"
    if k < 0.70:
        return rng.choice(["total size of {b}", "how much space do {b} take", "calculate the total size of {b}"]).format(b=body), \
            f"{find} -exec du -ch {{}} + | tail -n 1"
    if k < 0.74:
        words = rng.choice(["{n} largest {b}", "the {n} biggest {b}", "top {n} {b} by size", "show the {n} largest {b}"])
        return words.format(n=n, b=body), f"{find} -printf '%s %p\\n' | sort -nr | head -n {digits}"
    if k < 0.78:
        words = rng.choice(["{n} most recently modified {b}", "the {n} newest {b}", "show the {n} latest {b}"])
        return words.format(n=n, b=body), f"{find} -printf '%T@ %p\\n' | sort -nr | head -n {digits} | cut -d' ' -f2-"
    if k < 0.84:
        flag, forms = rng.choice(GREPS)
        return rng.choice(forms).format(b=body, w=word), f"{find} -exec grep {flag} {word} {{}} +"
    if k < 0.87:
        return rng.choice(["count lines in {b}", "line count of {b}", "how many lines do the {b} have", "number of lines in {b}"]).format(b=body), \
            f"{find} -exec wc -l {{}} +"
    if k < 0.90:
        words = rng.choice(["chmod {m} {b}", "set permissions of {b} to {m}", "change mode of {b} to {m}"])
        return words.format(m=mode, b=body), f"{find} -exec chmod {mode} {{}} +"
    if k < 0.93:
        where, to = fillers.directory(rng)
        where, to = ("/backup", "/backup") if to == "." else (where, to)
        verb, words = rng.choice([("cp", "copy {b} to {d}"), ("mv", "move {b} to {d}"), ("mv", "move {b} into {d}")])
        return words.format(b=body, d=where), f"{find} -exec {verb} -t {to} {{}} +"
    if k < 0.95:
        return rng.choice(["compress {b} with gzip", "gzip {b}"]).format(b=body), f"{find} -exec gzip {{}} +"
    if k < 0.97:
        return rng.choice(["md5 checksums of {b}", "calculate the md5sum of {b}"]).format(b=body), f"{find} -exec md5sum {{}} +"
    if k < 0.985:
        return rng.choice(["sort {b} by name", "{b}, sorted", "sorted list of {b}"]).format(b=body), f"{find} | sort"
    return f"change the owner of {body} to {user}", f"{find} -exec chown {user} {{}} +"


def _action(rng: random.Random, kind: str, body: str, find: str) -> tuple[str, str]:
    k = rng.random()
    if 0.46 <= k < 0.54:
        words = rng.choice(["count {b}", "how many {b} are there", "number of {b}", "count the {b}", "print the number of {b}", "count how many {b}"])
        return words.format(b=body), f"{find} | wc -l"
    if 0.54 <= k < 0.62:
        words = rng.choice(["delete {b}", "remove {b}", "delete all {b}", "find and delete {b}", "get rid of {b}", "remove all {b}"])
        return words.format(b=body), f"{find} -exec rm -r {{}} +" if kind == "-type d" else f"{find} -delete"
    if kind in ("-type d", "") and 0.62 <= k < 0.75:
        return rng.choice(LONG[:3]).format(b=body), f"{find} -exec ls -ld {{}} +"
    if kind in ("-type d", "") and 0.75 <= k < 0.82:
        return rng.choice(["show the disk usage of {b}", "how big are the {b}", "size of {b}"]).format(b=body), f"{find} -exec du -sh {{}} +"
    if k >= 0.62 and kind not in ("-type d", ""):
        return _file_action(rng, k, body, find)
    return f"{rng.choice(LEADS)} {body}".strip(), find


def find_pair(rng: random.Random) -> tuple[str, str]:
    """Returns a request for `find` with one to five conditions, and its command."""
    draw = Draw(rng)
    chosen: list[Condition] = []
    while not chosen:
        noun, kind = _target(rng)
        chosen = _conditions(draw, kind)
    where, path = fillers.directory(rng)
    flags = [c[1] for place in ("head", "tail", "last") for c in _at(chosen, place)]
    find = " ".join(x for x in ["find", path, *(c[1] for c in _at(chosen, "depth")), kind, *flags] if x)
    text, command = _action(rng, kind, _describe(rng, noun, chosen, where), find)
    if rng.random() < 0.35:
        text = text[:1].upper() + text[1:]
    if text.lower().startswith(("how", "which")) and rng.random() < 0.5:
        text += "?"
    elif rng.random() < 0.12:
        text += "."
    return text, command


ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth"]
SEPARATORS = [(",", "comma"), (":", "colon"), ("\\t", "tab"), (";", "semicolon"), ("|", "pipe")]
# Requests by `|`, then the command. Values: {f} {g} files, {w} {v} words, {n} a number in words, {d} in digits, {e} = d + 10, {p} = d + 1,
# {c} a column, {o} its ordinal, {s} a separator in words, {cut} the cut command.
TEXT = r"""
lines containing {w} in {f}|show lines with '{w}' in {f}|search for {w} in {f}|grep {w} in {f}|print all lines in {f} that contain "{w}" => grep {w} {f}
count lines containing {w} in {f}|how many lines in {f} contain {w}|number of lines with {w} in {f}|count the lines in {f} that match '{w}' => grep -c {w} {f}
lines in {f} without {w}|print lines of {f} that do not contain '{w}'|exclude lines with {w} from {f}|all lines except those containing {w} in {f} => grep -v {w} {f}
search {w} in {f} ignoring case|case-insensitive search for '{w}' in {f}|find {w} in {f} regardless of case => grep -i {w} {f}
show {w} in {f} with line numbers|line numbers of lines matching {w} in {f}|on which lines does {w} occur in {f} => grep -n {w} {f}
how many times does {w} occur in {f}|count occurrences of '{w}' in {f}|total number of occurrences of {w} in {f} => grep -o {w} {f} | wc -l
lines starting with {w} in {f}|print lines that begin with '{w}' in {f} => grep '^{w}' {f}
lines ending with {w} in {f}|show lines in {f} that end in '{w}' => grep '{w}$' {f}
show {n} lines after each match of {w} in {f}|grep {w} in {f} with {n} lines of context after => grep -A {d} {w} {f}
show {n} lines around each match of {w} in {f}|grep {w} in {f} with {n} lines of context => grep -C {d} {w} {f}
whole word matches of {w} in {f}|lines of {f} with the whole word {w} => grep -w {w} {f}
first {n} lines of {f}|show the first {n} lines in {f}|print the top {n} lines of {f}|head of {f}, {n} lines => head -n {d} {f}
last {n} lines of {f}|show the last {n} lines of {f}|print the final {n} lines of {f} => tail -n {d} {f}
print line {d} of {f}|show line number {d} of {f}|line {d} of {f} => sed -n '{d}p' {f}
print lines {d} to {e} of {f}|show lines {d} through {e} in {f}|lines {d}-{e} of {f} => sed -n '{d},{e}p' {f}
delete line {d} from {f}|remove line {d} of {f} in place => sed -i '{d}d' {f}
remove empty lines from {f}|print {f} without blank lines|show {f} without empty lines => sed '/^$/d' {f}
delete lines containing {w} from {f} in place|remove all lines with {w} from {f}, editing the file => sed -i '/{w}/d' {f}
replace {w} with {v} in {f}|change every {w} to {v} in {f}|substitute '{w}' by '{v}' in {f} in place|replace all occurrences of {w} with {v} in {f} => sed -i 's/{w}/{v}/g' {f}
column {c} of {f}|print the {o} column of {f}|show field {c} of each line in {f}|print column {c} from {f} => awk '{{print ${c}}}' {f}
field {c} of the {s}-separated file {f}|extract column {c} from {f}, fields separated by {s}|print column {c} of {f} ({s} delimited)|cut field {c} from {f} using {s} as delimiter => {cut} {f}
sum of column {c} in {f}|add up the numbers in column {c} of {f}|total of field {c} in {f} => awk '{{s+=${c}}} END {{print s}}' {f}
average of column {c} in {f}|mean of field {c} in {f} => awk '{{s+=${c}}} END {{print s/NR}}' {f}
sort {f}|sort the lines of {f}|sort {f} alphabetically => sort {f}
sort {f} numerically|sort {f} by number|sort the numbers in {f} => sort -n {f}
sort {f} in reverse order|reverse sort {f}|sort {f} descending => sort -r {f}
sort {f} by column {c}|sort the lines of {f} on field {c} => sort -k{c},{c} {f}
sort {f} numerically by column {c}|numeric sort of {f} on field {c}|sort {f} by the number in column {c} => sort -k{c},{c}n {f}
unique lines of {f}|sort {f} and remove duplicates|remove duplicate lines from {f}|distinct lines in {f}|dedupe {f} => sort -u {f}
count how often each line occurs in {f}|frequency of each line in {f}|lines of {f} with their counts, most frequent first|count duplicate lines in {f} sorted by count => sort {f} | uniq -c | sort -nr
{n} most frequent lines in {f}|top {n} most common lines of {f} => sort {f} | uniq -c | sort -nr | head -n {d}
duplicate lines in {f}|show only lines that appear more than once in {f}|print repeated lines of {f} => sort {f} | uniq -d
number of unique lines in {f}|how many distinct lines are in {f}|count unique lines of {f} => sort -u {f} | wc -l
{n} most common values in column {c} of {f}|top {n} values of field {c} in {f}|count the values of column {c} in {f}, top {n} => awk '{{print ${c}}}' {f} | sort | uniq -c | sort -nr | head -n {d}
unique values in column {c} of {f} separated by {s}|distinct values of column {c} of the {s}-separated {f} => {cut} {f} | sort -u
count lines in {f}|number of lines in {f}|how many lines does {f} have|line count of {f} => wc -l {f}
count words in {f}|number of words in {f}|how many words are in {f} => wc -w {f}
number of characters in {f}|count the characters of {f} => wc -m {f}
size of {f} in bytes|how many bytes is {f} => wc -c {f}
length of the longest line in {f}|how long is the longest line of {f} => wc -L {f}
convert {f} to uppercase|print {f} in upper case|uppercase everything in {f} => tr '[:lower:]' '[:upper:]' < {f}
convert {f} to lowercase|print {f} in lower case => tr '[:upper:]' '[:lower:]' < {f}
remove all digits from {f}|delete the numbers from {f} => tr -d '0-9' < {f}
reverse the order of lines in {f}|print {f} from last line to first|{f} backwards, last line first => tac {f}
reverse each line of {f}|print every line of {f} reversed => rev {f}
number the lines of {f}|print {f} with line numbers|show {f} with line numbers => cat -n {f}
most common words in {f}|word frequency in {f}|count how often each word occurs in {f} => tr -s '[:space:]' '\n' < {f} | sort | uniq -c | sort -nr
{n} random lines from {f}|pick {n} random lines of {f}|shuffle {f} and show {n} lines => shuf -n {d} {f}
differences between {f} and {g}|compare {f} with {g}|diff {f} and {g} => diff {f} {g}
lines in {f} that are also in {g}|common lines of {f} and {g}|lines shared by {f} and {g} => grep -Fxf {g} {f}
lines in {f} that are not in {g}|what is in {f} but not in {g} => grep -vxFf {g} {f}
lines in {f} longer than {d}0 characters|print lines of {f} with more than {d}0 characters => awk 'length > {d}0' {f}
lines where column {c} is greater than {d} in {f}|rows of {f} with field {c} above {d} => awk '${c} > {d}' {f}
every {d}th line of {f}|print each {d}th line of {f} => awk 'NR % {d} == 0' {f}
split {f} into files of {d}0 lines|split {f} every {d}0 lines => split -l {d}0 {f}
append {w} to {f}|add the line '{w}' to the end of {f} => echo '{w}' >> {f}
write {w} to {f}|create {f} with the text '{w}'|save "{w}" in {f} => echo '{w}' > {f}
follow {f}|watch {f} as it grows|tail {f} live|show new lines of {f} as they are written => tail -f {f}
extract ip addresses from {f}|list all IP addresses in {f}|find ip addresses in {f} => grep -oE '([0-9]{{1,3}}\.){{3}}[0-9]{{1,3}}' {f}
extract email addresses from {f}|all emails in {f} => grep -oE '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{{2,}}' {f}
skip the first {n} lines of {f}|print {f} without the first {n} lines|all but the first {n} lines of {f} => tail -n +{p} {f}
all but the last {n} lines of {f}|drop the last {n} lines of {f} => head -n -{d} {f}
"""
TEXT_JOBS = [(requests.split("|"), command) for requests, command in (line.split(" => ") for line in TEXT.strip().splitlines())]


def text_pair(rng: random.Random) -> tuple[str, str]:
    """Returns a request about the lines of one or two files, and its command."""
    words, digits = fillers.number(rng, 1, 40)
    column = rng.randint(1, 6)
    separator, spoken = rng.choice(SEPARATORS)
    w, v = rng.sample(WORDS + STEMS, 2)
    values = {"f": fillers.filename(rng), "g": fillers.filename(rng), "w": w, "v": v, "n": words, "d": digits, "e": str(int(digits) + 10),
              "p": str(int(digits) + 1), "c": str(column), "o": ORDINALS[column - 1], "s": spoken,
              "cut": f"cut -f{column}" if separator == "\\t" else f"cut -d'{separator}' -f{column}"}
    requests, command = rng.choice(TEXT_JOBS)
    text = rng.choice(requests).format(**values)
    return (text[:1].upper() + text[1:] if rng.random() < 0.35 else text), command.format(**values)


def pair(rng: random.Random) -> tuple[str, str]:
    """Returns a composed request and its command: seven in ten are about `find`, the rest about text."""
    return find_pair(rng) if rng.random() < 0.7 else text_pair(rng)
