//! The text of a policy file, with faults that point at it.
//!
//! A fault anywhere refuses the file as a whole: a typing error in a guard must never mean "allow".

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Glob, Subject};
use crate::config::ConfigError;
use crate::line::{Dialect, Span};
use crate::safety::{self, EffectKind, Layer, Profile, Risk, Verdict};

/// What a file says.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct File {
    /// Whose verdicts it wants, and where it says so.
    pub profile: Option<(Profile, String)>,
    /// Its entries in order.
    pub entries: Vec<Entry>,
    /// The lines that it expects a verdict of.
    pub tests: Vec<Test>,
}

/// A line with the verdict that its author expects.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Test {
    /// Where it stands, as `file:line:column`.
    pub source: String,
    /// The line.
    pub line: String,
    /// What it should be.
    pub expect: Verdict,
    /// Its shell, where that is not the one of the run.
    pub shell: Option<Dialect>,
    /// Its reader, where that is not the one of the run.
    pub profile: Option<Profile>,
    /// Its directory, where that is not the one of the run: of a project's test, the project's.
    pub cwd: Option<String>,
}

/// Where a file's text comes from, and what its paths begin at.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Origin {
    /// The file's name, for messages.
    pub name: String,
    /// The home directory, for `~`.
    pub home: Option<String>,
    /// The folder that relative paths begin at: the project's, for a project's file.
    pub root: Option<String>,
}

impl Origin {
    /// A file of which only the name is known.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// The same with a home directory.
    #[must_use]
    pub fn with_home(mut self, home: Option<String>) -> Self {
        self.home = home;
        self
    }

    /// The same for a file of the project in this folder.
    #[must_use]
    pub fn with_root(mut self, root: impl Into<String>) -> Self {
        self.root = Some(root.into());
        self
    }
}

/// The keys at the top, sorted; `agent` and `person` hold the same tables for one reader only.
pub(super) const TOP: &[&str] =
    &["agent", "effects", "paths", "person", "profile", "programs", "risk", "rules", "tests"];
/// The tables of entries, sorted.
pub(super) const TABLES: &[&str] = &["effects", "paths", "programs", "risk", "rules"];
/// The keys of an entry that is more than a verdict, sorted.
pub(super) const ENTRY: &[&str] = &["effects", "paths", "reason", "verdict"];
/// The keys of a test, sorted.
pub(super) const TEST: &[&str] = &["cwd", "expect", "line", "profile", "shell"];
/// The verdicts.
pub(super) const VERDICTS: &[&str] = &["allow", "ask", "deny"];
/// The most entries and tests that a file may have.
const MOST: usize = 1000;

type Node<'a> = Spanned<DeValue<'a>>;
type Outcome<T> = Result<T, ConfigError>;

impl File {
    /// Reads the text of a policy file.
    ///
    /// # Errors
    /// The first fault in it, with its line and column, what was expected and what was perhaps meant.
    pub fn parse(text: &str, origin: &Origin) -> Result<Self, ConfigError> {
        let table = DeTable::parse(text).map_err(|error| {
            let span = error.span().map_or(Span::new(0, 0), Span::from);
            ConfigError::at(text, span, error.message().trim_end_matches('.').to_owned(), None)
        })?;
        let mut reader = Reader { text, origin, file: Self::default() };
        for (key, value) in table.get_ref().iter() {
            let name = key.get_ref().as_ref();
            let span = Span::from(key.span());
            match name {
                "profile" => {
                    let profile = reader.profile(value, "profile")?;
                    reader.file.profile = Some((profile, reader.place(value.span().into())));
                }
                "agent" | "person" => {
                    let profile = if name == "agent" { Profile::Agent } else { Profile::Person };
                    for (inner, value) in reader.table(name, value)?.iter() {
                        let table = inner.get_ref().as_ref();
                        if !TABLES.contains(&table) {
                            return Err(reader.unknown(
                                inner.span().into(),
                                table,
                                &format!("[{name}]"),
                                TABLES,
                            ));
                        }
                        reader.entries(table, value, Some(profile))?;
                    }
                }
                "tests" => reader.tests(value)?,
                name if TABLES.contains(&name) => reader.entries(name, value, None)?,
                name => return Err(reader.unknown(span, name, "the file", TOP)),
            }
        }
        Ok(reader.file)
    }
}

struct Reader<'a> {
    text: &'a str,
    origin: &'a Origin,
    file: File,
}

impl Reader<'_> {
    fn fault(&self, span: Span, message: String, hint: impl Into<String>) -> ConfigError {
        let hint = hint.into();
        ConfigError::at(self.text, span, message, Some(hint).filter(|hint| !hint.is_empty()))
    }

    fn place(&self, span: Span) -> String {
        let at = ConfigError::at(self.text, span, String::new(), None);
        format!("{}:{}:{}", self.origin.name, at.line, at.column)
    }

    /// A name that is not in the list, with the nearest that is.
    fn unknown(&self, span: Span, name: &str, place: &str, known: &[&str]) -> ConfigError {
        self.fault(span, format!("unknown key `{name}` in {place}"), meant(name, known))
    }

    fn table<'v, 'a>(&self, name: &str, value: &'v Node<'a>) -> Outcome<&'v DeTable<'a>> {
        value.get_ref().as_table().ok_or_else(|| {
            let message = format!("`{name}` is a table, not {}", value.get_ref().type_str());
            self.fault(
                value.span().into(),
                message,
                format!("write [{name}] on a line of its own and its keys below"),
            )
        })
    }

    fn string<'v>(&self, name: &str, value: &'v Node<'_>, expected: &str) -> Outcome<&'v str> {
        value.get_ref().as_str().ok_or_else(|| self.wrong(name, value, expected))
    }

    fn wrong(&self, name: &str, value: &Node<'_>, expected: &str) -> ConfigError {
        let span = Span::from(value.span());
        let shown: String = span.of(self.text).trim().chars().take(60).collect();
        self.fault(span, format!("`{name}` cannot be {shown}"), format!("write {expected}"))
    }

    fn one_of<T: Copy>(&self, name: &str, value: &Node<'_>, all: &[(&str, T)]) -> Outcome<T> {
        let words: Vec<&str> = all.iter().map(|(word, _)| *word).collect();
        let expected = format!("one of {}", words.join(", "));
        let word = self.string(name, value, &expected)?;
        let found = all.iter().find(|(known, _)| *known == word).map(|(_, found)| *found);
        found.ok_or_else(|| {
            let mut fault = self.wrong(name, value, &expected);
            if let Some(near) = nearest(word, &words) {
                fault.hint = Some(format!("did you mean \"{near}\"? write {expected}"));
            }
            fault
        })
    }

    fn verdict(&self, name: &str, value: &Node<'_>) -> Outcome<Verdict> {
        let all: Vec<_> = Verdict::ALL.iter().map(|verdict| (verdict.name(), *verdict)).collect();
        self.one_of(name, value, &all)
    }

    fn profile(&self, value: &Node<'_>, name: &str) -> Outcome<Profile> {
        let all: Vec<_> = Profile::ALL.iter().map(|profile| (profile.name(), *profile)).collect();
        self.one_of(name, value, &all)
    }

    fn glob(&self, name: &str, span: Span, text: &str) -> Outcome<Glob> {
        Glob::new(text, self.origin.home.as_deref(), self.origin.root.as_deref())
            .map_err(|bad| self.fault(span, format!("`{name}` cannot be {text:?}: {bad}"), ""))
    }

    /// A table of entries: every key a subject, every value what is said of it.
    fn entries(&mut self, table: &str, value: &Node<'_>, profile: Option<Profile>) -> Outcome<()> {
        for (key, value) in self.table(table, value)?.iter() {
            let name = key.get_ref().as_ref();
            let span = Span::from(key.span());
            let subject = self.subject(table, name, span)?;
            let full = format!("{table}.{name}");
            match value.get_ref().as_array() {
                Some(array) if array.is_empty() => {
                    return Err(self.wrong(&full, value, "at least one verdict"));
                }
                Some(array) => {
                    for value in array.iter() {
                        self.entry(&full, subject.clone(), value, span, profile)?;
                    }
                }
                None => self.entry(&full, subject, value, span, profile)?,
            }
        }
        Ok(())
    }

    fn subject(&self, table: &str, name: &str, span: Span) -> Outcome<Subject> {
        match table {
            "risk" => {
                let found = Risk::ALL.iter().find(|risk| risk.name() == name);
                let names: Vec<_> = Risk::ALL.iter().map(|risk| risk.name()).collect();
                found
                    .map(|risk| Subject::Risk(*risk))
                    .ok_or_else(|| self.fault(span, format!("unknown risk `{name}`"), meant(name, &names)))
            }
            "rules" => {
                let names = rule_names();
                let found = names.iter().find(|known| **known == name);
                found
                    .map(|rule| Subject::Rule(rule))
                    .ok_or_else(|| self.fault(span, format!("unknown rule `{name}`"), meant(name, &names)))
            }
            "effects" => self.effect(name, span).map(Subject::Effect),
            "paths" => self.glob("paths", span, name).map(Subject::Path),
            _ => {
                let words: Vec<String> = name.split_whitespace().map(str::to_owned).collect();
                let path = words.first().is_some_and(|word| word.contains('/'));
                if words.is_empty() || path {
                    let message = format!("`{name}` is no program");
                    return Err(self.fault(
                        span,
                        message,
                        "write a program's name without its folder, perhaps with subcommands: \"git push\"",
                    ));
                }
                Ok(Subject::Program(words))
            }
        }
    }

    fn effect(&self, name: &str, span: Span) -> Outcome<EffectKind> {
        let names: Vec<_> = EffectKind::ALL.iter().map(|kind| kind.name()).collect();
        let found = EffectKind::ALL.iter().find(|kind| kind.name() == name);
        found
            .copied()
            .ok_or_else(|| self.fault(span, format!("unknown effect `{name}`"), meant(name, &names)))
    }

    /// One entry: a verdict, or a table with one.
    fn entry(
        &mut self,
        name: &str,
        subject: Subject,
        value: &Node<'_>,
        key: Span,
        profile: Option<Profile>,
    ) -> Outcome<()> {
        let mut entry = Entry {
            layer: Layer::User,
            source: self.place(key),
            profile,
            subject,
            paths: Vec::new(),
            effects: Vec::new(),
            verdict: Verdict::Deny,
            reason: None,
        };
        let Some(table) = value.get_ref().as_table() else {
            entry.verdict = self.verdict(name, value)?;
            return self.keep(entry, value.span().into());
        };
        let mut verdict = None;
        for (key, value) in table.iter() {
            let inner = key.get_ref().as_ref();
            let full = format!("{name}.{inner}");
            match inner {
                "verdict" => verdict = Some(self.verdict(&full, value)?),
                "reason" => {
                    entry.reason = Some(self.string(&full, value, "a sentence in quotes")?.to_owned())
                }
                "paths" if matches!(entry.subject, Subject::Path(_)) => {
                    return Err(self.fault(
                        key.span().into(),
                        format!("`{full}` says a path twice"),
                        "leave it out",
                    ));
                }
                "paths" => {
                    for (text, span) in self.strings(&full, value)? {
                        entry.paths.push(self.glob(&full, span, text)?);
                    }
                }
                "effects" if matches!(entry.subject, Subject::Path(_)) => {
                    for (text, span) in self.strings(&full, value)? {
                        entry.effects.push(self.effect(text, span)?);
                    }
                }
                "effects" => {
                    let message = format!("`{full}` is for [paths] only");
                    return Err(self.fault(key.span().into(), message, "leave it out"));
                }
                inner => return Err(self.unknown(key.span().into(), inner, &format!("`{name}`"), ENTRY)),
            }
        }
        let Some(verdict) = verdict else {
            let message = format!("`{name}` has no verdict");
            return Err(self.fault(
                value.span().into(),
                message,
                "add verdict = \"allow\", \"ask\" or \"deny\"",
            ));
        };
        entry.verdict = verdict;
        self.keep(entry, value.span().into())
    }

    fn strings<'v>(&self, name: &str, value: &'v Node<'_>) -> Outcome<Vec<(&'v str, Span)>> {
        let expected = "a list of texts in quotes: [\"...\"]";
        let array = value.get_ref().as_array().filter(|array| !array.is_empty());
        let array = array.ok_or_else(|| self.wrong(name, value, expected))?;
        array.iter().map(|value| Ok((self.string(name, value, expected)?, value.span().into()))).collect()
    }

    /// Adds an entry unless it says what no policy may.
    fn keep(&mut self, entry: Entry, span: Span) -> Outcome<()> {
        let name = entry.name();
        let loosens = entry.verdict < Verdict::Deny && entry.subject == Subject::Risk(Risk::Critical);
        if loosens {
            return Err(self.fault(
                span,
                format!(
                    "`{name}` cannot be {}: what is critical is loosened rule by rule and place by place",
                    entry.verdict
                ),
                "write under [rules]: rm-system-dir = { verdict = \"ask\", paths = [\"/srv/image/**\"] }",
            ));
        }
        let unread = matches!(entry.subject, Subject::Rule("not-fully-read"));
        if unread && entry.verdict == Verdict::Allow {
            let message = format!("`{name}` cannot be allow: nobody vouches for what nobody read");
            return Err(self.fault(span, message, "write \"ask\" or \"deny\""));
        }
        if self.file.entries.len() >= MOST {
            return Err(self.fault(span, format!("a policy has at most {MOST} entries"), ""));
        }
        self.file.entries.push(entry);
        Ok(())
    }

    fn tests(&mut self, value: &Node<'_>) -> Outcome<()> {
        let expected = "tables: [[tests]] with line = \"...\" and expect = \"...\"";
        let array = value.get_ref().as_array().ok_or_else(|| self.wrong("tests", value, expected))?;
        for value in array.iter().take(MOST) {
            let Some(table) = value.get_ref().as_table() else {
                return Err(self.wrong("tests", value, expected));
            };
            let (mut line, mut expect) = (None, None);
            let mut test = Test {
                source: self.place(value.span().into()),
                line: String::new(),
                expect: Verdict::Deny,
                shell: None,
                profile: None,
                // A project's lines are run in the project.
                cwd: self.origin.root.clone(),
            };
            for (key, value) in table.iter() {
                match key.get_ref().as_ref() {
                    "line" => {
                        line = Some(self.string("tests.line", value, "a command line in quotes")?.to_owned());
                        test.source = self.place(key.span().into());
                    }
                    "expect" => expect = Some(self.verdict("tests.expect", value)?),
                    "shell" => {
                        let all: Vec<_> = Dialect::ALL.iter().map(|shell| (shell.name(), *shell)).collect();
                        test.shell = Some(self.one_of("tests.shell", value, &all)?);
                    }
                    "profile" => test.profile = Some(self.profile(value, "tests.profile")?),
                    "cwd" => {
                        let cwd = self.string("tests.cwd", value, "a directory in quotes")?;
                        let cwd = match (cwd.strip_prefix("~/"), &self.origin.home) {
                            (Some(below), Some(home)) => format!("{home}/{below}"),
                            _ => cwd.to_owned(),
                        };
                        test.cwd = Some(cwd);
                    }
                    name => return Err(self.unknown(key.span().into(), name, "[[tests]]", TEST)),
                }
            }
            let missing = |key: &str| {
                let message = format!("a test has no `{key}`");
                self.fault(value.span().into(), message, "write line = \"...\" and expect = \"...\"")
            };
            test.line = line.ok_or_else(|| missing("line"))?;
            test.expect = expect.ok_or_else(|| missing("expect"))?;
            self.file.tests.push(test);
        }
        Ok(())
    }
}

/// Every rule's name, with that of what was not read, sorted.
pub(super) fn rule_names() -> Vec<&'static str> {
    let mut names: Vec<_> = safety::rules().iter().map(|rule| rule.name).collect();
    names.push("not-fully-read");
    names.sort_unstable();
    names
}

fn nearest<'n>(name: &str, known: &[&'n str]) -> Option<&'n str> {
    // A long wrong name must not cost much more than a short one.
    let name: String = name.chars().take(64).collect();
    let most = if name.len() < 5 { 1 } else { 2 + name.len() / 8 };
    known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(known, &name), *known))
        .min()
        .filter(|(distance, _)| *distance <= most)
        .map(|(_, known)| known)
}

fn meant(name: &str, known: &[&str]) -> String {
    match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known are {}", known.join(", ")),
    }
}
