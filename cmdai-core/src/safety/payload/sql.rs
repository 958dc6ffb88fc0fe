//! Statements of databases: what they drop, empty, write and run.
//!
//! Text in quotes and comments is not code, save where a database runs it: `EXECUTE '…'`, `DO $$ … $$`,
//! `/*! … */`. Client commands (`\!`, `.shell`) stand at the beginning of a line.

use super::{decode, sql_values};
use crate::line::{Dialect, Span};
use crate::safety::machine::{Flow, Machine};
use crate::safety::value::Origin;
use crate::safety::{EffectKind, TargetClass, data, lasting, paths};

/// Words of one text.
const WORDS: usize = 8 * 1024;

/// A word of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// In capitals, with its place in the text.
    Name(String, usize),
    Quoted(String),
    /// A name in quotes.
    Named(String),
    Sign(char),
}

/// Functions that drop tables, chunks, rows or large objects. Sorted.
const DROPPING: &[&str] = &["DROPGEOMETRYTABLE", "DROPRASTERTABLE", "DROP_CHUNKS", "LO_UNLINK"];

impl Machine<'_> {
    /// Statements of a database.
    pub(in crate::safety) fn sql(&mut self, text: &str, program: &str, span: Span) {
        if !self.spend(1 + text.len() / 128) {
            return;
        }
        let rest = self.client_commands(text, program, span);
        self.sql_of_servers(&rest, program, span);
        let words = words(&rest);
        if words.len() >= WORDS {
            self.cut = true;
        }
        let statements: Vec<&[Word]> =
            words.split(|word| *word == Word::Sign(';')).filter(|s| !s.is_empty()).collect();
        let first = |statement: &[Word]| name(statement, 0).to_owned();
        // What is rolled back has not happened.
        let begins = statements.first().is_some_and(|s| matches!(first(s).as_str(), "BEGIN" | "START"));
        let rolls_back = statements.last().is_some_and(|s| first(s) == "ROLLBACK" && s.len() < 3);
        if begins && rolls_back && statements.len() > 2 && !statements.iter().any(|s| first(s) == "COMMIT") {
            return;
        }
        for statement in statements.into_iter().take(512) {
            if !self.spend(1) {
                return;
            }
            self.sql_statement(statement, program, span, 0);
        }
    }

    /// The text that `SELECT 'DROP TABLE ' || name` gives for one row: quoted text, and holes for the rest.
    pub(super) fn selected(&mut self, text: &str) -> Option<String> {
        if !text.contains(['\'', '(']) || !text.trim_start().get(..6)?.eq_ignore_ascii_case("select") {
            return None;
        }
        self.row_of(words(text).get(1..)?)
    }

    /// The text of one row of what is selected, as [`Self::selected`] has it.
    fn row_of(&mut self, selected: &[Word]) -> Option<String> {
        let mut out = String::new();
        let mut unknown = false;
        for word in selected.iter().take(64) {
            match word {
                Word::Quoted(text) => {
                    out.push_str(text);
                    unknown = false;
                }
                Word::Name(name, _) if name == "FROM" => break,
                Word::Sign(';') => break,
                Word::Name(..) | Word::Named(_) if !unknown && !out.is_empty() => {
                    out.push(self.unknowns.hole("…", Origin::Program));
                    unknown = true;
                }
                _ => {}
            }
        }
        (!out.trim().is_empty()).then(|| out + "\n")
    }

    /// A library that a database is told to load, and with it the code in it.
    pub(super) fn library(&mut self, path: &str, program: &str, span: Span) {
        let detail = if path.contains('/') && self.is_anybodys(path) { "preload" } else { "" };
        let target = self.target(TargetClass::Unknown, &self.unknowns.show(path), span);
        self.emit_with(EffectKind::RunCode, target, false, program, span, detail);
    }

    fn sql_statement(&mut self, statement: &[Word], program: &str, span: Span, depth: u8) {
        if depth > 6 {
            self.cut = true;
            return;
        }
        let mut statement = statement;
        // Labels and blocks of procedures begin with words of their own.
        while let [Word::Name(word, _), rest @ ..] = statement
            && matches!(
                word.as_str(),
                "BEGIN"
                    | "THEN"
                    | "ELSE"
                    | "LOOP"
                    | "GO"
                    | "DECLARE"
                    | "EXEC"
                    | "EXECUTE"
                    | "IF"
                    | "CALL"
                    | "PERFORM"
                    | "EXPLAIN"
                    | "PROFILE"
                    | "DESCRIBE"
                    | "DESC"
            )
        {
            if matches!(word.as_str(), "EXPLAIN" | "PROFILE" | "DESCRIBE" | "DESC") {
                let runs = rest.iter().take(8).any(
                    |word| matches!(word, Word::Name(word, _) if word == "ANALYZE" || word == "ANALYSE"),
                );
                if !runs {
                    return;
                }
                let start = rest
                    .iter()
                    .position(|word| matches!(word, Word::Name(word, _) if is_verb(word)))
                    .unwrap_or(rest.len());
                statement = &rest[start..];
                continue;
            }
            // Text that the database runs: `EXECUTE IMMEDIATE '…'`, `EXEC('…')`, `EXEC sp_executesql N'…'`.
            if matches!(word.as_str(), "EXEC" | "EXECUTE" | "CALL" | "PERFORM") {
                if name(rest, 0) == "XP_CMDSHELL"
                    || name(rest, 2) == "XP_CMDSHELL"
                    || rest
                        .iter()
                        .take(6)
                        .any(|word| matches!(word, Word::Name(word, _) if word.ends_with("XP_CMDSHELL")))
                {
                    if let Some(Word::Quoted(code)) = rest.iter().find(|word| matches!(word, Word::Quoted(_)))
                    {
                        self.code_in(&code.clone(), span, Flow::default(), Dialect::Bash);
                    }
                    return;
                }
                for word in rest.iter().take(8) {
                    if let Word::Quoted(text) = word {
                        self.sql_nested(text, program, span, depth);
                    }
                }
                return;
            }
            statement = rest;
        }
        self.sql_calls(statement, program, span);
        let verb = name(statement, 0);
        match verb {
            "WITH" | "IF" => {
                // What stands in brackets may be a statement that changes something.
                for (at, word) in statement.iter().enumerate() {
                    if let Word::Name(word, _) = word
                        && matches!(word.as_str(), "DELETE" | "UPDATE")
                        && at > 0
                        && statement.get(at - 1) == Some(&Word::Sign('('))
                    {
                        let end = closing(statement, at);
                        self.sql_statement(&statement[at..end], program, span, depth + 1);
                    }
                }
                let mut inside = 0;
                for (at, word) in statement.iter().enumerate() {
                    match word {
                        Word::Sign('(') => inside += 1,
                        Word::Sign(')') => inside -= 1,
                        Word::Name(word, _)
                            if inside == 0 && at > 0 && matches!(word.as_str(), "DELETE" | "UPDATE") =>
                        {
                            self.sql_statement(&statement[at..], program, span, depth + 1);
                            return;
                        }
                        _ => {}
                    }
                }
            }
            "DO" => {
                for word in statement {
                    if let Word::Quoted(text) = word {
                        self.sql_nested(text, program, span, depth);
                    }
                }
            }
            "PREPARE" | "SET" => {
                for word in statement {
                    if let Word::Quoted(text) = word
                        && verb == "PREPARE"
                    {
                        self.sql_nested(text, program, span, depth);
                    }
                }
            }
            "DROP" => self.drop_statement(statement, program, span),
            "TRUNCATE" if statement.len() > 1 => self.dropped(statement, program, span),
            "ALTER" => self.alter_statement(statement, program, span),
            "DELETE" if !bounded(statement) => self.dropped(statement, program, span),
            "UPDATE" if has(statement, "SET") && !bounded(statement) => {
                self.dropped(statement, program, span)
            }
            "DELETE" | "UPDATE" => {
                let what = shown(statement);
                let target = self.target(TargetClass::Named, &self.unknowns.show(&what), span);
                let _ = target;
            }
            "PURGE" | "RESET"
                if matches!(
                    name(statement, 1),
                    "MASTER" | "BINARY" | "RECYCLEBIN" | "DBA_RECYCLEBIN" | "TABLE"
                ) =>
            {
                self.dropped(statement, program, span);
            }
            "GRANT" => self.granted(statement, program, span),
            "CREATE" if matches!(name(statement, 1), "USER" | "ROLE" | "LOGIN") => {
                self.added(statement, program, span);
            }
            "SHUTDOWN" => {
                let target = self.target(TargetClass::Named, "the server", span);
                self.emit(EffectKind::Kill, target, false, program, span);
            }
            // Graphs and documents: `MATCH (n) DETACH DELETE n`, `REMOVE TABLE users`.
            "MATCH" | "OPTIONAL" if has(statement, "DELETE") && !has(statement, "WHERE") => {
                self.dropped(statement, program, span);
            }
            "REMOVE" if matches!(name(statement, 1), "TABLE" | "DATABASE" | "NAMESPACE" | "DB" | "NS") => {
                self.dropped(statement, program, span);
            }
            "SYSTEM" if matches!(name(statement, 1), "SHUTDOWN" | "KILL" | "STOP") => self.stops(statement, program, span),
            "KILL" => self.stops(statement, program, span),
            "FLUSH" if has(statement, "LOCK") => self.stops(statement, program, span),
            "SELECT"
                if statement.iter().any(|word| {
                    matches!(word, Word::Name(word, _) if matches!(
                        word.as_str(),
                        "PG_TERMINATE_BACKEND" | "PG_DROP_REPLICATION_SLOT" | "PG_CANCEL_BACKEND" | "PG_PROMOTE"
                    ))
                }) =>
            {
                self.stops(statement, program, span);
            }
            // Functions of servers and their extensions that drop what they are given, row for row.
            "SELECT" if !has(statement, "WHERE") && statement.iter().any(|word| matches!(word, Word::Name(word, _) if data::holds(DROPPING, word))) => {
                self.dropped(statement, program, span);
            }
            "RESTORE" if has(statement, "REPLACE") => self.dropped(statement, program, span),
            "RESTORE" if matches!(name(statement, 1), "DATABASE" | "TABLE") => self.restores(program, span),
            "COPY" | "UNLOAD" => self.copy_statement(statement, program, span),
            _ => {}
        }
        // `ATTACH '/path' AS x`: what is inserted afterwards lies in that file.
        if name(statement, 0) == "ATTACH"
            && let Some(Word::Quoted(path)) =
                statement.iter().take(3).find(|word| matches!(word, Word::Quoted(_)))
        {
            let path = path.clone();
            let place = paths::locate(&path, &self.state.cwd, self.ctx);
            if place.class == TargetClass::ShellStartup || lasting::is_page(&path) {
                self.attached = Some(path);
            }
        }
        if let (Some(path), "INSERT") = (self.attached.clone(), name(statement, 0)) {
            self.rows_to_file(EffectKind::Overwrite, &path, statement, program, span);
        }
        // `SELECT … INTO OUTFILE '/path'`
        for (at, word) in statement.iter().enumerate() {
            if let Word::Name(word, _) = word
                && matches!(word.as_str(), "OUTFILE" | "DUMPFILE")
                && let Some(Word::Quoted(path)) = statement.get(at + 1)
            {
                let path = path.clone();
                self.rows_to_file(EffectKind::Create, &path, &statement[..at], program, span);
            }
        }
    }

    fn sql_nested(&mut self, text: &str, program: &str, span: Span, depth: u8) {
        if depth > 4 || !self.spend(1 + text.len() / 128) {
            self.cut = true;
            return;
        }
        let words = words(text);
        for statement in words.split(|word| *word == Word::Sign(';')).filter(|s| !s.is_empty()).take(64) {
            self.sql_statement(statement, program, span, depth + 1);
        }
    }

    fn dropped(&mut self, statement: &[Word], program: &str, span: Span) {
        let what = shown(statement);
        let target = self.target(TargetClass::Named, &self.unknowns.show(&what), span);
        self.emit(EffectKind::DropData, target, true, program, span);
    }

    /// What others are doing there ends.
    fn stops(&mut self, statement: &[Word], program: &str, span: Span) {
        let target = self.target(TargetClass::Named, &self.unknowns.show(&shown(statement)), span);
        self.emit(EffectKind::Interrupt, target, false, program, span);
    }

    fn drop_statement(&mut self, statement: &[Word], program: &str, span: Span) {
        match name(statement, 1) {
            "TEMPORARY" | "TEMP" => {}
            "INDEX" | "VIEW" | "TRIGGER" | "FUNCTION" | "POLICY" | "ROLE" | "USER" | "PROCEDURE" | "RULE"
            | "TYPE" | "AGGREGATE" | "OPERATOR" | "CAST" | "LOGIN" | "SYNONYM" | "EVENT" | "CONSTRAINT"
            | "EXTENSION" | "CONTINUOUS" | "STATISTICS" | "SUBSCRIPTION" | "PUBLICATION" | "DOMAIN"
            | "COLLATION" | "LANGUAGE" => {
                let what = shown(statement);
                let target = self.target(TargetClass::Named, &self.unknowns.show(&what), span);
                // `CASCADE` of a type or extension takes the columns with it.
                let kind = if has(statement, "CASCADE")
                    && matches!(name(statement, 1), "TYPE" | "EXTENSION" | "DOMAIN" | "USER")
                {
                    EffectKind::DropData
                } else {
                    EffectKind::Configure
                };
                self.emit(kind, target, false, program, span);
            }
            "MATERIALIZED" => {}
            _ if statement.len() > 1 => self.dropped(statement, program, span),
            _ => {}
        }
    }

    fn alter_statement(&mut self, statement: &[Word], program: &str, span: Span) {
        if matches!(name(statement, 1), "ROLE" | "USER" | "LOGIN") {
            let all = has(statement, "SUPERUSER");
            return self.rights(statement, program, span, all);
        }
        // `ALTER SERVER ROLE sysadmin ADD MEMBER app`
        if name(statement, 1) == "SERVER" && has(statement, "MEMBER") && has(statement, "ADD") {
            let all = has(statement, "SYSADMIN") || has(statement, "SECURITYADMIN");
            return self.rights(statement, program, span, all);
        }
        if name(statement, 1) == "SYSTEM" {
            let target = self.target(TargetClass::Named, &self.unknowns.show(&shown(statement)), span);
            return self.emit(EffectKind::Configure, target, false, program, span);
        }
        if name(statement, 1) == "DATABASE" && has(statement, "RENAME") {
            return self.stops(statement, program, span);
        }
        let unguarded = has(statement, "ROW") && has(statement, "SECURITY") && has(statement, "DISABLE");
        if unguarded {
            let target = self.target(TargetClass::Named, &self.unknowns.show(&shown(statement)), span);
            return self.emit(EffectKind::DisableProtection, target, false, program, span);
        }
        for (at, word) in statement.iter().enumerate().skip(2) {
            let Word::Name(word, _) = word else { continue };
            let next = name(statement, at + 1);
            let loses = match word.as_str() {
                "DROP" => !matches!(
                    next,
                    "CONSTRAINT"
                        | "DEFAULT"
                        | "NOT"
                        | "INDEX"
                        | "KEY"
                        | "PRIMARY"
                        | "FOREIGN"
                        | "IDENTITY"
                        | "EXPRESSION"
                        | "CHECK"
                        | "PROJECTION"
                        | "STATISTICS"
                        | "TAG"
                ),
                "DELETE" => !bounded(&statement[at..]),
                "TRUNCATE" => next == "PARTITION",
                "DETACH" => false,
                _ => false,
            };
            if loses {
                return self.dropped(statement, program, span);
            }
        }
    }

    /// `COPY … TO '/path'`, `COPY … TO PROGRAM 'cmd'`.
    fn copy_statement(&mut self, statement: &[Word], program: &str, span: Span) {
        for (at, word) in statement.iter().enumerate() {
            let Word::Name(word, _) = word else { continue };
            match (word.as_str(), statement.get(at + 1)) {
                ("PROGRAM", Some(Word::Quoted(code))) => {
                    // The server runs it, and gives it the rows, or takes them from it.
                    let code = code.clone();
                    let target = self.target(TargetClass::Named, "a program on the server", span);
                    self.emit(EffectKind::Configure, target, false, program, span);
                    // What it reads is known where it is selected as it stands.
                    let before = &statement[..at];
                    let to =
                        before.iter().rposition(|word| matches!(word, Word::Name(name, _) if name == "TO"));
                    let row = before
                        .iter()
                        .position(|word| matches!(word, Word::Name(name, _) if name == "SELECT" || name == "VALUES"))
                        .and_then(|from| before.get(from + 1..to?));
                    let row = row.and_then(|row| self.row_of(row));
                    let rows =
                        row.unwrap_or_else(|| self.unknowns.hole("$(pg_dump)", Origin::Program).to_string());
                    let input = has(statement, "TO").then_some(rows.as_str());
                    self.code_in(&code, span, Flow { input, want: false }, Dialect::Bash);
                }
                ("TO", Some(Word::Quoted(path))) if !path.contains("://") => {
                    let path = path.clone();
                    self.rows_to_file(EffectKind::Overwrite, &path, &statement[..at], program, span);
                }
                ("FROM", Some(Word::Quoted(path))) if !path.contains("://") => {
                    let path = path.clone();
                    self.touch(EffectKind::Read, &path, span, false, program);
                }
                _ => {}
            }
        }
    }

    /// Rows go into a file: what is known of them is judged as if it had been written there.
    fn rows_to_file(&mut self, kind: EffectKind, path: &str, rows: &[Word], program: &str, span: Span) {
        let texts = rows.iter().filter_map(|word| match word {
            Word::Quoted(text) => Some(text.as_str()),
            _ => None,
        });
        let written = texts.collect::<Vec<_>>().join("\t");
        if let Some(place) = self.touch(kind, path, span, false, program) {
            self.lasting(&place, &written, span);
            self.write_file(place.path, written, false);
        }
    }

    /// Functions that reach out of the database.
    fn sql_calls(&mut self, statement: &[Word], program: &str, span: Span) {
        for (at, word) in statement.iter().enumerate() {
            let (Word::Name(word, _), Some(Word::Sign('('))) = (word, statement.get(at + 1)) else {
                continue;
            };
            if matches!(word.as_str(), "LO_EXPORT" | "EDIT") {
                // Their second argument is a path, or a command.
                let end = closing(statement, at + 1).min(statement.len());
                let last = statement[at..end].iter().rev().find_map(|word| match word {
                    Word::Quoted(text) => Some(text.clone()),
                    _ => None,
                });
                match last {
                    Some(code) if word == "EDIT" && program == "sqlite3" => {
                        self.code_in(&code, span, Flow::default(), Dialect::Bash);
                    }
                    Some(path) if word == "LO_EXPORT" => {
                        self.rows_to_file(EffectKind::Overwrite, &path, &[], program, span);
                    }
                    _ => {}
                }
                continue;
            }
            let Some(Word::Quoted(text)) = statement.get(at + 2) else { continue };
            let text = text.clone();
            match word.as_str() {
                "SYS_EXEC" | "SYS_EVAL" | "SHELL" | "XP_CMDSHELL" => {
                    self.code_in(&text, span, Flow::default(), Dialect::Bash);
                }
                "LOAD_FILE"
                | "PG_READ_FILE"
                | "PG_READ_BINARY_FILE"
                | "READFILE"
                | "READ_TEXT"
                | "READ_BLOB" => {
                    self.touch(EffectKind::Read, &text, span, false, program);
                }
                "WRITEFILE" | "PG_FILE_WRITE" => {
                    self.rows_to_file(EffectKind::Overwrite, &text, &statement[at + 3..], program, span);
                }
                "LOAD_EXTENSION" => self.library(&text, program, span),
                "DBLINK_EXEC" | "QUERY_TO_XML" => self.sql_nested(&text, program, span, 3),
                _ => {}
            }
        }
    }
}

fn is_verb(word: &str) -> bool {
    matches!(
        word,
        "DELETE" | "UPDATE" | "INSERT" | "SELECT" | "WITH" | "DROP" | "TRUNCATE" | "ALTER" | "CREATE"
    )
}

fn name(statement: &[Word], at: usize) -> &str {
    match statement.get(at) {
        Some(Word::Name(word, _)) => word,
        _ => "",
    }
}

pub(super) fn has(statement: &[Word], wanted: &str) -> bool {
    statement.iter().any(|word| matches!(word, Word::Name(word, _) if word == wanted))
}

fn closing(statement: &[Word], from: usize) -> usize {
    let mut depth = 0usize;
    for (at, word) in statement.iter().enumerate().skip(from) {
        match word {
            Word::Sign('(') => depth += 1,
            Word::Sign(')') => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return at,
            },
            _ => {}
        }
    }
    statement.len()
}

/// True where a condition or a limit keeps the statement from all rows.
fn bounded(statement: &[Word]) -> bool {
    let mut depth = 0usize;
    for (at, word) in statement.iter().enumerate() {
        match word {
            Word::Sign('(') => depth += 1,
            Word::Sign(')') => depth = depth.saturating_sub(1),
            Word::Name(word, _) if depth == 0 => match word.as_str() {
                "WHERE" => return !always(&statement[at + 1..]),
                "LIMIT" | "TOP" => return true,
                // A join or list of rows bounds it as a condition does.
                "USING"
                    if statement.iter().any(|word| matches!(word, Word::Name(word, _) if word == "ON")) =>
                {
                    return true;
                }
                _ => {}
            },
            _ => {}
        }
    }
    false
}

/// True for a condition that holds for every row: `1=1`, `true`, `id = id`, `x LIKE '%'`, and `… OR 1=1`.
fn always(condition: &[Word]) -> bool {
    let end = condition
        .iter()
        .position(|word| matches!(word, Word::Name(word, _) if matches!(word.as_str(), "RETURNING" | "ORDER" | "LIMIT")))
        .unwrap_or(condition.len());
    let condition: Vec<Word> =
        condition[..end].iter().filter(|word| !matches!(word, Word::Sign('(' | ')'))).cloned().collect();
    if matches!(condition[..], [Word::Name(ref word, _)] if word == "CURRENT") {
        return false;
    }
    let parts = condition.split(|word| matches!(word, Word::Name(word, _) if word == "OR"));
    let mut any = false;
    for part in parts {
        let all = part.split(|word| matches!(word, Word::Name(word, _) if word == "AND")).all(|test| {
            let same = |a: &Word, b: &Word| match (a, b) {
                (Word::Name(a, _), Word::Name(b, _)) => a == b,
                (a, b) => a == b,
            };
            let is_number =
                |word: &Word| matches!(word, Word::Name(word, _) if word.chars().all(|c| c.is_ascii_digit()));
            match test {
                [Word::Name(word, _)] => {
                    word == "TRUE"
                        || (word.chars().all(|c| c.is_ascii_digit()) && !word.trim_matches('0').is_empty())
                }
                [a, Word::Sign('='), b] => same(a, b),
                [a, Word::Sign('<' | '>'), b] => {
                    // `id > 0` leaves out nothing.
                    let zero = matches!(b, Word::Name(word, _) if word == "0");
                    let id = matches!(a, Word::Name(word, _) if word == "ID" || word.ends_with("_ID") || word.ends_with(".ID"));
                    (is_number(a) && is_number(b)) || (id && zero && test.contains(&Word::Sign('>')))
                }
                [a, Word::Sign('<'), Word::Sign('>'), b] => is_number(a) && is_number(b) && !same(a, b),
                [_, Word::Name(like, _), Word::Quoted(pattern)] => like.ends_with("LIKE") && pattern == "%",
                [Word::Name(not, _), Word::Name(word, _)] => not == "NOT" && word == "FALSE",
                [_, Word::Name(is, _), Word::Name(not, _), Word::Name(null, _)] => {
                    is == "IS" && not == "NOT" && null == "NULL"
                }
                _ => false,
            }
        });
        any |= all && !part.is_empty();
    }
    any
}

pub(super) fn shown(statement: &[Word]) -> String {
    let words: Vec<&str> = statement
        .iter()
        .take(6)
        .filter_map(|word| match word {
            Word::Name(word, _) | Word::Named(word) => Some(word.as_str()),
            _ => None,
        })
        .collect();
    words.join(" ")
}

/// The words of statements, with constant expressions as the text that they give.
pub(super) fn words(text: &str) -> Vec<Word> {
    sql_values::folded(split(text))
}

/// The words of a text; comments are none.
fn split(text: &str) -> Vec<Word> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() && out.len() < WORDS {
        let rest = text.get(at..).unwrap_or_default();
        let Some(letter) = rest.chars().next() else { break };
        let mut used = letter.len_utf8();
        if rest.starts_with("--") || letter == '#' {
            used = rest.find('\n').unwrap_or(rest.len());
        } else if let Some(inner) = rest.strip_prefix("/*!") {
            // MySQL runs what stands in such a comment.
            used = 3 + inner.chars().take_while(char::is_ascii_digit).count();
        } else if rest.starts_with("*/") {
            used = 2;
        } else if rest.starts_with("/*") {
            used = rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if letter == '$' {
            let tag: String = rest[1..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let mark = format!("${tag}$");
            if rest.starts_with(&mark) {
                let body = &rest[mark.len()..];
                let end = body.find(&mark).unwrap_or(body.len());
                out.push(Word::Quoted(body[..end].to_owned()));
                used = (mark.len() * 2 + end).min(rest.len());
            }
        } else if matches!(letter, '\'' | '"' | '`') {
            let (inner, end) = quoted(&rest[1..], letter);
            used = 1 + end;
            out.push(match letter {
                '\'' => Word::Quoted(inner),
                '"' if matches!(out.last(), Some(Word::Sign('=' | '(' | ','))) => Word::Quoted(inner),
                _ => Word::Named(inner),
            });
        } else if letter.is_alphanumeric() || letter == '_' || letter == '@' {
            let word: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '@' | '$'))
                .collect();
            used = word.len();
            // `N'…'` and `E'…'` are strings.
            let prefix = word.len() == 1 && rest[used..].starts_with('\'');
            // `x'…'` is bytes in hexadecimal.
            let bytes = if matches!(&word[..], "x" | "X") && prefix {
                quoted(&rest[2..], '\'')
            } else {
                Default::default()
            };
            if let Some(text) = decode::hex(&bytes.0).filter(|text| !text.is_empty()) {
                used = 2 + bytes.1;
                out.push(Word::Quoted(text));
            } else if !prefix {
                out.push(Word::Name(word.to_ascii_uppercase(), at));
            }
        } else if !letter.is_whitespace() {
            out.push(Word::Sign(letter));
        }
        at += used.max(1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    out
}

/// The text up to the quote that closes, doubled quotes and backslashes read; and where that ends.
fn quoted(text: &str, quote: char) -> (String, usize) {
    let mut inner = String::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if quote == '\'' => {
                if let Some((_, next)) = letters.next() {
                    inner.push(next);
                }
            }
            _ if letter == quote => {
                if letters.peek().is_some_and(|(_, next)| *next == quote) {
                    inner.push(quote);
                    letters.next();
                } else {
                    return (inner, at + letter.len_utf8());
                }
            }
            other => inner.push(other),
        }
    }
    (inner, text.len())
}

/// What `\copy (SELECT …) TO PROGRAM …` selects.
pub(super) fn copy_source(copy: &str) -> Option<&str> {
    let inner = copy.split_once('(')?.1;
    let end = inner.to_ascii_lowercase().rfind(" to ")?;
    Some(inner.get(..end)?.trim_end().trim_end_matches(')'))
}
