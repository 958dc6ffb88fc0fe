import random

import pytest

from cmdai_training import compose, corpus, expand, fillers, wording
from cmdai_training.drafts import Drafts, borrow
from cmdai_training.mixture import PORTABLE, SHARES, Mixture

LARGER = {"id": "find.size", "shell": "bash", "os": "linux", "nl": ["files larger than {size} {dir_in}", "in {dir}, what is over {size}?"],
          "cmd": "find {dir} -type f -size +{size}", "slots": {"dir": "dir", "size": "size"}}


def intent(id, cmd, *phrases, slots=None, file="tools", shell="bash", os="any"):
    return {"id": id, "shell": shell, "os": os, "cmd": cmd, "alt": [], "slots": slots or {}, "file": file, "whole": False,
            "train": list(enumerate(phrases)), "held": []}


def test_the_same_seed_gives_the_same_pairs():
    made = [list(expand.pairs(LARGER, LARGER["nl"] * 20, random.Random(5))) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0] != list(expand.pairs(LARGER, LARGER["nl"] * 20, random.Random(6)))


def test_values_of_the_command_stand_in_the_request():
    for text, command, shell in expand.pairs(LARGER, LARGER["nl"] * 50, random.Random(1)):
        number = shell["size"].rstrip("kMG")
        assert number in text
        assert shell["dir"] in command and (shell["dir"] in text or shell["dir"] in (".", "/") or shell["dir"].startswith("~"))


def test_two_slots_of_one_type_differ():
    row = {"id": "cp", "shell": "bash", "os": "any", "nl": ["copy {file} to {file2}"], "cmd": "cp {file} {file2}", "slots": {"file": "file", "file2": "file"}}
    assert all(v["file"] != v["file2"] for _, _, v in expand.pairs(row, row["nl"] * 200, random.Random(2)))


@pytest.mark.parametrize("shell, os, want", [("bash", "any", ""), ("zsh", "macos", "[macos] "), ("bash", "macos", "[macos] "), ("zsh", "any", "[zsh] "),
                                             ("fish", "any", "[fish] "), ("nu", "any", "[nu] "), ("powershell", "windows", "[powershell] ")])
def test_tag(shell, os, want):
    assert expand.tag(shell, os) == want


@pytest.mark.parametrize("before, after", [("find files larger than 1 MB in the current directory", "find files larger than 1 MB"),
                                           ("what is here", "what is"), ("count py files under this folder", "count py files"), ("list /tmp", "list /tmp")])
def test_here_may_stay_unsaid(before, after):
    assert wording.drop_here(before) == after


def test_typing_never_touches_what_the_command_needs():
    rng = random.Random(3)
    for _ in range(300):
        text = wording.as_typed("Please Rename Makefile to Backup.old and show README", "mv Makefile Backup.old && cat README", rng)
        assert "Makefile" in text and "Backup.old" in text and "README" in text


def test_every_filler_gives_words_and_a_value():
    rng = random.Random(4)
    for kind in [*fillers.FILLERS, *fillers.LISTS]:
        for _ in range(50):
            words, value = fillers.fill(kind, rng)
            assert words and value and "\n" not in words + value


def test_composed_requests_repeat_by_seed():
    a, b = ([compose.pair(random.Random(s)) for s in range(200)] for _ in range(2))
    assert a == b
    assert all(text and command and "{F}" not in text for text, command in a)


def test_the_split_depends_on_the_key_alone():
    assert corpus.bucket("find", "find.size", 3) == corpus.bucket("find", "find.size", 3) != corpus.bucket("find", "find.size", 4)


@pytest.mark.parametrize("cmd, portable", [("ls -l | wc -l", True), ("echo $HOME", False), ("for f in *; do ls; done", False), ("DEBUG=1 make", False), ("git status && git log", True)])
def test_portable(cmd, portable):
    assert bool(PORTABLE.match(cmd)) is portable


def test_drafts_never_come_from_the_phrasing_itself():
    rows = [intent("a", "wc -l {file}", "count lines in {file}", "number of lines in {file}", slots={"file": "file"}),
            intent("b", "wc -w {file}", "count words in {file}", "number of words in {file}", slots={"file": "file"})]
    rows += [intent(f"c{i}", f"tool{i}", f"do thing {i} with count", f"thing number {i}") for i in range(30)]
    index = Drafts(rows)
    near = index.find(0, 0, "count lines in {file}", {"file": "x.txt"}, 3, without_own=False)
    assert near[0] in ("wc -l x.txt", "wc -w x.txt") and "wc -l x.txt" in near
    assert "wc -l x.txt" not in index.find(0, 0, "count lines in {file}", {"file": "x.txt"}, 3, without_own=True)


def test_a_draft_borrows_values_by_type():
    asked = intent("a", "", "", slots={"file": "file", "n": "n"})
    assert borrow(intent("b", "head -n {n} {file}", "", slots={"n": "n", "file": "file"}), asked, {"file": "x", "n": "7"}) == "head -n 7 x"
    assert borrow(intent("b", "du {dir}", "", slots={"dir": "dir"}), asked, {"file": "x", "n": "7"}) == "du ."
    assert borrow(intent("b", "kill {pid}", "", slots={"pid": "pid"}), asked, {"file": "x", "n": "7"}) is None


def test_shares_add_up_and_the_mixture_repeats_by_seed():
    assert sum(SHARES.values()) == pytest.approx(1.0, abs=1e-9)
    rows = [intent(f"{f}{i}", "ls {dir}", f"list {{dir}} way {i}", f"show {{dir}} {i}", slots={"dir": "dir"}, file=f)
            for f in ("tools", "find", "dialects", "everyday") for i in range(15)]
    pairs = [{"p": f"{k} {i}", "cmd": "true", "family": k} for k in corpus.PAIR_SHARES for i in range(5)]
    made = [list(Mixture(rows, pairs, 9).rows(300)) for _ in range(2)]
    assert made[0] == made[1] and len(made[0]) == 300
