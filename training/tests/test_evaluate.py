import pytest

from cmdai_training import evaluate, files, prompt, stats

ROWS = [{"p": "a", "cmd": "ls -l", "alt": ["ls  -l ."], "file": "files", "whole": False}, {"p": "b", "cmd": "pwd", "alt": [], "file": "everyday", "whole": True}]


def test_wilson_and_mcnemar():
    low, high = stats.wilson(50, 100)
    assert (round(low, 3), round(high, 3)) == (0.404, 0.596)
    assert stats.wilson(0, 0) == (0.0, 1.0)
    assert stats.mcnemar([True] * 10, [True] * 10) == (0, 0, 1.0)
    assert stats.mcnemar([True] * 6 + [False], [False] * 6 + [True])[2] == pytest.approx(0.125)


def test_report_counts_alternatives_and_agreement():
    made = evaluate.report(ROWS, {"full": ["ls -l", "pwd"], "small": ["ls -l  .", "cd"]}, "full")
    assert made["exact"]["full"]["all"]["rate"] == 1.0
    assert made["exact"]["small"]["all"]["rate"] == 0.5 and made["exact"]["small"]["whole intents"]["rate"] == 0.0
    assert made["same text as full"]["small"]["rate"] == 0.0
    assert made["paired"] == [{"a": "full", "b": "small", "only_a": 1, "only_b": 0, "p": 1.0}]


def test_a_prompt_holds_its_marks():
    assert prompt.assemble([10, 11], []) == [1, 10, 11, 5]
    assert prompt.assemble([10], [[20], [21, 22]]) == [1, 10, 3, 20, 3, 21, 22, 5]


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_files_read_back_and_repeat_to_the_byte(tmp_path, name):
    assert files.write(tmp_path / name, ROWS) == 2
    first = (tmp_path / name).read_bytes()
    files.write(tmp_path / name, files.read(tmp_path / name))
    assert (tmp_path / name).read_bytes() == first and list(files.read(tmp_path / name)) == ROWS
    assert sorted(p.name for p in tmp_path.iterdir()) == [name]
