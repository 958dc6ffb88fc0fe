//! A message as named fields, and the two ways in which they are written.
//!
//! A field has a place for the TAB form and a name for JSON. Readers are lenient where that loses nothing: what
//! is missing is empty, what is not known is not looked at.

use std::fmt::Write as _;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::{Fault, Form, MAX_LINE_BYTES, Message};

/// Writes the characters that frame a line as two. Other control characters stay.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
}

/// The inverse of [`escape`]. A backslash before any other character, or at the end, stands for itself.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('\\') => out.push('\\'),
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

/// The fields of a message that was read.
pub(super) enum Fields {
    Tab(Vec<String>),
    Json(Map<String, Value>),
}

impl Fields {
    /// A field as text; empty where it is missing.
    pub(super) fn text(&self, at: usize, name: &str) -> Result<String, Fault> {
        match self {
            Self::Tab(fields) => Ok(fields.get(at).cloned().unwrap_or_default()),
            Self::Json(map) => match map.get(name) {
                None | Some(Value::Null) => Ok(String::new()),
                Some(Value::String(text)) => Ok(text.clone()),
                Some(Value::Number(number)) => Ok(number.to_string()),
                Some(_) => Err(Fault::malformed(format!("`{name}` is no string"))),
            },
        }
    }

    /// A field without which the message means nothing, as text: what a client forgot is not what is empty.
    pub(super) fn required(&self, at: usize, name: &str) -> Result<String, Fault> {
        let is_there = match self {
            Self::Tab(fields) => at < fields.len(),
            Self::Json(map) => map.get(name).is_some_and(|value| !value.is_null()),
        };
        if !is_there {
            return Err(Fault::malformed(format!("`{name}` is missing")));
        }
        self.text(at, name)
    }

    /// The same where empty means nothing.
    pub(super) fn optional(&self, at: usize, name: &str) -> Result<Option<String>, Fault> {
        self.text(at, name).map(|text| Some(text).filter(|text| !text.is_empty()))
    }

    /// A directory; `None` where it is missing or empty. A relative one would be looked for below the daemon's own.
    pub(super) fn directory(&self, at: usize, name: &str) -> Result<Option<String>, Fault> {
        let path = self.optional(at, name)?;
        let is_absolute = |path: &str| {
            let mut chars = path.chars();
            path.starts_with(['/', '\\'])
                || (chars.next().is_some_and(|letter| letter.is_ascii_alphabetic())
                    && chars.next() == Some(':')
                    && matches!(chars.next(), Some('/' | '\\')))
        };
        match path {
            Some(path) if !is_absolute(&path) => {
                Err(Fault::malformed(format!("`{name}` is no absolute path: {:?}", shown(&path))))
            }
            path => Ok(path),
        }
    }

    /// A field that is a number; `None` where it is missing or empty.
    pub(super) fn number<T: FromStr>(&self, at: usize, name: &str) -> Result<Option<T>, Fault> {
        let text = self.text(at, name)?;
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = |_| Fault::malformed(format!("`{name}` is no number that fits: {:?}", shown(&text)));
        text.parse().map(Some).map_err(wrong)
    }

    /// A field that is one of these words.
    pub(super) fn word<T: Copy>(
        &self,
        at: usize,
        name: &str,
        all: &[T],
        name_of: fn(T) -> &'static str,
    ) -> Result<T, Fault> {
        let text = self.text(at, name)?;
        let found = all.iter().find(|one| name_of(**one) == text);
        found.copied().ok_or_else(|| {
            let words: Vec<_> = all.iter().map(|one| name_of(*one)).collect();
            Fault::malformed(format!("`{name}` is none of {}", words.join(", ")))
        })
    }

    /// What follows the first `from` fields, `width` at a time; in JSON a list of objects with these names.
    pub(super) fn rows(&self, from: usize, name: &str, columns: &[&str]) -> Result<Vec<Vec<String>>, Fault> {
        match self {
            Self::Tab(fields) => {
                let rest = fields.get(from..).unwrap_or_default();
                let row = |chunk: &[String]| {
                    (0..columns.len()).map(|at| chunk.get(at).cloned().unwrap_or_default()).collect()
                };
                Ok(rest.chunks(columns.len().max(1)).map(row).collect())
            }
            Self::Json(map) => {
                let list = match map.get(name) {
                    None | Some(Value::Null) => return Ok(Vec::new()),
                    Some(Value::Array(list)) => list,
                    Some(_) => return Err(Fault::malformed(format!("`{name}` is no list"))),
                };
                let row = |row: &Value| {
                    let cell = |column: &&str| row.get(column).and_then(Value::as_str).map(str::to_owned);
                    columns.iter().map(|column| cell(column).unwrap_or_default()).collect()
                };
                Ok(list.iter().map(row).collect())
            }
        }
    }
}

/// What begins a line: its operation, its number and its form.
pub(super) struct Head {
    pub(super) op: String,
    pub(super) id: u64,
    pub(super) form: Form,
}

/// Takes a line apart.
pub(super) fn split(line: &str) -> Result<(Head, Fields), Message<Fault>> {
    if line.starts_with('{') {
        return split_json(line);
    }
    let mut parts = line.split('\t');
    let op = parts.next().unwrap_or_default().to_owned();
    let id = parts.next().unwrap_or_default();
    let Ok(id) = id.parse() else {
        let fault = Fault::malformed("the second field is no number from 0 to 18446744073709551615");
        return Err(Message { id: 0, form: Form::Tab, body: fault });
    };
    Ok((Head { op, id, form: Form::Tab }, Fields::Tab(parts.map(unescape).collect())))
}

fn split_json(line: &str) -> Result<(Head, Fields), Message<Fault>> {
    let fault = |id, message: String| Message { id, form: Form::Json, body: Fault::malformed(message) };
    let map: Map<String, Value> = serde_json::from_str(line)
        .map_err(|error| fault(0, format!("this is no JSON object: column {}", error.column())))?;
    let id = match map.get("id") {
        None | Some(Value::Null) => 0,
        Some(id) => id.as_u64().ok_or_else(|| fault(0, "`id` is no whole number from 0 up".to_owned()))?,
    };
    let Some(op) = map.get("op").and_then(Value::as_str).map(str::to_owned) else {
        return Err(fault(id, "there is no `op`, which names the operation".to_owned()));
    };
    Ok((Head { op, id, form: Form::Json }, Fields::Json(map)))
}

/// Puts a message together.
pub(super) struct Writer {
    form: Form,
    tab: String,
    json: Map<String, Value>,
    /// True for what goes to a terminal in the end: control characters are left out.
    clean: bool,
}

impl Writer {
    /// Begins a message: its letter, its name, its number.
    pub(super) fn new(form: Form, letter: char, name: &str, id: u64, clean: bool) -> Self {
        let mut writer = Self { form, tab: String::new(), json: Map::new(), clean };
        match form {
            Form::Tab => {
                // Writing to a string cannot fail.
                let _ = write!(writer.tab, "{letter}\t{id}");
            }
            Form::Json => {
                writer.json.insert("op".to_owned(), name.into());
                writer.json.insert("id".to_owned(), id.into());
            }
        }
        writer
    }

    pub(super) fn text(&mut self, name: &str, text: &str) {
        let text = self.cleaned(text);
        match self.form {
            Form::Tab => {
                self.tab.push('\t');
                escape(&text, &mut self.tab);
            }
            Form::Json => {
                self.json.insert(name.to_owned(), text.into());
            }
        }
    }

    pub(super) fn number(&mut self, name: &str, number: Option<impl Into<Value> + ToString>) {
        match self.form {
            Form::Tab => {
                self.tab.push('\t');
                self.tab.push_str(&number.map(|number| number.to_string()).unwrap_or_default());
            }
            Form::Json => {
                if let Some(number) = number {
                    self.json.insert(name.to_owned(), number.into());
                }
            }
        }
    }

    /// A text that is itself JSON.
    pub(super) fn nested(&mut self, name: &str, text: &str) {
        match (self.form, serde_json::from_str::<Value>(text)) {
            (Form::Json, Ok(value)) => {
                self.json.insert(name.to_owned(), value);
            }
            _ => self.text(name, text),
        }
    }

    /// Rows, as [`Fields::rows`] reads them. They come last.
    pub(super) fn rows(&mut self, name: &str, columns: &[&str], rows: &[Vec<&str>]) {
        match self.form {
            Form::Tab => rows.iter().flatten().for_each(|cell| self.text("", cell)),
            Form::Json => {
                let cell = |(column, cell): (&&str, &&str)| ((*column).to_owned(), self.cleaned(cell).into());
                let row = |row: &Vec<&str>| Value::Object(columns.iter().zip(row).map(cell).collect());
                let list: Vec<Value> = rows.iter().map(row).collect();
                self.json.insert(name.to_owned(), list.into());
            }
        }
    }

    /// The line with its newline; `None` where it would be too long to be read.
    pub(super) fn finish(self) -> Option<String> {
        let mut line = match self.form {
            Form::Tab => self.tab,
            Form::Json => Value::Object(self.json).to_string(),
        };
        if line.len() > MAX_LINE_BYTES {
            return None;
        }
        line.push('\n');
        Some(line)
    }

    fn cleaned(&self, text: &str) -> String {
        let keep = |c: &char| !self.clean || !c.is_control() || matches!(c, '\t' | '\n' | '\r');
        text.chars().filter(keep).collect()
    }
}

/// The beginning of what was sent, for a message.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(24).collect()
}
