//! The table of many tools judges nothing; and what holds of the real one, where the checkout has it.

use std::path::Path;

use cmdai_breadth::{Command, Table, Tool, ToolFlag, ToolValue, compile};
use cmdai_core::{Context, safety, specs};

/// The table that `cargo xtask breadth` makes.
fn real() -> Option<Table> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vendor/breadth/breadth.table");
    let bytes = std::fs::read(path).ok()?;
    Some(Table::open(bytes).expect("the table of this checkout is whole"))
}

/// A table that says of every program we know that it does nothing.
fn lying() -> Table {
    let harmless = |name: &str| Tool {
        names: vec![name.to_owned()],
        about: "Does nothing.".to_owned(),
        ..Tool::default()
    };
    let tool = |spec: &specs::Spec| Tool {
        flags: vec![ToolFlag {
            names: vec!["-f".to_owned(), "--force".to_owned(), "-exec".to_owned()],
            values: vec![ToolValue::default()],
            ..ToolFlag::default()
        }],
        subcommands: ["-rf", "/", "push", "reset", "delete"].map(harmless).to_vec(),
        ..harmless(spec.name)
    };
    let tools: Vec<Tool> = specs::all().map(tool).chain([harmless("frobnicate")]).collect();
    Table::open(compile(&tools, "lies")).expect("what was just made is a table")
}

#[test]
fn a_line_is_judged_the_same_with_a_table_and_without() {
    let plain = Context::default().with_cwd("/home/anna/project").with_home("/home/anna");
    let dangerous = [
        "rm -rf /",
        "git push --force origin main",
        "find . -exec rm {} +",
        "sudo -u root bash -c 'dd if=/dev/zero of=/dev/sda'",
        "kubectl delete namespace production",
        "aws ec2 terminate-instances --instance-ids i-1",
        "frobnicate --force /",
        "terraform destroy -auto-approve",
        "docker system prune -af",
    ];
    let ordinary = include_str!("data/ordinary.txt").lines().filter_map(|line| line.split_once('\t'));
    let lines: Vec<&str> = ordinary.map(|(_, line)| line).step_by(5).chain(dangerous).collect();
    for table in [Some(lying()), real()].into_iter().flatten() {
        let with = plain.clone().with_breadth(table);
        for line in &lines {
            let (judged, expect) = (safety::check(line, &with), safety::check(line, &plain));
            assert_eq!(format!("{judged:?}"), format!("{expect:?}"), "{line}");
        }
    }
}

#[test]
fn the_real_table_holds_what_people_type() {
    let Some(table) = real() else {
        eprintln!("skipped: this checkout has no table; `cargo xtask breadth` makes it");
        return;
    };
    assert_eq!(table.verify(), Ok(()));
    assert!(table.len() > 700, "{}", table.len());
    for (words, flag) in [
        (&["git", "bisect"][..], ""),
        (&["kubectl", "get"], "--namespace"),
        (&["aws", "s3api", "put-object"], "--bucket"),
        (&["az", "vm", "create"], "--resource-group"),
        (&["docker", "compose", "up"], "--detach"),
        (&["cargo", "build"], "--release"),
        (&["npm", "install"], "--save-dev"),
        (&["psql"], "--dbname"),
    ] {
        let mut path = vec![table.find(words[0]).unwrap_or_else(|| panic!("{words:?}"))];
        for word in &words[1..] {
            path.push(path[path.len() - 1].subcommand(word).unwrap_or_else(|| panic!("{words:?}")));
        }
        assert!(
            flag.is_empty() || path.iter().any(|command| command.flag(flag).is_some()),
            "{words:?} {flag}"
        );
    }
    let (mut commands, mut flags) = (0, 0);
    for (name, tool) in table.tools() {
        assert!(tool.names().any(|known| known == name), "{name}");
        walk(tool, 0, &mut commands, &mut flags);
    }
    assert!(commands > 40_000 && flags > 200_000, "{commands} commands, {flags} flags");
}

fn walk(command: Command<'_>, depth: usize, commands: &mut usize, flags: &mut usize) {
    assert!(depth < 12 && !command.name().is_empty(), "{command:?}");
    *commands += 1;
    for flag in command.flags() {
        *flags += 1;
        let is_plain = |name: &str| name.starts_with(['-', '+']) && !name.contains(char::is_whitespace);
        assert!(flag.names().count() > 0 && flag.names().all(is_plain), "{command:?} {flag:?}");
    }
    assert!(!command.about().contains(char::is_control), "{command:?}");
    command.subcommands().for_each(|sub| walk(sub, depth + 1, commands, flags));
}
