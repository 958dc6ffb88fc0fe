//! Flags that a program does not have, and operands that it cannot do without.
//!
//! A small model invents flags (`ls --changed-within 2h`) and offers GNU's on a Mac. The specs know better for the
//! programs that they list in full; of others nothing is claimed.

use crate::Context;
use crate::line::Dialect;
use crate::safety::Report;
use crate::specs::{Args, Role, lookup, parse_args};

/// Why a flag of the command cannot be right, as it reads in a rejection; `None` where all may be.
pub(super) fn impossible(report: &Report, ctx: &Context) -> Option<String> {
    // In these two the familiar names are commands of the shell's own, with other flags.
    if matches!(ctx.dialect, Dialect::Nu | Dialect::PowerShell) {
        return None;
    }
    for command in &report.commands {
        let Some((Some(program), arguments)) = command.argv.split_first() else { continue };
        let Some(spec) = lookup(program) else { continue };
        // What cannot be known could be anything but is seldom a flag.
        let argv: Vec<&str> = arguments.iter().map(|word| word.as_deref().unwrap_or("unknown")).collect();
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
