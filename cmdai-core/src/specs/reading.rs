//! The words of a command line by all that is known of its program, and what may stand next.
//!
//! [`super::parse_args`] reads for judging and knows our specs only. This reads for explaining and
//! completing: it knows the table too, and it can be asked in the middle of a line.

use super::ValueKind;
use super::known::{Known, KnownFlag, KnownValue};
use crate::context::Context;

/// A command line read, up to where a command begins that it runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reading<'t, 'a> {
    /// The program, then each subcommand.
    pub path: Vec<Known<'t>>,
    /// In the order written; a word may hold several items.
    pub items: Vec<Read<'t, 'a>>,
    /// The flag whose value must stand next.
    pub awaits: Option<KnownFlag<'t>>,
    /// True where no flags can follow.
    pub flags_over: bool,
    /// The word at which a command begins that this one runs, as `sudo` and `xargs` do: it and what follows it were
    /// not read. It may be the number of words: then that command stands next.
    pub command_at: Option<usize>,
    operands: usize,
    groups: usize,
}

/// Names of groups that are read before a verb.
const GROUPS: usize = 8;

/// One thing that a word, or a stretch of it, says.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Read<'t, 'a> {
    /// Which word, counted from the first after the program.
    pub word: usize,
    /// Where in the word it begins, in bytes.
    pub start: usize,
    /// What it says.
    pub text: &'a str,
    /// What it is.
    pub role: ReadRole<'t>,
}

/// What an item is to its program.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ReadRole<'t> {
    /// A subcommand.
    Subcommand(Known<'t>),
    /// The name of a group of commands, of which only the verbs are known.
    Group,
    /// A flag.
    Flag(KnownFlag<'t>),
    /// A flag that is not known.
    UnknownFlag,
    /// The value of a flag.
    Value(KnownValue<'t>),
    /// An operand; `None` where no more are expected.
    Operand(Option<KnownValue<'t>>),
    /// `--`, which ends the flags.
    EndOfFlags,
}

impl<'t, 'a> Reading<'t, 'a> {
    /// Reads `argv`, the words after the program called `program`. `None` where nothing is known of that.
    ///
    /// For completing, `argv` are the words before the one that is being typed.
    pub fn new(program: &str, argv: &[&'a str], ctx: &'t Context) -> Option<Self> {
        let mut reading = Self {
            path: vec![Known::find(program, ctx)?],
            items: Vec::with_capacity(argv.len() + 4),
            awaits: None,
            flags_over: false,
            command_at: None,
            operands: 0,
            groups: 0,
        };
        for (word, text) in argv.iter().enumerate() {
            let is_flag = text.starts_with('-') && reading.awaits.is_none() && !reading.flags_over;
            let is_assignment =
                text.contains('=') && reading.operand().is_some_and(|value| is_assignments(&value));
            if !is_flag && !is_assignment && reading.opens_command() {
                reading.command_at = Some(word);
                return Some(reading);
            }
            reading.word(word, text);
        }
        reading.command_at = reading.opens_command().then_some(argv.len());
        Some(reading)
    }

    /// The innermost subcommand, or the program.
    pub fn command(&self) -> Known<'t> {
        self.path[self.path.len() - 1]
    }

    /// The subcommands that may stand next.
    pub fn subcommands(&self) -> Vec<Known<'t>> {
        if self.awaits.is_some() || self.operands > 0 { Vec::new() } else { self.command().subcommands() }
    }

    /// The flags that may stand next and belong to the innermost subcommand; none after `--`.
    pub fn flags(&self) -> Vec<KnownFlag<'t>> {
        if self.flags_over || self.awaits.is_some() { Vec::new() } else { self.command().flags() }
    }

    /// The flags that may stand next and belong to what the subcommand stands under.
    pub fn outer_flags(&self) -> Vec<KnownFlag<'t>> {
        if self.flags_over || self.awaits.is_some() {
            return Vec::new();
        }
        let outer = self.path.iter().rev().skip(1).flat_map(Known::flags);
        outer.filter(|flag| flag.spec().is_some() || flag.is_inherited()).collect()
    }

    /// The flag of the innermost subcommand, or of what it stands under.
    pub fn find_flag(&self, name: &str) -> Option<KnownFlag<'t>> {
        self.path.iter().rev().find_map(|known| known.flag(name))
    }

    /// True where the flag is given already.
    pub fn has(&self, flag: &KnownFlag<'t>) -> bool {
        self.items.iter().any(|item| matches!(item.role, ReadRole::Flag(given) if given == *flag))
    }

    /// The value that may stand next: that of a flag, or an operand.
    pub fn value(&self) -> Option<KnownValue<'t>> {
        match self.awaits {
            Some(flag) => flag.value(),
            None => self.operand(),
        }
    }

    fn operand(&self) -> Option<KnownValue<'t>> {
        let mut expected = self.command().operands();
        let at = self.operands;
        if at < expected.len() {
            return Some(expected.swap_remove(at));
        }
        expected.into_iter().rev().find(|value| value.many)
    }

    /// True where a command of its own begins with the next word.
    fn opens_command(&self) -> bool {
        let expected = self.awaits.and_then(|flag| flag.value()).or_else(|| self.operand());
        let next = || self.command().operands().get(self.operands + 1).copied();
        match expected {
            Some(value) if is_assignments(&value) => {
                next().is_some_and(|next| next.kind == ValueKind::Command)
            }
            Some(value) => value.kind == ValueKind::Command,
            None => false,
        }
    }

    fn word(&mut self, word: usize, text: &'a str) {
        if let Some(flag) = self.awaits.take() {
            if let Some(value) = flag.value() {
                self.push(word, 0, text, ReadRole::Value(value));
            }
            return;
        }
        if !self.flags_over && text.len() > 1 && text.starts_with('-') {
            if text == "--" {
                self.push(word, 0, text, ReadRole::EndOfFlags);
                self.flags_over = true;
                return;
            }
            return self.flag(word, text);
        }
        if self.operands == 0
            && let Some(sub) = self.command().subcommand(text)
        {
            self.push(word, 0, text, ReadRole::Subcommand(sub));
            self.path.push(sub);
            return;
        }
        if self.operands == 0
            && self.groups < GROUPS
            && self.command().spec().is_some_and(|spec| !spec.verbs.is_empty())
        {
            self.push(word, 0, text, ReadRole::Group);
            self.groups += 1;
            return;
        }
        let operand = self.operand();
        self.push(word, 0, text, ReadRole::Operand(operand));
        self.operands += usize::from(!operand.is_some_and(|operand| is_assignments(&operand)));
        let style = self.command().spec().map(|spec| spec.style).unwrap_or_default();
        self.flags_over |= style.posix;
    }

    fn flag(&mut self, word: usize, text: &'a str) {
        let is_number = text[1..].bytes().all(|byte| byte.is_ascii_digit());
        if let Some(flag) = self.find_flag(text) {
            self.push(word, 0, text, ReadRole::Flag(flag));
            self.awaits = flag.takes_next_word().then_some(flag);
            return;
        }
        if let Some((name, value)) = text.split_once('=')
            && let Some(flag) = self.find_flag(name).or_else(|| self.find_flag(&text[..name.len() + 1]))
        {
            self.push(word, 0, name, ReadRole::Flag(flag));
            if let Some(known) = flag.value() {
                self.push(word, name.len() + 1, value, ReadRole::Value(known));
            }
            return;
        }
        let one_dash = self.path.iter().any(Known::has_one_dash);
        if text.starts_with("--") || is_number || !self.bundle(word, text, one_dash) {
            self.push(word, 0, text, ReadRole::UnknownFlag);
        }
    }

    /// `-xzf`, `-n5`: letters in one word, the last with a value. False where a letter is not known.
    fn bundle(&mut self, word: usize, text: &'a str, one_dash: bool) -> bool {
        let before = self.items.len();
        for (at, letter) in text.char_indices().skip(1) {
            let end = at + letter.len_utf8();
            let Some(flag) = self.find_flag(&format!("-{letter}")) else {
                self.items.truncate(before);
                return false;
            };
            let start = if at == 1 { 0 } else { at };
            let rest = &text[end..];
            if let Some(value) = flag.value() {
                self.push(word, start, &text[start..end], ReadRole::Flag(flag));
                if !rest.is_empty() {
                    self.push(word, end, rest, ReadRole::Value(value));
                } else if flag.takes_next_word() {
                    self.awaits = Some(flag);
                }
                return true;
            }
            if one_dash {
                // Letters are not put together where long flags have one dash.
                self.items.truncate(before);
                return false;
            }
            self.push(word, start, &text[start..end], ReadRole::Flag(flag));
        }
        true
    }

    fn push(&mut self, word: usize, start: usize, text: &'a str, role: ReadRole<'t>) {
        self.items.push(Read { word, start, text, role });
    }
}

/// `NAME=value` as often as there are, before what comes next.
fn is_assignments(value: &KnownValue<'_>) -> bool {
    value.kind == ValueKind::Assignment && value.many
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::specs::fixture;

    /// The roles of the words after the program, then what may stand next.
    fn check(line: &str, expect: &str) {
        let ctx = Context::default().with_breadth(fixture::table());
        let words: Vec<&str> = line.split(' ').collect();
        let reading = Reading::new(words[0], &words[1..], &ctx).expect("a known program");
        let mut told: Vec<String> = reading.items.iter().map(told).collect();
        told.extend(reading.awaits.map(|flag| format!("awaits {}", flag.names()[0])));
        told.extend(reading.command_at.map(|at| format!("command at {at}")));
        assert_eq!(told.join(", "), expect, "{line}");
    }

    fn told(item: &Read<'_, '_>) -> String {
        let role = match item.role {
            ReadRole::Subcommand(known) => format!("sub {}", known.name()),
            ReadRole::Group => "group".to_owned(),
            ReadRole::Flag(flag) => format!("flag {}", flag.names()[0]),
            ReadRole::UnknownFlag => "unknown".to_owned(),
            ReadRole::Value(value) => format!("value {}", value.name),
            ReadRole::Operand(value) => format!("operand {}", value.map_or("-", |value| value.name)),
            ReadRole::EndOfFlags => "end".to_owned(),
        };
        format!("{}: {role}", item.text)
    }

    #[test]
    fn words_of_the_table_are_read() {
        check("pile", "");
        check("pile ls -v a b", "ls: sub list, -v: flag -v, a: operand folder, b: operand folder");
        check("pile list --format=json", "list: sub list, --format: flag --format, json: value format");
        check("pile -vq add", "-v: flag -v, q: flag -q, add: sub add");
        check("pile -vz add", "-vz: unknown, add: sub add");
        check("pile push -n", "push: sub push, -n: flag -n, awaits -n");
        check(
            "pile push -n5 -- -v",
            "push: sub push, -n: flag -n, 5: value count, --: end, -v: operand where",
        );
        check("pile run -v ls -la", "run: sub run, -v: flag -v, command at 2");
        check("heap -name x", "-name: flag -name, x: value pattern");
    }

    #[test]
    fn words_of_our_specs_are_read() {
        check("tar -xzf a.tgz", "-x: flag -x, z: flag -z, f: flag -f, a.tgz: value archive");
        check("git push --force origin", "push: sub push, --force: flag -f, origin: operand remote");
        check("sudo -u root rm", "-u: flag -u, root: value user, command at 2");
        check("sudo", "command at 0");
        check("env A=b", "A=b: operand assignment, command at 1");
        check("env ls -l", "command at 0");
        check("aws ec2 terminate-instances", "ec2: group, terminate-instances: sub terminate-*");
    }

    #[test]
    fn what_may_stand_next_is_told() {
        let ctx = Context::default().with_breadth(fixture::table());
        let names = |reading: &Reading<'_, '_>| {
            let subs: Vec<_> = reading.subcommands().iter().map(Known::name).collect();
            let flags = |flags: Vec<KnownFlag<'_>>| {
                flags.iter().map(|flag| flag.names()[0].to_owned()).collect::<Vec<_>>().join(" ")
            };
            (subs.join(" "), flags(reading.flags()), flags(reading.outer_flags()))
        };
        let next = |words: &[&str]| names(&Reading::new("pile", words, &ctx).unwrap());
        let of = |subs: &str, flags: &str, outer: &str| (subs.to_owned(), flags.to_owned(), outer.to_owned());
        assert_eq!(next(&[]), of("add list push run", "-v -q", ""));
        assert_eq!(next(&["list"]), of("", "--format", "-v"));
        assert_eq!(next(&["push", "-n"]), of("", "", ""));
        assert_eq!(next(&["push", "--"]), of("", "", ""));
        let value = |words: &[&str]| {
            Reading::new("pile", words, &ctx).unwrap().value().map(|value| value.choices().join(" "))
        };
        assert_eq!(value(&["list"]).as_deref(), Some(""));
        assert_eq!(value(&["push", "-n"]).as_deref(), Some(""));
        assert_eq!(value(&["push"]).as_deref(), Some("top bottom"));
    }
}
