//! Command knowledge: one spec a program, with four uses (judge, explain, complete, validate).
//!
//! A spec is a TOML file in `specs/`, packed at build time and read when it is first looked up; `docs/specs.md`
//! describes the schema. [`lookup`] finds one by the program's name, [`parse_args`] gives each word
//! of a command line its role. [`Known`] lays our specs over the table of many tools
//! ([`crate::Context::breadth`]), where there is one; judging never looks at that table.

mod args;
#[cfg(test)]
pub(crate) mod fixture;
mod known;
mod packed;
mod reading;

pub use args::{Args, Item, Role, parse_args};
pub use known::{Known, KnownFlag, KnownValue};
pub use reading::{Read, ReadRole, Reading};

use crate::context::Os;
use crate::line::Dialect;
use crate::safety::EffectKind;

/// What is known of a program or of one of its subcommands.
#[derive(Debug)]
#[non_exhaustive]
pub struct Spec {
    /// The name it is called by.
    pub name: &'static str,
    /// Other names of the same program, such as `python` for `python3`.
    pub aliases: &'static [&'static str],
    /// What it does, one sentence.
    pub summary: &'static str,
    /// The userland it belongs to.
    pub platform: Platform,
    /// How its words are read.
    pub style: Style,
    /// True where every flag that people use is listed, so that an unlisted one is likely a mistake.
    pub complete: bool,
    /// Flags, sorted by the form they are written in.
    pub flags: &'static [Flag],
    /// Operands of the form `key=value`, as `dd` has them; the names are without the `=`.
    pub keys: &'static [Flag],
    /// Operands in order, unless a variant holds.
    pub operands: &'static [Operand],
    /// Other operands for when some flag is given; the first that holds wins.
    pub variants: &'static [Variant],
    /// Subcommands, sorted by name.
    pub subcommands: &'static [Spec],
    /// Verbs that may stand below any group of commands: `aws GROUP delete-*`. Own ones come first,
    /// then those that several programs share. Where there are any, a word that is neither a
    /// subcommand nor a verb names a group.
    pub verbs: &'static [&'static [Spec]],
    /// What it does beyond what the kinds of its operands and values say.
    pub effects: &'static [EffectRule],
    /// Whether its effects on paths reach below them.
    pub recursive: Recursive,
    /// Flags under which it only tells what it would do.
    pub dry: &'static [&'static str],
    /// What becomes of standard input.
    pub stdin: Input,
    /// Where its output comes from.
    pub output: Output,
    /// Lines that show it; tests read and judge every one.
    pub examples: &'static [&'static str],
}

/// A flag.
#[derive(Debug)]
#[non_exhaustive]
pub struct Flag {
    /// All its names with their dashes; the first stands for it in conditions.
    pub names: &'static [&'static str],
    /// Its value, where it takes one.
    pub value: Option<Value>,
    /// What it does, one sentence.
    pub doc: &'static str,
    /// The userland that has it.
    pub platform: Platform,
}

/// The value of a flag.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Value {
    /// What it is called in help.
    pub name: &'static str,
    /// What it is.
    pub kind: ValueKind,
    /// True where the flag stands without it too; then it is joined to the flag.
    pub optional: bool,
}

/// An operand.
#[derive(Debug)]
#[non_exhaustive]
pub struct Operand {
    /// What it is called in help.
    pub name: &'static str,
    /// What it is.
    pub kind: ValueKind,
    /// True where there may be several.
    pub many: bool,
    /// True where it may be left out.
    pub optional: bool,
}

/// Operands for when one of some flags is given.
#[derive(Debug)]
#[non_exhaustive]
pub struct Variant {
    /// First names of the flags.
    pub when: &'static [&'static str],
    /// The operands then.
    pub operands: &'static [Operand],
}

/// What a value or operand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ValueKind {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// A size such as `10M`.
    Size,
    /// A date or duration.
    Time,
    /// One of a few words.
    Choice,
    /// A format string.
    Format,
    /// A regular expression.
    Pattern,
    /// A file name pattern.
    Glob,
    /// The name of something in the program's own world: a branch, a container, a service.
    Name,
    /// A user or group.
    User,
    /// Another machine, perhaps with a user and a path.
    Host,
    /// A URL.
    Url,
    /// A port or an address with one.
    Port,
    /// File permissions.
    Mode,
    /// A signal.
    Signal,
    /// A process by number or name.
    Process,
    /// `NAME=value`.
    Assignment,
    /// Shell code.
    Code,
    /// A program and its arguments: this word and all after it.
    Command,
    /// Database statements.
    Sql,
    /// Text that is sent; `@file` stands for the content of a file.
    Data,
    /// A local path or `host:path`.
    Place,
    /// Code in another language.
    Script(Language),
    /// A path, and what is done with it.
    Path(PathUse),
}

/// What a program does with a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathUse {
    /// Names it only.
    Any,
    /// Reads it.
    Read,
    /// Writes it, replacing what was there.
    Write,
    /// Adds to it.
    Append,
    /// Makes it, touching nothing that exists.
    Create,
    /// Deletes it.
    Delete,
    /// Takes it away from where it is.
    Move,
    /// Changes its permissions or owner.
    Permission,
    /// Runs it.
    Run,
    /// Works in it.
    Directory,
}

/// Languages of inline scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names say it")]
pub enum Language {
    AppleScript,
    Awk,
    Debugger,
    Editor,
    Groovy,
    JavaScript,
    Julia,
    Lisp,
    Lua,
    Make,
    Perl,
    Php,
    Python,
    R,
    Ruby,
    Sed,
    Tcl,
}

/// A userland.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Platform {
    /// All of them.
    Any,
    /// GNU and Linux.
    Gnu,
    /// BSD and macOS.
    Bsd,
}

impl Platform {
    /// True where it is found on `os`.
    pub fn is_on(self, os: Os) -> bool {
        match self {
            Self::Any => true,
            Self::Gnu => os != Os::MacOs,
            Self::Bsd => os == Os::MacOs,
        }
    }
}

/// How the words of a program are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Style {
    /// Flags end at the first operand.
    pub posix: bool,
    /// Long flags have one dash, as in `find -name`.
    pub one_dash: bool,
    /// The first word may be a bundle of flags without a dash, as in `tar xzf`.
    pub bare_bundle: bool,
    /// `-5` is a number.
    pub number: bool,
    /// Parameters as cmdlets have them: one dash, either case, any unique beginning, `-Name:value`; an
    /// operand is not expected where the parameter of its name is given.
    pub parameters: bool,
    /// Flags as Windows programs have them: `/q`, `/S`, `-s`, `/out:value`, in either case.
    pub slash: bool,
}

/// One thing a program does beyond what the kinds of its operands say.
#[derive(Debug)]
#[non_exhaustive]
pub struct EffectRule {
    /// What it does.
    pub kind: EffectKind,
    /// To what.
    pub on: On,
    /// Only with one of these flags; always where empty.
    pub when: &'static [&'static str],
    /// And only with one of these; no further condition where empty.
    pub also: &'static [&'static str],
    /// Not with any of these.
    pub unless: &'static [&'static str],
    /// Only for operands, or values, that fit one of these (`*` stands for anything); any where empty.
    pub matching: &'static [&'static str],
    /// Only where one of these flags has a value that fits the pattern beside it; always where empty.
    /// A `!` before the pattern turns it around.
    pub given: &'static [(&'static str, &'static str)],
    /// Only where some operand fits one of these; anyhow where empty.
    pub with: &'static [&'static str],
    /// Not where some operand fits one of these.
    pub without: &'static [&'static str],
    /// What more there is to say of it, for rules that tell one case from another; mostly empty.
    pub detail: &'static str,
    /// True where it reaches everything below the target.
    pub recursive: bool,
}

/// What an [`EffectRule`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum On {
    /// Nothing that the line names.
    Nothing,
    /// Each operand.
    Operands,
    /// The first operand.
    First,
    /// The last operand.
    Last,
    /// What the verb is about, put together from the groups, the verb and the names given.
    Subject,
    /// Each word after the program that fits, flags and their values included.
    Words,
    /// The value of this flag.
    Value(&'static str),
    /// The working directory.
    WorkingDirectory,
    /// This, which the program knows of itself.
    Text(&'static str),
}

/// Whether effects on paths reach below them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Recursive {
    /// No.
    Never,
    /// Yes.
    Always,
    /// With one of these flags.
    With(&'static [&'static str]),
}

/// What becomes of a program's standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// Nothing that matters.
    Unused,
    /// It is run as shell code where no operand or flag gives other code.
    Code,
    /// It is run as a script of the program's own language where no operand gives another.
    Script,
    /// It is run as database statements.
    Sql,
    /// It goes to another machine.
    Sent,
    /// Its words become arguments of the command that the program runs.
    Words,
}

/// Where a program's output comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Output {
    /// From the program.
    Unknown,
    /// From the network.
    Fetched,
    /// From standard input or the files it reads, perhaps changed.
    Passed,
    /// Its operands, as `echo` prints them.
    Printed,
}

/// The spec of the program called `name`; a path to it will do.
pub fn lookup(name: &str) -> Option<&'static Spec> {
    let name = name.rsplit('/').next().unwrap_or(name);
    packed::programs().find(name)
}

/// The spec of what `name` means in a dialect: its own commands come before programs.
///
/// Names of PowerShell and of Windows programs are the same in either case, and a program may be
/// called with its `.exe`.
pub fn lookup_in(name: &str, dialect: Dialect) -> Option<&'static Spec> {
    let base = match dialect {
        Dialect::PowerShell => name.rsplit(['/', '\\']).next().unwrap_or(name),
        _ => name.rsplit('/').next().unwrap_or(name),
    };
    let Some(own) = packed::own(dialect) else { return lookup(base) };
    let lower = match dialect {
        Dialect::PowerShell => base.to_ascii_lowercase(),
        _ => base.to_owned(),
    };
    own.find(&lower).or_else(|| lookup(lower.strip_suffix(".exe").unwrap_or(&lower)))
}

/// Parameters that every cmdlet has.
const COMMON: &[&str] = &[
    "-Verbose",
    "-Debug",
    "-ErrorAction",
    "-WarningAction",
    "-InformationAction",
    "-ProgressAction",
    "-ErrorVariable",
    "-WarningVariable",
    "-InformationVariable",
    "-OutVariable",
    "-OutBuffer",
    "-PipelineVariable",
    "-WhatIf",
    "-Confirm",
];

/// All specs of programs, sorted by name. Each is read from the packed table: where names will do, take [`names`].
pub fn all() -> impl Iterator<Item = &'static Spec> {
    packed::programs().all()
}

/// The names of all programs that have a spec, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    packed::programs().own_names()
}

/// The same, with their other names.
pub fn all_names() -> impl Iterator<Item = &'static str> {
    packed::programs().names()
}

/// The commands that a dialect has of its own, sorted by name.
pub fn all_of(dialect: Dialect) -> impl Iterator<Item = &'static Spec> {
    packed::own(dialect).into_iter().flat_map(packed::Table::all)
}

/// The command of this name that a dialect has of its own; of PowerShell in either case.
pub fn own(name: &str, dialect: Dialect) -> Option<&'static Spec> {
    let table = packed::own(dialect)?;
    match dialect {
        Dialect::PowerShell => table.find(&name.to_ascii_lowercase()),
        _ => table.find(name),
    }
}

/// True for a command that a dialect has of its own.
pub fn is_own(spec: &Spec, dialect: Dialect) -> bool {
    own(spec.name, dialect).is_some_and(|known| std::ptr::eq(known, spec))
}

impl Spec {
    /// The flag with this name, given with its dashes.
    pub fn flag(&self, name: &str) -> Option<&'static Flag> {
        let flags: &'static [Flag] = self.flags;
        if self.style.parameters || self.style.slash {
            let slashed = |known: &str| {
                let bare = name.strip_prefix(['/', '-']);
                self.style.slash
                    && bare.is_some()
                    && known
                        .strip_prefix(['/', '-'])
                        .zip(bare)
                        .is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
            };
            return flags.iter().find(|flag| {
                flag.names.iter().any(|known| known.eq_ignore_ascii_case(name) || slashed(known))
            });
        }
        flags.iter().find(|flag| flag.names.contains(&name))
    }

    /// The one parameter of a cmdlet that begins so, in either case.
    pub fn parameter(&self, beginning: &str) -> Option<&'static Flag> {
        let flags: &'static [Flag] = self.flags;
        let begins = |name: &&str| {
            name.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
        };
        let fitting = || flags.iter().filter(|flag| flag.names.iter().any(begins));
        if let (Some(only), None) = (fitting().next(), fitting().nth(1)) {
            return Some(only);
        }
        // Its own parameters come before those that every cmdlet has.
        let mut own = fitting().filter(|flag| !COMMON.contains(&flag.names[0]));
        let first = own.next()?;
        own.next().is_none().then_some(first)
    }

    /// The subcommand with this name.
    pub fn subcommand(&self, name: &str) -> Option<&'static Spec> {
        let subcommands: &'static [Spec] = self.subcommands;
        let same = |known: &str| known == name || (self.style.slash && known.eq_ignore_ascii_case(name));
        subcommands.iter().find(|sub| same(sub.name) || sub.aliases.iter().any(|alias| same(alias)))
    }

    /// The verb that a word is: the one whose name or pattern says most of it.
    pub fn verb(&self, word: &str) -> Option<&'static Spec> {
        let verbs: &'static [&'static [Spec]] = self.verbs;
        let names = |verb: &'static Spec| std::iter::once(verb.name).chain(verb.aliases.iter().copied());
        let fit = |verb: &'static Spec| names(verb).filter_map(|name| fit(name, word)).map(|fit| fit.0).max();
        let fitting = verbs.iter().flat_map(|set| set.iter()).filter_map(|verb| Some((fit(verb)?, verb)));
        // Of equals the first, which is the program's own.
        fitting.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, verb)| verb)
    }

    /// What the pattern of a verb leaves open: `instances` of `terminate-instances`.
    pub fn noun<'w>(&self, word: &'w str) -> &'w str {
        let names = std::iter::once(self.name).chain(self.aliases.iter().copied());
        names.filter_map(|name| fit(name, word)).max_by_key(|fit| fit.0).map_or("", |fit| fit.1)
    }
}

/// How well a word fits a name with at most one `*`: the letters that are said, and what the star stands for.
fn fit<'w>(name: &str, word: &'w str) -> Option<(usize, &'w str)> {
    match name.split_once('*') {
        None => (name == word).then_some((usize::MAX, "")),
        Some((start, end)) => {
            let rest = word.strip_prefix(start)?.strip_suffix(end)?;
            (!rest.is_empty()).then_some((start.len() + end.len(), rest))
        }
    }
}

#[cfg(test)]
mod tests;
