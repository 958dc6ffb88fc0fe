//! A program that is lowered, with its arguments as its spec reads them, and what going through them has shown.

use super::machine::Field;
use super::payload::Payload;
use crate::line::Span;
use crate::specs::{Args, Language, Recursive, Role, Spec};

/// One program with its arguments, read by its spec.
pub(super) struct Call<'a> {
    pub(super) spec: &'static Spec,
    pub(super) args: &'a Args<'a>,
    pub(super) argv: &'a [Field],
    pub(super) program: &'static str,
    pub(super) span: Span,
}

impl Call<'_> {
    pub(super) fn recursive(&self) -> bool {
        match self.args.spec.recursive {
            Recursive::Never => false,
            Recursive::Always => true,
            Recursive::With(flags) => self.args.has_any(flags),
        }
    }

    /// Code in another language with what it finds when it runs.
    pub(super) fn payload<'a>(
        &'a self,
        language: Language,
        text: &'a str,
        span: Span,
        input: Option<&'a str>,
    ) -> Payload<'a> {
        let by_line = matches!(language, Language::Perl | Language::Ruby);
        Payload {
            language,
            text,
            program: self.program,
            span,
            arguments: self.args,
            input,
            each_line: by_line && (self.args.has("-n") || self.args.has("-p")),
            prints_line: by_line && self.args.has("-p"),
        }
    }

    /// True where it has none but these flags, each named by any of its names.
    pub(super) fn has_only(&self, flags: &[&str]) -> bool {
        self.args.items.iter().all(|item| match item.role {
            Role::Flag(flag) => flag.names.iter().any(|name| flags.contains(name)),
            Role::UnknownFlag => false,
            _ => true,
        })
    }

    /// The signal that is sent, `TERM` where none is named.
    pub(super) fn signal(&self) -> String {
        for item in &self.args.items {
            match item.role {
                Role::Value(flag) if matches!(flag.names[0], "-" | "-s" | "-n" | "--signal") => {
                    return item.text.trim_start_matches("SIG").to_owned();
                }
                // So nushell calls it.
                Role::Flag(flag) if self.program == "kill" && flag.names.contains(&"--force") => {
                    return "KILL".to_owned();
                }
                Role::Flag(flag) if flag.value.is_none() && flag.names[0].len() > 2 => {
                    return flag.names[0].trim_start_matches('-').to_owned();
                }
                _ => {}
            }
        }
        "TERM".to_owned()
    }
}

/// What going through the values has shown.
#[derive(Default)]
pub(super) struct Seen {
    /// True where code was given by operand or flag, so that standard input is not code.
    pub(super) code: bool,
    /// True where an operand was read.
    pub(super) read_operand: bool,
    /// What is known of the content of those.
    pub(super) content: String,
    /// Paths that are written.
    pub(super) written: Vec<String>,
    /// The directory to work in.
    pub(super) directory: Option<String>,
    /// True where each deletion is asked about; known once it was looked up.
    pub(super) asks: Option<bool>,
    /// The command that a wrapper runs, as it stands.
    pub(super) next: Option<Vec<Field>>,
    /// The output of a nested command.
    pub(super) output: Option<String>,
    /// What code in the program's own language printed.
    pub(super) printed: Option<String>,
}

impl Seen {
    pub(super) fn add_printed(&mut self, more: Option<String>) {
        if let Some(more) = more {
            self.printed.get_or_insert_default().push_str(&more);
        }
    }
}
