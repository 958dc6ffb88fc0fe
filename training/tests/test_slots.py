import pytest

from cmdai_training import slots


@pytest.mark.parametrize("template, values, want", [
    ("wc -l {file}", {"file": "a.txt"}, "wc -l a.txt"),
    ("awk '{{print ${col}}}' {file}", {"col": "2", "file": "x"}, "awk '{print $2}' x"),
    ("find . -exec grep {word} {{}} +", {"word": "foo"}, "find . -exec grep foo {} +"),
    ("echo ${{HOME}}", {}, "echo ${HOME}"),
    ("{{{n}}}", {"n": "3"}, "{3}"),
    ("{file2} {file}", {"file": "a", "file2": "b"}, "b a"),
])
def test_render(template, values, want):
    assert slots.render(template, values) == want


def test_a_slot_without_a_value_is_an_error():
    with pytest.raises(KeyError):
        slots.render("cat {file}", {})


def test_names_and_kinds():
    assert slots.names("awk '{{print ${col}}}' {file2}") == {"col", "file2"}
    assert slots.kind("file2") == "file" and slots.kind("n") == "n"


def test_problems_name_the_slot():
    row = {"id": "x", "shell": "bash", "nl": ["show {file}", "in {dir_in}"], "cmd": "cat {other}", "slots": {"file": "file"}}
    assert slots.problems(row) == ["the command uses an undeclared slot {other}", "a request uses an undeclared slot {dir_in}"]
