//! Flags that a program does not have, and operands that it cannot do without.
//!
//! A small model invents flags (`ls --changed-within 2h`) and offers GNU's on a Mac. The specs know better for the
//! programs that they list in full, and the table of many tools for some more; of others nothing is claimed.

use crate::Context;
use crate::line::Dialect;
use crate::safety::Report;
use crate::specs::{Args, Known, ReadRole, Reading, Role, lookup, parse_args};

/// Why a flag of the command cannot be right, as it reads in a rejection; `None` where all may be.
pub(super) fn impossible(report: &Report, ctx: &Context) -> Option<String> {
    // In these two the familiar names are commands of the shell's own, with other flags.
    if matches!(ctx.dialect, Dialect::Nu | Dialect::PowerShell) {
        return None;
    }
    for command in &report.commands {
        let Some((Some(program), arguments)) = command.argv.split_first() else { continue };
        // What cannot be known could be anything but is seldom a flag.
        let argv: Vec<&str> = arguments.iter().map(|word| word.as_deref().unwrap_or("unknown")).collect();
        if let Some(flag) = unlisted(program, &argv, ctx) {
            return Some(format!("{program} has no flag {flag}"));
        }
        let Some(spec) = lookup(program) else { continue };
        let args = parse_args(spec, &argv);
        let is_listed = args.path.iter().all(|spec| spec.complete);
        if is_listed && let Some(flag) = args.unknown_flags().next() {
            return Some(format!("{program} has no flag {flag}"));
        }
        if is_listed
            && NEEDY.contains(&spec.name)
            && lacks_operand(&args)
            && !command.argv.contains(&None)
            && report.commands.len() == 1
        {
            return Some(format!("{program} needs more than that"));
        }
        for item in &args.items {
            if let Role::Flag(flag) = item.role
                && !flag.platform.is_on(ctx.os)
            {
                return Some(format!("{program} has no flag {} on {}", item.text, ctx.os));
            }
        }
    }
    None
}

/// A flag that neither our spec nor the table knows, of a tool whose flags the table lists well.
fn unlisted<'a>(program: &str, argv: &[&'a str], ctx: &Context) -> Option<&'a str> {
    ctx.breadth.as_ref()?;
    let base = program.rsplit('/').next().unwrap_or(program);
    WELL_LISTED.binary_search(&base).ok()?;
    let reading = Reading::new(base, argv, ctx)?;
    if !reading.path.iter().all(Known::is_closed_in_table) {
        return None;
    }
    let unknown = reading.items.iter().find(|item| matches!(item.role, ReadRole::UnknownFlag));
    unknown.map(|item| item.text).filter(|flag| !matches!(*flag, "--help" | "--version" | "-h"))
}

/// Tools of the table in whose 15 or more uses of flags, in 87,000 lines of documentation and histories, there was
/// none that the table does not know. What a tool gets in later versions is found missing here first: such a tool
/// is taken out. Sorted.
const WELL_LISTED: &[&str] = &[
    "ansible",
    "bat",
    "eslint",
    "exa",
    "eza",
    "fzf",
    "gron",
    "http",
    "hugo",
    "lsd",
    "mongoimport",
    "mysql",
    "pandoc",
    "prettier",
    "psql",
    "ruff",
    "shasum",
    "wrk",
    "xcodebuild",
    "youtube-dl",
];

/// Programs that do nothing at all without the operands that their specs list. Sorted.
const NEEDY: &[&str] = &["chgrp", "chmod", "chown", "cp", "mkdir", "mv", "rm", "rmdir", "scp", "touch"];

/// True where fewer operands are given than the program always needs. Only for a command that stands alone: `xargs`
/// and `find -exec` give operands that are not in sight.
fn lacks_operand(args: &Args<'_>) -> bool {
    let variant = args.spec.variants.iter().find(|variant| args.has_any(variant.when));
    let operands = variant.map_or(args.spec.operands, |variant| variant.operands);
    let needed = operands.iter().filter(|operand| !operand.optional).count();
    // A flag with a value may stand in an operand's place, and help needs none.
    let excuses = |role: &Role| match role {
        Role::Value(_) | Role::Subcommand(_) => true,
        Role::Flag(flag) => flag.names.iter().any(|name| matches!(*name, "--help" | "--version" | "-N")),
        _ => false,
    };
    !args.items.iter().any(|item| excuses(&item.role)) && args.operands().count() < needed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Os;
    use crate::safety::check;

    fn check_flags(command: &str, os: Os, expect: Option<&str>) {
        let ctx = Context::default().with_os(os);
        assert_eq!(impossible(&check(command, &ctx), &ctx).as_deref(), expect, "{command}");
    }

    #[test]
    fn invented_flags_are_found() {
        check_flags("ls --changed-within 2h", Os::Linux, Some("ls has no flag --changed-within"));
        check_flags("cat a | sort --by-size", Os::Linux, Some("sort has no flag --by-size"));
        check_flags("sudo ls --changed-within 2h", Os::Linux, Some("ls has no flag --changed-within"));
        check_flags("find . -larger 3M", Os::Linux, Some("find has no flag -larger"));
    }

    /// What `training/details` adds are flags that the programs have, as far as the specs know.
    #[test]
    fn details_add_flags_that_exist() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../training/details");
        // A packaged crate has no such folder.
        let files: Vec<_> =
            std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        let mut wrong = Vec::new();
        for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        {
            for line in std::fs::read_to_string(path).unwrap().lines() {
                let row: serde_json::Value = serde_json::from_str(line).unwrap();
                let text = |key: &str| row.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
                if matches!(text("shell"), "nu" | "powershell") {
                    continue;
                }
                let mut add = text("add").to_owned();
                for (slot, kind) in
                    row.get("slots").and_then(serde_json::Value::as_object).into_iter().flatten()
                {
                    let value = match kind.as_str().unwrap_or_default() {
                        "size" => "10M",
                        "word" | "phrase" | "value" | "user" | "branch" => "x",
                        _ => "5",
                    };
                    add = add.replace(&format!("{{{slot}}}"), value);
                }
                let os = if text("os") == "macos" { Os::MacOs } else { Os::Linux };
                let ctx = Context::default().with_os(os);
                let command = format!("{} {add} x y", text("of"));
                wrong.extend(
                    impossible(&check(&command, &ctx), &ctx).map(|reason| format!("{command}: {reason}")),
                );
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn invented_flags_of_well_listed_tools_are_found_where_the_table_is() {
        use cmdai_breadth::{Table, Tool, ToolFlag, compile};
        let tool = |name: &str, open: bool| Tool {
            names: vec![name.to_owned()],
            flags: vec![ToolFlag { names: vec!["--style".to_owned()], ..ToolFlag::default() }],
            open,
            ..Tool::default()
        };
        let table = |open| {
            let bytes = compile(&[tool("bat", open), tool("other", false)], "tests 1");
            Table::open(bytes).expect("what was just made is a table")
        };
        let found = |command: &str, ctx: Context| impossible(&check(command, &ctx), &ctx);
        let with = |open| Context::default().with_breadth(table(open));
        assert_eq!(found("bat --made-up a", with(false)).as_deref(), Some("bat has no flag --made-up"));
        for command in ["bat --style=plain a", "bat --help", "bat -- --made-up", "other --made-up"] {
            assert_eq!(found(command, with(false)), None, "{command}");
        }
        assert_eq!(found("bat --made-up a", with(true)), None);
        assert_eq!(found("bat --made-up a", Context::default()), None);
        assert!(WELL_LISTED.is_sorted());
    }

    #[test]
    fn what_a_program_always_needs_must_be_there() {
        check_flags("chmod /etc/shadow", Os::Linux, Some("chmod needs more than that"));
        check_flags("cp a", Os::Linux, Some("cp needs more than that"));
        check_flags("find . | xargs chmod 644", Os::Linux, None);
        check_flags("cp a b", Os::Linux, None);
        check_flags("cp $files", Os::Linux, None);
    }

    #[test]
    fn real_flags_are_left() {
        for command in [
            "ls -lahS --sort=size",
            "find . -name '*.py' -exec grep -l --color x {} +",
            "tar xzf a.tgz",
            "sort -k2,2nr -t, a",
            "grep -rniE --include='*.py' x .",
            "du -sh -- *",
            "frobnicate --any",
            "head -5 a",
            "kill -9 12",
            "ls $flags",
            "sed -n 5p a",
            "git log --oneline --whatever",
        ] {
            check_flags(command, Os::Linux, None);
        }
    }

    #[test]
    fn a_mac_lacks_flags_of_gnu() {
        check_flags("find . -printf '%p\\n'", Os::Linux, None);
        check_flags("find . -printf '%p\\n'", Os::MacOs, Some("find has no flag -printf on macos"));
    }
}
