//! Functions of awk: those that it has, and those of the script.

use super::Awk;
use crate::safety::machine::Value;
use crate::safety::payload::lex::Tok;
use crate::safety::payload::{Cursor, decode, pure, val};
use crate::safety::value;

impl Awk<'_, '_, '_> {
    /// `gsub(/x/, "y", variable)`
    fn replace(&mut self, c: &mut Cursor, all: bool) {
        let pattern = match c.peek() {
            Some(Tok::Pattern(text)) => {
                let text = text.clone();
                c.at += 1;
                text
            }
            _ => self.concatenation(c),
        };
        c.take(",");
        let to = self.concatenation(c);
        c.take(",");
        let variable = match c.peek() {
            Some(Tok::Name(name)) => Some(name.clone()),
            _ => None,
        };
        let text = match &variable {
            Some(name) => self.get(name),
            None => self.line.clone(),
        };
        let changed = text.and_then(|text| pure::replace_pattern(&text, &pattern, &to, all));
        match (changed, variable) {
            (Some(text), Some(name)) => self.set(&name, text),
            (Some(text), None) => self.line = Some(text),
            (None, Some(name)) => {
                let text = self.hole(&name);
                self.set(&name, text);
            }
            (None, None) => {
                self.exact = false;
                self.line = None;
            }
        }
    }

    /// `split(text, array, ":")`: the parts are `array[1]` and so on, as far as they are known.
    fn split(&mut self, c: &mut Cursor) -> String {
        let text = self.expression(c);
        c.take(",");
        let Some(Tok::Name(array)) = c.peek().cloned() else { return self.hole("split") };
        c.at += 1;
        let between = if c.take(",") { self.expression(c) } else { self.get("FS").unwrap_or_default() };
        let parts: Vec<String> = match between.as_str() {
            "" | " " => text.split_whitespace().take(64).map(str::to_owned).collect(),
            between => text.split(between).take(64).map(str::to_owned).collect(),
        };
        let count = parts.len();
        for (at, part) in parts.into_iter().enumerate() {
            self.set(&format!("{array}[{}]", at + 1), part);
        }
        if value::has_hole(&text) { self.hole("split") } else { count.to_string() }
    }

    /// A function of the script, called; what nobody knows where there is none.
    fn own(&mut self, name: &str, values: Vec<String>) -> String {
        let known = self.functions.iter().find(|(known, ..)| known == name).cloned();
        let Some((_, parameters, mut body)) = known else { return self.hole(name) };
        if !self.called.iter().any(|called| called == name) {
            self.called.push(name.to_owned());
        }
        for (parameter, value) in parameters.iter().zip(values) {
            self.set(parameter, value);
        }
        let outer = self.returned.take();
        self.block(&mut body);
        std::mem::replace(&mut self.returned, outer).unwrap_or_default()
    }

    pub(super) fn name(&mut self, c: &mut Cursor, name: &str) -> String {
        if c.is("(") && !c.spaced() || (c.is("(") && matches!(name, "system" | "sprintf" | "substr")) {
            let close = c.closing(c.at);
            let mut inner = c.part(c.at + 1, close);
            c.at = (close + 1).min(c.end);
            if name == "split" {
                return self.split(&mut inner);
            }
            if matches!(name, "gsub" | "sub") {
                self.replace(&mut inner, name == "gsub");
                return String::new();
            }
            let values = self.list(&mut inner);
            let first = values.first().cloned().unwrap_or_default();
            return match name {
                "system" => {
                    let printed = self.run(&first);
                    self.print(&printed);
                    String::new()
                }
                "sprintf" => format_text(&first, values.get(1..).unwrap_or_default()),
                "tolower" => first.to_lowercase(),
                "toupper" => first.to_uppercase(),
                "substr" => {
                    let number = |at: usize| values.get(at).and_then(|text| text.trim().parse::<i64>().ok());
                    let from = number(1).map(|from| from.saturating_sub(1).max(0));
                    let value = val::Val::text(first);
                    pure::slice(&value, from, number(2), true).as_text().unwrap_or_default()
                }
                "close" | "fflush" | "srand" => String::new(),
                _ => self.own(name, values),
            };
        }
        if c.is("[") {
            let close = c.closing(c.at);
            let mut inner = c.part(c.at + 1, close);
            c.at = (close + 1).min(c.end);
            let key = self.list(&mut inner).join("");
            if name == "ENVIRON" {
                return match self.machine.get(&key) {
                    Some(Value::One(text)) => text,
                    _ => self.hole(&format!("${key}")),
                };
            }
            let whole = format!("{name}[{key}]");
            if c.is("=") {
                c.at += 1;
                let text = self.expression(c);
                self.set(&whole, text.clone());
                return text;
            }
            return self.get(&whole).unwrap_or_else(|| self.hole(&whole));
        }
        match c.peek() {
            Some(Tok::Op("=")) => {
                c.at += 1;
                let text = self.expression(c);
                self.set(name, text.clone());
                text
            }
            Some(Tok::Op("+=" | "-=" | "*=" | "/=")) => {
                c.at += 1;
                self.expression(c);
                self.exact = false;
                self.hole(name)
            }
            _ => match name {
                "NF" | "NR" | "FNR" | "FILENAME" => self.hole(name),
                _ => self.get(name).unwrap_or_default(),
            },
        }
    }
}

/// `printf` with plain texts.
pub(super) fn format_text(format: &str, values: &[String]) -> String {
    let mut out = String::new();
    let mut letters = format.chars();
    let mut next = values.iter();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let mut kind = letters.next();
        while kind.is_some_and(|c| c.is_ascii_digit() || matches!(c, '-' | '.' | '+' | ' ' | '#')) {
            kind = letters.next();
        }
        match kind {
            Some('%') => out.push('%'),
            Some('c') => {
                if let Some(text) = next.next() {
                    match text.parse::<u32>() {
                        Ok(number) => out.push(decode::safe_char(number)),
                        Err(_) => out.extend(text.chars().next()),
                    }
                }
            }
            Some(_) => out.push_str(next.next().map_or("", String::as_str)),
            None => break,
        }
    }
    out
}
