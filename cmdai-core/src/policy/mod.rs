//! What is allowed: a person's own answer to what a report says.
//!
//! A [`Policy`] maps levels of risk, rules, effects, paths and programs to allow, ask or deny. It is
//! made of layers: what is built in, then the user's file, then the project's, which can only tighten.
//! Text in, values out: a door finds and reads the files.
//!
//! ```
//! use cmdai_core::policy::{File, Origin, Policy};
//! use cmdai_core::safety::{Layer, Profile, Verdict};
//! use cmdai_core::Context;
//!
//! let text = "[rules]\nrm-recursive = { verdict = \"allow\", paths = [\"/srv/scratch/**\"] }\n";
//! let file = File::parse(text, &Origin::new("policy.toml")).unwrap();
//! let mut policy = Policy::new(Profile::Person);
//! policy.add(Layer::User, file);
//! let report = policy.check("rm -rf /srv/scratch/old", &Context::default());
//! assert_eq!(report.verdict, Verdict::Allow);
//! assert_eq!(report.decision.unwrap().entry, "rules.rm-recursive");
//! ```
//!
//! | of two entries that fit | wins |
//! | --- | --- |
//! | of the same layer | the one that names a path; then a rule or program; then an effect; then a risk |
//! | of those in the same row | the stricter one |
//! | user, built in | user, except that nothing but a rule with paths loosens what is critical |
//! | project, any other | the stricter one |
//!
//! What was not fully read is never allowed, whatever a file says.

mod decide;
mod entry;
mod glob;
mod read;
mod schema;

pub use entry::{Entry, Subject};
pub use glob::{BadGlob, Glob};
pub use read::{File, Origin, Test};
pub use schema::schema;

use crate::Context;
use crate::safety::{self, Layer, Profile, Report, Risk, Verdict};

/// The layers of a policy, put together.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Policy {
    /// Whose verdicts it gives where no layer says otherwise.
    profile: Profile,
    /// Every entry of every file, in the order of the layers.
    pub entries: Vec<Entry>,
    /// What was ignored, and why.
    pub notes: Vec<Note>,
    /// The lines that the files expect a verdict of.
    pub tests: Vec<Test>,
}

/// Something that a file says and that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// Where it stands, as `file:line:column`.
    pub source: String,
    /// What is ignored and why.
    pub message: String,
}

impl Policy {
    /// What holds without any file, for this reader of verdicts.
    pub fn new(profile: Profile) -> Self {
        Self { profile, ..Self::default() }
    }

    /// Whose verdicts it gives.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// Adds a layer on top. Layers come in the order of [`Layer`].
    ///
    /// What a project's file would loosen is left out and noted.
    pub fn add(&mut self, layer: Layer, file: File) {
        let tightens_only = layer == Layer::Project;
        if let Some((profile, place)) = file.profile {
            if tightens_only && profile == Profile::Person && self.profile == Profile::Agent {
                let message = "`profile = \"person\"` would loosen: a project can only tighten".to_owned();
                self.notes.push(Note { source: place, message });
            } else {
                self.profile = profile;
            }
        }
        for mut entry in file.entries {
            entry.layer = layer;
            if tightens_only && let Some(why) = self.would_loosen(&entry) {
                let message = format!("`{}` is ignored: {why}; a project can only tighten", entry.name());
                self.notes.push(Note { source: entry.source.clone(), message });
            } else {
                self.entries.push(entry);
            }
        }
        self.tests.extend(file.tests);
    }

    /// The same for another reader of verdicts, whatever the files say.
    #[must_use]
    pub fn for_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Entries that allow what a rule finds and that do not reach what is critical, where the rule can find that.
    pub fn powerless(&self) -> Vec<Note> {
        let powerless = self.entries.iter().filter(|entry| {
            let critical = match &entry.subject {
                Subject::Rule(rule) => safety::may_be_critical(rule),
                Subject::Risk(risk) => *risk == Risk::Critical,
                _ => false,
            };
            critical && entry.verdict < Verdict::Deny && !entry.may_loosen_critical()
        });
        let note = |entry: &Entry| Note {
            source: entry.source.clone(),
            message: format!(
                "`{}` does not reach what is critical: that holds only for a rule together with `paths`",
                entry.name()
            ),
        };
        powerless.map(note).collect()
    }

    /// Judges a line under this policy.
    pub fn check(&self, line: &str, ctx: &Context) -> Report {
        let mut report = safety::check_as(line, ctx, self.profile);
        self.decide(&mut report, ctx);
        report
    }

    /// Why an entry of a project would loosen, where it plainly would. What only shows on a line is
    /// harmless: the stricter verdict wins there.
    fn would_loosen(&self, entry: &Entry) -> Option<String> {
        if entry.verdict == Verdict::Allow {
            return Some("it allows".to_owned());
        }
        let profile = entry.profile.unwrap_or(self.profile);
        let before = match &entry.subject {
            Subject::Risk(risk) => risk.verdict(profile),
            _ => Verdict::Allow,
        };
        let before = self
            .entries
            .iter()
            .filter(|other| other.subject == entry.subject && other.paths.is_empty())
            .filter(|other| other.holds_for(profile))
            .map(|other| other.verdict)
            .fold(before, Verdict::max);
        (entry.verdict < before).then(|| format!("it says {} where {before} holds", entry.verdict))
    }

    /// The verdict that a level of risk has, with the entry that says so where it is not the built-in one.
    pub fn of_risk(&self, risk: Risk) -> (Verdict, Option<&Entry>) {
        let mut found = (risk.verdict(self.profile), None);
        for entry in self.entries.iter().filter(|entry| entry.subject == Subject::Risk(risk)) {
            let fits = entry.holds_for(self.profile) && entry.paths.is_empty();
            let loosens_critical = risk == Risk::Critical && entry.verdict < found.0;
            if fits && !loosens_critical && (entry.layer != Layer::Project || entry.verdict > found.0) {
                found = (entry.verdict, Some(entry));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests;
