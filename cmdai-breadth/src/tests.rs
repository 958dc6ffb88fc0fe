use proptest::prelude::*;

use crate::{Command, Error, FORMAT, Kind, Table, Tool, ToolFlag, ToolValue, compile};

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

/// Two tools that share a subcommand.
fn tools() -> Vec<Tool> {
    let verbose = ToolFlag {
        names: names(&["-v", "--verbose"]),
        about: "Prints more.".into(),
        inherited: true,
        ..ToolFlag::default()
    };
    let format = ToolFlag {
        names: names(&["--format"]),
        about: "How it looks.".into(),
        values: vec![ToolValue {
            name: "format".into(),
            choices: vec![("json".into(), "For programs.".into()), ("text".into(), String::new())],
            ..ToolValue::default()
        }],
        excludes: names(&["--quiet"]),
        joined: true,
        ..ToolFlag::default()
    };
    let list = Tool {
        names: names(&["list", "ls"]),
        about: "Lists what is there.".into(),
        flags: vec![format.clone()],
        operands: vec![ToolValue {
            name: "folder".into(),
            kind: Kind::Folder,
            many: true,
            ..ToolValue::default()
        }],
        ..Tool::default()
    };
    let add = Tool { names: names(&["add"]), open: true, ..Tool::default() };
    vec![
        Tool {
            names: names(&["pile", "p"]),
            about: "Keeps things on piles.".into(),
            flags: vec![verbose.clone()],
            subcommands: vec![list.clone(), add],
            ..Tool::default()
        },
        Tool {
            names: names(&["heap"]),
            flags: vec![verbose],
            subcommands: vec![list],
            one_dash: true,
            ..Tool::default()
        },
    ]
}

fn table() -> Table {
    Table::open(compile(&tools(), "tests 1")).unwrap()
}

#[test]
fn what_was_written_is_read() {
    let table = table();
    assert_eq!((table.source(), table.len(), table.verify()), ("tests 1", 3, Ok(())));
    assert_eq!(table.tools().map(|(name, _)| name).collect::<Vec<_>>(), ["heap", "p", "pile"]);
    let pile = table.find("pile").unwrap();
    assert_eq!(Some(pile), table.find("p"));
    assert_eq!((pile.name(), pile.about().as_str()), ("pile", "Keeps things on piles."));
    assert_eq!(pile.subcommands().map(|sub| sub.name()).collect::<Vec<_>>(), ["add", "list"]);
    let verbose = pile.flag("--verbose").unwrap();
    assert!(verbose.is_inherited() && verbose.values().next().is_none() && verbose.about() == "Prints more.");
    let list = pile.subcommand("ls").unwrap();
    assert_eq!(Some(list), table.find("heap").unwrap().subcommand("list"));
    let folder = list.operands().next().unwrap();
    assert_eq!(
        (folder.name(), folder.kind(), folder.is_many(), folder.is_optional()),
        ("folder", Kind::Folder, true, false)
    );
    let format = list.flag("--format").unwrap();
    assert!(format.is_joined() && format.excludes().eq(["--quiet"]));
    let value = format.values().next().unwrap();
    assert_eq!(
        value.described_choices().collect::<Vec<_>>(),
        [("json", "For programs.".to_owned()), ("text", String::new())]
    );
    assert!(pile.subcommand("add").unwrap().is_open() && !pile.has_one_dash());
    assert!(
        table.find("heap").unwrap().has_one_dash() && table.find("pil").is_none() && table.find("").is_none()
    );
}

#[test]
fn the_same_tools_give_the_same_bytes() {
    let mut turned = tools();
    turned.reverse();
    turned.iter_mut().for_each(|tool| tool.subcommands.reverse());
    assert_eq!(compile(&tools(), "x"), compile(&turned, "x"));
    assert_ne!(compile(&tools(), "x"), compile(&tools(), "y"));
}

#[test]
fn what_is_no_table_is_refused() {
    let bytes = compile(&tools(), "tests 1");
    for end in 0..crate::layout::HEADER {
        assert_eq!(Table::open(bytes[..end].to_vec()).unwrap_err(), Error::NoTable, "{end}");
    }
    assert_eq!(Table::open(bytes[..bytes.len() - 1].to_vec()).unwrap_err(), Error::NoTable);
    let mut other = bytes.clone();
    other[8] = 99;
    assert_eq!(Table::open(other).unwrap_err(), Error::Format(99));
    let mut damaged = bytes.clone();
    *damaged.last_mut().unwrap() ^= 1;
    assert_eq!(Table::open(damaged).unwrap().verify(), Err(Error::Damaged));
    assert_ne!(FORMAT, 99);
}

#[test]
fn nothing_is_in_an_empty_table() {
    let table = Table::open(compile(&[], "")).unwrap();
    assert!(table.is_empty() && table.find("a").is_none() && table.tools().next().is_none());
}

/// Reads all that a command says, some levels deep.
fn read(command: Command<'_>, depth: usize) -> usize {
    let mut seen = command.names().map(str::len).sum::<usize>() + command.about().len();
    for flag in command.flags().take(40) {
        seen += flag.names().count() + flag.about().len() + flag.excludes().count();
        for value in flag.values().take(40) {
            seen += value.name().len() + value.about().len() + value.described_choices().take(40).count();
        }
    }
    seen += command.operands().take(40).map(|value| value.name().len()).sum::<usize>();
    if depth > 0 {
        seen += command.subcommands().take(10).map(|sub| read(sub, depth - 1)).sum::<usize>();
    }
    seen
}

fn read_all(bytes: Vec<u8>) {
    if let Ok(table) = Table::open(bytes) {
        let _ = (table.verify(), table.source().len(), table.find("pile"), table.find("list"));
        table.tools().take(40).for_each(|(_, command)| {
            read(command, 3);
        });
    }
}

proptest! {
    #[test]
    fn damaged_tables_are_read_to_an_end(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let mut bytes = compile(&tools(), "tests 1");
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        read_all(bytes);
    }

    #[test]
    fn damaged_content_is_read_to_an_end(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40)) {
        let mut bytes = compile(&tools(), "tests 1");
        let content = crate::layout::HEADER;
        for (at, byte) in changes {
            let at = content + at.index(bytes.len() - content);
            bytes[at] = byte;
        }
        read_all(bytes);
    }

    #[test]
    fn any_bytes_are_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_all(bytes.clone());
        let mut made = compile(&tools(), "tests 1");
        made.truncate(crate::layout::HEADER);
        made.extend(bytes);
        read_all(made);
    }

    #[test]
    fn any_words_come_back(name in ".{1,12}", about in ".{0,60}") {
        let tool = Tool { names: vec![name.clone()], about: about.clone(), ..Tool::default() };
        let table = Table::open(compile(&[tool], "")).unwrap();
        let found = table.find(&name).unwrap();
        prop_assert_eq!((found.name(), found.about()), (name.as_str(), about));
    }
}
