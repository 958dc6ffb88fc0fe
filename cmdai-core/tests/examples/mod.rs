//! The example lines of the rules' documentation, for tests that say something of all of them.

use cmdai_core::line::Dialect;
use cmdai_core::safety;

/// A line of a rule's documentation.
#[allow(dead_code, reason = "each test reads the part of it that it is about")]
pub(crate) struct Example {
    /// The rule it belongs to.
    pub(crate) rule: &'static str,
    /// The shell it is written for.
    pub(crate) dialect: Dialect,
    /// True where the rule flags it.
    pub(crate) flagged: bool,
    /// The line.
    pub(crate) line: String,
}

/// Every example of every rule, in order.
pub(crate) fn all() -> Vec<Example> {
    let mut found = Vec::new();
    for rule in safety::rules() {
        // The shell and the kind of the fence that is open.
        let mut fence: Option<(Dialect, bool)> = None;
        for line in rule.docs.lines().map(str::trim) {
            match (line.strip_prefix("```"), fence) {
                (Some(kind), None) => fence = Some(read_fence(kind)),
                (Some(_), Some(_)) => fence = None,
                (None, Some((dialect, flagged))) => {
                    found.push(Example { rule: rule.name, dialect, flagged, line: written_out(line) });
                }
                (None, None) => {}
            }
        }
    }
    found
}

fn read_fence(kind: &str) -> (Dialect, bool) {
    let (shell, kind) = kind.split_once(',').unwrap_or((kind, ""));
    // `sh` is the name that editors colour; what is meant is bash.
    let dialect = if shell == "sh" { Dialect::Bash } else { shell.parse().expect("a fence names a shell") };
    (dialect, kind == "flagged")
}

/// Characters that cannot be seen are written `\u{200b}` in documentation.
fn written_out(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\\u{") {
        out.push_str(before);
        let (code, after) = after.split_once('}').unwrap_or((after, ""));
        out.extend(u32::from_str_radix(code, 16).ok().and_then(char::from_u32));
        rest = after;
    }
    out + rest
}
