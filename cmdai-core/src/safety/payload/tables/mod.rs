//! What the calls of each language do: one row a call, sorted by name.
//!
//! A name is written with points whatever the language writes: `File::Path::rmtree` is
//! `File.Path.rmtree`. A row that begins with a point is a method of any value that is not text.

mod javascript;
pub(super) mod libraries;
mod others;
mod python;
mod scripts;

use self::javascript::JAVASCRIPT;
use self::others::{GROOVY, JULIA, LUA, R};
use self::python::PYTHON;
use self::scripts::{PERL, PHP, RUBY};
use crate::specs::Language;

/// What a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Runs its text as shell code, or its list as a program with arguments; returns what that prints.
    Shell,
    /// As `Shell`, and the result is a process.
    Start,
    /// A program, then its arguments in a list.
    Spawn,
    /// A program, then all argument words in a list, the program's name first.
    ExecList,
    /// A program, then all argument words, the program's name first.
    ExecWords,
    /// A mode, then as `ExecWords`.
    SpawnWords,
    /// A mode, then as `ExecList`.
    SpawnList,
    /// Runs its text as code of this language.
    Eval,
    /// Deletes its operands.
    Delete,
    /// Deletes its operands and everything below them.
    DeleteTree,
    /// Deletes, below too where an option says so.
    DeleteIf,
    /// Moves the first operand to the second.
    Move,
    /// Copies the first operand to the second.
    Copy,
    /// Makes or links the second operand.
    Link,
    /// Replaces the content of its first operand by its second.
    Write,
    /// Adds to a file.
    Append,
    /// Cuts a file to a length.
    Truncate,
    /// Opens a file in a mode.
    Open,
    /// Reads a file.
    Read,
    /// Makes a folder or an empty file.
    Make,
    /// Changes permissions: path, mode.
    Mode,
    /// Changes permissions: mode, paths.
    ModeFirst,
    /// Changes owners.
    Owner,
    /// Lists a folder: names without it.
    Names,
    /// Lists a folder: paths.
    Paths,
    /// Walks a tree: triples of folder, folders, files.
    Walk,
    /// Expands a pattern of file names.
    Glob,
    /// Loads a module by name.
    Import,
    /// An attribute by name.
    Attribute,
    /// Fetches from the network.
    Fetch,
    /// Fetches from the network to a file.
    FetchTo,
    /// Sends to the network.
    Send,
    /// A connection.
    Socket,
    /// Puts a connection in the place of standard input or output.
    Duplicate,
    /// A shell on a terminal.
    Terminal,
    /// Ends processes: process, signal.
    Kill,
    /// Ends processes: signal, processes.
    KillFirst,
    /// Another process of the same program.
    Fork,
    /// A variable of the environment.
    Variable,
    /// Changes the working directory.
    Enter,
    /// Loads native code.
    Native,
    /// Prints, with a line end.
    Print,
    /// Prints.
    Write1,
    /// Standard input, all of it.
    Input,
    /// A place for temporary files.
    Temporary,
    /// Text from a path object's parts.
    Path,
    /// Calls a function for each value of a list: function, list.
    Map,
    /// Calls the function it is given.
    Call,
    /// Runs its text as commands of vim.
    Vim,
    /// A command of Redis: name, arguments.
    Redis,
    /// Something without effect; see the function of that name in `pure.rs`.
    Pure(Fun),
}

/// Calls without effect whose result matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fun {
    Base64,
    Base32,
    Hex,
    Decode,
    Rot13,
    Inflate,
    Percent,
    Chr,
    Ord,
    Same,
    Text,
    Number,
    List,
    Range,
    Reverse,
    Join,
    JoinPath,
    Split,
    Replace,
    Format,
    Upper,
    Lower,
    Slice,
    Repeat,
    Home,
    ExpandUser,
    Base,
    Folder,
    Here,
    Concat,
    Length,
    Words,
    Codes,
    First,
    Last,
    Sort,
    Translate,
    Data,
    Accounts,
    Processes,
    Process,
}

/// The row of a call.
pub(super) fn find(language: Language, name: &str) -> Option<Act> {
    let table = match language {
        Language::Python => PYTHON,
        Language::JavaScript => JAVASCRIPT,
        Language::Ruby => RUBY,
        Language::Perl => PERL,
        Language::Php => PHP,
        Language::Lua => LUA,
        Language::Groovy => GROOVY,
        Language::R => R,
        Language::Julia => JULIA,
        _ => return None,
    };
    // PHP does not tell letters' case in names.
    if language == Language::Php {
        let lower = name.to_ascii_lowercase();
        return look(table, &lower);
    }
    look(table, name)
}

fn look(table: &[(&str, Act)], name: &str) -> Option<Act> {
    table.binary_search_by(|(known, _)| (*known).cmp(name)).ok().map(|at| table[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for table in [PYTHON, JAVASCRIPT, RUBY, PERL, PHP, LUA, GROOVY, R, JULIA] {
            for pair in table.windows(2) {
                assert!(pair[0].0 < pair[1].0, "{} comes before {}", pair[1].0, pair[0].0);
            }
        }
    }
}
