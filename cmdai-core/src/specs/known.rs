//! What is known of a program from both sources: our specs lie over the table of many tools and win.
//!
//! For explaining, offering and validating. Judging goes by [`Spec`] alone, so that a line is as
//! dangerous on a machine that has the table as on one that has not.

use std::borrow::Cow;

use cmdai_breadth as breadth;

use super::{Flag, Operand, PathUse, Platform, Spec, Value, ValueKind, lookup_in};
use crate::context::{Context, Os};
use crate::line::Dialect;

/// A program or subcommand, by our spec, by the table, or by both.
#[derive(Clone, Copy, Debug)]
pub struct Known<'t> {
    own: Option<&'static Spec>,
    table: Option<breadth::Command<'t>>,
}

impl<'t> Known<'t> {
    /// What `name` means in the dialect of `ctx`; a path to a program will do.
    pub fn find(name: &str, ctx: &'t Context) -> Option<Self> {
        let own = lookup_in(name, ctx.dialect);
        let base = name.rsplit('/').next().unwrap_or(name);
        // The commands of nushell and PowerShell come before programs of the same names.
        let shadowed = match ctx.dialect {
            Dialect::Nu | Dialect::PowerShell => own.is_some_and(|own| super::is_own(own, ctx.dialect)),
            _ => false,
        };
        let table = ctx.breadth.as_ref().filter(|_| !shadowed);
        let find = |table: &'t breadth::Table| {
            table.find(base).or_else(|| table.find(own.filter(|own| own.aliases.contains(&base))?.name))
        };
        Self::of(own, table.and_then(find))
    }

    fn of(own: Option<&'static Spec>, table: Option<breadth::Command<'t>>) -> Option<Self> {
        (own.is_some() || table.is_some()).then_some(Self { own, table })
    }

    /// Our spec of it.
    pub fn spec(&self) -> Option<&'static Spec> {
        self.own
    }

    /// True where only the table knows it.
    pub fn is_from_table(&self) -> bool {
        self.own.is_none()
    }

    /// The name it is called by.
    pub fn name(&self) -> &'t str {
        self.own.map(|own| own.name).or_else(|| self.table.map(|table| table.name())).unwrap_or("")
    }

    /// All its names.
    pub fn names(&self) -> Vec<&'t str> {
        let own =
            self.own.into_iter().flat_map(|own| std::iter::once(own.name).chain(own.aliases.iter().copied()));
        let mut names: Vec<&str> = own.collect();
        for name in self.table.into_iter().flat_map(|table| table.names()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// What it does, one sentence; empty where nothing is said.
    pub fn about(&self) -> Cow<'static, str> {
        match self.own.map(|own| own.summary).filter(|summary| !summary.is_empty()) {
            Some(summary) => summary.into(),
            None => self.table.map(|table| table.about()).unwrap_or_default().into(),
        }
    }

    /// True where every flag that people use is listed, so that an unlisted one is likely a mistake.
    pub fn lists_all_flags(&self) -> bool {
        self.own.is_some_and(|own| own.complete)
    }

    /// True where the table lists its flags and says that the tool itself knows of no more.
    pub fn is_closed_in_table(&self) -> bool {
        self.table.is_some_and(|table| !table.is_open())
    }

    /// True where it has subcommands.
    pub fn has_subcommands(&self) -> bool {
        self.own.is_some_and(|own| !own.subcommands.is_empty() || !own.verbs.is_empty())
            || self.table.is_some_and(|table| table.subcommands().next().is_some())
    }

    /// The subcommand called `word`.
    pub fn subcommand(&self, word: &str) -> Option<Self> {
        let own = self.own.and_then(|own| own.subcommand(word).or_else(|| own.verb(word)));
        let table = self.table.and_then(|table| {
            let aliased = || own.map(|own| own.name).and_then(|name| table.subcommand(name));
            table.subcommand(word).or_else(aliased)
        });
        Self::of(own, table)
    }

    /// Its subcommands, each once, sorted by name.
    pub fn subcommands(&self) -> Vec<Self> {
        // The names are read once: a tool may have hundreds of subcommands.
        let listed = self.table.into_iter().flat_map(|table| table.subcommands());
        let listed: Vec<_> = listed.map(|sub| (sub, sub.names().collect::<Vec<_>>())).collect();
        let mut found: Vec<Self> = Vec::new();
        for own in self.own.map_or(&[][..], |own| own.subcommands) {
            let same = listed.iter().find(|(_, names)| names.contains(&own.name));
            found.push(Self { own: Some(own), table: same.map(|(sub, _)| *sub) });
        }
        let known = |name: &&str| self.own.is_some_and(|own| own.subcommand(name).is_some());
        for (sub, names) in &listed {
            if names.first().is_some_and(|name| !name.is_empty()) && !names.iter().any(known) {
                found.push(Self { own: None, table: Some(*sub) });
            }
        }
        found.sort_by_key(Self::name);
        found
    }

    /// Its own flag with this name, given with its dashes.
    pub fn flag(&self, name: &str) -> Option<KnownFlag<'t>> {
        let own = self.own.and_then(|own| own.flag(name));
        if own.is_none() && self.lists_all_flags() {
            return None;
        }
        KnownFlag::of(own, self.table.and_then(|table| table.flag(name)))
    }

    /// Its own flags, those of our spec first.
    pub fn flags(&self) -> Vec<KnownFlag<'t>> {
        let listed = self.table.into_iter().flat_map(|table| table.flags());
        let listed: Vec<_> = listed.map(|flag| (flag, flag.names().collect::<Vec<_>>())).collect();
        let mut found: Vec<KnownFlag<'t>> = Vec::new();
        for own in self.own.map_or(&[][..], |own| own.flags) {
            let same = listed.iter().find(|(_, names)| names.iter().any(|name| own.names.contains(name)));
            found.push(KnownFlag { own: Some(own), table: same.map(|(flag, _)| *flag) });
        }
        if !self.lists_all_flags() {
            let is_known = |name: &&str| self.own.is_some_and(|own| own.flag(name).is_some());
            let new = listed.into_iter().filter(|(_, names)| !names.iter().any(is_known));
            found.extend(new.map(|(flag, _)| KnownFlag { own: None, table: Some(flag) }));
        }
        found
    }

    /// Its operands in order.
    pub fn operands(&self) -> Vec<KnownValue<'t>> {
        let listed: Vec<_> = self.table.into_iter().flat_map(|table| table.operands()).collect();
        let own = self.own.map_or(&[][..], |own| own.operands);
        if own.is_empty() {
            return listed.into_iter().map(KnownValue::from_table).collect();
        }
        let same = |at: usize| listed.get(at).copied().filter(|_| listed.len() == own.len());
        own.iter().enumerate().map(|(at, operand)| KnownValue::from_operand(operand, same(at))).collect()
    }

    /// True where long flags have one dash.
    pub fn has_one_dash(&self) -> bool {
        match self.own {
            Some(own) => own.style.one_dash,
            None => self.table.is_some_and(|table| table.has_one_dash()),
        }
    }
}

/// The same program or subcommand.
impl PartialEq for Known<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self.own, other.own) {
            (Some(own), Some(other)) => std::ptr::eq(own, other),
            (None, None) => self.table == other.table,
            _ => false,
        }
    }
}

/// A flag, by our spec, by the table, or by both.
#[derive(Clone, Copy, Debug)]
pub struct KnownFlag<'t> {
    own: Option<&'static Flag>,
    table: Option<breadth::Flag<'t>>,
}

impl<'t> KnownFlag<'t> {
    fn of(own: Option<&'static Flag>, table: Option<breadth::Flag<'t>>) -> Option<Self> {
        (own.is_some() || table.is_some()).then_some(Self { own, table })
    }

    /// Our description of it.
    pub fn spec(&self) -> Option<&'static Flag> {
        self.own
    }

    /// All its names with their dashes.
    pub fn names(&self) -> Vec<&'t str> {
        let mut names: Vec<&str> = self.own.map(|own| own.names.to_vec()).unwrap_or_default();
        // Where ours has names, they are all: a spec may correct the table.
        if names.is_empty() {
            names.extend(self.table.into_iter().flat_map(|table| table.names()));
        }
        names
    }

    /// What it does, one sentence; empty where nothing is said.
    pub fn about(&self) -> Cow<'static, str> {
        match self.own.map(|own| own.doc).filter(|doc| !doc.is_empty()) {
            Some(doc) => doc.into(),
            None => self.table.map(|table| table.about()).unwrap_or_default().into(),
        }
    }

    /// Its value, where it takes one.
    pub fn value(&self) -> Option<KnownValue<'t>> {
        let listed = self.table.and_then(|table| table.values().next());
        match self.own {
            Some(own) => own.value.map(|value| KnownValue::from_value(value, listed)),
            None => listed.map(KnownValue::from_table),
        }
    }

    /// True where it takes a value as the next word when none is joined to it.
    pub fn takes_next_word(&self) -> bool {
        let joined_only = self.own.is_none() && self.table.is_some_and(|table| table.is_joined());
        self.value().is_some_and(|value| !value.optional) && !joined_only
    }

    /// True where it is found on `os`.
    pub fn is_on(&self, os: Os) -> bool {
        self.own.is_none_or(|own| own.platform.is_on(os))
    }

    /// The userland that has it.
    pub fn platform(&self) -> Platform {
        self.own.map_or(Platform::Any, |own| own.platform)
    }

    /// True where subcommands have it too, as far as the table tells.
    pub fn is_inherited(&self) -> bool {
        self.table.is_some_and(|table| table.is_inherited())
    }

    /// True where it may be given again, as far as the table tells.
    pub fn is_repeated(&self) -> bool {
        self.table.is_some_and(|table| table.is_repeated() || table.values().any(|value| value.is_many()))
    }

    /// True where the table marks it as something to think about first. Nothing is judged by it.
    pub fn is_marked_dangerous(&self) -> bool {
        self.table.is_some_and(|table| table.is_dangerous())
    }

    /// Flags that do not go with it.
    pub fn excludes(&self) -> Vec<&'t str> {
        self.table.into_iter().flat_map(|table| table.excludes()).collect()
    }
}

/// The same flag.
impl PartialEq for KnownFlag<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self.own, other.own) {
            (Some(own), Some(other)) => std::ptr::eq(own, other),
            (None, None) => self.table == other.table,
            _ => false,
        }
    }
}

/// The value of a flag, or an operand.
#[derive(Clone, Copy, Debug)]
pub struct KnownValue<'t> {
    /// What it is called in help; may be empty.
    pub name: &'t str,
    /// What it is.
    pub kind: ValueKind,
    /// True where it may be left out.
    pub optional: bool,
    /// True where there may be several.
    pub many: bool,
    table: Option<breadth::Value<'t>>,
}

impl<'t> KnownValue<'t> {
    fn from_value(value: Value, table: Option<breadth::Value<'t>>) -> Self {
        Self { name: value.name, kind: value.kind, optional: value.optional, many: false, table }
    }

    fn from_operand(operand: &'static Operand, table: Option<breadth::Value<'t>>) -> Self {
        Self { name: operand.name, kind: operand.kind, optional: operand.optional, many: operand.many, table }
    }

    fn from_table(value: breadth::Value<'t>) -> Self {
        let kind = match value.kind() {
            breadth::Kind::Path => ValueKind::Path(PathUse::Any),
            breadth::Kind::Folder => ValueKind::Path(PathUse::Directory),
            breadth::Kind::Command => ValueKind::Command,
            breadth::Kind::Script => ValueKind::Path(PathUse::Run),
            _ if value.choices().next().is_some() => ValueKind::Choice,
            _ => kind_of_name(value.name()),
        };
        Self {
            name: value.name(),
            kind,
            optional: value.is_optional(),
            many: value.is_many(),
            table: Some(value),
        }
    }

    /// Words that it may be; others may be allowed too.
    pub fn choices(&self) -> Vec<&'t str> {
        self.table.into_iter().flat_map(|table| table.choices()).collect()
    }

    /// What the word `choice` means here; empty where nothing is said.
    pub fn about_choice(&self, choice: &str) -> String {
        let mut all = self.table.into_iter().flat_map(|table| table.described_choices());
        all.find(|(word, _)| *word == choice).map(|(_, about)| about).unwrap_or_default()
    }

    /// What it is for, in the table's words; empty where nothing is said.
    pub fn about(&self) -> String {
        self.table.map(|table| table.about()).unwrap_or_default()
    }
}

/// What a value is likely to be by what its tool's makers call it.
fn kind_of_name(name: &str) -> ValueKind {
    let lower = name.to_ascii_lowercase();
    let has =
        |words: &[&str]| lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| words.contains(&word));
    if has(&["url", "uri"]) {
        ValueKind::Url
    } else if has(&["dir", "directory", "folder"]) {
        ValueKind::Path(PathUse::Directory)
    } else if has(&["file", "filename", "files", "path", "paths"]) {
        ValueKind::Path(PathUse::Any)
    } else if has(&["host", "hostname"]) {
        ValueKind::Host
    } else if has(&["port"]) {
        ValueKind::Port
    } else if has(&["user", "username"]) {
        ValueKind::User
    } else if has(&["count", "int", "integer", "n", "num", "number"]) {
        ValueKind::Number
    } else if has(&["size"]) {
        ValueKind::Size
    } else if has(&["date", "duration", "time", "timeout"]) {
        ValueKind::Time
    } else if has(&["pattern", "regex"]) {
        ValueKind::Pattern
    } else if has(NAMES) {
        ValueKind::Name
    } else {
        ValueKind::Text
    }
}

/// Words for things in a program's own world. Sorted.
const NAMES: &[&str] = &[
    "app",
    "branch",
    "cluster",
    "commit",
    "container",
    "context",
    "environment",
    "formula",
    "id",
    "image",
    "job",
    "name",
    "namespace",
    "network",
    "package",
    "pod",
    "profile",
    "project",
    "region",
    "release",
    "remote",
    "repo",
    "repository",
    "resource",
    "script",
    "service",
    "stash",
    "tag",
    "task",
    "volume",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::specs::fixture;

    #[test]
    fn our_specs_lie_over_the_table() {
        let ctx = Context::default().with_breadth(fixture::table());
        let git = Known::find("/usr/bin/git", &ctx).unwrap();
        assert!(git.spec().is_some() && !git.is_from_table());
        assert_eq!(git.about(), "Keeps the history of a project.");
        // The table adds a subcommand and a flag, and words for what ours says already.
        let knit = git.subcommand("knit").unwrap();
        assert!(knit.is_from_table() && knit.about() == "Knits branches together.");
        assert_eq!(git.subcommands().iter().filter(|sub| sub.name() == "push").count(), 1);
        let push = git.subcommand("push").unwrap();
        assert_eq!(push.flag("--force").unwrap().about(), "Replaces what is there, whoever wrote it.");
        let made = push.flag("--made-up").unwrap();
        assert!(made.spec().is_none() && push.flags().contains(&made));
        assert_eq!(push.flag("--recurse-submodules").unwrap().value().unwrap().choices(), ["check", "no"]);
        assert!(git.subcommand("frobnicate").is_none());
    }

    #[test]
    fn a_spec_that_lists_all_flags_is_not_added_to() {
        let ctx = Context::default().with_breadth(fixture::table());
        let ls = Known::find("ls", &ctx).unwrap();
        assert!(ls.lists_all_flags() && ls.flag("--made-up").is_none());
        assert!(ls.flags().iter().all(|flag| flag.spec().is_some()));
    }

    #[test]
    fn without_a_table_our_specs_are_all_there_is() {
        let ctx = Context::default();
        assert!(Known::find("pile", &ctx).is_none());
        assert!(Known::find("git", &ctx).unwrap().subcommand("knit").is_none());
        assert!(!Known::find("git", &ctx).unwrap().subcommands().is_empty());
    }

    #[test]
    fn what_a_shell_brings_itself_is_not_looked_up() {
        let ctx = Context::new(Dialect::Nu).with_breadth(fixture::table());
        assert!(Known::find("ls", &ctx).unwrap().flag("--made-up").is_none());
        assert!(Known::find("pile", &ctx).is_some());
    }

    #[test]
    fn names_of_values_tell_kinds() {
        let check = |name: &str, expect: ValueKind| assert_eq!(kind_of_name(name), expect, "{name}");
        check("output-file", ValueKind::Path(PathUse::Any));
        check("Branch name", ValueKind::Name);
        check("profile", ValueKind::Name);
        check("URL", ValueKind::Url);
        check("what", ValueKind::Text);
        assert!(NAMES.is_sorted());
    }
}
