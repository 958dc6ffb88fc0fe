//! What a rule is: a name, documentation whose examples are run as tests, and a judgement of effects.
//!
//! A rule says how bad an [`Effect`] is and why, whatever program has it. Few rules look at the line
//! itself (characters that cannot be seen); they have no effects to be about.

use super::privilege;
use super::{Effect, EffectKind, Risk};
use crate::line::Span;

/// A rule.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Its one name, kebab-case; reads after "allow": `rm-system-dir`.
    pub name: &'static str,
    /// What it finds, why, and lines that it flags or leaves alone, as Markdown.
    pub docs: &'static str,
    /// What it looks at.
    pub(super) subject: Subject,
}

/// What a rule looks at.
pub(super) enum Subject {
    /// Effects of these kinds, one at a time.
    Effects(&'static [EffectKind], fn(&Effect, &Scene<'_>) -> Option<Alarm>),
    /// The line.
    Line(fn(&Scene<'_>) -> Option<(Span, Alarm)>),
}

impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Effects(kinds, _) => f.debug_tuple("Effects").field(kinds).finish(),
            Self::Line(_) => f.write_str("Line"),
        }
    }
}

/// What a rule knows beside the effect.
pub(super) struct Scene<'a> {
    pub(super) line: &'a str,
    pub(super) effects: &'a [Effect],
    /// Where the line would run; empty where that is not known.
    pub(super) cwd: &'a str,
}

/// Effects around one that are looked at: what one command does lies close together.
const AROUND: usize = 256;

impl Scene<'_> {
    /// The effects around this one, itself included.
    pub(super) fn around(&self, effect: &Effect) -> &[Effect] {
        let from = self.effects.as_ptr() as usize;
        let at = (std::ptr::from_ref(effect) as usize).saturating_sub(from) / size_of::<Effect>();
        let end = (at + AROUND).min(self.effects.len());
        self.effects.get(at.saturating_sub(AROUND)..end).unwrap_or_default()
    }

    /// Some effects from this one on.
    pub(super) fn behind(&self, effect: &Effect) -> &[Effect] {
        const BEHIND: usize = 64;
        let from = self.effects.as_ptr() as usize;
        let at = (std::ptr::from_ref(effect) as usize).saturating_sub(from) / size_of::<Effect>();
        self.effects.get(at..(at + BEHIND).min(self.effects.len())).unwrap_or_default()
    }

    /// True where an effect is had with the rights of root or of another user.
    pub(super) fn is_privileged(&self, effect: &Effect) -> bool {
        self.around(effect)
            .iter()
            .any(|other| other.kind == EffectKind::Privilege && privilege::changes_under(effect, other))
    }
}

/// What a rule says.
pub(super) struct Alarm {
    pub(super) risk: Risk,
    pub(super) message: String,
    /// A change to the line that may be milder: it is judged before it is offered.
    pub(super) change: Option<Change>,
}

/// Text to be replaced in the line.
pub(super) struct Change {
    pub(super) span: Span,
    pub(super) text: String,
}

impl Alarm {
    pub(super) fn new(risk: Risk, message: impl Into<String>) -> Self {
        Self { risk, message: message.into(), change: None }
    }

    /// Offers `new` instead of `old` where that stands as a word, or the beginning of one, inside `span`.
    pub(super) fn instead(mut self, scene: &Scene<'_>, span: Span, old: &str, new: &str) -> Self {
        let text = span.of(scene.line);
        if let Some(at) = text.find(old)
            && (at == 0 || text[..at].ends_with([' ', '\t', '"']))
        {
            let start = span.start + at;
            self.change = Some(Change { span: Span::new(start, start + old.len()), text: new.to_owned() });
        }
        self
    }
}

/// Bytes before an effect's words that still belong to its command.
const COMMAND: usize = 256;

impl Scene<'_> {
    /// The words of an effect and what stands before them of the command: a line is not searched from its
    /// beginning for each effect.
    pub(super) fn command_of(&self, span: Span) -> Span {
        let start = span.start.saturating_sub(COMMAND);
        let end = span.end.min(self.line.len());
        let start = (start..=end).find(|&at| self.line.is_char_boundary(at)).unwrap_or(end);
        Span::new(start, end)
    }
}

/// Declares a rule whose documentation is both its help and its test.
macro_rules! declare_rule {
    ($( #[doc = $doc:literal] )+ $id:ident { name: $name:literal, subject: $subject:expr $(,)? }) => {
        $( #[doc = $doc] )+
        pub(in crate::safety) static $id: $crate::safety::rule::Rule = $crate::safety::rule::Rule {
            name: $name,
            docs: concat!($( $doc, "\n" ),+),
            subject: $subject,
        };
    };
}
pub(super) use declare_rule;
