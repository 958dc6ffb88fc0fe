//! What comes in by arguments or standard input, and what goes out on standard output.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Read, Write};

use cmdai_core::{Error, ErrorKind, wire};

use crate::exit::Exit;
use crate::failure::{Failure, io_message};
use crate::jsonl::{self, Line, Stop};
use crate::settings::Settings;
use crate::{stdout, surroundings, words};

/// The longest text that is read from standard input at once.
const MAX_BYTES: u64 = 1 << 20;

/// What is said where a script was to come on standard input.
const NOTHING_CAME: &str = "standard input is empty";

/// The command line that `check` or `explain` is about: the words, or a script on standard input, which `-` stands for too.
///
/// # Errors
/// Nobody gives one, it holds only blanks, it is too long, or it is not UTF-8.
pub(crate) fn command(words: &[OsString], subcommand: &str) -> Result<String, Failure> {
    let doing = "read the command";
    let (text, empty) = match words {
        [] if io::stdin().is_terminal() => (String::new(), "there is none"),
        [] => (read_stdin(doing)?, NOTHING_CAME),
        [dash] if dash == "-" => (read_stdin(doing)?, NOTHING_CAME),
        words => (words::command_line(words).map_err(|nth| not_utf8(doing, nth))?, "it is empty"),
    };
    // It does nothing, but what broke before it could write a script gives nothing either, and must not be allowed by that.
    if text.trim().is_empty() {
        let hint = format!("type cmdai {subcommand} 'the command', or pipe a script to it");
        return Err(Failure::new(Exit::Usage, doing, empty).hint(hint));
    }
    Ok(text)
}

/// A script on standard input that was asked for by the name `-`.
///
/// # Errors
/// As [`command`].
pub(crate) fn script() -> Result<String, Failure> {
    let doing = "read the script -";
    let text = read_stdin(doing)?;
    match text.trim().is_empty() {
        true => Err(Failure::new(Exit::Usage, doing, NOTHING_CAME)),
        false => Ok(text),
    }
}

/// The request: the words, or standard input.
///
/// # Errors
/// As [`command`], or it is empty.
pub(crate) fn request(words: &[OsString]) -> Result<String, Failure> {
    let doing = "read the request";
    let text = match words {
        [] if io::stdin().is_terminal() => String::new(),
        [] => read_stdin(doing)?,
        words => words::request(words).map_err(|nth| not_utf8(doing, nth))?,
    };
    if text.trim().is_empty() {
        let failure = Failure::new(Exit::Usage, doing, "it is empty");
        return Err(
            failure.hint("say what the command should do, as in: cmdai find files larger than 100 MB")
        );
    }
    Ok(text)
}

fn not_utf8(doing: &str, nth: usize) -> Failure {
    Failure::new(Exit::Usage, doing, format!("word {nth} is not UTF-8"))
        .hint("write the odd bytes as the shell would quote them, as in $'\\xff'")
}

fn read_stdin(doing: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| {
        Failure::new(Exit::Usage, doing, format!("standard input: {}", io_message(&error)))
    })?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Failure::new(Exit::Usage, doing, "standard input holds more than 1 MiB")
            .hint("pass less at once, or one JSON object a line with --jsonl"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(Exit::Usage, doing, format!("standard input is not UTF-8 at byte {at}"))
    })
}

/// Writes to standard output.
///
/// # Errors
/// Nobody reads it, or the disk is full.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    if text.is_empty() {
        return Ok(());
    }
    let mut stdout = io::stdout().lock();
    let written = stdout::is_open().and_then(|()| stdout.write_all(text.as_bytes()));
    written.and_then(|()| stdout.flush()).map_err(|error| Failure::write(&error))
}

/// Names of fields that are told at most: a program that gets one wrong gets it wrong in every line.
const MAX_TOLD: usize = 8;

/// Answers each line of standard input on standard output. A name that is none of the `fields` of a line means
/// nothing, which is said once.
///
/// # Errors
/// The streams fail, or `answer` gave a failure that ends the run.
pub(crate) fn batch(
    fields: &[&str],
    settings: &Settings,
    mut answer: impl FnMut(&str) -> (String, Option<Failure>),
) -> Result<Exit, Failure> {
    stdout::is_open().map_err(|error| Failure::write(&error))?;
    let mut told = HashSet::new();
    let answer = |line| match line {
        Line::Text(text) => {
            for name in wire::unknown_fields(&text, fields) {
                if told.len() < MAX_TOLD && told.insert(name.clone()) {
                    settings.note(&format!(
                        "the field {name:?} is unknown and ignored; known are {}",
                        fields.join(", ")
                    ));
                }
            }
            answer(&text)
        }
        Line::NotUtf8(at) => (bad_line(format!("the line is not UTF-8 at byte {at}")), None),
        Line::TooLong => (bad_line(format!("the line is longer than {} bytes", jsonl::MAX_LINE_BYTES)), None),
    };
    let stdout = BufWriter::new(io::stdout().lock());
    match jsonl::run(io::stdin().lock(), stdout, answer) {
        Ok(()) => Ok(Exit::Ok),
        Err(Stop::Read(error)) => Err(Failure::new(Exit::Bug, "read standard input", io_message(&error))),
        Err(Stop::Write(error)) => Err(Failure::write(&error)),
        // Its object stands in the place of the line's answer.
        Err(Stop::Fatal(failure)) => Err(failure.told()),
    }
}

fn bad_line(message: String) -> String {
    let error = Error::new(ErrorKind::Input, message).with_hint("write one JSON object a line");
    wire::write(&wire::ErrorAnswer::new(None, &error))
}

/// `cmdai check disk space` was read as the command `disk space`: says so where there is no such program.
pub(crate) fn note_request_words(words: &[OsString], subcommand: &str, settings: &Settings) {
    let [first, _, ..] = words else { return };
    let Some(first) = first.to_str() else { return };
    let is_word = first.chars().all(char::is_alphabetic);
    if is_word && surroundings::find_program(first).is_none() && !is_builtin(first) {
        let all: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        settings.note(&format!(
            "this was read as a command line; to ask for a command: cmdai generate {subcommand} {}",
            all.join(" ")
        ));
    }
}

/// Words that are commands although no program has their name.
fn is_builtin(word: &str) -> bool {
    const BUILTINS: &[&str] = &[
        "alias", "builtin", "case", "cd", "command", "eval", "exec", "export", "for", "function", "if",
        "local", "read", "set", "source", "time", "trap", "ulimit", "umask", "unset", "until", "wait",
        "while",
    ];
    BUILTINS.contains(&word)
}
