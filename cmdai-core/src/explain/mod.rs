//! What each part of a line means, with its place in the text.

mod parts;
mod table;

use crate::line::Span;
use crate::{Context, safety, syntax};

/// The meaning of a line, part by part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// In order of position; parts do not overlap.
    pub parts: Vec<ExplainedPart>,
    /// One sentence for the whole line, where the specs give one.
    pub summary: String,
}

/// One part of a line and its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExplainedPart {
    /// Where it is.
    pub span: Span,
    /// The text it covers.
    pub text: String,
    /// What sort of part it is.
    pub kind: PartRole,
    /// What it means, one short sentence; `None` where no spec knows.
    pub meaning: Option<String>,
    /// Where the meaning is from.
    pub source: Source,
}

/// Where a meaning is from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// Our own specs, or the rules of the shell.
    #[default]
    Own,
    /// The table of many tools ([`Context::breadth`]).
    Table,
}

/// What a part is in its command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PartRole {
    /// The program.
    Program,
    /// A subcommand.
    Subcommand,
    /// A flag, with its value where they are one word.
    Flag,
    /// The value of the flag before it.
    Value,
    /// An operand.
    Operand,
    /// `|`, `&&`, `;` and the like.
    Operator,
    /// A redirection.
    Redirection,
    /// `NAME=value`.
    Assignment,
    /// A reserved word of the shell, such as `if`.
    Keyword,
}

/// Explains a line. Never fails; parts that no spec knows have no meaning.
pub fn explain(command: &str, ctx: &Context) -> Explanation {
    let parsed = syntax::parse(command, ctx.dialect);
    let mut parts = parts::of(command, &parsed.program, ctx);
    parts.sort_by_key(|part| part.span);
    // What lies inside a part that is explained as a whole is left to that part.
    let mut end = 0;
    parts.retain(|part| {
        let apart = part.span.start >= end && !part.span.is_empty();
        if apart {
            end = part.span.end;
        }
        apart
    });
    let report = safety::check(command, ctx);
    Explanation { parts, summary: safety::effect_line(&report) }
}

#[cfg(test)]
mod tests;
