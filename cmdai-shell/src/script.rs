//! Scripts in files: their text, their dialect, and where in them something stands.

use std::io::Read;
use std::path::Path;

use cmdai_core::{Dialect, Span};

use crate::exit::Exit;
use crate::failure::{Failure, io_message};

/// The longest script that is read.
const MAX_BYTES: u64 = 1 << 20;

/// The name that stands for standard input.
pub(crate) const STDIN: &str = "-";

/// The text of a script.
///
/// # Errors
/// It cannot be read, is too long, or is not UTF-8.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    if path.as_os_str() == STDIN {
        return crate::input::script();
    }
    let doing = format!("read the script {}", path.display());
    let unusable = |message: String| Failure::new(Exit::Usage, doing.clone(), message);
    // A pipe is as good as a file: `cmdai check --file <(make-script)`.
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| unusable(io_message(&error)))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(unusable("it is larger than 1 MiB".to_owned()));
    }
    String::from_utf8(bytes)
        .map_err(|error| unusable(format!("it is not UTF-8 at byte {}", error.utf8_error().valid_up_to())))
}

/// The dialect of a script: what was asked for, its first line, its name, and bash.
///
/// # Errors
/// Its first line names a program that is no shell, or it has no such line and its name is that of another language.
pub(crate) fn dialect(path: &Path, text: &str, asked: Option<Dialect>) -> Result<Dialect, Failure> {
    if let Some(dialect) = asked {
        return Ok(dialect);
    }
    if let Some(program) = interpreter(text) {
        return program.parse().map_err(|_| {
            let doing = format!("read the script {}", path.display());
            Failure::new(Exit::Usage, doing, format!("its first line names {program}, which is no shell"))
                .hint("pass --shell where it is a shell's script all the same")
        });
    }
    if let Some(dialect) = by_name(path) {
        return Ok(dialect);
    }
    match other_language(path) {
        // What reads as commands that nobody knows would be called harmless.
        Some(language) => {
            let doing = format!("read the script {}", path.display());
            Err(Failure::new(
                Exit::Usage,
                doing,
                format!("by its name it is {language}, and no shell's script"),
            )
            .hint("pass --shell where it is a shell's script all the same"))
        }
        None => Ok(Dialect::default()),
    }
}

/// The language of a file that a shell would not run, told by its name.
fn other_language(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_str()?;
    if matches!(name, "Makefile" | "makefile" | "GNUmakefile" | "justfile" | "Justfile" | "Rakefile") {
        return Some("a list of recipes");
    }
    if name == "Dockerfile" || name.starts_with("Dockerfile.") || name == "Containerfile" {
        return Some("a recipe for an image");
    }
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    Some(match ending.as_str() {
        "mk" => "a list of recipes",
        "json" | "jsonc" | "json5" | "jsonl" | "yaml" | "yml" | "toml" | "xml" | "csv" | "ini" => "data",
        "sql" => "SQL",
        "md" | "rst" | "html" => "a text",
        "py" => "Python",
        "rb" => "Ruby",
        "pl" | "pm" => "Perl",
        "php" => "PHP",
        "js" | "mjs" | "cjs" | "ts" | "tsx" | "jsx" => "JavaScript or TypeScript",
        "lua" => "Lua",
        "go" | "rs" | "c" | "h" | "cc" | "cpp" | "hpp" | "java" | "kt" | "swift" | "cs" => {
            "a program's source"
        }
        "bat" | "cmd" => "a script of cmd.exe",
        "tf" | "hcl" => "HCL",
        _ => return None,
    })
}

/// The program that a first line `#!` names, past `env` and its options.
fn interpreter(text: &str) -> Option<&str> {
    let line = text.lines().next()?.strip_prefix("#!")?;
    let mut words = line.split_whitespace();
    let program = words.next()?;
    let base = |path: &'_ str| path.rsplit('/').next().map(str::len).unwrap_or(0);
    let name = &program[program.len() - base(program)..];
    if name != "env" {
        return Some(name);
    }
    let named = words.find(|word| !word.starts_with('-') && !word.contains('='))?;
    Some(&named[named.len() - base(named)..])
}

fn by_name(path: &Path) -> Option<Dialect> {
    let name = path.file_name()?.to_str()?;
    let ending = path.extension().and_then(|ending| ending.to_str());
    match (name, ending?.to_ascii_lowercase().as_str()) {
        (".zshrc" | ".zprofile" | ".zshenv" | ".zlogin", _) | (_, "zsh") => Some(Dialect::Zsh),
        (_, "fish") => Some(Dialect::Fish),
        (_, "nu") => Some(Dialect::Nu),
        (_, "ps1" | "psm1" | "psd1") => Some(Dialect::PowerShell),
        (_, "bash") => Some(Dialect::Bash),
        (_, "ksh" | "dash" | "ash") => Some(Dialect::Posix),
        _ => None,
    }
}

/// A place in a text as editors count it: lines and characters, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub line: usize,
    pub column: usize,
}

/// Where the lines of a text begin.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let after = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(after).collect() }
    }

    /// The text itself.
    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    /// The place of a byte.
    pub(crate) fn place(&self, at: usize) -> Place {
        let at = self.text.floor_char_boundary(at.min(self.text.len()));
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = self.text.get(start..at).map_or(0, |before| before.chars().count()) + 1;
        Place { line, column }
    }

    /// The first and last place of a span; the last is after its last character, blanks and line ends left out.
    pub(crate) fn places(&self, span: Span) -> (Place, Place) {
        let text = span.of(self.text);
        let end = span.start + text.trim_end().len();
        let start = self.place(span.start);
        let end = self.place(end.max(span.start));
        (start, end)
    }

    /// The text of a line, from 1.
    pub(crate) fn line(&self, number: usize) -> &'t str {
        self.text.lines().nth(number.saturating_sub(1)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, text: &str, expect: Dialect) {
        assert_eq!(dialect(Path::new(name), text, None).ok(), Some(expect), "{name} {text}");
    }

    #[test]
    fn the_first_line_decides_and_then_the_name() {
        check("x.fish", "#!/bin/zsh -f\n", Dialect::Zsh);
        check("x", "#!/usr/bin/env -S FOO=1 fish --no-config\n", Dialect::Fish);
        check("x", "#! /bin/sh\n", Dialect::Posix);
        check("x.fish", "ls", Dialect::Fish);
        check("x.PS1", "ls", Dialect::PowerShell);
        check("x.nu", "ls", Dialect::Nu);
        check("x.sh", "ls", Dialect::Bash);
        check("x", "", Dialect::Bash);
        check("build.json", "#!/bin/bash\n", Dialect::Bash);
        assert!(dialect(Path::new("x"), "#!/usr/bin/env python3\n", None).is_err());
        assert_eq!(
            dialect(Path::new("x"), "#!/usr/bin/python3\n", Some(Dialect::Bash)).ok(),
            Some(Dialect::Bash)
        );
    }

    #[test]
    fn what_is_no_script_by_its_name_is_refused() {
        for name in ["Makefile", "Dockerfile.dev", "package.json", "drop.sql", "a/setup.py", "README.md"] {
            let error = dialect(Path::new(name), "clean:\n\t@rm -rf /\n", None).unwrap_err();
            assert!(format!("{error:?}").contains("no shell's script"), "{name}: {error:?}");
            assert!(dialect(Path::new(name), "", Some(Dialect::Posix)).is_ok(), "{name}");
        }
    }

    #[test]
    fn places_count_characters() {
        let lines = Lines::new("aé\n\nrm x\n");
        assert_eq!(lines.place(0), Place { line: 1, column: 1 });
        assert_eq!(lines.place(3), Place { line: 1, column: 3 });
        assert_eq!(lines.place(4), Place { line: 2, column: 1 });
        let (start, end) = lines.places(Span::new(5, 10));
        assert_eq!((start, end), (Place { line: 3, column: 1 }, Place { line: 3, column: 5 }));
        assert_eq!(lines.place(99), Place { line: 4, column: 1 });
        assert_eq!(lines.line(3), "rm x");
    }
}
