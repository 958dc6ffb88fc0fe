//! A small table of tools for tests: some of its own, some that our specs know better.

use cmdai_breadth::{Kind, Table, Tool, ToolFlag, ToolValue, compile};

fn names(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

fn flag(flag: &str, about: &str) -> ToolFlag {
    ToolFlag { names: names(flag), about: about.to_owned(), ..ToolFlag::default() }
}

fn value(name: &str) -> ToolValue {
    ToolValue { name: name.to_owned(), ..ToolValue::default() }
}

fn choice(name: &str, of: &str) -> ToolValue {
    ToolValue { choices: names(of).into_iter().map(|one| (one, String::new())).collect(), ..value(name) }
}

fn sub(name: &str, about: &str) -> Tool {
    Tool { names: names(name), about: about.to_owned(), ..Tool::default() }
}

/// The table.
pub(crate) fn table() -> Table {
    let verbose = ToolFlag { inherited: true, ..flag("-v --verbose", "Prints more.") };
    let list = Tool {
        flags: vec![ToolFlag {
            values: vec![choice("format", "json text")],
            joined: true,
            ..flag("--format", "How it looks.")
        }],
        operands: vec![ToolValue { kind: Kind::Folder, many: true, ..value("folder") }],
        ..sub("list ls", "Lists what is there.")
    };
    let push = Tool {
        flags: vec![ToolFlag { values: vec![value("count")], ..flag("-n --number", "So many.") }],
        operands: vec![choice("where", "top bottom")],
        ..sub("push", "Puts something on a pile.")
    };
    let run = Tool {
        operands: vec![ToolValue { kind: Kind::Command, many: true, ..value("command") }],
        ..sub("run", "Runs a command for each pile.")
    };
    let pile = Tool {
        flags: vec![verbose, flag("-q --quiet", "Prints less.")],
        subcommands: vec![list, push, run, sub("add", "Makes a pile.")],
        ..sub("pile", "Keeps things on piles.")
    };
    let heap = Tool {
        flags: vec![ToolFlag { values: vec![value("pattern")], ..flag("-name", "With such a name.") }],
        one_dash: true,
        ..sub("heap", "Keeps things on a heap.")
    };
    let git_push = Tool {
        flags: vec![
            flag("--force", "In the table's words."),
            flag("--made-up", "Only in the table."),
            ToolFlag {
                values: vec![choice("check", "check no")],
                ..flag("--recurse-submodules", "In the table's words.")
            },
        ],
        ..sub("push", "In the table's words.")
    };
    let git = Tool {
        subcommands: vec![sub("knit", "Knits branches together."), git_push],
        ..sub("git", "In the table's words.")
    };
    let ls =
        Tool { flags: vec![flag("--made-up", "Only in the table.")], ..sub("ls", "In the table's words.") };
    // A table that is wrong about a dangerous program: nothing is judged by it.
    let rm = Tool {
        operands: vec![value("text")],
        subcommands: vec![sub("-rf", "Shows help."), sub("/", "Does nothing.")],
        ..sub("rm", "Prints a text.")
    };
    let table = compile(&[pile, heap, git, ls, rm], "tests 1");
    Table::open(table).expect("what was just made is a table")
}
